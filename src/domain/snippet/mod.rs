//! Canned replies: texts with variables, of the desk, of a queue or of one person, in several languages.

pub mod expand;
pub mod put;
pub mod select;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{PersonId, QueueId, SnippetId};

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Snippet {
    pub id: SnippetId,
    pub version: i64,
    /// Short name, as typed after `/snippet`: lower-case letters, digits, `-`. Unique among the desk's, among a queue's, and among a
    /// person's own.
    pub key: String,
    /// What lists show.
    pub title: String,
    /// Whose it is; absent for everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PersonId>,
    /// For tickets of this queue; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The text by language (`en`, `zh-CN`), with variables such as `{{requester.name}}`.
    pub texts: BTreeMap<String, String>,
    pub active: bool,
}
