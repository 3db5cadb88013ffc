//! Shifts: the roster by day, week and month, with the gaps in it, and all that people do to it.
//!
//! [`state`] is what it remembers, [`table`] and [`items`] what it derives from the directory, [`update`] takes events, [`acts`]
//! asks and sends, [`rotas`] reads and writes rotas, [`view`] draws.

mod acts;
mod filter;
mod handover;
mod items;
mod mouse;
mod rotas;
mod state;
mod table;
mod update;
mod view;
mod when;
mod words;

#[cfg(test)]
mod tests;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

pub use state::ShiftsPane;

use crate::console::action::Action;
use crate::console::effect::Effect;
use crate::console::mouse::Mouse;
use crate::console::pane::{Context, Pane, PaneEvent, PaneId};
use crate::domain::{Timestamp, access};

impl Pane for ShiftsPane {
    fn id(&self) -> PaneId {
        PaneId::Shifts
    }

    fn update(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        self.take(event, context)
    }

    fn reveal(&mut self, at: Timestamp, context: &Context<'_>) {
        self.reveal_time(at, context);
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        view::draw(self, frame, area, context)
    }

    fn captures_text(&self) -> bool {
        self.view == state::View::Form && self.form.is_some()
    }

    fn disabled(&self, action: Action, context: &Context<'_>) -> Option<&'static str> {
        let lead = access::may_lead(context.me);
        match action {
            Action::NextGap | Action::GapsAhead if context.directory.rotas.is_empty() => Some("shifts-disabled-no-rota"),
            Action::MyNextShift if !self.i_am_rostered(context) => Some("shifts-disabled-not-rostered"),
            Action::TakeLeave
            | Action::CoverShift
            | Action::ExtraShift
            | Action::AskSwap
            | Action::AnswerChange
            | Action::WithdrawChange
                if !access::may_work(context.me) =>
            {
                Some("assignment-disabled-viewer")
            }
            Action::CancelShift | Action::NewRota | Action::EditRota | Action::PublishPlan | Action::GenerateRoster if !lead => {
                Some("shifts-disabled-lead")
            }
            Action::EditRota | Action::GenerateRoster if self.rota_meant().is_none() => Some("shifts-disabled-choose-rota"),
            _ => None,
        }
    }

    fn offers(&self) -> Option<&'static [Action]> {
        Some(match self.view {
            state::View::Roster if self.plan.is_none() => return None,
            state::View::Roster => &[Action::PublishPlan, Action::WithdrawChange, Action::Back],
            state::View::Mine => &[Action::Open, Action::AskSwap, Action::CoverShift, Action::TakeLeave, Action::Back],
            state::View::Gaps => &[Action::CoverShift, Action::Open, Action::Back],
            state::View::Waiting => &[Action::AnswerChange, Action::WithdrawChange, Action::Back],
            state::View::Who => &[Action::Open, Action::DutyAt, Action::RosterFilter, Action::Back],
            state::View::Rotas => {
                &[Action::Open, Action::EditRota, Action::NewRota, Action::GenerateRoster, Action::RosterPlans, Action::Back]
            }
            state::View::Rota(_) => &[Action::EditRota, Action::GenerateRoster, Action::RosterPlans, Action::Back],
            state::View::Plans => &[Action::Open, Action::PublishPlan, Action::WithdrawChange, Action::Rotas, Action::Back],
            state::View::Handovers => &[Action::Open, Action::DraftHandover, Action::SignHandover, Action::Back],
            state::View::Handover(_) => {
                &[Action::SignHandover, Action::HandoverNotes, Action::HandoverWatch, Action::Handovers, Action::Back]
            }
            state::View::Form => &[],
        })
    }

    /// What asks something of this person: answers they owe and, for leads, gaps to fill.
    fn badge(&self, context: &Context<'_>) -> Option<usize> {
        let gaps = |gaps| if access::may_lead(context.me) { gaps } else { 0 };
        self.summary.as_ref().map(|summary| summary.waiting + gaps(summary.gaps)).filter(|count| *count > 0)
    }

    fn mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Vec<Effect> {
        self.take_mouse(mouse, area, context)
    }
}
