//! Proposing a roster for the next weeks: coverage first, then limits, then fairness, then what people like. Leave always holds.
//!
//! Pure and seeded: the same directory and the same [`Generate`] give the same [`Proposal`]. The budget is a number of moves,
//! never time. Nothing is stored here: a person looks at the proposal, edits it, and puts its plan.

mod cost;
mod explain;
mod greedy;
mod problem;
mod propose;
mod row;
mod search;
mod slices;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use propose::propose;

use super::fairness::Fairness;
use super::{LimitBreach, LimitRule, RosterPlan};
use crate::domain::id::{PersonId, RotaId};

/// The longest period, in weeks.
pub const WEEKS_MAX: u8 = 12;
/// The most moves that one proposal may try: some ten seconds.
pub const ROUNDS_MAX: u32 = 10_000_000;
/// The most members for whom a roster is proposed.
pub const PEOPLE_MAX: usize = 500;
/// How far back the last period goes, in days.
pub const BEFORE_DAYS: u64 = 28;

/// What to propose a roster for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Generate {
    pub rota: RotaId,
    /// The first day, in the rota's zone.
    #[schema(value_type = String, format = "date")]
    pub from: NaiveDate,
    /// 1 to 12.
    #[serde(default = "default_weeks")]
    pub weeks: u8,
    /// Another seed gives another proposal, the same seed the same one.
    #[serde(default)]
    pub seed: u64,
    /// How many moves the search tries, 0 to 10,000,000; 0 takes the plain start.
    #[serde(default = "default_rounds")]
    pub rounds: u32,
}

/// Four weeks.
#[must_use]
pub fn default_weeks() -> u8 {
    4
}

/// Enough for 60 people and four weeks.
#[must_use]
pub fn default_rounds() -> u32 {
    1_000_000
}

/// A roster to look at, with what it does not meet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Proposal {
    /// In state `proposed`; not stored.
    pub plan: RosterPlan,
    /// Spans that lack people or a skill, in order of time. What a night of the day before requires is among them from the
    /// first shift of the period on only; the last night is, to its end.
    pub unmet: Vec<Unmet>,
    /// Limits that the proposed shifts break.
    pub breaches: Vec<LimitBreach>,
    /// What the period comes to for each member, and what the four weeks before did.
    pub fairness: Fairness,
    pub fairness_before: Fairness,
    /// Members who cannot be on duty on some days; those days count as worked at the mean.
    pub away: Vec<Away>,
    /// What the proposal costs, and what the start of the search did.
    pub cost: CostParts,
    pub start_cost: CostParts,
    pub moves_tried: u32,
    pub moves_kept: u32,
    /// Fewer people than this cannot meet the requirements within the limits, whoever works when.
    pub people_needed: u32,
}

/// A span in which the proposal has too few people, or nobody with a skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unmet {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub required: u32,
    pub on_duty: u32,
    pub why: UnmetWhy,
    /// Of `missing_skill`: the skills that nobody on duty has together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<String>,
    /// Of `limits`: the limits that hold people back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<LimitRule>,
    /// What the members who are not on duty (or, for a skill, those who have it) do instead.
    pub others: Others,
}

/// The first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnmetWhy {
    /// No shift type reaches the span.
    NoShiftType,
    /// Enough people, but none with the skills of a queue.
    MissingSkill,
    /// Somebody could take it: try more moves, or edit the plan.
    MoreRounds,
    /// Who is free would break a limit.
    Limits,
    /// Everybody left works another shift of this rota then or that day.
    NotEnoughPeople,
    /// Everybody left is on duty in another rota, or has an extra shift.
    OtherDuty,
    /// Everybody left is on leave.
    AllOnLeave,
}

/// How many members could not take a span, by what held them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Others {
    pub free: u32,
    pub limits: u32,
    pub own_shift: u32,
    pub other_duty: u32,
    pub leave: u32,
}

/// Days of the proposal on which leave or another duty rules out every shift of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Away {
    pub person: PersonId,
    pub days: u32,
}

/// What a roster costs, by part, in points: an hour with one person too few is 72,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostParts {
    /// Too few people.
    pub coverage: i64,
    /// Nobody with a queue's skills.
    pub skills: i64,
    /// Broken limits.
    pub limits: i64,
    /// Hours, nights and weekends away from the mean, squared.
    pub fairness: i64,
    /// Single days, early shifts after late ones, changes of shift.
    pub wishes: i64,
    /// More people than required.
    pub surplus: i64,
}

impl CostParts {
    #[must_use]
    pub fn total(&self) -> i64 {
        self.coverage + self.skills + self.limits + self.fairness + self.wishes + self.surplus
    }
}
