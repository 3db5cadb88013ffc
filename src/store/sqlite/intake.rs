//! Intake channels and their threads.

use super::errors::database;
use super::read::{all, one};
use super::{SqliteStore, facts};
use crate::domain::id::{IntakeChannelId, TicketNumber};
use crate::domain::queue::IntakeChannel;
use crate::store::StoreError;

pub(super) async fn intake_channels(store: &SqliteStore) -> Result<Vec<IntakeChannel>, StoreError> {
    all(store, "SELECT data FROM intake_channels ORDER BY key").await
}

pub(super) async fn intake_channel(store: &SqliteStore, key: &str) -> Result<Option<IntakeChannel>, StoreError> {
    one(store, "SELECT data FROM intake_channels WHERE key = ?", key.to_owned()).await
}

pub(super) async fn thread(store: &SqliteStore, channel: IntakeChannelId, thread: &str) -> Result<Option<TicketNumber>, StoreError> {
    let mut reader = store.readers.acquire().await.map_err(database)?;
    Ok(facts::thread_ticket(&mut reader, channel, thread).await?.map(|ticket| ticket.number))
}
