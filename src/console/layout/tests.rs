//! The rectangles hold for every size.

use proptest::prelude::*;

use super::*;

const BOTH: (PaneId, Option<PaneId>) = (PaneId::Queues, Some(PaneId::Ticket));

#[test]
fn a_wide_screen_has_them_beside_each_other_and_a_tall_one_below() {
    assert_eq!(Layout::arrangement((100, 24)), Arrangement::Beside);
    assert_eq!(Layout::arrangement((99, 24)), Arrangement::Over);
    assert_eq!(Layout::arrangement((80, 46)), Arrangement::Below);
    let places = Layout::default().places(Rect::new(0, 0, 120, 40), BOTH);
    assert_eq!(places.panes[0].outer, Rect::new(0, 1, 66, 37));
    assert_eq!(places.panes[1].inner, Rect::new(67, 2, 53, 36));
    let places = Layout::default().places(Rect::new(0, 0, 80, 60), BOTH);
    assert_eq!((places.panes[0].outer.width, places.panes[1].outer.width), (80, 80));
    assert_eq!(places.divider, Some(Rect::new(0, places.panes[1].outer.y, 80, 1)));
}

#[test]
fn zoomed_there_is_one_with_a_line_that_says_so() {
    let layout = Layout { zoomed: true, ..Layout::default() };
    assert!(!layout.splits((160, 40)));
    let places = layout.places(Rect::new(0, 0, 160, 40), (PaneId::Ticket, None));
    assert_eq!((places.panes.len(), places.panes[0].borders), (1, Borders::TOP));
    let narrow = layout.places(Rect::new(0, 0, 80, 24), (PaneId::Ticket, None));
    assert_eq!(narrow.panes[0].borders, Borders::NONE, "where there is nothing else there is nothing to tell");
}

proptest! {
    #[test]
    fn nothing_overlaps_and_nothing_is_outside(width in 1u16..=300, height in 1u16..=100, share in 0u16..=120, two: bool, zoomed: bool, focus: bool) {
        let layout = Layout { list_share: share, zoomed, mode: if focus { Mode::Focus } else { Mode::Desk }, rail: true };
        let screen = Rect::new(0, 0, width, height);
        let places = layout.places(screen, if two { BOTH } else { (PaneId::Chats, None) });
        for place in &places.panes {
            prop_assert_eq!(place.outer.intersection(screen), place.outer);
            prop_assert_eq!(place.inner.intersection(place.outer), place.inner);
            prop_assert_eq!(place.outer.intersection(places.progress).area(), 0);
            if height > 3 {
                for line in [places.tabs, places.toast, places.keys] {
                    prop_assert_eq!(place.outer.intersection(line).area(), 0);
                }
            }
        }
        if let [one, other] = places.panes[..] {
            prop_assert_eq!(one.outer.intersection(other.outer).area(), 0);
            prop_assert_eq!(one.outer.area() + other.outer.area(), one.outer.union(other.outer).area());
        }
    }

    #[test]
    fn the_line_follows_the_pointer(width in WIDE..=300, height in 20u16..=100, at in 0u16..300) {
        let screen = Rect::new(0, 0, width, height);
        let mut layout = Layout::default();
        layout.list_share = Layout::share_at(&layout.places(screen, BOTH), at, 5);
        let divider = layout.places(screen, BOTH).divider.unwrap();
        let reach = (width / 5 + 3)..(width * 4 / 5).saturating_sub(3);
        if reach.contains(&at) {
            prop_assert!(divider.x.abs_diff(at) <= width / 100 + 1, "{} for {at} of {width}", divider.x);
        }
    }
}
