//! The table of all keys, from the table of actions: `docs/keys.md` is this text, and a test keeps it so.

use std::fmt::Write as _;

use super::file::place;
use crate::base::text::clean;
use crate::console::action::{ACTIONS, Scope};
use crate::console::keymap::Keymap;
use crate::console::locale::{Language, Locale};

/// One action with its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub name: &'static str,
    pub keys: String,
    pub place: String,
    pub english: String,
    pub chinese: String,
}

/// All actions with the keys of `keymap`, in the order of help.
#[must_use]
pub fn rows(keymap: &Keymap) -> Vec<Row> {
    let (english, chinese) = (Locale::new(Language::English), Locale::new(Language::Chinese));
    ACTIONS
        .iter()
        .map(|spec| Row {
            name: spec.name,
            keys: keymap.all_shown(spec.action),
            place: place(spec.scope),
            english: clean(&english.text(spec.label)),
            chinese: clean(&chinese.text(spec.label)),
        })
        .collect()
}

/// The page for docs: a table for each place.
#[must_use]
pub fn markdown(keymap: &Keymap) -> String {
    let mut text = String::from(
        "# Keys of the console\n\n\
         Made by `dutydesk keys --markdown > docs/keys.md` from the table of actions; a test keeps it so. Every key can be changed in\n\
         `keys.toml` in the configuration folder (`dutydesk keys init` writes one to start from, `dutydesk keys check` says what is wrong\n\
         with it). Keys of your own go before every default, also before those of later versions.\n\n\
         A count goes before a key: `0 3 j` or `alt-3 j` (a digit that is no key of its own begins one as well; once begun, every digit\n\
         goes on with it). Prefixes wait: after 300 ms the keys that may follow are shown.\n",
    );
    let rows = rows(keymap);
    let mut places: Vec<Scope> = Vec::new();
    for spec in ACTIONS {
        if !places.contains(&spec.scope) {
            places.push(spec.scope);
        }
    }
    for scope in places {
        let title = place(scope);
        // Writing into a text cannot fail.
        let _ = write!(text, "\n## {}\n\n| Keys | English | 中文 | Action |\n|---|---|---|---|\n", capital(&title));
        for row in rows.iter().filter(|row| row.place == title) {
            let keys: Vec<_> =
                row.keys.split(", ").filter(|key| !key.is_empty()).map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
            let _ = writeln!(text, "| {} | {} | {} | `{}` |", keys.join(" "), row.english, row.chinese, row.name);
        }
    }
    text
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_keys_are_the_keys() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
        let made = markdown(&Keymap::new(&[]).unwrap());
        if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
            std::fs::write(path, &made).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == made, "docs/keys.md is not what the table of actions says: run `dutydesk keys --markdown > docs/keys.md`");
    }
}
