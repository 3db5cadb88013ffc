//! One of each kind of notice, for tests. A new kind does not compile until it has its place here.

use super::NoticeKind as N;
use crate::domain::assignment::EndReason;
use crate::domain::escalation::Verdict;
use crate::domain::id::{HandoverId, PersonId, RosterChangeId, RotaId};
use crate::domain::sla::ClockKind;
use crate::domain::ticket::WaitReason;

/// One of each kind, in the order of the type.
#[must_use]
pub fn one_of_each() -> Vec<N> {
    std::iter::successors(Some(N::Assigned), after).collect()
}

fn after(kind: &N) -> Option<N> {
    let (rota, handover, change, at) = (RotaId::default(), HandoverId::default(), RosterChangeId::default(), chrono::DateTime::UNIX_EPOCH);
    Some(match kind {
        N::Assigned => N::NobodyEligible { waits: WaitReason::Manual, queue: None, count: 1 },
        N::NobodyEligible { .. } => N::SlaWarning,
        N::SlaWarning => N::SlaBreached,
        N::SlaBreached => N::Mentioned,
        N::Mentioned => N::EscalationAsked,
        N::EscalationAsked => N::EscalationAnswered { accepted: true },
        N::EscalationAnswered { .. } => N::EscalationUnanswered,
        N::EscalationUnanswered => N::EscalationWithdrawn,
        N::EscalationWithdrawn => N::EscalationLeft { result: Verdict::Advice },
        N::EscalationLeft { .. } => N::ExpertOffDuty { expert: PersonId::default() },
        N::ExpertOffDuty { .. } => N::Returned { reason: EndReason::Away },
        N::Returned { .. } => N::SetAway,
        N::SetAway => N::LowRating { score: 1 },
        N::LowRating { .. } => N::SlaStep { step: "call".into(), clock: ClockKind::Resolution },
        N::SlaStep { .. } => N::ShiftSoon { rota, from: at },
        N::ShiftSoon { .. } => N::SwapAsked { change },
        N::SwapAsked { .. } => N::SwapAnswered { change, accepted: true },
        N::SwapAnswered { .. } => N::DutyChanged { change },
        N::DutyChanged { .. } => N::GapAhead { rota, from: at, to: at, required: 2, on_duty: 1 },
        N::GapAhead { .. } => N::LastLeaving { rota, at },
        N::LastLeaving { .. } => N::IncidentDeclared,
        N::IncidentDeclared => N::IncidentUpdateDue { due_at: at, overdue: false },
        N::IncidentUpdateDue { .. } => N::Reminder { text: "call".into() },
        N::Reminder { .. } => N::FollowUpDue { text: "call".into() },
        N::FollowUpDue { .. } => N::HandoverDrafted { rota, handover },
        N::HandoverDrafted { .. } => N::HandoverSigned { rota, handover },
        N::HandoverSigned { .. } => N::HandoverUnsigned { rota, handover },
        N::HandoverUnsigned { .. } => return None,
    })
}
