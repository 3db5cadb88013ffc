//! `dutydesk file`: files up and down by themselves. A file that is put is attached to nothing yet: `ticket attach` does both.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};

use super::Global;
use super::error::{CliError, Kind};
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::client::files::fetch::fetch;
use crate::client::files::local::{Local, inspect};
use crate::client::files::send::send;
use crate::client::files::{FileError, copies};
use crate::domain::file::name;
use crate::domain::id::FileId;
use crate::wire::file::FileView;

/// Fetch and upload files.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Fetch a file. A fetch that broke off goes on where it was.
    Get {
        /// As `dutydesk ticket files` shows it.
        id: FileId,
        /// A file, or a folder in which it gets its own name; the current folder when absent.
        #[arg(short, long, value_name = "PATH")]
        output: Option<PathBuf>,
    },
    /// Upload a file; attach it to a message within a day. An upload that broke off goes on with --id.
    Put {
        path: PathBuf,
        /// The id of an upload that broke off.
        #[arg(long, value_name = "ID")]
        id: Option<FileId>,
    },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.verb {
        Verb::Get { id, output } => get(&api, id, output, global).await,
        Verb::Put { path, id } => {
            let view = put(&api, &path, id, global).await?;
            global.out.done(&view, &format!("{} is file {}.", view.name, view.id))
        }
    }
}

async fn get(api: &Api, id: FileId, output: Option<PathBuf>, global: &Global) -> Result<(), CliError> {
    let view: FileView = api.get(&format!("/api/v1/files/{id}/status")).await?;
    let to = match output {
        Some(path) if path.is_dir() => path.join(name::clean(&view.name)),
        Some(path) => path,
        None => PathBuf::from(name::clean(&view.name)),
    };
    let bar = bar(global, &view.name, u64::try_from(view.size).unwrap_or_default());
    let fetched = fetch(api, id, &to, &|done, _| bar.set_position(done)).await;
    bar.finish_and_clear();
    fetched?;
    global.out.done(&serde_json::json!({ "id": id, "path": to }), &format!("{} is here.", to.display()))
}

/// Uploads a file, with progress on stderr where somebody looks at it.
///
/// # Errors
/// When the file cannot be read, or the server refuses it.
pub async fn put(api: &Api, path: &Path, id: Option<FileId>, global: &Global) -> Result<FileView, CliError> {
    let local: Local = inspect(id.unwrap_or_else(|| new_id().into()), path).await?;
    let bar = bar(global, &local.name, local.size);
    let sent = send(api, &local, &|done| bar.set_position(done)).await;
    bar.finish_and_clear();
    sent.map_err(|error| {
        let broken = matches!(&error, FileError::Api(error) if error.code().is_none());
        if broken {
            global.out.note(&format!("Go on with: dutydesk file put {} --id {}", path.display(), local.id));
        }
        error.into()
    })
}

fn bar(global: &Global, name: &str, size: u64) -> ProgressBar {
    if global.json || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {bar:30} {bytes} / {total_bytes}, {eta} left");
    let bar = ProgressBar::new(size).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.with_message(crate::base::text::clean(name))
}

impl From<FileError> for CliError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Api(error) => error.into(),
            FileError::NotAFile(_) => Self::usage(format!("{}.", crate::base::text::clean(&error.to_string()))),
            FileError::Changed(_) => Self::new(Kind::Conflict, "file_changed", format!("{error}.")),
            FileError::Disk { .. } | FileError::Damaged => Self::failed(format!("{error}.")),
        }
    }
}

/// Bytes as people read them.
#[must_use]
pub fn bytes(count: i64) -> String {
    copies::bytes(u64::try_from(count).unwrap_or_default())
}
