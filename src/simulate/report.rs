//! What came of a variant: times, breaches, backlog, load. Data only; [`draw`](super::draw) shows it.

use std::collections::BTreeMap;

use serde::Serialize;

/// Median, 90th and 99th percentile, in seconds (nearest rank).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    pub median: i64,
    pub p90: i64,
    pub p99: i64,
}

impl Percentiles {
    /// Of lengths in milliseconds; all zero when there are none.
    #[must_use]
    pub fn of(mut ms: Vec<i64>) -> Self {
        ms.sort_unstable();
        let at = |percent: usize| {
            let rank = (ms.len() * percent).div_ceil(100).max(1);
            ms.get(rank - 1).map_or(0, |ms| (ms + 500) / 1_000)
        };
        Self { median: at(50), p90: at(90), p99: at(99) }
    }
}

/// One step of the curves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Minutes from the scenario's start.
    pub minute: i64,
    /// Tickets not solved.
    pub backlog: u32,
    /// Of these, those nobody has.
    pub pool: u32,
    /// People on duty and present.
    pub on_duty: u32,
    /// Requests since the step before.
    pub arrived: u32,
}

/// What people had to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Load {
    /// Tickets given to a person, mean over those who came to work.
    pub given_mean: f64,
    pub given_max: u32,
    /// Share of the time on duty spent working on tickets.
    pub busy: f64,
}

/// How a rota's people fared.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RotaLoad {
    pub rota: String,
    pub people: u32,
    pub given: u32,
    pub busy: f64,
    /// Tickets given for each hour on duty: the most of anybody against the mean.
    pub fairness: f64,
}

/// One variant's result. Times count from arrival; a ticket not there yet at the end counts with its age.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    pub name: String,
    #[serde(skip)]
    pub name_zh: Option<String>,
    pub time_to_assign_s: Percentiles,
    pub first_response_s: Percentiles,
    pub resolution_s: Percentiles,
    /// SLA targets that ran out.
    pub breaches: u32,
    pub breaches_by_clock: BTreeMap<String, u32>,
    /// Within the days on which requests arrive.
    pub backlog_max: u32,
    /// When the last of these days is over.
    pub backlog_end: u32,
    pub tickets: u32,
    pub people: u32,
    /// Real time, measured by who ran it.
    pub wall_ms: u64,
    pub solved: u32,
    /// Not solved when the run ended.
    pub open: u32,
    pub returned: u32,
    pub reopened: u32,
    /// Of the rota given the most tickets; see [`RotaLoad::fairness`].
    pub fairness: f64,
    pub load: Load,
    pub rotas: Vec<RotaLoad>,
    /// Commands decided by the desk's rules.
    pub commands: u64,
    /// Commands the rules refused; none is expected.
    pub refused: u32,
    /// Tickets the desk gave to somebody off duty; none ever.
    pub given_off_duty: u32,
    /// Half hours.
    pub backlog: Vec<Sample>,
    /// First response by queue of arrival, for searches.
    #[serde(skip)]
    pub first_response_by_queue: Vec<Vec<i64>>,
}
