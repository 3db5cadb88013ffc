//! Reads one command line. Pure: what people, queues and snippets there are is passed in.

use chrono_tz::Tz;

use super::Act;
use super::words::{PRIORITIES, Row, STATUSES, VERBS, Verb, verb};
use crate::console::locale::Locale;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId, SnippetId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::reminder;
use crate::domain::snippet::select;
use crate::domain::when::WhenError;

/// Why a line is no command: what was wrong, where, and the nearest word that is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlashError {
    /// No such command.
    Unknown {
        typed: String,
        nearest: Option<String>,
    },
    /// Something must follow: the command's help says what.
    Missing {
        row: &'static str,
        help: &'static str,
    },
    /// What follows is none of the words it may be; the key says of which.
    NotAWord {
        key: &'static str,
        typed: String,
        nearest: Option<String>,
    },
    NotANumber {
        typed: String,
    },
    /// A reminder's text does not begin with a time to come; the key says how it fails.
    NotATime {
        key: &'static str,
    },
}

impl SlashError {
    /// The sentence shown under the text.
    #[must_use]
    pub fn sentence(&self, locale: &Locale) -> String {
        let (sentence, nearest) = match self {
            Self::Unknown { typed, nearest } => (locale.with("slash-unknown", &[("typed", typed)]), nearest),
            Self::Missing { row, help } => {
                return locale.with("slash-missing", &[("command", row), ("help", &locale.text(help))]);
            }
            Self::NotAWord { key, typed, nearest } => (locale.with(key, &[("typed", typed)]), nearest),
            Self::NotATime { key } => return locale.text(key).into_owned(),
            Self::NotANumber { typed } => return locale.with("slash-not-a-number", &[("typed", typed)]),
        };
        match nearest {
            Some(nearest) => format!("{sentence} {}", locale.with("slash-nearest", &[("word", nearest)])),
            None => sentence,
        }
    }
}

/// What may be named in a command.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    pub directory: &'a Directory,
    pub me: &'a Person,
    /// For which snippets may be used here.
    pub queue: Option<QueueId>,
    /// For times: when it is, and in which zone its author reads the clock.
    pub now: Timestamp,
    pub zone: Tz,
}

/// Reads a line without its slash (`assign @li.na`).
///
/// # Errors
/// When it is not exactly one command with what it takes.
pub fn parse(line: &str, names: Names<'_>) -> Result<Act, SlashError> {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let row = verb(word).ok_or_else(|| {
        let known = VERBS.iter().flat_map(|row| [row.name, row.chinese]);
        SlashError::Unknown { typed: format!("/{word}"), nearest: nearest(word, known).map(|name| format!("/{name}")) }
    })?;
    let missing = || SlashError::Missing { row: row.name, help: row.help };
    let first = rest.split_whitespace().next();
    match row.verb {
        Verb::Claim => Ok(Act::Claim),
        Verb::Release => Ok(Act::Release((!rest.is_empty()).then(|| rest.to_owned()))),
        Verb::Assign => person(first.ok_or_else(missing)?, names).map(Act::Assign),
        Verb::Status => one_of(first.ok_or_else(missing)?, &STATUSES, "slash-no-status").map(Act::Status),
        Verb::Priority => one_of(first.ok_or_else(missing)?, &PRIORITIES, "slash-no-priority").map(Act::Priority),
        Verb::Tag | Verb::Untag => {
            let tags: Vec<String> = rest
                .split(|char: char| char.is_whitespace() || matches!(char, ',' | '，' | '、'))
                .map(|tag| tag.trim_start_matches('#').to_owned())
                .filter(|tag| !tag.is_empty())
                .collect();
            match (tags.is_empty(), row.verb) {
                (true, _) => Err(missing()),
                (false, Verb::Tag) => Ok(Act::Tag(tags)),
                (false, _) => Ok(Act::Untag(tags)),
            }
        }
        Verb::Escalate => escalate(rest, row, names),
        Verb::Move => queue(first.ok_or_else(missing)?, names).map(Act::Move),
        Verb::Merge => number(first.ok_or_else(missing)?).map(Act::Merge),
        Verb::Link => number(first.ok_or_else(missing)?).map(Act::Link),
        Verb::Snippet => snippet(first.ok_or_else(missing)?, names).map(Act::Snippet),
        Verb::Remind if rest.is_empty() => Err(missing()),
        Verb::Remind => match reminder::parse(rest, names.now, names.zone) {
            Ok((at, text)) => Ok(Act::Remind { at, text }),
            Err(error) => Err(SlashError::NotATime { key: no_time(&error) }),
        },
    }
}

/// `[2|3|@handle] note`; without a tier the next one is asked.
fn escalate(rest: &str, row: &Row, names: Names<'_>) -> Result<Act, SlashError> {
    let (first, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (tier, who, note) = match first {
        "2" | "二线" => (2, None, after),
        "3" | "三线" => (3, None, after),
        _ if first.starts_with('@') => {
            let id = person(first, names)?;
            let tier = names.directory.people.get(&id).map_or(2, |person| person.tier.clamp(2, 3));
            (tier, Some(id), after)
        }
        _ => (2, None, rest),
    };
    match note.trim() {
        "" => Err(SlashError::Missing { row: row.name, help: row.help }),
        note => Ok(Act::Escalate { tier, person: who, note: note.to_owned() }),
    }
}

fn person(typed: &str, names: Names<'_>) -> Result<PersonId, SlashError> {
    let handle = typed.trim_start_matches('@').to_lowercase();
    if matches!(handle.as_str(), "me" | "我") {
        return Ok(names.me.id);
    }
    let mut active = names.directory.people.values().filter(|person| person.active);
    if let Some(found) = active.clone().find(|person| person.handle == handle) {
        return Ok(found.id);
    }
    // A name is as good as a handle when it is one person's.
    let mut named = active.clone().filter(|person| person.name.to_lowercase() == handle);
    match (named.next(), named.next()) {
        (Some(one), None) => Ok(one.id),
        _ => {
            let near = nearest(&handle, active.by_ref().map(|person| person.handle.as_str())).map(|near| format!("@{near}"));
            Err(SlashError::NotAWord { key: "slash-no-person", typed: typed.to_owned(), nearest: near })
        }
    }
}

fn queue(typed: &str, names: Names<'_>) -> Result<QueueId, SlashError> {
    let wanted = typed.to_lowercase();
    let mut queues = names.directory.queues.values().filter(|queue| queue.active);
    match queues.clone().find(|queue| queue.key == wanted || queue.name.to_lowercase() == wanted) {
        Some(queue) => Ok(queue.id),
        None => {
            let near = nearest(&wanted, queues.by_ref().map(|queue| queue.key.as_str()));
            Err(SlashError::NotAWord { key: "slash-no-queue", typed: typed.to_owned(), nearest: near })
        }
    }
}

fn snippet(typed: &str, names: Names<'_>) -> Result<SnippetId, SlashError> {
    let usable = select::usable_by(names.directory.snippets.values(), names.me.id, names.queue);
    match usable.iter().find(|snippet| snippet.key == typed) {
        Some(snippet) => Ok(snippet.id),
        None => {
            let near = nearest(typed, usable.iter().map(|snippet| snippet.key.as_str()));
            Err(SlashError::NotAWord { key: "slash-no-snippet", typed: typed.to_owned(), nearest: near })
        }
    }
}

fn no_time(error: &WhenError) -> &'static str {
    match error {
        WhenError::NoTime(_) => "slash-no-time",
        WhenError::Past => "slash-time-past",
        WhenError::Far => "slash-time-far",
        WhenError::NoDay => "slash-no-day",
    }
}

fn number(typed: &str) -> Result<TicketNumber, SlashError> {
    match typed.parse::<TicketNumber>() {
        Ok(number) if number.0 > 0 => Ok(number),
        _ => Err(SlashError::NotANumber { typed: typed.to_owned() }),
    }
}

fn one_of<T: Copy>(typed: &str, table: &[(T, &[&str])], key: &'static str) -> Result<T, SlashError> {
    let wanted = typed.to_lowercase();
    match table.iter().find(|(_, words)| words.contains(&wanted.as_str())) {
        Some((value, _)) => Ok(*value),
        None => {
            let near = nearest(&wanted, table.iter().flat_map(|(_, words)| words.iter().copied()));
            Err(SlashError::NotAWord { key, typed: typed.to_owned(), nearest: near })
        }
    }
}

/// The known word that looks most like what was typed, when one does.
fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let typed = typed.to_lowercase();
    known
        .map(|word| {
            let starts = !typed.is_empty() && word.starts_with(&typed);
            (if starts { 0.9 } else { strsim::jaro_winkler(&typed, word) }, word)
        })
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, word)| word.to_owned())
}
