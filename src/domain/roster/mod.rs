//! Who is on duty when. Pattern shifts are derived ([`pattern`]), never stored; changes are rows.

pub mod ahead;
pub mod change;
pub mod cover;
pub mod duty;
pub mod fairness;
pub mod gap;
pub mod generate;
pub mod grid;
pub mod limits;
pub mod pattern;
pub mod plan;
#[cfg(test)]
pub(super) mod tests;
mod worked;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{CalendarId, PersonId, QueueId, RosterChangeId, RosterPlanId, RotaId};

/// The colour words a shift type may have.
pub const SHIFT_COLOURS: [&str; 8] = ["blue", "cyan", "gray", "green", "magenta", "red", "white", "yellow"];

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
    /// Counts as night work in limits and fairness.
    #[serde(default)]
    pub night: bool,
    /// One of [`SHIFT_COLOURS`] (`blue`, `green`, …); the console chooses when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

/// What a rota asks of people's shifts; absent limits do not bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RotaLimits {
    /// Hours between the end of one shift and the start of the next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_rest_hours: Option<u16>,
    /// Hours on duty from Monday to Sunday, in the rota's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_week_hours: Option<u16>,
    /// Days in a row on which a night shift starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_nights_in_row: Option<u16>,
    /// Days in a row on which any shift starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_days_in_row: Option<u16>,
    /// Changes that break a limit are refused; otherwise they are made and the breach is told.
    #[serde(default)]
    pub forbid: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitRule {
    MinRest,
    MaxWeek,
    NightsInRow,
    DaysInRow,
}

/// A limit that somebody's shifts break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LimitBreach {
    pub rota: RotaId,
    pub person: PersonId,
    pub rule: LimitRule,
    /// The start of the shift that breaks it.
    pub at: DateTime<Utc>,
    /// What it comes to: minutes of rest or of the week, or days in a row.
    pub value: u32,
    /// What the rota allows, in the same unit.
    pub limit: u32,
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
    #[serde(default)]
    pub limits: RotaLimits,
    /// A swap that both agree on also needs a lead's word.
    #[serde(default)]
    pub swap_approval: bool,
    /// Whose holidays count in the fairness report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<CalendarId>,
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
    /// `other` takes `person`'s duty in the span, and `person` takes theirs in the other span.
    Swap,
    /// `person` is not needed in the span: no leave of theirs.
    Cancel,
}

/// How far a change has come. Only what is in force moves the roster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    #[default]
    InForce,
    /// A swap that waits for the other's answer.
    Asked,
    /// A swap that both want and a lead has to approve.
    Accepted,
    /// Refused by the other, or by a lead.
    Declined,
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
    /// Of a swap: the span of `other`'s duty that `person` takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_from: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_to: Option<DateTime<Utc>>,
    #[serde(default)]
    pub state: ChangeState,
    #[serde(default)]
    pub reason: String,
    pub asked_by: PersonId,
    /// Who answered a swap last: the other, or the lead who approved or declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<PersonId>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// Withdrawn changes are kept for the record and have no effect.
    #[serde(default)]
    pub cancelled: bool,
    pub created_at: DateTime<Utc>,
}

/// One person's days within a [`RosterPlan`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlanRow {
    pub person: PersonId,
    /// One entry a day from the plan's first: a shift type's code, or none for a day off.
    pub codes: Vec<Option<String>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    /// Shown, and without effect.
    #[default]
    Proposed,
    /// Takes the pattern's place on its days.
    Published,
    Withdrawn,
}

/// A roster written out person by day, made by the generator or from a spreadsheet. While published it takes the pattern's
/// place from `from` to the day before `to`; where published plans overlap, the one created last counts. Changes apply on top.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RosterPlan {
    pub id: RosterPlanId,
    pub version: i64,
    pub rota: RotaId,
    #[schema(value_type = String, format = "date")]
    pub from: NaiveDate,
    /// The first day after.
    #[schema(value_type = String, format = "date")]
    pub to: NaiveDate,
    pub rows: Vec<PlanRow>,
    #[serde(default)]
    pub state: PlanState,
    /// Where it comes from, in the maker's words.
    #[serde(default)]
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<PersonId>,
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
