//! Dialogs in lines: what is asked, choices by number, and which keys an answer is.

use super::super::key::{Key, KeyCode};
use super::super::locale::Locale;
use super::super::overlay::{Overlay, Spoken};

/// What is to be typed into the dialog.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed {
    Keys(Vec<Key>),
    /// Text, then keys.
    Text(String, Vec<Key>),
    /// Text after keys that empty the field, then keys.
    Instead(String, Vec<Key>),
    /// The text that is there is forgotten.
    Clear,
    /// Another line of a text that is not finished.
    More(String),
    /// It means nothing here; a message key.
    No(&'static str),
}

fn plain(code: KeyCode) -> Key {
    Key::plain(code)
}

/// The dialog as it is read out.
#[must_use]
pub fn said(overlay: &Overlay, page: &[String], locale: &Locale) -> Vec<String> {
    let title = [overlay.title.as_str(), overlay.about.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    let mut lines = vec![title];
    lines.extend(overlay.problem().map(str::to_owned));
    match overlay.spoken() {
        Spoken::Choices { sentence, choices } => {
            lines.extend(sentence.lines().map(str::to_owned));
            for (n, (label, hint, disabled)) in choices.into_iter().enumerate() {
                let mut line = format!("{}. {label}", n + 1);
                for part in [Some(hint), disabled].into_iter().flatten().filter(|part| !part.is_empty()) {
                    line.push_str(&locale.text("linear-comma"));
                    line.push_str(&part);
                }
                lines.push(line);
            }
            lines.push(locale.text("linear-ask-number").into_owned());
        }
        Spoken::Line(first) => {
            if !first.is_empty() {
                lines.push(locale.with("linear-now", &[("text", &first)]));
            }
            lines.push(locale.text("linear-ask-line").into_owned());
        }
        Spoken::Lines(begun) => {
            if !begun.is_empty() {
                lines.push(locale.with("linear-now", &[("text", &begun)]));
                lines.push(locale.text("linear-ask-clear").into_owned());
            }
            lines.push(locale.text("linear-ask-lines").into_owned());
        }
        Spoken::Question(sentence) => {
            lines.extend(sentence.lines().map(str::to_owned));
            lines.push(locale.text("linear-ask-yes").into_owned());
        }
        Spoken::Page { lines: read, sentence, typed, asks } => {
            lines.extend(read);
            lines.extend((!sentence.is_empty()).then_some(sentence));
            let key = match (asks, typed) {
                (false, _) => "linear-ask-page",
                (true, false) => "linear-ask-yes",
                (true, true) => "linear-ask-count",
            };
            lines.push(locale.text(key).into_owned());
        }
        Spoken::Form => {
            lines.extend(page.iter().cloned());
            lines.push(locale.text("linear-ask-form").into_owned());
        }
    }
    lines
}

fn is(line: &str, words: &[&str]) -> bool {
    words.contains(&line.to_lowercase().as_str())
}

/// Whether a line forgets what was begun.
#[must_use]
pub fn is_clear(line: &str) -> bool {
    is(line.trim(), &["clear", "清空"])
}

/// Keys that empty a text.
#[must_use]
pub fn clearing() -> [Key; 2] {
    [Key::ctrl('a'), plain(KeyCode::Backspace)]
}

/// What a line does in the dialog.
#[must_use]
pub fn typed(overlay: &Overlay, line: &str) -> Typed {
    let trimmed = line.trim();
    if is(trimmed, &["cancel", "esc", "取消"]) {
        return Typed::Keys(vec![plain(KeyCode::Escape)]);
    }
    let yes = is(trimmed, &["yes", "y", "是", "好"]);
    let number = trimmed.parse::<usize>().ok().filter(|n| *n > 0);
    match overlay.spoken() {
        Spoken::Choices { choices, .. } => match number.filter(|n| *n <= choices.len()) {
            Some(n) if choices[n - 1].2.is_none() => {
                let mut keys = vec![plain(KeyCode::Up); choices.len().min(1_000)];
                // A list that goes round starts at the first anyway.
                if overlay.goes_round() {
                    keys.clear();
                }
                keys.extend(vec![plain(KeyCode::Down); n - 1]);
                keys.push(plain(KeyCode::Enter));
                Typed::Keys(keys)
            }
            Some(_) => Typed::No("linear-not-now"),
            None => Typed::No("linear-ask-number"),
        },
        Spoken::Line(_) => Typed::Instead(trimmed.to_owned(), vec![plain(KeyCode::Enter)]),
        Spoken::Lines(_) if trimmed == "." || trimmed == "。" => Typed::Keys(vec![Key::ctrl('s')]),
        Spoken::Lines(begun) if !begun.is_empty() && is_clear(trimmed) => Typed::Clear,
        Spoken::Lines(_) => Typed::More(line.to_owned()),
        Spoken::Question(_) => Typed::Keys(vec![if yes { Key::char('y') } else { plain(KeyCode::Escape) }]),
        Spoken::Page { typed: true, .. } => match number {
            Some(n) => Typed::Keys(n.to_string().chars().map(Key::char).chain([plain(KeyCode::Enter)]).collect()),
            None => Typed::Keys(vec![plain(KeyCode::Escape)]),
        },
        Spoken::Page { .. } => Typed::Keys(vec![if yes { Key::char('y') } else { plain(KeyCode::Escape) }]),
        Spoken::Form => match trimmed {
            _ if is(trimmed, &["send", "发送"]) => Typed::Keys(vec![plain(KeyCode::Enter)]),
            _ if is(trimmed, &["", "tab", "下一项"]) => Typed::Keys(vec![plain(KeyCode::Tab)]),
            _ if is(trimmed, &["down", "下"]) => Typed::Keys(vec![plain(KeyCode::Down)]),
            _ if is(trimmed, &["up", "上"]) => Typed::Keys(vec![plain(KeyCode::Up)]),
            _ if is(trimmed, &["right", "右"]) => Typed::Keys(vec![plain(KeyCode::Right)]),
            text => Typed::Text(text.to_owned(), Vec::new()),
        },
    }
}
