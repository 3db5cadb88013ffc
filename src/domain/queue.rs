//! Inbound work of one kind, and the channels by which it arrives.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{IntakeChannelId, PersonId, QueueId, WebhookId};
use super::sla::policy::SlaPolicy;

/// How the desk chooses among eligible people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Least open work, weighted by priority and status, against capacity; ties to who waited longest.
    #[default]
    LeastLoaded,
    /// In turn: who was given a ticket of this queue longest ago.
    RoundRobin,
    /// Best levels in the needed skills and the ticket's language, then as least loaded.
    SkillFirst,
    /// Who last served this requester, if eligible; else as least loaded.
    Sticky,
    /// People claim or are given tickets by hand.
    Manual,
}

/// What becomes of people's open tickets when their shift is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndOfShift {
    /// They stay with their assignee.
    #[default]
    Keep,
    /// They return to the pool.
    Return,
    /// The desk gives them to somebody who is on duty next, else to the pool.
    Relief,
}

/// Inbound work of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    pub id: QueueId,
    pub version: i64,
    /// Unique short name, as typed in commands: lower-case letters, digits, `-`.
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub department: Option<String>,
    /// The tier whose people take new tickets, 1 to 3.
    pub tier: u8,
    /// Skills a ticket of this queue needs.
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub strategy: Strategy,
    /// Who does not speak the ticket's language is passed over; otherwise they only come last.
    #[serde(default)]
    pub language_required: bool,
    /// How many open tickets of this queue one person holds at most when the desk gives them out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    /// Seconds in which a ticket given by the desk must be opened or acted on; then it returns to the pool. 0: no limit.
    #[serde(default = "default_accept_within")]
    pub accept_within_secs: u32,
    /// Seconds in which an expert called into a ticket of this queue must answer; then the next one is called. 0: no limit.
    #[serde(default = "default_expert_accept_within")]
    pub expert_accept_within_secs: u32,
    #[serde(default)]
    pub end_of_shift: EndOfShift,
    /// Seconds after a shift's end before `end_of_shift` is done.
    #[serde(default = "default_grace")]
    pub grace_secs: u32,
    #[serde(default)]
    pub sla: SlaPolicy,
    /// Told when nobody is eligible, or a target is breached.
    #[serde(default)]
    pub lead: Option<PersonId>,
    /// Place in lists, ascending.
    #[serde(default)]
    pub position: i32,
    pub active: bool,
}

/// Three minutes, as design.md says.
#[must_use]
pub fn default_accept_within() -> u32 {
    180
}

/// Two minutes: somebody at 03:00 has to wake first, and the next one is as near.
#[must_use]
pub fn default_expert_accept_within() -> u32 {
    120
}

/// A quarter of an hour.
#[must_use]
pub fn default_grace() -> u32 {
    900
}

/// A way in for messages from outside (`POST /api/v1/intake/{key}`), with a token of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IntakeChannel {
    pub id: IntakeChannelId,
    pub version: i64,
    /// Unique short name, part of the URL.
    pub key: String,
    pub name: String,
    /// Where a first message opens a ticket.
    pub queue: QueueId,
    /// Called with every public message of the channel's tickets, so that the thread outside gets its answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_webhook: Option<WebhookId>,
    /// Asks the requester for a rating when a ticket of the channel is solved.
    #[serde(default)]
    pub asks_rating: bool,
    /// SHA-256 of the channel's token, in hexadecimal; the token itself is shown once.
    pub token_sha256: String,
    pub active: bool,
}
