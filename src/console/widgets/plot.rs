//! Numbers as columns of blocks. Every plot on screen has its numbers beside it: blocks only repeat them.

/// Eighths of a cell, from empty to full.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// From nothing to the most.
const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];

/// Columns of `cells` each, `rows` high, the top row first: as high as their value against `most`. Anything shows at least an
/// eighth of a cell.
#[must_use]
pub fn columns(values: &[u32], most: u32, cells: usize, rows: usize) -> Vec<String> {
    let full = rows * 8;
    let height = |value: u32| match value {
        0 => 0,
        value => (usize::try_from(value).unwrap_or(usize::MAX).saturating_mul(full) / most.max(1) as usize).clamp(1, full.max(1)),
    };
    let heights: Vec<usize> = values.iter().map(|value| height(*value)).collect();
    (0..rows)
        .rev()
        .map(|row| {
            let block = |height: &usize| EIGHTHS[height.saturating_sub(row * 8).min(8)];
            heights.iter().map(|height| column(block(height), cells)).collect()
        })
        .collect()
}

/// A column leaves its last cell free where it has more than two, so that neighbours stay apart.
fn column(block: char, cells: usize) -> String {
    let drawn = if cells > 2 { cells - 1 } else { cells };
    (0..cells).map(|cell| if cell < drawn { block } else { ' ' }).collect()
}

/// Columns in one row, as wide as fits into `width`; the oldest are left out where there is no room.
#[must_use]
pub fn spark(values: &[u32], width: usize) -> String {
    let shown = &values[values.len().saturating_sub(width)..];
    let most = shown.iter().copied().max().unwrap_or(0);
    columns(shown, most, cells_each(shown.len(), width), 1).concat()
}

/// Cells for each of `count` columns in `width`, at most eight.
#[must_use]
pub fn cells_each(count: usize, width: usize) -> usize {
    (width / count.max(1)).clamp(1, 8)
}

/// How dark a value is against the most there is.
#[must_use]
pub fn shade(value: u32, most: u32) -> char {
    SHADES[level(value, most)]
}

/// 0 for nothing, 1 to 4 by quarters of `most`.
#[must_use]
pub fn level(value: u32, most: u32) -> usize {
    if value == 0 || most == 0 {
        return 0;
    }
    usize::try_from((u64::from(value) * 4).div_ceil(u64::from(most))).unwrap_or(4).clamp(1, 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::width;
    use proptest::prelude::*;

    #[test]
    fn columns_are_as_high_as_their_values() {
        assert_eq!(columns(&[0, 1, 8, 16], 16, 1, 2), ["   █", " ▁██"]);
        assert_eq!(spark(&[0, 1, 4], 3), " ▂█");
        assert_eq!(spark(&[9, 1, 4], 2), "▂█", "the newest are kept");
        assert_eq!(spark(&[], 5), "");
    }

    #[test]
    fn shades_go_by_quarters() {
        assert_eq!([0, 1, 25, 26, 75, 76, 100].map(|value| shade(value, 100)), ['·', '░', '░', '▒', '▓', '█', '█']);
        assert_eq!(level(0, 0), 0);
    }

    proptest! {
        #[test]
        fn every_row_has_its_width(values in prop::collection::vec(any::<u32>(), 0..40), cells in 1usize..9, rows in 0usize..12) {
            let most = values.iter().copied().max().unwrap_or(0);
            let drawn = columns(&values, most, cells, rows);
            prop_assert_eq!(drawn.len(), rows);
            for row in drawn {
                prop_assert_eq!(width(&row), values.len() * cells);
            }
        }
    }
}
