//! Requesters: they write in, wait, and write again, through the queue's intake channel like any of them.

use super::{Event, Note, World};
use crate::domain::command::{Command, ReceiveMessage, RequesterInput};
use crate::domain::id::TicketNumber;

impl World<'_> {
    pub(super) fn arrive(&mut self, place: usize) {
        let arrival = self.arrivals[place];
        if let Some(next) = self.arrivals.get(place + 1) {
            self.push(next.at, Event::Arrive(place + 1));
        }
        let note = Note {
            arrival,
            touches: 0,
            accepts: 0,
            writes: 0,
            reopened: false,
            first_assigned: None,
            first_reply: None,
            solved: None,
            step_due: None,
        };
        self.notes.push(note);
        self.counts.arrived_since += 1;
        self.write(self.notes.len(), "It does not work.");
    }

    /// The requester answers, or was not content.
    pub(super) fn requester_writes(&mut self, number: TicketNumber) {
        let Ok(place) = usize::try_from(number.0) else { return };
        let finished = self.desk.ticket(number).is_some_and(|ticket| !ticket.status.is_unsolved());
        if let Some(note) = self.note(number) {
            note.writes += 1;
        }
        self.counts.reopened += u32::from(finished);
        self.write(place, "Here is more.");
    }

    /// A message of the ticket at `place` (from 1) of the list of arrivals.
    fn write(&mut self, place: usize, text: &str) {
        let note = &self.notes[place - 1];
        let (actor, channel) = &*self.channels[note.arrival.queue].clone();
        let receive = ReceiveMessage {
            channel: channel.id,
            thread: place.to_string(),
            external: format!("{place}.{}", note.writes),
            author: RequesterInput { external: format!("requester:{}", note.arrival.requester), ..RequesterInput::default() },
            text: text.to_owned(),
            subject: None,
            attachments: Vec::new(),
            kind: Some(note.arrival.kind),
            priority: Some(note.arrival.priority),
            fields: std::collections::BTreeMap::new(),
        };
        self.act(actor, &Command::ReceiveMessage(Box::new(receive)));
    }
}
