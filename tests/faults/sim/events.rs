//! What may happen next, and how likely.

use dutydesk::base::safeguard::Safeguard;
use rand::RngExt;

use super::net::Load;
use super::world::World;

/// Something that happens; numbers name a client or a place in the net.
#[derive(Clone, Debug)]
pub enum Event {
    Act(usize),
    Send(usize),
    Poll(usize),
    Piece(usize),
    Digest(usize),
    Messages(usize),
    Deliver(usize),
    // The net.
    Lose(usize),
    Double(usize),
    Replay,
    CutOff(usize),
    Partition(usize),
    Join(usize),
    GiveUp(usize),
    // Ends and beginnings.
    CrashClient(usize),
    CrashServer,
    StartServer,
    // The server by itself.
    Job(&'static str),
    Follow,
    Clock,
    ClientClock(usize),
    Rights,
    /// Somebody without a console changes a ticket.
    Elsewhere,
    Trim,
    Backup,
    Restore,
    // The tray.
    Retry(usize),
    Forget(usize),
    TakeBack(usize),
}

impl World<'_> {
    /// The next event.
    pub fn choose(&mut self) -> Event {
        let mut events = Vec::new();
        self.usual(&mut events);
        self.troubles(&mut events);
        let all: u32 = events.iter().map(|(weight, _)| weight).sum();
        let mut at = self.rng.random_range(0..all.max(1));
        for (weight, event) in events {
            if at < weight {
                return event;
            }
            at -= weight;
        }
        Event::Clock
    }

    fn usual(&mut self, events: &mut Vec<(u32, Event)>) {
        let share = 60 / u32::try_from(self.clients.len()).unwrap_or(1);
        for c in 0..self.clients.len() {
            let client = &self.clients[c];
            events.push((share, Event::Act(c)));
            if client.sending.is_none() && !client.open().is_empty() {
                events.push((share, Event::Send(c)));
            }
            if client.polling.is_none() && client.loading.is_none() {
                events.push((share, Event::Poll(c)));
                events.push((share / 10, Event::Digest(c)));
            }
            if client.loading.is_some() && !client.cut && self.server.is_up() {
                events.push((share * 2, Event::Piece(c)));
            }
            if !client.refused().is_empty() {
                events.push((share / 8, Event::Retry(c)));
                events.push((share / 12, Event::Forget(c)));
            }
            if !client.open().is_empty() {
                events.push((share / 6, Event::TakeBack(c)));
            }
            events.push((share / 8, Event::Messages(c)));
        }
        for (place, flight) in self.net.iter().enumerate() {
            if !self.clients[flight.client].cut {
                events.push((30, Event::Deliver(place)));
            }
        }
        if !self.server.is_up() {
            events.push((40, Event::StartServer));
            return;
        }
        // What one would be told again is what was read earlier than what one has: it takes changes while a desk is loaded.
        let (follow, elsewhere) = if Safeguard::RowVersion.holds() { (10, 6) } else { (30, 60) };
        events.push((follow, Event::Follow));
        events.push((elsewhere, Event::Elsewhere));
        events.push((5, Event::Clock));
        const JOBS: [(u32, &str); 8] = [
            (4, "assign"),
            (3, "accept"),
            (2, "sla_steps"),
            (2, "escalations"),
            (1, "shift_end"),
            (1, "close_solved"),
            (1, "presence"),
            (1, "tellings"),
        ];
        events.extend(JOBS.map(|(weight, name)| (weight, Event::Job(name))));
    }

    fn troubles(&mut self, events: &mut Vec<(u32, Event)>) {
        let trouble = self.nature.trouble;
        for (place, flight) in self.net.iter().enumerate() {
            events.push((trouble / 3, Event::Lose(place)));
            if matches!(flight.load, Load::Request(_)) {
                events.push((trouble / 4, Event::Double(place)));
            }
        }
        if !self.past.is_empty() {
            events.push((trouble / 4, Event::Replay));
        }
        for c in 0..self.clients.len() {
            let client = &self.clients[c];
            if client.loading.is_some() {
                events.push((trouble / 3, Event::CutOff(c)));
            }
            events.push(if client.cut { (12, Event::Join(c)) } else { (trouble / 8, Event::Partition(c)) });
            if client.sending.is_some() || client.polling.is_some() {
                events.push((4 + trouble / 4, Event::GiveUp(c)));
            }
            events.push((trouble / 8, Event::CrashClient(c)));
            events.push((1, Event::ClientClock(c)));
        }
        if !self.server.is_up() {
            return;
        }
        events.push((trouble / 5, Event::CrashServer));
        events.push((4, Event::Rights));
        if self.nature.trims {
            events.push((4, Event::Trim));
        }
        if self.nature.restores {
            events.push((12, if self.backup.is_some() && self.rng.random_bool(0.6) { Event::Restore } else { Event::Backup }));
        }
    }
}
