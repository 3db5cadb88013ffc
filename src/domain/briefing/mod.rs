//! One page for whoever joins a ticket: made by rules from what the desk has on record, no model needed.
//!
//! Pure: the server reads the rows, [`brief`] makes the page. What the reader's tier may not read is left out here, so that no
//! caller can forget it; tickets that the reader may not see must not be handed in.

pub mod similar;
#[cfg(test)]
mod tests;
mod timeline;
mod tried;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Timestamp;
use super::access;
use super::audit::AuditEntry;
use super::conversation::{Attachment, Author, Message};
use super::directory::Directory;
use super::escalation::{Escalation, EscalationState};
use super::id::{MessageId, PersonId, QueueId, TicketNumber};
use super::person::{AgentState, Person, Presence};
use super::requester::{Requester, Site};
use super::roster::duty::DutyIndex;
use super::sla::Clock;
use super::ticket::{Kind, Priority, Status, Ticket};
pub use similar::{Likeness, Similar};
pub use timeline::{TimelineLine, TimelineWhat};
pub use tried::{Tried, TriedIn};

/// Lines of the timeline; the most telling ones are kept.
pub const TIMELINE_MAX: usize = 16;
/// The requester's, and the site's, other tickets.
pub const HISTORY_MAX: usize = 8;
/// Similar solved tickets.
pub const SIMILAR_MAX: usize = 5;
const ATTACHMENTS_MAX: usize = 20;
/// Characters of an excerpt.
const EXCERPT_CHARS: usize = 200;

/// Another ticket in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketLine {
    pub number: TicketNumber,
    pub subject: String,
    pub kind: Kind,
    pub status: Status,
    pub queue: QueueId,
    pub created_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved_at: Option<DateTime<Utc>>,
}

/// A file of the conversation, with where it hangs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BriefAttachment {
    pub message: MessageId,
    pub seq: i64,
    pub at: DateTime<Utc>,
    #[serde(flatten)]
    pub attachment: Attachment,
}

/// What somebody is to the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Assignee,
    /// Called in; `call` says how it stands.
    Expert,
    /// Made a call that is open.
    Asker,
    Participant,
}

/// Somebody in the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Present {
    pub person: PersonId,
    pub handle: String,
    pub name: String,
    pub part: Part,
    pub tier: u8,
    pub presence: Presence,
    pub on_duty: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<EscalationState>,
}

/// One page about a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Briefing {
    pub ticket: TicketNumber,
    /// When it was made.
    pub at: DateTime<Utc>,
    pub subject: String,
    /// What the requester wrote first, shortened.
    pub opening: String,
    pub queue: QueueId,
    pub kind: Kind,
    pub priority: Priority,
    pub status: Status,
    pub tier: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
    pub created_at: DateTime<Utc>,
    pub requester_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<Requester>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<Site>,
    /// Their other tickets, newest first.
    #[serde(default)]
    pub requester_tickets: Vec<TicketLine>,
    /// Other people's tickets of the same site, newest first.
    #[serde(default)]
    pub site_tickets: Vec<TicketLine>,
    /// In order of time; of many, the most telling.
    #[serde(default)]
    pub timeline: Vec<TimelineLine>,
    /// What happened besides and is not in `timeline`.
    #[serde(default)]
    pub timeline_left_out: usize,
    /// What was tried: said when experts were called, their verdicts, internal notes. Oldest first.
    #[serde(default)]
    pub tried: Vec<Tried>,
    /// Every call of an expert, oldest first.
    #[serde(default)]
    pub calls: Vec<Escalation>,
    /// Newest first.
    #[serde(default)]
    pub attachments: Vec<BriefAttachment>,
    /// Best first, each with why.
    #[serde(default)]
    pub similar: Vec<Similar>,
    #[serde(default)]
    pub clocks: Vec<Clock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    #[serde(default)]
    pub people: Vec<Present>,
}

/// What a page is made of.
pub struct Material<'a> {
    pub reader: &'a Person,
    pub ticket: &'a Ticket,
    pub requester: Option<&'a Requester>,
    pub directory: &'a Directory,
    pub duty: &'a DutyIndex,
    pub states: &'a HashMap<PersonId, AgentState>,
    /// Messages of its conversation in order; of a long one the first and the last.
    pub messages: &'a [Message],
    pub audit: &'a [AuditEntry],
    pub calls: &'a [Escalation],
    /// Of the requester, newest first, as far as the reader may see them.
    pub requester_tickets: &'a [Ticket],
    /// Of the site, likewise.
    pub site_tickets: &'a [Ticket],
    /// Solved tickets among which similar ones are looked for, likewise.
    pub solved: &'a [Ticket],
    pub now: Timestamp,
}

/// Makes the page.
#[must_use]
pub fn brief(material: &Material<'_>) -> Briefing {
    let ticket = material.ticket;
    let readable: Vec<&Message> =
        material.messages.iter().filter(|one| !one.withheld && access::reads_tier(material.reader, one.visibility.tier())).collect();
    let opening = readable.iter().find(|message| matches!(message.author, Author::Requester { .. })).or(readable.first());
    let opening = opening.map_or("", |message| message.text.as_str());
    let (timeline, timeline_left_out) = timeline::digest(material, &readable);
    let site = ticket.requester.site.as_ref();
    let mut calls = material.calls.to_vec();
    calls.sort_by_key(|call| (call.asked_at, call.id));
    Briefing {
        ticket: ticket.number,
        at: material.now,
        subject: ticket.subject.clone(),
        opening: excerpt(opening, 3 * EXCERPT_CHARS),
        queue: ticket.queue,
        kind: ticket.kind,
        priority: ticket.priority,
        status: ticket.status,
        tier: ticket.tier,
        language: ticket.language.clone(),
        tags: ticket.tags.clone(),
        fields: ticket.fields.clone(),
        created_at: ticket.created_at,
        requester_name: ticket.requester.name.clone(),
        requester: material.requester.cloned(),
        site: site.and_then(|site| material.directory.sites.get(&site.id)).cloned(),
        requester_tickets: history(material.requester_tickets, |other| other.number != ticket.number),
        site_tickets: history(material.site_tickets, |other| other.requester.id != ticket.requester.id && other.number != ticket.number),
        timeline,
        timeline_left_out,
        tried: tried::tried(material, &readable),
        calls,
        attachments: attachments(&readable),
        similar: similar::rank(ticket, opening, material.solved, SIMILAR_MAX),
        clocks: ticket.clocks.clone(),
        due_at: ticket.due_at,
        people: people(material),
    }
}

/// A ticket in a line.
#[must_use]
pub fn line(ticket: &Ticket) -> TicketLine {
    TicketLine {
        number: ticket.number,
        subject: ticket.subject.clone(),
        kind: ticket.kind,
        status: ticket.status,
        queue: ticket.queue,
        created_at: ticket.created_at,
        solved_at: ticket.solved_at,
    }
}

fn history(tickets: &[Ticket], other: impl Fn(&&Ticket) -> bool) -> Vec<TicketLine> {
    tickets.iter().filter(other).take(HISTORY_MAX).map(line).collect()
}

/// At most `max` characters of `text` in one line.
#[must_use]
pub fn excerpt(text: &str, max: usize) -> String {
    let mut short = String::new();
    // Of a long text only its beginning is looked at.
    for word in text.split_whitespace().take(max) {
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
        if short.len() > max && short.chars().count() > max {
            return short.chars().take(max.saturating_sub(1)).chain(['…']).collect();
        }
    }
    short
}

fn attachments(messages: &[&Message]) -> Vec<BriefAttachment> {
    let all = messages.iter().rev().flat_map(|message| {
        let hang = |attachment: &Attachment| BriefAttachment {
            message: message.id,
            seq: message.seq,
            at: message.created_at,
            attachment: attachment.clone(),
        };
        message.attachments.iter().map(hang).collect::<Vec<_>>()
    });
    all.take(ATTACHMENTS_MAX).collect()
}

/// Everybody once, by what they are to the conversation most.
fn people(material: &Material<'_>) -> Vec<Present> {
    let ticket = material.ticket;
    let open: Vec<&Escalation> = material.calls.iter().filter(|call| call.state.is_open()).collect();
    let mut parts: Vec<(Part, PersonId)> = ticket.assignee.map(|person| (Part::Assignee, person)).into_iter().collect();
    parts.extend(open.iter().map(|call| (Part::Expert, call.expert)));
    parts.extend(open.iter().map(|call| (Part::Asker, call.asked_by)));
    parts.extend(ticket.participants.iter().map(|person| (Part::Participant, *person)));
    let mut found: Vec<Present> = Vec::new();
    for (part, id) in parts {
        let Some(person) = material.directory.people.get(&id).filter(|_| found.iter().all(|one| one.person != id)) else { continue };
        found.push(Present {
            person: id,
            handle: person.handle.clone(),
            name: person.name.clone(),
            part,
            tier: person.tier,
            presence: material.states.get(&id).map_or(Presence::Offline, |state| state.presence),
            on_duty: material.duty.is_on_duty(id),
            call: open.iter().find(|call| call.expert == id).map(|call| call.state),
        });
    }
    found
}
