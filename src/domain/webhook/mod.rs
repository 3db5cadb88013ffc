//! Addresses outside that the desk calls when something happens: phones, group chats, other programs.

pub mod outgoing;

pub mod raise;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::id::{PersonId, QueueId, TicketNumber, WebhookId};

/// An address the desk calls. Kept by the server alone: its secret never reaches a console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Webhook {
    pub id: WebhookId,
    pub version: i64,
    /// Unique short name.
    pub key: String,
    pub name: String,
    /// `http://` or `https://`.
    pub url: String,
    /// Signs each delivery (HMAC-SHA256 over id, time and body).
    pub secret: String,
    /// Addresses of private networks are refused unless this is set.
    #[serde(default)]
    pub allow_private: bool,
    pub active: bool,
    /// Called when these happen: notices by their word (`sla_breached`, `nobody_eligible`, …), and `ticket_created`,
    /// `ticket_solved`, `escalation_passed`, `escalation_joined`. Empty: only what names it calls it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Only what this person is told, outside their quiet hours: their phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Only what is about tickets of this queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
}

/// One call to be made, kept until it succeeded or was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    pub id: Uuid,
    pub webhook: WebhookId,
    /// What happened: `sla_step`, `nobody_eligible`, …
    pub event: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    /// The body as it is sent.
    pub body: String,
    pub created_at: DateTime<Utc>,
}

impl Delivery {
    /// What it waits in line for: of the calls about one ticket's conversation to one webhook, each waits for those before it. Absent for
    /// calls that wait for nobody.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        let ticket = self.ticket.filter(|_| outgoing::EVENTS.contains(&self.event.as_str()))?;
        Some(format!("{}:{ticket}", self.webhook))
    }
}

/// A delivery and what became of it so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryRecord {
    #[serde(flatten)]
    pub delivery: Delivery,
    /// Calls made.
    pub attempts: u32,
    /// When it is tried (again); absent once delivered or given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<DateTime<Utc>>,
    /// Why the last attempt failed; absent after one that did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}
