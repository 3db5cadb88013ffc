//! Publishing and withdrawing written-out rosters.

use crate::console::effect::Effect;
use crate::console::pane::Context;
use crate::console::panes::shifts::items::Item;
use crate::console::panes::shifts::state::{ShiftsPane, View};
use crate::domain::command::Command;
use crate::domain::roster::{PlanState, RosterPlan};

impl ShiftsPane {
    /// The proposal on screen or the selected one.
    pub(super) fn plan_meant<'a>(&self, context: &Context<'a>) -> Option<&'a RosterPlan> {
        let id = match (self.view, self.item()) {
            (View::Roster, _) => self.plan,
            (View::Plans, Some(Item::Plan(id))) => Some(*id),
            _ => None,
        };
        id.and_then(|id| context.directory.roster_plans.get(&id))
    }

    pub(super) fn publish_plan(&mut self, context: &Context<'_>) -> Vec<Effect> {
        self.set_plan(PlanState::Published, "shifts-done-published", context)
    }

    pub(super) fn withdraw_plan(&mut self, context: &Context<'_>) -> Vec<Effect> {
        self.set_plan(PlanState::Withdrawn, "shifts-done-plan-withdrawn", context)
    }

    fn set_plan(&mut self, state: PlanState, done: &'static str, context: &Context<'_>) -> Vec<Effect> {
        let Some(plan) = self.plan_meant(context) else {
            return vec![Effect::Toast { key: "shifts-no-plan", args: Vec::new() }];
        };
        if plan.state == state {
            return vec![Effect::Toast { key: "shifts-plan-is-so", args: Vec::new() }];
        }
        self.sure(Command::PutRosterPlan(Box::new(RosterPlan { state, ..plan.clone() })), done, context)
    }
}
