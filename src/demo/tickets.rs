//! Streams the sample desk's tickets, oldest first: each made from its number, so that a hundred thousand cost no memory.

use chrono::{DateTime, Duration, Timelike, Utc};
use rand::RngExt;
use rand::rngs::StdRng;

use super::content::{Phrases, QueueContent, Scenario, Speaker};
use super::desk::SampleDesk;
use super::fill::Variables;
use super::requesters;
use super::seed::{pick, rng_for};
use crate::domain::command::{ImportMessage, ImportTicket};
use crate::domain::ticket::{Priority, Status};

const DAYS: usize = 14;
const MESSAGES_MAX: usize = 7;
/// How busy each hour of the local day is.
const HOURS: [f64; 24] = [2., 1.5, 1.2, 1., 1., 1.5, 3., 5., 7., 8., 8.5, 8., 7., 7., 7.5, 8., 8., 8.5, 9., 8., 6.5, 5., 4., 3.];
/// Up to this many tickets, nobody holds more open ones than three quarters of their capacity.
const CAPPED_TICKETS_MAX: usize = 2_000;

/// Shares of statuses by age: up to this part of all tickets (oldest first), these parts of all have this status.
/// They add up to 6 % new, 24 % open, 12 % pending, 5 % on hold, 33 % solved, 20 % closed.
const AGES: [(f64, &[(Status, f64)]); 4] = [
    (0.40, &[(Status::Closed, 0.20), (Status::Solved, 0.15), (Status::Pending, 0.02), (Status::OnHold, 0.02), (Status::Open, 0.01)]),
    (0.76, &[(Status::Solved, 0.15), (Status::Open, 0.10), (Status::Pending, 0.08), (Status::OnHold, 0.03)]),
    (0.92, &[(Status::Open, 0.105), (Status::Solved, 0.03), (Status::Pending, 0.02), (Status::New, 0.005)]),
    (1.00, &[(Status::New, 0.055), (Status::Open, 0.025)]),
];

/// The desk's tickets, oldest first.
#[derive(Debug)]
pub struct Tickets<'a> {
    desk: &'a SampleDesk,
    next: usize,
    /// Open tickets given so far, by place in the desk's people.
    held: Vec<u32>,
    /// Cumulative weights of the hours of the last fourteen days, oldest first.
    hours: Vec<f64>,
}

impl<'a> Tickets<'a> {
    pub(super) fn new(desk: &'a SampleDesk) -> Self {
        Self { desk, next: 0, held: vec![0; desk.people.len()], hours: busy_hours(desk) }
    }

    /// When the ticket at this share of all (0 oldest, 1 newest) came in.
    fn created_at(&self, share: f64) -> DateTime<Utc> {
        let wanted = share * self.hours.last().copied().unwrap_or_default();
        let hour = self.hours.partition_point(|&sum| sum < wanted).min(self.hours.len() - 1);
        let before = if hour == 0 { 0.0 } else { self.hours[hour - 1] };
        let within = (wanted - before) / (self.hours[hour] - before);
        let start = self.desk.now - Duration::days(14);
        let millis = ((hour as f64 + within) * 3_600_000.0) as i64;
        (start + Duration::milliseconds(millis)).min(self.desk.now - Duration::seconds(45))
    }

    /// Somebody of the queue, and whether they hold the ticket.
    fn assignee(&mut self, queue: usize, status: Status, rng: &mut StdRng) -> (usize, bool) {
        let desk = self.desk;
        let (tier_1, tier_2) = desk.staff_of(queue);
        let capped = self.desk.ticket_count <= CAPPED_TICKETS_MAX;
        let wanted = match status {
            Status::New => rng.random_bool(0.35),
            Status::Open => rng.random_bool(0.85),
            _ => true,
        };
        let mut somebody = 0;
        for _ in 0..4 {
            let tier = if rng.random_bool(0.85) { tier_1 } else { tier_2 };
            somebody = *pick(rng, tier);
            let full = self.held[somebody] * 4 >= self.desk.people[somebody].capacity * 3;
            if !(capped && full && status.is_active()) {
                self.held[somebody] += u32::from(wanted && status.is_active());
                return (somebody, wanted);
            }
        }
        (somebody, false)
    }
}

impl Iterator for Tickets<'_> {
    type Item = ImportTicket;

    fn next(&mut self) -> Option<ImportTicket> {
        let index = self.next;
        if index >= self.desk.ticket_count {
            return None;
        }
        self.next += 1;
        let desk = self.desk;
        let rng = &mut rng_for(desk.seed, "ticket", index as u64);
        let share = (index as f64 + rng.random_range(0.05..0.95)) / desk.ticket_count as f64;
        let created_at = self.created_at(share);
        let status = status_at(index as f64 / desk.ticket_count as f64, stratum(index));
        let queue_index = rng.random_range(0..desk.content.queues.len());
        let queue = &desk.content.queues[queue_index];
        let scenario = pick(rng, &queue.scenario);
        let (requester, site) = requesters::draw(desk, queue, rng);
        let variables = requesters::variables(desk.content, queue, site, created_at, rng);
        let (somebody, assigned) = self.assignee(queue_index, status, rng);
        let handle = desk.people[somebody].handle.clone();
        let turns = conversation(&desk.content.phrases, scenario, status, rng);
        let times = times(created_at, desk.now, turns.len(), rng);
        let messages = turns.iter().zip(times).map(|((speaker, text), at)| ImportMessage {
            person: (*speaker != Speaker::Requester).then(|| handle.clone()),
            text: variables.fill(text),
            internal: *speaker == Speaker::Note,
            at,
        });
        let messages: Vec<_> = messages.collect();
        Some(ImportTicket {
            external: format!("demo-{:06}", index + 1),
            queue: queue.key.clone(),
            subject: variables.fill(&scenario.subject),
            requester,
            kind: scenario.kind,
            priority: draw_priority(scenario, rng),
            status,
            assignee: assigned.then_some(handle),
            tags: tags(scenario, queue, rng),
            fields: fields(scenario, &variables),
            solved_at: (!status.is_unsolved()).then(|| messages.last().map_or(created_at, |message| message.at)),
            messages,
            created_at,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.desk.ticket_count - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Tickets<'_> {}

/// Cumulative weights: the local day's rhythm, and the last days fuller than the first.
fn busy_hours(desk: &SampleDesk) -> Vec<f64> {
    let start = desk.now - Duration::days(14);
    let mut sum = 0.0;
    (0..DAYS * 24)
        .map(|hour| {
            let local = (start + Duration::hours(hour as i64)).with_timezone(&desk.language.time_zone());
            let day = match DAYS - 1 - hour / 24 {
                0 => 2.6,
                1 => 1.6,
                2 => 1.2,
                _ => 1.0,
            };
            sum += HOURS[local.hour() as usize % 24] * day;
            sum
        })
        .collect()
}

/// A draw from 0 to 1 that spreads evenly over neighbours, so that even a small desk has the mix.
fn stratum(index: usize) -> f64 {
    (index as f64 * 0.618_033_988_749_894_9).fract()
}

/// The status of the ticket at this share of all, oldest first, for a draw from 0 to 1.
fn status_at(share: f64, draw: f64) -> Status {
    let mut from = 0.0;
    for (to, statuses) in AGES {
        if share < to {
            let mut left = draw * (to - from);
            for (status, part) in statuses {
                if left < *part {
                    return *status;
                }
                left -= part;
            }
            return statuses[0].0;
        }
        from = to;
    }
    Status::New
}

pub(super) fn draw_priority(scenario: &Scenario, rng: &mut StdRng) -> Priority {
    let [urgent, high, normal, low] = scenario.priority;
    let draw = rng.random_range(0..(urgent + high + normal + low).max(1));
    match draw {
        _ if draw < urgent => Priority::Urgent,
        _ if draw < urgent + high => Priority::High,
        _ if draw < urgent + high + normal => Priority::Normal,
        _ => Priority::Low,
    }
}

fn tags(scenario: &Scenario, queue: &QueueContent, rng: &mut StdRng) -> Vec<String> {
    let mut tags = scenario.tags.clone();
    if tags.is_empty() || rng.random_bool(0.1) {
        tags.push(queue.key.clone());
    }
    tags
}

pub(super) fn fields(scenario: &Scenario, variables: &Variables) -> std::collections::BTreeMap<String, serde_json::Value> {
    scenario.fields.iter().map(|(name, text)| (name.clone(), variables.fill(text).into())).collect()
}

type SpokenLine<'a> = (Speaker, &'a str);

/// Who said what, as far as a ticket of this status has come: one to seven lines, the first the requester's.
fn conversation<'a>(phrases: &'a Phrases, scenario: &'a Scenario, status: Status, rng: &mut StdRng) -> Vec<SpokenLine<'a>> {
    let mut lines = vec![(Speaker::Requester, scenario.text.as_str())];
    let script = scenario.talk.iter().map(|turn| (turn.speaker, turn.text.as_str()));
    let said = rng.random_range(0..scenario.talk.len());
    match status {
        Status::New => {
            if rng.random_bool(0.25) {
                lines.push((Speaker::Requester, pick(rng, &phrases.follow_ups).as_str()));
            }
        }
        Status::Open => {
            lines.extend(script.take(said));
            extend_open(phrases, &mut lines, rng);
        }
        Status::Pending => {
            lines.extend(script.take(said));
            if lines.last().is_none_or(|(speaker, _)| *speaker != Speaker::Agent) {
                lines.push((Speaker::Agent, pick(rng, &phrases.asks).as_str()));
            }
        }
        Status::OnHold => {
            lines.extend(script.take(said));
            lines.push((Speaker::Agent, pick(rng, &phrases.replies).as_str()));
            lines.push((Speaker::Note, pick(rng, &phrases.holds).as_str()));
        }
        Status::Solved | Status::Closed => {
            lines.extend(script);
            if lines.last().is_some_and(|(speaker, _)| *speaker != Speaker::Agent) {
                lines.push((Speaker::Agent, pick(rng, &phrases.solutions).as_str()));
            }
            if rng.random_bool(0.3) {
                lines.push((Speaker::Requester, pick(rng, &phrases.thanks).as_str()));
            }
        }
    }
    lines.truncate(MESSAGES_MAX);
    lines
}

/// An open ticket may have gone on beyond its script.
fn extend_open<'a>(phrases: &'a Phrases, lines: &mut Vec<SpokenLine<'a>>, rng: &mut StdRng) {
    let after_answer = lines.last().is_some_and(|(speaker, _)| *speaker != Speaker::Requester);
    match rng.random_range(0..10) {
        0..4 if after_answer => lines.push((Speaker::Requester, pick(rng, &phrases.follow_ups).as_str())),
        4..6 if !after_answer => lines.push((Speaker::Agent, pick(rng, &phrases.replies).as_str())),
        6..8 => lines.push((Speaker::Note, pick(rng, &phrases.notes).as_str())),
        _ => {}
    }
}

/// Increasing instants from `created_at` on, all before `now`: minutes at first, longer later, squeezed where there is no time.
fn times(created_at: DateTime<Utc>, now: DateTime<Utc>, count: usize, rng: &mut StdRng) -> Vec<DateTime<Utc>> {
    let mut sum = 0;
    let mut after: Vec<i64> = Vec::with_capacity(count);
    for place in 0..count {
        if place > 0 {
            let minutes = if rng.random_bool(0.15) { rng.random_range(60..400) } else { rng.random_range(1..45) };
            sum += minutes * 60_000 + rng.random_range(0..60_000);
        }
        after.push(sum);
    }
    let room = (now - created_at).num_milliseconds() * 9 / 10;
    let squeeze = |millis: i64| if sum > room { millis * room / sum.max(1) } else { millis };
    after.into_iter().map(|millis| created_at + Duration::milliseconds(squeeze(millis))).collect()
}
