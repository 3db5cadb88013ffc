//! What the mouse does in Chats: a conversation of the list is shown, the wheel scrolls what is under it, a press into the composer
//! writes.

use ratatui::layout::Rect;

use super::state::{ChatsPane, Focus};
use super::view::{list_cells, listed};
use crate::console::action::Action;
use crate::console::effect::Effect;
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::pane::{Context, PaneEvent};

/// Lines that one notch of the wheel moves.
const NOTCH: isize = 3;

impl ChatsPane {
    pub(super) fn take_mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Vec<Effect> {
        let beside = list_cells(area);
        let in_list = beside.map_or(self.focus == Focus::List, |cells| mouse.column < area.x + cells);
        let by = match mouse.kind {
            MouseKind::WheelUp => -1,
            MouseKind::WheelDown => 1,
            MouseKind::Press => return self.press(mouse, area, in_list, context),
            MouseKind::Drag | MouseKind::Release => return Vec::new(),
        };
        if in_list {
            return self.walk(by);
        }
        self.stream.wheel(by * NOTCH);
        self.stream.wants_older().into_iter().collect()
    }

    fn press(&mut self, mouse: Mouse, area: Rect, in_list: bool, context: &Context<'_>) -> Vec<Effect> {
        if in_list {
            let row = usize::from(mouse.row - area.y);
            let index = listed(self, area.height).get(row).copied().flatten();
            let items = self.items.as_deref().unwrap_or_default();
            let Some(id) = index.and_then(|index| items.get(index)).map(|item| item.conversation.id) else { return Vec::new() };
            self.focus = Focus::List;
            if self.selected == Some(id) {
                return self.take(PaneEvent::Action(Action::Open, 1), context);
            }
            return self.select(id);
        }
        let composer = self.composer.as_ref().map_or(0, |composer| composer.height(area.width).min((area.height / 2).max(3)));
        let writes = composer > 0 && mouse.row >= area.bottom().saturating_sub(composer);
        // As by a key: what is on screen is then read.
        self.take(PaneEvent::Action(if writes { Action::Compose } else { Action::Right }, 1), context)
    }
}
