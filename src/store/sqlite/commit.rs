//! One unit of work inside the writer's transaction: recognise, load, decide, record, answer.

use sqlx::{Row, SqliteConnection};

use super::errors::{database, taken};
use super::facts;
use super::record::Buffer;
use super::savepoint;
use super::writer::Writing;
use crate::base::safeguard::Safeguard;
use crate::domain::Refusal;
use crate::domain::command::{CommandResult, Facts, Outcome};
use crate::store::{Idempotency, Position, Receipt, StoreError, Work};

/// An answer given before.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) fingerprint: Vec<u8>,
    pub(super) answer: Result<CommandResult, Refusal>,
    pub(super) seq: i64,
}

impl Known {
    /// What a command is told whose key was seen before.
    pub(super) fn replay(&self, idempotency: &Idempotency, writing: &Writing) -> Receipt {
        if self.fingerprint == idempotency.fingerprint {
            return Receipt { answer: self.answer.clone(), position: writing.position(self.seq), replayed: true };
        }
        let refusal = Refusal::conflict("key_reused", "This command key was used for another command: make a fresh key for each command.");
        Receipt { answer: Err(refusal), position: writing.position(writing.head), replayed: false }
    }
}

/// Runs one unit in a savepoint of its own. A refusal is an answer; an error leaves nothing of the unit behind.
pub(super) async fn run_unit(connection: &mut SqliteConnection, writing: &mut Writing, work: &Work) -> Result<Receipt, StoreError> {
    let before = savepoint::begin(connection, writing).await?;
    let mut done = answer(connection, writing, work).await;
    if let Err(StoreError::Database(error)) = &done
        && let Some(refusal) = taken(error)
    {
        savepoint::undo(connection, writing, before).await?;
        done = refuse(connection, writing, work, refusal).await;
    }
    if let Err(StoreError::Database(error)) = done {
        done = Err(database(error));
    }
    if let Err(error) = &done {
        writing.note_trouble(error);
        savepoint::undo(connection, writing, before).await?;
    }
    savepoint::keep(connection, writing).await?;
    done
}

/// The answer given before, or the effect.
async fn answer(connection: &mut SqliteConnection, writing: &mut Writing, work: &Work) -> Result<Receipt, StoreError> {
    if let Some(idempotency) = &work.idempotency
        && Safeguard::Idempotency.holds()
        && let Some(known) = known_answer(connection, idempotency).await?
    {
        return Ok(known.replay(idempotency, writing));
    }
    effect(connection, writing, work).await
}

async fn known_answer(connection: &mut SqliteConnection, idempotency: &Idempotency) -> Result<Option<Known>, StoreError> {
    let row = sqlx::query("SELECT fingerprint, answer, seq FROM results WHERE key = ?")
        .bind(idempotency.key.to_string())
        .fetch_optional(connection)
        .await
        .map_err(database)?;
    row.map(|row| read_known(&row, 0)).transpose()
}

/// Reads fingerprint, answer and seq, from column `first` on.
pub(super) fn read_known(row: &sqlx::sqlite::SqliteRow, first: usize) -> Result<Known, StoreError> {
    let answer: String = row.try_get(first + 1).map_err(database)?;
    Ok(Known {
        fingerprint: row.try_get(first).map_err(database)?,
        answer: serde_json::from_str(&answer).map_err(StoreError::Corrupt)?,
        seq: row.try_get(first + 2).map_err(database)?,
    })
}

/// Runs the rule. One that panics fails its own unit alone: the writer, on which all others wait, lives on.
pub(super) fn decide(work: &Work, facts: &Facts) -> Result<Result<Outcome, Refusal>, StoreError> {
    let run = std::panic::AssertUnwindSafe(|| (work.decide)(facts));
    std::panic::catch_unwind(run).map_err(|_| StoreError::RuleFailed)
}

async fn effect(connection: &mut SqliteConnection, writing: &mut Writing, work: &Work) -> Result<Receipt, StoreError> {
    let facts = facts::load(connection, &work.needs, work.now, writing).await?;
    let outcome = match decide(work, &facts)? {
        Ok(outcome) => outcome,
        Err(refusal) => return refuse(connection, writing, work, refusal).await,
    };
    let standing = facts::standing(connection, &outcome).await?;
    let mut buffer = Buffer::default();
    buffer.record(&outcome, &standing, work.now, &mut writing.head);
    // The facts share the writer's states: let go first, so that it need not copy them.
    drop(facts);
    writing.learn(&outcome);
    settle(connection, writing, work, &mut buffer, Ok(outcome.result)).await
}

async fn refuse(connection: &mut SqliteConnection, writing: &mut Writing, work: &Work, refusal: Refusal) -> Result<Receipt, StoreError> {
    settle(connection, writing, work, &mut Buffer::default(), Err(refusal)).await
}

async fn settle(
    connection: &mut SqliteConnection,
    writing: &mut Writing,
    work: &Work,
    buffer: &mut Buffer,
    answer: Result<CommandResult, Refusal>,
) -> Result<Receipt, StoreError> {
    if let Some(idempotency) = work.idempotency.as_ref().filter(|_| Safeguard::Idempotency.holds()) {
        buffer.answer(idempotency, &answer, writing.head, work.now);
    }
    buffer.flush(connection).await.map_err(StoreError::Database)?;
    Ok(Receipt { answer, position: writing.position(writing.head), replayed: false })
}

impl Writing {
    pub(super) fn position(&self, seq: i64) -> Position {
        Position { epoch: self.epoch, xid: 0, seq }
    }
}
