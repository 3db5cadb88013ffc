//! What events do: moves through time and people, jumps to gaps and shifts.

use chrono::TimeDelta;

use super::plan;
use super::state::{Note, Scale, ShiftsPane, start_for};
use crate::console::action::Action;
use crate::console::effect::Effect;
use crate::console::pane::{Context, PaneEvent};
use crate::console::panes::{duty, times};
use crate::console::widgets::list;
use crate::domain::Timestamp;

/// Days in which the next gap is looked for.
const GAP_DAYS: i64 = 14;
/// Most days one key moves, whatever its count: dates stay within the calendar.
const STEPS_MAX: i64 = 3660;

impl ShiftsPane {
    pub(super) fn take(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => {
                self.planned = None;
                self.summary = Some(plan::summary(context));
            }
            PaneEvent::OpenTicket(_) | PaneEvent::OpenConversation(_) => {}
            PaneEvent::Tick => self.summary = Some(plan::summary(context)),
            PaneEvent::Changed(changed) => {
                if !changed.all && !changed.directory {
                    return Vec::new();
                }
                self.planned = None;
                self.summary = Some(plan::summary(context));
            }
            PaneEvent::Action(action, count) => {
                let effects = self.act(action, count, context);
                self.derive(context);
                return effects;
            }
            PaneEvent::Key(_) | PaneEvent::Paste(_) | PaneEvent::Loaded(_) => return Vec::new(),
        }
        self.derive(context);
        Vec::new()
    }

    /// Derives the rows when the span is not the one they were derived for.
    fn derive(&mut self, context: &Context<'_>) {
        let span = self.span(context);
        self.start = Some(span.0);
        if self.planned == Some(span) {
            return;
        }
        self.rows = plan::rows(span.0, span.1, context);
        self.planned = Some(span);
        let people = self.people();
        if !self.cursor.is_some_and(|cursor| people.contains(&cursor)) {
            self.cursor = people.iter().find(|(_, person)| *person == context.me.id).or(people.first()).copied();
        }
    }

    /// The day around `at`.
    pub(super) fn show_time(&mut self, at: Timestamp, context: &Context<'_>) {
        self.scale = Scale::Day;
        self.start = Some(start_for(Scale::Day, at, context));
        self.derive(context);
    }

    fn act(&mut self, action: Action, count: usize, context: &Context<'_>) -> Vec<Effect> {
        let count = isize::try_from(count.max(1)).unwrap_or(isize::MAX);
        let page = isize::try_from(self.page.get().max(2)).unwrap_or(isize::MAX);
        match action {
            Action::Down => self.step(count),
            Action::Up => self.step(-count),
            Action::HalfPageDown => self.step(page / 2),
            Action::HalfPageUp => self.step(-(page / 2)),
            Action::PageDown => self.step(page),
            Action::PageUp => self.step(-page),
            Action::First => self.step(isize::MIN + 1),
            Action::Last => self.step(isize::MAX),
            Action::Left => self.travel(-(count as i64), false, context),
            Action::Right => self.travel(count as i64, false, context),
            Action::PreviousTab => self.travel(-(count as i64), true, context),
            Action::NextTab => self.travel(count as i64, true, context),
            Action::DayScale => self.rescale(Scale::Day, context),
            Action::WeekScale => self.rescale(Scale::Week, context),
            Action::Now => {
                self.note = None;
                self.show(context.now, context);
            }
            Action::Back => self.note = None,
            Action::NextGap => return self.next_gap(context),
            Action::MyNextShift => return self.my_next_shift(context),
            _ => {}
        }
        Vec::new()
    }

    fn step(&mut self, by: isize) {
        self.note = None;
        let people = self.people();
        let index = self.cursor.and_then(|cursor| people.iter().position(|other| *other == cursor));
        self.cursor = list::step(index, by, people.len()).and_then(|index| people.get(index)).copied();
    }

    /// Moves by two hours or a day; `whole` moves by all that is on screen.
    fn travel(&mut self, steps: i64, whole: bool, context: &Context<'_>) {
        let steps = steps.clamp(-STEPS_MAX, STEPS_MAX);
        let (start, _) = self.span(context);
        let moved = match (self.scale, whole) {
            (Scale::Day, false) => start + TimeDelta::hours(2 * steps),
            (Scale::Day, true) => start + TimeDelta::hours(24 * steps),
            (Scale::Week, _) => {
                let days = if whole { 7 * steps } else { steps };
                times::midnight(times::date_of(start, context.zone) + TimeDelta::days(days), context.zone)
            }
        };
        // Beyond some years nobody plans; and the calendar itself ends somewhere.
        if (moved - context.now).num_days().abs() <= STEPS_MAX {
            self.start = Some(moved);
        }
    }

    fn rescale(&mut self, scale: Scale, context: &Context<'_>) {
        if self.scale == scale {
            return;
        }
        let (from, to) = self.span(context);
        self.scale = scale;
        let about = if (from..to).contains(&context.now) { context.now } else { from + (to - from) / 2 };
        self.start = Some(start_for(scale, about, context));
    }

    fn show(&mut self, at: Timestamp, context: &Context<'_>) {
        self.start = Some(start_for(self.scale, at, context));
    }

    fn next_gap(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let last = match &self.note {
            Some(Note::Gap(gap)) => Some((gap.from, gap.rota)),
            _ => None,
        };
        let gaps = duty::all_gaps(context.directory, context.now, context.now + TimeDelta::days(GAP_DAYS));
        let mut ordered = gaps;
        ordered.sort_by_key(|gap| (gap.from, gap.rota));
        let next = ordered.iter().find(|gap| last.is_none_or(|last| (gap.from, gap.rota) > last)).or(ordered.first()).cloned();
        let Some(gap) = next else {
            return vec![Effect::Toast { key: "shifts-no-gap", args: vec![("days", GAP_DAYS.to_string())] }];
        };
        self.show(gap.from, context);
        self.derive(context);
        // The gap's line stands above its rota's people: the cursor among them brings it on screen.
        self.cursor = self.people().into_iter().find(|(rota, _)| *rota == gap.rota).or(self.cursor);
        let only = last == Some((gap.from, gap.rota));
        self.note = Some(Note::Gap(gap));
        let toast = || Effect::Toast { key: "shifts-no-other-gap", args: vec![("days", GAP_DAYS.to_string())] };
        only.then(toast).into_iter().collect()
    }

    fn my_next_shift(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(shift) = duty::next_shift(context.directory, context.me.id, context.now) else {
            return vec![Effect::Toast { key: "shifts-none-mine", args: Vec::new() }];
        };
        self.show(shift.from, context);
        self.cursor = Some((shift.rota, shift.person));
        self.note = Some(Note::Mine(shift));
        Vec::new()
    }
}
