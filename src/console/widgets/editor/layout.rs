//! Rows of a text at some width, and where the caret stands among them. Lines break as UAX 14 says; a word wider than the row
//! breaks between graphemes.

use std::ops::Range;

use textwrap::WordSeparator;
use unicode_segmentation::UnicodeSegmentation;

use super::Editor;
use crate::base::text;

/// A row: bytes of the text, the line break left out.
pub type Row = Range<usize>;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Laid {
    /// At least one.
    pub rows: Vec<Row>,
    /// Row and cell of the caret; the cell is at most the width.
    pub caret: (usize, usize),
    cells: usize,
}

impl Editor {
    /// Rows of at most `cells` (at least 2); the caret may stand right after the last cell.
    #[must_use]
    pub fn lay_out(&self, cells: usize) -> Laid {
        let cells = cells.max(2);
        let mut rows = Vec::new();
        let mut start = 0;
        for line in self.text.split('\n') {
            wrap(line, start, cells, &mut rows);
            start += line.len() + 1;
        }
        // At a soft break the caret stands where the next character goes: on the row that starts there.
        let row = rows.partition_point(|row| row.start <= self.caret).saturating_sub(1);
        let cell = text::width(&self.text[rows[row].start..self.caret]).min(cells);
        Laid { caret: (row, cell), rows, cells }
    }
}

impl Laid {
    /// The boundary in `row` nearest before `cell`.
    pub(super) fn at(&self, text: &str, row: usize, cell: usize) -> usize {
        let row_range = self.rows[row].clone();
        let soft = self.rows.get(row + 1).is_some_and(|next| next.start == row_range.end);
        let mut used = 0;
        let mut last = row_range.start;
        for (at, grapheme) in text[row_range.clone()].grapheme_indices(true) {
            let start = row_range.start + at;
            last = start;
            used += text::width(grapheme);
            if used > cell.min(self.cells) {
                return start;
            }
        }
        // The end of a soft row is the start of the next one: stay on this.
        if soft { last } else { row_range.end }
    }
}

fn wrap(line: &str, start: usize, cells: usize, rows: &mut Vec<Row>) {
    let (mut row, mut at, mut used) = (start, start, 0);
    for word in WordSeparator::UnicodeBreakProperties.find_words(line) {
        let wide = text::width(word.word);
        if used + wide > cells && at > row {
            rows.push(row..at);
            (row, used) = (at, 0);
        }
        if wide > cells {
            for grapheme in word.word.graphemes(true) {
                let wide = text::width(grapheme);
                if used + wide > cells && at > row {
                    rows.push(row..at);
                    (row, used) = (at, 0);
                }
                at += grapheme.len();
                used += wide;
            }
        } else {
            at += word.word.len();
            used += wide;
        }
        // Spaces at the end of a row hang over its edge.
        at += word.whitespace.len();
        used += word.whitespace.len();
    }
    rows.push(row..start + line.len());
}
