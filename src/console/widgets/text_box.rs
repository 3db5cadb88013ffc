//! A small text being written: insert, delete, move by graphemes; laid out in cells with the place of the caret.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::base::text;

/// A text and where the caret stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextBox {
    text: String,
    /// Byte offset, on a grapheme boundary.
    caret: usize,
}

/// The text in lines of some width, and the caret's line and cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    pub lines: Vec<String>,
    pub caret: (usize, usize),
}

impl TextBox {
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text before the caret.
    #[must_use]
    pub fn before(&self) -> &str {
        &self.text[..self.caret]
    }

    /// Takes the text and leaves the box empty.
    pub fn take(&mut self) -> String {
        self.caret = 0;
        std::mem::take(&mut self.text)
    }

    /// Inserts clean text at the caret.
    pub fn insert(&mut self, text: &str) {
        self.text.insert_str(self.caret, text);
        self.caret += text.len();
        // A combining character may have joined what stands after it.
        while !self.on_boundary() {
            self.caret = self.after(self.caret);
        }
    }

    /// Replaces the bytes from `start` (on a boundary, before the caret) up to the caret.
    pub fn replace_before(&mut self, start: usize, text: &str) {
        let start = start.min(self.caret);
        self.text.replace_range(start..self.caret, text);
        self.caret = start + text.len();
    }

    pub fn backspace(&mut self) {
        let start = self.previous(self.caret);
        self.text.replace_range(start..self.caret, "");
        self.caret = start;
    }

    pub fn delete(&mut self) {
        let end = self.after(self.caret);
        self.text.replace_range(self.caret..end, "");
    }

    /// Deletes back over spaces and one word.
    pub fn delete_word(&mut self) {
        let kept = self.before().trim_end();
        let start = kept
            .unicode_word_indices()
            .next_back()
            .map_or(0, |(at, word)| if at + word.len() == kept.len() { at } else { at + word.len() });
        self.replace_before(start, "");
    }

    /// Deletes back to the start of the line.
    pub fn delete_line(&mut self) {
        let start = self.line_start();
        self.replace_before(start, "");
    }

    pub fn left(&mut self) {
        self.caret = self.previous(self.caret);
    }

    pub fn right(&mut self) {
        self.caret = self.after(self.caret);
    }

    pub fn home(&mut self) {
        self.caret = self.line_start();
    }

    pub fn end(&mut self) {
        self.caret += self.text[self.caret..].find('\n').unwrap_or(self.text.len() - self.caret);
    }

    /// Lines of at most `cells`, broken anywhere: what is being typed must not jump about.
    #[must_use]
    pub fn lay_out(&self, cells: usize) -> Laid {
        let cells = cells.max(2);
        let mut lines = vec![String::new()];
        let mut used = 0;
        let mut caret = (0, 0);
        for (at, grapheme) in self.text.grapheme_indices(true) {
            let wide = text::width(grapheme);
            let breaks = grapheme == "\n" || grapheme == "\r\n";
            if !breaks && used + wide > cells {
                lines.push(String::new());
                used = 0;
            }
            if at == self.caret {
                caret = (lines.len() - 1, used);
            }
            if breaks {
                lines.push(String::new());
                used = 0;
            } else if let Some(line) = lines.last_mut() {
                line.push_str(grapheme);
                used += wide;
            }
        }
        if self.caret == self.text.len() {
            if used >= cells {
                lines.push(String::new());
                used = 0;
            }
            caret = (lines.len() - 1, used);
        }
        Laid { lines, caret }
    }

    fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |at| at + 1)
    }

    fn on_boundary(&self) -> bool {
        GraphemeCursor::new(self.caret, self.text.len(), true).is_boundary(&self.text, 0).unwrap_or(true)
    }

    fn previous(&self, at: usize) -> usize {
        self.text[..at].grapheme_indices(true).next_back().map_or(0, |(start, _)| start)
    }

    fn after(&self, at: usize) -> usize {
        let whole = GraphemeCursor::new(at, self.text.len(), true).next_boundary(&self.text, 0);
        whole.ok().flatten().unwrap_or(self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(text: &str) -> TextBox {
        let mut typed = TextBox::default();
        typed.insert(text);
        typed
    }

    #[test]
    fn edits_go_by_graphemes() {
        let mut name = typed("e\u{301}中👩\u{200d}🚀");
        name.backspace();
        assert_eq!(name.text(), "e\u{301}中");
        name.left();
        name.backspace();
        assert_eq!(name.text(), "中");
        name.delete();
        assert!(name.is_empty());
        name.backspace();
        name.delete();
        assert!(name.is_empty());
    }

    #[test]
    fn words_and_lines_go_at_once() {
        let mut text = typed("one\ntwo three ");
        text.delete_word();
        assert_eq!(text.text(), "one\ntwo ");
        text.delete_line();
        assert_eq!(text.text(), "one\n");
        text.left();
        text.home();
        text.insert("x");
        assert_eq!(text.text(), "xone\n");
        text.end();
        text.insert("y");
        assert_eq!(text.text(), "xoney\n");
    }

    #[test]
    fn the_caret_is_where_the_next_character_goes() {
        assert_eq!(typed("中文输入").lay_out(5), Laid { lines: vec!["中文".into(), "输入".into()], caret: (1, 4) });
        assert_eq!(typed("ab").lay_out(2), Laid { lines: vec!["ab".into(), String::new()], caret: (1, 0) });
        assert_eq!(typed("a\n").lay_out(8), Laid { lines: vec!["a".into(), String::new()], caret: (1, 0) });
        assert_eq!(typed("").lay_out(8), Laid { lines: vec![String::new()], caret: (0, 0) });
    }

    #[derive(Clone, Debug)]
    enum Step {
        Insert(String),
        Do(u8),
    }

    proptest! {
        #[test]
        fn no_sequence_of_edits_breaks_it(
            steps in prop::collection::vec(prop_oneof![".{0,6}".prop_map(Step::Insert), (0u8..8).prop_map(Step::Do)], 0..40),
            cells in 0usize..30,
        ) {
            let mut text = TextBox::default();
            for step in steps {
                match step {
                    Step::Insert(new) => text.insert(&crate::base::text::clean_lines(&new)),
                    Step::Do(0) => text.backspace(),
                    Step::Do(1) => text.delete(),
                    Step::Do(2) => text.delete_word(),
                    Step::Do(3) => text.delete_line(),
                    Step::Do(4) => text.left(),
                    Step::Do(5) => text.right(),
                    Step::Do(6) => text.home(),
                    Step::Do(_) => text.end(),
                }
                let laid = text.lay_out(cells);
                prop_assert!(laid.caret.0 < laid.lines.len());
                prop_assert!(text.before().len() <= text.text().len());
            }
        }
    }
}
