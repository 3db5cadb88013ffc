//! Long random runs that try to break the invariants.

use proptest::prelude::*;

use super::*;

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
