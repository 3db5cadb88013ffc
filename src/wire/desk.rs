//! `GET /api/v1/desk`: what a program should know before it signs in or starts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeskInfo {
    /// The server's version.
    pub version: String,
    /// See [`PROTOCOL`](super::PROTOCOL).
    pub protocol: u32,
    pub now: DateTime<Utc>,
    /// No person exists yet: `POST /api/v1/setup` makes the first.
    pub needs_setup: bool,
}
