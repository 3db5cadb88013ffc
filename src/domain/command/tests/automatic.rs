//! What the desk does by itself.

use super::*;

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
