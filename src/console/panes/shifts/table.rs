//! What the roster shows of a span: shifts, gaps and leave by rota and person, derived once for a directory edition and a
//! span, and kept. Drawing only looks things up here, for the rows on screen.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;

use super::filter::Filter;
use crate::console::pane::Context;
use crate::console::panes::duty;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, RosterPlanId, RotaId};
use crate::domain::roster::{ChangeState, Gap, PlanState, RosterChangeKind, Rota, Shift};

/// Hours ahead in which gaps are counted.
const AHEAD_HOURS: i64 = 72;

/// One line; the numbers are places in [`Table::groups`] and in its people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Rota(usize),
    /// The spans of the rota above in which too few are on duty.
    Gaps(usize),
    Person(usize, usize),
}

/// One rota in the span.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub rota: RotaId,
    /// Members in their order, then those who help out.
    pub people: Vec<PersonId>,
    pub gaps: Vec<Gap>,
    shifts: HashMap<PersonId, Vec<Shift>>,
    leave: HashMap<PersonId, Vec<(Timestamp, Timestamp)>>,
}

impl Group {
    /// A rota, which may be a draft, in a span.
    #[must_use]
    pub fn of(rota: &Rota, directory: &Directory, from: Timestamp, to: Timestamp) -> Self {
        let mut shifts: HashMap<PersonId, Vec<Shift>> = HashMap::new();
        let mut helpers = Vec::new();
        for shift in duty::shifts(directory, rota, from, to) {
            helpers.push(shift.person);
            shifts.entry(shift.person).or_default().push(shift);
        }
        let mut leave: HashMap<PersonId, Vec<(Timestamp, Timestamp)>> = HashMap::new();
        for change in directory.roster_changes.values() {
            let in_force = change.state == ChangeState::InForce && !change.cancelled && change.rota == rota.id;
            if in_force && change.kind == RosterChangeKind::Leave && change.from < to && from < change.to {
                leave.entry(change.person).or_default().push((change.from, change.to));
            }
        }
        let mut seen = BTreeSet::new();
        let people = rota.members.iter().map(|member| member.person).chain(helpers).filter(|person| seen.insert(*person)).collect();
        Self { rota: rota.id, people, gaps: duty::gaps(directory, rota, from, to), shifts, leave }
    }

    /// By start.
    #[must_use]
    pub fn shifts(&self, person: PersonId) -> &[Shift] {
        self.shifts.get(&person).map_or(&[], Vec::as_slice)
    }

    #[must_use]
    pub fn leave(&self, person: PersonId) -> &[(Timestamp, Timestamp)] {
        self.leave.get(&person).map_or(&[], Vec::as_slice)
    }
}

/// Everything of a span.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub groups: Vec<Group>,
    pub rows: Vec<Row>,
}

/// For what a table holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub from: Timestamp,
    pub to: Timestamp,
    pub filter: Filter,
    /// A proposal shown as if it were published.
    pub plan: Option<RosterPlanId>,
}

impl Table {
    #[must_use]
    pub fn of(key: &Key, context: &Context<'_>) -> Self {
        let with_plan = key.plan.and_then(|id| as_if_published(context.directory, id, context.now));
        let directory = with_plan.as_ref().unwrap_or(context.directory);
        let me = context.me.id;
        let rotas = duty::rotas(directory).into_iter().filter(|rota| match key.plan.and_then(|id| directory.roster_plans.get(&id)) {
            Some(plan) => plan.rota == rota.id,
            None => key.filter.takes_rota(directory, rota, me),
        });
        let groups: Vec<Group> = rotas.map(|rota| narrowed(Group::of(rota, directory, key.from, key.to), &key.filter, me)).collect();
        let mut rows = Vec::new();
        for (place, group) in groups.iter().enumerate() {
            rows.push(Row::Rota(place));
            if !group.gaps.is_empty() {
                rows.push(Row::Gaps(place));
            }
            rows.extend((0..group.people.len()).map(|person| Row::Person(place, person)));
        }
        Self { groups, rows }
    }

    #[must_use]
    pub fn person(&self, row: Row) -> Option<(RotaId, PersonId)> {
        match row {
            Row::Person(group, person) => {
                let group = self.groups.get(group)?;
                Some((group.rota, *group.people.get(person)?))
            }
            _ => None,
        }
    }

    #[must_use]
    pub fn group(&self, rota: RotaId) -> Option<&Group> {
        self.groups.iter().find(|group| group.rota == rota)
    }

    /// Lines of people, in order.
    pub fn people(&self) -> impl Iterator<Item = (RotaId, PersonId)> + '_ {
        self.rows.iter().filter_map(|row| self.person(*row))
    }
}

/// The directory with a proposal published last, for looking at it.
fn as_if_published(directory: &Directory, id: RosterPlanId, now: Timestamp) -> Option<Directory> {
    let mut with = directory.clone();
    let plan = with.roster_plans.get_mut(&id).filter(|plan| plan.state == PlanState::Proposed)?;
    plan.state = PlanState::Published;
    plan.created_at = now;
    Some(with)
}

/// Only whom the filter takes.
fn narrowed(mut group: Group, filter: &Filter, me: PersonId) -> Group {
    group.people.retain(|person| filter.takes_person(*person, me));
    group
}

/// The line under the title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// People on duty now, each once.
    pub on_duty: usize,
    /// When the next shift of those on duty ends, or the next one starts.
    pub handover: Option<Timestamp>,
    /// Gaps in the next 72 hours.
    pub gaps: usize,
    /// Changes that wait for my answer.
    pub waiting: usize,
}

/// The summary of this instant.
#[must_use]
pub fn summary(context: &Context<'_>) -> Summary {
    let (directory, now) = (context.directory, context.now);
    let people: BTreeSet<_> = duty::on_duty(directory, now).into_iter().map(|shift| shift.person).collect();
    let soon = now + TimeDelta::hours(AHEAD_HOURS);
    let edges = duty::rotas(directory).into_iter().flat_map(|rota| duty::shifts(directory, rota, now, soon));
    let handover = edges.flat_map(|shift| [shift.from, shift.to]).filter(|at| *at > now).min();
    let waiting = super::items::waiting_for_me(context).len();
    Summary { on_duty: people.len(), handover, gaps: duty::all_gaps(directory, now, soon).len(), waiting }
}
