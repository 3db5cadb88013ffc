//! Assignment: who is on duty and how loaded, what waits in the pool and why, and why the desk chose as it did.
//!
//! [`state`] is what it remembers, [`update`] what events do to it, [`view`] draws it. It decides nothing: a ticket is
//! given by a command that the server may refuse.

mod eligible;
mod mouse;
mod moves;
mod roll;
mod settings;
mod state;
mod table;
mod tickets;
mod update;
mod view;
mod why;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

pub use state::AssignmentPane;
pub use table::lines as candidates;

use crate::console::action::Action;
use crate::console::effect::Effect;
use crate::console::mouse::Mouse;
use crate::console::pane::{Context, Pane, PaneEvent, PaneId};
use crate::domain::{Timestamp, access};

impl Pane for AssignmentPane {
    fn id(&self) -> PaneId {
        PaneId::Assignment
    }

    fn update(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        self.take(event, context)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        view::draw(self, frame, area, context);
        None
    }

    fn disabled(&self, action: Action, context: &Context<'_>) -> Option<&'static str> {
        use Action::{
            AnswerEscalation, Assign, Claim, CopyNumber, Escalate, GiveTo, LinkTicket, Merge, MoveQueue, Note, Release, Reply, SetPriority,
            SetStatus, Tags, WhoNow, Why,
        };
        match action {
            WhoNow if self.ticket().is_none() => Some("assignment-disabled-no-ticket"),
            GiveTo if self.on_moves() => None,
            GiveTo | Assign | Claim if !access::may_work(context.me) => Some("assignment-disabled-viewer"),
            GiveTo | Assign | Claim | CopyNumber if self.ticket().is_none() => Some("assignment-disabled-no-ticket"),
            Why if self.nothing_to_explain() => Some("assignment-disabled-nothing"),
            Reply | Note | SetStatus | SetPriority | Tags | Merge | LinkTicket | MoveQueue | Escalate | AnswerEscalation | Release => {
                Some("assignment-disabled-open-first")
            }
            _ => None,
        }
    }

    fn next_tick(&self, context: &Context<'_>) -> Option<Timestamp> {
        // Where it is not drawn (a board, a window too small) nothing is read, and nobody waits.
        if self.outdated && self.seen.get() {
            return Some(context.now);
        }
        // Who has to accept within a minute sees it move.
        let soon = self.held.rows().iter().filter_map(|ticket| ticket.accept_by).filter(|by| *by > context.now).min()?;
        ((soon - context.now).num_seconds() < 60).then(|| context.now + chrono::TimeDelta::seconds(1))
    }

    fn badge(&self, _context: &Context<'_>) -> Option<usize> {
        self.pool.window.as_ref().map(|window| window.total).filter(|total| *total > 0)
    }

    fn mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Vec<Effect> {
        self.take_mouse(mouse, area, context)
    }
}
