//! `dutydesk config`: the settings file: written with its defaults, shown with where each value comes from, checked.

pub mod check;
mod show;
pub mod table;

use clap::Subcommand;

use super::error::{CliError, Kind};
use super::profile::config_dir;
use super::{Global, config_file};
use crate::console::locale::Language;

/// The settings of this machine: config.toml, keys.toml and themes.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Write config.toml with every option and its default, as comments; what is there stays.
    Init,
    /// Show every option's value and where it comes from.
    Show,
    /// Say what is wrong in config.toml, keys.toml and themes, with file and line.
    Check,
    /// Print where the settings are kept.
    Path,
    /// List every option there is, with its default.
    Options {
        /// As a table for documentation.
        #[arg(long)]
        markdown: bool,
    },
}

/// # Errors
/// When a file cannot be read or written, or a check finds something.
pub fn run(args: &Args, global: &Global) -> Result<(), CliError> {
    let folder = config_dir()?;
    match args.act {
        Act::Init => init(global),
        Act::Show => show::run(&folder, global),
        Act::Check => check::run(&folder, global),
        Act::Path => {
            let path = folder.join("config.toml").display().to_string();
            global.out.done(&serde_json::json!({ "path": path }), &path)
        }
        Act::Options { markdown: true } => global.out.raw(&table::markdown()),
        Act::Options { markdown: false } => global.out.list(table::OPTIONS, &["OPTION", "TYPE", "DEFAULT", "WHAT IT DOES"], |option| {
            vec![option.name(), option.kind.to_owned(), option.default.to_owned(), option.what[0].to_owned()]
        }),
    }
}

fn init(global: &Global) -> Result<(), CliError> {
    let path = config_dir()?.join("config.toml");
    if path.exists() {
        let why = format!("{} is there already and was left alone: `dutydesk config options` lists what it may say.", path.display());
        return Err(CliError::new(Kind::Conflict, "exists", why));
    }
    let language = global.options.language.or_else(super::console::system_language).unwrap_or(Language::English);
    config_file::replace(&path, &table::default_file(language))?;
    let path = path.display().to_string();
    global.out.done(&serde_json::json!({ "path": path }), &format!("{path} is written: every option with its default, as comments."))
}
