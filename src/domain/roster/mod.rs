//! Who is on duty when. Pattern shifts are derived ([`pattern`]), never stored; changes are rows.

pub mod change;
pub mod gap;
pub mod pattern;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{PersonId, QueueId, RosterChangeId, RotaId};

/// A named span of the day in the rota's zone. An end at or before the start means the next day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShiftType {
    /// Short code as in a spreadsheet cell (`E`, `L`, `N`, `早`).
    pub code: String,
    pub name: String,
    #[schema(value_type = String, example = "23:00:00")]
    pub start: NaiveTime,
    #[schema(value_type = String, example = "07:00:00")]
    pub end: NaiveTime,
    #[serde(default)]
    pub night: bool,
}

/// A member of a rota, some days ahead of its pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RotaMember {
    pub person: PersonId,
    /// Days added to the date before the pattern is looked up.
    pub offset_days: i32,
}

/// How many must be on duty within a span of the local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Requirement {
    /// Days on which the span starts.
    #[schema(value_type = Vec<String>, example = json!(["Mon", "Sun"]))]
    pub weekdays: Vec<Weekday>,
    #[schema(value_type = String, example = "23:00:00")]
    pub from: NaiveTime,
    /// At or before `from` means the next day.
    #[schema(value_type = String, example = "07:00:00")]
    pub to: NaiveTime,
    pub people: u32,
}

/// A repeating pattern of shift types over its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rota {
    pub id: RotaId,
    pub version: i64,
    /// Unique short name.
    pub key: String,
    pub name: String,
    /// IANA name; local times keep their wall-clock value across daylight-saving changes.
    pub time_zone: String,
    /// The queues whose tickets its people take.
    pub queues: Vec<QueueId>,
    pub tier: u8,
    pub shift_types: Vec<ShiftType>,
    /// One entry a day, repeating; a shift type's code, or none for a day off.
    pub pattern: Vec<Option<String>>,
    /// The day at which the pattern's first entry stands for a member with offset 0.
    #[schema(value_type = String, format = "date")]
    pub starts_on: NaiveDate,
    pub members: Vec<RotaMember>,
    #[serde(default)]
    pub required: Vec<Requirement>,
    /// Told of gaps, and when nobody is eligible.
    #[serde(default)]
    pub lead: Option<PersonId>,
    pub active: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RosterChangeKind {
    /// `person` is not on duty in the span.
    Leave,
    /// `other` takes `person`'s duty in the span.
    Cover,
    /// `person` is on duty in the span, beside the pattern.
    Extra,
}

/// A stored deviation from the pattern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RosterChange {
    pub id: RosterChangeId,
    pub version: i64,
    pub rota: RotaId,
    pub kind: RosterChangeKind,
    pub person: PersonId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<PersonId>,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    #[serde(default)]
    pub reason: String,
    pub asked_by: PersonId,
    /// Withdrawn changes are kept for the record and have no effect.
    #[serde(default)]
    pub cancelled: bool,
    pub created_at: DateTime<Utc>,
}

/// One person on duty from an instant to an instant; derived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shift {
    pub rota: RotaId,
    pub person: PersonId,
    /// The shift type's code; `+` for an extra shift.
    pub code: String,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// The change that made or gave it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<RosterChangeId>,
}

/// A span in which fewer people are on duty than the rota requires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gap {
    pub rota: RotaId,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub required: u32,
    pub on_duty: u32,
}
