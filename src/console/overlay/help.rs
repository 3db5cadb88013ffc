//! Help: what the place is for, and under it the keys that work there, narrowed by typing.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{Outcome, Picker};
use crate::base::text;
use crate::console::effect::Choice;
use crate::console::key::Key;
use crate::console::pane::Context;
use crate::console::theme::Role;

/// Rows that the list keeps whatever is said above it.
const LIST_ROWS: u16 = 7;

/// The dialog's body.
pub struct HelpPage {
    prose: String,
    picker: Picker,
}

impl HelpPage {
    #[must_use]
    pub fn new(prose: &str, picker: Picker) -> Self {
        Self { prose: text::clean_lines(prose), picker }
    }

    #[must_use]
    pub fn prose(&self) -> &str {
        &self.prose
    }

    pub fn listed(&self) -> impl Iterator<Item = &Choice> {
        self.picker.listed()
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        self.picker.key(key)
    }

    pub fn paste(&mut self, pasted: &str) {
        self.picker.paste(pasted);
    }

    /// Cells and rows that all of it takes, the border included.
    #[must_use]
    pub fn size(&self, width: u16) -> (u16, u16) {
        let width = width.min(96);
        let said = self.lines(width.saturating_sub(2)).len() + self.picker.len() + 4;
        (width, u16::try_from(said).unwrap_or(u16::MAX))
    }

    fn lines(&self, width: u16) -> Vec<String> {
        text::wrap(&self.prose, usize::from(width.max(1)))
    }

    /// Rows of prose in an area, and where the list under them stands.
    fn parts(&self, area: Rect) -> (u16, Rect) {
        let lines = self.lines(area.width).len();
        let rows = u16::try_from(lines).unwrap_or(u16::MAX).min(area.height.saturating_sub(LIST_ROWS));
        let gap = u16::from(rows > 0);
        (rows, Rect { y: area.y + rows + gap, height: area.height.saturating_sub(rows + gap), ..area })
    }

    /// A press into a line of the screen: the choice there is chosen.
    pub fn press(&mut self, row: u16, area: Rect) -> Outcome {
        let list = self.parts(area).1;
        row.checked_sub(list.y).map_or(Outcome::Stay, |row| self.picker.press(usize::from(row), usize::from(list.height)))
    }

    /// Moves by so many choices.
    pub fn wheel(&mut self, by: isize) {
        self.picker.wheel(by);
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        let lines = self.lines(area.width);
        let (rows, list) = self.parts(area);
        for (line, y) in lines.iter().take(usize::from(rows)).zip(area.y..) {
            frame.render_widget(Line::styled(line.as_str(), context.theme.style(Role::Text)), Rect { y, height: 1, ..area });
        }
        self.picker.draw(frame, list, context)
    }
}
