//! Scenario and variant as the desk's own rows: people, queues, rotas, calendars, intake channels.

use std::collections::BTreeMap;

use chrono::Days;
use uuid::Uuid;

use super::scenario::{DispatchBy, GroupSpec, QueueSpec, RotaSpec, Scenario, TargetSpec, VariantSpec, scale};
use super::span::Span;
use crate::domain::calendar::{BusinessHours, Calendar};
use crate::domain::directory::Directory;
use crate::domain::id::{CalendarId, PersonId, QueueId};
use crate::domain::person::{Person, Role, Skill};
use crate::domain::queue::{IntakeChannel, Queue, Strategy, default_accept_within, default_grace};
use crate::domain::roster::{Rota, RotaLimits, RotaMember, ShiftType};
use crate::domain::sla::policy::{SlaPolicy, SlaTargets};
use crate::domain::ticket::Priority;

/// Sorts of ids, so that no two rows share one.
#[derive(Clone, Copy)]
enum Sort {
    Queue = 1,
    Channel,
    Rota,
    Person,
    Calendar,
    Dispatcher,
}

fn id<T: From<Uuid>>(sort: Sort, place: usize) -> T {
    Uuid::from_u128(((sort as u128) << 64) | (place as u128 + 1)).into()
}

/// Who gives tickets out; when it is a person, from when and how often.
#[derive(Clone, Copy, Debug)]
pub struct Rounds {
    pub by: DispatchBy,
    pub first: Span,
    pub every: Span,
}

/// A desk ready to open.
pub struct Built {
    pub directory: Directory,
    /// In the scenario's order.
    pub queues: Vec<QueueId>,
    pub channels: Vec<IntakeChannel>,
    /// In order of groups, with their working speed.
    pub people: Vec<(PersonId, f64)>,
    /// Gives out what waits when the desk does not.
    pub dispatcher: Person,
    pub dispatch: Rounds,
    pub absence: f64,
}

/// The rows of a scenario under a variant.
#[must_use]
pub fn build(scenario: &Scenario, variant: &VariantSpec) -> Built {
    let mut directory = Directory::default();
    let by = variant.dispatch.unwrap_or(scenario.dispatch.by);
    let queues: Vec<QueueId> = (0..scenario.queue.len()).map(|place| id(Sort::Queue, place)).collect();
    let mut channels = Vec::new();
    for (place, spec) in scenario.queue.iter().enumerate() {
        let spec = spec.get_ref();
        let calendar = calendar(spec, &scenario.scenario.time_zone, place);
        let mut queue = queue(spec, variant, queues[place], calendar.as_ref().map(|calendar| calendar.id));
        queue.position = i32::try_from(place).unwrap_or_default();
        if by == DispatchBy::Hand {
            queue.strategy = Strategy::Manual;
        }
        directory.calendars.extend(calendar.map(|calendar| (calendar.id, calendar)));
        channels.push(channel(spec, id(Sort::Channel, place), queue.id));
        directory.queues.insert(queue.id, queue);
    }
    let mut people = Vec::new();
    let mut members: BTreeMap<&str, Vec<PersonId>> = BTreeMap::new();
    for group in scenario.people.iter().map(toml::Spanned::get_ref) {
        let rota = scenario.rota.iter().map(toml::Spanned::get_ref).find(|rota| rota.key == group.rota);
        for number in 0..scale(group.count, variant.staff.unwrap_or(1.0)) {
            let person = person(scenario, variant, group, rota, (number, id(Sort::Person, people.len())));
            members.entry(&group.rota).or_default().push(person.id);
            people.push((person.id, group.speed));
            directory.people.insert(person.id, person);
        }
    }
    for (place, spec) in scenario.rota.iter().enumerate() {
        let spec = spec.get_ref();
        let rota = rota(scenario, spec, id(Sort::Rota, place), members.get(spec.key.as_str()).map_or(&[], Vec::as_slice));
        directory.rotas.insert(rota.id, rota);
    }
    let dispatcher = blank(id(Sort::Dispatcher, 0), "dispatcher".to_owned(), Role::Lead, &scenario.scenario.time_zone);
    directory.people.insert(dispatcher.id, dispatcher.clone());
    let every = variant.every.or(scenario.dispatch.every).unwrap_or(Span(4 * 3_600_000));
    let first = variant.first.or(scenario.dispatch.first).unwrap_or(every);
    let absence = variant.absence.unwrap_or(scenario.desk.absence);
    Built { directory, queues, channels, people, dispatcher, dispatch: Rounds { by, first, every }, absence }
}

fn calendar(spec: &QueueSpec, zone: &str, place: usize) -> Option<Calendar> {
    let hours = spec.hours.iter().map(|hours| BusinessHours { weekdays: hours.days.clone(), from: hours.from, to: hours.to });
    (!spec.hours.is_empty()).then(|| Calendar {
        id: id::<CalendarId>(Sort::Calendar, place),
        version: 1,
        key: spec.key.clone(),
        name: spec.key.clone(),
        time_zone: zone.to_owned(),
        hours: hours.collect(),
        holidays: Vec::new(),
        active: true,
        editions: Vec::new(),
    })
}

fn targets(spec: &TargetSpec) -> SlaTargets {
    let secs = |span: Option<Span>| span.map(Span::secs);
    SlaTargets {
        first_response_secs: secs(spec.first_response),
        next_response_secs: secs(spec.next_response),
        resolution_secs: secs(spec.resolution),
    }
}

fn seconds(span: Span) -> u32 {
    u32::try_from(span.secs()).unwrap_or(u32::MAX)
}

fn queue(spec: &QueueSpec, variant: &VariantSpec, id: QueueId, calendar: Option<CalendarId>) -> Queue {
    let limit = variant.accept_within.or(spec.accept_within).map_or_else(default_accept_within, seconds);
    let sla: BTreeMap<Priority, SlaTargets> = spec.sla.iter().map(|(priority, spec)| (*priority, targets(spec))).collect();
    Queue {
        id,
        version: 1,
        key: spec.key.clone(),
        name: spec.name.clone().unwrap_or_else(|| spec.key.clone()),
        department: None,
        tier: spec.tier,
        skills: spec.skills.clone(),
        strategy: variant.strategy.unwrap_or(spec.strategy),
        language_required: false,
        cap: spec.cap,
        accept_within_secs: if spec.no_accept_limit { 0 } else { limit },
        expert_accept_within_secs: crate::domain::queue::default_expert_accept_within(),
        end_of_shift: variant.end_of_shift.unwrap_or(spec.end_of_shift),
        grace_secs: spec.grace.map_or_else(default_grace, seconds),
        sla: SlaPolicy { calendar, targets: sla, ..SlaPolicy::default() },
        lead: None,
        position: 0,
        active: true,
    }
}

fn channel(spec: &QueueSpec, id: crate::domain::id::IntakeChannelId, queue: QueueId) -> IntakeChannel {
    IntakeChannel {
        reply_webhook: None,
        asks_rating: false,
        id,
        version: 1,
        key: spec.key.clone(),
        name: spec.key.clone(),
        queue,
        token_sha256: String::new(),
        active: true,
    }
}

fn blank(id: PersonId, handle: String, role: Role, zone: &str) -> Person {
    Person {
        id,
        version: 1,
        name: handle.clone(),
        handle,
        role,
        tier: 1,
        skills: Vec::new(),
        languages: Vec::new(),
        capacity: 0,
        time_zone: zone.to_owned(),
        email: None,
        region: None,
        queues: Vec::new(),
        active: true,
    }
}

fn person(scenario: &Scenario, variant: &VariantSpec, group: &GroupSpec, rota: Option<&RotaSpec>, (number, id): (u32, PersonId)) -> Person {
    let serves = |key: &String| scenario.queue.iter().position(|queue| queue.get_ref().key == *key);
    let places = rota.into_iter().flat_map(|rota| rota.queues.iter().filter_map(serves));
    Person {
        tier: rota.map_or(1, |rota| rota.tier),
        skills: group.skills.iter().map(|(name, level)| Skill { name: name.clone(), level: (*level).clamp(1, 5) }).collect(),
        languages: group.languages.clone(),
        capacity: variant.capacity.unwrap_or(group.capacity),
        queues: places.map(|place| self::id(Sort::Queue, place)).collect(),
        ..blank(id, format!("{}.{:04}", group.name, number + 1), Role::Agent, &scenario.scenario.time_zone)
    }
}

/// Members stand evenly over the pattern, so that each day has the same shifts.
fn rota(scenario: &Scenario, spec: &RotaSpec, id: crate::domain::id::RotaId, members: &[PersonId]) -> Rota {
    let serves = |key: &String| scenario.queue.iter().position(|queue| queue.get_ref().key == *key);
    let length = if spec.together { 0 } else { spec.pattern.len() };
    let offset = |place: usize| i32::try_from(place * length / members.len().max(1)).unwrap_or_default();
    let shift_type = |shift: &super::scenario::ShiftSpec| ShiftType {
        code: shift.code.clone(),
        name: shift.code.clone(),
        start: shift.from,
        end: shift.to,
        night: shift.to <= shift.from,
        colour: None,
    };
    let first = scenario.scenario.start;
    // Shifts that began the night before are under way at the start: whole patterns earlier, so that its first day stays the first.
    let earlier = u64::try_from(spec.pattern.len()).unwrap_or(1) * 7;
    Rota {
        id,
        version: 1,
        key: spec.key.clone(),
        name: spec.key.clone(),
        time_zone: spec.time_zone.clone().unwrap_or_else(|| scenario.scenario.time_zone.clone()),
        queues: spec.queues.iter().filter_map(serves).map(|place| self::id(Sort::Queue, place)).collect(),
        tier: spec.tier,
        shift_types: spec.shifts.iter().map(shift_type).collect(),
        pattern: spec.pattern.iter().map(|code| (code != "-").then(|| code.clone())).collect(),
        starts_on: first.checked_sub_days(Days::new(earlier)).unwrap_or(first),
        members: members.iter().enumerate().map(|(place, person)| RotaMember { person: *person, offset_days: offset(place) }).collect(),
        required: Vec::new(),
        limits: RotaLimits::default(),
        swap_approval: false,
        holidays: None,
        lead: None,
        active: true,
    }
}
