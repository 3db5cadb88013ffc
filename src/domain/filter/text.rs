//! What a ticket is found by, and how texts are compared.

use std::fmt::Write as _;

use crate::domain::directory::Directory;
use crate::domain::id::QueueId;
use crate::domain::ticket::Ticket;

/// A full-width form as its ASCII one.
#[must_use]
pub fn narrow(char: char) -> char {
    match char {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
        '\u{3000}' => ' ',
        _ => char,
    }
}

/// For comparing: lower case, full-width forms as ASCII.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().map(narrow).flat_map(char::to_lowercase).collect()
}

/// A queue's key and name, by which its tickets are found.
#[must_use]
pub fn queue_text(directory: &Directory, id: QueueId) -> Option<String> {
    directory.queues.get(&id).map(|queue| format!("{}\n{}", queue.key, queue.name))
}

/// What a ticket is found by, folded: number, subject, requester, site, tags, queue.
#[must_use]
pub fn search_text(ticket: &Ticket, queue: Option<&str>) -> String {
    let mut text = format!("{}\n{}\n{}", ticket.number, ticket.subject, ticket.requester.name);
    if let Some(site) = &ticket.requester.site {
        let _ = write!(text, "\n{}\n{}", site.code, site.name);
    }
    for tag in &ticket.tags {
        let _ = write!(text, "\n{tag}");
    }
    if let Some(queue) = queue {
        let _ = write!(text, "\n{queue}");
    }
    fold(&text)
}

/// Site code and name of a ticket's requester, folded; empty without a site.
#[must_use]
pub fn site_text(ticket: &Ticket) -> String {
    ticket.requester.site.as_ref().map_or_else(String::new, |site| fold(&format!("{}\n{}", site.code, site.name)))
}

/// Whole words about a ticket, one a line with its kind before it, folded: tags (`t:`), region (`r:`), class (`c:`), language
/// (`l:`), participants (`p:`). Begins and ends with a line break.
#[must_use]
pub fn facets(ticket: &Ticket) -> String {
    let mut text = String::from("\n");
    let mut line = |kind: char, value: &str| {
        let _ = writeln!(text, "{kind}:{}", fold(value).replace('\n', " "));
    };
    ticket.tags.iter().for_each(|tag| line('t', tag));
    ticket.requester.site.iter().for_each(|site| line('r', &site.region));
    ticket.requester.class.iter().for_each(|class| line('c', class));
    ticket.language.iter().for_each(|language| line('l', language));
    ticket.participants.iter().for_each(|person| line('p', &person.to_string()));
    text
}
