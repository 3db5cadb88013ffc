//! Webhooks on the wire: the secret goes out once, when it is made.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::id::{PersonId, QueueId, TicketNumber, WebhookId};

/// A webhook as listed: without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookView {
    pub id: WebhookId,
    pub version: i64,
    pub key: String,
    pub name: String,
    pub url: String,
    pub allow_private: bool,
    pub active: bool,
    /// Called when these happen; empty: only what names it calls it.
    #[serde(default)]
    pub events: Vec<String>,
    /// Only what this person is told, outside their quiet hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Only what is about tickets of this queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
}

fn yes() -> bool {
    true
}

/// `PUT /api/v1/webhooks/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookInput {
    /// Unique short name.
    #[schema(example = "ops-chat")]
    pub key: String,
    #[schema(example = "Operations chat")]
    pub name: String,
    #[schema(example = "https://chat.example.org/hooks/dutydesk")]
    pub url: String,
    /// At least 16 characters. Absent: one is made for a new webhook, and that of an existing one stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "5f1d7a84db00d2fce00b31a7fc73224f")]
    pub secret: Option<String>,
    /// Addresses of private networks are refused unless this is set.
    #[serde(default)]
    pub allow_private: bool,
    #[serde(default = "yes")]
    pub active: bool,
    /// Called when these happen: the words of notices (`sla_breached`, `nobody_eligible`, `gap_ahead`, `escalation_asked`, …),
    /// `escalation_passed`, `escalation_joined`, `ticket_created`, `ticket_solved`. Empty: only what names
    /// it (an SLA policy's step) calls it.
    #[serde(default)]
    #[schema(example = json!(["sla_breached", "nobody_eligible"]))]
    pub events: Vec<String>,
    /// Only what this person is told, outside their quiet hours: their phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Only what is about tickets of this queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
}

/// A webhook as it is stored now.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WebhookStored {
    pub id: WebhookId,
    pub key: String,
    /// The secret, when it was made or changed by this request: it is not shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// A call to a webhook, and how far it has come.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeliveryView {
    pub id: Uuid,
    pub event: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    pub created_at: DateTime<Utc>,
    pub attempts: u32,
    /// When it is tried (again); absent once delivered or given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}
