//! Calls for experts, rule by rule.

use chrono::TimeDelta;

use super::{Escalate, Escalation, EscalationReason, EscalationState, Verdict};
use crate::domain::assignment::{AssignmentReason, EndReason};
use crate::domain::command::{Command, CommandResult, MessageTarget, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::id::{EscalationId, TicketNumber};
use crate::domain::notice::NoticeKind;
use crate::domain::person::{AgentState, Presence, Role, Skill};
use crate::domain::roster::{ChangeState, RosterChange, RosterChangeKind, RotaMember};
use crate::domain::testing::{ANA, BEN, Desk, EVE, EXPERTS, JOB, LEA, OUT, PUMPS, id, person};
use crate::domain::ticket::Status;
use crate::domain::{Refusal, Timestamp};

const MAX: u128 = 50;
const IRA: u128 = 51;
const ONE: TicketNumber = TicketNumber(1);

/// Ana has ticket 1; experts Eve, Max and Ira (tier 3) are on duty and available.
pub(super) fn desk() -> Desk {
    let mut desk = Desk::new();
    for (n, handle, tier) in [(MAX, "max", 2), (IRA, "ira", 3)] {
        let row = person(n, handle, Role::Expert, tier, &[]);
        desk.directory.people.insert(row.id, row);
        let state = AgentState { presence: Presence::Available, version: 1, ..AgentState::unseen(id(n), desk.now) };
        desk.states.insert(state.person, state);
        let rota = desk.directory.rotas.get_mut(&id(EXPERTS)).unwrap();
        rota.members.push(RotaMember { person: id(n), offset_days: 0 });
    }
    desk.create();
    let ana = desk.who(ANA);
    desk.run(&ana, &Command::ClaimTicket { number: ONE }).unwrap();
    desk
}

fn run(desk: &mut Desk, who: u128, command: Command) -> Result<CommandResult, Refusal> {
    let actor = desk.who(who);
    desk.run(&actor, &command)
}

fn code(answer: Result<CommandResult, Refusal>) -> String {
    answer.unwrap_err().code
}

fn asks(n: u128) -> Escalate {
    Escalate {
        reason: EscalationReason::Skill,
        tried: "switched it off".into(),
        ..Escalate::tier(ONE, id(n), 2, "pressure is wrong".into())
    }
}

fn call(desk: &mut Desk, asked: Escalate) -> Result<CommandResult, Refusal> {
    run(desk, ANA, Command::Escalate(Box::new(asked)))
}

fn answer(n: u128, accept: bool) -> Command {
    Command::AnswerEscalation { number: ONE, escalation: id(n), accept, reason: (!accept).then(|| "at lunch".into()) }
}

fn pass(desk: &mut Desk, escalation: EscalationId) -> CommandResult {
    desk.run(&JOB, &Command::PassEscalation { number: ONE, escalation }).unwrap()
}

fn row(desk: &Desk, n: u128) -> Escalation {
    desk.escalations[&uuid::Uuid::from_u128(n)].clone()
}

/// The call that followed another one.
fn after(desk: &Desk, n: u128) -> Option<Escalation> {
    desk.escalations.values().find(|call| call.follows == Some(id(n))).cloned()
}

fn said(desk: &Desk, words: &str) -> bool {
    desk.messages.iter().any(|message| message.text.contains(words))
}

fn knows(desk: &mut Desk, who: u128, skill: &str, level: u8) {
    desk.directory.people.get_mut(&id(who)).unwrap().skills.push(Skill { name: skill.into(), level });
}

/// Leave from now on, entered now.
pub(super) fn leave_now(desk: &mut Desk, who: u128) {
    let now: Timestamp = desk.now;
    let change = RosterChange {
        other_from: None,
        other_to: None,
        state: ChangeState::InForce,
        answered_by: None,
        answer: String::new(),
        id: desk.fresh_id().into(),
        version: 1,
        rota: id(EXPERTS),
        kind: RosterChangeKind::Leave,
        person: id(who),
        other: None,
        from: now,
        to: now + TimeDelta::days(2),
        reason: "ill".into(),
        asked_by: id(LEA),
        cancelled: false,
        created_at: now,
    };
    desk.directory.roster_changes.insert(change.id, change);
}

#[test]
fn the_best_level_is_called_of_those_who_are_there() {
    let mut desk = desk();
    knows(&mut desk, EVE, "Routers", 2);
    knows(&mut desk, MAX, "Routers", 4);
    knows(&mut desk, IRA, "Routers", 5);
    desk.states.get_mut(&id(IRA)).unwrap().presence = Presence::Away;
    let wanted = |skill: &str| Escalate { skill: Some(skill.into()), ..asks(500) };
    let refusal = call(&mut desk, wanted("rooters")).unwrap_err();
    assert_eq!(refusal.code, "unknown_skill");
    assert!(refusal.message.contains("Routers"), "{}", refusal.message);
    call(&mut desk, wanted("routers")).unwrap();
    assert_eq!((row(&desk, 500).expert, row(&desk, 500).skill.as_deref()), (id(MAX), Some("Routers")));
    // The next one of the same skill, then nobody.
    run(&mut desk, MAX, answer(500, false)).unwrap();
    let second = after(&desk, 500).unwrap();
    assert_eq!(second.expert, id(EVE));
    desk.pass(120);
    pass(&mut desk, second.id);
    assert_eq!(after(&desk, second.id.0.as_u128()).unwrap().expert, id(IRA), "who is away is asked last");
}

#[test]
fn a_skill_is_found_in_rotas_of_any_tier() {
    let mut desk = desk();
    knows(&mut desk, BEN, "keys", 1);
    let refusal = call(&mut desk, Escalate { skill: Some("keys".into()), ..asks(500) }).unwrap_err();
    assert!(refusal.code == "nobody_on_duty" && refusal.message.contains("leave the skill out"), "Ben is of tier 1: {}", refusal.message);
    desk.directory.people.get_mut(&id(BEN)).unwrap().tier = 2;
    call(&mut desk, Escalate { skill: Some("keys".into()), ..asks(500) }).unwrap();
    assert_eq!(row(&desk, 500).expert, id(BEN), "in the rota of tier 1");
}

#[test]
fn no_answer_and_declining_lead_to_the_next_and_at_last_to_the_lead() {
    let mut desk = desk();
    call(&mut desk, Escalate { tier: 2, takes_over: true, ..asks(500) }).unwrap();
    let first = row(&desk, 500);
    assert_eq!((first.expert, first.accept_by), (id(EVE), Some(desk.now + TimeDelta::seconds(120))));
    desk.pass(119);
    assert!(pass(&mut desk, id(500)).unchanged, "not early");
    desk.pass(1);
    pass(&mut desk, id(500));
    assert!(pass(&mut desk, id(500)).unchanged, "once");
    assert_eq!((row(&desk, 500).state, row(&desk, 500).accept_by), (EscalationState::Unanswered, None));
    let second = after(&desk, 500).unwrap();
    assert_eq!(second.expert, id(MAX), "the tier asked for before those above");
    let same = |call: &Escalation| (call.asked_by, call.tier, call.code, call.reason.clone(), call.tried.clone(), call.takes_over);
    assert_eq!(same(&second), same(&first));
    assert!(said(&desk, "@eve did not answer in time"));
    assert_eq!(code(run(&mut desk, EVE, answer(500, true))), "already_answered");
    assert!(run(&mut desk, EVE, answer(500, true)).unwrap_err().message.contains("MAX"), "told who was asked instead");
    assert!(!desk.ticket(1).participants.contains(&id(EVE)));
    run(&mut desk, MAX, answer(second.id.0.as_u128(), false)).unwrap();
    let third = after(&desk, second.id.0.as_u128()).unwrap();
    assert_eq!((third.expert, desk.told(ANA)), (id(IRA), vec![NoticeKind::EscalationAnswered { accepted: false }]));
    assert!(desk.told(LEA).is_empty());
    run(&mut desk, IRA, answer(third.id.0.as_u128(), false)).unwrap();
    assert_eq!(after(&desk, third.id.0.as_u128()), None);
    assert_eq!(desk.told(LEA), [NoticeKind::EscalationUnanswered]);
    assert!(desk.told(ANA).contains(&NoticeKind::EscalationUnanswered));
    assert!(said(&desk, "nobody of tier 2 is left to call: told @lea"));
    // A new asking starts anew.
    call(&mut desk, asks(501)).unwrap();
    assert_eq!(row(&desk, 501).expert, id(EVE));
}

#[test]
fn who_was_named_is_followed_by_whom_the_roster_finds() {
    let mut desk = desk();
    assert_eq!(code(call(&mut desk, Escalate { person: Some(id(ANA)), ..asks(500) })), "expert_is_self");
    call(&mut desk, Escalate { person: Some(id(OUT)), ..asks(500) }).unwrap();
    // Named outside any shift: that is no shift's end.
    assert!(pass(&mut desk, id(500)).unchanged);
    desk.pass(120);
    pass(&mut desk, id(500));
    assert_eq!(after(&desk, 500).unwrap().expert, id(EVE));
    run(&mut desk, LEA, Command::AssignTicket { number: ONE, person: id(MAX) }).unwrap();
    assert_eq!(code(call(&mut desk, Escalate { person: Some(id(MAX)), ..asks(501) })), "already_assigned");
}

#[test]
fn without_a_clock_nobody_is_passed_over() {
    let mut desk = desk();
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().expert_accept_within_secs = 0;
    call(&mut desk, asks(500)).unwrap();
    desk.pass(3_600);
    assert!(pass(&mut desk, id(500)).unchanged);
    let ana = desk.who(ANA);
    let by_hand = desk.run(&ana, &Command::PassEscalation { number: ONE, escalation: id(500) });
    assert_eq!(code(by_hand), "forbidden");
}

#[test]
fn ownership_moves_only_when_that_was_asked() {
    let mut desk = desk();
    call(&mut desk, asks(500)).unwrap();
    run(&mut desk, EVE, answer(500, true)).unwrap();
    assert_eq!((desk.ticket(1).assignee, desk.ticket(1).tier), (Some(id(ANA)), 1));
    call(&mut desk, Escalate { takes_over: true, person: Some(id(MAX)), ..asks(501) }).unwrap();
    assert_eq!(desk.ticket(1).assignee, Some(id(ANA)), "not before they accept");
    run(&mut desk, MAX, answer(501, true)).unwrap();
    let ticket = desk.ticket(1);
    assert_eq!((ticket.assignee, ticket.tier, ticket.status), (Some(id(MAX)), 2, Status::Open));
    assert!(ticket.accepted_at.is_some() && ticket.participants.contains(&id(ANA)), "who had it stays in");
    let last = desk.assignments.values().max_by_key(|row| (row.started_at, row.id)).unwrap();
    assert_eq!((last.person, last.reason), (id(MAX), AssignmentReason::Escalated));
    assert!(desk.told(ANA).contains(&NoticeKind::Returned { reason: EndReason::Reassigned }));
    // Leaving leaves the ticket with them.
    let leave = Command::LeaveEscalation { number: ONE, escalation: id(501), result: Verdict::NeedsVendor, note: "ask the maker".into() };
    run(&mut desk, MAX, leave).unwrap();
    assert_eq!(desk.ticket(1).assignee, Some(id(MAX)));
    assert!(desk.told(ANA).contains(&NoticeKind::EscalationLeft { result: Verdict::NeedsVendor }));
    assert!(said(&desk, "@max left (needs a vendor): ask the maker"));
}

#[test]
fn several_experts_at_once_and_one_call_from_two_consoles() {
    let mut desk = desk();
    for (n, who) in [(500, EVE), (501, MAX), (502, IRA)] {
        call(&mut desk, Escalate { person: Some(id(who)), ..asks(n) }).unwrap();
    }
    for (n, who) in [(500, EVE), (501, MAX)] {
        run(&mut desk, who, answer(n, true)).unwrap();
        assert!(run(&mut desk, who, answer(n, true)).unwrap().unchanged, "the other console");
        run(&mut desk, who, Command::JoinEscalation { number: ONE, escalation: id(n) }).unwrap();
        assert!(run(&mut desk, who, answer(n, true)).unwrap().unchanged);
        assert!(run(&mut desk, who, Command::JoinEscalation { number: ONE, escalation: id(n) }).unwrap().unchanged);
    }
    assert_eq!(code(run(&mut desk, IRA, Command::JoinEscalation { number: ONE, escalation: id(502) })), "not_accepted");
    let states: Vec<_> = desk.escalations.values().map(|call| call.state).collect();
    assert_eq!(states, [EscalationState::Joined, EscalationState::Joined, EscalationState::Asked]);
    assert_eq!(desk.ticket(1).participants, [id(EVE), id(MAX), id(IRA)]);
    assert_eq!(code(run(&mut desk, EVE, answer(500, false))), "already_answered");
}

#[test]
fn who_asked_the_assignee_and_leads_take_a_call_back() {
    let mut desk = desk();
    call(&mut desk, asks(500)).unwrap();
    let back = |reason: Option<&str>| Command::WithdrawEscalation { number: ONE, escalation: id(500), reason: reason.map(Into::into) };
    assert_eq!(code(run(&mut desk, BEN, back(None))), "forbidden");
    assert_eq!(code(run(&mut desk, LEA, back(Some(&"x".repeat(2_001))))), "reason_too_long");
    run(&mut desk, LEA, back(Some("it works again"))).unwrap();
    assert!(run(&mut desk, ANA, back(None)).unwrap().unchanged);
    assert_eq!((row(&desk, 500).state, row(&desk, 500).verdict.as_deref()), (EscalationState::Withdrawn, Some("it works again")));
    assert!(desk.told(EVE).contains(&NoticeKind::EscalationWithdrawn) && after(&desk, 500).is_none());
    assert_eq!(code(run(&mut desk, EVE, answer(500, true))), "already_answered");
    assert_eq!(desk.audit.last().unwrap().action, "withdraw_escalation");
}

#[test]
fn a_finished_ticket_ends_its_calls() {
    for way in 0..3 {
        let mut desk = desk();
        // To merge it, she must see the other one.
        desk.directory.people.get_mut(&id(EVE)).unwrap().queues.push(id(PUMPS));
        call(&mut desk, Escalate { person: Some(id(EVE)), ..asks(500) }).unwrap();
        call(&mut desk, Escalate { person: Some(id(MAX)), ..asks(501) }).unwrap();
        run(&mut desk, EVE, answer(500, true)).unwrap();
        let message = id(900);
        let solve = match way {
            0 => Command::SetStatus { number: ONE, status: Status::Solved },
            1 => Command::PostMessage(Box::new(PostMessage {
                status: Some(Status::Solved),
                ..PostMessage::new(MessageTarget::Ticket { number: ONE }, message, Visibility::Public, "done".into())
            })),
            _ => Command::MergeTicket { number: ONE, into: desk.create() },
        };
        let result = run(&mut desk, EVE, solve).unwrap_or_else(|refusal| panic!("{way}: {refusal}"));
        if way == 1 {
            assert_eq!(result.message, Some(message), "the answer names the message that was sent");
        }
        assert_eq!((row(&desk, 500).state, row(&desk, 500).result), (EscalationState::Left, Some(Verdict::Solved)), "by solving it, {way}");
        assert_eq!(row(&desk, 501).state, EscalationState::Withdrawn, "{way}");
        assert!(desk.told(MAX).contains(&NoticeKind::EscalationWithdrawn));
        assert!(said(&desk, "the call of @max ended"));
    }
}

#[test]
fn an_experts_shift_ends_before_they_answer() {
    let mut desk = desk();
    call(&mut desk, asks(500)).unwrap();
    desk.pass(10);
    assert!(pass(&mut desk, id(500)).unchanged);
    leave_now(&mut desk, EVE);
    pass(&mut desk, id(500));
    assert_eq!(row(&desk, 500).state, EscalationState::Unanswered);
    assert!(said(&desk, "@eve went off duty before answering") && after(&desk, 500).is_some());
}

#[test]
fn an_expert_who_is_in_stays_beyond_their_shift_and_a_relief_is_asked() {
    let mut desk = desk();
    // The pattern itself: a day shift that ends.
    let rota = desk.directory.rotas.get_mut(&id(EXPERTS)).unwrap();
    rota.shift_types.push(crate::domain::testing::shift_type("E", (6, 0), (14, 0)));
    rota.members.retain(|member| member.person != id(EVE));
    let mut early = rota.clone();
    (early.id, early.key, early.pattern) = (id(42), "early".into(), vec![Some("E".into())]);
    early.members = vec![RotaMember { person: id(EVE), offset_days: 0 }];
    desk.directory.rotas.insert(early.id, early);
    call(&mut desk, Escalate { person: Some(id(EVE)), ..asks(500) }).unwrap();
    run(&mut desk, EVE, answer(500, true)).unwrap();
    run(&mut desk, EVE, Command::JoinEscalation { number: ONE, escalation: id(500) }).unwrap();
    desk.pass(4 * 3_600 - 1);
    assert!(pass(&mut desk, id(500)).unchanged);
    desk.pass(1);
    pass(&mut desk, id(500));
    assert_eq!((row(&desk, 500).state, row(&desk, 500).off_duty_at), (EscalationState::Joined, Some(desk.now)));
    let off = NoticeKind::ExpertOffDuty { expert: id(EVE) };
    assert!(desk.told(ANA).contains(&off) && desk.told(LEA).contains(&off));
    assert_eq!(after(&desk, 500).unwrap().expert, id(MAX));
    assert!(desk.ticket(1).participants.contains(&id(EVE)));
    desk.pass(60);
    assert!(pass(&mut desk, id(500)).unchanged, "told once");
}

#[test]
fn an_expert_who_left_the_desk_leaves_the_call() {
    let mut desk = desk();
    call(&mut desk, asks(500)).unwrap();
    run(&mut desk, EVE, answer(500, true)).unwrap();
    desk.directory.people.get_mut(&id(EVE)).unwrap().active = false;
    pass(&mut desk, id(500));
    assert_eq!((row(&desk, 500).state, row(&desk, 500).result), (EscalationState::Left, None));
    let next = after(&desk, 500).unwrap();
    assert_eq!(next.expert, id(MAX));
    desk.directory.people.get_mut(&id(IRA)).unwrap().active = false;
    desk.directory.people.get_mut(&id(MAX)).unwrap().active = false;
    pass(&mut desk, next.id);
    assert!(desk.told(LEA).contains(&NoticeKind::EscalationUnanswered));
}

#[test]
fn what_is_asked_must_make_sense() {
    let mut desk = desk();
    assert_eq!(code(call(&mut desk, Escalate { tier: 1, ..asks(500) })), "tier_invalid");
    assert_eq!(code(call(&mut desk, Escalate { note: " ".into(), ..asks(500) })), "note_empty");
    assert_eq!(code(call(&mut desk, Escalate { tried: "x".repeat(2_001), ..asks(500) })), "tried_too_long");
    run(&mut desk, ANA, Command::SetStatus { number: ONE, status: Status::Solved }).unwrap();
    assert_eq!(code(call(&mut desk, asks(500))), "ticket_solved");
}
