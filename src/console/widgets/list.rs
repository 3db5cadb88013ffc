//! Which rows of a list are on screen, and where a cursor goes.

use std::ops::Range;

/// The rows shown when `selected` must be among them: the list turns whole pages, which costs a slow link less than
/// moving by single rows.
#[must_use]
pub fn page(total: usize, selected: usize, height: usize) -> Range<usize> {
    if height == 0 || total == 0 {
        return 0..0;
    }
    let start = selected.min(total - 1) / height * height;
    start..(start + height).min(total)
}

/// `index` moved by `by`, kept inside a list of `total`; absent when the list is empty.
#[must_use]
pub fn step(index: Option<usize>, by: isize, total: usize) -> Option<usize> {
    let last = total.checked_sub(1)?;
    match index {
        None => Some(if by < 0 { last } else { 0 }),
        Some(index) => Some(index.saturating_add_signed(by).min(last)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_list_turns_whole_pages() {
        assert_eq!(page(25, 9, 10), 0..10);
        assert_eq!(page(25, 10, 10), 10..20);
        assert_eq!(page(25, 24, 10), 20..25);
        assert_eq!(page(0, 0, 10), 0..0);
        assert_eq!(page(3, 2, 0), 0..0);
    }

    #[test]
    fn a_step_stays_inside() {
        assert_eq!(step(None, 1, 3), Some(0));
        assert_eq!(step(None, -1, 3), Some(2));
        assert_eq!(step(Some(1), 9, 3), Some(2));
        assert_eq!(step(Some(1), -9, 3), Some(0));
        assert_eq!(step(Some(1), 1, 0), None);
    }

    proptest! {
        #[test]
        fn the_selected_row_is_always_on_the_page(total in 1usize..500, selected in 0usize..500, height in 1usize..80) {
            let selected = selected.min(total - 1);
            let rows = page(total, selected, height);
            prop_assert!(rows.contains(&selected) && rows.len() <= height && rows.end <= total);
        }
    }
}
