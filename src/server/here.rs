//! Who is at which ticket: in memory alone, told to consoles beside the feed, forgotten when nothing is heard for half a minute.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::domain::Timestamp;
use crate::domain::access::Audience;
use crate::domain::here::board::Board;
use crate::domain::here::{Doing, Here, HereNews};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::person::Person;
use crate::server::feed::receivers::Receivers;
use crate::server::state::Desk;

/// The board, and who waits for it to change.
pub struct HereBoard {
    board: Mutex<Board>,
    changed: watch::Sender<i64>,
    receivers: Receivers,
}

impl HereBoard {
    /// An empty board of a server that starts at `now`.
    #[must_use]
    pub fn new(now: Timestamp, receivers: Receivers) -> Self {
        let start = now.timestamp_millis();
        Self { board: Mutex::new(Board::new(start)), changed: watch::Sender::new(start), receivers }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes when somebody is to be forgotten at another time.
    fn subscribe(&self) -> watch::Receiver<i64> {
        self.changed.subscribe()
    }

    /// `person` is at a ticket that `audience` may see.
    pub fn put(&self, ticket: TicketNumber, audience: Audience, person: PersonId, doing: Doing, now: Timestamp) {
        self.act(|board| board.put(ticket, audience, person, doing, now));
    }

    /// `person` left a ticket.
    pub fn leave(&self, ticket: TicketNumber, person: PersonId, now: Timestamp) {
        self.act(|board| board.leave(ticket, person, now));
    }

    fn act(&self, act: impl FnOnce(&mut Board) -> bool) {
        let mut board = self.board();
        let before = board.mark();
        let _ = act(&mut board);
        let mark = board.mark();
        let audiences = board.audiences(before);
        drop(board);
        if mark != before {
            self.changed.send_replace(mark);
            audiences.iter().for_each(|audience| self.receivers.tell_here(audience));
        }
    }

    /// Who is at a ticket now, besides `viewer`.
    #[must_use]
    pub fn at(&self, ticket: TicketNumber, viewer: &Person, now: Timestamp) -> Vec<Here> {
        self.act(|board| board.expire(now));
        self.board().at(ticket, viewer)
    }

    /// What `viewer` has to learn after `since`.
    #[must_use]
    pub fn news(&self, viewer: &Person, since: Option<i64>) -> HereNews {
        self.board().news(viewer, since)
    }
}

/// Forgets people in time, while there are any; ends with the server.
pub async fn follow(desk: Desk) {
    let mut changed = desk.here.subscribe();
    loop {
        let now = desk.clock.now();
        desk.here.act(|board| board.expire(now));
        changed.mark_unchanged();
        let next = desk.here.board().next_expiry();
        let pause = next.map(|next| (next - now).to_std().unwrap_or_default());
        tokio::select! {
            () = desk.shutdown.cancelled() => return,
            moved = changed.changed() => if moved.is_err() { return },
            () = tokio::time::sleep(pause.unwrap_or_default()), if pause.is_some() => {}
        }
    }
}
