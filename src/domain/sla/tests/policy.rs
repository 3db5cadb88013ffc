//! Which targets a ticket gets, and which policies are refused.

use super::*;
use crate::domain::sla::policy::SlaRule;
use crate::domain::ticket::Kind;

fn refused(desk: &mut Desk, change: impl FnOnce(&mut SlaPolicy)) -> (String, String) {
    let mut row = desk.directory.queues[&id(PUMPS)].clone();
    change(&mut row.sla);
    let actor = desk.who(LEA);
    let refusal = desk.run(&actor, &Command::PutQueue(Box::new(row))).unwrap_err();
    (refusal.code, refusal.field.unwrap_or_default())
}

#[test]
fn the_first_rule_that_matches_gives_the_targets() {
    let mut promise = policy(targets(0, 0, 10 * HOUR));
    promise.rules = vec![
        SlaRule { class: Some("vip".into()), kind: Some(Kind::Complaint), targets: targets(0, 0, HOUR), ..SlaRule::default() },
        SlaRule { class: Some("vip".into()), targets: targets(0, 0, 2 * HOUR), ..SlaRule::default() },
        SlaRule { priority: Some(Priority::Urgent), targets: targets(0, 0, 3 * HOUR), ..SlaRule::default() },
    ];
    let mut desk = desk_with(promise.clone());
    ask(&mut desk, Some("vip"));
    assert_eq!(desk.ticket(1).requester.class.as_deref(), Some("vip"));
    assert_eq!(clock(&desk, ClockKind::Resolution).target_secs, 2 * HOUR);
    let mut ticket = desk.ticket(1).clone();
    let hours = |ticket: &_| promise.targets_for(ticket).resolution_secs.unwrap() / HOUR;
    ticket.kind = Kind::Complaint;
    assert_eq!(hours(&ticket), 1);
    ticket.requester.class = None;
    assert_eq!(hours(&ticket), 10);
    ticket.priority = Priority::Urgent;
    assert_eq!(hours(&ticket), 3);
    ticket.priority = Priority::Low;
    assert_eq!(promise.targets_for(&ticket), targets(0, 0, 0));
}

#[test]
fn policies_that_cannot_be_kept_are_refused() {
    let mut desk = desk_with(policy(targets(0, 0, HOUR)));
    let share = StepAt::Share { percent: 50 };
    let one = |key: &str, at, act| vec![step(key, at, &[act])];
    let lead = StepAct::NotifyLead;
    let mut check = |steps: Vec<SlaStep>, code: &str, field: &str| {
        assert_eq!(refused(&mut desk, |policy| policy.steps = steps), (code.to_owned(), field.to_owned()));
    };
    check(one("breach", share, lead), "step_key_reserved", "sla.steps.0.key");
    check(one("Page Lead", share, lead), "key_invalid", "sla.steps.0.key");
    check([one("page", share, lead), one("page", share, lead)].concat(), "step_key_taken", "sla.steps.1.key");
    check(one("page", StepAt::Share { percent: 100 }, lead), "step_percent_invalid", "sla.steps.0.at");
    check(one("page", StepAt::AfterBreach { secs: -1 }, lead), "step_secs_invalid", "sla.steps.0.at");
    check(vec![step("page", share, &[])], "step_acts_invalid", "sla.steps.0.acts");
    check(one("page", share, StepAct::NotifyPerson { person: id(99) }), "unknown_person", "sla.steps.0.acts");
    check(one("page", share, StepAct::PostChannel { channel: id(99) }), "unknown_channel", "sla.steps.0.acts");
    check(one("page", share, StepAct::CallWebhook { webhook: id(99) }), "unknown_webhook", "sla.steps.0.acts");
    assert_eq!(refused(&mut desk, |policy| policy.calendar = Some(id(99))).0, "unknown_calendar");
    let rule = SlaRule { targets: targets(0, 0, i64::MAX), ..SlaRule::default() };
    assert_eq!(refused(&mut desk, |policy| policy.rules.push(rule)).1, "sla.rules.0");
}

#[test]
fn only_another_promise_is_another_revision() {
    let mut desk = desk_with(policy(targets(0, 0, HOUR)));
    let mut row = desk.directory.queues[&id(PUMPS)].clone();
    row.name = "Pumps and more".into();
    row.sla.revision = 7;
    put(&mut desk, Command::PutQueue(Box::new(row.clone())));
    assert_eq!(desk.directory.queues[&id(PUMPS)].sla.revision, 0);
    row.sla.warn_percent = 60;
    put(&mut desk, Command::PutQueue(Box::new(row)));
    assert_eq!(desk.directory.queues[&id(PUMPS)].sla.revision, 1);
}
