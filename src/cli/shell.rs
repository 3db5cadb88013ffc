//! `dutydesk completions` and `dutydesk man`: the command line, told to shells and manuals.

use std::path::PathBuf;

use clap::CommandFactory;
use clap_complete::Shell;

use super::error::CliError;
use super::{Cli, Global};

/// Print completions for a shell.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    shell: Shell,
}

/// Print the manual page, or write those of all subcommands into a folder.
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    folder: Option<PathBuf>,
    /// The same, by name.
    #[arg(long = "dir", value_name = "DIR", conflicts_with = "folder")]
    dir: Option<PathBuf>,
}

/// # Errors
/// When stdout cannot be written.
pub fn completions(args: &CompletionsArgs, global: &Global) -> Result<(), CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "dutydesk", &mut script);
    global.out.raw(&String::from_utf8_lossy(&script))
}

/// # Errors
/// When the pages cannot be written.
pub fn man(args: &ManArgs, global: &Global) -> Result<(), CliError> {
    let Some(folder) = args.folder.as_ref().or(args.dir.as_ref()) else {
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
        rendered.map_err(|error| CliError::failed(format!("The manual page cannot be made: {error}.")))?;
        return global.out.raw(&String::from_utf8_lossy(&page));
    };
    let written = std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Cli::command(), folder));
    let failed = |error| CliError::failed(format!("The manual pages cannot be written to {}: {error}.", folder.display()));
    written.map_err(failed)?;
    let path = folder.display().to_string();
    global.out.done(&serde_json::json!({ "folder": path }), &format!("The manual pages are in {path}."))
}
