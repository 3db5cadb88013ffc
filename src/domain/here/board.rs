//! Who is where, as the server remembers it: told again every few seconds, forgotten soon after nobody does. Time is passed in.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{Doing, Here, HereNews, TicketHere};
use crate::domain::Timestamp;
use crate::domain::access::{self, Audience};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::person::Person;

/// How long somebody counts as here after their console last said so.
pub const LASTS_SECS: i64 = 30;
/// Tickets that people left, remembered so that those who saw them there are told.
const LEFT_MAX: usize = 1_000;

struct Place {
    /// Who may know: those who may see the ticket.
    audience: Audience,
    people: BTreeMap<PersonId, (Doing, Timestamp)>,
    /// When it last changed.
    mark: i64,
}

/// See the module.
pub struct Board {
    /// Counts changes; starts anywhere.
    mark: i64,
    /// Changes up to here are not all remembered.
    forgotten: i64,
    tickets: BTreeMap<TicketNumber, Place>,
}

impl Board {
    /// Nobody is anywhere. `start` must be higher than any mark of a board before (milliseconds of the clock will do), so that
    /// readers of that one are told everything.
    #[must_use]
    pub fn new(start: i64) -> Self {
        Self { mark: start, forgotten: start, tickets: BTreeMap::new() }
    }

    /// Counts the changes.
    #[must_use]
    pub fn mark(&self) -> i64 {
        self.mark
    }

    /// `person` is at a ticket that `audience` may see. Returns whether others have something to learn.
    pub fn put(&mut self, ticket: TicketNumber, audience: Audience, person: PersonId, doing: Doing, now: Timestamp) -> bool {
        self.expire(now);
        let until = now + TimeDelta::seconds(LASTS_SECS);
        let next = self.mark + 1;
        let place = self.tickets.entry(ticket).or_insert_with(|| Place { audience: audience.clone(), people: BTreeMap::new(), mark: next });
        let before = place.people.insert(person, (doing, until)).map(|(doing, _)| doing);
        let moved = place.audience != audience;
        place.audience = audience;
        if before == Some(doing) && !moved {
            return false;
        }
        (place.mark, self.mark) = (next, next);
        true
    }

    /// `person` left a ticket. Returns whether others have something to learn.
    pub fn leave(&mut self, ticket: TicketNumber, person: PersonId, now: Timestamp) -> bool {
        let expired = self.expire(now);
        let Some(place) = self.tickets.get_mut(&ticket) else { return expired };
        if place.people.remove(&person).is_none() {
            return expired;
        }
        self.mark += 1;
        place.mark = self.mark;
        self.forget();
        true
    }

    /// Forgets whom nobody told of for too long. Returns whether others have something to learn.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        let next = self.mark + 1;
        for place in self.tickets.values_mut() {
            let before = place.people.len();
            place.people.retain(|_, (_, until)| *until > now);
            if place.people.len() < before {
                (place.mark, self.mark) = (next, next);
            }
        }
        if self.mark == next {
            self.forget();
        }
        self.mark == next
    }

    /// When somebody is forgotten next, if nothing is heard of them.
    #[must_use]
    pub fn next_expiry(&self) -> Option<Timestamp> {
        self.tickets.values().flat_map(|place| place.people.values()).map(|(_, until)| *until).min()
    }

    /// Of the tickets that everybody left, only the last are remembered.
    fn forget(&mut self) {
        let mut left: Vec<_> =
            self.tickets.iter().filter(|(_, place)| place.people.is_empty()).map(|(n, place)| (place.mark, *n)).collect();
        if left.len() <= LEFT_MAX {
            return;
        }
        left.sort_unstable();
        for (mark, number) in left.iter().take(left.len() - LEFT_MAX) {
            self.tickets.remove(number);
            self.forgotten = self.forgotten.max(*mark);
        }
    }

    /// Who is at a ticket, besides `viewer`; nobody where they may not see it.
    #[must_use]
    pub fn at(&self, ticket: TicketNumber, viewer: &Person) -> Vec<Here> {
        self.tickets
            .get(&ticket)
            .filter(|place| access::admits(&place.audience, viewer))
            .map(|place| others(place, viewer.id))
            .unwrap_or_default()
    }

    /// Who may know of what changed after `since`.
    #[must_use]
    pub fn audiences(&self, since: i64) -> Vec<Audience> {
        if since == self.mark {
            return Vec::new();
        }
        self.tickets.values().filter(|place| place.mark > since).map(|place| place.audience.clone()).collect()
    }

    /// What `viewer` does not know who has heard all up to `since`; all there is when absent or too old.
    #[must_use]
    pub fn news(&self, viewer: &Person, since: Option<i64>) -> HereNews {
        let since = since.filter(|since| (self.forgotten..=self.mark).contains(since));
        let after = since.unwrap_or(i64::MIN);
        let fresh = self.tickets.iter().filter(|(_, place)| place.mark > after && access::admits(&place.audience, viewer));
        let tickets = fresh.map(|(ticket, place)| TicketHere { ticket: *ticket, people: others(place, viewer.id) });
        let tickets = tickets.filter(|here| since.is_some() || !here.people.is_empty()).collect();
        HereNews { mark: self.mark, all: since.is_none(), tickets }
    }
}

fn others(place: &Place, viewer: PersonId) -> Vec<Here> {
    let all = place.people.iter().filter(|(person, _)| **person != viewer);
    all.map(|(person, (doing, _))| Here { person: *person, doing: *doing }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::Role;
    use crate::domain::testing::{at, id, person};

    const ONE: TicketNumber = TicketNumber(1);

    fn now() -> Timestamp {
        at("2026-03-02T10:00:00Z")
    }

    fn pumps() -> Audience {
        Audience::Queue { queue: id(20), people: Vec::new() }
    }

    fn reader(n: u128) -> Person {
        person(n, "reader", Role::Agent, 1, &[id(20)])
    }

    #[test]
    fn others_learn_who_comes_types_and_goes_and_nothing_twice() {
        let (mut board, bob) = (Board::new(100), reader(2));
        assert!(board.put(ONE, pumps(), id(1), Doing::Viewing, now()));
        let first = board.news(&bob, None);
        assert!(first.all && first.tickets == [TicketHere { ticket: ONE, people: vec![Here { person: id(1), doing: Doing::Viewing }] }]);
        assert!(!board.put(ONE, pumps(), id(1), Doing::Viewing, now() + TimeDelta::seconds(10)), "a sign of life is no news");
        assert_eq!(board.news(&bob, Some(first.mark)).tickets, []);
        assert_eq!(board.audiences(first.mark), []);
        assert!(board.put(ONE, pumps(), id(1), Doing::Typing, now()));
        assert_eq!(board.audiences(first.mark), [pumps()], "whom to tell");
        let second = board.news(&bob, Some(first.mark));
        assert_eq!(second.tickets[0].people, [Here { person: id(1), doing: Doing::Typing }]);
        assert!(board.leave(ONE, id(1), now()));
        let gone = board.news(&bob, Some(second.mark));
        assert!(!gone.all && gone.tickets == [TicketHere { ticket: ONE, people: Vec::new() }]);
        assert!(!board.leave(ONE, id(1), now()), "leaving twice is leaving once");
    }

    #[test]
    fn who_is_not_heard_of_is_forgotten() {
        let (mut board, bob) = (Board::new(0), reader(2));
        board.put(ONE, pumps(), id(1), Doing::Viewing, now());
        let end = now() + TimeDelta::seconds(LASTS_SECS);
        assert_eq!(board.next_expiry(), Some(end));
        assert!(!board.expire(end - TimeDelta::milliseconds(1)));
        assert!(board.expire(end));
        assert!(board.at(ONE, &bob).is_empty() && board.next_expiry().is_none());
        assert!(!board.expire(end), "once");
    }

    #[test]
    fn one_knows_only_of_tickets_one_may_see_and_not_of_oneself() {
        let mut board = Board::new(0);
        board.put(ONE, pumps(), id(1), Doing::Viewing, now());
        let stranger = person(3, "stranger", Role::Agent, 1, &[id(21)]);
        assert!(board.news(&stranger, None).tickets.is_empty() && board.at(ONE, &stranger).is_empty());
        assert!(board.news(&reader(1), None).tickets.is_empty(), "oneself is no news");
        let moved = Audience::Queue { queue: id(21), people: Vec::new() };
        let mark = board.mark();
        assert!(board.put(ONE, moved, id(1), Doing::Viewing, now()), "it came into another queue");
        assert_eq!(board.news(&stranger, Some(mark)).tickets.len(), 1);
        assert!(board.news(&reader(2), Some(mark)).tickets.is_empty());
    }

    #[test]
    fn a_mark_of_another_board_or_one_too_old_brings_everything() {
        let (mut board, bob) = (Board::new(1_000), reader(2));
        for number in 1..=1_200 {
            board.put(TicketNumber(number), pumps(), id(1), Doing::Viewing, now());
            board.leave(TicketNumber(number), id(1), now());
        }
        board.put(ONE, pumps(), id(1), Doing::Viewing, now());
        assert!(board.tickets.len() <= LEFT_MAX + 1);
        for stale in [Some(5), Some(1_001), Some(i64::MAX), None] {
            let news = board.news(&bob, stale);
            assert!(news.all && news.tickets.len() == 1, "{stale:?}");
        }
        assert!(!board.news(&bob, Some(board.mark())).all);
    }
}
