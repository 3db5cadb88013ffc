//! Who else is at a ticket.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::here::Doing;

/// `PUT /api/v1/tickets/{number}/here`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeHere {
    pub doing: Doing,
}
