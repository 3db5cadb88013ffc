//! What the mouse does in the layer: a file is selected, the selected one is opened, the wheel scrolls a list or a text.

use ratatui::layout::Rect;

use super::{FilesLayer, Top};
use crate::console::effect::Effect;
use crate::console::key::{Key, KeyCode};
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::pane::Context;

/// Lines that one notch of the wheel moves.
const NOTCH: usize = 3;

impl FilesLayer {
    /// `area`: of the layer, its border included; `size`: of the screen.
    pub fn mouse(&mut self, mouse: Mouse, area: Rect, size: (u16, u16), context: &Context<'_>) -> Vec<Effect> {
        let Some(shown) = &mut self.shown else { return Vec::new() };
        let code = match mouse.kind {
            MouseKind::WheelUp => KeyCode::Up,
            MouseKind::WheelDown => KeyCode::Down,
            MouseKind::Press if matches!(shown.top, Top::Nothing) => {
                let rows = super::draw::list_rows(shown, area.height.saturating_sub(2));
                let Some(row) = mouse.row.checked_sub(area.y + 1).map(usize::from).filter(|row| *row < rows) else { return Vec::new() };
                let index = shown.selected / rows * rows + row;
                if index >= shown.files.len() {
                    return Vec::new();
                }
                let again = std::mem::replace(&mut shown.selected, index) == index;
                return if again { self.key(Key::plain(KeyCode::Enter), size, context) } else { Vec::new() };
            }
            MouseKind::Press | MouseKind::Drag | MouseKind::Release => return Vec::new(),
        };
        if !matches!(shown.top, Top::Nothing | Top::Text(..)) {
            return Vec::new();
        }
        (0..NOTCH).flat_map(|_| self.key(Key::plain(code), size, context)).collect()
    }
}
