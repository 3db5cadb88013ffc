//! A row of cells to which texts are put over one another.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::base::text::width;

pub struct Canvas {
    /// A wide character takes its first cell; the second is empty.
    cells: Vec<(String, Style)>,
}

impl Canvas {
    #[must_use]
    pub fn new(cells: u16, fill: char, style: Style) -> Self {
        Self { cells: vec![(fill.to_string(), style); usize::from(cells)] }
    }

    pub fn put(&mut self, at: u16, text: &str, style: Style) {
        let mut at = usize::from(at);
        for char in text.chars() {
            let char = char.to_string();
            let wide = width(&char);
            if wide == 0 {
                continue;
            }
            if at + wide > self.cells.len() {
                return;
            }
            // What is left of a wide character that is written over becomes blank.
            if self.cells[at].0.is_empty() && at > 0 {
                self.cells[at - 1].0 = " ".to_owned();
            }
            if let Some(after) = self.cells.get_mut(at + wide).filter(|(text, _)| text.is_empty()) {
                after.0 = " ".to_owned();
            }
            self.cells[at] = (char, style);
            for rest in &mut self.cells[at + 1..at + wide] {
                *rest = (String::new(), style);
            }
            at += wide;
        }
    }

    /// Puts a mark where only filling stands.
    pub fn mark(&mut self, at: u16, fills: &[char], mark: &str, style: Style) {
        if let Some(cell) = self.cells.get_mut(usize::from(at)).filter(|(text, _)| text.starts_with(fills)) {
            *cell = (mark.to_owned(), style);
        }
    }

    #[must_use]
    pub fn spans<'a>(self) -> Vec<Span<'a>> {
        let mut spans: Vec<(String, Style)> = Vec::new();
        for (text, style) in self.cells {
            match spans.last_mut() {
                Some((last, of)) if *of == style => last.push_str(&text),
                _ => spans.push((text, style)),
            }
        }
        spans.into_iter().map(|(text, style)| Span::styled(text, style)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(canvas: Canvas) -> String {
        canvas.spans().iter().map(|span| span.content.as_ref()).collect()
    }

    #[test]
    fn wide_characters_keep_the_row_as_wide_as_it_is() {
        let mut canvas = Canvas::new(6, '.', Style::new());
        canvas.put(1, "夜班", Style::new());
        canvas.put(2, "x", Style::new());
        assert_eq!(text(canvas), ". x班.");
        let mut canvas = Canvas::new(3, '.', Style::new());
        canvas.put(2, "夜", Style::new());
        assert_eq!(text(canvas), "...", "what does not fit is left out whole");
    }
}
