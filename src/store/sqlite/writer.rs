//! The one writer: a task that owns the only connection that writes.
//!
//! ```text
//! execute ─┐                       ┌─ unit in its savepoint ─┐
//! execute ─┼─> bounded channel ─> BEGIN ─ unit ─ unit ─ … ─ COMMIT ─> answers, announcement of the head
//! chore   ─┘                       └─ or a run of alike units at once (bulk.rs) ─┘
//! ```
//!
//! Whatever waits is committed together, so that many share one write to the disk. Nobody is answered before the
//! commit; when it fails, or the engine ends the transaction before it (a full disk does), all of the group fail, and what is
//! known in memory is read again.

use sqlx::sqlite::SqliteConnection;
use tokio::sync::{mpsc, oneshot, watch};

use super::chores::Chore;
use super::errors::{database, meaning};
use super::facts::parse_all;
use super::{bulk, chores, commit, schema};
use crate::base::safeguard::Safeguard;
use crate::domain::command::{Change, Outcome};
use crate::domain::person::{AgentState, AgentStates};
use crate::domain::row::Row;
use crate::store::{Position, Receipt, StoreError, Work};

/// Jobs that may wait; one more is told that the desk is busy.
pub(super) const WAITING_MAX: usize = 1024;
/// Jobs committed together at most.
const GROUP_MAX: usize = 128;
/// How often those who are about to ask get their turn before a group that is smaller than the last is committed: a commit costs about
/// the same for one and for fifty.
const PATIENCE: u32 = 4;

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;

/// What the writer is asked for.
pub(super) enum Job {
    /// Units in order; each all or nothing on its own.
    Units(Vec<Work>, Answer<Vec<Receipt>>),
    Chore(Chore, Answer<u64>),
    /// Finish what came before, then end.
    Close,
}

/// What the writer knows without asking the database, as of its own transaction.
pub(super) struct Writing {
    pub(super) epoch: i64,
    /// The last feed sequence.
    pub(super) head: i64,
    /// The number of the next new ticket.
    pub(super) next_number: i64,
    /// Everybody's state; absent until asked for, and after something was rolled back.
    states: Option<AgentStates>,
    /// Why the transaction is over or in doubt: nothing more is done in it, and all of this is read anew before the next.
    lost: Option<String>,
    /// The latest failure of a piece: where the transaction is lost, it says why.
    trouble: Option<String>,
}

/// A state to go back to when a savepoint is rolled back.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    head: i64,
    next_number: i64,
}

impl Writing {
    pub(super) async fn read(connection: &mut SqliteConnection) -> Result<Self, sqlx::Error> {
        Ok(Self {
            epoch: schema::epoch(connection).await?,
            // Trimming leaves the last entry, so that this never falls.
            head: sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM feed").fetch_one(&mut *connection).await?,
            next_number: sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) + 1 FROM tickets").fetch_one(&mut *connection).await?,
            states: None,
            lost: None,
            trouble: None,
        })
    }

    /// A piece failed, and is taken back: should the transaction turn out to be over, this is why.
    pub(super) fn note_trouble(&mut self, error: &StoreError) {
        self.trouble = Some(match error {
            StoreError::Unavailable(sentence) => sentence.clone(),
            StoreError::Database(error) => sentence(error),
            other => other.to_string(),
        });
    }

    /// The transaction is over or in doubt: its group fails as a whole.
    pub(super) fn lose(&mut self, error: &sqlx::Error) {
        let why = self.trouble.take().unwrap_or_else(|| sentence(error));
        self.lost.get_or_insert(why);
    }

    /// Everybody's state as of the writer's transaction: nobody else writes, so that it is read once.
    pub(super) async fn states(&mut self, connection: &mut SqliteConnection) -> Result<&AgentStates, StoreError> {
        let states = match self.states.take() {
            Some(states) => states,
            None => {
                let rows = sqlx::query_scalar("SELECT data FROM agent_states").fetch_all(connection).await.map_err(database)?;
                parse_all::<AgentState>(rows)?.into_iter().collect()
            }
        };
        Ok(self.states.insert(states))
    }

    /// Takes up what an outcome gives out and changes: numbers given to new tickets are not given again.
    pub(super) fn learn(&mut self, outcome: &Outcome) {
        for change in &outcome.changes {
            match change {
                Change::PutTicket { after, .. } => self.next_number = self.next_number.max(after.number.0 + 1),
                Change::Put(Row::AgentState(state)) => {
                    if let Some(states) = &mut self.states {
                        states.insert(state.person, state.clone());
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { head: self.head, next_number: self.next_number }
    }

    pub(super) fn reset(&mut self, mark: Mark) {
        self.head = mark.head;
        self.next_number = mark.next_number;
        self.states = None;
    }
}

/// What a job of the group came to, held back until the commit.
enum Done {
    Units(Result<Vec<Receipt>, StoreError>, Answer<Vec<Receipt>>),
    Chore(Result<u64, StoreError>, Answer<u64>),
}

/// The task: ends when told to close, or when nobody can send any more.
pub(super) async fn write(
    mut connection: SqliteConnection,
    mut writing: Writing,
    mut jobs: mpsc::Receiver<Job>,
    announce: watch::Sender<Position>,
) {
    let mut open = true;
    let mut last = 0;
    while open {
        let Some(first) = jobs.recv().await else { break };
        let mut group = Vec::new();
        let mut next = Some(first);
        let mut patience = PATIENCE;
        while let Some(job) = next {
            if matches!(job, Job::Close) {
                open = false;
                jobs.close();
            } else {
                group.push(job);
            }
            next = if group.len() < GROUP_MAX || !open { jobs.try_recv().ok() } else { None };
            while next.is_none() && group.len() < last && patience > 0 && open {
                patience -= 1;
                tokio::task::yield_now().await;
                next = jobs.try_recv().ok();
            }
        }
        last = group.len().min(GROUP_MAX);
        write_group(&mut connection, &mut writing, group, &announce).await;
    }
    if let Err(error) = sqlx::Connection::close(connection).await {
        tracing::warn!(%error, "the database did not close cleanly");
    }
}

async fn write_group(connection: &mut SqliteConnection, writing: &mut Writing, group: Vec<Job>, announce: &watch::Sender<Position>) {
    if group.is_empty() {
        return;
    }
    if let Err(error) = begin(connection, writing).await {
        fail(group, &sentence(&error));
        return;
    }
    let done = run_jobs(connection, writing, group).await;
    let done = if Safeguard::CommitFirst.holds() { done } else { answer_too_early(done).await };
    match finish(connection, writing).await {
        Ok(()) => {
            // Announced first: who has an answer finds the head at or past it.
            let head = writing.position(writing.head);
            announce.send_if_modified(|known| std::mem::replace(known, head) != head);
            answer(done);
        }
        Err(why) => {
            tracing::error!(why, "a group was not committed: all of it is told to come again");
            // The transaction may be over already, or not: either is well.
            let _ = sqlx::query("ROLLBACK").execute(&mut *connection).await;
            fail_done(done, &why);
            // On a full disk the log's own space may be what is missing: what it holds is the file's by now.
            let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(connection).await;
        }
    }
}

/// Begins a group's transaction, and reads what is known anew if the last one was lost.
async fn begin(connection: &mut SqliteConnection, writing: &mut Writing) -> Result<(), sqlx::Error> {
    if writing.lost.is_some() {
        // One that could not be ended would keep every later one from beginning.
        let _ = sqlx::query("ROLLBACK").execute(&mut *connection).await;
    }
    writing.trouble = None;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    if writing.lost.is_some() {
        match Writing::read(connection).await {
            Ok(read) => *writing = read,
            Err(error) => {
                let _ = sqlx::query("ROLLBACK").execute(connection).await;
                return Err(error);
            }
        }
    }
    Ok(())
}

/// Commits, unless the transaction was lost; or says why nothing is done.
async fn finish(connection: &mut SqliteConnection, writing: &mut Writing) -> Result<(), String> {
    if writing.lost.is_none()
        && let Err(error) = sqlx::query("COMMIT").execute(connection).await
    {
        writing.lose(&error);
    }
    writing.lost.clone().map_or(Ok(()), Err)
}

/// What a test does to show that it would be noticed: answers, and commits some time after. See [`Safeguard::CommitFirst`].
async fn answer_too_early(done: Vec<Done>) -> Vec<Done> {
    answer(done);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    Vec::new()
}

/// Units that follow each other are run together across jobs.
async fn run_jobs(connection: &mut SqliteConnection, writing: &mut Writing, group: Vec<Job>) -> Vec<Done> {
    let mut done = Vec::with_capacity(group.len());
    let mut waiting: Vec<(Vec<Work>, Answer<Vec<Receipt>>)> = Vec::new();
    for job in group {
        match job {
            Job::Units(work, answer) => waiting.push((work, answer)),
            Job::Chore(chore, answer) => {
                run_waiting(connection, writing, &mut waiting, &mut done).await;
                let result = match &writing.lost {
                    Some(why) => Err(StoreError::Unavailable(why.clone())),
                    None => chores::run(connection, writing, chore).await,
                };
                done.push(Done::Chore(result, answer));
            }
            Job::Close => {}
        }
    }
    run_waiting(connection, writing, &mut waiting, &mut done).await;
    done
}

async fn run_waiting(
    connection: &mut SqliteConnection,
    writing: &mut Writing,
    waiting: &mut Vec<(Vec<Work>, Answer<Vec<Receipt>>)>,
    done: &mut Vec<Done>,
) {
    let jobs = std::mem::take(waiting);
    let units: Vec<&Work> = jobs.iter().flat_map(|(work, _)| work).collect();
    let mut results = run_units(connection, writing, &units).await.into_iter();
    for (work, answer) in jobs {
        // One failed unit fails its job; the others stand, and are recognised by their keys when sent again.
        let result: Result<Vec<_>, _> = results.by_ref().take(work.len()).collect::<Vec<_>>().into_iter().collect();
        done.push(Done::Units(result, answer));
    }
}

/// Runs units in order, alike ones at once.
async fn run_units(connection: &mut SqliteConnection, writing: &mut Writing, units: &[&Work]) -> Vec<Result<Receipt, StoreError>> {
    let mut results = Vec::with_capacity(units.len());
    while results.len() < units.len() {
        let rest = &units[results.len()..];
        if let Some(why) = &writing.lost {
            // Nothing is begun in a transaction that is over: it would be one of its own.
            results.extend(rest.iter().map(|_| Err(StoreError::Unavailable(why.clone()))));
            return results;
        }
        let alike = bulk::run_length(rest);
        let one_by_one = if alike > 1 {
            match bulk::run(connection, writing, &rest[..alike]).await {
                Ok(receipts) if receipts.is_empty() => 1,
                Ok(receipts) => {
                    results.extend(receipts.into_iter().map(Ok));
                    0
                }
                Err(_) => alike,
            }
        } else {
            1
        };
        for unit in &rest[..one_by_one] {
            if writing.lost.is_some() {
                break;
            }
            results.push(commit::run_unit(connection, writing, unit).await);
        }
    }
    results
}

fn answer(done: Vec<Done>) {
    // Whoever asked may have gone: the work is done all the same.
    for done in done {
        match done {
            Done::Units(result, answer) => drop(answer.send(result)),
            Done::Chore(result, answer) => drop(answer.send(result)),
        }
    }
}

fn fail(group: Vec<Job>, why: &str) {
    for job in group {
        match job {
            Job::Units(_, answer) => drop(answer.send(Err(lost(why)))),
            Job::Chore(_, answer) => drop(answer.send(Err(lost(why)))),
            Job::Close => {}
        }
    }
}

fn fail_done(done: Vec<Done>, why: &str) {
    for done in done {
        match done {
            Done::Units(_, answer) => drop(answer.send(Err(lost(why)))),
            Done::Chore(_, answer) => drop(answer.send(Err(lost(why)))),
        }
    }
}

/// The same failure for each of a group.
fn lost(why: &str) -> StoreError {
    StoreError::Unavailable(why.to_owned())
}

/// What an error of the engine means for whoever runs the desk.
fn sentence(error: &sqlx::Error) -> String {
    meaning(error).unwrap_or_else(|| format!("writing failed ({error}): check the disk, then try again"))
}
