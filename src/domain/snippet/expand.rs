//! A snippet's text with its variables filled: `{{ticket.number}}` and its like. Pure; whoever has the rows can do it.

use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::ticket::Ticket;
use crate::domain::{Refusal, suggest};

/// All variables there are.
pub const VARIABLES: [&str; 16] = [
    "assignee.handle",
    "assignee.name",
    "desk.now",
    "me.handle",
    "me.name",
    "queue.key",
    "queue.name",
    "requester.name",
    "site.code",
    "site.name",
    "site.region",
    "status_url",
    "ticket.number",
    "ticket.priority",
    "ticket.status",
    "ticket.subject",
];

/// What a text is about. What is absent leaves its variables empty.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub me: &'a Person,
    pub ticket: Option<&'a Ticket>,
    pub queue: Option<&'a Queue>,
    pub assignee: Option<&'a Person>,
    /// Where the desk is reached from outside, such as `https://desk.example.org`; for the status page.
    pub base_url: Option<&'a str>,
    /// The time to write, as the reader would.
    pub now: &'a str,
}

/// A text ready to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    pub text: String,
    /// Variables that are known and say nothing here (nobody is assigned, no site is known): look before sending.
    pub empty: Vec<String>,
}

/// A part of a text: words as they are, or a variable's name.
enum Part<'t> {
    Words(&'t str),
    Variable(&'t str),
}

/// `{{` without `}}` on its line is taken as words.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let inner = &rest[start + 2..];
        let line = inner.find('\n').map_or(inner, |end| &inner[..end]);
        let Some(end) = line.find("}}") else {
            parts.push(Part::Words(&rest[..start + 2]));
            rest = inner;
            continue;
        };
        parts.push(Part::Words(&rest[..start]));
        parts.push(Part::Variable(inner[..end].trim()));
        rest = &inner[end + 2..];
    }
    parts.push(Part::Words(rest));
    parts
}

/// Refuses variables that there are not, with the nearest that there is.
///
/// # Errors
/// `unknown_variable`.
pub fn check(text: &str) -> Result<(), Refusal> {
    for part in parts(text) {
        if let Part::Variable(name) = part
            && !VARIABLES.contains(&name)
        {
            let near = suggest::near(name, VARIABLES.into_iter());
            let message = format!("There is no variable {{{{{name}}}}}.{near} Use one of {}.", VARIABLES.join(", "));
            return Err(Refusal::invalid("unknown_variable", "texts", message));
        }
    }
    Ok(())
}

/// The text with its variables filled.
///
/// # Errors
/// As [`check`].
pub fn expand(text: &str, about: &About<'_>) -> Result<Expanded, Refusal> {
    check(text)?;
    let mut expanded = Expanded::default();
    for part in parts(text) {
        match part {
            Part::Words(words) => expanded.text.push_str(words),
            Part::Variable(name) => match value(name, about).filter(|value| !value.is_empty()) {
                Some(value) => expanded.text.push_str(&value),
                None if expanded.empty.iter().any(|known| known == name) => {}
                None => expanded.empty.push(name.to_owned()),
            },
        }
    }
    Ok(expanded)
}

fn value(name: &str, about: &About<'_>) -> Option<String> {
    let ticket = about.ticket;
    let site = ticket.and_then(|ticket| ticket.requester.site.as_ref());
    let word = |value: serde_json::Value| value.as_str().map(|word| word.replace('_', " "));
    match name {
        "assignee.handle" => about.assignee.map(|person| person.handle.clone()),
        "assignee.name" => about.assignee.map(|person| person.name.clone()),
        "desk.now" => Some(about.now.to_owned()),
        "me.handle" => Some(about.me.handle.clone()),
        "me.name" => Some(about.me.name.clone()),
        "queue.key" => about.queue.map(|queue| queue.key.clone()),
        "queue.name" => about.queue.map(|queue| queue.name.clone()),
        "requester.name" => ticket.map(|ticket| ticket.requester.name.clone()),
        "site.code" => site.map(|site| site.code.clone()),
        "site.name" => site.map(|site| site.name.clone()),
        "site.region" => site.map(|site| site.region.clone()),
        "status_url" => {
            let key = ticket.map(|ticket| ticket.status_key.as_str()).filter(|key| !key.is_empty())?;
            Some(format!("{}/status/{key}", about.base_url?.trim_end_matches('/')))
        }
        "ticket.number" => ticket.map(|ticket| ticket.number.to_string()),
        "ticket.priority" => ticket.and_then(|ticket| word(serde_json::to_value(ticket.priority).ok()?)),
        "ticket.status" => ticket.and_then(|ticket| word(serde_json::to_value(ticket.status).ok()?)),
        "ticket.subject" => ticket.map(|ticket| ticket.subject.clone()),
        _ => None,
    }
}
