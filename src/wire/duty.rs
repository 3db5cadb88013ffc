//! Rosters on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::roster::{Gap, Shift};

/// `GET /api/v1/roster`: shifts and gaps of a span.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Roster {
    pub shifts: Vec<Shift>,
    pub gaps: Vec<Gap>,
}
