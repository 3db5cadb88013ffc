//! A ticket's whole life as one list that people read: messages, status, who had it and why, steps of its clocks, calls for
//! experts with their verdicts, merges, edits, ratings, in one order. Made from the records as they are; nothing is kept.
//!
//! It says what happened in words of the domain; screens word it in the reader's language.

mod changes;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access;
use super::assignment::{Assignment, AssignmentReason, EndReason};
use super::audit::{AuditActor, AuditEntry, FieldChange};
use super::conversation::{Author, Message, MessageRef, Visibility};
use super::directory::Directory;
use super::escalation::{Escalation, EscalationReason, EscalationState, Verdict};
use super::id::{MessageId, PersonId, QueueId, TicketNumber};
use super::person::Person;
use super::sla::ClockKind;
use super::sla::ledger::{ClockEvent, ClockEventKind};
use super::ticket::Status;

/// Who did it, with the name people know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Who {
    Person {
        id: PersonId,
        name: String,
    },
    Requester {
        name: String,
    },
    /// An intake channel, by its key.
    Intake {
        channel: String,
    },
    /// The desk itself, by the job's name.
    Desk {
        job: String,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum What {
    Opened {
        queue: Option<QueueId>,
    },
    Message {
        id: MessageId,
        seq: i64,
        visibility: Visibility,
        text: String,
        /// Names of what is attached.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edited_at: Option<DateTime<Utc>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        split_into: Option<TicketNumber>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        copy_of: Option<MessageRef>,
    },
    Status {
        from: Status,
        to: Status,
    },
    Assigned {
        person: PersonId,
        reason: AssignmentReason,
    },
    Unassigned {
        person: PersonId,
        reason: EndReason,
    },
    /// A step of a clock fired: `warning`, `breach`, or a key of the policy.
    Clock {
        clock: ClockKind,
        step: String,
        due_at: DateTime<Utc>,
    },
    /// An expert was called.
    Called {
        expert: PersonId,
        tier: u8,
        code: EscalationReason,
        reason: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        tried: String,
    },
    /// They answered, or did not, or the call was taken back.
    Answered {
        expert: PersonId,
        state: EscalationState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    Left {
        expert: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        result: Option<Verdict>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    Merged {
        into: TicketNumber,
    },
    MergeUndone {
        from: TicketNumber,
    },
    TookIn {
        number: TicketNumber,
    },
    GaveBack {
        number: TicketNumber,
    },
    Split {
        into: TicketNumber,
    },
    Rated {
        score: u8,
        words: String,
    },
    RatingAsked,
    /// Anything else that somebody changed.
    Changed {
        /// The command's type.
        action: String,
        changes: Vec<FieldChange>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TimelineEntry {
    pub at: DateTime<Utc>,
    pub who: Who,
    /// The merged ticket that it happened to; absent for the ticket itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<TicketNumber>,
    pub what: What,
}

/// Which part of a timeline somebody wants to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Show {
    #[default]
    All,
    /// What people did and said, the requester among them.
    People,
    /// What the desk did by itself.
    Desk,
    /// What the requester sees.
    Public,
}

impl Show {
    pub const ALL: [Self; 4] = [Self::All, Self::People, Self::Desk, Self::Public];

    /// Whether `entry` belongs to this part.
    #[must_use]
    pub fn holds(self, entry: &TimelineEntry) -> bool {
        let desk = matches!(entry.who, Who::Desk { .. });
        match self {
            Self::All => true,
            Self::People => !desk,
            Self::Desk => desk,
            Self::Public => match &entry.what {
                What::Message { visibility, .. } => *visibility == Visibility::Public,
                What::Opened { .. } | What::Status { .. } | What::Rated { .. } | What::RatingAsked => true,
                _ => false,
            },
        }
    }
}

/// Everything on record about one ticket.
#[derive(Clone, Copy, Debug)]
pub struct Records<'a> {
    pub ticket: TicketNumber,
    pub audit: &'a [AuditEntry],
    pub messages: &'a [Message],
    pub assignments: &'a [Assignment],
    pub escalations: &'a [Escalation],
    pub clocks: &'a [ClockEvent],
}

/// The timeline of a ticket, and of those merged into it, as `reader` may read it: oldest first.
#[must_use]
pub fn timeline(own: Records<'_>, merged: &[Records<'_>], directory: &Directory, reader: &Person) -> Vec<TimelineEntry> {
    let mut all = Vec::new();
    for records in merged.iter().chain([&own]) {
        let mut entries =
            Maker { records: *records, directory, reader, from: (records.ticket != own.ticket).then_some(records.ticket) }.make();
        all.append(&mut entries);
    }
    // What happened at the same instant keeps the order of the kinds.
    all.sort_by_key(|(at, rank, _)| (*at, *rank));
    all.into_iter().map(|(_, _, entry)| entry).collect()
}

type Ranked = (DateTime<Utc>, u8, TimelineEntry);

struct Maker<'a> {
    records: Records<'a>,
    directory: &'a Directory,
    reader: &'a Person,
    from: Option<TicketNumber>,
}

impl Maker<'_> {
    fn make(&self) -> Vec<Ranked> {
        let mut all = Vec::new();
        for entry in self.records.audit {
            let whats = changes::of(entry);
            all.extend(whats.into_iter().map(|what| self.entry(entry.at, self.actor(&entry.actor), what)));
        }
        self.assignments(&mut all);
        self.escalations(&mut all);
        self.clocks(&mut all);
        self.messages(&mut all);
        all
    }

    fn entry(&self, at: DateTime<Utc>, who: Who, what: What) -> Ranked {
        let rank = match what {
            What::Opened { .. } => 0,
            What::Message { .. } => 1,
            _ => 2,
        };
        (at, rank, TimelineEntry { at, who, from: self.from, what })
    }

    fn person(&self, id: PersonId) -> Who {
        Who::Person { id, name: self.directory.person_name(id) }
    }

    fn actor(&self, actor: &AuditActor) -> Who {
        match actor {
            AuditActor::Person { id } => self.person(*id),
            AuditActor::Intake { channel } => Who::Intake { channel: channel.clone() },
            AuditActor::Desk { job } => Who::Desk { job: job.clone() },
        }
    }

    /// Who is on record for this instant; the desk when nobody is.
    fn acted(&self, at: DateTime<Utc>) -> Who {
        let entry = self.records.audit.iter().find(|entry| entry.at == at);
        entry.map_or_else(|| Who::Desk { job: "assign".to_owned() }, |entry| self.actor(&entry.actor))
    }

    fn messages(&self, all: &mut Vec<Ranked>) {
        for message in self.records.messages {
            if message.withheld || !access::reads_tier(self.reader, message.visibility.tier()) {
                continue;
            }
            let who = match &message.author {
                Author::Person { id } => self.person(*id),
                Author::Requester { name, .. } => Who::Requester { name: name.clone() },
                // The desk writes down what is told here in its own words.
                Author::System if all.iter().any(|(at, _, _)| *at == message.created_at) => continue,
                Author::System => Who::Desk { job: "desk".to_owned() },
            };
            let what = What::Message {
                id: message.id,
                seq: message.seq,
                visibility: message.visibility,
                text: message.text.clone(),
                attachments: message.attachments.iter().map(|one| one.name.clone()).collect(),
                edited_at: message.edited_at,
                split_into: message.split_into,
                copy_of: message.copy_of.clone(),
            };
            all.push(self.entry(message.created_at, who, what));
        }
    }

    fn assignments(&self, all: &mut Vec<Ranked>) {
        for one in self.records.assignments {
            let who = match (one.by, one.reason) {
                (Some(by), _) => self.person(by),
                (None, AssignmentReason::Claimed) => self.person(one.person),
                (None, AssignmentReason::Imported) => self.acted(one.started_at),
                (None, _) => Who::Desk { job: "assign".to_owned() },
            };
            all.push(self.entry(one.started_at, who, What::Assigned { person: one.person, reason: one.reason }));
            // Finished tickets and new owners tell the end by themselves.
            let told = matches!(one.end_reason, Some(EndReason::Reassigned | EndReason::Solved | EndReason::Closed | EndReason::Merged));
            if let (Some(at), Some(reason), false) = (one.ended_at, one.end_reason, told) {
                all.push(self.entry(at, self.acted(at), What::Unassigned { person: one.person, reason }));
            }
        }
    }

    fn escalations(&self, all: &mut Vec<Ranked>) {
        for one in self.records.escalations {
            let expert = one.expert;
            let called = What::Called { expert, tier: one.tier, code: one.code, reason: one.reason.clone(), tried: one.tried.clone() };
            // A call that follows one that came to nothing is the desk's own.
            let caller = if one.follows.is_some() { self.acted(one.asked_at) } else { self.person(one.asked_by) };
            all.push(self.entry(one.asked_at, caller, called));
            let answered = |state, reason: Option<&String>| What::Answered { expert, state, reason: reason.cloned() };
            let taken = matches!(one.state, EscalationState::Accepted | EscalationState::Joined | EscalationState::Left);
            if let Some(at) = one.answered_at {
                let what = match one.state {
                    EscalationState::Declined => Some(answered(EscalationState::Declined, one.verdict.as_ref())),
                    _ if taken => Some(answered(EscalationState::Accepted, None)),
                    _ => None,
                };
                all.extend(what.map(|what| self.entry(at, self.person(expert), what)));
            }
            if let Some(at) = one.joined_at {
                all.push(self.entry(at, self.person(expert), answered(EscalationState::Joined, None)));
            }
            let ended = one.ended_at.or(one.answered_at);
            match (one.state, ended) {
                (EscalationState::Left, Some(at)) => {
                    let left = What::Left { expert, result: one.result, note: one.verdict.clone() };
                    all.push(self.entry(at, self.person(expert), left));
                }
                (state @ (EscalationState::Withdrawn | EscalationState::Unanswered), Some(at)) => {
                    all.push(self.entry(at, self.acted(at), answered(state, one.verdict.as_ref())));
                }
                _ => {}
            }
        }
    }

    fn clocks(&self, all: &mut Vec<Ranked>) {
        for event in self.records.clocks {
            if let ClockEventKind::Fired { step, due_at, .. } = &event.event {
                let what = What::Clock { clock: event.clock, step: step.clone(), due_at: *due_at };
                all.push(self.entry(event.at, Who::Desk { job: "sla_steps".to_owned() }, what));
            }
        }
    }
}

#[cfg(test)]
mod tests;
