//! Which webhooks an outcome calls, and with what.

use crate::domain::command::Command;
use crate::domain::escalation::{Escalate, EscalationReason, Verdict};
use crate::domain::id::TicketNumber;
use crate::domain::notice::settings::{NoticeSettings, QuietHours};
use crate::domain::person::Presence;
use crate::domain::testing::{ANA, BEN, Desk, EVE, JOB, LEA, PUMPS, WEB, id};
use crate::domain::ticket::Status;
use crate::domain::webhook::Webhook;

fn hook(n: u128, events: &[&str]) -> Webhook {
    Webhook {
        id: id(n),
        version: 1,
        key: format!("hook-{n}"),
        name: "Hook".into(),
        url: "https://example.org/".into(),
        secret: "0123456789abcdef".into(),
        allow_private: false,
        active: true,
        events: events.iter().map(|event| (*event).to_owned()).collect(),
        person: None,
        queue: None,
    }
}

fn desk(hooks: impl IntoIterator<Item = Webhook>) -> Desk {
    let mut desk = Desk::new();
    desk.directory.webhooks.extend(hooks.into_iter().map(|hook| (hook.id, hook)));
    desk
}

fn called(desk: &Desk) -> Vec<(u128, &str)> {
    desk.deliveries.iter().map(|call| (call.webhook.0.as_u128(), call.event.as_str())).collect()
}

const ONE: TicketNumber = TicketNumber(1);

#[test]
fn each_is_called_for_what_it_asks() {
    let mut desk = desk([
        hook(700, &["ticket_created", "ticket_solved", "assigned"]),
        hook(701, &[]),
        Webhook { active: false, ..hook(702, &["ticket_created"]) },
        Webhook { queue: Some(id(WEB)), ..hook(703, &["ticket_created"]) },
        Webhook { queue: Some(id(PUMPS)), ..hook(704, &["ticket_created"]) },
    ]);
    desk.create();
    let mut first = called(&desk);
    first.sort_unstable();
    assert_eq!(first, [(700, "ticket_created"), (704, "ticket_created")]);
    desk.deliveries.clear();
    desk.run(&desk.who(LEA), &Command::AssignTicket { number: ONE, person: id(ANA) }).unwrap();
    desk.run(&desk.who(ANA), &Command::SetStatus { number: ONE, status: Status::Solved }).unwrap();
    assert_eq!(called(&desk), [(700, "assigned"), (700, "ticket_solved")]);
    let body: serde_json::Value = serde_json::from_str(&desk.deliveries[0].body).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&body).unwrap());
}

#[test]
fn a_group_is_told_once_and_a_person_only_what_is_theirs() {
    let mut desk = desk([
        hook(700, &["nobody_eligible"]),
        Webhook { person: Some(id(LEA)), ..hook(701, &["nobody_eligible", "assigned"]) },
        Webhook { person: Some(id(BEN)), ..hook(702, &["nobody_eligible", "assigned"]) },
    ]);
    for who in [ANA, BEN] {
        desk.run(&desk.who(who), &Command::SetPresence { presence: Presence::Away }).unwrap();
    }
    for _ in 0..3 {
        let number = desk.create();
        desk.run(&JOB, &Command::AutoAssign { number }).unwrap();
    }
    let mut calls = called(&desk);
    calls.sort_unstable();
    assert_eq!(calls, [(700, "nobody_eligible"), (701, "nobody_eligible")], "a storm calls once");
    desk.deliveries.clear();
    desk.run(&desk.who(LEA), &Command::AssignTicket { number: ONE, person: id(BEN) }).unwrap();
    assert_eq!(called(&desk), [(702, "assigned")]);
}

/// Leaving is told to the desk and to who asked: still one call each.
#[test]
fn an_expert_who_comes_and_goes_is_told_once_to_a_group_and_once_to_a_phone() {
    let words = ["escalation_joined", "escalation_left", "escalation_passed", "escalation_unanswered"];
    let mut desk = desk([hook(700, &words), Webhook { person: Some(id(ANA)), ..hook(701, &words) }]);
    desk.create();
    desk.run(&desk.who(ANA), &Command::ClaimTicket { number: ONE }).unwrap();
    let call = Escalate {
        reason: EscalationReason::Skill,
        tried: "switched it off".into(),
        person: Some(id(EVE)),
        ..Escalate::tier(ONE, id(500), 2, "pressure is wrong".into())
    };
    desk.run(&desk.who(ANA), &Command::Escalate(Box::new(call))).unwrap();
    let escalation = id(500);
    for act in [
        Command::AnswerEscalation { number: ONE, escalation, accept: true, reason: None },
        Command::JoinEscalation { number: ONE, escalation },
        Command::LeaveEscalation { number: ONE, escalation, result: Verdict::Advice, note: "bleed it".into() },
    ] {
        desk.run(&desk.who(EVE), &act).unwrap();
    }
    let each = |word| [(700, word), (701, word)];
    let mut calls = called(&desk);
    calls.sort_unstable_by_key(|(hook, word)| (*word, *hook));
    assert_eq!(calls, [each("escalation_joined"), each("escalation_left")].concat());
}

#[test]
fn quiet_hours_hold_for_a_persons_phone_but_not_for_what_may_pass() {
    let time = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let mut desk = desk([Webhook { person: Some(id(BEN)), ..hook(702, &["assigned"]) }]);
    let settings = NoticeSettings { quiet: Some(QuietHours { from: time(9), to: time(11) }), ..NoticeSettings::usual(id(BEN)) };
    desk.directory.notice_settings.insert(id(BEN), settings.clone());
    desk.create();
    let assign = Command::AssignTicket { number: ONE, person: id(BEN) };
    desk.run(&desk.who(LEA), &assign).unwrap();
    assert_eq!(called(&desk), [], "it is 10:00");
    desk.run(&desk.who(BEN), &Command::ReleaseTicket { number: ONE, reason: None }).unwrap();
    let urgent = NoticeSettings { urgent: ["assigned".to_owned()].into(), ..settings };
    desk.directory.notice_settings.insert(id(BEN), urgent);
    desk.run(&desk.who(LEA), &assign).unwrap();
    assert_eq!(called(&desk), [(702, "assigned")]);
}

#[test]
fn a_reminder_is_no_groups_business() {
    let mut desk = desk([hook(700, &["reminder"]), Webhook { person: Some(id(ANA)), ..hook(701, &["reminder"]) }]);
    let at = desk.now + chrono::TimeDelta::hours(1);
    let body = crate::domain::reminder::PutReminder { id: id(500), at, text: "x".into(), ticket: None, conversation: None };
    desk.run(&desk.who(ANA), &Command::PutReminder(Box::new(body))).unwrap();
    desk.pass(3_600);
    desk.run(&JOB, &Command::FireReminder { id: id(500) }).unwrap();
    assert_eq!(called(&desk), [(701, "reminder")]);
}

#[test]
fn events_that_do_not_exist_are_refused_with_the_near_ones() {
    let mut desk = Desk::new();
    let put = Command::PutWebhook(Box::new(hook(700, &["sla_breach"])));
    let refusal = desk.run(&JOB, &put).unwrap_err();
    assert_eq!(refusal.code, "event_unknown");
    assert!(refusal.message.contains("sla_breached"));
}
