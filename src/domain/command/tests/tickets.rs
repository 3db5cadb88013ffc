//! What people do to tickets.

use super::*;

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
