//! What a search finds, how it is ranked, and which line of it is shown: the same for the server's history and the console's
//! cache. Pure; knows nothing of how texts are indexed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Timestamp;
use super::conversation::{Author, Conversation, ConversationKind, Message, Visibility};
use super::id::{ConversationId, MessageId, PersonId, TicketNumber};
use super::ticket::{Status, Ticket};

/// Characters of a line that is shown, and of those before the first match.
const LINE_MAX: usize = 240;
const BEFORE_MAX: usize = 60;
/// Days after which being new counts half.
const HALF_DAYS: f64 = 14.0;
/// What a ticket is about says more than what was said in it.
const TICKET_BONUS: f64 = 0.15;

/// Which part of the desk is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SearchIn {
    /// Subject, requester, site, tags and numbers of tickets.
    Tickets,
    /// Messages that are no internal notes of tickets: of conversations outside tickets as well.
    Messages,
    /// Internal notes of tickets, those for higher tiers too.
    Notes,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HitKind {
    Ticket,
    Message,
    Note,
}

/// One thing that was found, with the line it was found by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SearchHit {
    pub kind: HitKind,
    /// The ticket it is, or stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    /// The ticket's status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The ticket's subject, the channel's title; empty for direct conversations.
    pub title: String,
    /// Members of a direct conversation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    pub conversation: ConversationId,
    /// The message; absent for tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// The message's place in its conversation; 0 for tickets.
    pub seq: i64,
    /// Who wrote it; a ticket's requester.
    pub author: Author,
    /// When it was written; when a ticket last changed.
    pub at: DateTime<Utc>,
    /// The line it was found by.
    pub line: String,
    /// Where the words stand in `line`: from and to, in bytes (UTF-8), in order.
    pub ranges: Vec<(usize, usize)>,
}

/// Finds the words in a text: byte ranges in order.
pub type Finder<'a> = &'a (dyn Fn(&str) -> Vec<(usize, usize)> + Sync);

impl SearchHit {
    /// A ticket that was found.
    #[must_use]
    pub fn of_ticket(ticket: &Ticket, find: Finder<'_>) -> Self {
        let found = searched(ticket).into_iter().map(|text| (find(&text), text)).max_by_key(|(ranges, _)| ranges.len());
        // The subject, unless something else was found by more words.
        let subject = find(&ticket.subject);
        let (line, ranges) = match found {
            Some((ranges, text)) if ranges.len() > subject.len() => line(&text, &ranges),
            _ => line(&ticket.subject, &subject),
        };
        Self {
            kind: HitKind::Ticket,
            ticket: Some(ticket.number),
            status: Some(ticket.status),
            title: ticket.subject.clone(),
            people: Vec::new(),
            conversation: ticket.conversation,
            message: None,
            seq: 0,
            author: Author::Requester { id: ticket.requester.id, name: ticket.requester.name.clone() },
            at: ticket.updated_at,
            line,
            ranges,
        }
    }

    /// A message that was found, with its ticket or the conversation it stands in.
    #[must_use]
    pub fn of_message(message: &Message, ticket: Option<&Ticket>, conversation: Option<&Conversation>, find: Finder<'_>) -> Self {
        let (line, ranges) = line(&message.text, &find(&message.text));
        let direct = conversation.filter(|row| row.kind == ConversationKind::Direct);
        Self {
            kind: if is_note(message) { HitKind::Note } else { HitKind::Message },
            ticket: message.ticket,
            status: ticket.map(|ticket| ticket.status),
            title: ticket.map(|ticket| ticket.subject.clone()).or_else(|| conversation.map(|row| row.title.clone())).unwrap_or_default(),
            people: direct.map(|row| row.members.clone()).unwrap_or_default(),
            conversation: message.conversation,
            message: Some(message.id),
            seq: message.seq,
            author: message.author.clone(),
            at: message.created_at,
            line,
            ranges,
        }
    }
}

/// Whether a message is an internal note of a ticket.
#[must_use]
pub fn is_note(message: &Message) -> bool {
    message.ticket.is_some() && message.visibility != Visibility::Public
}

/// The texts a ticket is found by, the subject first; no neighbours of each other.
#[must_use]
pub fn searched(ticket: &Ticket) -> Vec<String> {
    let mut texts = vec![ticket.subject.clone(), ticket.number.to_string(), ticket.requester.name.clone()];
    if let Some(site) = &ticket.requester.site {
        texts.extend([site.name.clone(), site.code.clone()]);
    }
    texts.extend(ticket.tags.iter().cloned());
    texts.extend(ticket.external.clone());
    texts
}

/// Matches marked in one hit at the most.
pub const RANGES_MAX: usize = 50;

/// What was found in a full-text index, by its number among its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Ticket(i64),
    Message(i64),
}

/// What an index found of one kind: number, rank as FTS5 gives it (the lower the better; the best is a fit of 1), and when, in
/// milliseconds since 1970.
#[must_use]
pub fn candidates_of(rows: &[(i64, f64, i64)], found: fn(i64) -> Found) -> Vec<Candidate<Found>> {
    let best = rows.iter().map(|row| row.1).fold(0.0, f64::min);
    let candidate = |(number, rank, at): &(i64, f64, i64)| Candidate {
        what: found(*number),
        fit: if best < 0.0 { rank / best } else { 1.0 },
        at: Timestamp::from_timestamp_millis(*at).unwrap_or_default(),
        is_ticket: matches!(found(*number), Found::Ticket(_)),
    };
    rows.iter().map(candidate).collect()
}

/// Something that matches, before it is ranked.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<T> {
    pub what: T,
    /// How well the words fit, against the best of its kind: 0 to 1.
    pub fit: f64,
    pub at: Timestamp,
    pub is_ticket: bool,
}

/// Best first: half of the score is how well the words fit, half how new it is (after two weeks half of that), and tickets
/// themselves come a little before what was said in one. Of equal ones the newer first.
#[must_use]
pub fn rank<T>(mut candidates: Vec<Candidate<T>>, now: Timestamp) -> Vec<T> {
    let score = |one: &Candidate<T>| {
        let days = f64::from(i32::try_from((now - one.at).num_minutes().max(0)).unwrap_or(i32::MAX)) / 1440.0;
        let fit = if one.fit.is_finite() { one.fit.clamp(0.0, 1.0) } else { 0.0 };
        0.5 * fit + 0.5 / (1.0 + days / HALF_DAYS) + if one.is_ticket { TICKET_BONUS } else { 0.0 }
    };
    candidates.sort_by(|a, b| score(b).total_cmp(&score(a)).then(b.at.cmp(&a.at)));
    candidates.into_iter().map(|one| one.what).collect()
}

/// The line of `text` with the first match, cut around it, and where the matches stand in it.
#[must_use]
pub fn line(text: &str, ranges: &[(usize, usize)]) -> (String, Vec<(usize, usize)>) {
    let (start, end) = ranges.first().copied().unwrap_or((0, 0));
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = text[end..].find('\n').map_or(text.len(), |at| end + at);
    // The words come into sight even at the end of a long line.
    let from = text[from..start].char_indices().rev().nth(BEFORE_MAX).map_or(from, |(at, _)| from + at);
    let to = text[from..to].char_indices().nth(LINE_MAX).map_or(to, |(at, _)| from + at);
    let within = ranges.iter().filter(|(start, end)| *start >= from && *end <= to).map(|(start, end)| (start - from, end - from));
    (text[from..to].trim_end().to_owned(), within.collect())
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use proptest::prelude::*;

    use super::*;

    fn candidate(what: &str, fit: f64, days: i64, is_ticket: bool) -> Candidate<&str> {
        Candidate { what, fit, at: Timestamp::UNIX_EPOCH - Duration::days(days), is_ticket }
    }

    #[test]
    fn fit_and_newness_share_the_score() {
        let order = |candidates: Vec<Candidate<&'static str>>| rank(candidates, Timestamp::UNIX_EPOCH).join(" ");
        assert_eq!(order(vec![candidate("old", 1.0, 400, false), candidate("new", 1.0, 0, false)]), "new old");
        assert_eq!(order(vec![candidate("poor", 0.1, 0, false), candidate("good", 1.0, 14, false)]), "good poor");
        assert_eq!(order(vec![candidate("said", 1.0, 1, false), candidate("ticket", 1.0, 1, true)]), "ticket said");
        assert_eq!(order(vec![candidate("nan", f64::NAN, 1, false), candidate("ahead", 0.5, -3, false)]), "ahead nan");
    }

    #[test]
    fn the_line_is_that_of_the_first_match() {
        let text = "first line\nthe pump and the pump\nlast";
        assert_eq!(line(text, &[(15, 19), (28, 32)]), ("the pump and the pump".to_owned(), vec![(4, 8), (17, 21)]));
        assert_eq!(line(text, &[]), ("first line".to_owned(), Vec::new()));
        let long = format!("{}泵{}", "加".repeat(100), "油".repeat(400));
        let (cut, ranges) = line(&long, &[(300, 303)]);
        assert_eq!(cut.chars().count(), 240);
        assert_eq!(&cut[ranges[0].0..ranges[0].1], "泵");
    }

    proptest! {
        #[test]
        fn lines_are_short_and_ranges_inside(text in "[a加\n]{0,400}", at in 0usize..400) {
            let places: Vec<usize> = text.char_indices().filter(|(_, char)| *char != '\n').map(|(at, _)| at).collect();
            prop_assume!(!places.is_empty());
            let from = places[at % places.len()];
            let to = from + text[from..].chars().next().map_or(0, char::len_utf8);
            let (line, ranges) = line(&text, &[(from, to)]);
            prop_assert!(line.chars().count() <= 240 && !line.contains('\n'));
            prop_assert_eq!(ranges.len(), 1);
            prop_assert_eq!(&line[ranges[0].0..ranges[0].1], &text[from..to]);
        }
    }
}
