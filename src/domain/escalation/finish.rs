//! A finished ticket needs nobody: open calls end with it. Which commands load the calls, `needs` knows.

use super::{Escalation, EscalationState, Verdict, step_out};
use crate::domain::command::{Change, Draft, Given};
use crate::domain::conversation::DeskLine;
use crate::domain::notice::NoticeKind;
use crate::domain::row::Row;

/// Ends every open call into the draft's ticket, which has just been solved, merged or closed. An expert who did it
/// themselves has given the verdict by that; all others' calls are withdrawn, and they are told.
pub fn end_calls(given: Given<'_>, draft: &mut Draft<'_>) {
    let number = draft.ticket.number;
    for call in given.facts.escalations.iter().filter(|call| call.ticket == number && call.state.is_open()) {
        let solved = given.actor_id() == Some(call.expert) && call.state != EscalationState::Asked;
        let (state, result, why) = match solved {
            true => (EscalationState::Left, Some(Verdict::Solved), "solved the ticket"),
            false => (EscalationState::Withdrawn, None, "the ticket is finished"),
        };
        let row = Escalation {
            version: call.version + 1,
            state,
            result,
            verdict: Some(why.to_owned()),
            accept_by: None,
            ended_at: Some(given.now()),
            ..call.clone()
        };
        draft.put(Change::Put(Row::Escalation(row)));
        draft.tell("escalation", if solved { "left" } else { "withdrawn" });
        let expert = given.directory().people.get(&call.expert).map_or_else(|| call.expert.to_string(), |expert| expert.handle.clone());
        if solved {
            draft.append_system(DeskLine::ExpertSolved { expert });
            draft.notify(call.asked_by, NoticeKind::EscalationLeft { result: Verdict::Solved });
        } else {
            draft.append_system(DeskLine::CallEnded { expert });
            draft.notify(call.expert, NoticeKind::EscalationWithdrawn);
        }
        step_out(draft, call.expert);
    }
}
