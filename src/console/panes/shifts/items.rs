//! The lists beside the roster: my shifts, gaps ahead, changes that wait, who is on duty at an instant, rotas, proposals.
//! Ids and instants only: the words are made when a line is drawn.

use chrono::TimeDelta;

use super::state::{ShiftsPane, View};
use crate::console::pane::Context;
use crate::console::panes::duty;
use crate::domain::Timestamp;
use crate::domain::access;
use crate::domain::id::{HandoverId, RosterChangeId, RosterPlanId, RotaId};
use crate::domain::roster::{ChangeState, Gap, PlanState, RosterChange, Shift};

/// Days of "my shifts".
pub const MY_DAYS: i64 = 56;
/// Days in which gaps are looked for.
pub const GAP_DAYS: i64 = 14;

/// One line of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// One's own shift, or of somebody on duty.
    Shift(Shift),
    Gap(Gap),
    Change(RosterChangeId),
    Rota(RotaId),
    Plan(RosterPlanId),
    Handover(HandoverId),
}

/// The lines of the list that `view` shows.
#[must_use]
pub fn items(pane: &ShiftsPane, context: &Context<'_>) -> Vec<Item> {
    match pane.view {
        View::Roster | View::Rota(_) | View::Handover(_) | View::Form => Vec::new(),
        View::Handovers => super::handover::listed(context).into_iter().map(Item::Handover).collect(),
        View::Mine => mine(context).into_iter().map(Item::Shift).collect(),
        View::Gaps => gaps_ahead(context).into_iter().map(Item::Gap).collect(),
        View::Waiting => open_changes(context).into_iter().map(Item::Change).collect(),
        View::Who => {
            let shifts = duty::on_duty(context.directory, pane.who_at.unwrap_or(context.now));
            let takes = |shift: &Shift| {
                let rota = context.directory.rotas.get(&shift.rota);
                rota.is_some_and(|rota| pane.filter.takes_rota(context.directory, rota, context.me.id))
            };
            shifts.into_iter().filter(takes).map(Item::Shift).collect()
        }
        View::Rotas => {
            let mut rotas: Vec<_> = context.directory.rotas.values().collect();
            rotas.sort_by(|a, b| (!a.active, a.tier, &a.name, a.id).cmp(&(!b.active, b.tier, &b.name, b.id)));
            rotas.into_iter().map(|rota| Item::Rota(rota.id)).collect()
        }
        View::Plans => {
            let mut plans: Vec<_> = context.directory.roster_plans.values().collect();
            plans.sort_by_key(|plan| (plan.state != PlanState::Proposed, std::cmp::Reverse(plan.created_at), plan.id));
            plans.into_iter().map(|plan| Item::Plan(plan.id)).collect()
        }
    }
}

/// My shifts of the next weeks, the running one included, by start.
#[must_use]
pub fn mine(context: &Context<'_>) -> Vec<Shift> {
    shifts_of(context, MY_DAYS, |shift| shift.person == context.me.id)
}

/// Shifts of the next days that `which` takes, by start.
#[must_use]
pub fn shifts_of(context: &Context<'_>, days: i64, which: impl Fn(&Shift) -> bool) -> Vec<Shift> {
    let to = context.now + TimeDelta::days(days);
    let rotas = duty::rotas(context.directory).into_iter();
    let mut shifts: Vec<Shift> =
        rotas.flat_map(|rota| duty::shifts(context.directory, rota, context.now, to)).filter(|shift| which(shift)).collect();
    shifts.sort_by_key(|shift| (shift.from, shift.rota, shift.person));
    shifts
}

#[must_use]
pub fn gaps_ahead(context: &Context<'_>) -> Vec<Gap> {
    let mut gaps = duty::all_gaps(context.directory, context.now, context.now + TimeDelta::days(GAP_DAYS));
    gaps.sort_by_key(|gap| (gap.from, gap.rota));
    gaps
}

/// Whether I can answer a change now: a swap asked of me, or one both want when I lead.
#[must_use]
pub fn mine_to_answer(change: &RosterChange, context: &Context<'_>) -> bool {
    !change.cancelled
        && match change.state {
            ChangeState::Asked => change.other == Some(context.me.id),
            ChangeState::Accepted => access::may_lead(context.me),
            ChangeState::InForce | ChangeState::Declined => false,
        }
}

#[must_use]
pub fn waiting_for_me(context: &Context<'_>) -> Vec<RosterChangeId> {
    changes(context, |change| mine_to_answer(change, context))
}

/// Whether I may withdraw a change: my own or, as a lead, anybody's. What is over stays.
#[must_use]
pub fn mine_to_withdraw(change: &RosterChange, context: &Context<'_>) -> bool {
    let me = context.me.id;
    !change.cancelled
        && change.state != ChangeState::Declined
        && end_of(change) > context.now
        && (change.person == me || change.asked_by == me || access::may_lead(context.me))
}

fn end_of(change: &RosterChange) -> Timestamp {
    change.other_to.map_or(change.to, |to| to.max(change.to))
}

/// What waits for anybody and concerns me first, then what is in force and I may withdraw; each by start.
fn open_changes(context: &Context<'_>) -> Vec<RosterChangeId> {
    let me = context.me.id;
    let concerns = |change: &RosterChange| change.person == me || change.other == Some(me) || access::may_lead(context.me);
    let mut ids = waiting_for_me(context);
    let waits = |change: &RosterChange| matches!(change.state, ChangeState::Asked | ChangeState::Accepted) && !change.cancelled;
    let more = [
        changes(context, |change| waits(change) && concerns(change)),
        changes(context, |change| !waits(change) && mine_to_withdraw(change, context)),
        // A refusal is news for a while.
        changes(context, |change| change.state == ChangeState::Declined && change.person == me && change.to > context.now),
    ];
    for id in more.into_iter().flatten() {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// Changes that `which` takes, by start.
#[must_use]
pub fn changes(context: &Context<'_>, which: impl Fn(&RosterChange) -> bool) -> Vec<RosterChangeId> {
    let mut found: Vec<_> = context.directory.roster_changes.values().filter(|change| which(change)).collect();
    found.sort_by_key(|change| (change.from, change.id));
    found.into_iter().map(|change| change.id).collect()
}
