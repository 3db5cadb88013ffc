//! `dutydesk serve`: the server alone, until it is asked to end.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

use super::error::CliError;
use super::process::{Ending, LogFormat, log};
use super::{Global, database};
use crate::base::clock::Clock;
use crate::server::files::{FilePlaceConfig, FilesConfig};
use crate::server::{ServerConfig, start};
use crate::store::sqlite;

/// Run the server alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "DUTYDESK_LISTEN", value_name = "HOST:PORT", default_value = "127.0.0.1:7070")]
    listen: String,
    /// Where the desk is kept; made when there is none.
    #[arg(long, env = "DUTYDESK_DATABASE", value_name = "sqlite:PATH", default_value = "sqlite:desk.db", value_parser = database::parse)]
    database: PathBuf,
    /// Where backups asked for over HTTP are written; without it there are none.
    #[arg(long, env = "DUTYDESK_BACKUP_FOLDER", value_name = "FOLDER")]
    backup_folder: Option<PathBuf>,
    /// Minutes without a sign of somebody's console before the desk sets them away.
    #[arg(long, env = "DUTYDESK_AWAY_AFTER_MINS", value_name = "MINUTES", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1440))]
    away_after_mins: u16,
    /// Where requesters reach this server, for the links in what it sends them; without it such links are paths alone.
    #[arg(long, env = "DUTYDESK_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    public_url: Option<String>,
    /// Where attachments are kept: a folder, or s3://BUCKET/PREFIX (endpoint, region and keys from AWS_ENDPOINT, AWS_REGION,
    /// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY). A folder beside the database when absent.
    #[arg(long, env = "DUTYDESK_FILES", value_name = "DIR|s3://…", value_parser = FilePlaceConfig::parse)]
    files: Option<FilePlaceConfig>,
    /// The largest attachment, in MiB.
    #[arg(long, env = "DUTYDESK_FILE_MAX", value_name = "MIB", default_value_t = 25, value_parser = clap::value_parser!(u64).range(1..=10_240))]
    file_max: u64,
    /// Types of attachments that are taken, as the bytes show: image/*, text/plain. All when absent.
    #[arg(long, env = "DUTYDESK_FILE_ALLOW", value_name = "TYPE,…", value_delimiter = ',')]
    file_allow: Vec<String>,
    /// Types of attachments that are not taken; programs when absent.
    #[arg(long, env = "DUTYDESK_FILE_DENY", value_name = "TYPE,…", value_delimiter = ',')]
    file_deny: Option<Vec<String>>,
    /// The shape of log lines on stderr; DUTYDESK_LOG sets the levels.
    #[arg(long, value_enum, default_value_t)]
    log: LogFormat,
}

fn public_url(text: &str) -> Result<String, String> {
    let url = reqwest::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let plain = url.filter(|url| url.query().is_none() && url.fragment().is_none());
    plain.map(|_| text.trim_end_matches('/').to_owned()).ok_or_else(|| "write it as https://desk.example.com".to_owned())
}

/// # Errors
/// When the address or the database cannot be had.
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    log(args.log, "info");
    if let Some(folder) = args.backup_folder.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(CliError::usage(format!("The backup folder {} does not exist: make it, or name another.", folder.display())));
    }
    let mut ending = Ending::new()?;
    let place = args.files.unwrap_or_else(|| FilePlaceConfig::Folder(args.database.with_extension("files")));
    let defaults = FilesConfig::at(place);
    let files = FilesConfig {
        max: args.file_max * 1024 * 1024,
        allow: args.file_allow,
        deny: args.file_deny.unwrap_or_else(|| defaults.deny.clone()),
        ..defaults
    };
    let store = sqlite::open(&args.database, Clock::System).await?;
    let config = ServerConfig {
        listen: args.listen,
        backup_folder: args.backup_folder,
        away_after: Duration::from_secs(60 * u64::from(args.away_after_mins)),
        public_url: args.public_url,
        files,
    };
    let server = start(config, store, Clock::System).await?;
    if global.json {
        global.out.json(&json!({ "url": server.url, "setup_code": server.setup_code }))?;
    } else {
        if let Some(code) = &server.setup_code {
            let login = format!("dutydesk login {} --setup {code} --handle NAME", server.url);
            global.out.line(&format!("No people yet. Make the first administrator: {login}"))?;
        }
        global.out.line(&format!("dutydesk: listening on {}", server.url))?;
    }
    ending.asked().await;
    tracing::info!("closing: finishing what was acknowledged");
    server.shutdown().await;
    Ok(())
}
