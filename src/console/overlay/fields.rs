//! What forms share: text of several lines edited in a field, and a row with its label.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::base::text;
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::text_box::TextBox;

/// Cells of a label, its mark and the space after it included.
pub const LABEL: u16 = 12;

/// Whether the key edited the text or moved in it. `max`: characters that it may have.
pub fn edit(field: &mut TextBox, key: Key, max: usize) -> bool {
    match (key.ctrl, key.code) {
        (true, KeyCode::Char('j')) | (_, KeyCode::Enter) => insert(field, "\n", max),
        (true, KeyCode::Char('w') | KeyCode::Backspace) => field.delete_word(),
        (true, KeyCode::Char('u')) => field.delete_line(),
        (true, KeyCode::Char('a')) | (_, KeyCode::Home) => field.home(),
        (true, KeyCode::Char('e')) | (_, KeyCode::End) => field.end(),
        (false, KeyCode::Char(char)) if !key.alt => {
            // Only what is safe to show is taken.
            if text::clean(&char.to_string()).chars().eq([char]) {
                insert(field, &char.to_string(), max);
            }
        }
        (false, KeyCode::Backspace) => field.backspace(),
        (_, KeyCode::Delete) => field.delete(),
        (_, KeyCode::Left) => field.left(),
        (_, KeyCode::Right) => field.right(),
        _ => return false,
    }
    true
}

/// Inserts as much of `added` as there is room for.
pub fn insert(field: &mut TextBox, added: &str, max: usize) {
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
pub fn draw(frame: &mut Frame<'_>, area: Rect, field: &TextBox, empty: &str, focused: bool, context: &Context<'_>) -> Option<Position> {
    if area.width < 2 || area.height == 0 {
        return None;
    }
    if field.is_empty() {
        let said = Line::styled(text::cut(empty, usize::from(area.width)), context.theme.style(Role::Dim));
        frame.render_widget(said, Rect { height: 1, ..area });
        return focused.then_some(Position { x: area.x, y: area.y });
    }
    let laid = field.lay_out(usize::from(area.width));
    let rows = usize::from(area.height);
    let first = if focused { (laid.caret.0 + 1).saturating_sub(rows) } else { 0 };
    for (line, y) in laid.lines.iter().skip(first).take(rows).zip(area.y..) {
        frame.render_widget(Line::raw(line.clone()), Rect { y, height: 1, ..area });
    }
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
