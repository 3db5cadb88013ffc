//! What comes from outside: messages, closing, imports.

use super::*;

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
