//! One piece of work. This file holds the words; each rule that changes a ticket has a file of its own.

pub mod accept;
pub mod assign;
pub mod claim;
pub mod close;
pub mod create;
pub mod edit;
pub mod import;
pub mod link;
pub mod merge;
pub mod move_queue;
pub mod open;
pub mod participants;
pub mod rate;
pub mod receive;
pub mod release;
pub mod reply;
pub mod requester;
pub mod split;
pub mod status;
pub mod tags;
pub mod undo_merge;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{ConversationId, FollowUpId, IntakeChannelId, MessageId, PersonId, QueueId, RequesterId, SiteId, TicketNumber};
use super::sla::Clock;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Question,
    Complaint,
    Exception,
    Incident,
    Feedback,
}

/// Ordered from the most pressing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Urgent,
    High,
    #[default]
    Normal,
    Low,
}

/// Where a ticket stands. `Pending` waits for the requester, `OnHold` for a third party; both pause
/// the resolution clock. `Solved` can be reopened by a reply; `Closed` cannot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    #[default]
    New,
    Open,
    Pending,
    OnHold,
    Solved,
    Closed,
}

impl Status {
    /// Somebody has to act: new or open.
    #[must_use]
    pub fn is_active(self) -> bool {
        matches!(self, Self::New | Self::Open)
    }

    /// Not finished: everything but solved and closed.
    #[must_use]
    pub fn is_unsolved(self) -> bool {
        !matches!(self, Self::Solved | Self::Closed)
    }
}

/// The site as it stood when the ticket was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SiteBrief {
    pub id: SiteId,
    pub code: String,
    pub name: String,
    pub region: String,
}

/// The requester as they stood when the ticket was opened: a list shows it without a second look-up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequesterBrief {
    pub id: RequesterId,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteBrief>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    RelatesTo,
    DuplicateOf,
    Blocks,
    BlockedBy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    pub kind: LinkKind,
    pub number: TicketNumber,
}

/// What makes a ticket a major incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MajorIncident {
    pub declared_at: DateTime<Utc>,
    pub declared_by: PersonId,
    /// The channel made for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<ConversationId>,
    /// Seconds between status updates to all requesters; absent when none are scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_every_secs: Option<u32>,
    /// When the next status update is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update_at: Option<DateTime<Utc>>,
    /// Who was told that it is due: 1 whoever runs the incident, 2 who leads as well.
    #[serde(default)]
    pub told: u8,
}

/// Something promised to the requester by a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FollowUp {
    pub id: FollowUpId,
    pub at: DateTime<Utc>,
    /// 1 to 300 characters.
    pub text: String,
    pub by: PersonId,
    /// The message in which it was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// Kept, or no longer wanted.
    #[serde(default)]
    pub done: bool,
    /// It came due and somebody was told.
    #[serde(default)]
    pub told: bool,
}

impl FollowUp {
    /// Due, not kept, and nobody was told yet.
    #[must_use]
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.waits() && self.at <= now
    }

    /// Somebody is to be told when it comes due.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.done && !self.told
    }
}

/// What a requester thought of a solved ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rating {
    /// 1 (bad) to 5 (good).
    pub score: u8,
    /// Up to 2,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    pub at: DateTime<Utc>,
    /// Who had the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
}

/// A ticket that was merged into another one, as the other knows it: its messages are read with the other's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MergedTicket {
    pub number: TicketNumber,
    pub conversation: ConversationId,
    /// Messages it had.
    pub messages: i64,
}

/// Why an unassigned ticket waits in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WaitReason {
    /// The queue is dispatched by hand.
    Manual,
    /// The roster has nobody on duty for this queue and tier.
    NobodyOnDuty,
    /// People are on duty, but none is present.
    NobodyPresent,
    /// People are present, but all are at capacity.
    AllAtCapacity,
    /// People are free, but none has the skills.
    NobodySkilled,
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ticket {
    pub number: TicketNumber,
    /// Rises by one with every change of this row; commands compare against it.
    pub version: i64,
    pub queue: QueueId,
    pub kind: Kind,
    pub subject: String,
    pub priority: Priority,
    pub status: Status,
    /// The tier that works on it, 1 to 3.
    pub tier: u8,
    pub requester: RequesterBrief,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<DateTime<Utc>>,
    /// When the assignee first opened or acted on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<DateTime<Utc>>,
    /// Until when the assignee has to open or act on it; absent once they did, and when nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_by: Option<DateTime<Utc>>,
    /// Who gave it back or did not accept it since somebody last did: they are offered it last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<PersonId>,
    /// Set while unassigned and tried: why nobody has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<WaitReason>,
    /// People beside the assignee who take part: experts called in, colleagues added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<PersonId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<TicketNumber>,
    /// Tickets merged into it, and into those.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<MergedTicket>,
    /// The major incident it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<TicketNumber>,
    /// Set while it is itself a major incident, to which other tickets are tied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub major: Option<MajorIncident>,
    /// A major incident that it looks like: proposed, not yet tied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looks_like: Option<TicketNumber>,
    /// What was promised, and by when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUp>,
    /// What the requester thought of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// When the requester was last asked for a rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating_asked_at: Option<DateTime<Utc>>,
    pub conversation: ConversationId,
    /// The channel it came by; absent when a person opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<IntakeChannelId>,
    /// The channel's thread it answers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<String>,
    /// The secret of its status page (`/status/{key}`), which shows the requester its public progress.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status_key: String,
    /// Id in the system it was imported from; a second import finds it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Messages in its conversation; also the `seq` of the last one.
    pub message_count: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<Clock>,
    /// Which edition of policy and calendar planned the clocks: when the queue's is another, they are planned again.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sla_mark: String,
    /// The earliest due time of a running clock; derived, kept for sorting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// The last word is the requester's: somebody owes an answer.
    #[serde(default)]
    pub awaits_reply: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod craft_tests;
