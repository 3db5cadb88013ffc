//! Who listens, by what they may see: a change wakes those whom it concerns, and nobody else.
//!
//! On a desk with few consoles every commit is told to all at once, as nothing is simpler. With more of them those whom nothing
//! concerns learn in turn, within about a second, how far the feed is, and with it what everybody sees but nobody waits for
//! (how much others have to do).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::domain::access::{self, Audience};
use crate::domain::id::{PersonId, QueueId};
use crate::domain::person::Person;
use crate::domain::row::RowKind;
use crate::server::state::Desk;
use crate::store::{FeedEntry, Position};

/// Up to so many receivers all are told everything at once.
const FEW: usize = 64;
/// The others come in so many turns, one turn each pause.
const TURNS: u64 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// Something that they see may have changed.
pub(super) const CHANGES: u8 = 1;
/// How far the feed is, even if nothing concerns them.
pub(super) const CURSOR: u8 = 2;
/// Somebody came to a ticket that they see, or left it.
pub(super) const HERE: u8 = 4;

/// What one receiver is to look at.
#[derive(Default)]
struct Ear {
    number: u64,
    said: AtomicU8,
    wake: Notify,
}

impl Ear {
    fn say(&self, what: u8) {
        self.said.fetch_or(what, Ordering::SeqCst);
        self.wake.notify_one();
    }
}

type Ears = HashMap<u64, Arc<Ear>>;

#[derive(Default)]
struct Index {
    all: Ears,
    /// Those who see every queue.
    every_queue: Ears,
    queues: HashMap<QueueId, Ears>,
    people: HashMap<PersonId, Ears>,
}

impl Index {
    fn say(&self, audience: &Audience, what: u8) {
        match audience {
            Audience::Desk => say_all(&self.all, what),
            Audience::Queue { queue, people } => {
                say_all(&self.every_queue, what);
                self.queues.get(queue).into_iter().for_each(|ears| say_all(ears, what));
                self.say_people(people, what);
            }
            Audience::People(people) => self.say_people(people, what),
            // One too many looks in vain.
            Audience::Tier { of, .. } => self.say(of, what),
            Audience::Nobody => {}
        }
    }

    fn say_people(&self, people: &[PersonId], what: u8) {
        people.iter().filter_map(|person| self.people.get(person)).for_each(|ears| say_all(ears, what));
    }
}

fn say_all(ears: &Ears, what: u8) {
    ears.values().for_each(|ear| ear.say(what));
}

/// See the module.
#[derive(Clone, Default)]
pub struct Receivers {
    index: Arc<Mutex<Index>>,
    next: Arc<AtomicU64>,
}

/// One stream or poll that listens; ends when dropped.
pub(super) struct Listening {
    receivers: Receivers,
    ear: Arc<Ear>,
    person: PersonId,
    queues: Vec<QueueId>,
}

impl Receivers {
    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Listens as `viewer`, whose rights are taken as they are: who edits them ends the stream.
    pub(super) fn listen(&self, viewer: &Person) -> Listening {
        let ear = Arc::new(Ear { number: self.next.fetch_add(1, Ordering::Relaxed), ..Ear::default() });
        let (person, queues) = (viewer.id, viewer.queues.clone());
        let mut index = self.index();
        index.all.insert(ear.number, Arc::clone(&ear));
        index.people.entry(person).or_default().insert(ear.number, Arc::clone(&ear));
        if access::sees_all_queues(viewer) {
            index.every_queue.insert(ear.number, Arc::clone(&ear));
        }
        for queue in &queues {
            index.queues.entry(*queue).or_default().insert(ear.number, Arc::clone(&ear));
        }
        drop(index);
        Listening { receivers: self.clone(), ear, person, queues }
    }

    /// How many listen.
    #[must_use]
    pub fn count(&self) -> usize {
        self.index().all.len()
    }

    /// Wakes whom these entries concern.
    pub(super) fn tell(&self, fresh: &[FeedEntry]) {
        let index = self.index();
        if index.all.len() <= FEW {
            say_all(&index.all, CHANGES | CURSOR);
            return;
        }
        // What others have to do changes with every ticket, and everybody sees it: it goes with the next turn.
        for entry in fresh.iter().filter(|entry| entry.kind != RowKind::AgentState) {
            index.say(&entry.after, CHANGES);
            entry.before.iter().filter(|before| **before != entry.after).for_each(|before| index.say(before, CHANGES));
        }
    }

    /// Wakes everybody: what changed is not known.
    pub(super) fn tell_all(&self) {
        say_all(&self.index().all, CHANGES | CURSOR);
    }

    /// Wakes those who may know who is at a ticket that `audience` sees.
    pub fn tell_here(&self, audience: &Audience) {
        self.index().say(audience, HERE);
    }

    fn tell_turn(&self, turn: u64) {
        let index = self.index();
        index.all.values().filter(|ear| ear.number % TURNS == turn).for_each(|ear| ear.say(CURSOR));
    }
}

impl Listening {
    /// What there is to look at, when there is something; it is not said again.
    pub async fn said(&self) -> u8 {
        loop {
            let said = self.ear.said.swap(0, Ordering::SeqCst);
            if said != 0 {
                return said;
            }
            self.ear.wake.notified().await;
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let number = self.ear.number;
        let mut index = self.receivers.index();
        index.all.remove(&number);
        index.every_queue.remove(&number);
        for queue in &self.queues {
            if let Some(ears) = index.queues.get_mut(queue) {
                ears.remove(&number);
            }
        }
        if let Some(ears) = index.people.get_mut(&self.person) {
            ears.remove(&number);
            if ears.is_empty() {
                index.people.remove(&self.person);
            }
        }
    }
}

/// Tells all, in turns, how far the feed is: while it moves, and once after. Nothing is done while it stands still.
pub async fn follow(desk: Desk) {
    let mut head = desk.hub.subscribe();
    let mut told = [Position::default(); TURNS as usize];
    loop {
        let now = *head.borrow_and_update();
        for (turn, told) in (0..).zip(&mut told) {
            if *told == now {
                continue;
            }
            *told = *head.borrow();
            desk.hub.receivers.tell_turn(turn);
            tokio::select! {
                () = desk.shutdown.cancelled() => return,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
        if told.iter().all(|told| *told == *head.borrow()) {
            tokio::select! {
                () = desk.shutdown.cancelled() => return,
                changed = head.changed() => if changed.is_err() { return },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;
    use crate::domain::person::Role;
    use crate::domain::testing::{id, person};

    fn entry(kind: RowKind, before: Option<Audience>, after: Audience) -> FeedEntry {
        FeedEntry { position: Position::default(), kind, id: "1".into(), version: 1, before, after, row: "{}".into() }
    }

    fn of(queue: u128, people: &[u128]) -> Audience {
        Audience::Queue { queue: id(queue), people: people.iter().map(|n| id(*n)).collect() }
    }

    fn said(listening: &Listening) -> u8 {
        listening.said().now_or_never().unwrap_or(0)
    }

    /// Two agents of two queues, a lead, and a crowd that makes it a large desk.
    fn desk() -> (Receivers, Listening, Listening, Listening, Vec<Listening>) {
        let receivers = Receivers::default();
        let crowd = (100..200).map(|n| receivers.listen(&person(n, "crowd", Role::Agent, 1, &[id(99)]))).collect();
        let ann = receivers.listen(&person(1, "ann", Role::Agent, 1, &[id(20)]));
        let zoe = receivers.listen(&person(2, "zoe", Role::Agent, 1, &[id(21)]));
        let lea = receivers.listen(&person(3, "lea", Role::Lead, 1, &[]));
        (receivers, ann, zoe, lea, crowd)
    }

    #[test]
    fn a_change_wakes_whom_it_concerns_before_or_after() {
        let (receivers, ann, zoe, lea, crowd) = desk();
        receivers.tell(&[entry(RowKind::Ticket, None, of(20, &[]))]);
        assert_eq!([said(&ann), said(&zoe), said(&lea), said(&crowd[0])], [CHANGES, 0, CHANGES, 0]);
        receivers.tell(&[entry(RowKind::Ticket, Some(of(20, &[])), of(21, &[]))]);
        assert_eq!([said(&ann), said(&zoe), said(&lea), said(&crowd[0])], [CHANGES, CHANGES, CHANGES, 0], "who loses sight of it too");
        receivers.tell(&[entry(RowKind::Ticket, None, of(20, &[2]))]);
        assert_eq!([said(&ann), said(&zoe)], [CHANGES, CHANGES], "a participant of another queue");
        let tier = Audience::Tier { tier: 2, of: Box::new(of(21, &[])) };
        receivers.tell(&[entry(RowKind::Message, None, tier), entry(RowKind::Notice, None, Audience::People(vec![id(1)]))]);
        assert_eq!([said(&ann), said(&zoe), said(&crowd[0])], [CHANGES, CHANGES, 0]);
        receivers.tell(&[entry(RowKind::Queue, None, Audience::Desk)]);
        assert!([&ann, &zoe, &lea].iter().all(|one| said(one) == CHANGES) && crowd.iter().all(|one| said(one) == CHANGES));
    }

    #[test]
    fn what_everybody_sees_and_nobody_waits_for_comes_in_turns() {
        let (receivers, ann, _zoe, _lea, crowd) = desk();
        receivers.tell(&[entry(RowKind::AgentState, None, Audience::Desk)]);
        assert_eq!(said(&ann), 0);
        (0..TURNS).for_each(|turn| receivers.tell_turn(turn));
        assert!(said(&ann) == CURSOR && crowd.iter().all(|one| said(one) == CURSOR), "each has a turn");
    }

    #[test]
    fn few_are_told_everything_and_who_left_is_forgotten() {
        let (receivers, ann, zoe, lea, crowd) = desk();
        drop((zoe, lea, crowd));
        assert_eq!(receivers.count(), 1);
        receivers.tell(&[entry(RowKind::Ticket, None, Audience::Nobody)]);
        assert_eq!(said(&ann), CHANGES | CURSOR);
        receivers.tell_here(&of(20, &[]));
        receivers.tell_here(&of(21, &[]));
        assert_eq!((said(&ann), said(&ann)), (HERE, 0), "once");
        drop(ann);
        let index = receivers.index();
        assert!(index.all.is_empty() && index.people.is_empty() && index.every_queue.is_empty());
    }
}
