//! How the screen is divided: which arrangement, how large the list, what is hidden. Pure: the view draws what [`Layout::places`]
//! says, and the mouse finds by the same what it points at.

#[cfg(test)]
mod helpers;
#[cfg(test)]
mod one_by_one;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod pointing;
#[cfg(test)]
mod recalled;
#[cfg(test)]
mod screens;
#[cfg(test)]
mod tests;

use ratatui::layout::Rect;
use ratatui::widgets::Borders;

use super::pane::PaneId;

/// The smallest screen that is drawn: a phone held upright.
pub const SMALLEST: (u16, u16) = (60, 20);
/// The width from which list and ticket stand side by side.
pub const WIDE: u16 = 100;
/// The height from which a narrow screen has the ticket below the list.
pub const TALL: u16 = 46;
/// Percent of the screen that the list has, of both panes.
pub const SHARE: std::ops::RangeInclusive<u16> = 20..=80;
/// What one press of a key changes the share by.
pub const STEP: u16 = 5;

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
    /// Percent of the width, or of the height, that the list has beside a ticket.
    pub list_share: u16,
    /// Views and queues stand beside the list where there is room.
    pub rail: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self { mode: Mode::Desk, zoomed: false, list_share: 55, rail: true }
    }
}

/// How two panes stand on a screen of some size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// One over the other: only one is seen.
    Over,
    Beside,
    Below,
}

/// One pane on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub pane: PaneId,
    /// With its lines.
    pub outer: Rect,
    /// What the pane draws in.
    pub inner: Rect,
    pub borders: Borders,
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub tabs: Rect,
    /// All between tabs and toast: dialogs are centred in it.
    pub body: Rect,
    /// Under the panes: the tour, while it is taken.
    pub foot: Rect,
    /// How far one is, while working one ticket after another.
    pub progress: Rect,
    pub panes: Vec<Place>,
    /// What can be dragged: the line between two panes.
    pub divider: Option<Rect>,
    pub toast: Rect,
    pub keys: Rect,
}

impl Layout {
    /// How two panes stand on a screen of this size, when neither has all of it.
    #[must_use]
    pub fn arrangement(size: (u16, u16)) -> Arrangement {
        match size {
            (width, _) if width >= WIDE => Arrangement::Beside,
            (_, height) if height >= TALL => Arrangement::Below,
            _ => Arrangement::Over,
        }
    }

    /// Whether two panes are seen at once.
    #[must_use]
    pub fn splits(&self, size: (u16, u16)) -> bool {
        !self.zoomed && self.mode != Mode::Focus && Self::arrangement(size) != Arrangement::Over
    }

    /// Where everything is on `screen`, with `one` pane or two on it.
    #[must_use]
    pub fn places(&self, screen: Rect, panes: (PaneId, Option<PaneId>)) -> Places {
        self.places_above(screen, panes, 0)
    }

    /// As [`Layout::places`], with some rows under the panes for something else.
    #[must_use]
    pub fn places_above(&self, screen: Rect, (one, other): (PaneId, Option<PaneId>), foot: u16) -> Places {
        let line = |y: u16| Rect { y: (screen.y + y).min(screen.bottom()), height: u16::from(y < screen.height), ..screen };
        let whole = Rect { y: (screen.y + 1).min(screen.bottom()), height: screen.height.saturating_sub(3), ..screen };
        let body = Rect { height: whole.height.saturating_sub(foot), ..whole };
        let foot = Rect { y: body.bottom(), height: whole.height - body.height, ..whole };
        let told = if self.mode == Mode::Focus { if body.width >= WIDE { 1 } else { 2 } } else { 0 }.min(body.height);
        let progress = Rect { height: told, ..body };
        let room = Rect { y: body.y + told, height: body.height - told, ..body };
        let (panes, divider) = match other {
            Some(other) => self.two(room, one, other),
            None => (vec![self.single(room, one, (screen.width, screen.height))], None),
        };
        let (toast, keys) = (line(screen.height.saturating_sub(2)), line(screen.height.saturating_sub(1)));
        Places { tabs: line(0), body, foot, progress, panes, divider, toast, keys }
    }

    /// Alone without a line around it; one that was zoomed says so in a line above.
    fn single(&self, room: Rect, pane: PaneId, size: (u16, u16)) -> Place {
        let told = self.zoomed && self.mode == Mode::Desk && Self::arrangement(size) != Arrangement::Over;
        place(pane, room, if told { Borders::TOP } else { Borders::NONE })
    }

    fn two(&self, room: Rect, one: PaneId, other: PaneId) -> (Vec<Place>, Option<Rect>) {
        let share = self.list_share.clamp(*SHARE.start(), *SHARE.end());
        let part = |all: u16| u16::try_from(u32::from(all) * u32::from(share) / 100).unwrap_or(all);
        if Self::arrangement((room.width, room.height.saturating_add(3))) == Arrangement::Below {
            let upper = part(room.height);
            let (first, second) = (Rect { height: upper, ..room }, Rect { y: room.y + upper, height: room.height - upper, ..room });
            let divider = Rect { height: second.height.min(1), ..second };
            return (vec![place(one, first, Borders::TOP), place(other, second, Borders::TOP)], Some(divider));
        }
        let left = part(room.width);
        let (first, second) = (Rect { width: left, ..room }, Rect { x: room.x + left, width: room.width - left, ..room });
        let divider = Rect { width: second.width.min(1), ..second };
        (vec![place(one, first, Borders::TOP), place(other, second, Borders::TOP | Borders::LEFT)], Some(divider))
    }

    /// The share at which the line between two panes stands at this cell of `places`.
    #[must_use]
    pub fn share_at(places: &Places, column: u16, row: u16) -> u16 {
        let [first, second] = places.panes[..] else { return 55 };
        let (at, all) = if first.outer.y == second.outer.y {
            (column.saturating_sub(first.outer.x), first.outer.width + second.outer.width)
        } else {
            (row.saturating_sub(first.outer.y), first.outer.height + second.outer.height)
        };
        // Rounded up: the line then stands in the very cell that was pointed at.
        let share = (u32::from(at) * 100).div_ceil(u32::from(all.max(1)));
        u16::try_from(share).unwrap_or(100).clamp(*SHARE.start(), *SHARE.end())
    }

    /// The list larger, or smaller, by so many steps.
    pub fn resize(&mut self, steps: i32) {
        let share = i32::from(self.list_share) + steps.clamp(-100, 100) * i32::from(STEP);
        self.list_share = u16::try_from(share.max(0)).unwrap_or(0).clamp(*SHARE.start(), *SHARE.end());
    }
}

/// A pane with lines at some of its sides.
fn place(pane: PaneId, outer: Rect, borders: Borders) -> Place {
    let (left, top) = (u16::from(borders.contains(Borders::LEFT)), u16::from(borders.contains(Borders::TOP)));
    let (left, top) = (left.min(outer.width), top.min(outer.height));
    let inner = Rect { x: outer.x + left, y: outer.y + top, width: outer.width - left, height: outer.height - top };
    Place { pane, outer, inner, borders }
}
