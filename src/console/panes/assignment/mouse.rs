//! What the mouse does in Assignment: a row is selected, the selected one is opened, the wheel moves what is under it.

use ratatui::layout::{Position, Rect};

use super::roll::Row;
use super::state::{AssignmentPane, Focus, Layer};
use super::view::{halves, roll_shown};
use crate::console::action::Action;
use crate::console::effect::Effect;
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::pane::{Context, PaneEvent};
use crate::console::widgets::list;

/// Rows that one notch of the wheel moves.
const NOTCH: usize = 3;

impl AssignmentPane {
    pub(super) fn take_mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Vec<Effect> {
        let (people, tickets) = halves(self, area);
        let at = Position { x: mouse.column, y: mouse.row };
        let (half, focus) = if people.contains(at) { (people, Focus::People) } else { (tickets, Focus::Tickets) };
        if !half.contains(at) {
            return Vec::new();
        }
        let had = std::mem::replace(&mut self.focus, focus);
        let act = match mouse.kind {
            MouseKind::WheelUp => Action::Up,
            MouseKind::WheelDown => Action::Down,
            MouseKind::Press => {
                let row = usize::from(mouse.row - half.y).checked_sub(1);
                let body = half.height.saturating_sub(1);
                let again =
                    row.is_some_and(|row| if focus == Focus::People { self.press_person(row, body) } else { self.press_ticket(row, body) });
                return if again && had == focus { self.take(PaneEvent::Action(Action::Open, 1), context) } else { Vec::new() };
            }
            MouseKind::Drag | MouseKind::Release => return Vec::new(),
        };
        self.take(PaneEvent::Action(act, NOTCH), context)
    }

    /// Whether the row was the selected one already.
    fn press_person(&mut self, row: usize, height: u16) -> bool {
        let Some(index) = roll_shown(self, height).nth(row) else { return false };
        let Some(Row::Person { group, person, .. }) = self.roll.get(index) else { return false };
        let pressed = Some((*group, *person));
        std::mem::replace(&mut self.person, pressed) == pressed
    }

    fn press_ticket(&mut self, row: usize, height: u16) -> bool {
        let tickets = match self.layers.last() {
            None => &mut self.pool,
            Some(Layer::Holding(_)) => &mut self.held,
            // What is explained or set is moved through by keys and the wheel.
            Some(_) => return false,
        };
        let (index, total) = (tickets.index().unwrap_or(0), tickets.rows().len());
        let Some(pressed) = list::page(total, index, usize::from(height)).nth(row) else { return false };
        let by = isize::try_from(pressed).unwrap_or(0) - isize::try_from(index).unwrap_or(0);
        tickets.step(by);
        by == 0
    }
}
