//! The desk as the console needs it: reads from the cache, commands to the outbox, news of changes. The client implements
//! it; tests feed a desk in memory. Every call returns at once or is awaited off the screen's path.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{broadcast, watch};

use super::effect::{Load, Loaded};
use crate::client::drafts::Draft;
use crate::client::here::Everybody;
use crate::client::view::{Changed, LinkStatus, TicketQuery};
use crate::domain::command::Command;
use crate::domain::directory::Directory;
use crate::domain::here::Doing;
use crate::domain::id::{CommandKey, PersonId, TicketNumber};
use crate::domain::person::{AgentState, Person};

/// Handle to one signed-in desk.
#[async_trait]
pub trait DeskHandle: Send + Sync + 'static {
    /// Answers a read with the [`Loaded`] of the same name. What cannot be read is empty or says why; it never fails.
    async fn load(&self, load: Load) -> Loaded;

    /// Puts a command into the outbox; durable when it returns.
    ///
    /// # Errors
    /// One sentence when the outbox cannot be written.
    async fn submit(&self, command: Command, base_version: Option<i64>) -> Result<CommandKey, String>;

    /// Puts many commands into the outbox, all or none; durable when it returns.
    ///
    /// # Errors
    /// One sentence when the outbox cannot be written.
    async fn submit_all(&self, commands: Vec<(Command, Option<i64>)>) -> Result<Vec<CommandKey>, String>;

    /// Sends a refused command again, as a new one.
    ///
    /// # Errors
    /// One sentence when the outbox cannot be written.
    async fn retry(&self, key: CommandKey) -> Result<(), String>;

    /// Forgets a refused command.
    ///
    /// # Errors
    /// One sentence when the outbox cannot be written.
    async fn drop_refused(&self, key: CommandKey) -> Result<(), String>;

    /// Sends a command in a refused one's place, as a new one; the refused one is gone only when this is queued.
    ///
    /// # Errors
    /// One sentence when the outbox cannot be written: the refused one is still there.
    async fn resend(&self, refused: CommandKey, command: Command) -> Result<(), String>;

    /// Keeps other words in a refused command, unsent.
    ///
    /// # Errors
    /// One sentence when the outbox cannot be written.
    async fn rewrite(&self, refused: CommandKey, command: Command) -> Result<(), String>;

    /// Takes a command out of the outbox that was not handed to the server yet; false when it is too late.
    ///
    /// # Errors
    /// One sentence when the outbox cannot be written.
    async fn take_back(&self, _key: CommandKey) -> Result<bool, String> {
        Ok(false)
    }

    /// Keeps unsent texts on this machine; empty ones are forgotten.
    ///
    /// # Errors
    /// One sentence when they cannot be written.
    async fn keep_drafts(&self, drafts: Vec<Draft>) -> Result<(), String>;

    /// News of the cache; a receiver that lags takes it for "everything changed".
    fn changes(&self) -> broadcast::Receiver<Arc<Changed>>;

    fn link(&self) -> watch::Receiver<LinkStatus>;

    fn directory(&self) -> Arc<Directory>;

    /// Who is at which ticket, besides this person; nobody while that is not known.
    fn here(&self) -> Arc<Everybody> {
        Arc::default()
    }

    /// Somebody is about to type a filter over this list.
    fn warm_filter(&self, _query: TicketQuery) {}

    /// Tells the others at which ticket this person is; `None`: at none.
    fn be_here(&self, _at: Option<(TicketNumber, Doing)>) {}

    fn agent_states(&self) -> Arc<HashMap<PersonId, AgentState>>;

    /// The signed-in person as they stand now.
    fn me(&self) -> Person;
}
