//! Many alike units at once: imports and bursts of new tickets.
//!
//! A unit qualifies when its facts can be fetched for all units in a handful of queries and its outcome adds rows whose
//! audience needs no standing row. Rows are then written in many-row statements. What one unit adds, the next ones see
//! through [`Seen`]. The run is a guess that all goes well: at any failure it is rolled back as a whole, and its units
//! are run one by one ([`commit`](super::commit)), which tells exactly which of them is to be refused.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::commit::{Known, decide, read_known};
use super::errors::database;
use super::facts::parse_all;
use super::incidents;
use super::record::Buffer;
use super::savepoint;
use super::writer::Writing;
use crate::base::safeguard::Safeguard;
use crate::domain::command::{Change, Facts, Needs, Outcome};
use crate::domain::id::{MessageId, TicketNumber};
use crate::domain::person::AgentStates;
use crate::domain::requester::Requester;
use crate::domain::row::Row as DomainRow;
use crate::domain::ticket::Ticket;
use crate::store::audience::{Standing, needed};
use crate::store::{Receipt, StoreError, Work};

/// Units in one run.
const RUN_MAX: usize = 256;

/// How many of the first units qualify.
pub(super) fn run_length(units: &[&Work]) -> usize {
    units.iter().take(RUN_MAX).take_while(|unit| qualifies(&unit.needs)).count()
}

/// Only facts that [`Seen`] knows are asked for.
fn qualifies(needs: &Needs) -> bool {
    let known = Needs {
        ticket_external: needs.ticket_external.clone(),
        next_number: needs.next_number,
        agent_states: needs.agent_states.clone(),
        all_agent_states: needs.all_agent_states,
        requester: needs.requester.clone(),
        message: needs.message,
        majors: needs.majors,
        ..Needs::default()
    };
    needs.next_number && *needs == known
}

/// Runs a beginning of `units`: returns the receipts of those done, which may be none. `Err`: nothing happened, and
/// none of them should be tried together again.
pub(super) async fn run(connection: &mut SqliteConnection, writing: &mut Writing, units: &[&Work]) -> Result<Vec<Receipt>, StoreError> {
    let before = savepoint::begin(connection, writing).await?;
    let done = attempt(connection, writing, units).await;
    if let Err(error) = &done {
        writing.note_trouble(error);
        savepoint::undo(connection, writing, before).await?;
    }
    savepoint::keep(connection, writing).await?;
    done
}

async fn attempt(connection: &mut SqliteConnection, writing: &mut Writing, units: &[&Work]) -> Result<Vec<Receipt>, StoreError> {
    let mut seen = Seen::fetch(connection, units).await?;
    if units.iter().any(|unit| unit.needs.all_agent_states || !unit.needs.agent_states.is_empty()) || !seen.tickets.is_empty() {
        seen.agent_states = writing.states(connection).await?.clone();
    }
    let mut buffer = Buffer::default();
    let mut receipts = Vec::with_capacity(units.len());
    for unit in units {
        match step(&mut seen, &mut buffer, writing, unit) {
            Some(receipt) => receipts.push(receipt),
            None => break,
        }
    }
    buffer.flush(connection).await.map_err(database)?;
    Ok(receipts)
}

/// One unit into the buffer; `None` when its outcome does not qualify.
fn step(seen: &mut Seen, buffer: &mut Buffer, writing: &mut Writing, unit: &Work) -> Option<Receipt> {
    if let Some(idempotency) = &unit.idempotency
        && Safeguard::Idempotency.holds()
        && let Some(known) = seen.answers.get(&idempotency.key.to_string())
    {
        return Some(known.replay(idempotency, writing));
    }
    // One that panics does not qualify: run alone, it fails alone.
    let answer = match decide(unit, &seen.facts(&unit.needs, writing)).ok()? {
        Ok(outcome) => {
            if !adds_only(&outcome) {
                return None;
            }
            buffer.record(&outcome, &Standing::default(), unit.now, &mut writing.head);
            writing.learn(&outcome);
            seen.learn(&outcome);
            Ok(outcome.result)
        }
        Err(refusal) => Err(refusal),
    };
    if let Some(idempotency) = unit.idempotency.as_ref().filter(|_| Safeguard::Idempotency.holds()) {
        buffer.answer(idempotency, &answer, writing.head, unit.now);
        let known = Known { fingerprint: idempotency.fingerprint.to_vec(), answer: answer.clone(), seq: writing.head };
        seen.answers.insert(idempotency.key.to_string(), known);
    }
    Some(Receipt { answer, position: writing.position(writing.head), replayed: false })
}

/// Whether nothing standing is needed to write it: no ticket is replaced (or one made by this very outcome), no list is given anew.
fn adds_only(outcome: &Outcome) -> bool {
    needed(outcome).is_empty()
        && outcome.changes.iter().all(|change| match change {
            Change::PutTicket { before, .. } => before.is_none(),
            Change::Put(row) => matches!(row, DomainRow::AgentState(_) | DomainRow::Notice(_) | DomainRow::ReadMark(_)),
            Change::PutIntakeChannel(_) => false,
            _ => true,
        })
}

/// What units may ask for: fetched for all at once, then kept up with what they add.
#[derive(Default)]
struct Seen {
    answers: HashMap<String, Known>,
    tickets: HashMap<String, Ticket>,
    requesters: HashMap<String, Requester>,
    agent_states: AgentStates,
    messages: HashMap<String, MessageId>,
    /// Open major incidents: what only adds declares none.
    majors: Vec<Ticket>,
}

impl Seen {
    async fn fetch(connection: &mut SqliteConnection, units: &[&Work]) -> Result<Self, StoreError> {
        let mut seen = Self::default();
        let keys = distinct(units.iter().filter_map(|unit| unit.idempotency.map(|idempotency| idempotency.key.to_string())));
        for row in fetch_in(connection, "SELECT key, fingerprint, answer, seq FROM results WHERE key IN (", &keys).await? {
            seen.answers.insert(row.try_get(0).map_err(database)?, read_known(&row, 1)?);
        }
        let externals = distinct(units.iter().filter_map(|unit| unit.needs.ticket_external.clone()));
        let tickets: Vec<Ticket> = fetch_rows(connection, "SELECT data FROM tickets WHERE external IN (", &externals).await?;
        let externals = distinct(units.iter().filter_map(|unit| unit.needs.requester.clone()));
        let requesters: Vec<Requester> = fetch_rows(connection, "SELECT data FROM requesters WHERE external IN (", &externals).await?;
        let ids = distinct(units.iter().filter_map(|unit| unit.needs.message.map(|id| id.to_string())));
        for row in fetch_in(connection, "SELECT id FROM messages WHERE id IN (", &ids).await? {
            let id: String = row.try_get(0).map_err(database)?;
            if let Ok(message) = id.parse() {
                seen.messages.insert(id, message);
            }
        }
        if units.iter().any(|unit| unit.needs.majors) {
            seen.majors = incidents::majors(connection).await?;
        }
        seen.tickets = tickets.into_iter().filter_map(|ticket| Some((ticket.external.clone()?, ticket))).collect();
        seen.requesters = requesters.into_iter().map(|requester| (requester.external.clone(), requester)).collect();
        Ok(seen)
    }

    fn facts(&self, needs: &Needs, writing: &Writing) -> Facts {
        let ticket = needs.ticket_external.as_ref().and_then(|external| self.tickets.get(external)).cloned();
        let assignee = ticket.as_ref().and_then(|ticket| ticket.assignee);
        let agent_states = if needs.all_agent_states {
            self.agent_states.clone()
        } else {
            let people = needs.agent_states.iter().copied().chain(assignee);
            people.filter_map(|person| self.agent_states.get(&person)).cloned().collect()
        };
        Facts {
            next_number: TicketNumber(writing.next_number),
            agent_states,
            requester: needs.requester.as_ref().and_then(|external| self.requesters.get(external)).cloned(),
            message: needs.message.and_then(|id| self.messages.get(&id.to_string())).copied(),
            ticket,
            majors: if needs.majors { self.majors.clone() } else { Vec::new() },
            ..Facts::default()
        }
    }

    fn learn(&mut self, outcome: &Outcome) {
        for change in &outcome.changes {
            match change {
                Change::PutTicket { after, .. } => {
                    if let Some(external) = &after.external {
                        self.tickets.insert(external.clone(), after.as_ref().clone());
                    }
                }
                Change::PutRequester(requester) => {
                    self.requesters.insert(requester.external.clone(), requester.clone());
                }
                Change::PutMessage { message, .. } => {
                    self.messages.insert(message.id.to_string(), message.id);
                }
                Change::Put(DomainRow::AgentState(state)) => {
                    self.agent_states.insert(state.person, state.clone());
                }
                _ => {}
            }
        }
    }
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

async fn fetch_in(
    connection: &mut SqliteConnection,
    sql: &'static str,
    values: &[String],
) -> Result<Vec<sqlx::sqlite::SqliteRow>, StoreError> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = QueryBuilder::<Sqlite>::new(sql);
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value.clone());
    }
    query.push(")");
    query.build().persistent(false).fetch_all(connection).await.map_err(database)
}

async fn fetch_rows<T: DeserializeOwned>(
    connection: &mut SqliteConnection,
    sql: &'static str,
    values: &[String],
) -> Result<Vec<T>, StoreError> {
    let rows = fetch_in(connection, sql, values).await?;
    let rows = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>().map_err(database)?;
    parse_all(rows)
}
