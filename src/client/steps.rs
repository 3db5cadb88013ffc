//! The link one step at a time, for whoever carries the requests and answers themselves: the simulation of `tests/faults/sim`.
//! These are the very functions that the background tasks run; nothing here decides anything of its own.

use crate::wire::command::Answer;
use crate::wire::sync::{Batch, Digest};

use super::api::ApiError;
use super::cache::Cache;
use super::desk::DeskClient;
use super::error::ClientError;
use super::outbox::send;
use super::sync::{apply, digest, run};
use crate::domain::conversation::Message;
use crate::domain::row::RowKind;

pub use super::outbox::send::Handed;
pub use super::sync::snapshot::{Broken, Load};

/// A client that is not started, stepped from outside.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a>(pub &'a DeskClient);

impl Steps<'_> {
    /// The cache itself.
    #[must_use]
    pub fn cache(&self) -> &Cache {
        &self.0.core().cache
    }

    /// Kind, id and version of every row held, messages too; in no order.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn held(&self) -> Result<Vec<(String, String, i64)>, ClientError> {
        let sql = "SELECT kind, id, version FROM rows UNION ALL SELECT 'ticket', CAST(number AS TEXT), version FROM tickets
                   UNION ALL SELECT 'message', id, version FROM messages";
        Ok(sqlx::query_as(sql).fetch_all(self.cache().readers()).await?)
    }

    /// What is to be sent to the server now; it counts as handed over from here on.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn hand(&self) -> Result<Option<Handed>, ClientError> {
        Ok(send::hand(self.0.core()).await?)
    }

    /// What came back for it.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn answered(&self, handed: &Handed, answered: Result<Vec<Answer>, ApiError>) -> Result<(), ClientError> {
        send::take(self.0.core(), handed, answered).await?;
        send::tell(self.0.core(), handed).await;
        Ok(())
    }

    /// A batch came. Returns whether it chained.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn batch(&self, batch: &Batch) -> Result<bool, ClientError> {
        Ok(run::take(self.0.core(), batch).await?)
    }

    /// The server cannot go on from the cache's cursor.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn gone(&self) -> Result<(), ClientError> {
        Ok(run::forget_cursor(self.0.core()).await?)
    }

    /// The next line of a snapshot. Returns whether it was the last.
    ///
    /// # Errors
    /// See [`Broken`].
    pub async fn line(&self, load: &mut Load, line: &str) -> Result<bool, Broken> {
        load.take(self.0.core(), line).await
    }

    /// The server's digest came: the kinds in which the cache differs, or `None` when it stands elsewhere. A cache that differs
    /// starts over.
    ///
    /// # Errors
    /// When the cache cannot be read or written.
    pub async fn compare(&self, theirs: &Digest) -> Result<Option<Vec<RowKind>>, ClientError> {
        let ours = digest::of(self.cache()).await?;
        if ours.cursor != theirs.cursor {
            return Ok(None);
        }
        let differing = digest::differing(&ours, theirs);
        if !differing.is_empty() {
            self.gone().await?;
        }
        Ok(Some(differing))
    }

    /// Messages of a conversation that somebody opened came.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn messages(&self, messages: &[Message]) -> Result<(), ClientError> {
        let core = self.0.core();
        core.tell(apply::put_messages(&core.cache, messages, core.clock.now()).await?);
        Ok(())
    }
}
