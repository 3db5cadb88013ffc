//! The words of a scenario file, as written. [`check`](super::check) reads and judges them; nothing here decides anything.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, Weekday};
use serde::Deserialize;
use toml::Spanned;

use super::span::Span;
use crate::domain::queue::{EndOfShift, Strategy};
use crate::domain::ticket::{Kind, Priority};

/// A desk, its requesters and its people, and the variants to compare. Lists keep where they stand in the file, for errors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub scenario: Head,
    #[serde(default)]
    pub desk: Habits,
    #[serde(default)]
    pub dispatch: Dispatch,
    pub queue: Vec<Spanned<QueueSpec>>,
    pub rota: Vec<Spanned<RotaSpec>>,
    pub people: Vec<Spanned<GroupSpec>>,
    #[serde(default)]
    pub arrivals: Vec<Spanned<ArrivalSpec>>,
    pub handling: Vec<Spanned<HandlingSpec>>,
    #[serde(default)]
    pub variant: Vec<Spanned<VariantSpec>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub name: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub title_zh: String,
    /// What it shows, in a sentence or two.
    #[serde(default)]
    pub story: String,
    #[serde(default)]
    pub story_zh: String,
    /// The first day, in the time zone.
    pub start: NaiveDate,
    /// Days on which requests arrive.
    pub days: u32,
    /// Days played on afterwards, so that what arrived late is answered and measured too.
    #[serde(default = "one")]
    pub run_out_days: u32,
    /// IANA name; of arrivals, rotas and calendars.
    pub time_zone: String,
    #[serde(default = "one_u64")]
    pub seed: u64,
    /// How many requesters there are (stations, shops, customers).
    #[serde(default = "thousand")]
    pub requesters: u32,
}

/// How people at this desk behave.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Habits {
    /// From being given a ticket to opening it, for somebody present.
    pub accept: Spread,
    /// Share of tickets given by the desk that somebody does not notice in time, 0 to 1.
    pub misses: f64,
    /// Share of shifts to which somebody does not come, 0 to 1.
    pub absence: f64,
}

impl Default for Habits {
    fn default() -> Self {
        Self { accept: Spread { median: Span(20_000), sigma: 0.6 }, misses: 0.0, absence: 0.0 }
    }
}

/// A time drawn from a lognormal distribution: half of the draws lie below `median`; `sigma` 0 is always the median.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    pub median: Span,
    #[serde(default = "half")]
    pub sigma: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DispatchBy {
    /// The desk assigns, by its own rules.
    #[default]
    Roster,
    /// A dispatcher gives out what waits, now and then, evenly.
    Hand,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispatch {
    #[serde(default)]
    pub by: DispatchBy,
    /// Between two rounds of the dispatcher; four hours when absent.
    #[serde(default)]
    pub every: Option<Span>,
    /// The first round, from the scenario's first midnight; `every` when absent.
    #[serde(default)]
    pub first: Option<Span>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueSpec {
    pub key: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default = "first_tier")]
    pub tier: u8,
    #[serde(default)]
    pub skills: Vec<String>,
    #[serde(default)]
    pub strategy: Strategy,
    #[serde(default)]
    pub cap: Option<u32>,
    /// Absent: the desk's own default; `accept_within = "0s"` is not written, but `no_accept_limit = true`.
    #[serde(default)]
    pub accept_within: Option<Span>,
    #[serde(default)]
    pub no_accept_limit: bool,
    #[serde(default)]
    pub end_of_shift: EndOfShift,
    #[serde(default)]
    pub grace: Option<Span>,
    /// The queue of the next tier.
    #[serde(default)]
    pub escalates_to: Option<String>,
    /// The next department.
    #[serde(default)]
    pub moves_to: Option<String>,
    /// Business hours of its targets; around the clock when empty.
    #[serde(default)]
    pub hours: Vec<HoursSpec>,
    #[serde(default)]
    pub sla: BTreeMap<Priority, TargetSpec>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoursSpec {
    pub days: Vec<Weekday>,
    #[serde(deserialize_with = "time_of_day")]
    pub from: NaiveTime,
    #[serde(deserialize_with = "time_of_day")]
    pub to: NaiveTime,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    #[serde(default)]
    pub first_response: Option<Span>,
    #[serde(default)]
    pub next_response: Option<Span>,
    #[serde(default)]
    pub resolution: Option<Span>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotaSpec {
    pub key: String,
    pub queues: Vec<String>,
    #[serde(default = "first_tier")]
    pub tier: u8,
    /// One code a day, repeating; `-` is a day off. Members are spread evenly over it.
    pub pattern: Vec<String>,
    pub shifts: Vec<ShiftSpec>,
    /// All members work on the same days, the pattern's first of which is the scenario's first.
    #[serde(default)]
    pub together: bool,
    /// The scenario's when absent.
    #[serde(default)]
    pub time_zone: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShiftSpec {
    pub code: String,
    #[serde(deserialize_with = "time_of_day")]
    pub from: NaiveTime,
    /// At or before `from` means the next day.
    #[serde(deserialize_with = "time_of_day")]
    pub to: NaiveTime,
}

/// People alike.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSpec {
    /// Their handles are this with a number.
    pub name: String,
    pub rota: String,
    pub count: u32,
    #[serde(default = "five")]
    pub capacity: u32,
    /// 2 works twice as fast.
    #[serde(default = "one_f64")]
    pub speed: f64,
    /// With levels, 1 to 5.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    #[serde(default)]
    pub languages: Vec<String>,
}

/// Requests for one queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivalSpec {
    pub queue: String,
    pub per_day: f64,
    /// `flat`, `office`, `retail`, `roadside`; the last when neither this nor `hourly` is given is `flat`.
    #[serde(default)]
    pub curve: Option<String>,
    /// Weights of the 24 hours.
    #[serde(default)]
    pub hourly: Option<Vec<f64>>,
    /// Saturdays and Sundays get this much of a working day.
    #[serde(default = "one_f64")]
    pub weekend: f64,
    /// Weights.
    #[serde(default)]
    pub kinds: BTreeMap<Kind, f64>,
    #[serde(default)]
    pub priorities: BTreeMap<Priority, f64>,
}

/// How tickets are worked on; the first that fits a ticket's queue and kind counts.
///
/// After each touch one of these happens, each with its chance: the ticket escalates, moves on, waits for the requester, or
/// continues with another touch. Otherwise it is solved.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandlingSpec {
    #[serde(default)]
    pub queue: Option<String>,
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Work until the first reply.
    pub first_reply: Spread,
    /// Work of each later touch.
    pub work: Spread,
    /// Chance that the first reply solves it; the others share what is left. Absent: as any touch.
    #[serde(default)]
    pub solves_first: Option<f64>,
    #[serde(default)]
    pub escalates: f64,
    #[serde(default)]
    pub moves: f64,
    #[serde(default)]
    pub waits: f64,
    #[serde(default)]
    pub continues: f64,
    /// How long a requester takes to answer.
    #[serde(default)]
    pub wait: Option<Spread>,
    /// Chance that the requester writes again after it was solved, once.
    #[serde(default)]
    pub reopens: f64,
}

/// What is different in a variant.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariantSpec {
    pub name: String,
    #[serde(default)]
    pub name_zh: Option<String>,
    /// Requests against the scenario's own.
    #[serde(default)]
    pub volume: Option<f64>,
    /// Local hours from and to which `volume` holds, such as `[22, 8]`; all day when absent.
    #[serde(default)]
    pub volume_hours: Option<[u32; 2]>,
    #[serde(default)]
    pub dispatch: Option<DispatchBy>,
    #[serde(default)]
    pub every: Option<Span>,
    #[serde(default)]
    pub first: Option<Span>,
    /// People against the scenario's own.
    #[serde(default)]
    pub staff: Option<f64>,
    #[serde(default)]
    pub strategy: Option<Strategy>,
    #[serde(default)]
    pub capacity: Option<u32>,
    #[serde(default)]
    pub absence: Option<f64>,
    #[serde(default)]
    pub accept_within: Option<Span>,
    #[serde(default)]
    pub end_of_shift: Option<EndOfShift>,
}

impl Scenario {
    /// The variants, or one that changes nothing.
    #[must_use]
    pub fn variants(&self) -> Vec<VariantSpec> {
        if self.variant.is_empty() {
            return vec![VariantSpec { name: "as it is".to_owned(), name_zh: Some("现状".to_owned()), ..VariantSpec::default() }];
        }
        self.variant.iter().map(|variant| variant.get_ref().clone()).collect()
    }

    /// The same desk with fewer (or more) requests and people.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        for arrival in &mut self.arrivals {
            arrival.get_mut().per_day *= factor;
        }
        for group in &mut self.people {
            let group = group.get_mut();
            group.count = scale(group.count, factor);
        }
        self
    }

    /// What happens to a ticket of this queue and kind; the last entry when none fits.
    #[must_use]
    pub fn handling_of(&self, queue: &str, kind: Kind) -> &HandlingSpec {
        let fits = |spec: &&HandlingSpec| spec.queue.as_deref().is_none_or(|key| key == queue) && spec.kind.is_none_or(|one| one == kind);
        let mut all = self.handling.iter().map(Spanned::get_ref);
        all.clone().find(fits).or_else(|| all.next_back()).expect("a checked scenario has handling")
    }
}

/// A number of people times a factor, at least one.
#[must_use]
pub fn scale(count: u32, factor: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small and positive")]
    let scaled = (f64::from(count) * factor).round() as u32;
    scaled.max(1)
}

fn time_of_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    let time = NaiveTime::parse_from_str(&text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(&text, "%H:%M:%S"));
    time.map_err(|_| serde::de::Error::custom(format!("{text:?} is no time of day: write 08:00")))
}

fn one() -> u32 {
    1
}

fn one_u64() -> u64 {
    1
}

fn one_f64() -> f64 {
    1.0
}

fn half() -> f64 {
    0.5
}

fn five() -> u32 {
    5
}

fn thousand() -> u32 {
    1_000
}

fn first_tier() -> u8 {
    1
}
