//! How the screen is divided: which arrangement, how wide the list, what is hidden. Pure; the view and the mouse read the same.

use ratatui::layout::Rect;

/// What the screen is for at the moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The panes.
    #[default]
    Desk,
    /// Big numbers for a screen on the wall; any key ends it.
    Wallboard,
    /// Queues, calls and changes of the whole desk, for who watches over SSH.
    Watch,
    /// One ticket after another.
    Focus,
}

/// How the panes share the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    pub mode: Mode,
    /// The focused pane has the whole screen.
    pub zoomed: bool,
    /// Percent of the width that the list has beside a ticket.
    pub list_share: u16,
}

impl Default for Layout {
    fn default() -> Self {
        Self { mode: Mode::Desk, zoomed: false, list_share: 55 }
    }
}

impl Layout {
    /// Where list and ticket stand: side by side, or each on all of `body`.
    #[must_use]
    pub fn split(&self, body: Rect, beside: bool) -> (Rect, Rect) {
        if !beside {
            return (body, body);
        }
        let left = u16::try_from(u32::from(body.width) * u32::from(self.list_share) / 100).unwrap_or(body.width);
        (Rect { width: left, ..body }, Rect { x: body.x + left, width: body.width.saturating_sub(left), ..body })
    }
}
