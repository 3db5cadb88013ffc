//! What the timeline shows of a span, derived once and kept until the span or the directory changes.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::console::pane::Context;
use crate::console::panes::duty;
use crate::domain::Timestamp;
use crate::domain::id::{PersonId, RotaId};
use crate::domain::roster::{Gap, Rota, Shift};

/// Hours ahead in which gaps are counted.
const AHEAD_HOURS: i64 = 72;

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Rota(RotaId),
    /// The spans of the rota above in which too few are on duty.
    Gaps(Vec<Gap>),
    Person {
        rota: RotaId,
        person: PersonId,
        shifts: Vec<Shift>,
    },
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
}

/// The lines for a span: each active rota, its gaps, then its members and those who help out.
#[must_use]
pub fn rows(from: Timestamp, to: Timestamp, context: &Context<'_>) -> Vec<Row> {
    duty::rotas(context.directory).into_iter().flat_map(|rota| rota_rows(rota, from, to, context)).collect()
}

fn rota_rows(rota: &Rota, from: Timestamp, to: Timestamp, context: &Context<'_>) -> Vec<Row> {
    let shifts = duty::shifts(context.directory, rota, from, to);
    let gaps = duty::gaps(context.directory, rota, from, to);
    let mut people: Vec<PersonId> = Vec::new();
    for person in rota.members.iter().map(|member| member.person).chain(shifts.iter().map(|shift| shift.person)) {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    let mut rows = vec![Row::Rota(rota.id)];
    if !gaps.is_empty() {
        rows.push(Row::Gaps(gaps));
    }
    rows.extend(people.into_iter().map(|person| Row::Person {
        rota: rota.id,
        person,
        shifts: shifts.iter().filter(|shift| shift.person == person).cloned().collect(),
    }));
    rows
}

/// The summary of this instant.
#[must_use]
pub fn summary(context: &Context<'_>) -> Summary {
    let (directory, now) = (context.directory, context.now);
    let people: BTreeSet<_> = duty::on_duty(directory, now).into_iter().map(|shift| shift.person).collect();
    let soon = now + TimeDelta::hours(AHEAD_HOURS);
    let edges = duty::rotas(directory).into_iter().flat_map(|rota| duty::shifts(directory, rota, now, soon));
    let handover = edges.flat_map(|shift| [shift.from, shift.to]).filter(|at| *at > now).min();
    Summary { on_duty: people.len(), handover, gaps: duty::all_gaps(directory, now, soon).len() }
}
