//! Whether a ticket looks like a major incident, and why: shared words, the same queue, kind, place and tags.
//!
//! Pure and cheap: a new ticket is compared with a handful of open incidents. The result proposes, nothing more.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::is_open;
use crate::domain::Timestamp;
use crate::domain::command::{Draft, Given};
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Ticket;
use crate::domain::words::words;

/// Words shown as the reason.
const SHOWN_MAX: usize = 6;
/// From this score on it is proposed.
const ENOUGH: u32 = 50;
/// An incident declared longer ago draws nobody in.
const DAYS_MAX: i64 = 7;
/// What two tickets have in common besides words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Same {
    Queue,
    Kind,
    Site,
    Region,
    Tag,
}

/// How alike a ticket and an incident are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Likeness {
    /// 0 to 100.
    pub score: u32,
    /// Words both use, at most six.
    pub shared: Vec<String>,
    pub same: Vec<Same>,
}

/// How alike `ticket`, whose subject and first message are `text`, is to an incident.
#[must_use]
pub fn compare(ticket: &Ticket, text: &str, incident: &Ticket) -> Likeness {
    let (mine, theirs) = (words(text), words(&incident.subject));
    let shared: Vec<String> = theirs.intersection(&mine).cloned().collect();
    let part = |of: usize| u32::try_from(shared.len() * 60 / of.max(1)).unwrap_or(60).min(60);
    // One word in common is chance, unless the incident's subject has no more.
    let enough_words = shared.len() >= theirs.len().min(2) && !shared.is_empty();
    let mut score = if enough_words { part(theirs.len()) } else { 0 };
    let mut same = Vec::new();
    let mut alike = |what: Same, is: bool, weight: u32| {
        if is {
            same.push(what);
            score += weight;
        }
    };
    alike(Same::Queue, ticket.queue == incident.queue, 15);
    alike(Same::Kind, ticket.kind == incident.kind, 5);
    alike(Same::Tag, ticket.tags.iter().any(|tag| incident.tags.contains(tag)), 10);
    if let (Some(here), Some(there)) = (&ticket.requester.site, &incident.requester.site) {
        alike(Same::Site, here.id == there.id, 15);
        alike(Same::Region, here.id != there.id && here.region == there.region, 10);
    }
    if !enough_words {
        score = 0;
    }
    Likeness { score: score.min(100), shared: shared.into_iter().take(SHOWN_MAX).collect(), same }
}

/// The open incident a ticket looks like most, if it does enough; of equals the one declared last.
#[must_use]
pub fn find(ticket: &Ticket, text: &str, majors: &[Ticket], now: Timestamp) -> Option<(TicketNumber, Likeness)> {
    let recent = |incident: &&Ticket| {
        let declared = incident.major.as_ref().map(|major| major.declared_at);
        is_open(incident) && incident.number != ticket.number && declared.is_some_and(|at| now - at < chrono::Duration::days(DAYS_MAX))
    };
    let found = majors.iter().filter(recent).map(|incident| (incident.number, compare(ticket, text, incident)));
    found.filter(|(_, likeness)| likeness.score >= ENOUGH).max_by_key(|(number, likeness)| (likeness.score, *number))
}

/// Proposes an incident for a new ticket, when it looks like one.
pub fn propose(given: Given<'_>, draft: &mut Draft<'_>, text: &str) {
    let all = format!("{}\n{text}", draft.ticket.subject);
    let Some((incident, likeness)) = find(&draft.ticket, &all, &given.facts.majors, given.now()) else { return };
    draft.ticket.looks_like = Some(incident);
    draft.tell("likeness", format!("{}%: {}", likeness.score, likeness.shared.join(", ")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::incident::tests::{declared, desk};

    #[test]
    fn two_character_words_are_enough_in_chinese() {
        let mut desk = desk();
        let incident = declared(&mut desk, "支付网关超时");
        let ticket = desk.ticket(incident.0).clone();
        let alike = compare(&ticket, "顾客付款时支付失败,网关提示超时", &ticket);
        assert!(alike.score >= ENOUGH && alike.shared.contains(&"支付".to_owned()), "{alike:?}");
        let other = compare(&ticket, "奶粉包装破损要求退款", &ticket);
        assert_eq!(other.score, 0, "the same queue alone is nothing: {other:?}");
    }

    #[test]
    fn one_word_in_common_is_chance() {
        let mut desk = desk();
        let incident = declared(&mut desk, "Card payments time out everywhere");
        let ticket = desk.ticket(incident.0).clone();
        assert_eq!(compare(&ticket, "my card is lost", &ticket).score, 0);
        let alike = compare(&ticket, "payment by card times out at the till, time and again", &ticket);
        assert!(alike.score >= ENOUGH, "{alike:?}");
        assert!(alike.same.contains(&Same::Queue));
    }

    #[test]
    fn only_open_and_recent_incidents_draw_tickets_in() {
        let mut desk = desk();
        let number = declared(&mut desk, "Card payments time out");
        let incident = desk.ticket(number.0).clone();
        let mut ticket = incident.clone();
        ticket.number = TicketNumber(99);
        let text = "card payment timeout, time out";
        let majors = [incident];
        assert!(find(&ticket, text, &majors, desk.now).is_some());
        assert!(find(&ticket, text, &majors, desk.now + chrono::Duration::days(8)).is_none());
        let mut solved = majors.clone();
        solved[0].status = crate::domain::ticket::Status::Solved;
        assert!(find(&ticket, text, &solved, desk.now).is_none());
        assert!(find(&majors[0], text, &majors, desk.now).is_none(), "it does not look like itself");
    }
}
