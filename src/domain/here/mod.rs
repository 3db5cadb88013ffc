//! Who has a ticket open at this moment, and who writes a reply. A courtesy between colleagues: never stored, never in the
//! feed or the audit, and nothing is decided by it.

pub mod board;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{PersonId, TicketNumber};

/// What somebody does with the ticket in front of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    Viewing,
    /// Writes a reply or a note.
    Typing,
}

/// Somebody who is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Here {
    pub person: PersonId,
    pub doing: Doing,
}

/// Everybody who is at a ticket, besides the reader; nobody any more when `people` is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TicketHere {
    pub ticket: TicketNumber,
    pub people: Vec<Here>,
}

/// What changed about who is where, for one reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HereNews {
    /// To be given as `here` with the next long poll.
    pub mark: i64,
    /// These are all tickets where somebody is; otherwise those that changed.
    pub all: bool,
    pub tickets: Vec<TicketHere>,
}
