//! What a console asks of calls for experts that the cache cannot tell.

use std::sync::Arc;

use super::desk::DeskClient;
use super::error::ClientError;
use crate::domain::briefing::Briefing;
use crate::domain::escalation::Escalation;
use crate::domain::id::TicketNumber;
use crate::wire::list::Items;

impl DeskClient {
    /// One page about a ticket for whoever joins it; from the server.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn briefing(&self, number: TicketNumber) -> Result<Arc<Briefing>, ClientError> {
        Ok(Arc::new(self.api()?.get(&format!("/api/v1/tickets/{number}/briefing")).await?))
    }

    /// Every call of a ticket, oldest first; from the server. The cache has those of tickets that it holds.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn calls(&self, number: TicketNumber) -> Result<Vec<Escalation>, ClientError> {
        Ok(self.api()?.get::<Items<Escalation>>(&format!("/api/v1/tickets/{number}/escalations")).await?.items)
    }
}
