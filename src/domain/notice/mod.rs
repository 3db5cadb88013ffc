//! What the desk tells one person, apart from conversations.

pub mod dismiss;
pub mod tell;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::assignment::EndReason;
use super::escalation::Verdict;
use super::id::{ConversationId, NoticeId, PersonId, RosterChangeId, RotaId, TicketNumber};
use super::sla::ClockKind;
use super::ticket::WaitReason;

/// What happened. Consoles word it in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum NoticeKind {
    Assigned,
    NobodyEligible {
        waits: WaitReason,
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
