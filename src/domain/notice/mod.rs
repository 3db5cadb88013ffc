//! What the desk tells one person, apart from conversations.

#[cfg(test)]
pub mod samples;
#[cfg(test)]
mod tests;

pub mod deliver;
pub mod dismiss;
pub mod settings;
pub mod tell;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assignment::EndReason;
use super::escalation::Verdict;
use super::id::{ConversationId, HandoverId, NoticeId, PersonId, QueueId, RosterChangeId, RotaId, TicketNumber};
use super::sla::ClockKind;
use super::ticket::WaitReason;

/// What happened. Consoles word it in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NoticeKind {
    Assigned,
    /// One for each queue and reason while it is unread; its ticket is the latest.
    NobodyEligible {
        waits: WaitReason,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<QueueId>,
        /// How many tickets wait for this reason.
        #[serde(default = "once")]
        count: u32,
    },
    SlaWarning,
    SlaBreached,
    Mentioned,
    EscalationAsked,
    EscalationAnswered {
        accepted: bool,
    },
    /// Nobody is left who could answer a call for an expert: somebody who leads has to see to it.
    EscalationUnanswered,
    /// The call made to you was taken back, or its ticket is finished.
    EscalationWithdrawn,
    /// The expert left with a verdict.
    EscalationLeft {
        result: Verdict,
    },
    /// The shift of an expert who is in the ticket is over.
    ExpertOffDuty {
        expert: PersonId,
    },
    /// A ticket left you without your doing.
    Returned {
        reason: EndReason,
    },
    /// You are away now: tickets were not accepted, or no console of yours was seen.
    SetAway,
    /// The requester rated a ticket badly.
    LowRating {
        score: u8,
    },
    /// One of the policy's steps fired.
    SlaStep {
        step: String,
        clock: ClockKind,
    },
    /// Your shift starts soon.
    ShiftSoon {
        rota: RotaId,
        from: DateTime<Utc>,
    },
    /// A colleague asks to swap, or a lead is asked to approve.
    SwapAsked {
        change: RosterChangeId,
    },
    /// Your swap was answered.
    SwapAnswered {
        change: RosterChangeId,
        accepted: bool,
    },
    /// Somebody else changed your duty.
    DutyChanged {
        change: RosterChangeId,
    },
    /// Fewer people than required will be on duty.
    GapAhead {
        rota: RotaId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        required: u32,
        on_duty: u32,
    },
    /// The last person on duty leaves, and nobody follows.
    LastLeaving {
        rota: RotaId,
        at: DateTime<Utc>,
    },
    /// A major incident was declared that you run or lead.
    IncidentDeclared,
    /// The requesters of an incident are to be told how it stands.
    IncidentUpdateDue {
        due_at: DateTime<Utc>,
        overdue: bool,
    },
    /// What you asked to be reminded of.
    Reminder {
        text: String,
    },
    /// What was promised to the requester is due.
    FollowUpDue {
        text: String,
    },
    /// Your shift ends soon: its handover is drafted.
    HandoverDrafted {
        rota: RotaId,
        handover: HandoverId,
    },
    /// Those who go have signed: read it and sign.
    HandoverSigned {
        rota: RotaId,
        handover: HandoverId,
    },
    /// The shift has begun, and its handover is not signed by both.
    HandoverUnsigned {
        rota: RotaId,
        handover: HandoverId,
    },
}

fn once() -> u32 {
    1
}

impl NoticeKind {
    /// The `type` word, as in JSON: what settings and webhooks call the event.
    #[must_use]
    pub fn word(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        value.get("type").and_then(|word| word.as_str()).unwrap_or_default().to_owned()
    }

    /// What notices of a queue that are told together have in common; absent for those told one by one.
    #[must_use]
    pub fn topic(&self) -> Option<String> {
        match self {
            Self::NobodyEligible { queue: Some(queue), .. } => Some(format!("nobody_eligible:{queue}")),
            _ => None,
        }
    }
}

/// What the desk tells one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Notice {
    pub id: NoticeId,
    pub version: i64,
    pub person: PersonId,
    pub kind: NoticeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    pub at: DateTime<Utc>,
    #[serde(default)]
    pub read: bool,
}
