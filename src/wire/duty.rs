//! Rosters on the wire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::command::CommandResult;
use crate::domain::id::{PersonId, RosterPlanId};
use crate::domain::roster::generate::default_weeks;
use crate::domain::roster::{Gap, Shift};

/// `GET /api/v1/roster`: shifts and gaps of a span.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Roster {
    pub shifts: Vec<Shift>,
    pub gaps: Vec<Gap>,
}

/// `POST /api/v1/roster-changes/{id}/answer`: the other's answer to a swap, or a lead's approval.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerChange {
    pub accept: bool,
    /// Why not, or under which condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// `POST /api/v1/rotas/{key}/generate`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateRoster {
    /// The first day, in the rota's zone.
    #[schema(value_type = String, format = "date")]
    pub from: NaiveDate,
    /// 1 to 12.
    #[serde(default = "default_weeks")]
    #[schema(example = 1)]
    pub weeks: u8,
    /// Another seed gives another proposal, the same seed the same one.
    #[serde(default)]
    pub seed: u64,
    /// How many moves the search tries, at most 10,000,000; 1,000,000 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 10_000)]
    pub rounds: Option<u32>,
}

/// A stored roster plan.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PlanStored {
    pub id: RosterPlanId,
    #[serde(flatten)]
    pub result: CommandResult,
}

/// A fresh address of shifts as iCalendar. Whoever knows it reads them: it is shown once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarLinkMade {
    /// To be put behind the server's address.
    #[schema(example = "/ical/b0VqkX3n1nYwZk1v0m4m2S0m2b3t9l7Jc1b7b0xYx0c.ics")]
    pub path: String,
}

/// An address given out, without its secret.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarLinkView {
    pub made_by: PersonId,
    pub created_at: DateTime<Utc>,
}

/// How many addresses were withdrawn.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
pub struct CalendarLinksRevoked {
    pub revoked: u64,
}
