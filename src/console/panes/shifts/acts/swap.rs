//! Asking somebody to swap: my shift, then theirs, then why.

use super::span::blank;
use super::{Act, Flow, Subject, choices};
use crate::console::effect::{Effect, QuestionKind};
use crate::console::pane::Context;
use crate::console::panes::shifts::items::shifts_of;
use crate::console::panes::shifts::state::ShiftsPane;
use crate::console::panes::times;
use crate::domain::roster::{ChangeState, RosterChange, RosterChangeKind, Shift};

/// Days in which shifts to swap are offered.
const SWAP_DAYS: i64 = 28;

impl ShiftsPane {
    /// The shift under the cursor when it is mine, else a choice of mine.
    pub(super) fn begin_swap(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let me = context.me.id;
        let chosen: Vec<Shift> = self.chosen(context).into_iter().filter(|shift| shift.person == me && shift.from > context.now).collect();
        if let [shift] = &chosen[..] {
            return self.ask_theirs(shift.clone(), context);
        }
        let shifts = shifts_of(context, SWAP_DAYS, |shift| shift.person == me && shift.from > context.now);
        if shifts.is_empty() {
            return vec![Effect::Toast { key: "shifts-none-mine", args: Vec::new() }];
        }
        let choices = choices::shifts(&shifts, context);
        self.ask(Flow::Shift { act: Act::Swap, shifts }, "shifts-ask-swap-mine", QuestionKind::Pick { choices })
    }

    /// Shifts of others in the same rota that I could work, nearest in time to mine first.
    pub(super) fn ask_theirs(&mut self, mine: Shift, context: &Context<'_>) -> Vec<Effect> {
        let me = context.me.id;
        let mut theirs = shifts_of(context, SWAP_DAYS, |shift| shift.rota == mine.rota && shift.person != me && shift.from > context.now);
        // The same hours on the same day change nothing.
        theirs.retain(|shift| (shift.from, shift.to) != (mine.from, mine.to));
        theirs.sort_by_key(|shift| ((shift.from - mine.from).abs(), shift.from, shift.person));
        if theirs.is_empty() {
            return vec![Effect::Toast { key: "shifts-no-swap", args: Vec::new() }];
        }
        let choices = choices::swaps(&mine, &theirs, context);
        self.ask(Flow::Theirs { mine: Box::new(mine), theirs }, "shifts-ask-swap-theirs", QuestionKind::Pick { choices })
    }

    pub(super) fn ask_swap_why(&mut self, mine: &Shift, theirs: &Shift, context: &Context<'_>) -> Vec<Effect> {
        let subject = Subject { act: Act::Swap, rota: mine.rota, person: mine.person, on: times::date_of(mine.from, context.zone) };
        let change = RosterChange {
            other: Some(theirs.person),
            other_from: Some(theirs.from),
            other_to: Some(theirs.to),
            state: ChangeState::Asked,
            ..blank(RosterChangeKind::Swap, &subject, mine.from, mine.to, context)
        };
        self.ask(Flow::SwapWhy(Box::new(change)), "shifts-ask-swap-why", QuestionKind::Prompt { text: String::new() })
    }
}
