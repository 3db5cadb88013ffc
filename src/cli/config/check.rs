//! `dutydesk config check`: everything that is wrong in the files of a setup, with file and line, at once.

use std::path::{Path, PathBuf};

use serde::Serialize;
use toml::de::{DeTable, DeValue};

use super::super::error::{CliError, Kind};
use super::super::profile::explain;
use super::super::{Global, config_file, setup};
use super::table::OPTIONS;
use crate::cli::profile::keys;
use crate::console::config::Config;
use crate::console::keys::file::parse as parse_keys;
use crate::console::theme::{AUTO, Gallery, ThemeError};
use crate::domain::suggest;

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub file: PathBuf,
    /// From 1; 0 when it is the file as a whole.
    pub line: usize,
    pub what: String,
}

impl Problem {
    /// `file:line: what`.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.line {
            0 => format!("{}: {}", self.file.display(), self.what),
            line => format!("{}:{line}: {}", self.file.display(), self.what),
        }
    }
}

/// # Errors
/// When something is wrong.
pub fn run(folder: &Path, global: &Global) -> Result<(), CliError> {
    let problems = problems(folder);
    if problems.is_empty() {
        return global.out.done(&serde_json::json!({ "problems": [] }), &format!("Nothing is wrong in {}.", folder.display()));
    }
    if global.json {
        global.out.json(&serde_json::json!({ "problems": problems }))?;
    }
    for problem in &problems {
        global.out.note(&problem.sentence());
    }
    let (count, noun) = (problems.len(), if problems.len() == 1 { "mistake" } else { "mistakes" });
    Err(CliError::new(
        Kind::Failed,
        "settings",
        format!("The settings have {count} {noun}: the console keeps to the last that were right."),
    ))
}

/// All that is wrong in `config.toml`, `keys.toml` and `themes/`.
#[must_use]
pub fn problems(folder: &Path) -> Vec<Problem> {
    let mut found = Vec::new();
    let gallery = match setup::gallery(folder) {
        Ok(gallery) => gallery,
        Err(error) => {
            found.push(Problem { file: folder.join("themes"), line: 0, what: error.to_string() });
            Gallery::default()
        }
    };
    settings(folder, &gallery, &mut found);
    own_keys(folder, &mut found);
    for (name, error) in gallery.broken() {
        let file = folder.join("themes").join(format!("{name}.toml"));
        match error {
            ThemeError::Wrong(mistakes) => {
                found.extend(mistakes.iter().map(|one| Problem { file: file.clone(), line: one.line, what: full_stop(&one.what) }));
            }
            ThemeError::Unknown { .. } => found.push(Problem { file, line: 0, what: error.to_string() }),
        }
    }
    found
}

fn own_keys(folder: &Path, found: &mut Vec<Problem>) {
    let file = folder.join("keys.toml");
    match keys::text(&file) {
        Ok(text) => {
            let wrong = text.and_then(|text| parse_keys(&text).err()).unwrap_or_default();
            found.extend(wrong.into_iter().map(|one| Problem { file: file.clone(), line: one.line, what: full_stop(&one.text) }));
        }
        Err(error) => found.push(Problem { file, line: 0, what: error.to_string() }),
    }
}

fn full_stop(what: &str) -> String {
    let ends = what.ends_with(['.', '?']);
    if ends { what.to_owned() } else { format!("{what}.") }
}

fn settings(folder: &Path, gallery: &Gallery, found: &mut Vec<Problem>) {
    let file = folder.join("config.toml");
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
        Err(error) => return found.push(Problem { file, line: 0, what: format!("it cannot be read: {error}.") }),
    };
    let before = found.len();
    let mut note = |at: usize, what: String| found.push(Problem { file: file.clone(), line: config_file::line_of(&text, at), what });
    let table = match DeTable::parse(&text) {
        Ok(table) => table,
        Err(error) => return note(error.span().map_or(0, |span| span.start), explain(error.message())),
    };
    unknown_keys("", table.get_ref(), &mut note);
    for key in ["theme", "dark-theme", "light-theme"] {
        let Some(value) = table.get_ref().get(key) else { continue };
        let Some(name) = value.get_ref().as_str().filter(|name| key != "theme" || *name != AUTO) else { continue };
        // A theme of one's own that is broken tells so itself.
        if let Err(error @ ThemeError::Unknown { .. }) = gallery.get(name) {
            note(value.span().start, error.to_string());
        }
    }
    let frames = table.get_ref().get("screen").and_then(|screen| screen.get_ref().as_table()?.get("frames-per-second"));
    if let Some(frames) = frames
        && let Some(number) = frames.get_ref().as_integer()
        && !number.as_str().parse::<u16>().is_ok_and(|number| (1..=60).contains(&number))
    {
        note(frames.span().start, format!("frames-per-second is a number from 1 to 60, not {}.", number.as_str()));
    }
    // What is left: values of the wrong type. Only the first of these is known.
    if found.len() == before
        && let Err(error) = toml::from_str::<Config>(&text)
    {
        let line = config_file::line_of(&text, error.span().map_or(0, |span| span.start));
        found.push(Problem { file, line, what: explain(error.message()) });
    }
}

fn unknown_keys(table: &str, written: &DeTable<'_>, note: &mut impl FnMut(usize, String)) {
    let known = || OPTIONS.iter().filter(|option| option.table == table).map(|option| option.key);
    for (key, value) in written {
        let name = key.get_ref().as_ref();
        let is_table = table.is_empty() && OPTIONS.iter().any(|option| option.table == name);
        match value.get_ref() {
            DeValue::Table(inner) if is_table => unknown_keys(name, inner, note),
            _ if known().any(|key| key == name) => {}
            _ => {
                let elsewhere = OPTIONS.iter().find(|option| option.key == name);
                let near = match elsewhere {
                    Some(option) if option.table.is_empty() => format!(" {name} stands above all tables."),
                    Some(option) => format!(" {name} stands in [{}].", option.table),
                    None => suggest::near_or_all(name, known()),
                };
                let place = if table.is_empty() { "here".to_owned() } else { format!("in [{table}]") };
                note(key.span().start, format!("there is no key {name:?} {place}.{near}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<(String, usize, String)> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("themes")).unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let problems = problems(folder.path());
        let name = |problem: &Problem| problem.file.strip_prefix(folder.path()).unwrap().display().to_string();
        problems.into_iter().map(|problem| (name(&problem), problem.line, problem.what)).collect()
    }

    #[test]
    fn nothing_is_wrong_with_nothing() {
        assert_eq!(found(&[]), []);
        assert_eq!(found(&[("config.toml", "theme = \"auto\"\n[screen]\nmouse = false\n")]), []);
    }

    #[test]
    fn every_mistake_is_told_with_its_line_and_the_nearest() {
        let text = "langauge = \"en\"\ntheme = \"drak\"\nmouse = true\n[screen]\nglyph = \"ascii\"\nframes-per-second = 0\n";
        let found = found(&[("config.toml", text), ("themes/mine.toml", "inherits = \"dark\"\n\nwarnin = { fg = \"red\" }\n")]);
        let line =
            |file: &str, line: usize| &found.iter().find(|one| one.0 == file && one.1 == line).unwrap_or_else(|| panic!("{found:?}")).2;
        assert!(line("config.toml", 1).contains("language"));
        assert!(line("config.toml", 2).contains("Did you mean dark"));
        assert!(line("config.toml", 3).contains("stands in [screen]"));
        assert!(line("config.toml", 5).contains("glyphs"));
        assert!(line("config.toml", 6).contains("1 to 60"));
        assert!(line("themes/mine.toml", 3).contains("warning"));
        assert_eq!(found.len(), 6);
    }

    #[test]
    fn a_wrong_value_names_the_nearest() {
        let found = found(&[("config.toml", "[screen]\nglyphs = \"nerd\"\n")]);
        assert_eq!((found[0].1, found.len()), (2, 1));
        assert!(found[0].2.contains("nerd-font"), "{found:?}");
    }
}
