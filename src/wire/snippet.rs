//! Bodies of canned replies.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `PUT /api/v1/snippets/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SnippetInput {
    /// Lower-case letters, digits, `-`.
    #[schema(example = "on-the-way")]
    pub key: String,
    pub title: String,
    /// One's own; otherwise everybody's, by a lead.
    #[serde(default)]
    pub mine: bool,
    /// A queue's key: for its tickets alone.
    #[serde(default)]
    pub queue: Option<String>,
    /// The text by language, with variables such as `{{requester.name}}`.
    pub texts: BTreeMap<String, String>,
}

/// `GET /api/v1/tickets/{number}/snippets/{key}`: a text ready to be sent.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SnippetFilled {
    pub text: String,
    pub language: String,
    /// Variables that say nothing here: look before sending.
    #[serde(default)]
    pub empty: Vec<String>,
}
