//! Acts on how the screen is divided: zoom, resize, hide, the mouse on and off.

use super::model::Model;
use super::update::toast;
use crate::console::action::Action;
use crate::console::layout::{Arrangement, Layout, Mode};

/// Does one of these acts; false when it is none of them. `count`: as typed before the key.
pub fn act(model: &mut Model, action: Action, count: usize) -> bool {
    let steps = i32::try_from(count).unwrap_or(i32::MAX);
    match action {
        Action::Zoom if Layout::arrangement(model.size) == Arrangement::Over => toast(model, "toast-zoom-narrow", &[]),
        Action::Zoom => model.layout.zoomed = !model.layout.zoomed,
        Action::Narrower => resize(model, -steps),
        Action::Wider => resize(model, steps),
        Action::ResetLayout => {
            model.layout = Layout { mode: model.layout.mode, ..Layout::default() };
            model.preview = true;
        }
        Action::ToggleRail => {
            model.layout.rail = !model.layout.rail;
            toast(model, if model.layout.rail { "toast-rail-shown" } else { "toast-rail-hidden" }, &[]);
        }
        Action::TogglePreview => model.preview = !model.preview,
        Action::ToggleMouse => {
            let on = !mouse_on(model);
            model.mouse_switched = Some(on);
            toast(model, if on { "toast-mouse-on" } else { "toast-mouse-off" }, &[]);
        }
        _ => return false,
    }
    laid_out(model);
    true
}

fn resize(model: &mut Model, steps: i32) {
    if model.visible().1.is_none() {
        toast(model, "toast-resize-one", &[]);
        return;
    }
    model.layout.resize(steps);
}

/// Tells the panes how the screen is divided now.
pub fn laid_out(model: &mut Model) {
    for pane in &mut model.panes {
        pane.lay_out(&model.layout);
    }
}

fn mouse_on(model: &Model) -> bool {
    model.mouse_switched.unwrap_or(model.screen.mouse)
}

/// Whether the terminal is to report the mouse: where nothing takes it, its own selection works.
#[must_use]
pub fn wants_mouse(model: &Model) -> bool {
    mouse_on(model) && !model.screen.linear && !matches!(model.layout.mode, Mode::Wallboard | Mode::Watch)
}
