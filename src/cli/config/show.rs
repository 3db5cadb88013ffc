//! `dutydesk config show`: what holds, and why.

use std::path::Path;

use serde::Serialize;
use toml_edit::{Document, Item};

use super::super::console::system_language;
use super::super::error::CliError;
use super::super::{Global, config_file, setup};
use super::table::{OPTIONS, OptionSpec};
use crate::console::config::Config;

#[derive(Debug, Serialize)]
struct Shown {
    option: String,
    /// As in TOML; empty when absent.
    value: String,
    /// What that comes to here and now, where it says less than that.
    means: String,
    from: String,
}

/// # Errors
/// When `config.toml` cannot be read or is wrong.
pub fn run(folder: &Path, global: &Global) -> Result<(), CliError> {
    let settings = Config::load_from(folder)?;
    let path = folder.join("config.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let document = Document::parse(text.as_str()).map_err(|error| CliError::failed(format!("{}: {error}", path.display())))?;
    let rows: Vec<Shown> = OPTIONS
        .iter()
        .map(|option| {
            let (value, from) = given(option, global).or_else(|| written(option, &document, &text, &path)).unwrap_or_else(|| {
                let value = option.default.to_owned();
                (value, "default".to_owned())
            });
            Shown { means: means(option, &value, &settings), option: option.name(), value, from }
        })
        .collect();
    global.out.list(&rows, &["OPTION", "VALUE", "MEANS", "FROM"], |row| {
        vec![row.option.clone(), row.value.clone(), row.means.clone(), row.from.clone()]
    })
}

/// What the command line or the environment says.
fn given(option: &OptionSpec, global: &Global) -> Option<(String, String)> {
    let (flag, variable) = option.before?;
    let options = &global.options;
    let value = match option.key {
        "language" => options.language.map(|language| language.tag().to_owned()),
        "theme" => options.theme.clone(),
        "profile" => options.profile.clone(),
        _ => None,
    }?;
    let set = std::env::var(variable).ok().filter(|set| !variable.is_empty() && !set.is_empty());
    let on_line = std::env::args().any(|arg| arg == flag || arg.starts_with(&format!("{flag}=")));
    let from = if set.is_some() && !on_line { variable } else { flag };
    Some((format!("\"{value}\""), from.to_owned()))
}

fn written(option: &OptionSpec, document: &Document<&str>, text: &str, path: &Path) -> Option<(String, String)> {
    let table = if option.table.is_empty() { document.as_table() } else { document.get(option.table)?.as_table()? };
    let item: &Item = table.get(option.key)?;
    let line = config_file::line_of(text, item.span()?.start);
    Some((text.get(item.span()?)?.to_owned(), format!("{}:{line}", path.display())))
}

fn means(option: &OptionSpec, value: &str, settings: &Config) -> String {
    let word = |colours| serde_json::to_value(colours).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    match (option.key, value) {
        ("language", "") => system_language().unwrap_or_default().tag().to_owned(),
        ("theme", "\"auto\"") => "as the terminal says when the console starts, and while it runs".to_owned(),
        ("colours", _) => word(setup::colours(settings.screen.colours)),
        ("low-bandwidth", "") => (std::env::var_os("SSH_TTY").is_some()).to_string(),
        _ => String::new(),
    }
}
