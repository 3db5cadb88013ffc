//! `POST /api/v1/commands`: up to [`COMMANDS_MAX`] commands, answered one by one in order.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Refusal;
use crate::domain::command::{CommandResult, Submission};
use crate::domain::id::CommandKey;

pub const COMMANDS_MAX: usize = 100;

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Submissions {
    pub commands: Vec<Submission>,
    /// From where, for the audit: `console`, `cli`, `api`, `import`.
    #[serde(default)]
    pub source: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Answers {
    pub answers: Vec<Answer>,
}

/// The answer to one command.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    pub key: CommandKey,
    /// Where the effect is in the feed; opaque.
    pub cursor: String,
    /// Set when done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<CommandResult>,
    /// Set when refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// The key was seen before; this is the answer given then.
    #[serde(default)]
    pub replayed: bool,
}
