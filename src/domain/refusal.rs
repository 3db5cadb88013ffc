//! Why a command was not done. A refusal is an answer, not a failure: it names what to do next.

use chrono::{DateTime, Utc};
use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::Timestamp;
use super::id::PersonId;

/// What kind of refusal; each maps to one HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The command itself is wrong (422).
    Invalid,
    /// The actor may not do this (403).
    Forbidden,
    /// What it names does not exist, or the actor may not see it (404).
    NotFound,
    /// Somebody was faster, or the row has moved on (409).
    Conflict,
}

/// Why a command was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    #[serde(deserialize_with = "known_kind")]
    pub kind: RefusalKind,
    /// Stable word for programs: `ticket_claimed`, `not_found`, `subject_empty` …
    pub code: String,
    /// The field at fault, as in the command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// One sentence: what was wrong and what to do next.
    pub message: String,
    /// Who was faster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<PersonId>,
    /// When they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}

/// A newer server's kind is read as the plainest: code and message say the rest.
fn known_kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RefusalKind, D::Error> {
    let word = String::deserialize(deserializer)?;
    let known = IntoDeserializer::<D::Error>::into_deserializer(word.as_str());
    Ok(RefusalKind::deserialize(known).unwrap_or(RefusalKind::Invalid))
}

impl Refusal {
    #[must_use]
    pub fn new(kind: RefusalKind, code: &str, message: impl Into<String>) -> Self {
        Self { kind, code: code.into(), field: None, message: message.into(), who: None, at: None }
    }

    #[must_use]
    pub fn invalid(code: &str, field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(RefusalKind::Invalid, code, message) }
    }

    #[must_use]
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Forbidden, "forbidden", message)
    }

    /// Also used for what the actor may not see: the answer must not tell the two apart.
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(RefusalKind::NotFound, "not_found", format!("{what} does not exist, or you may not see it."))
    }

    #[must_use]
    pub fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Conflict, code, message)
    }

    /// A conflict with what `who` did `at` some time, so that the loser of a race sees who won.
    #[must_use]
    pub fn lost_to(code: &str, who: PersonId, at: Option<Timestamp>, message: impl Into<String>) -> Self {
        Self { who: Some(who), at, ..Self::conflict(code, message) }
    }
}
