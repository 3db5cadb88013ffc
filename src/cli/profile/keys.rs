//! `keys.toml` in the configuration folder: read for the console, which never stops for it, and for `dutydesk keys`.

use std::path::{Path, PathBuf};

use super::config_dir;
use crate::cli::error::CliError;
use crate::console::keys::file::{Keys, Problem, parse};

/// The person's keys; none where they cannot be used, with why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnKeys {
    pub keys: Keys,
    /// One sentence: the first problem with its line, and how many there are.
    pub wrong: Option<String>,
}

/// Where the file is, whether or not it exists.
///
/// # Errors
/// When the system names no home folder.
pub fn path() -> Result<PathBuf, CliError> {
    Ok(config_dir()?.join("keys.toml"))
}

/// The text of the file; absent where there is none.
///
/// # Errors
/// When it cannot be read.
pub fn text(path: &Path) -> Result<Option<String>, CliError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CliError::failed(format!("{} cannot be read: {error}.", path.display()))),
    }
}

/// The keys for the console from a `keys.toml`: what is wrong with them is for it to say.
#[must_use]
pub fn load_from(path: &Path) -> OwnKeys {
    let text = match text(path) {
        Ok(text) => text.unwrap_or_default(),
        Err(error) => return OwnKeys { wrong: Some(error.to_string()), ..OwnKeys::default() },
    };
    match parse(&text) {
        Ok(keys) => OwnKeys { keys, wrong: None },
        Err(problems) => OwnKeys { keys: Vec::new(), wrong: Some(first_of(&problems)) },
    }
}

/// The first problem, and how many there are.
fn first_of(problems: &[Problem]) -> String {
    let first = problems.first().map(|problem| format!("keys.toml line {}: {}", problem.line, problem.text)).unwrap_or_default();
    match problems.len() {
        0 | 1 => first,
        n => format!("{first} And {} more: `dutydesk keys check`.", n - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_gives_no_keys_and_says_where_it_is_broken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.toml");
        assert_eq!(load_from(&path), OwnKeys::default(), "no file is no problem");
        std::fs::write(&path, "quit = [\"ctrl-q\"]\n").unwrap();
        assert_eq!(load_from(&path).keys, [("quit".to_owned(), vec!["ctrl-q".to_owned()])]);
        std::fs::write(&path, "\nquit = [\"ctrl-nokey\"]\nhlep = \"x\"\n").unwrap();
        let broken = load_from(&path);
        let wrong = broken.wrong.unwrap();
        assert!(broken.keys.is_empty() && wrong.starts_with("keys.toml line 2: ") && wrong.contains("And 1 more"), "{wrong}");
    }
}
