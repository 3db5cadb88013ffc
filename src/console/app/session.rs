//! Where the person is, kept between runs: taken from the model whenever it changed, written a moment later and at every end that
//! the program lives to see.

use chrono::Duration;

use super::model::Model;
use super::update::{open_ticket, show};
use crate::console::effect::Loaded;
use crate::console::keymap::PANES;
use crate::console::layout::{Layout, SHARE};
use crate::console::memory::Session;
use crate::console::pane::PaneId;

/// So long after a change it is written: moving through a list is one change.
const SETTLE_SECS: i64 = 2;

/// A pane's name in a session.
fn name(pane: PaneId) -> String {
    format!("{pane:?}").to_lowercase()
}

/// Takes note of where the person is.
pub fn observe(model: &mut Model) {
    let usual = Layout::default();
    let session = &mut model.session;
    session.pane = name(model.front);
    session.ticket = model.shown_ticket;
    session.ticket_open = model.ticket_open;
    session.list_share = Some(model.layout.list_share).filter(|share| *share != usual.list_share);
    (session.zoomed, session.rail_hidden, session.preview_hidden) = (model.layout.zoomed, !model.layout.rail, !model.preview);
    for pane in &model.panes {
        pane.remember(session);
    }
    if model.session == model.kept || !model.memory.remembers() {
        model.keep_at = None;
        return;
    }
    let due = *model.keep_at.get_or_insert(model.shared.now + Duration::seconds(SETTLE_SECS));
    if due <= model.shared.now {
        model.keep_at = None;
        model.memory.keep_beside(&model.session);
        model.kept = model.session.clone();
    }
}

/// Has it written now, when it is not what was written last.
pub fn keep(model: &mut Model) {
    model.keep_at = None;
    if model.session != model.kept {
        model.memory.keep(&model.session);
        model.kept = model.session.clone();
    }
}

impl Drop for Model {
    /// However the console ends, a terminal that went away and a panic included.
    fn drop(&mut self) {
        keep(self);
    }
}

/// Puts the screen as it was, before anything is shown.
pub fn recall(model: &mut Model) {
    let session: Session = model.session.clone();
    model.kept = session.clone();
    model.layout.zoomed = session.zoomed;
    model.layout.rail = !session.rail_hidden;
    model.preview = !session.preview_hidden;
    if let Some(share) = session.list_share {
        model.layout.list_share = share.clamp(*SHARE.start(), *SHARE.end());
    }
    let context = model.shared.context();
    for pane in &mut model.panes {
        pane.lay_out(&model.layout);
        pane.recall(&session, &context);
    }
    if let Some(front) = PANES.into_iter().find(|pane| name(*pane) == session.pane) {
        model.front = front;
    }
}

/// Opens the ticket that was open, once its pane is there.
pub fn reopen(model: &mut Model) {
    let Some(number) = model.session.ticket.filter(|_| model.session.ticket_open || model.front == PaneId::Ticket) else { return };
    model.recalled = Some(number);
    open_ticket(model, number);
}

/// A ticket of the last run that is there no more leaves its list on the screen.
pub fn answered(model: &mut Model, loaded: &Loaded) {
    let Loaded::Ticket { number, detail } = loaded else { return };
    if model.recalled != Some(*number) {
        return;
    }
    model.recalled = None;
    if detail.is_none() && model.shown_ticket == Some(*number) {
        (model.ticket_open, model.shown_ticket) = (false, None);
        if model.front == PaneId::Ticket {
            show(model, PaneId::Queues);
        }
    }
}
