//! How full something is, in a few cells.

/// How near to full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Free,
    /// Three quarters or more.
    High,
    /// No room left.
    Full,
}

/// The level of `used` out of `room`; no room at all is full.
#[must_use]
pub fn level(used: u32, room: u32) -> Level {
    let (used, room) = (u64::from(used), u64::from(room));
    match () {
        () if used >= room => Level::Full,
        () if used * 4 >= room * 3 => Level::High,
        () => Level::Free,
    }
}

/// A bar of exactly `cells`, filled in proportion: anything used shows at least one cell, and only a full bar is full.
#[must_use]
pub fn load_bar(used: u32, room: u32, cells: usize) -> String {
    let filled = match level(used, room) {
        Level::Full => cells,
        _ if used == 0 => 0,
        _ => (usize::try_from(used).unwrap_or(usize::MAX).saturating_mul(cells) / room.max(1) as usize)
            .clamp(1.min(cells), cells.saturating_sub(1).max(1.min(cells))),
    };
    "█".repeat(filled) + &"░".repeat(cells - filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::width;
    use proptest::prelude::*;

    #[test]
    fn a_bar_shows_the_least_and_never_looks_full_before_it_is() {
        assert_eq!(load_bar(0, 8, 4), "░░░░");
        assert_eq!(load_bar(1, 100, 4), "█░░░");
        assert_eq!(load_bar(99, 100, 4), "███░");
        assert_eq!(load_bar(8, 8, 4), "████");
        assert_eq!(load_bar(0, 0, 4), "████");
    }

    #[test]
    fn levels() {
        assert_eq!(level(0, 4), Level::Free);
        assert_eq!(level(3, 4), Level::High);
        assert_eq!(level(4, 4), Level::Full);
        assert_eq!(level(0, 0), Level::Full);
    }

    proptest! {
        #[test]
        fn a_bar_takes_its_cells(used in any::<u32>(), room in any::<u32>(), cells in 0usize..40) {
            prop_assert_eq!(width(&load_bar(used, room, cells)), cells);
        }
    }
}
