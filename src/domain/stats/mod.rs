//! Figures about the desk: what arrived and was solved, how long people waited, who carries how much, where it is hot. Pure:
//! a store counts ([`StatsFacts`]), this makes of it what screens show. Nothing here decides anything.
//!
//! Where the figures come from: arrivals are tickets by `created_at`; solved ones by when they were solved last (a ticket that
//! was reopened counts as unsolved all along); first response and resolution by the ticket's clocks, in time around the clock,
//! while `within` says whether the goal was met as the queue's own calendar counts.

pub mod counted;
pub mod health;
pub mod heat;
pub mod load;
pub mod places;
pub mod range;
pub mod response;
pub mod series;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use health::QueueHealth;
pub use load::PersonLoad;
pub use places::{Place, Region, SiteTally};
pub use range::Range;
pub use response::{Response, Timed};
pub use series::Step;

use super::Timestamp;
use super::directory::Directory;
use super::id::QueueId;
use super::person::AgentState;
use super::roster::duty::DutyIndex;

/// Milliseconds of a quarter of an hour, the finest step: every zone's hours and days begin at one.
pub const QUARTER_MS: i64 = 900_000;

/// How many in one quarter of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Quarters of an hour since 1970.
    pub quarter: i64,
    pub count: u32,
}

impl Tally {
    /// When its quarter of an hour began.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        DateTime::from_timestamp_millis(self.quarter.saturating_mul(QUARTER_MS)).unwrap_or_default()
    }
}

/// What a store is asked to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatsScope {
    /// Of these queues; all when absent.
    pub queues: Option<Vec<QueueId>>,
    /// Where the range begins.
    pub from: Timestamp,
    /// Where the heat map and the usual count of places begin: before `from`.
    pub heat_from: Timestamp,
    pub now: Timestamp,
}

/// What a store counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatsFacts {
    /// Since `heat_from`, in order of time.
    pub arrived: Vec<Tally>,
    /// Since `from`, in order of time.
    pub solved: Vec<Tally>,
    /// Tickets answered for the first time since `from`.
    pub answered: Vec<Timed>,
    /// Tickets solved since `from`.
    pub resolved: Vec<Timed>,
    pub queues: Vec<QueueHealth>,
    pub sites: Vec<SiteTally>,
}

/// All figures of a range at one instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Overview {
    /// When it was counted; a server counts once a minute.
    pub at: DateTime<Utc>,
    pub range: Range,
    /// The IANA zone whose hours and days it counts in.
    pub zone: String,
    /// The queue it is about; all that the reader may see when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    pub steps: Vec<Step>,
    pub first_response: Response,
    pub resolution: Response,
    /// Arrivals of the last 28 days, 168 counts: Monday 00:00, Monday 01:00 … Sunday 23:00.
    pub heat: Vec<u32>,
    /// Hottest first: late tickets, then arrivals of 24 hours.
    pub regions: Vec<Region>,
    /// Sites with unsolved tickets or arrivals, hottest first, at most 200.
    pub places: Vec<Place>,
    /// Who works in these queues, the most loaded first.
    pub people: Vec<PersonLoad>,
    /// The worst first.
    pub queues: Vec<QueueHealth>,
}

/// Arranges what was counted.
#[must_use]
pub fn overview(
    (range, zone, queue): (Range, Tz, Option<QueueId>),
    scope: &StatsScope,
    facts: StatsFacts,
    (directory, states, duty): (&Directory, &[AgentState], &DutyIndex),
) -> Overview {
    let edges = range::edges(range, zone, scope.now);
    let unsolved = facts.queues.iter().map(|queue| queue.unsolved).sum();
    let mut steps = series::steps(&edges, &facts.arrived, &facts.solved, unsolved, scope.now);
    series::put_responses(&mut steps, &facts.answered);
    let mut queues = facts.queues;
    health::complete(&mut queues, scope.queues.as_deref(), directory, duty);
    let (regions, places) = places::arrange(facts.sites, directory);
    let states = states.iter().map(|state| (state.person, state)).collect();
    Overview {
        at: scope.now,
        range,
        zone: zone.name().to_owned(),
        queue,
        steps,
        first_response: response::response(&facts.answered),
        resolution: response::response(&facts.resolved),
        heat: heat::heat(&facts.arrived, zone),
        regions,
        places,
        people: load::people(directory, &states, scope.queues.as_deref(), |person| duty.is_on_duty(person)),
        queues,
    }
}
