//! Shifts: the roster as a timeline, by day or by week, with the gaps in it.
//!
//! [`state`] is what it remembers, [`plan`] derives rows from the directory, [`update`] takes events, [`view`] draws.

mod plan;
mod state;
mod update;
mod view;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

pub use state::ShiftsPane;

use crate::console::action::Action;
use crate::console::effect::Effect;
use crate::console::pane::{Context, Pane, PaneEvent, PaneId};
use crate::domain::Timestamp;

impl Pane for ShiftsPane {
    fn id(&self) -> PaneId {
        PaneId::Shifts
    }

    fn update(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        self.take(event, context)
    }

    fn reveal(&mut self, at: Timestamp, context: &Context<'_>) {
        self.show_time(at, context);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        view::draw(self, frame, area, context);
        None
    }

    fn disabled(&self, action: Action, context: &Context<'_>) -> Option<&'static str> {
        match action {
            Action::NextGap if context.directory.rotas.is_empty() => Some("shifts-disabled-no-rota"),
            Action::MyNextShift if !self.i_am_rostered(context) => Some("shifts-disabled-not-rostered"),
            _ => None,
        }
    }

    fn badge(&self, _context: &Context<'_>) -> Option<usize> {
        self.summary.as_ref().map(|summary| summary.gaps).filter(|gaps| *gaps > 0)
    }
}
