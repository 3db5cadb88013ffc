//! What the mouse does to a dialog: a choice is chosen, the wheel scrolls. A press outside puts lists away, never what is being written
//! or answered.

use ratatui::layout::{Position, Rect};

use super::{Body, Outcome, Overlay};
use crate::console::effect::Answer;
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::pane::Context;

/// Lines that one notch of the wheel moves.
const NOTCH: isize = 3;

impl Overlay {
    /// `area`: in which the dialog is centred.
    pub fn mouse(&mut self, mouse: Mouse, area: Rect, context: &Context<'_>) -> Outcome {
        let rect = self.place(area);
        let inside = rect.contains(Position { x: mouse.column, y: mouse.row });
        let inner = Rect { x: rect.x + 1, y: rect.y + 1, width: rect.width.saturating_sub(2), height: rect.height.saturating_sub(2) };
        let in_inner = inner.contains(Position { x: mouse.column, y: mouse.row });
        match (mouse.kind, &mut self.body) {
            (MouseKind::WheelUp | MouseKind::WheelDown, body) => {
                let by = if mouse.kind == MouseKind::WheelUp { -NOTCH } else { NOTCH };
                match body {
                    Body::Picker(picker) => picker.wheel(by.signum()),
                    Body::Find(finder) => finder.wheel(by.signum()),
                    Body::Help(page) => page.wheel(by.signum()),
                    Body::Review(review) => review.wheel(by as i64),
                    _ => {}
                }
                Outcome::Stay
            }
            (MouseKind::Press, Body::Picker(_) | Body::Find(_) | Body::Help(_)) if !inside => Outcome::Done(Answer::Dismissed(None)),
            (MouseKind::Press, Body::Review(review)) if !inside && review.asks_nothing() => Outcome::Done(Answer::Dismissed(None)),
            (MouseKind::Press, Body::Picker(picker)) if in_inner => {
                picker.press(usize::from(mouse.row - inner.y), usize::from(inner.height))
            }
            (MouseKind::Press, Body::Find(finder)) if in_inner => finder.press(usize::from(mouse.row - inner.y), usize::from(inner.height)),
            (MouseKind::Press, Body::Help(page)) if in_inner => page.press(mouse.row, inner),
            (MouseKind::Press, Body::Choose(choose)) if in_inner => choose.press(mouse.row - inner.y, inner),
            (MouseKind::Press, Body::Confirm { .. }) if in_inner && mouse.row + 1 == inner.bottom() => {
                // The words as they are drawn: a mark, a blank, the word, and a gap.
                let no = crate::base::text::width(&context.locale.text("confirm-no")) + 5;
                let yes = crate::base::text::width(&context.locale.text("confirm-yes")) + 5;
                match usize::from(mouse.column - inner.x) {
                    column if column < no => Outcome::Done(Answer::Dismissed(None)),
                    column if column < no + yes => Outcome::Done(Answer::Confirmed),
                    _ => Outcome::Stay,
                }
            }
            _ => Outcome::Stay,
        }
    }
}
