//! From an outcome to rows, feed entries and the stored answer: pure, kept in a buffer until it is flushed.

use sqlx::SqliteConnection;

use super::cells::{Cell, Table, run};
use super::search_index;
use super::tables as t;
use crate::domain::command::{Change, CommandResult, Outcome};
use crate::domain::conversation::Message;
use crate::domain::reminder::ReminderState;
use crate::domain::row::{Row, RowKind};
use crate::domain::saved_view::SharedWith;
use crate::domain::ticket::Ticket;
use crate::domain::{Refusal, Timestamp};
use crate::store::Idempotency;
use crate::store::audience::{Standing, Told, audience_of, followers};

/// Rows waiting to be written, in tables' order; nothing is in the database before [`flush`](Self::flush).
#[derive(Default)]
pub(super) struct Buffer {
    /// Before the inserts: what a row's new list replaces.
    removals: Vec<(&'static str, Cell)>,
    inserts: Vec<(&'static Table, Vec<Vec<Cell>>)>,
}

impl Buffer {
    fn insert(&mut self, table: &'static Table, row: Vec<Cell>) {
        match self.inserts.iter_mut().find(|(known, _)| std::ptr::eq(*known, table)) {
            Some((_, rows)) => rows.push(row),
            None => self.inserts.push((table, vec![row])),
        }
    }

    /// A row's list is about to be given anew: what stands goes, and what waits for the same row.
    fn replace_list(&mut self, table: &'static Table, removal: &'static str, owner: Cell) {
        if let Some((_, rows)) = self.inserts.iter_mut().find(|(known, _)| std::ptr::eq(*known, table)) {
            rows.retain(|row| row.first() != Some(&owner));
        }
        self.removals.push((removal, owner));
    }

    /// Writes all and empties the buffer.
    pub(super) async fn flush(&mut self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        for (sql, value) in self.removals.drain(..) {
            run(connection, sql, vec![value]).await?;
        }
        for (table, rows) in &mut self.inserts {
            table.insert(connection, rows).await?;
        }
        Ok(())
    }

    /// Takes up everything `outcome` writes; `head` is the last feed sequence and rises with each entry.
    pub(super) fn record(&mut self, outcome: &Outcome, standing: &Standing, now: Timestamp, head: &mut i64) {
        // Ended assignments first: a ticket has one open at any instant, also within this outcome.
        let ended = |change: &&Change| matches!(change, Change::PutAssignment(row) if row.ended_at.is_some());
        let (first, rest): (Vec<_>, Vec<_>) = outcome.changes.iter().partition(ended);
        for change in first.into_iter().chain(rest) {
            self.change(change);
            if let (Some((kind, id, version)), Some(told)) = (synced(change), audience_of(change, outcome, standing, now)) {
                self.feed(head, now, kind, id, version, &told);
            }
        }
        for (escalation, told) in followers(outcome, standing) {
            self.feed(head, now, RowKind::Escalation, escalation.id.to_string(), escalation.version, &told);
        }
        for entry in &outcome.audit {
            self.insert(&t::AUDIT, t::audit(entry));
        }
    }

    /// Keeps the answer for a command sent again.
    pub(super) fn answer(&mut self, idempotency: &Idempotency, answer: &Result<CommandResult, Refusal>, seq: i64, now: Timestamp) {
        let json = serde_json::to_string(answer).expect("an answer holds only what JSON can say");
        self.insert(
            &t::RESULTS,
            vec![idempotency.key.to_string().into(), Cell::Blob(idempotency.fingerprint.to_vec()), json.into(), seq.into(), now.into()],
        );
    }

    fn feed(&mut self, head: &mut i64, now: Timestamp, kind: RowKind, id: String, version: i64, told: &Told) {
        *head += 1;
        let word = |audience| serde_json::to_string(audience).expect("an audience holds only what JSON can say");
        self.insert(
            &t::FEED,
            vec![
                (*head).into(),
                now.into(),
                kind.as_str().into(),
                id.into(),
                version.into(),
                told.before.as_ref().map(word).into(),
                word(&told.after).into(),
            ],
        );
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Put(row) => self.row(row),
            Change::PutTicket { before, after } => {
                self.ticket(before.as_deref().map(|ticket| ticket.participants.as_slice()), before.is_some(), after);
                if !before.as_deref().is_some_and(|before| search_index::same(before, after)) {
                    self.insert(&t::SEARCH_TICKETS, search_index::ticket(after));
                }
            }
            Change::PutMessage { message, external, .. } => {
                self.message(message);
                if let Some((channel, external)) = external {
                    let row = vec![channel.to_string().into(), external.clone().into(), message.id.to_string().into()];
                    self.insert(&t::MESSAGE_EXTERNALS, row);
                }
            }
            Change::PutMessageEdit(row) => self.insert(&t::MESSAGE_EDITS, t::message_edit(row)),
            Change::PutRequester(row) => self.insert(&t::REQUESTERS, t::requester(row)),
            Change::PutIntakeChannel(row) => self.insert(&t::INTAKE_CHANNELS, t::intake_channel(row)),
            Change::PutAssignment(row) => self.insert(&t::ASSIGNMENTS, t::assignment(row)),
            Change::PutDecision(row) => self.insert(&t::DECISIONS, t::decision(row)),
            Change::PutClockEvent(row) => self.insert(&t::CLOCK_EVENTS, t::clock_event(row)),
            Change::PutWebhook(row) => self.insert(&t::WEBHOOKS, t::webhook(row)),
            Change::PutDelivery(row) => self.insert(&t::DELIVERIES, t::delivery(row)),
            Change::PutMerge(row) => self.insert(&t::MERGES, t::merge(row)),
            Change::PutFile(row) => self.insert(&t::FILES, super::files::cells(row)),
            Change::PutBroadcast(row) => self.insert(&t::BROADCASTS, t::broadcast(row)),
            Change::PutTarget(row) => self.insert(&t::BROADCAST_TARGETS, t::broadcast_target(row)),
            Change::MapThread { channel, thread, ticket } => {
                self.insert(&t::THREADS, vec![channel.to_string().into(), thread.clone().into(), ticket.0.into()]);
            }
        }
    }

    fn row(&mut self, row: &Row) {
        let id = row.id();
        let version = row.version();
        let mut named = |table, name: &str| self.insert(table, vec![id.clone().into(), version.into(), name.into(), row.to_json().into()]);
        match row {
            Row::Person(person) => named(&t::PEOPLE, &person.handle),
            Row::Queue(queue) => named(&t::QUEUES, &queue.key),
            Row::Site(site) => named(&t::SITES, &site.code),
            Row::Calendar(calendar) => named(&t::CALENDARS, &calendar.key),
            Row::Rota(rota) => named(&t::ROTAS, &rota.key),
            Row::RosterPlan(plan) => {
                self.insert(&t::ROSTER_PLANS, vec![id.into(), version.into(), plan.to.to_string().into(), row.to_json().into()]);
            }
            Row::RosterChange(change) => {
                self.insert(&t::ROSTER_CHANGES, vec![id.into(), version.into(), change.to.into(), row.to_json().into()]);
            }
            Row::Snippet(snippet) => {
                let owner = snippet.owner.map(|id| id.to_string());
                self.insert(&t::SNIPPETS, vec![id.into(), version.into(), owner.into(), row.to_json().into()]);
            }
            Row::SavedView(view) => {
                let queue = if let SharedWith::Queue { queue } = view.shared { Some(queue.to_string()) } else { None };
                let everybody = view.shared == SharedWith::Everybody;
                let (owner, active, data) = (view.owner.to_string(), view.active, row.to_json());
                let cells = [id.into(), version.into(), owner.into(), everybody.into(), queue.into(), active.into(), data.into()];
                self.insert(&t::SAVED_VIEWS, cells.into());
            }
            Row::NoticeSettings(_) => self.insert(&t::NOTICE_SETTINGS, vec![id.into(), version.into(), row.to_json().into()]),
            Row::Reminder(reminder) => {
                let fires_at = (reminder.state == ReminderState::Waiting).then_some(reminder.at);
                let person = reminder.person.to_string();
                self.insert(&t::REMINDERS, vec![id.into(), version.into(), person.into(), fires_at.into(), row.to_json().into()]);
            }
            Row::Handover(handover) => {
                let readers = handover.readers.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
                let rota = handover.rota.to_string();
                let cells = vec![id.into(), version.into(), rota.into(), handover.to.into(), readers.into(), row.to_json().into()];
                self.insert(&t::HANDOVERS, cells);
            }
            Row::AgentState(_) => self.insert(&t::AGENT_STATES, vec![id.into(), version.into(), row.to_json().into()]),
            Row::Conversation(conversation) => {
                self.replace_list(&t::CONVERSATION_MEMBERS, "DELETE FROM conversation_members WHERE conversation = ?", id.clone().into());
                self.insert(&t::CONVERSATIONS, t::conversation(conversation));
                for person in &conversation.members {
                    self.insert(&t::CONVERSATION_MEMBERS, vec![id.clone().into(), person.to_string().into()]);
                }
            }
            Row::ReadMark(mark) => self.insert(&t::READ_MARKS, t::read_mark(mark)),
            Row::Escalation(escalation) => {
                // The first version never takes another's place: an id in use is refused.
                let table = if version == 1 { &t::NEW_ESCALATIONS } else { &t::ESCALATIONS };
                self.insert(table, t::escalation(escalation));
            }
            Row::Notice(notice) => {
                let topic = notice.kind.topic();
                let cells = vec![
                    id.into(),
                    version.into(),
                    notice.person.to_string().into(),
                    notice.read.into(),
                    topic.into(),
                    row.to_json().into(),
                ];
                self.insert(&t::NOTICES, cells);
            }
            Row::Ticket(ticket) => {
                self.ticket(None, true, ticket);
                self.insert(&t::SEARCH_TICKETS, search_index::ticket(ticket));
            }
            Row::Message(message) => self.message(message),
        }
    }

    fn message(&mut self, message: &Message) {
        // The first version never takes another's place: an id in use is refused.
        self.insert(if message.version <= 1 { &t::NEW_MESSAGES } else { &t::MESSAGES }, t::message(message));
        self.insert(&t::SEARCH_MESSAGES, search_index::message(message));
    }

    /// `known`: the participants it had, where the rule tells.
    fn ticket(&mut self, known: Option<&[crate::domain::id::PersonId]>, replaces: bool, ticket: &Ticket) {
        self.insert(if replaces { &t::TICKETS } else { &t::NEW_TICKETS }, t::ticket(ticket));
        if known == Some(ticket.participants.as_slice()) {
            return;
        }
        if replaces {
            self.replace_list(&t::TICKET_PEOPLE, "DELETE FROM ticket_people WHERE ticket = ?", ticket.number.0.into());
        }
        for person in &ticket.participants {
            self.insert(&t::TICKET_PEOPLE, vec![ticket.number.0.into(), person.to_string().into()]);
        }
    }
}

/// The row a change tells consoles of.
fn synced(change: &Change) -> Option<(RowKind, String, i64)> {
    match change {
        Change::Put(row) => Some((row.kind(), row.id(), row.version())),
        Change::PutTicket { after, .. } => Some((RowKind::Ticket, after.number.to_string(), after.version)),
        Change::PutMessage { message, .. } => Some((RowKind::Message, message.id.to_string(), message.version)),
        _ => None,
    }
}
