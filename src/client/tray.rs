//! What the server refused, and what becomes of it: tried again, sent with other words, put aside with other words, or dropped.
//! A text is somewhere on the disk at every moment in between.

use super::desk::DeskClient;
use super::error::ClientError;
use super::outbox;
use super::view::Changed;
use crate::base::clock::new_id;
use crate::domain::command::Command;
use crate::domain::id::CommandKey;

impl DeskClient {
    /// Tries a refused command again, under a new key and against the version the cache shows now. Returns whether there was one.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn retry(&self, key: CommandKey) -> Result<bool, ClientError> {
        let core = self.core();
        let found = outbox::retry(&core.cache, key, CommandKey(new_id()), core.server_now()).await?;
        self.goes_again(None).await;
        Ok(found)
    }

    /// Sends `command` (the refused one with other words) in a refused one's place, under a new key, which is returned. The refused
    /// one is gone only when the new one is queued; both in one transaction.
    ///
    /// # Errors
    /// When the cache cannot be written: the refused one is still there then.
    pub async fn resend(&self, refused: CommandKey, mut command: Command) -> Result<CommandKey, ClientError> {
        if let Command::PostMessage(post) = &mut command {
            // Another text is another message: under an id that the desk knows it would be taken for the one that is there.
            post.message = new_id().into();
        }
        let core = self.core();
        let (fresh, ticket) = (CommandKey(new_id()), command.ticket());
        outbox::resend(&core.cache, refused, fresh, command, core.server_now()).await?;
        self.goes_again(ticket).await;
        Ok(fresh)
    }

    /// Keeps other words in a refused command without sending it. Returns whether there was one.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn rewrite(&self, refused: CommandKey, command: &Command) -> Result<bool, ClientError> {
        let found = outbox::rewrite(&self.core().cache, refused, command).await?;
        let tickets = command.ticket().into_iter().collect();
        self.core().outbox_changed(Changed { outbox: true, tickets, ..Changed::default() }).await;
        Ok(found)
    }

    /// Forgets a refused command. Returns whether there was one.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn drop_refused(&self, key: CommandKey) -> Result<bool, ClientError> {
        let found = outbox::drop_refused(&self.core().cache, key).await?;
        self.core().outbox_changed(Changed { outbox: true, ..Changed::default() }).await;
        Ok(found)
    }

    async fn goes_again(&self, ticket: Option<crate::domain::id::TicketNumber>) {
        let core = self.core();
        core.uploads_wake.notify_one();
        core.outbox_wake.notify_one();
        core.outbox_changed(Changed { outbox: true, tickets: ticket.into_iter().collect(), ..Changed::default() }).await;
    }
}
