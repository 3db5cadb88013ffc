//! The record of every change: who, when, from where, what from and to, why.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{PersonId, TicketNumber};

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AuditActor {
    Person {
        id: PersonId,
    },
    /// A message from outside, by an intake channel's key.
    Intake {
        channel: String,
    },
    /// The desk itself, by the job's name.
    Desk {
        job: String,
    },
}

/// One field's change, as JSON values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FieldChange {
    pub field: String,
    #[schema(value_type = Value)]
    pub from: serde_json::Value,
    #[schema(value_type = Value)]
    pub to: serde_json::Value,
}

/// One act on the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AuditEntry {
    pub at: DateTime<Utc>,
    pub actor: AuditActor,
    /// From where: `console`, `cli`, `api`, `intake`, `import`, `job`.
    pub source: String,
    /// The command's type, such as `claim_ticket`.
    pub action: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
