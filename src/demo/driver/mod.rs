//! Carries the sample desk and its traffic to a server over HTTP: a client like any other.
//!
//! Nothing here knows a store or a server's inside; tokens are handed in.

mod accept;
mod act;
mod colleagues;
mod fill;
mod swap;
mod traffic;
mod view;

pub use accept::run_acceptance;
pub use colleagues::Colleagues;
pub use fill::fill;
pub use swap::ask_to_swap;
pub use traffic::{come_to_work, run_traffic};

use crate::client::api::ApiError;
use crate::domain::Refusal;
use crate::domain::id::PersonId;

/// Why something of the sample desk did not reach the server.
#[derive(Debug, thiserror::Error)]
pub enum DriveError {
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error("the server refused a {command} of the sample desk: {refusal}")]
    Refused { command: &'static str, refusal: Box<Refusal> },
    #[error("there is no token for {0} of the sample desk")]
    NoToken(PersonId),
    #[error("a row of the sample desk cannot be written as JSON: {0}")]
    Encode(#[from] serde_json::Error),
}
