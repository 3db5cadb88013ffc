//! What the mouse does in Shifts: a scale is chosen, a row is selected, the selected line of a list is opened, the wheel moves.

use ratatui::layout::{Position, Rect};

use super::state::{Scale, ShiftsPane, View};
use super::view::{parts, roster_row, scale_at};
use crate::console::action::Action;
use crate::console::effect::Effect;
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::pane::{Context, PaneEvent};
use crate::console::widgets::list;

/// Rows that one notch of the wheel moves.
const NOTCH: usize = 3;

impl ShiftsPane {
    pub(super) fn take_mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Vec<Effect> {
        if self.view == View::Form {
            return Vec::new();
        }
        let act = |action, count| PaneEvent::Action(action, count);
        match mouse.kind {
            MouseKind::WheelUp => self.take(act(Action::Up, NOTCH), context),
            MouseKind::WheelDown => self.take(act(Action::Down, NOTCH), context),
            MouseKind::Press => {
                let (parts, at) = (parts(area), Position { x: mouse.column, y: mouse.row });
                if parts.title.contains(at) {
                    let scale = scale_at(self, at.x - area.x, context).map(|scale| match scale {
                        Scale::Day => Action::DayScale,
                        Scale::Week => Action::WeekScale,
                        Scale::Month => Action::MonthScale,
                    });
                    return scale.map(|action| self.take(act(action, 1), context)).unwrap_or_default();
                }
                if parts.body.contains(at) && self.press(at.y - parts.body.y, parts.body) {
                    return self.take(act(Action::Open, 1), context);
                }
                Vec::new()
            }
            MouseKind::Drag | MouseKind::Release => Vec::new(),
        }
    }

    /// Selects the line; whether it is one of a list and was selected already.
    fn press(&mut self, line: u16, body: Rect) -> bool {
        match self.view {
            View::Roster => {
                if let Some(person) = roster_row(self, body, line).and_then(|row| self.table.person(row)) {
                    (self.cursor, self.note) = (Some(person), None);
                }
                false
            }
            View::Rota(_) | View::Handover(_) | View::Form => false,
            _ => {
                let rows = usize::from(body.height.saturating_sub(1));
                let shown = line.checked_sub(1).and_then(|line| list::page(self.items.len(), self.at, rows).nth(usize::from(line)));
                let Some(index) = shown else { return false };
                std::mem::replace(&mut self.at, index) == index
            }
        }
    }
}
