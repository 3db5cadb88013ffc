//! Overview: the desk's figures as people would rather look at them. The server counts, once a minute; without a link the last
//! figures stay, with their age.
//!
//! [`state`] is what it remembers, [`update`] takes events, [`behind`] finds the tickets behind a mark, the other files each draw
//! one chart. Whatever a chart shows by height, shade or place is written beside it in words.

mod behind;
mod flow;
mod heat;
pub mod load;
mod places;
mod state;
#[cfg(test)]
pub mod tests;
mod update;
mod view;
mod waits;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

pub use state::OverviewPane;

use crate::console::effect::Effect;
use crate::console::mouse::Mouse;
use crate::console::pane::{Context, Pane, PaneEvent, PaneId};

impl Pane for OverviewPane {
    fn id(&self) -> PaneId {
        PaneId::Overview
    }

    fn update(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        self.take(event, context)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        view::draw(self, frame, area, context);
        None
    }

    fn mouse(&mut self, mouse: Mouse, area: Rect, _context: &Context<'_>) -> Vec<Effect> {
        self.take_mouse(mouse, area);
        Vec::new()
    }
}
