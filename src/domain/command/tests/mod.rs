//! Every command once accepted and once refused, by noun; and long random runs that try to break the invariants.

mod automatic;
mod escalations;
mod histories;
mod intake;
mod people;
mod tickets;

use std::collections::BTreeMap;

use super::*;
use crate::domain::Refusal;
use crate::domain::assignment::{AssignmentReason, EndReason};
use crate::domain::conversation::{ConversationKind, Visibility};
use crate::domain::escalation::EscalationState;
use crate::domain::escalation::{Escalate, Verdict};
use crate::domain::id::TicketNumber;
use crate::domain::notice::NoticeKind;
use crate::domain::person::{Presence, Role, Skill};
use crate::domain::queue::Strategy;
use crate::domain::requester::{Requester, Site};
use crate::domain::roster::{RosterChange, RosterChangeKind};
use crate::domain::sla::ClockKind;
use crate::domain::testing::*;
use crate::domain::ticket::{Kind, Link, LinkKind, Priority, Status, WaitReason};

const ONE: TicketNumber = TicketNumber(1);

fn run(desk: &mut Desk, who: u128, command: Command) -> Result<CommandResult, Refusal> {
    let actor = desk.who(who);
    desk.run(&actor, &command)
}

fn code(answer: Result<CommandResult, Refusal>) -> String {
    answer.expect_err("this must be refused").code
}

fn job(desk: &mut Desk, command: Command) -> CommandResult {
    desk.run(&JOB, &command).unwrap()
}

fn post(desk: &Desk, text: &str, visibility: Visibility, status: Option<Status>) -> Command {
    let target = MessageTarget::Ticket { number: ONE };
    Command::PostMessage(Box::new(PostMessage { status, ..PostMessage::new(target, desk.fresh_id().into(), visibility, text.into()) }))
}

fn incoming(external: &str, text: &str) -> Command {
    Command::ReceiveMessage(Box::new(ReceiveMessage {
        channel: id(CHANNEL),
        thread: "t1".into(),
        external: external.into(),
        author: RequesterInput { external: "mail:a@b".into(), site: Some("nowhere".into()), ..RequesterInput::default() },
        text: text.into(),
        subject: None,
        attachments: Vec::new(),
        kind: None,
        priority: None,
        fields: BTreeMap::new(),
    }))
}

fn receive(desk: &mut Desk, external: &str) -> CommandResult {
    let actor = desk.intake();
    desk.run(&actor, &incoming(external, "Hello?")).unwrap()
}

fn set(status: Status) -> Command {
    Command::SetStatus { number: ONE, status }
}

fn imported(status: Status) -> ImportTicket {
    let desk = Desk::new();
    let message = |person: Option<&str>, minutes: i64| ImportMessage {
        person: person.map(str::to_owned),
        text: "It leaks".into(),
        internal: false,
        at: desk.now - chrono::TimeDelta::minutes(minutes),
    };
    ImportTicket {
        external: "old:7".into(),
        queue: "pumps".into(),
        subject: String::new(),
        requester: RequesterInput { external: "shop:2".into(), ..RequesterInput::default() },
        kind: Kind::Complaint,
        priority: Priority::Normal,
        status,
        assignee: Some("ana".into()),
        tags: Vec::new(),
        fields: BTreeMap::new(),
        messages: vec![message(None, 600), message(Some("ana"), 599), message(None, 500)],
        created_at: desk.now - chrono::TimeDelta::minutes(600),
        solved_at: None,
    }
}
