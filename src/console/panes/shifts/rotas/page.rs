//! What the page of a rota shows, reckoned once when it opens or the directory changes.

use chrono::{Datelike, NaiveDate, TimeDelta};

use crate::console::pane::Context;
use crate::console::panes::shifts::table::Group;
use crate::console::panes::times;
use crate::domain::directory::Directory;
use crate::domain::id::RotaId;
use crate::domain::roster::fairness::{self, Fairness};
use crate::domain::roster::{LimitBreach, Rota, limits};

/// Days shown of a rota, on its page and under its form.
pub const DAYS: u16 = 14;
/// Days to each side of today that the fairness table counts.
const FAIR_DAYS: i64 = 28;

/// A rota with what follows from it.
pub struct RotaPage {
    pub rota: RotaId,
    /// The Monday from which `weeks` holds.
    pub first: NaiveDate,
    pub weeks: Group,
    pub fairness: Fairness,
    /// Limits broken in these two weeks.
    pub breaches: Vec<LimitBreach>,
}

impl RotaPage {
    #[must_use]
    pub fn of(rota: RotaId, context: &Context<'_>) -> Option<Self> {
        let directory = context.directory;
        let found = directory.rotas.get(&rota)?;
        let first = monday(context);
        let today = times::date_of(context.now, context.zone);
        let midnight = |days| times::midnight(today + TimeDelta::days(days), context.zone);
        let fairness = fairness::report(directory, &[found], midnight(-FAIR_DAYS), midnight(FAIR_DAYS));
        let (from, to) = span(first, context);
        let people: Vec<_> = found.members.iter().map(|member| member.person).collect();
        Some(Self {
            rota,
            first,
            weeks: weeks(found, directory, first, context),
            fairness,
            breaches: limits::breaches(directory, found, &people, from, to),
        })
    }
}

/// The Monday of this week.
#[must_use]
pub fn monday(context: &Context<'_>) -> NaiveDate {
    let today = times::date_of(context.now, context.zone);
    today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()))
}

fn span(first: NaiveDate, context: &Context<'_>) -> (crate::domain::Timestamp, crate::domain::Timestamp) {
    (times::midnight(first, context.zone), times::midnight(first + TimeDelta::days(DAYS.into()), context.zone))
}

/// Two weeks of a rota, which may be a draft.
#[must_use]
pub fn weeks(rota: &Rota, directory: &Directory, first: NaiveDate, context: &Context<'_>) -> Group {
    let (from, to) = span(first, context);
    Group::of(rota, directory, from, to)
}
