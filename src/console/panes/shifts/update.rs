//! What events do: moves through time and people, opens lists, jumps to gaps and shifts. What changes the roster is in
//! [`acts`](super::acts).

use chrono::{Months, NaiveDate, TimeDelta};

use super::acts::Flow;
use super::items::{self, GAP_DAYS, Item};
use super::state::{Note, Scale, ShiftsPane, View, day_start};
use super::{filter::Filter, table};
use crate::console::action::Action;
use crate::console::effect::{Effect, Loaded, Question, QuestionKind};
use crate::console::pane::{Context, PaneEvent};
use crate::console::panes::{duty, times};
use crate::console::widgets::list;
use crate::domain::Timestamp;

/// Most days one key moves, whatever its count: dates stay within the calendar.
const STEPS_MAX: i64 = 3660;
/// What its dialogs are called.
pub const QUESTION: &str = "rosterask";

impl ShiftsPane {
    pub(super) fn take(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        let effects = match event {
            PaneEvent::Shown => {
                self.refresh(context);
                Vec::new()
            }
            PaneEvent::Tick => {
                self.summary = Some(table::summary(context));
                Vec::new()
            }
            PaneEvent::Changed(changed) if changed.all || changed.directory => {
                self.refresh(context);
                Vec::new()
            }
            PaneEvent::Action(action, count) => self.act(action, count, context),
            PaneEvent::Loaded(Loaded::Answer { id: QUESTION, answer }) => self.answered(answer, context),
            PaneEvent::Loaded(Loaded::Roster(found)) => self.generated(found, context),
            PaneEvent::Loaded(Loaded::DraftedHandover(found)) => self.handover_drafted(found, context),
            PaneEvent::OpenHandover(id) => {
                self.open(View::Handover(id), context);
                Vec::new()
            }
            PaneEvent::Key(key) => self.form_key(key, context),
            PaneEvent::Paste(text) => {
                if let Some(form) = &mut self.form {
                    form.paste(&text);
                }
                Vec::new()
            }
            _ => return Vec::new(),
        };
        self.derive(context);
        effects
    }

    fn refresh(&mut self, context: &Context<'_>) {
        self.planned = None;
        self.summary = Some(table::summary(context));
        if self.plan.is_some_and(|plan| !context.directory.roster_plans.contains_key(&plan)) {
            self.plan = None;
        }
        if matches!(self.view, View::Rota(rota) if !context.directory.rotas.contains_key(&rota)) {
            self.view = View::Rotas;
        }
        if self.note.as_ref().is_some_and(|note| !still_so(note, context)) {
            self.note = None;
        }
        self.list(context);
    }

    /// The day around `at`.
    pub(super) fn reveal_time(&mut self, at: Timestamp, context: &Context<'_>) {
        self.scale = Scale::Day;
        self.show(at, context);
        self.derive(context);
    }

    fn act(&mut self, action: Action, count: usize, context: &Context<'_>) -> Vec<Effect> {
        let count = isize::try_from(count.max(1)).unwrap_or(isize::MAX);
        let page = isize::try_from(self.page.get().max(2)).unwrap_or(isize::MAX);
        match action {
            Action::Down => self.step(count),
            Action::Up => self.step(-count),
            Action::HalfPageDown => self.step((page / 2).saturating_mul(count)),
            Action::HalfPageUp => self.step(-(page / 2).saturating_mul(count)),
            Action::PageDown => self.step(page.saturating_mul(count)),
            Action::PageUp => self.step(-page.saturating_mul(count)),
            Action::First => self.step(isize::MIN + 1),
            Action::Last => self.step(isize::MAX),
            Action::Left => self.travel(-(count as i64), false, context),
            Action::Right => self.travel(count as i64, false, context),
            Action::PreviousTab => self.travel(-(count as i64), true, context),
            Action::NextTab => self.travel(count as i64, true, context),
            Action::DayScale => self.rescale(Scale::Day, context),
            Action::WeekScale => self.rescale(Scale::Week, context),
            Action::MonthScale => self.rescale(Scale::Month, context),
            Action::Now => {
                self.note = None;
                self.show(context.now, context);
            }
            Action::Back => self.back(context),
            Action::Open => return self.enter(context),
            Action::MyCalendar => self.open(View::Mine, context),
            Action::GapsAhead => self.open(View::Gaps, context),
            Action::RosterAnswers => self.open(View::Waiting, context),
            Action::Rotas => self.open(View::Rotas, context),
            Action::RosterPlans => self.open(View::Plans, context),
            Action::Handovers => self.open(View::Handovers, context),
            Action::NextGap => return self.next_gap(context),
            Action::MyNextShift => return self.my_next_shift(context),
            Action::GoToDate => return self.ask(Flow::GoTo, "shifts-ask-date", QuestionKind::Prompt { text: String::new() }),
            Action::DutyAt => return self.ask(Flow::WhoAt, "shifts-ask-who", QuestionKind::Prompt { text: String::new() }),
            Action::RosterFilter => {
                return self.ask(Flow::Filter, "shifts-ask-filter", QuestionKind::Pick { choices: Filter::choices(context) });
            }
            other => return self.begin(other, context),
        }
        Vec::new()
    }

    /// Asks, and remembers for what.
    pub(super) fn ask(&mut self, flow: Flow, title: &'static str, kind: QuestionKind) -> Vec<Effect> {
        self.flow = Some(flow);
        vec![Effect::Ask(Box::new(Question { id: QUESTION, title, kind }))]
    }

    fn step(&mut self, by: isize) {
        match self.view {
            View::Roster => {
                self.note = None;
                let people: Vec<_> = self.table.people().collect();
                let index = self.cursor.and_then(|cursor| people.iter().position(|other| *other == cursor));
                self.cursor = list::step(index, by, people.len()).and_then(|index| people.get(index)).copied();
            }
            View::Rota(_) | View::Handover(_) | View::Form => {
                self.scroll = self.scroll.saturating_add_signed(by.clamp(-10_000, 10_000)).min(10_000)
            }
            _ => self.at = list::step(Some(self.at), by, self.items.len()).unwrap_or(0),
        }
    }

    /// Moves by two hours or a day; `whole` moves by all that is on screen.
    fn travel(&mut self, steps: i64, whole: bool, context: &Context<'_>) {
        if self.view != View::Roster {
            return;
        }
        self.note = None;
        let steps = steps.clamp(-STEPS_MAX, STEPS_MAX);
        if self.scale == Scale::Day {
            let (start, _) = self.span(context);
            let moved = start + TimeDelta::hours(if whole { 24 } else { 2 } * steps);
            // Beyond some years nobody plans; and the calendar itself ends somewhere.
            if (moved - context.now).num_days().abs() <= STEPS_MAX {
                self.start = Some(moved);
            }
            return;
        }
        let day = self.day(context);
        let moved = match (self.scale, whole) {
            (Scale::Month, true) => {
                let months = Months::new(u32::try_from(steps.unsigned_abs()).unwrap_or(u32::MAX));
                if steps < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) }
            }
            (_, true) => day.checked_add_signed(TimeDelta::days(7 * steps)),
            (_, false) => day.checked_add_signed(TimeDelta::days(steps)),
        };
        let near = |day: &NaiveDate| (*day - times::date_of(context.now, context.zone)).num_days().abs() <= STEPS_MAX;
        self.day = moved.filter(near).or(Some(day));
    }

    fn rescale(&mut self, scale: Scale, context: &Context<'_>) {
        let was_list = self.view != View::Roster;
        self.view = View::Roster;
        if self.scale == scale {
            return;
        }
        let (from, to) = self.span(context);
        let was = std::mem::replace(&mut self.scale, scale);
        if was_list {
            return;
        }
        match (was, scale) {
            (Scale::Day, _) => {
                let about = if (from..to).contains(&context.now) { context.now } else { from + (to - from) / 2 };
                self.day = Some(times::date_of(about, context.zone));
            }
            (_, Scale::Day) => {
                let day = self.day(context);
                let today = times::date_of(context.now, context.zone);
                let at = if day == today { context.now } else { times::midnight(day, context.zone) + TimeDelta::hours(6) };
                self.start = Some(day_start(at, context));
            }
            _ => {}
        }
    }

    fn back(&mut self, context: &Context<'_>) {
        match self.view {
            View::Roster if self.note.is_some() => self.note = None,
            View::Roster if self.plan.is_some() => {
                self.plan = None;
                self.open(View::Plans, context);
            }
            View::Roster => self.filter = Filter::All,
            View::Rota(_) => self.open(View::Rotas, context),
            View::Handover(_) => self.open(View::Handovers, context),
            _ => self.view = View::Roster,
        }
    }

    /// Enter: from a line of a list to what it is about; in the roster from month to week to day.
    fn enter(&mut self, context: &Context<'_>) -> Vec<Effect> {
        match (self.view, self.item().cloned()) {
            (View::Roster, _) => match self.scale {
                Scale::Month => self.rescale(Scale::Week, context),
                Scale::Week => self.rescale(Scale::Day, context),
                Scale::Day => {}
            },
            (View::Waiting, Some(Item::Change(_))) => return self.begin(Action::AnswerChange, context),
            (_, Some(Item::Shift(shift))) => {
                let at = if self.view == View::Who { self.who_at.unwrap_or(context.now) } else { shift.from };
                self.show_line(at, (shift.rota, shift.person), context);
                self.note = (shift.person == context.me.id && self.view == View::Mine).then_some(Note::Mine(shift));
            }
            (_, Some(Item::Gap(gap))) => self.show_gap(gap, context),
            (_, Some(Item::Handover(id))) => self.open(View::Handover(id), context),
            (_, Some(Item::Rota(rota))) => self.open(View::Rota(rota), context),
            (_, Some(Item::Plan(id))) => {
                if let Some(plan) = context.directory.roster_plans.get(&id) {
                    self.plan = Some(id);
                    self.scale = Scale::Month;
                    self.view = View::Roster;
                    self.day = Some(plan.from);
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn show_line(&mut self, at: Timestamp, line: (crate::domain::id::RotaId, crate::domain::id::PersonId), context: &Context<'_>) {
        self.filter = Filter::All;
        self.show(at, context);
        self.cursor = Some(line);
        self.derive(context);
    }

    /// The gap's line stands above its rota's people: the cursor among them brings it on screen.
    pub(super) fn show_gap(&mut self, gap: crate::domain::roster::Gap, context: &Context<'_>) {
        self.plan = None;
        if !context.directory.rotas.get(&gap.rota).is_some_and(|rota| self.filter.takes_rota(context.directory, rota, context.me.id)) {
            self.filter = Filter::All;
        }
        self.show(gap.from, context);
        self.derive(context);
        let first = self.table.people().find(|(rota, _)| *rota == gap.rota);
        self.cursor = first.or(self.cursor);
        self.note = Some(Note::Gap(gap));
    }

    fn next_gap(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let last = match &self.note {
            Some(Note::Gap(gap)) => Some((gap.from, gap.rota)),
            _ => None,
        };
        let ordered = items::gaps_ahead(context);
        let next = ordered.iter().find(|gap| last.is_none_or(|last| (gap.from, gap.rota) > last)).or(ordered.first()).cloned();
        let Some(gap) = next else {
            return vec![Effect::Toast { key: "shifts-no-gap", args: vec![("days", GAP_DAYS.to_string())] }];
        };
        let only = last == Some((gap.from, gap.rota));
        self.show_gap(gap, context);
        let toast = || Effect::Toast { key: "shifts-no-other-gap", args: vec![("days", GAP_DAYS.to_string())] };
        only.then(toast).into_iter().collect()
    }

    fn my_next_shift(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(shift) = duty::next_shift(context.directory, context.me.id, context.now) else {
            return vec![Effect::Toast { key: "shifts-none-mine", args: Vec::new() }];
        };
        self.plan = None;
        self.show_line(shift.from, (shift.rota, shift.person), context);
        self.note = Some(Note::Mine(shift));
        Vec::new()
    }
}

/// Whether what a note tells is in the directory yet: a gap may be filled and a shift given away since.
fn still_so(note: &Note, context: &Context<'_>) -> bool {
    let directory = context.directory;
    match note {
        Note::Gap(gap) => {
            let found = directory.rotas.get(&gap.rota).map_or_else(Vec::new, |rota| duty::gaps(directory, rota, gap.from, gap.to));
            found.contains(gap)
        }
        Note::Mine(shift) => {
            let found = directory.rotas.get(&shift.rota).map_or_else(Vec::new, |rota| duty::shifts(directory, rota, shift.from, shift.to));
            found.contains(shift)
        }
    }
}
