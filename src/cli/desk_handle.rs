//! The client as the console asks for it: each [`Load`] answered from the cache, failures said in one sentence.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{broadcast, watch};

use crate::client::desk::DeskClient;
use crate::client::view::{Changed, LinkStatus};
use crate::console::effect::ProposedMove;
use crate::console::{DeskHandle, Load, Loaded};
use crate::domain::assignment::rebalance::{Move, MoveReason};
use crate::domain::command::Command;
use crate::domain::directory::Directory;
use crate::domain::id::{CommandKey, PersonId};
use crate::domain::person::{AgentState, Person};

/// A [`DeskClient`] for the console.
pub struct ClientDesk(pub DeskClient);

/// What the cache cannot give is shown as empty; why goes to the log.
fn or_empty<T: Default, E: std::fmt::Display>(read: Result<T, E>) -> T {
    read.unwrap_or_else(|error| {
        tracing::error!(%error, "the cache cannot be read");
        T::default()
    })
}

fn proposed(one: Move) -> ProposedMove {
    let Move { ticket, version, subject, from, to, from_load, to_load, why, .. } = one;
    ProposedMove { ticket, version, subject, from, to, from_load, to_load, holder_gone: why == MoveReason::HolderGone }
}

#[async_trait]
impl DeskHandle for ClientDesk {
    async fn load(&self, load: Load) -> Loaded {
        let desk = &self.0;
        match load {
            Load::Tickets { query, anchor, rows } => {
                let window = or_empty(desk.tickets(&query, anchor, rows).await);
                Loaded::Tickets { query, window }
            }
            Load::Counts => Loaded::Counts(or_empty(desk.counts().await)),
            Load::Ticket(number) => Loaded::Ticket { number, detail: or_empty(desk.ticket(number).await) },
            Load::History(number) => Loaded::History { number, history: desk.history(number).await.map_err(|error| error.to_string()) },
            Load::Clocks(number) => Loaded::Clocks { number, ledger: desk.ticket_clocks(number).await.map_err(|error| error.to_string()) },
            Load::WhoNow(number) => {
                let decision = desk.assignment_preview(number).await.map(Arc::new);
                Loaded::WhoNow { number, decision: decision.map_err(|error| error.to_string()) }
            }
            Load::Rebalance(queue) => {
                let moves = desk.rebalance(queue).await.map(|moves| moves.into_iter().map(proposed).collect());
                Loaded::Rebalance { queue, moves: moves.map_err(|error| error.to_string()) }
            }
            Load::Roster { rota, from, weeks } => {
                let found = desk.generate(&rota, from, weeks, 0).await;
                Loaded::Roster(found.map(Box::new).map_err(|error| error.to_string()))
            }
            Load::DraftHandover(rota) => {
                let drafted = desk.draft_handover(&rota).await;
                Loaded::DraftedHandover(drafted.map(|row| row.id).map_err(|error| error.to_string()))
            }
            Load::Pool { queue, rows } => Loaded::Pool { queue, window: or_empty(desk.pool(queue, rows).await) },
            Load::Conversations => Loaded::Conversations(or_empty(desk.conversations().await)),
            Load::Conversation(id) => Loaded::Conversation { id, detail: or_empty(desk.conversation(id).await) },
            Load::Outbox => Loaded::Outbox(or_empty(desk.outbox().await)),
            Load::Notices => Loaded::Notices(or_empty(desk.notices().await)),
            Load::Holding(person) => Loaded::Holding { person, window: or_empty(desk.holding(person).await) },
        }
    }

    async fn submit(&self, command: Command, base_version: Option<i64>) -> Result<CommandKey, String> {
        self.0.submit(command, base_version).await.map_err(|error| error.to_string())
    }

    async fn retry(&self, key: CommandKey) -> Result<(), String> {
        self.0.retry(key).await.map(drop).map_err(|error| error.to_string())
    }

    async fn drop_refused(&self, key: CommandKey) -> Result<(), String> {
        self.0.drop_refused(key).await.map(drop).map_err(|error| error.to_string())
    }

    fn changes(&self) -> broadcast::Receiver<Arc<Changed>> {
        self.0.changes()
    }

    fn link(&self) -> watch::Receiver<LinkStatus> {
        self.0.status()
    }

    fn directory(&self) -> Arc<Directory> {
        self.0.directory()
    }

    fn agent_states(&self) -> Arc<HashMap<PersonId, AgentState>> {
        self.0.agent_states()
    }

    fn me(&self) -> Person {
        Person::clone(&self.0.me())
    }
}
