//! What the console tells others of its person: at which ticket they are, and whether they write. Told only while keys are pressed:
//! a console left alone says nothing.

use chrono::Duration;

use super::model::{Model, Owner};
use crate::console::effect::Effect;
use crate::console::pane::PaneId;
use crate::domain::here::Doing;
use crate::domain::id::TicketNumber;

/// Without a key for so long nobody reads.
const ASLEEP_MINUTES: i64 = 5;

/// Tells where the person is, when that changed.
pub fn tell(model: &mut Model) {
    let now = place(model);
    if now != model.here_told {
        model.here_told = now;
        model.effects.push((Owner::App, Effect::BeHere(now)));
    }
}

fn place(model: &Model) -> Option<(TicketNumber, Doing)> {
    if model.shared.now - model.last_key > Duration::minutes(ASLEEP_MINUTES) {
        return None;
    }
    if model.overlays.last().is_some_and(|overlay| overlay.is_composer() && overlay.owner == Owner::TicketActions) {
        return model.ticket_actions.number().map(|number| (number, Doing::Typing));
    }
    if model.focused() != PaneId::Ticket {
        return None;
    }
    let pane = model.pane(PaneId::Ticket)?;
    let number = pane.selected_ticket()?.number;
    Some((number, if pane.captures_text() { Doing::Typing } else { Doing::Viewing }))
}
