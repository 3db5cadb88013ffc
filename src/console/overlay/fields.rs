//! What forms share: text of several lines edited in a field, and a row with its label.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::base::text;
use crate::console::key::Key;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::editor::{Editor, Taken};
use crate::console::widgets::paint;

/// Cells of a label, its mark and the space after it included.
pub const LABEL: u16 = 12;

/// Whether the key edited the text or moved in it. `max`: characters that it may have.
pub fn edit(field: &mut Editor, key: Key, max: usize) -> bool {
    let kept = field.clone();
    // Up and down go from field to field: how wide the text stands is of no matter.
    let taken = field.key(key, usize::from(u16::MAX), 1);
    if field.text().chars().count() > max {
        *field = kept;
    }
    taken != Taken::No
}

/// Inserts as much of `added` as there is room for.
pub fn insert(field: &mut Editor, added: &str, max: usize) {
    let room = max.saturating_sub(field.text().chars().count());
    let added: String = added.chars().take(room).collect();
    field.insert(&added);
}

/// A row's label; the field in use has a mark and a colour.
pub fn label(frame: &mut Frame<'_>, row: Rect, key: &str, focused: bool, context: &Context<'_>) {
    let style = context.theme.style(if focused { Role::Selected } else { Role::Dim });
    let words = text::fit(&context.locale.text(key), usize::from(LABEL) - 3);
    let line = Line::styled(format!("{} {words} ", if focused { ">" } else { " " }), style);
    frame.render_widget(line, Rect { width: row.width.min(LABEL), height: row.height.min(1), ..row });
}

/// What is right of a label.
#[must_use]
pub fn value(row: Rect) -> Rect {
    let used = LABEL.min(row.width);
    Rect { x: row.x + used, width: row.width - used, ..row }
}

/// Text in a field, with `empty` said dimly where there is none; the caret's lines are in view. Returns the caret's place.
pub fn draw(frame: &mut Frame<'_>, area: Rect, field: &Editor, empty: &str, focused: bool, context: &Context<'_>) -> Option<Position> {
    if area.width < 2 || area.height == 0 {
        return None;
    }
    if field.is_empty() {
        let said = Line::styled(text::cut(empty, usize::from(area.width)), context.theme.style(Role::Dim));
        frame.render_widget(said, Rect { height: 1, ..area });
        return focused.then_some(Position { x: area.x, y: area.y });
    }
    // The caret may stand right after the last cell.
    let laid = field.lay_out(usize::from(area.width) - 1);
    let rows = usize::from(area.height);
    let first = if focused { (laid.caret.0 + 1).saturating_sub(rows) } else { 0 };
    let text = field.text();
    paint::lines(frame, area, laid.rows.iter().skip(first).map(|row| Line::raw(&text[row.clone()])));
    let column = u16::try_from(laid.caret.1).unwrap_or(0).min(area.width - 1);
    let row = u16::try_from(laid.caret.0 - first.min(laid.caret.0)).unwrap_or(0).min(area.height - 1);
    focused.then_some(Position { x: area.x + column, y: area.y + row })
}

/// One of several words, chosen sideways: `< word >`.
pub fn draw_choice(frame: &mut Frame<'_>, area: Rect, word: &str, focused: bool, context: &Context<'_>) {
    let key = context.theme.style(if focused { Role::Key } else { Role::Dim });
    let line = Line::from(vec![
        Span::styled("< ", key),
        Span::raw(text::cut(word, usize::from(area.width.saturating_sub(4)))),
        Span::styled(" >", key),
    ]);
    frame.render_widget(line, Rect { height: area.height.min(1), ..area });
}

/// Rows of an area one after another.
pub struct Rows(pub Rect);

impl Rows {
    /// The next `height` rows, as far as there are any.
    pub fn take(&mut self, height: u16) -> Rect {
        let height = height.min(self.0.height);
        let taken = Rect { height, ..self.0 };
        self.0 = Rect { y: self.0.y + height, height: self.0.height - height, ..self.0 };
        taken
    }
}
