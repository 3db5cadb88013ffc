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

#[test]
fn both_languages_have_the_same_messages() {
    assert_eq!(keys(Language::English), keys(Language::Chinese));
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
        "outbox-entry",
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
