//! What the mouse does in Queues: a view of the rail is chosen, a row is selected, and the selected one is opened.

use ratatui::layout::{Position, Rect};

use super::draw::{Parts, Rows, parts, rail_first};
use super::rail::items;
use super::{Focus, Queues};
use crate::console::effect::Effect;
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::pane::Context;

/// Rows that one notch of the wheel moves.
const NOTCH: i64 = 3;

impl Queues {
    pub(super) fn take_mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Vec<Effect> {
        let Parts { rail, list } = parts(self, area);
        let at = Position { x: mouse.column, y: mouse.row };
        let in_rail = rail.filter(|rail| rail.contains(at));
        let in_list = list.filter(|list| list.contains(at));
        match (mouse.kind, in_rail, in_list) {
            (MouseKind::WheelUp | MouseKind::WheelDown, _, Some(_)) => {
                self.list.step(if mouse.kind == MouseKind::WheelUp { -NOTCH } else { NOTCH })
            }
            (MouseKind::WheelUp | MouseKind::WheelDown, Some(_), _) => {
                self.rail.select(self.chosen(), context);
                let by = if mouse.kind == MouseKind::WheelUp { -1 } else { 1 };
                self.rail.step(by, context).map(|place| self.choose(place, context)).unwrap_or_default()
            }
            (MouseKind::Press, Some(rail), _) => self.press_rail(at, rail, list.is_none(), context),
            (MouseKind::Press, _, Some(list)) => self.press_list(at, list),
            _ => Vec::new(),
        }
    }

    fn press_rail(&mut self, at: Position, rail: Rect, alone: bool, context: &Context<'_>) -> Vec<Effect> {
        let items = items(&self.counts, &self.saved_counts, context);
        let current = items.iter().position(|item| item.place == self.chosen()).unwrap_or(0);
        let Some(row) = usize::from(at.y - rail.y).checked_sub(1) else { return Vec::new() };
        let Some(item) = items.get(rail_first(current, usize::from(rail.height - 1)) + row) else { return Vec::new() };
        let place = item.place;
        self.rail.select(place, context);
        if alone {
            self.focus = Focus::List;
        }
        if place == self.chosen() { Vec::new() } else { self.choose(place, context) }
    }

    fn press_list(&mut self, at: Position, list: Rect) -> Vec<Effect> {
        let rows = Rows::of(list);
        let Some(row) = usize::from(at.y - list.y).checked_sub(rows.above).map(|row| row / rows.each) else { return Vec::new() };
        let index = self.list.first_shown() + row;
        if row >= rows.fit || index >= self.list.total() {
            return Vec::new();
        }
        self.focus = Focus::List;
        if self.list.is_selected(index) {
            return self.list.selected().map(|ticket| Effect::OpenTicket(ticket.number)).into_iter().collect();
        }
        let by = i64::try_from(index).unwrap_or(0) - i64::try_from(self.list.index()).unwrap_or(0);
        self.list.step(by)
    }
}
