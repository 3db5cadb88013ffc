//! Every word used on the screen exists in both languages, and nothing is kept that is not used.

use std::collections::BTreeSet;
use std::path::Path;

use super::action::ACTIONS;
use super::locale::Language;

fn keys(language: Language) -> BTreeSet<String> {
    let lines = language.files().iter().flat_map(|(_, text)| text.lines());
    lines.filter_map(|line| line.split_once(" =")).map(|(key, _)| key).filter(|key| is_key(key)).map(str::to_owned).collect()
}

/// Kebab-case with at least one dash.
fn is_key(text: &str) -> bool {
    text.contains('-')
        && text.starts_with(|char: char| char.is_ascii_lowercase())
        && text.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-')
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

/// String literals of the console's sources that look like keys.
fn literals() -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console"), &mut files);
    files.iter().flat_map(|text| text.split('"')).filter(|part| is_key(part)).map(str::to_owned).collect()
}

/// Refusals are said in English by the server itself.
const REFUSALS: &str = "refusal-code-";

#[test]
fn both_languages_have_the_same_messages() {
    let chinese = keys(Language::Chinese).into_iter().filter(|key| !key.starts_with(REFUSALS)).collect();
    assert_eq!(keys(Language::English), chinese);
}

/// Every code that a rule refuses with, as the sources name it.
#[test]
fn every_refusal_has_chinese_words() {
    let mut files = Vec::new();
    for room in ["src/domain", "src/server", "src/store"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(room), &mut files);
    }
    let known = keys(Language::Chinese);
    let mut missing = BTreeSet::new();
    for text in files.iter().map(|text| text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)) {
        for made in ["Refusal::invalid(", "Refusal::conflict(", "Refusal::lost_to("] {
            let codes = text.split(made).skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
            let keys = codes.map(|code| format!("{REFUSALS}{}", code.replace('_', "-")));
            missing.extend(keys.filter(|key| !known.contains(key)));
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

/// English words in string literals of the console: they would stand on a Chinese screen. What no reader sees is listed.
#[test]
fn nothing_on_the_screen_is_written_in_the_code() {
    const UNSEEN: [&str; 6] = [".expect(", "tracing::", "#[", "reason =", "assert", "panic!"];
    let sentence = |text: &str| {
        let words: Vec<_> = text.split(' ').collect();
        words.windows(2).any(|pair| pair.iter().all(|word| word.len() > 2 && word.chars().all(|char| char.is_ascii_alphabetic())))
    };
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["tests", "testing"].contains(&name.as_str()) {
                folders.push(path);
            } else if name.ends_with(".rs")
                && !name.contains("test")
                && !["sample.rs", "wild.rs", "emulator.rs", "screens.rs", "recalled.rs"].contains(&name.as_ref())
            {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
                let lines =
                    text.lines().filter(|line| !line.trim_start().starts_with("//") && !UNSEEN.iter().any(|part| line.contains(part)));
                let seen = lines.filter(|line| line.split('"').skip(1).step_by(2).any(sentence));
                found.extend(seen.map(|line| format!("{name}: {}", line.trim())));
            }
        }
    }
    // What is wrong with a file or with EDITOR is said in English, beside the words of the parser or the shell.
    const ENGLISH: [&str; 6] = ["edit.rs", "key.rs", "keymap.rs", "file.rs", "gallery.rs", "screen.rs"];
    found.retain(|line| !ENGLISH.iter().any(|file| line.starts_with(file)));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn no_message_is_defined_twice() {
    for language in Language::ALL {
        let lines = language.files().iter().flat_map(|(_, text)| text.lines());
        let mut seen = BTreeSet::new();
        for (key, _) in lines.filter_map(|line| line.split_once(" =")).filter(|(key, _)| is_key(key)) {
            assert!(seen.insert(key), "{key} is defined twice in {}", language.tag());
        }
    }
}

#[test]
fn every_message_is_used() {
    let used = literals();
    // `format!("duty-month-{}", …)` uses a family of messages; so do the audit's words for names that come from the server.
    let numbered = |key: &str| {
        [
            "duty-month-",
            "overview-weekday-",
            "overview-range-",
            "duty-weekday-",
            "shifts-weekday-",
            "shifts-fair-",
            "command-",
            "source-",
            "job-",
            "audit-field-",
            "requester-class-",
            "event-",
            "help-page-",
        ]
        .iter()
        .any(|family| key.starts_with(family))
    };
    let unused: Vec<_> = keys(Language::English).into_iter().filter(|key| !used.contains(key) && !numbered(key)).collect();
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_key_in_the_code_has_a_message() {
    let known = keys(Language::English);
    // Literals that share their first word with a message are meant as one, except the ids of questions.
    let families: BTreeSet<_> = known.iter().filter_map(|key| key.split('-').next()).collect();
    let ids = [
        "ticket-",
        "goto-ticket",
        "refused-entry",
        "refused-public",
        "refused-internal",
        "on-duty",
        "assignment-give",
        "assignment-rebalance",
        "assignment-setting",
        "assignment-settings",
        "chat-new",
        "audit-field",
        "requester-class",
        "assignment-waits",
    ];
    let missing: Vec<_> = literals()
        .into_iter()
        .filter(|key| key.split('-').next().is_some_and(|family| families.contains(family)) && !known.contains(key))
        .filter(|key| {
            !ids.iter().any(|id| key == id || (id.ends_with('-') && key.starts_with(id)))
                && !key.ends_with('-')
                && !key.starts_with("page-")
        })
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_action_has_a_label() {
    let known = keys(Language::English);
    for spec in ACTIONS {
        assert!(known.contains(spec.label), "{} has no label", spec.name);
    }
}
