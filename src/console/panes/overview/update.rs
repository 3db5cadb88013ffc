//! Events: which figures to ask for, and where the mark goes.

use ratatui::layout::{Position, Rect};

use super::behind;
use super::state::{Chart, OverviewPane, place_rows};
use super::view::chart_at;
use crate::base::text::clean;
use crate::console::action::Action;
use crate::console::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind};
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::pane::{Context, PaneEvent};
use crate::domain::access::sees_all_queues;
use crate::domain::id::QueueId;
use crate::domain::queue::Queue;

/// Id and title of the question.
const CHOOSE: &str = "overview-choose-queue";
/// The choice of every queue.
const ALL: &str = "all";
/// Figures are counted once a minute: a younger answer is not asked for again.
const FRESH_SECS: i64 = 55;

/// Queues that there are figures about for this person, in their order.
fn queues<'a>(context: &Context<'a>) -> Vec<&'a Queue> {
    let mine = |queue: &&Queue| queue.active && (sees_all_queues(context.me) || context.me.queues.contains(&queue.id));
    let mut queues: Vec<&Queue> = context.directory.queues.values().filter(mine).collect();
    queues.sort_by(|a, b| (a.position, &a.key).cmp(&(b.position, &b.key)));
    queues
}

impl OverviewPane {
    pub(super) fn take(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => self.refresh(context),
            PaneEvent::Tick if self.seen.take() => self.refresh(context),
            PaneEvent::Action(action, count) => self.act(action, i64::try_from(count).unwrap_or(1), context),
            PaneEvent::Loaded(Loaded::Figures { range, queue, figures }) if (range, queue) == (self.range, self.queue) => {
                match figures {
                    Ok(figures) => (self.figures, self.why) = (Some(figures.overview), figures.stale),
                    Err(why) => self.why = Some(why),
                }
                Vec::new()
            }
            PaneEvent::Loaded(Loaded::Answer { id: CHOOSE, answer: Answer::Picked(value) }) => {
                let queue = (value != ALL).then(|| value.parse::<QueueId>().ok()).flatten();
                self.show(context, |pane| pane.queue = queue)
            }
            _ => Vec::new(),
        }
    }

    /// Asks for the figures, unless it did just now.
    fn refresh(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let young = self.asked_at.is_some_and(|at| (context.now - at).num_seconds() < FRESH_SECS);
        if young && (self.figures.is_some() || self.why.is_none()) {
            return Vec::new();
        }
        self.asked_at = Some(context.now);
        vec![Effect::Load(Load::Figures { range: self.range, queue: self.queue })]
    }

    /// Other figures: those on screen are of something else and go.
    fn show(&mut self, context: &Context<'_>, change: impl FnOnce(&mut Self)) -> Vec<Effect> {
        let before = (self.range, self.queue);
        change(self);
        if before == (self.range, self.queue) {
            return Vec::new();
        }
        (self.figures, self.why, self.asked_at, self.step) = (None, None, None, None);
        (self.person, self.place) = (0, 0);
        self.refresh(context)
    }

    /// The wheel moves the mark, a press chooses the chart under it.
    pub(super) fn take_mouse(&mut self, mouse: Mouse, area: Rect) {
        match mouse.kind {
            MouseKind::WheelDown => self.down(1),
            MouseKind::WheelUp => self.down(-1),
            MouseKind::Press => {
                let at = Position { x: mouse.column, y: mouse.row };
                self.chart = chart_at(area, at).filter(|_| self.figures.is_some()).unwrap_or(self.chart);
            }
            _ => {}
        }
    }

    fn act(&mut self, action: Action, count: i64, context: &Context<'_>) -> Vec<Effect> {
        match action {
            Action::NextTab => return self.show(context, |pane| pane.range = pane.range.step(count)),
            Action::PreviousTab => return self.show(context, |pane| pane.range = pane.range.step(-count)),
            Action::NextFocus => self.chart = self.chart.step(1),
            Action::PreviousFocus => self.chart = self.chart.step(-1),
            Action::OverviewQueue => return self.choose(context),
            Action::Open => return behind::tickets(self, context),
            Action::Left => self.along(-count),
            Action::Right => self.along(count),
            Action::Down => self.down(count),
            Action::Up => self.down(-count),
            Action::HalfPageDown | Action::PageDown => self.down(10 * count),
            Action::HalfPageUp | Action::PageUp => self.down(-10 * count),
            Action::First => self.mark_end(i64::MIN / 2),
            Action::Last => self.mark_end(i64::MAX / 2),
            _ => {}
        }
        Vec::new()
    }

    fn choose(&self, context: &Context<'_>) -> Vec<Effect> {
        let choice = |value: String, label: String, hint: String| Choice { value, label, hint, disabled: None };
        let mut choices = vec![choice(ALL.to_owned(), context.locale.text("overview-all-queues").into_owned(), String::new())];
        choices.extend(queues(context).into_iter().map(|queue| choice(queue.id.to_string(), clean(&queue.name), queue.key.clone())));
        vec![Effect::Ask(Box::new(Question { id: CHOOSE, title: CHOOSE, kind: QuestionKind::Pick { choices } }))]
    }

    fn mark_end(&mut self, far: i64) {
        match self.chart {
            Chart::Flow | Chart::Backlog | Chart::Response | Chart::Heat => self.along(far),
            Chart::Load | Chart::Places => self.down(far),
        }
    }

    /// Along time: steps, or hours.
    fn along(&mut self, by: i64) {
        match self.chart {
            Chart::Heat => self.cell.1 = moved(self.cell.1, by, 24),
            Chart::Load | Chart::Places => {}
            Chart::Flow | Chart::Backlog | Chart::Response => {
                let Some(figures) = &self.figures else { return };
                let Some(marked) = self.marked_step(figures) else { return };
                let step = moved(marked, by, figures.steps.len());
                self.step = (step + 1 < figures.steps.len()).then_some(step);
            }
        }
    }

    /// Down a list, or the weekdays.
    fn down(&mut self, by: i64) {
        let Some(figures) = &self.figures else { return };
        match self.chart {
            Chart::Heat => self.cell.0 = moved(self.cell.0, by, 7),
            Chart::Load => self.person = moved(self.person, by, figures.people.len()),
            Chart::Places => self.place = moved(self.place, by, place_rows(figures).len()),
            // Charts over time have no rows: down and up move along as well.
            Chart::Flow | Chart::Backlog | Chart::Response => self.along(by),
        }
    }
}

/// `index` moved inside `total`.
fn moved(index: usize, by: i64, total: usize) -> usize {
    let last = i64::try_from(total.saturating_sub(1)).unwrap_or(0);
    usize::try_from(i64::try_from(index).unwrap_or(0).saturating_add(by).clamp(0, last)).unwrap_or(0)
}
