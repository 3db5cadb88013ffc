//! What the mouse does: it finds what it points at by the same rectangles that are drawn, and does what a key would.

use ratatui::layout::{Position, Rect};

use super::arrange::{laid_out, wants_mouse};
use super::model::{Model, Owner};
use super::update::{absorb, act, settle, show, to_pane};
use super::view;
use crate::console::effect::Effect;
use crate::console::layout::{Layout, Mode, Places};
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::pane::{PaneEvent, PaneId};

/// Takes what the mouse did.
pub fn take(model: &mut Model, mouse: Mouse) {
    if model.too_small() || !wants_mouse(model) {
        model.dragging = false;
        return;
    }
    if matches!(mouse.kind, MouseKind::Press | MouseKind::WheelUp | MouseKind::WheelDown) {
        model.last_key = model.shared.now;
        model.typed = super::model::Typed::default();
    }
    let places = model.places(Rect::new(0, 0, model.size.0, model.size.1));
    let context = model.shared.context();
    if let Some(overlay) = model.overlays.last_mut() {
        let (owner, outcome) = (overlay.owner, overlay.mouse(mouse, places.body, &context));
        settle(model, owner, outcome);
        return;
    }
    if model.files.is_open() {
        let effects = model.files.mouse(mouse, places.body, model.size, &context);
        absorb(model, Owner::Files, effects);
        return;
    }
    if model.search.is_open() {
        let effects = model.search.mouse(mouse, places.body);
        absorb(model, Owner::Search, effects);
        return;
    }
    let at = Position { x: mouse.column, y: mouse.row };
    match mouse.kind {
        MouseKind::Release => model.dragging = false,
        MouseKind::Drag if model.dragging => {
            model.layout.list_share = Layout::share_at(&places, at.x, at.y);
            laid_out(model);
        }
        MouseKind::Press if places.divider.is_some_and(|line| line.contains(at)) => model.dragging = true,
        MouseKind::Press if places.tabs.contains(at) => {
            if let Some(pane) = view::tab_at(model, places.tabs.width, at.x) {
                leave_focus(model);
                show(model, pane);
            }
        }
        MouseKind::Press if places.keys.contains(at) => {
            if let Some(action) = view::key_at(model, places.keys.width, at.x) {
                act(model, action, 1);
            }
        }
        _ => in_pane(model, mouse, at, &places),
    }
}

fn leave_focus(model: &mut Model) {
    if model.layout.mode == Mode::Focus {
        model.layout.mode = Mode::Desk;
    }
}

/// The pane under the pointer gets it; a press also gives it the keys.
fn in_pane(model: &mut Model, mouse: Mouse, at: Position, places: &Places) {
    let Some(place) = places.panes.iter().find(|place| place.outer.contains(at)) else { return };
    let had_keys = model.focused() == place.pane;
    if mouse.kind == MouseKind::Press && !had_keys {
        model.ticket_open = place.pane == PaneId::Ticket && model.front != PaneId::Ticket;
        if model.ticket_open {
            to_pane(model, PaneId::Ticket, PaneEvent::Shown);
        }
    }
    if !place.inner.contains(at) {
        return;
    }
    let context = model.shared.context();
    let Some(pane) = model.panes.iter_mut().find(|pane| pane.id() == place.pane) else { return };
    let mut effects = pane.mouse(mouse, place.inner, &context);
    if !had_keys {
        // The press that gave it the keys opens nothing yet.
        effects.retain(|effect| !matches!(effect, Effect::OpenTicket(_)));
    }
    absorb(model, Owner::Pane(place.pane), effects);
}
