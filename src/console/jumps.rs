//! Where the person was, in order: back and forward, as in a browser. A change of place is a step; the selection within a place is
//! kept with it.

use super::pane::{PaneId, Spot};
use crate::domain::id::TicketNumber;

/// Places kept.
const PLACES_MAX: usize = 100;

/// A place.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub front: PaneId,
    /// The ticket that has the keys, over or beside the front pane or as it.
    pub open: Option<TicketNumber>,
    /// Where in the front pane.
    pub spot: Spot,
}

impl Place {
    /// Whether going from one to the other is no step.
    fn same(&self, other: &Self) -> bool {
        // The same tickets in another order are no other list.
        let list = |place: &Self| place.spot.query.as_ref().map(|query| (query.view, query.filter.clone()));
        let at = |place: &Self| (place.front, place.open, place.spot.conversation, place.spot.saved);
        at(self) == at(other) && list(self) == list(other)
    }
}

/// The places, and at which one of them the person is.
#[derive(Clone, Debug, Default)]
pub struct Jumps {
    places: Vec<Place>,
    at: usize,
}

impl Jumps {
    /// Takes note of where the person is; a step forgets what lay ahead.
    pub fn visit(&mut self, place: Place) {
        match self.places.get_mut(self.at) {
            Some(here) if here.same(&place) => *here = place,
            _ => {
                self.places.truncate(self.at + 1);
                self.places.push(place);
                self.places.drain(..self.places.len().saturating_sub(PLACES_MAX));
                self.at = self.places.len() - 1;
            }
        }
    }

    /// One step back.
    pub fn back(&mut self) -> Option<Place> {
        self.at = self.at.checked_sub(1)?;
        self.places.get(self.at).cloned()
    }

    /// One step forward again.
    pub fn forward(&mut self) -> Option<Place> {
        let place = self.places.get(self.at + 1).cloned()?;
        self.at += 1;
        Some(place)
    }

    #[must_use]
    pub fn can_go_back(&self) -> bool {
        self.at > 0
    }

    #[must_use]
    pub fn can_go_forward(&self) -> bool {
        self.at + 1 < self.places.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place(front: PaneId, open: i64, index: usize) -> Place {
        Place { front, open: Some(TicketNumber(open)).filter(|_| open > 0), spot: Spot { index, ..Spot::default() } }
    }

    #[test]
    fn another_saved_view_or_filter_is_a_step_and_another_order_is_none() {
        use crate::client::view::{Sort, TicketQuery};
        let listed = |filter: &str, sort, saved: Option<u128>| {
            let query = Some(TicketQuery { filter: filter.into(), sort, ..TicketQuery::default() });
            let saved = saved.map(|n| uuid::Uuid::from_u128(n).into());
            Place { front: PaneId::Queues, open: None, spot: Spot { query, saved, ..Spot::default() } }
        };
        let (first, second) = (listed("#a", Sort::Due, Some(1)), listed("#a", Sort::Due, Some(2)));
        let third = listed("#b", Sort::Due, None);
        let mut jumps = Jumps::default();
        for place in [&first, &second, &third, &listed("#b", Sort::Newest, None)] {
            jumps.visit(place.clone());
        }
        assert_eq!((jumps.back(), jumps.back()), (Some(second), Some(first)));
    }

    #[test]
    fn steps_go_back_and_forward_and_a_new_one_forgets_what_lay_ahead() {
        let mut jumps = Jumps::default();
        for (open, index) in [(0, 0), (0, 5), (7, 5), (8, 5)] {
            jumps.visit(place(PaneId::Queues, open, index));
        }
        assert_eq!(jumps.back(), Some(place(PaneId::Queues, 7, 5)));
        assert_eq!(jumps.back(), Some(place(PaneId::Queues, 0, 5)), "the selection when it was left");
        assert_eq!(jumps.back(), None);
        assert_eq!(jumps.forward(), Some(place(PaneId::Queues, 7, 5)));
        jumps.visit(place(PaneId::Shifts, 0, 0));
        assert_eq!(jumps.forward(), None);
        assert!(jumps.can_go_back() && !jumps.can_go_forward());
    }

    proptest! {
        /// However one wanders, there is a place, and their number is bounded.
        #[test]
        fn wandering_is_bounded(steps in prop::collection::vec((0u8..3, 0i64..4), 0..400)) {
            let mut jumps = Jumps::default();
            for (what, open) in steps {
                match what {
                    0 => jumps.visit(place(PaneId::Queues, open, 0)),
                    1 => drop(jumps.back()),
                    _ => drop(jumps.forward()),
                }
                prop_assert!(jumps.places.len() <= PLACES_MAX && jumps.at < jumps.places.len().max(1));
            }
        }
    }
}
