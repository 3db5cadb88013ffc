//! The clocks' rules: by example, against their own ledger, and against a plain model.

mod ledger;
mod model;
mod policy;
mod rules;
mod steps;

use std::collections::BTreeMap;

pub use ledger::check_ledger;

use super::policy::{SlaPolicy, SlaStep, SlaTargets, StepAct, StepAt};
use super::{Clock, ClockKind};
use crate::domain::calendar::{BusinessHours, Calendar};
use crate::domain::command::{Actor, Command, CommandResult, MessageTarget, PostMessage, ReceiveMessage, RequesterInput};
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::queue::Queue;
use crate::domain::testing::*;
use crate::domain::ticket::{Priority, Status};

pub const ONE: TicketNumber = TicketNumber(1);
pub const OFFICE: u128 = 60;
pub const HOUR: i64 = 3_600;
pub const KINDS: [ClockKind; 3] = [ClockKind::FirstResponse, ClockKind::NextResponse, ClockKind::Resolution];

pub fn person_does(desk: &mut Desk, who: u128, command: Command) -> CommandResult {
    let actor = desk.who(who);
    desk.run(&actor, &command).unwrap()
}

pub fn job(desk: &mut Desk, command: Command) -> CommandResult {
    desk.run(&JOB, &command).unwrap()
}

pub fn set(desk: &mut Desk, status: Status) {
    person_does(desk, ANA, Command::SetStatus { number: ONE, status });
}

pub fn prioritise(desk: &mut Desk, priority: Priority) {
    person_does(desk, ANA, Command::SetPriority { number: ONE, priority });
}

pub fn fire(desk: &mut Desk) {
    job(desk, Command::FireSlaSteps { number: ONE });
}

pub fn replan(desk: &mut Desk) {
    job(desk, Command::ReplanClocks { number: ONE });
}

pub fn reply(desk: &mut Desk) {
    let (target, message) = (MessageTarget::Ticket { number: ONE }, desk.fresh_id().into());
    let post = PostMessage {
        target,
        message,
        visibility: Visibility::Public,
        text: "We come.".into(),
        status: None,
        reply_to: None,
        files: Vec::new(),
        seen: None,
    };
    person_does(desk, ANA, Command::PostMessage(Box::new(post)));
}

pub fn ask(desk: &mut Desk, class: Option<&str>) -> CommandResult {
    let external = desk.fresh_id().to_string();
    let author = RequesterInput {
        external: "shop:1".into(),
        name: Some("Shop 1".into()),
        class: class.map(str::to_owned),
        ..RequesterInput::default()
    };
    let receive = ReceiveMessage {
        channel: id(CHANNEL),
        thread: "thread".into(),
        external,
        author,
        text: "It does not start.".into(),
        subject: None,
        attachments: Vec::new(),
        kind: None,
        priority: None,
        fields: BTreeMap::new(),
    };
    let actor: Actor = desk.intake();
    desk.run(&actor, &Command::ReceiveMessage(Box::new(receive))).unwrap()
}

pub fn clock(desk: &Desk, kind: ClockKind) -> &Clock {
    desk.ticket(1).clocks.iter().find(|clock| clock.kind == kind).unwrap()
}

pub fn kinds(desk: &Desk) -> Vec<ClockKind> {
    let mut kinds: Vec<_> = desk.ticket(1).clocks.iter().map(|clock| clock.kind).collect();
    kinds.sort_unstable();
    kinds
}

pub fn targets(first: i64, next: i64, resolution: i64) -> SlaTargets {
    let secs = |secs: i64| (secs > 0).then_some(secs);
    SlaTargets { first_response_secs: secs(first), next_response_secs: secs(next), resolution_secs: secs(resolution) }
}

pub fn policy(normal: SlaTargets) -> SlaPolicy {
    SlaPolicy { targets: BTreeMap::from([(Priority::Normal, normal)]), warn_percent: 50, ..SlaPolicy::default() }
}

pub fn step(key: &str, at: StepAt, acts: &[StepAct]) -> SlaStep {
    SlaStep { key: key.into(), clocks: vec![ClockKind::Resolution], at, acts: acts.to_vec() }
}

/// Monday to Friday, 09:00 to 17:00, UTC.
pub fn office(from: &str, to: &str) -> Calendar {
    use chrono::Weekday::{Fri, Mon, Thu, Tue, Wed};
    let hours = BusinessHours { weekdays: vec![Mon, Tue, Wed, Thu, Fri], from: from.parse().unwrap(), to: to.parse().unwrap() };
    Calendar {
        id: id(OFFICE),
        version: 1,
        key: "office".into(),
        name: "Office".into(),
        time_zone: "UTC".into(),
        hours: vec![hours],
        holidays: Vec::new(),
        active: true,
        editions: Vec::new(),
    }
}

/// A desk whose pumps queue has this policy. It is Monday, 2026-03-02, 10:00.
pub fn desk_with(policy: SlaPolicy) -> Desk {
    let mut desk = Desk::new();
    let calendar = office("09:00:00", "17:00:00");
    desk.directory.calendars.insert(calendar.id, calendar);
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().sla = policy;
    desk
}

/// A lead edits a queue's policy, and the job plans its ticket again.
pub fn edit_policy(desk: &mut Desk, queue: u128, change: impl FnOnce(&mut SlaPolicy)) {
    let mut row: Queue = desk.directory.queues[&id(queue)].clone();
    change(&mut row.sla);
    put(desk, Command::PutQueue(Box::new(row)));
    replan(desk);
}

/// A lead's edit of the directory: the test desk keeps versions as the store does.
pub fn put(desk: &mut Desk, command: Command) {
    person_does(desk, LEA, command);
}
