//! The editor in which every message is written: a text of many lines, a caret that goes by graphemes, a selection, undo.
//!
//! [`layout`] breaks it into rows as UAX 14 says, [`motion`] knows words, [`keys`] maps keys to edits. It knows nothing of
//! messages, draws nothing, and never holds text that was not cleaned.

mod keys;
mod layout;
mod motion;
mod past;
#[cfg(test)]
mod tests;

use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

use crate::base::text;

pub use keys::Taken;
pub use layout::{Laid, Row};
use past::{Past, Snapshot};

/// Most bytes it holds: four times what the longest message may have in ASCII, all of it in Chinese.
pub const BYTES_MAX: usize = 262_144;

/// A text being written.
#[derive(Clone, Debug, Default)]
pub struct Editor {
    text: String,
    /// Byte offset, on a grapheme boundary.
    caret: usize,
    /// The other end of the selection.
    anchor: Option<usize>,
    /// The cell that moving up and down aims at.
    goal: Option<usize>,
    past: Past,
    /// What was cut or copied last.
    clip: String,
}

impl Editor {
    /// Holds `text`, cleaned, with the caret at its end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut editor = Self::default();
        editor.put(text);
        editor.past = Past::default();
        editor
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Bytes before the caret.
    #[must_use]
    pub fn caret(&self) -> usize {
        self.caret
    }

    /// The text before the caret.
    #[must_use]
    pub fn before(&self) -> &str {
        &self.text[..self.caret]
    }

    /// What is selected, when that is anything.
    #[must_use]
    pub fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor?;
        let range = anchor.min(self.caret)..anchor.max(self.caret);
        (!range.is_empty()).then_some(range)
    }

    /// Takes the text and leaves it empty, with no past.
    pub fn take(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        *self = Self { clip: std::mem::take(&mut self.clip), ..Self::default() };
        text
    }

    /// Replaces the whole text by another one, which can be undone.
    pub fn replace_all(&mut self, new: &str) {
        self.remember(None);
        (self.text, self.caret, self.anchor) = (String::new(), 0, None);
        self.put(new);
    }

    /// Puts the caret after so many characters, on the nearest boundary behind.
    pub fn go_to(&mut self, characters: usize) {
        let at = self.text.char_indices().nth(characters).map_or(self.text.len(), |(at, _)| at);
        self.go(at, false);
        if !self.on_boundary() {
            self.caret = self.next(self.caret);
        }
    }

    /// Inserts text that comes at once (a paste): over the selection, undone as one. Returns whether it had room.
    pub fn insert(&mut self, new: &str) -> bool {
        self.remember(None);
        self.cut_selection();
        self.put(new)
    }

    /// Inserts one typed character; typing is undone by words.
    pub fn type_char(&mut self, char: char) {
        let ends_word = char.is_whitespace();
        self.remember((!ends_word && self.selection().is_none()).then_some(self.caret));
        self.cut_selection();
        self.put(char.encode_utf8(&mut [0; 4]));
        self.past.typed_to(self.caret);
    }

    /// Replaces the bytes from `start` (on a boundary, before the caret) up to the caret.
    pub fn replace_before(&mut self, start: usize, new: &str) {
        self.remember(None);
        self.anchor = None;
        let start = start.min(self.caret);
        self.text.replace_range(start..self.caret, "");
        self.caret = start;
        self.put(new);
    }

    fn put(&mut self, new: &str) -> bool {
        let new = text::clean_lines(new);
        self.goal = None;
        if self.text.len() + new.len() > BYTES_MAX {
            return false;
        }
        self.text.insert_str(self.caret, &new);
        self.caret += new.len();
        // A combining character may have joined what stands after it.
        if !self.on_boundary() {
            self.caret = self.next(self.caret);
        }
        true
    }

    /// Deletes a range that ends or starts at the caret, or the selection when there is one.
    fn delete(&mut self, range: Range<usize>) {
        let range = self.selection().unwrap_or(range);
        if range.is_empty() {
            self.anchor = None;
            return;
        }
        self.remember(None);
        self.text.replace_range(range.clone(), "");
        (self.caret, self.anchor, self.goal) = (range.start, None, None);
        // What now stands side by side may be one grapheme.
        if !self.on_boundary() {
            self.caret = self.next(self.caret);
        }
    }

    fn cut_selection(&mut self) {
        if let Some(range) = self.selection() {
            self.text.replace_range(range.clone(), "");
            self.caret = range.start;
            if !self.on_boundary() {
                self.caret = self.next(self.caret);
            }
        }
        self.anchor = None;
    }

    /// Moves the caret; with `select` the selection grows or shrinks by it.
    fn go(&mut self, to: usize, select: bool) {
        self.past.rest();
        self.anchor = match (select, self.anchor) {
            (false, _) => None,
            (true, anchor) => anchor.or(Some(self.caret)),
        };
        (self.caret, self.goal) = (to, None);
    }

    /// Moves up or down by rows as laid out at `cells`; from the first row up to its start, from the last down to its end.
    fn go_rows(&mut self, by: isize, cells: usize, select: bool) {
        let laid = self.lay_out(cells);
        let goal = self.goal.unwrap_or(laid.caret.1);
        let row = laid.caret.0.checked_add_signed(by).filter(|row| *row < laid.rows.len());
        let to = match row {
            Some(row) => laid.at(&self.text, row, goal),
            None if by < 0 => 0,
            None => self.text.len(),
        };
        self.go(to, select);
        self.goal = row.map(|_| goal);
    }

    /// Takes the last edit back. False when there is none.
    pub fn undo(&mut self) -> bool {
        let now = self.snapshot();
        let Some(then) = self.past.back(now) else { return false };
        self.show(then);
        true
    }

    /// Does again what was taken back. False when there is nothing.
    pub fn redo(&mut self) -> bool {
        let now = self.snapshot();
        let Some(then) = self.past.forward(now) else { return false };
        self.show(then);
        true
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { text: self.text.clone(), caret: self.caret }
    }

    fn show(&mut self, then: Snapshot) {
        (self.text, self.caret, self.anchor, self.goal) = (then.text, then.caret, None, None);
    }

    /// Before an edit: what it will be undone to. `typing`: goes on where the last typed character ended.
    fn remember(&mut self, typing: Option<usize>) {
        if !self.past.goes_on(typing) {
            let now = self.snapshot();
            self.past.push(now);
        }
    }

    fn on_boundary(&self) -> bool {
        GraphemeCursor::new(self.caret, self.text.len(), true).is_boundary(&self.text, 0).unwrap_or(true)
    }

    fn previous(&self, at: usize) -> usize {
        GraphemeCursor::new(at, self.text.len(), true).prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    fn next(&self, at: usize) -> usize {
        GraphemeCursor::new(at, self.text.len(), true).next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }
}
