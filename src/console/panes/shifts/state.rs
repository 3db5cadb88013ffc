//! What the pane remembers: which view and span, whose line, and what was derived for it.

use std::cell::Cell;

use chrono::{Datelike, Months, NaiveDate, TimeDelta};

use super::acts::Flow;
use super::filter::Filter;
use super::items::Item;
use super::rotas::form::RotaForm;
use super::rotas::page::RotaPage;
use super::table::{Key, Summary, Table};
use crate::console::pane::Context;
use crate::console::panes::times;
use crate::domain::Timestamp;
use crate::domain::id::{HandoverId, PersonId, RosterPlanId, RotaId};
use crate::domain::roster::{Gap, Shift};

/// How much time is laid across the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// 24 hours as a timeline.
    #[default]
    Day,
    /// Seven local days as columns.
    Week,
    /// A calendar month as columns.
    Month,
}

/// What is on screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// People by time, in the [`Scale`] chosen.
    #[default]
    Roster,
    /// My shifts of the next weeks.
    Mine,
    /// Gaps of the next two weeks.
    Gaps,
    /// Changes that wait for an answer, and those I may withdraw.
    Waiting,
    /// Who is on duty at an instant.
    Who,
    Rotas,
    Rota(RotaId),
    /// Written-out rosters: proposed, published, withdrawn.
    Plans,
    /// What shifts told the next ones.
    Handovers,
    Handover(HandoverId),
    /// A rota being made or changed.
    Form,
}

/// What the last line tells instead of the selected person, until the next move.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    Mine(Shift),
    Gap(Gap),
}

/// The roster.
#[derive(Default)]
pub struct ShiftsPane {
    pub(super) view: View,
    pub(super) scale: Scale,
    /// The left edge of the day's timeline; absent until first shown.
    pub(super) start: Option<Timestamp>,
    /// The selected day of week and month.
    pub(super) day: Option<NaiveDate>,
    pub(super) filter: Filter,
    /// A proposal shown as if it were published.
    pub(super) plan: Option<RosterPlanId>,
    pub(super) table: Table,
    /// For what `table` holds.
    pub(super) planned: Option<Key>,
    /// The lines of the list on screen, and the selected one.
    pub(super) items: Vec<Item>,
    pub(super) at: usize,
    pub(super) who_at: Option<Timestamp>,
    pub(super) summary: Option<Summary>,
    pub(super) cursor: Option<(RotaId, PersonId)>,
    pub(super) note: Option<Note>,
    /// The server searches a roster.
    pub(super) searching: bool,
    /// What was asked, until its answer comes.
    pub(super) flow: Option<Flow>,
    pub(super) form: Option<RotaForm>,
    pub(super) rota_page: Option<RotaPage>,
    /// First line of a rota's page.
    pub(super) scroll: usize,
    /// Rows as last drawn, for paging.
    pub(super) page: Cell<usize>,
}

impl ShiftsPane {
    /// The selected day.
    pub(super) fn day(&self, context: &Context<'_>) -> NaiveDate {
        self.day.unwrap_or_else(|| times::date_of(context.now, context.zone))
    }

    /// The days across a week or month, first and first after.
    pub(super) fn days(&self, context: &Context<'_>) -> (NaiveDate, NaiveDate) {
        let day = self.day(context);
        if self.scale == Scale::Month {
            let first = day.with_day(1).unwrap_or(day);
            (first, first.checked_add_months(Months::new(1)).unwrap_or(first + TimeDelta::days(28)))
        } else {
            let monday = day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()));
            (monday, monday + TimeDelta::days(7))
        }
    }

    /// The span on screen.
    pub(super) fn span(&self, context: &Context<'_>) -> (Timestamp, Timestamp) {
        if self.scale == Scale::Day {
            let start = self.start.unwrap_or_else(|| day_start(context.now, context));
            return (start, start + TimeDelta::hours(24));
        }
        let (first, last) = self.days(context);
        (times::midnight(first, context.zone), times::midnight(last, context.zone))
    }

    /// Derives what is on screen when it is not what was derived last.
    pub(super) fn derive(&mut self, context: &Context<'_>) {
        let (from, to) = self.span(context);
        if self.scale == Scale::Day {
            self.start = Some(from);
        }
        let key = Key { from, to, filter: self.filter.clone(), plan: self.plan };
        if self.planned.as_ref() == Some(&key) {
            return;
        }
        self.table = Table::of(&key, context);
        self.planned = Some(key);
        if !self.cursor.is_some_and(|cursor| self.table.people().any(|one| one == cursor)) {
            self.cursor = self.table.people().find(|(_, person)| *person == context.me.id).or_else(|| self.table.people().next());
        }
    }

    /// Derives the lines of the list on screen.
    pub(super) fn list(&mut self, context: &Context<'_>) {
        self.items = super::items::items(self, context);
        self.rota_page = match self.view {
            View::Rota(rota) => RotaPage::of(rota, context),
            _ => None,
        };
        self.at = self.at.min(self.items.len().saturating_sub(1));
    }

    /// Shows a view from its top.
    pub(super) fn open(&mut self, view: View, context: &Context<'_>) {
        self.view = view;
        self.at = 0;
        self.scroll = 0;
        self.list(context);
    }

    pub(super) fn item(&self) -> Option<&Item> {
        self.items.get(self.at)
    }

    /// Shows the roster with `at` well in view.
    pub(super) fn show(&mut self, at: Timestamp, context: &Context<'_>) {
        self.view = View::Roster;
        self.start = Some(day_start(at, context));
        self.day = Some(times::date_of(at, context.zone));
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

    /// The shifts under the cursor, by start: of the selected line of a list, or of the selected person on the selected day or
    /// within the day's timeline.
    pub(super) fn chosen(&self, context: &Context<'_>) -> Vec<Shift> {
        match (self.view, self.item()) {
            (View::Mine | View::Who, Some(Item::Shift(shift))) => return vec![shift.clone()],
            (View::Roster, _) => {}
            _ => return Vec::new(),
        }
        let Some((rota, person)) = self.cursor else { return Vec::new() };
        let Some(group) = self.table.group(rota) else { return Vec::new() };
        let shifts = group.shifts(person).iter();
        if let Some(Note::Mine(shift)) = &self.note {
            return vec![shift.clone()];
        }
        if self.scale == Scale::Day {
            return shifts.cloned().collect();
        }
        let day = self.day(context);
        shifts.filter(|shift| times::date_of(shift.from, context.zone) == day).cloned().collect()
    }
}

/// A left edge of the timeline from which `at` is well in view: some hours before it.
pub fn day_start(at: Timestamp, context: &Context<'_>) -> Timestamp {
    let midnight = times::midnight(times::date_of(at, context.zone), context.zone);
    midnight + TimeDelta::hours((at - midnight).num_hours() / 2 * 2 - 6)
}
