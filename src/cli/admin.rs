//! `dutydesk admin`: care of a desk: backups, and tokens of others.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::error::CliError;
use super::{Global, database};
use crate::base::clock::Clock;
use crate::domain::person::Person;
use crate::server::routes::admin::{BackupMade, NewBackup};
use crate::store::sqlite;
use crate::wire::list::Items;

/// Backups, and tokens of others.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Write a consistent copy of the desk, also while its server runs.
    Backup {
        /// A new file; without --database, its plain name in the server's backup folder.
        #[arg(value_name = "FILE")]
        to: PathBuf,
        /// The desk's database on this machine; without it the server is asked.
        #[arg(long, value_name = "sqlite:PATH", value_parser = database::parse)]
        database: Option<PathBuf>,
    },
    /// Make a desk from a backup; its server must not run.
    Restore {
        #[arg(value_name = "FILE")]
        from: PathBuf,
        #[arg(long, env = "DUTYDESK_DATABASE", value_name = "sqlite:PATH", value_parser = database::parse)]
        database: PathBuf,
        /// Replace the desk that is there.
        #[arg(long)]
        force: bool,
    },
    /// Sign a person out everywhere.
    RevokeTokens {
        #[arg(value_name = "HANDLE")]
        handle: String,
    },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    match args.act {
        Act::Backup { to, database: Some(database) } => backup_here(&database, &to, global).await,
        Act::Backup { to, database: None } => backup_there(&to, global).await,
        Act::Restore { from, database, force } => {
            if database.exists() && !force {
                let why = format!("{} exists: name a new file, or replace it with --force.", database.display());
                return Err(CliError::usage(why));
            }
            sqlite::restore(&from, &database, force, Clock::System.now()).await?;
            let path = database.display().to_string();
            global.out.done(
                &json!({ "database": path }),
                &format!("Restored {path} from {}. Attached files come from the copy of their folder, if one was made.", from.display()),
            )
        }
        Act::RevokeTokens { handle } => revoke_tokens(handle.trim_start_matches('@'), global).await,
    }
}

async fn backup_here(database: &Path, to: &Path, global: &Global) -> Result<(), CliError> {
    sqlite::backup_file(database, to).await?;
    let size = std::fs::metadata(to).map(|file| file.len()).unwrap_or_default();
    let files = database.with_extension("files");
    let beside = format!("Attached files are not in it: copy {} as well, or where `serve --files` keeps them.", files.display());
    told(&BackupMade { path: to.display().to_string(), size }, &beside, global)
}

async fn backup_there(to: &Path, global: &Global) -> Result<(), CliError> {
    let name = to.display().to_string();
    let made: BackupMade = global.api()?.post("/api/v1/admin/backup", &NewBackup { name }).await?;
    told(&made, "Attached files are not in it: copy the server's folder of files as well (`serve --files`).", global)
}

/// `beside`: what else a whole backup takes.
fn told(made: &BackupMade, beside: &str, global: &Global) -> Result<(), CliError> {
    global.out.done(made, &format!("Wrote {} ({} bytes). {beside}", made.path, made.size))
}

async fn revoke_tokens(handle: &str, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let people: Items<Person> = api.get("/api/v1/people").await?;
    let person = people.items.iter().find(|person| person.handle == handle);
    let person =
        person.ok_or_else(|| CliError::not_found(format!("There is nobody with the handle {handle}: see `dutydesk person list`.")))?;
    api.delete(&format!("/api/v1/people/{}/tokens/all", person.id)).await?;
    global.out.done(&json!({ "handle": handle }), &format!("{handle} is signed out everywhere."))
}
