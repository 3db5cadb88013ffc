//! Time across cells: where an instant stands, and bars with a label inside.

use std::ops::Range;

use crate::base::text;

/// A span of time (seconds of any epoch) laid over a number of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    pub from: i64,
    /// After `from`.
    pub to: i64,
    pub cells: u16,
}

impl Axis {
    /// The cell in which an instant falls; absent outside the axis.
    #[must_use]
    pub fn cell(&self, at: i64) -> Option<u16> {
        (self.cells > 0 && at >= self.from && at < self.to).then(|| self.edge(at).min(self.cells - 1))
    }

    /// The cells of a span, cut to the axis; a span inside it has at least one. Absent when it lies outside.
    #[must_use]
    pub fn range(&self, from: i64, to: i64) -> Option<Range<u16>> {
        if self.cells == 0 || to <= self.from || from >= self.to || to <= from {
            return None;
        }
        let start = self.edge(from.max(self.from)).min(self.cells - 1);
        let end = self.edge(to.min(self.to)).clamp(start + 1, self.cells);
        Some(start..end)
    }

    fn edge(&self, at: i64) -> u16 {
        let span = (self.to - self.from).max(1);
        u16::try_from((at - self.from).clamp(0, span) * i64::from(self.cells) / span).unwrap_or(self.cells)
    }
}

/// A bar of exactly `cells`: brackets where it really begins and ends, the longest of `labels` that fits, then `fill`.
/// Short bars give up their brackets first, then all but the head of the last label.
#[must_use]
pub fn bar(cells: usize, labels: &[String], fill: char, begins: bool, ends: bool) -> String {
    let brackets = cells >= 4;
    let open = if brackets && begins { "[" } else { "" };
    let close = if brackets && ends { "]" } else { "" };
    let inner = cells.saturating_sub(open.len() + close.len());
    let label = labels.iter().find(|label| text::width(label) <= inner).or(labels.last());
    let mut body = label.map_or_else(String::new, |label| head(label, inner));
    while text::width(&body) < inner {
        body.push(fill);
    }
    format!("{open}{body}{close}")
}

/// What of a text fits, without an ellipsis.
fn head(label: &str, cells: usize) -> String {
    let mut out = String::new();
    for char in label.chars() {
        out.push(char);
        if text::width(&out) > cells {
            out.pop();
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: Axis = Axis { from: 0, to: 24, cells: 48 };

    #[test]
    fn instants_fall_into_cells() {
        assert_eq!(DAY.cell(0), Some(0));
        assert_eq!(DAY.cell(12), Some(24));
        assert_eq!(DAY.cell(24), None);
        assert_eq!(DAY.cell(-1), None);
        assert_eq!(Axis { cells: 0, ..DAY }.cell(3), None);
    }

    #[test]
    fn spans_are_cut_to_the_axis_and_never_vanish_inside() {
        assert_eq!(DAY.range(-4, 2), Some(0..4));
        assert_eq!(DAY.range(20, 30), Some(40..48));
        assert_eq!(DAY.range(24, 30), None);
        assert_eq!(DAY.range(-3, 0), None);
        assert_eq!(Axis { from: 0, to: 100, cells: 10 }.range(99, 100), Some(9..10));
    }

    #[test]
    fn bars_prefer_the_longest_label_that_fits() {
        let labels = ["E 07:00-15:00".to_owned(), "E".to_owned()];
        assert_eq!(bar(18, &labels, '━', true, true), "[E 07:00-15:00━━━]");
        assert_eq!(bar(8, &labels, '━', true, false), "[E━━━━━━");
        assert_eq!(bar(3, &labels, '▒', true, true), "E▒▒");
        assert_eq!(bar(0, &labels, '▒', true, true), "");
        assert_eq!(bar(1, &["早".to_owned()], '━', true, true), "━");
    }

    proptest! {
        #[test]
        fn a_bar_takes_its_cells(cells in 0usize..60, label in "[a-z早晚夜]{0,12}", begins in any::<bool>(), ends in any::<bool>()) {
            prop_assert_eq!(text::width(&bar(cells, &[label], '━', begins, ends)), cells);
        }

        #[test]
        fn a_range_lies_on_the_axis(from in -500i64..500, len in 1i64..300, cells in 1u16..200) {
            if let Some(range) = (Axis { from: 0, to: 240, cells }).range(from, from + len) {
                prop_assert!(range.start < range.end && range.end <= cells);
            }
        }
    }
}
