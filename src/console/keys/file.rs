//! `keys.toml`, as text: which actions get which keys, and everything that is wrong with it, each with its line.
//!
//! ```toml
//! [keys]
//! "ticket.claim" = ["C", "f2"]   # these keys instead of the default ones
//! "quit" = "ctrl-q"              # one key needs no brackets
//! "bulk" = []                    # no key
//! ```
//! The table `[keys]` may be left out.

use std::fmt::Write as _;

use toml::de::{DeTable, DeValue};

use crate::console::action::{ACTIONS, Scope};
use crate::console::keymap::{Keymap, KeymapError, KeymapErrors};

/// What a file chooses, by action name.
pub type Keys = Vec<(String, Vec<String>)>;

/// Something wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// From 1.
    pub line: usize,
    /// A sentence: what is wrong, and what to do.
    pub text: String,
}

struct Entry {
    name: String,
    keys: Vec<String>,
    line: usize,
}

struct Reader<'a> {
    text: &'a str,
    entries: Vec<Entry>,
    problems: Vec<Problem>,
}

/// Reads the text of a file, and makes the keymap of it to see whether it works.
///
/// # Errors
/// All that is wrong, in the order of the lines.
pub fn parse(text: &str) -> Result<Keys, Vec<Problem>> {
    let mut reader = Reader { text, entries: Vec::new(), problems: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => reader.table("", table.get_ref()),
        Err(error) => {
            let line = reader.line(error.span().map_or(0, |span| span.start));
            let words = error.message().lines().collect::<Vec<_>>().join(" ");
            reader.problems.push(Problem { line, text: format!("this is not TOML: {words}.") });
        }
    }
    reader.entries.sort_by_key(|entry| entry.line);
    reader.twice();
    let keys: Keys = reader.entries.iter().map(|entry| (entry.name.clone(), entry.keys.clone())).collect();
    if let Err(KeymapErrors(wrong)) = Keymap::new(&keys) {
        let found: Vec<_> = wrong.iter().map(|error| reader.problem(error)).collect();
        reader.problems.extend(found);
    }
    let mut problems = reader.problems;
    problems.sort_by_key(|problem| problem.line);
    if problems.is_empty() { Ok(keys) } else { Err(problems) }
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn wrong(&mut self, at: usize, text: String) {
        let line = self.line(at);
        self.problems.push(Problem { line, text });
    }

    /// A table: `[keys]` is the file itself; `ticket.claim` without quotes is a table in a table.
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let at = key.span().start;
            let name = match (prefix, key.get_ref().as_ref()) {
                ("", "keys") if matches!(value.get_ref(), DeValue::Table(_)) => String::new(),
                ("", key) => key.to_owned(),
                (prefix, key) => format!("{prefix}.{key}"),
            };
            match value.get_ref() {
                DeValue::Table(inner) => self.table(&name, inner),
                DeValue::String(key) => self.entry(name, vec![key.to_string()], at),
                DeValue::Array(keys) => {
                    let texts: Option<Vec<String>> = keys.iter().map(|key| key.get_ref().as_str().map(str::to_owned)).collect();
                    match texts {
                        Some(keys) => self.entry(name, keys, at),
                        None => self.wrong(value.span().start, format!("`{name}`: keys are texts: write [\"C\", \"ctrl-x\"].")),
                    }
                }
                _ => self.wrong(value.span().start, format!("`{name}`: write its keys as [\"C\"], or [] for none.")),
            }
        }
    }

    fn entry(&mut self, name: String, keys: Vec<String>, at: usize) {
        let line = self.line(at);
        self.entries.push(Entry { name, keys, line });
    }

    /// The same action in two places.
    fn twice(&mut self) {
        let found: Vec<_> = (1..self.entries.len())
            .filter_map(|at| {
                let entry = &self.entries[at];
                let first = self.entries[..at].iter().find(|one| one.name == entry.name)?;
                let text = format!("`{}` has its keys on line {} already; keep one of the two lines.", entry.name, first.line);
                Some(Problem { line: entry.line, text })
            })
            .collect();
        self.problems.extend(found);
    }

    /// An error of the keymap, on the line that it is about; a conflict is told on the later line and names the other.
    fn problem(&self, error: &KeymapError) -> Problem {
        let actions = error.actions();
        let lines: Vec<usize> =
            self.entries.iter().filter(|entry| actions.contains(&entry.name.as_str())).map(|entry| entry.line).collect();
        let line = lines.iter().copied().max().unwrap_or(1);
        let mut text = error.to_string();
        if let (KeymapError::Conflict { .. }, Some(first)) = (error, lines.iter().copied().find(|one| *one != line)) {
            // Writing into a text cannot fail.
            let _ = write!(text, " (the other is on line {first})");
        }
        if !text.ends_with('.') {
            text.push('.');
        }
        Problem { line, text }
    }
}

/// A file to start from: every action with its default keys, all as comments.
#[must_use]
pub fn template() -> String {
    let mut text = String::from(
        "# Keys of dutydesk's console. Take the # away from a line and change it; what is not here keeps its default.\n\
         # Your keys go before every default, also before those of later versions. [] leaves an action without a key.\n\
         # Keys: a character (`C`, `?`), enter esc tab backspace delete insert up down left right home end pageup pagedown\n\
         # space minus f1 to f12, with ctrl- alt- shift- before it; a sequence has spaces: \"g x\".\n\
         # `dutydesk keys check` says what is wrong; saving this file changes a running console.\n\n[keys]\n",
    );
    let mut last = None;
    for spec in ACTIONS {
        if last != Some(spec.scope) {
            // Writing into a text cannot fail.
            let _ = write!(text, "\n# {}\n", place(spec.scope));
            last = Some(spec.scope);
        }
        let keys: Vec<_> = spec.keys.iter().map(|key| format!("{key:?}")).collect();
        let _ = writeln!(text, "# {:?} = [{}]", spec.name, keys.join(", "));
    }
    text
}

/// Where an action works, in words.
#[must_use]
pub fn place(scope: Scope) -> String {
    match scope {
        Scope::Everywhere => "everywhere".to_owned(),
        Scope::In(pane) => format!("{pane:?}"),
        Scope::OnTicket => "on a ticket (Queues, Ticket, Assignment)".to_owned(),
        Scope::OnMessage => "on a message (Ticket, Chats)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_be_written_in_each_way() {
        for text in [
            "[keys]\n\"ticket.claim\" = [\"C\", \"f2\"]\nquit = \"ctrl-q\"\nbulk = []\n",
            "\"ticket.claim\" = [\"C\", \"f2\"]\nquit = [\"ctrl-q\"]\nbulk = []\n",
            "ticket.claim = [\"C\", \"f2\"]\nquit = \"ctrl-q\"\nbulk = []\n",
        ] {
            let mut keys = parse(text).unwrap();
            keys.sort();
            let own = |name: &str, keys: &[&str]| (name.to_owned(), keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>());
            assert_eq!(keys, [own("bulk", &[]), own("quit", &["ctrl-q"]), own("ticket.claim", &["C", "f2"])], "{text}");
        }
        assert_eq!(parse("").unwrap(), []);
    }

    #[test]
    fn all_problems_are_told_with_their_lines() {
        let text = "[keys]\n\"ticket.clam\" = [\"C\"]\nquit = [\"ctrl-nokey\"]\n\n\"ticket.claim\" = [\"X\"]\n\"ticket.assign\" = [\"X\"]\nhelp = 7\nnotices = [7]\n";
        let problems = parse(text).unwrap_err();
        let lines: Vec<_> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [2, 3, 6, 7, 8], "{problems:#?}");
        assert!(problems[0].text.contains("Did you mean ticket.claim"));
        assert!(problems[2].text.contains("`X` is bound to both") && problems[2].text.contains("line 5"), "{}", problems[2].text);
        let problems = parse("quit = [\"X\"]\n[keys]\nquit = [\"Y\"]\n").unwrap_err();
        assert_eq!((problems.len(), problems[0].line), (1, 3));
        let problems = parse("quit = [\"X\"\nhelp").unwrap_err();
        assert!(problems[0].line <= 2 && problems[0].text.contains("TOML"));
    }

    #[test]
    fn the_template_is_a_file_that_changes_nothing_and_works_uncommented() {
        assert_eq!(parse(&template()).unwrap(), []);
        let uncommented = template().replace("\n# \"", "\n\"");
        assert_eq!(parse(&uncommented).unwrap().len(), ACTIONS.len());
    }
}
