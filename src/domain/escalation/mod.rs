//! A call for a higher tier: an expert is asked into the ticket's own conversation.

pub mod answer;
pub mod due;
pub mod escalate;
pub mod find;
pub mod finish;
pub mod invite;
pub mod join;
pub mod leave;
#[cfg(test)]
mod model_tests;
pub mod pass;
#[cfg(test)]
mod tests;
pub mod withdraw;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::command::Draft;
use super::id::{EscalationId, PersonId, TicketNumber};

/// Where a call stands. An expert who accepted is on the way; who opened the ticket then has joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EscalationState {
    Asked,
    Accepted,
    /// The expert is in the conversation.
    Joined,
    Declined,
    /// Not answered in time, or the expert went off duty before answering; the next one was asked.
    Unanswered,
    /// Taken back by who asked, or the ticket was finished first.
    Withdrawn,
    /// The expert left, with a verdict.
    Left,
}

impl EscalationState {
    /// The expert was called and has neither refused nor left.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Accepted | Self::Joined)
    }
}

/// Why a higher tier is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EscalationReason {
    /// Needs knowledge that this tier does not have.
    Skill,
    /// Needs a right or a decision that this tier may not take.
    Authority,
    /// A target is about to be missed, or was.
    Sla,
    /// The requester asks for somebody senior.
    Requester,
    /// Many are affected.
    Outage,
    /// Safety of people or goods.
    Safety,
    #[default]
    Other,
}

impl EscalationReason {
    pub const ALL: [Self; 7] = [Self::Skill, Self::Authority, Self::Sla, Self::Requester, Self::Outage, Self::Safety, Self::Other];
}

/// What came of an expert's help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Solved,
    /// The agent knows how to go on.
    Advice,
    /// It belongs to another team.
    NotOurs,
    /// A vendor has to act.
    NeedsVendor,
}

impl Verdict {
    pub const ALL: [Self; 4] = [Self::Solved, Self::Advice, Self::NotOurs, Self::NeedsVendor];

    /// As the ticket's conversation says it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Advice => "advice",
            Self::NotOurs => "not ours",
            Self::NeedsVendor => "needs a vendor",
        }
    }
}

/// Calls an expert: `person`, or else the roster finds one of `tier` or above who has `skill`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Escalate {
    pub number: TicketNumber,
    /// Made by who asks.
    pub escalation: EscalationId,
    /// 2 or 3.
    pub tier: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    #[serde(default)]
    pub reason: EscalationReason,
    /// The reason in words; 1 to 2,000 characters.
    pub note: String,
    /// What was tried so far; up to 2,000 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tried: String,
    /// The ticket becomes the expert's when they accept; otherwise it stays with its assignee.
    #[serde(default)]
    pub takes_over: bool,
}

impl Escalate {
    /// Calls whom the roster finds at `tier`, for `note`.
    #[must_use]
    pub fn tier(number: TicketNumber, escalation: EscalationId, tier: u8, note: String) -> Self {
        let (reason, tried) = (EscalationReason::default(), String::new());
        Self { number, escalation, tier, skill: None, person: None, reason, note, tried, takes_over: false }
    }
}

/// A call for a higher tier: one invitation of one expert. When it is not taken up, the next one `follows` it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Escalation {
    pub id: EscalationId,
    pub version: i64,
    pub ticket: TicketNumber,
    pub asked_by: PersonId,
    pub expert: PersonId,
    /// The tier asked for, 2 or 3.
    pub tier: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skill: Option<String>,
    #[serde(default)]
    pub code: EscalationReason,
    /// The reason in words.
    pub reason: String,
    /// What was tried before.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tried: String,
    #[serde(default)]
    pub takes_over: bool,
    pub state: EscalationState,
    /// What came of it, on leaving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Verdict>,
    /// Why declined or withdrawn, or the verdict in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    pub asked_at: DateTime<Utc>,
    /// Until when the expert has to answer; then the next one is asked. Absent once answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept_by: Option<DateTime<Utc>>,
    /// The invitation before, which came to nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<EscalationId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<DateTime<Utc>>,
    /// When the expert's shift ended while they were in; those concerned were told then, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_duty_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
}

/// Out of the ticket and its conversation, unless the ticket became theirs.
fn step_out(draft: &mut Draft<'_>, person: PersonId) {
    draft.ticket.participants.retain(|one| *one != person);
    if draft.ticket.assignee == Some(person) {
        return;
    }
    if let Some(conversation) = draft.conversation_mut() {
        conversation.members.retain(|one| *one != person);
    }
}
