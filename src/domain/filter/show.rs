//! A filter written out: in English words, each term in the one form that reads back as itself.

use std::fmt;

use super::words::{FLAGS, Field, KINDS, PRIORITIES, STATUSES, english};
use super::{Filter, NumberField, Term, Test, TextField, Tie, TimeField, Who, lex};
use crate::domain::ticket::Status;

/// In quotation marks where a bare text would mean something else.
fn quoted(text: &str, bare: bool) -> String {
    match (bare, text.contains(['"', '\u{ff02}'])) {
        (true, _) => text.to_owned(),
        (false, false) => format!("\"{text}\""),
        (false, true) => format!("\u{201c}{text}\u{201d}"),
    }
}

fn is_bare_word(text: &str) -> bool {
    let raw = lex::lex(text);
    matches!(raw.as_slice(), [one] if !one.negated && one.head.is_none() && !one.unclosed && one.parts[0].text == text)
        && !text.starts_with(['-', '!', '－', '！', '"', '＂', '\u{201c}', '#', '＃'])
}

pub(super) fn value(text: &str) -> String {
    // A quotation mark within a bare value is a sign like any other; only at its beginning it opens something.
    let opens = text.starts_with(['"', '\u{ff02}', '\u{201c}']);
    let ends = |char: char| char.is_whitespace() || super::text::narrow(char) == ',';
    let plain = !text.is_empty() && !opens && !text.contains(ends) && !text.eq_ignore_ascii_case("none");
    quoted(text, plain)
}

/// `#12` is a number: such a tag is quoted.
fn tag_start(text: &str) -> String {
    let digit = text.chars().next().is_some_and(|char| super::text::narrow(char).is_ascii_digit());
    if digit { quoted(text, false) } else { value(text) }
}

fn who(one: &Who) -> String {
    match one {
        Who::Nobody => "none".to_owned(),
        Who::Me => "@me".to_owned(),
        Who::Person(person) => format!("@{}", person.word),
    }
}

fn tie(one: &Tie) -> String {
    match one {
        Tie::None => "none".to_owned(),
        Tie::Any => "any".to_owned(),
        Tie::To(number) => number.to_string(),
    }
}

fn range(from: Option<i64>, to: Option<i64>) -> String {
    match (from, to) {
        (Some(from), Some(to)) if from == to => from.to_string(),
        (Some(from), Some(to)) => format!("{from}..{to}"),
        (Some(from), None) => format!(">={from}"),
        (None, Some(to)) => format!("<={to}"),
        (None, None) => ">=0".to_owned(),
    }
}

fn status(one: Status) -> &'static str {
    STATUSES.iter().find(|word| word.means == [one]).map_or("", |word| word.english)
}

fn text_field(field: TextField) -> Field {
    match field {
        TextField::Requester => Field::Requester,
        TextField::Site => Field::Site,
        TextField::Region => Field::Region,
        TextField::Class => Field::Class,
        TextField::Language => Field::Language,
        TextField::Tag | TextField::TagStart => Field::Tag,
    }
}

fn time_field(field: TimeField) -> Field {
    match field {
        TimeField::Created => Field::Created,
        TimeField::Updated => Field::Updated,
        TimeField::Assigned => Field::Assigned,
        TimeField::Solved => Field::Solved,
        TimeField::Due => Field::Due,
        TimeField::FollowUp => Field::FollowUp,
    }
}

fn number_field(field: NumberField) -> Field {
    match field {
        NumberField::Number => Field::Number,
        NumberField::Messages => Field::Messages,
        NumberField::Rating => Field::Rating,
    }
}

fn listed<T>(field: Field, values: &[T], word: impl Fn(&T) -> String) -> String {
    format!("{}:{}", field.name(), values.iter().map(word).collect::<Vec<_>>().join(","))
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Words(text) => quoted(text, is_bare_word(text)),
            Self::Status(all) => listed(Field::Status, all, |one| status(*one).to_owned()),
            Self::Priority(all) => listed(Field::Priority, all, |one| english(PRIORITIES, one).to_owned()),
            Self::Kind(all) => listed(Field::Kind, all, |one| english(KINDS, one).to_owned()),
            Self::Queue(all) => listed(Field::Queue, all, |one| value(&one.word)),
            Self::Tier(all) => listed(Field::Tier, all, ToString::to_string),
            Self::Assignee(all) => listed(Field::Assignee, all, who),
            Self::With(all) => listed(Field::With, all, who),
            Self::Expert(all) => listed(Field::Expert, all, who),
            Self::Incident(all) => listed(Field::Incident, all, tie),
            Self::Text(TextField::TagStart, all) => format!("#{}", all.iter().map(|one| tag_start(one)).collect::<Vec<_>>().join(",")),
            Self::Text(field, all) => listed(text_field(*field), all, |one| value(one)),
            Self::Number(field, from, to) => format!("{}:{}", number_field(*field).name(), range(*from, *to)),
            Self::Time(field, when) => format!("{}:{when}", time_field(*field).name()),
            Self::Is(all) => listed(Field::Is, all, |one| english(FLAGS, one).to_owned()),
        };
        f.write_str(&text)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.negated { "-" } else { "" }, self.test)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, term) in self.terms.iter().enumerate() {
            write!(f, "{}{term}", if index > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}
