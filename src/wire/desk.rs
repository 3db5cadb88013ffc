//! `GET /api/v1/desk`: what a program should know before it signs in or starts.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

fn first() -> u32 {
    1
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeskInfo {
    /// The server's version.
    pub version: String,
    /// The protocol it speaks; see [`protocol`](super::protocol).
    pub protocol: u32,
    /// The oldest protocol that it still speaks; absent from servers of protocol 1.
    #[serde(default = "first")]
    pub protocol_oldest: u32,
    pub now: DateTime<Utc>,
    /// No person exists yet: `POST /api/v1/setup` makes the first.
    pub needs_setup: bool,
}
