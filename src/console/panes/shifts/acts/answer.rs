//! Answers to swaps, approvals, and withdrawing what one asked for.

use super::{Flow, choices};
use crate::console::effect::{Effect, QuestionKind};
use crate::console::pane::Context;
use crate::console::panes::shifts::items::{Item, changes, mine_to_answer, mine_to_withdraw, waiting_for_me};
use crate::console::panes::shifts::state::{ShiftsPane, View};
use crate::domain::command::Command;
use crate::domain::id::RosterChangeId;
use crate::domain::roster::RosterChange;

impl ShiftsPane {
    /// The change of the selected line, or behind the shift under the cursor.
    fn change_meant<'a>(&self, context: &Context<'a>) -> Option<&'a RosterChange> {
        let id = match (self.view, self.item()) {
            (View::Waiting, Some(Item::Change(id))) => Some(*id),
            (View::Roster | View::Mine, _) => match &self.chosen(context)[..] {
                [shift] => shift.change,
                _ => None,
            },
            _ => None,
        };
        id.and_then(|id| context.directory.roster_changes.get(&id))
    }

    pub(super) fn begin_answer(&mut self, context: &Context<'_>) -> Vec<Effect> {
        if let Some(change) = self.change_meant(context).filter(|change| mine_to_answer(change, context)) {
            return self.ask_answer(change.id, context);
        }
        match &waiting_for_me(context)[..] {
            [] => vec![Effect::Toast { key: "shifts-nothing-waits", args: Vec::new() }],
            [id] if self.view != View::Waiting => self.ask_answer(*id, context),
            ids => {
                let choices = choices::changes(ids, context);
                self.ask(Flow::AnswerWhich, "shifts-ask-answer-which", QuestionKind::Pick { choices })
            }
        }
    }

    /// Accept or decline, each with what it does.
    pub(super) fn ask_answer(&mut self, id: RosterChangeId, context: &Context<'_>) -> Vec<Effect> {
        let Some(change) = context.directory.roster_changes.get(&id) else { return Vec::new() };
        let choices = choices::answers(change, context);
        self.ask(Flow::AnswerHow(id), "shifts-ask-answer", QuestionKind::Pick { choices })
    }

    pub(super) fn send_answer(&mut self, id: RosterChangeId, accept: bool, reason: &str, context: &Context<'_>) -> Vec<Effect> {
        let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        let command = Command::AnswerRosterChange { id, accept, reason };
        let done = if accept { "shifts-done-accepted" } else { "shifts-done-declined" };
        self.sure(command, done, context)
    }

    pub(super) fn begin_withdraw(&mut self, context: &Context<'_>) -> Vec<Effect> {
        if self.view == View::Plans || (self.view == View::Roster && self.plan.is_some()) {
            return self.withdraw_plan(context);
        }
        if let Some(change) = self.change_meant(context).filter(|change| mine_to_withdraw(change, context)) {
            return self.sure_withdraw(change.id, context);
        }
        let me = context.me.id;
        let mut ids = changes(context, |change| mine_to_withdraw(change, context));
        // One's own first.
        ids.sort_by_key(|id| context.directory.roster_changes.get(id).is_none_or(|change| change.person != me && change.asked_by != me));
        if ids.is_empty() {
            return vec![Effect::Toast { key: "shifts-nothing-to-withdraw", args: Vec::new() }];
        }
        let choices = choices::changes(&ids, context);
        self.ask(Flow::WithdrawWhich, "shifts-ask-withdraw", QuestionKind::Pick { choices })
    }

    pub(super) fn sure_withdraw(&mut self, id: RosterChangeId, context: &Context<'_>) -> Vec<Effect> {
        self.sure(Command::CancelRosterChange { id }, "shifts-done-withdrawn", context)
    }
}
