//! Every command once accepted and once refused, and long random runs that try to break the invariants.

use std::collections::BTreeMap;

use proptest::prelude::*;

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

#[test]
fn a_ticket_is_created_once_with_its_clocks() {
    let mut desk = Desk::new();
    let create = Command::CreateTicket(Box::new(desk.creation()));
    assert_eq!(run(&mut desk, ANA, create.clone()).unwrap().ticket, Some(ONE));
    let ticket = desk.ticket(1);
    assert_eq!((ticket.subject.as_str(), ticket.version, ticket.message_count), ("Pump 4 does not start", 1, 1));
    assert_eq!(ticket.clocks.len(), 2);
    assert_eq!(ticket.due_at, Some(desk.now + chrono::TimeDelta::seconds(1_000)));
    assert!(run(&mut desk, ANA, create.clone()).unwrap().unchanged);
    assert_eq!(desk.tickets.len(), 1);
    assert_eq!(code(run(&mut desk, VIC, create)), "forbidden");
    let empty = CreateTicket { text: "  ".into(), ..desk.creation() };
    assert_eq!(code(run(&mut desk, ANA, Command::CreateTicket(Box::new(empty)))), "text_empty");
}

#[test]
fn the_second_to_claim_is_told_who_was_first() {
    let mut desk = Desk::new();
    desk.create();
    desk.base_version = Some(0);
    let claim = Command::ClaimTicket { number: ONE };
    run(&mut desk, ANA, claim.clone()).unwrap();
    assert_eq!((desk.ticket(1).status, desk.ticket(1).assignee), (Status::Open, Some(id(ANA))));
    assert_eq!(desk.state(ANA).open_tickets, 1);
    let refusal = run(&mut desk, BEN, claim.clone()).unwrap_err();
    assert_eq!(refusal.code, "ticket_claimed");
    assert!(refusal.message.contains("ANA"));
    assert!(run(&mut desk, ANA, claim.clone()).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, OUT, claim)), "not_found");
}

#[test]
fn assigning_and_releasing_compare_versions() {
    let mut desk = Desk::new();
    desk.create();
    desk.base_version = Some(9);
    assert_eq!(code(run(&mut desk, LEA, Command::AssignTicket { number: ONE, person: id(BEN) })), "version_conflict");
    desk.base_version = Some(1);
    run(&mut desk, LEA, Command::AssignTicket { number: ONE, person: id(BEN) }).unwrap();
    assert_eq!(desk.told(BEN), [NoticeKind::Assigned]);
    let release = Command::ReleaseTicket { number: ONE, reason: Some("lunch".into()) };
    assert_eq!(code(run(&mut desk, BEN, release.clone())), "version_conflict");
    desk.base_version = None;
    assert_eq!(code(run(&mut desk, ANA, Command::AssignTicket { number: ONE, person: id(VIC) })), "person_unavailable");
    run(&mut desk, ANA, Command::AssignTicket { number: ONE, person: id(ANA) }).unwrap();
    run(&mut desk, ANA, release).unwrap();
    let ends: Vec<_> = desk.assignments.values().map(|row| row.end_reason).collect();
    assert_eq!(ends, [Some(EndReason::Reassigned), Some(EndReason::Released)]);
    assert_eq!(desk.audit.last().unwrap().reason.as_deref(), Some("lunch"));
    assert_eq!(code(run(&mut desk, VIC, Command::ReleaseTicket { number: ONE, reason: None })), "forbidden");
}

#[test]
fn only_the_assignee_accepts() {
    let mut desk = Desk::new();
    desk.create();
    run(&mut desk, LEA, Command::AssignTicket { number: ONE, person: id(BEN) }).unwrap();
    assert_eq!(code(run(&mut desk, ANA, Command::AcceptTicket { number: ONE })), "not_yours");
    run(&mut desk, BEN, Command::AcceptTicket { number: ONE }).unwrap();
    assert_eq!(desk.ticket(1).status, Status::Open);
    assert!(run(&mut desk, BEN, Command::AcceptTicket { number: ONE }).unwrap().unchanged);
}

#[test]
fn status_pauses_moves_and_stops_the_clocks() {
    let mut desk = Desk::new();
    desk.create();
    run(&mut desk, ANA, Command::ClaimTicket { number: ONE }).unwrap();
    let start = desk.now;
    run(&mut desk, ANA, set(Status::Pending)).unwrap();
    assert_eq!(desk.state(ANA).open_tickets, 0);
    desk.pass(500);
    run(&mut desk, ANA, set(Status::Open)).unwrap();
    let due = |desk: &Desk| desk.ticket(1).clocks.iter().find(|clock| clock.kind == ClockKind::Resolution).unwrap().due_at;
    assert_eq!(due(&desk), start + chrono::TimeDelta::seconds(10_500));
    run(&mut desk, ANA, set(Status::Solved)).unwrap();
    assert_eq!((desk.ticket(1).assignee, desk.ticket(1).due_at), (Some(id(ANA)), None));
    desk.pass(100);
    run(&mut desk, BEN, set(Status::Open)).unwrap();
    assert_eq!(due(&desk), start + chrono::TimeDelta::seconds(10_600));
    assert_eq!(desk.ticket(1).assignee, Some(id(ANA)));
    assert_eq!(code(run(&mut desk, ANA, set(Status::New))), "status_invalid");
    assert_eq!(code(run(&mut desk, ANA, set(Status::Closed))), "status_invalid");
    desk.base_version = Some(1);
    assert_eq!(code(run(&mut desk, ANA, set(Status::Solved))), "version_conflict");
}

#[test]
fn priority_replans_from_the_start() {
    let mut desk = Desk::new();
    desk.create();
    let start = desk.now;
    desk.pass(100);
    run(&mut desk, ANA, Command::SetPriority { number: ONE, priority: Priority::Urgent }).unwrap();
    assert_eq!(desk.ticket(1).due_at, Some(start + chrono::TimeDelta::seconds(300)));
    run(&mut desk, ANA, Command::SetPriority { number: ONE, priority: Priority::Low }).unwrap();
    assert!(desk.ticket(1).clocks.is_empty());
    assert_eq!(code(run(&mut desk, VIC, Command::SetPriority { number: ONE, priority: Priority::Low })), "forbidden");
}

#[test]
fn subject_and_fields_are_edited_and_audited() {
    let mut desk = Desk::new();
    desk.create();
    run(&mut desk, ANA, Command::SetSubject { number: ONE, subject: "Pump 5".into() }).unwrap();
    let change = &desk.audit.last().unwrap().changes[0];
    assert_eq!((change.field.as_str(), &change.from), ("subject", &"Pump 4 does not start".into()));
    assert_eq!(code(run(&mut desk, ANA, Command::SetSubject { number: ONE, subject: "x".repeat(301) })), "subject_too_long");
    let field = |value: serde_json::Value| Command::SetField { number: ONE, name: "pump".into(), value };
    run(&mut desk, ANA, field(4.into())).unwrap();
    assert_eq!(desk.ticket(1).fields["pump"], 4);
    assert!(run(&mut desk, ANA, field(4.into())).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, ANA, field(serde_json::json!([1])))), "value_invalid");
    run(&mut desk, ANA, field(serde_json::Value::Null)).unwrap();
    assert!(desk.ticket(1).fields.is_empty());
}

#[test]
fn moving_gives_the_ticket_to_the_other_pool() {
    let mut desk = Desk::new();
    desk.create();
    run(&mut desk, ANA, Command::ClaimTicket { number: ONE }).unwrap();
    assert_eq!(code(run(&mut desk, ANA, Command::MoveTicket { number: ONE, queue: id(99) })), "unknown_queue");
    run(&mut desk, ANA, Command::MoveTicket { number: ONE, queue: id(WEB) }).unwrap();
    assert_eq!(desk.ticket(1).assignee, None);
    assert_eq!(desk.assignments.values().next().unwrap().end_reason, Some(EndReason::MovedQueue));
    assert_eq!(code(run(&mut desk, ANA, Command::AcceptTicket { number: ONE })), "not_found");
}

#[test]
fn tags_and_participants_come_and_go() {
    let mut desk = Desk::new();
    desk.create();
    let add = |tag: &str| Command::AddTag { number: ONE, tag: tag.into() };
    run(&mut desk, ANA, add("leak")).unwrap();
    assert!(run(&mut desk, ANA, add("leak")).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, ANA, add("two words"))), "tag_invalid");
    run(&mut desk, ANA, Command::RemoveTag { number: ONE, tag: "leak".into() }).unwrap();
    assert!(run(&mut desk, ANA, Command::RemoveTag { number: ONE, tag: "leak".into() }).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, OUT, Command::RemoveTag { number: ONE, tag: "leak".into() })), "not_found");
    run(&mut desk, ANA, Command::AddParticipant { number: ONE, person: id(OUT) }).unwrap();
    run(&mut desk, OUT, add("seen")).unwrap();
    assert_eq!(code(run(&mut desk, ANA, Command::AddParticipant { number: ONE, person: id(99) })), "unknown_person");
    run(&mut desk, ANA, Command::RemoveParticipant { number: ONE, person: id(OUT) }).unwrap();
    assert_eq!(code(run(&mut desk, OUT, Command::RemoveParticipant { number: ONE, person: id(OUT) })), "not_found");
}

#[test]
fn links_are_carried_by_both_tickets() {
    let mut desk = Desk::new();
    desk.create();
    desk.create();
    let link = Link { kind: LinkKind::Blocks, number: TicketNumber(2) };
    run(&mut desk, ANA, Command::LinkTicket { number: ONE, link }).unwrap();
    assert_eq!(desk.ticket(2).links, [Link { kind: LinkKind::BlockedBy, number: ONE }]);
    assert!(run(&mut desk, ANA, Command::LinkTicket { number: ONE, link }).unwrap().unchanged);
    run(&mut desk, ANA, Command::UnlinkTicket { number: ONE, link }).unwrap();
    assert!(desk.ticket(2).links.is_empty());
    assert!(run(&mut desk, ANA, Command::UnlinkTicket { number: ONE, link }).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, OUT, Command::UnlinkTicket { number: ONE, link })), "not_found");
    let nowhere = Link { kind: LinkKind::RelatesTo, number: TicketNumber(9) };
    assert_eq!(code(run(&mut desk, ANA, Command::LinkTicket { number: ONE, link: nowhere })), "not_found");
}

#[test]
fn a_merged_ticket_leads_its_thread_to_the_target() {
    let mut desk = Desk::new();
    receive(&mut desk, "m1");
    desk.create();
    run(&mut desk, ANA, Command::ClaimTicket { number: ONE }).unwrap();
    run(&mut desk, ANA, Command::AddTag { number: ONE, tag: "leak".into() }).unwrap();
    run(&mut desk, ANA, Command::AddParticipant { number: ONE, person: id(OUT) }).unwrap();
    let merge = Command::MergeTicket { number: ONE, into: TicketNumber(2) };
    run(&mut desk, ANA, merge.clone()).unwrap();
    assert_eq!((desk.ticket(1).status, desk.ticket(1).merged_into), (Status::Solved, Some(TicketNumber(2))));
    assert_eq!(desk.ticket(2).tags, ["leak"]);
    assert_eq!(desk.assignments.values().next().unwrap().end_reason, Some(EndReason::Merged));
    assert_eq!(code(run(&mut desk, ANA, merge)), "ticket_merged");
    assert_eq!(code(run(&mut desk, ANA, set(Status::Open))), "ticket_merged");
    assert_eq!(receive(&mut desk, "m2").ticket, Some(TicketNumber(2)));
    assert_eq!(code(run(&mut desk, ANA, Command::MergeTicket { number: TicketNumber(2), into: ONE })), "ticket_merged");
}

#[test]
fn replies_stop_clocks_and_notes_do_not() {
    let mut desk = Desk::new();
    desk.create();
    let note = post(&desk, "psst", Visibility::Internal, None);
    run(&mut desk, ANA, note).unwrap();
    assert!(desk.ticket(1).awaits_reply);
    assert_eq!(desk.ticket(1).status, Status::New);
    let reply = post(&desk, "We come. @eve, mail x@ana", Visibility::Public, Some(Status::Pending));
    run(&mut desk, ANA, reply.clone()).unwrap();
    let ticket = desk.ticket(1);
    assert_eq!((ticket.status, ticket.awaits_reply, ticket.assignee), (Status::Pending, false, None));
    assert!(ticket.clocks[0].stopped_at.is_some());
    assert_eq!(ticket.participants, [id(EVE)]);
    assert_eq!((desk.told(EVE), desk.told(ANA)), (vec![NoticeKind::Mentioned], vec![]));
    assert!(run(&mut desk, ANA, reply).unwrap().unchanged);
    let empty = post(&desk, "", Visibility::Public, None);
    assert_eq!(code(run(&mut desk, ANA, empty)), "text_empty");
    let stranger = post(&desk, "hi", Visibility::Public, None);
    assert_eq!(code(run(&mut desk, OUT, stranger)), "not_found");
}

#[test]
fn a_message_from_outside_opens_joins_and_reopens() {
    let mut desk = Desk::new();
    assert_eq!(receive(&mut desk, "m1").ticket, Some(ONE));
    assert_eq!(desk.ticket(1).fields["site"], "nowhere");
    assert!(receive(&mut desk, "m1").unchanged);
    run(&mut desk, ANA, Command::ClaimTicket { number: ONE }).unwrap();
    let solve = post(&desk, "done", Visibility::Public, Some(Status::Solved));
    run(&mut desk, ANA, solve).unwrap();
    desk.pass(60);
    receive(&mut desk, "m2");
    let ticket = desk.ticket(1);
    assert_eq!((ticket.status, ticket.assignee, ticket.awaits_reply), (Status::Open, Some(id(ANA)), true));
    assert!(ticket.clocks.iter().any(|clock| clock.kind == ClockKind::NextResponse && clock.is_running()));
    assert_eq!(desk.assignments.values().last().unwrap().reason, AssignmentReason::Automatic);
    let solve = post(&desk, "done", Visibility::Public, Some(Status::Solved));
    run(&mut desk, ANA, solve).unwrap();
    desk.directory.rotas.get_mut(&main_rota()).unwrap().active = false;
    receive(&mut desk, "m3");
    assert_eq!(desk.ticket(1).assignee, None);
    run(&mut desk, ANA, set(Status::Solved)).unwrap();
    job(&mut desk, Command::CloseTicket { number: ONE });
    assert_eq!(receive(&mut desk, "m4").ticket, Some(TicketNumber(2)));
    assert_eq!(desk.ticket(2).links, [Link { kind: LinkKind::RelatesTo, number: ONE }]);
    assert_eq!(receive(&mut desk, "m5").ticket, Some(TicketNumber(2)));
    assert_eq!(code(run(&mut desk, ADA, incoming("m6", "x"))), "forbidden");
}

#[test]
fn closing_is_the_desks_and_final() {
    let mut desk = Desk::new();
    desk.create();
    assert!(job(&mut desk, Command::CloseTicket { number: ONE }).unchanged);
    run(&mut desk, ANA, set(Status::Solved)).unwrap();
    assert_eq!(code(run(&mut desk, ADA, Command::CloseTicket { number: ONE })), "forbidden");
    job(&mut desk, Command::CloseTicket { number: ONE });
    assert_eq!(code(run(&mut desk, ANA, set(Status::Open))), "ticket_closed");
    let reply = post(&desk, "hm", Visibility::Public, None);
    assert_eq!(code(run(&mut desk, ANA, reply)), "ticket_closed");
}

#[test]
fn imports_happen_once_and_fire_nothing_of_the_past() {
    let mut desk = Desk::new();
    let command = |status| Command::ImportTicket(Box::new(imported(status)));
    assert_eq!(run(&mut desk, ADA, command(Status::Open)).unwrap().ticket, Some(ONE));
    assert_eq!((desk.ticket(1).message_count, desk.state(ANA).open_tickets), (3, 1));
    assert!(job(&mut desk, command(Status::Open)).unchanged);
    assert!(job(&mut desk, Command::FireSlaSteps { number: ONE }).unchanged);
    assert_eq!(code(run(&mut desk, LEA, command(Status::Open))), "forbidden");
    let solved = ImportTicket { external: "old:8".into(), ..imported(Status::Solved) };
    job(&mut desk, Command::ImportTicket(Box::new(solved)));
    assert_eq!(desk.ticket(2).assignee, Some(id(ANA)));
    let wrong = ImportTicket { external: "old:9".into(), queue: "pump".into(), ..imported(Status::Open) };
    let refusal = run(&mut desk, ADA, Command::ImportTicket(Box::new(wrong))).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), ("unknown_queue", Some("queue")));
    assert!(refusal.message.contains("pumps"), "{}", refusal.message);
}

/// Business time since the year 1 would be reckoned day by day, by the one writer.
#[test]
fn an_import_from_before_its_time_is_refused() {
    let mut desk = Desk::new();
    let long_ago = crate::domain::testing::at("0001-01-01T00:00:00Z");
    let ticket = ImportTicket { created_at: long_ago, ..imported(Status::Open) };
    assert_eq!(code(run(&mut desk, ADA, Command::ImportTicket(Box::new(ticket)))), "time_out_of_range");
    let mut ticket = imported(Status::Open);
    ticket.messages[1].at = long_ago;
    assert_eq!(code(run(&mut desk, ADA, Command::ImportTicket(Box::new(ticket)))), "time_out_of_range");
}

#[test]
fn the_desk_assigns_or_says_why_not_once() {
    let mut desk = Desk::new();
    desk.create();
    let auto = |number: i64| Command::AutoAssign { number: TicketNumber(number) };
    assert_eq!(code(run(&mut desk, ADA, auto(1))), "forbidden");
    job(&mut desk, auto(1));
    assert_eq!(desk.ticket(1).assignee, Some(id(ANA)));
    assert_eq!((desk.told(ANA), desk.state(ANA).last_assigned_at), (vec![NoticeKind::Assigned], Some(desk.now)));
    assert_eq!(desk.assignments.values().next().unwrap().decision, Some(desk.decisions[0].id));
    desk.create();
    job(&mut desk, auto(2));
    assert_eq!(desk.ticket(2).assignee, Some(id(BEN)), "the less loaded");
    for who in [ANA, BEN] {
        run(&mut desk, who, Command::SetPresence { presence: Presence::Away }).unwrap();
    }
    desk.create();
    job(&mut desk, auto(3));
    assert_eq!(desk.ticket(3).waits, Some(WaitReason::NobodyPresent));
    assert_eq!(desk.told(LEA), [NoticeKind::NobodyEligible { waits: WaitReason::NobodyPresent, queue: Some(id(PUMPS)), count: 1 }]);
    assert!(job(&mut desk, auto(3)).unchanged);
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().strategy = Strategy::Manual;
    job(&mut desk, auto(3));
    assert_eq!(desk.ticket(3).waits, Some(WaitReason::Manual));
    desk.create();
    assert_eq!(desk.ticket(4).waits, Some(WaitReason::Manual), "known from the start, so that nobody need look");
    assert!(job(&mut desk, auto(4)).unchanged);
}

#[test]
fn sla_steps_fire_once_and_never_early() {
    let mut desk = Desk::new();
    desk.create();
    let fire = Command::FireSlaSteps { number: ONE };
    desk.pass(799);
    assert!(job(&mut desk, fire.clone()).unchanged);
    desk.pass(1);
    job(&mut desk, fire.clone());
    assert_eq!(desk.told(LEA), [NoticeKind::SlaWarning]);
    assert!(job(&mut desk, fire.clone()).unchanged);
    run(&mut desk, ANA, Command::ClaimTicket { number: ONE }).unwrap();
    desk.pass(200);
    job(&mut desk, fire.clone());
    assert_eq!((desk.told(ANA), desk.told(LEA).len()), (vec![NoticeKind::SlaBreached], 2));
    assert!(job(&mut desk, fire.clone()).unchanged);
    assert_eq!(code(run(&mut desk, ADA, fire)), "forbidden");
}

fn call(n: u128, person: Option<u128>) -> Command {
    Command::Escalate(Box::new(Escalate { person: person.map(id), ..Escalate::tier(ONE, id(n), 2, "pressure".into()) }))
}

#[test]
fn an_expert_is_called_answers_and_leaves() {
    let mut desk = Desk::new();
    desk.create();
    run(&mut desk, ANA, Command::ClaimTicket { number: ONE }).unwrap();
    run(&mut desk, ANA, call(500, None)).unwrap();
    assert!(run(&mut desk, ANA, call(500, None)).unwrap().unchanged);
    assert_eq!(desk.told(EVE), [NoticeKind::EscalationAsked]);
    let conversation = desk.ticket(1).conversation;
    assert_eq!(desk.conversations[&conversation.0].members, [id(ANA), id(EVE)]);
    assert_eq!(code(run(&mut desk, ANA, call(501, Some(EVE)))), "already_called");
    let refusal = run(&mut desk, ANA, call(501, None)).unwrap_err();
    assert_eq!(refusal.code, "nobody_on_duty");
    assert!(refusal.message.contains("LEA"));
    let answer = |accept| Command::AnswerEscalation { number: ONE, escalation: id(500), accept, reason: None };
    assert_eq!(code(run(&mut desk, ANA, answer(true))), "forbidden");
    let leave = Command::LeaveEscalation { number: ONE, escalation: id(500), result: Verdict::Solved, note: "valve".into() };
    assert_eq!(code(run(&mut desk, EVE, leave.clone())), "not_answered");
    run(&mut desk, EVE, answer(true)).unwrap();
    assert_eq!(code(run(&mut desk, EVE, answer(false))), "already_answered");
    assert_eq!(desk.told(ANA), [NoticeKind::EscalationAnswered { accepted: true }]);
    let target = MessageTarget::Conversation { id: conversation };
    let message = PostMessage {
        target,
        message: id(600),
        visibility: Visibility::Public,
        text: "look".into(),
        status: None,
        reply_to: None,
        files: Vec::new(),
        seen: None,
    };
    run(&mut desk, EVE, Command::PostMessage(Box::new(message))).unwrap();
    assert_eq!(desk.messages.last().unwrap().visibility, Visibility::Internal);
    run(&mut desk, EVE, leave).unwrap();
    assert_eq!(desk.escalations[&uuid::Uuid::from_u128(500)].state, EscalationState::Left);
    assert_eq!(desk.conversations[&conversation.0].members, [id(ANA)]);
    run(&mut desk, ANA, call(502, Some(EVE))).unwrap();
    let decline = Command::AnswerEscalation { number: ONE, escalation: id(502), accept: false, reason: Some("busy".into()) };
    run(&mut desk, EVE, decline.clone()).unwrap();
    assert!(run(&mut desk, EVE, decline).unwrap().unchanged);
    assert!(desk.ticket(1).participants.is_empty());
}

#[test]
fn channels_and_direct_conversations() {
    let mut desk = Desk::new();
    let open = |n: u128, kind, title: &str, members: &[u128]| {
        let members = members.iter().map(|n| id(*n)).collect();
        Command::CreateConversation(Box::new(CreateConversation::new(id(n), kind, title.into(), members)))
    };
    run(&mut desk, ANA, open(700, ConversationKind::Channel, "pumps", &[])).unwrap();
    assert!(run(&mut desk, ANA, open(700, ConversationKind::Channel, "pumps", &[])).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, ANA, open(701, ConversationKind::Direct, "", &[ANA]))), "members_too_few");
    assert_eq!(code(run(&mut desk, VIC, open(702, ConversationKind::Channel, "x", &[]))), "forbidden");
    run(&mut desk, ANA, open(701, ConversationKind::Direct, "", &[BEN])).unwrap();
    let say = |n: u128, to: u128, text: &str| {
        let target = MessageTarget::Conversation { id: id(to) };
        let (message, visibility, text) = (id(n), Visibility::Public, text.to_owned());
        Command::PostMessage(Box::new(PostMessage {
            target,
            message,
            visibility,
            text,
            status: None,
            reply_to: None,
            files: Vec::new(),
            seen: None,
        }))
    };
    run(&mut desk, ANA, say(800, 700, "hello @ben.")).unwrap();
    assert!(run(&mut desk, ANA, say(800, 700, "hello @ben.")).unwrap().unchanged);
    assert_eq!(desk.told(BEN), [NoticeKind::Mentioned]);
    assert_eq!(code(run(&mut desk, ADA, say(801, 701, "hi"))), "not_found");
    run(&mut desk, BEN, say(802, 700, "hi")).unwrap();
    let read = |seq| Command::MarkRead { conversation: id(700), seq };
    run(&mut desk, ANA, read(9)).unwrap();
    assert_eq!(desk.read_marks.values().next().unwrap().seq, 2);
    assert!(run(&mut desk, ANA, read(1)).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, ADA, Command::MarkRead { conversation: id(701), seq: 1 })), "not_found");
    let notice = *desk.notices.keys().next().unwrap();
    assert_eq!(code(run(&mut desk, ANA, Command::DismissNotice { notice })), "not_found");
    run(&mut desk, BEN, Command::DismissNotice { notice }).unwrap();
    assert!(run(&mut desk, BEN, Command::DismissNotice { notice }).unwrap().unchanged);
}

#[test]
fn presence_is_a_persons_own() {
    let mut desk = Desk::new();
    let busy = Command::SetPresence { presence: Presence::Busy };
    run(&mut desk, ANA, busy.clone()).unwrap();
    assert!(run(&mut desk, ANA, busy.clone()).unwrap().unchanged);
    assert_eq!(code(desk.run(&JOB, &busy)), "forbidden");
}

#[test]
fn roster_changes_are_ones_own_or_a_leads() {
    let mut desk = Desk::new();
    let change = RosterChange {
        other_from: None,
        other_to: None,
        state: crate::domain::roster::ChangeState::InForce,
        answered_by: None,
        answer: String::new(),
        id: id(900),
        version: 0,
        rota: main_rota(),
        kind: RosterChangeKind::Cover,
        person: id(ANA),
        other: Some(id(LEA)),
        from: desk.now,
        to: desk.now + chrono::TimeDelta::hours(2),
        reason: "dentist".into(),
        asked_by: id(ADA),
        cancelled: true,
        created_at: desk.now,
    };
    assert_eq!(code(run(&mut desk, OUT, Command::PutRosterChange(change.clone()))), "forbidden");
    run(&mut desk, ANA, Command::PutRosterChange(change.clone())).unwrap();
    let stored = &desk.directory.roster_changes[&change.id];
    assert_eq!((stored.asked_by, stored.cancelled, stored.version), (id(ANA), false, 1));
    let alone = RosterChange { other: None, ..change.clone() };
    assert_eq!(code(run(&mut desk, LEA, Command::PutRosterChange(alone))), "other_missing");
    assert_eq!(code(run(&mut desk, BEN, Command::CancelRosterChange { id: change.id })), "forbidden");
    run(&mut desk, LEA, Command::CancelRosterChange { id: change.id }).unwrap();
    assert!(run(&mut desk, LEA, Command::CancelRosterChange { id: change.id }).unwrap().unchanged);
    assert_eq!(code(run(&mut desk, LEA, Command::CancelRosterChange { id: id(1) })), "not_found");
}

#[test]
fn the_directory_is_checked_and_guarded() {
    let mut desk = Desk::new();
    let new = person(50, "li.na", Role::Agent, 1, &[]);
    job(&mut desk, Command::PutPerson(Box::new(new.clone())));
    assert_eq!(code(run(&mut desk, LEA, Command::PutPerson(Box::new(new.clone())))), "forbidden");
    let mut wrong = |change: fn(&mut crate::domain::person::Person)| {
        let mut row = new.clone();
        change(&mut row);
        code(run(&mut desk, ADA, Command::PutPerson(Box::new(row))))
    };
    assert_eq!(wrong(|row| row.handle = "Li Na".into()), "handle_invalid");
    assert_eq!(wrong(|row| row.time_zone = "Asia/Shangai".into()), "time_zone_unknown");
    assert_eq!(wrong(|row| row.tier = 4), "tier_invalid");
    assert_eq!(wrong(|row| row.skills.push(Skill { name: "x".into(), level: 6 })), "level_invalid");
    assert_eq!(wrong(|row| row.queues.push(id(99))), "unknown_queue");
    let ada = crate::domain::person::Person { role: Role::Lead, ..desk.directory.people[&id(ADA)].clone() };
    assert_eq!(code(run(&mut desk, ADA, Command::PutPerson(Box::new(ada)))), "last_admin");

    let mut row = queue(60, "new-queue");
    run(&mut desk, LEA, Command::PutQueue(Box::new(row.clone()))).unwrap();
    assert_eq!(code(run(&mut desk, ANA, Command::PutQueue(Box::new(row.clone())))), "forbidden");
    row.sla.warn_percent = 100;
    assert_eq!(code(run(&mut desk, LEA, Command::PutQueue(Box::new(row)))), "warn_percent_invalid");

    let mut row = rota(61, 1, &[id(PUMPS)], &[ANA]);
    run(&mut desk, LEA, Command::PutRota(Box::new(row.clone()))).unwrap();
    row.pattern.push(Some("X".into()));
    assert_eq!(code(run(&mut desk, LEA, Command::PutRota(Box::new(row.clone())))), "unknown_shift_type");
    assert_eq!(code(run(&mut desk, ANA, Command::PutRota(Box::new(row)))), "forbidden");

    let site = |latitude| Site {
        id: id(62),
        version: 0,
        code: "S1".into(),
        name: "Shop".into(),
        region: "North".into(),
        latitude: Some(latitude),
        longitude: None,
    };
    run(&mut desk, LEA, Command::PutSite(site(45.0))).unwrap();
    assert_eq!(code(run(&mut desk, LEA, Command::PutSite(site(91.0)))), "degrees_invalid");

    let mut row = Requester {
        id: id(63),
        version: 0,
        external: "e".into(),
        name: "N".into(),
        email: None,
        phone: None,
        class: "customer".into(),
        site: Some(id(62)),
        language: None,
        created_at: desk.now,
    };
    run(&mut desk, LEA, Command::PutRequester(Box::new(row.clone()))).unwrap();
    row.site = Some(id(99));
    assert_eq!(code(run(&mut desk, LEA, Command::PutRequester(Box::new(row)))), "unknown_site");

    let mut row = desk.channels[&id(CHANNEL)].clone();
    run(&mut desk, ADA, Command::PutIntakeChannel(row.clone())).unwrap();
    row.token_sha256 = "short".into();
    assert_eq!(code(run(&mut desk, ADA, Command::PutIntakeChannel(row))), "token_invalid");
}

#[test]
fn previews_show_edits_and_no_ownership() {
    let mut desk = Desk::new();
    desk.create();
    let show = |command: Command| preview(desk.ticket(1), &command, id(ANA), desk.now);
    assert_eq!(show(set(Status::Pending)).unwrap().status, Status::Pending);
    assert_eq!(show(Command::AddTag { number: ONE, tag: "x".into() }).unwrap().tags, ["x"]);
    assert_eq!(show(set(Status::Closed)), None);
    assert_eq!(show(Command::ClaimTicket { number: ONE }), None);
}

/// One of many things that can happen to tickets, by numbers that proptest draws.
fn step(desk: &Desk, op: u8, x: u8) -> (Actor, Command) {
    let who = [ANA, BEN, EVE, LEA, ADA, OUT][usize::from(x) % 6];
    let (number, other) = (TicketNumber(i64::from(x % 3) + 1), TicketNumber(i64::from(x / 3 % 3) + 1));
    let person = id([ANA, BEN, EVE, LEA][usize::from(x / 7) % 4]);
    let statuses = [Status::Open, Status::Pending, Status::OnHold, Status::Solved];
    let status = statuses[usize::from(x / 5) % 4];
    let escalation = desk.escalations.keys().next_back().copied().unwrap_or_else(|| desk.fresh_id()).into();
    let command = match op % 20 {
        0 => Command::CreateTicket(Box::new(desk.creation())),
        1 => Command::ClaimTicket { number },
        2 => Command::AssignTicket { number, person },
        3 => Command::ReleaseTicket { number, reason: None },
        4 => Command::AcceptTicket { number },
        5 | 6 => Command::SetStatus { number, status },
        7 => Command::SetPriority { number, priority: [Priority::Urgent, Priority::Normal, Priority::Low][usize::from(x % 3)] },
        8 => Command::MoveTicket { number, queue: id(if x.is_multiple_of(2) { PUMPS } else { WEB }) },
        9 => Command::MergeTicket { number, into: other },
        10 => Command::LinkTicket { number, link: Link { kind: LinkKind::Blocks, number: other } },
        11 => Command::Escalate(Box::new(Escalate {
            person: Some(person),
            ..Escalate::tier(number, desk.fresh_id().into(), 2, "why".into())
        })),
        12 => Command::AnswerEscalation { number, escalation, accept: x > 100, reason: None },
        13 => Command::LeaveEscalation { number, escalation, result: Verdict::Advice, note: "ok".into() },
        14 => return (desk.intake(), incoming(&desk.fresh_id().to_string(), "again")),
        15 => return (JOB, Command::AutoAssign { number }),
        16 => return (JOB, Command::FireSlaSteps { number }),
        17 if x > 200 => return (JOB, Command::CloseTicket { number }),
        _ => Command::PostMessage(Box::new(PostMessage {
            target: MessageTarget::Ticket { number },
            message: desk.fresh_id().into(),
            visibility: if x.is_multiple_of(2) { Visibility::Public } else { Visibility::Internal },
            reply_to: None,
            files: Vec::new(),
            seen: None,
            text: "see @eve and @out".into(),
            status: (x > 128).then_some(status),
        })),
    };
    (desk.who(who), command)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// `Desk::run` checks every invariant after every command.
    #[test]
    fn no_run_of_commands_breaks_an_invariant(steps in prop::collection::vec((any::<u8>(), any::<u8>(), 0..4_000_i64), 1..60)) {
        let mut desk = Desk::new();
        desk.create();
        receive(&mut desk, "first");
        for (op, x, seconds) in steps {
            desk.pass(seconds);
            let (actor, command) = step(&desk, op, x);
            let before = desk.audit.len();
            match desk.run(&actor, &command) {
                Ok(result) => prop_assert!(result.unchanged == (desk.audit.len() == before)),
                Err(refusal) => prop_assert!(!refusal.message.is_empty()),
            }
        }
    }
}
