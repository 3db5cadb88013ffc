//! What the pane remembers: which span, whose line, and the rows derived for the span.

use std::cell::Cell;

use chrono::{Datelike, TimeDelta};

use super::plan::{Row, Summary};
use crate::console::pane::Context;
use crate::console::panes::times;
use crate::domain::Timestamp;
use crate::domain::id::{PersonId, RotaId};
use crate::domain::roster::{Gap, Shift};

/// How much time is laid across the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// 24 hours.
    #[default]
    Day,
    /// Seven local days.
    Week,
}

/// What the last line tells instead of the selected person, until the next move.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    Mine(Shift),
    Gap(Gap),
}

/// The roster as a timeline.
#[derive(Debug, Default)]
pub struct ShiftsPane {
    pub(super) scale: Scale,
    /// The left edge; absent until first shown.
    pub(super) start: Option<Timestamp>,
    pub(super) rows: Vec<Row>,
    /// The span for which `rows` holds.
    pub(super) planned: Option<(Timestamp, Timestamp)>,
    pub(super) summary: Option<Summary>,
    pub(super) cursor: Option<(RotaId, PersonId)>,
    pub(super) note: Option<Note>,
    /// Rows of the timeline as last drawn, for paging.
    pub(super) page: Cell<usize>,
}

impl ShiftsPane {
    /// The span on screen.
    pub(super) fn span(&self, context: &Context<'_>) -> (Timestamp, Timestamp) {
        let start = self.start.unwrap_or_else(|| start_for(self.scale, context.now, context));
        let end = match self.scale {
            Scale::Day => start + TimeDelta::hours(24),
            Scale::Week => {
                let first = times::date_of(start, context.zone);
                times::midnight(first + TimeDelta::days(7), context.zone)
            }
        };
        (start, end)
    }

    pub(super) fn people(&self) -> Vec<(RotaId, PersonId)> {
        let people = self.rows.iter().filter_map(|row| match row {
            Row::Person { rota, person, .. } => Some((*rota, *person)),
            _ => None,
        });
        people.collect()
    }

    pub(super) fn i_am_rostered(&self, context: &Context<'_>) -> bool {
        let me = context.me.id;
        let member = context.directory.rotas.values().any(|rota| rota.members.iter().any(|member| member.person == me));
        member
            || context
                .directory
                .roster_changes
                .values()
                .any(|change| !change.cancelled && (change.person == me || change.other == Some(me)))
    }
}

/// A left edge from which `at` is well in view: some hours before it by day, its week's Monday by week.
pub fn start_for(scale: Scale, at: Timestamp, context: &Context<'_>) -> Timestamp {
    let date = times::date_of(at, context.zone);
    match scale {
        Scale::Day => {
            let midnight = times::midnight(date, context.zone);
            let hours = (at - midnight).num_hours() / 2 * 2 - 6;
            midnight + TimeDelta::hours(hours)
        }
        Scale::Week => times::midnight(date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday())), context.zone),
    }
}
