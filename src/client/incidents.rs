//! What a console asks of major incidents: the server alone sees all that is tied to one.

use super::desk::DeskClient;
use super::error::ClientError;
use crate::domain::id::{BroadcastId, TicketNumber};
use crate::domain::incident::preview::{BroadcastPreview, BroadcastText};
use crate::domain::incident::view::{BroadcastView, IncidentLine, IncidentView};
use crate::wire::list::Items;

impl DeskClient {
    /// Open major incidents, newest first.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn incidents(&self) -> Result<Vec<IncidentLine>, ClientError> {
        Ok(self.api()?.get::<Items<IncidentLine>>("/api/v1/incidents").await?.items)
    }

    /// A major incident with what is tied to it, proposed and sent.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn incident(&self, number: TicketNumber) -> Result<IncidentView, ClientError> {
        Ok(self.api()?.get(&format!("/api/v1/tickets/{number}/incident")).await?)
    }

    /// Who would get a broadcast, and what.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn broadcast_preview(&self, number: TicketNumber, body: &BroadcastText) -> Result<BroadcastPreview, ClientError> {
        Ok(self.api()?.post(&format!("/api/v1/tickets/{number}/incident/preview"), body).await?)
    }

    /// How far a broadcast is, ticket by ticket.
    ///
    /// # Errors
    /// When there is no link, or the server refuses.
    pub async fn broadcast(&self, id: BroadcastId) -> Result<BroadcastView, ClientError> {
        Ok(self.api()?.get(&format!("/api/v1/broadcasts/{id}")).await?)
    }
}
