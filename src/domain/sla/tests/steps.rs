//! The policy's steps: when each is due, what it does, and that it does it once.

use super::*;
use crate::domain::conversation::{Author, Conversation, ConversationKind};
use crate::domain::notice::NoticeKind;
use crate::domain::person::Presence;
use crate::domain::sla::ledger::ClockEventKind;
use crate::domain::webhook::Webhook;

const ROOM: u128 = 70;
const HOOK: u128 = 71;

fn desk_doing(at: StepAt, acts: &[StepAct]) -> Desk {
    let mut desk = desk_with(SlaPolicy { steps: vec![step("page", at, acts)], ..policy(targets(0, 0, 10 * HOUR)) });
    let channel = Conversation {
        id: id(ROOM),
        version: 1,
        kind: ConversationKind::Channel,
        title: "incidents".into(),
        topic: None,
        ticket: None,
        queue: None,
        incident: None,
        region: None,
        members: Vec::new(),
        last_seq: 0,
        last_message_at: None,
        created_at: desk.now,
    };
    desk.conversations.insert(channel.id.0, channel);
    let webhook = Webhook {
        id: id(HOOK),
        version: 1,
        key: "phone".into(),
        name: "Phone".into(),
        url: "https://example.org/".into(),
        secret: "s".repeat(16),
        allow_private: false,
        active: true,
        events: Vec::new(),
        person: None,
        queue: None,
    };
    desk.directory.webhooks.insert(webhook.id, webhook);
    desk.create();
    desk
}

fn fired(desk: &Desk) -> Vec<(String, i64)> {
    let step = |event: &crate::domain::sla::ledger::ClockEvent| match &event.event {
        ClockEventKind::Fired { step, late_ms, .. } => Some((step.clone(), *late_ms)),
        _ => None,
    };
    desk.clock_events.iter().filter_map(step).collect()
}

fn paged() -> NoticeKind {
    NoticeKind::SlaStep { step: "page".into(), clock: ClockKind::Resolution }
}

#[test]
fn steps_fire_once_each_at_their_time() {
    let mut desk = desk_doing(StepAt::Share { percent: 90 }, &[StepAct::NotifyAssignee, StepAct::NotifyLead]);
    person_does(&mut desk, ANA, Command::ClaimTicket { number: ONE });
    for hours in 1..=12 {
        desk.pass(HOUR);
        fire(&mut desk);
        fire(&mut desk);
        let expected = match hours {
            ..5 => 0,
            5..9 => 1,
            9 => 2,
            _ => 3,
        };
        assert_eq!(fired(&desk).len(), expected, "after {hours} hours");
    }
    assert_eq!(fired(&desk), [("warning".into(), 0), ("page".into(), 0), ("breach".into(), 0)]);
    assert_eq!(desk.told(ANA), [NoticeKind::SlaWarning, paged(), NoticeKind::SlaBreached]);
    assert_eq!(desk.told(LEA), [paged(), NoticeKind::SlaBreached]);
}

#[test]
fn after_a_downtime_steps_are_late_and_say_how_much() {
    let mut desk = desk_doing(StepAt::AfterBreach { secs: HOUR }, &[StepAct::NotifyPerson { person: id(BEN) }]);
    desk.pass(14 * HOUR);
    fire(&mut desk);
    assert_eq!(fired(&desk), [("breach".into(), 4 * HOUR * 1_000), ("page".into(), 3 * HOUR * 1_000)]);
    assert_eq!(desk.told(BEN), [paged()]);
    // Without an assignee the lead alone is told of the breach.
    assert_eq!(desk.told(LEA), [NoticeKind::SlaBreached]);
}

#[test]
fn a_paused_or_stopped_clock_fires_nothing() {
    let mut desk = desk_doing(StepAt::Share { percent: 90 }, &[StepAct::NotifyLead]);
    set(&mut desk, Status::Pending);
    desk.pass(100 * HOUR);
    fire(&mut desk);
    assert!(fired(&desk).is_empty());
    set(&mut desk, Status::Open);
    assert_eq!(clock(&desk, ClockKind::Resolution).steps[0].at, desk.now + chrono::TimeDelta::hours(9));
    set(&mut desk, Status::Solved);
    desk.pass(100 * HOUR);
    fire(&mut desk);
    assert!(fired(&desk).is_empty());
}

#[test]
fn channels_and_webhooks_are_told() {
    let acts = [StepAct::PostChannel { channel: id(ROOM) }, StepAct::CallWebhook { webhook: id(HOOK) }];
    let mut desk = desk_doing(StepAt::Share { percent: 90 }, &acts);
    desk.pass(9 * HOUR);
    fire(&mut desk);
    fire(&mut desk);
    let posts: Vec<_> = desk.messages.iter().filter(|message| message.conversation == id(ROOM)).collect();
    assert_eq!(posts.len(), 1);
    assert_eq!((&posts[0].author, posts[0].seq), (&Author::System, 1));
    assert!(posts[0].text.starts_with("ticket #1 (Pump 4 does not start): step page"), "{}", posts[0].text);
    assert_eq!(desk.conversations[&uuid::Uuid::from_u128(ROOM)].last_seq, 1);
    assert_eq!(desk.deliveries.len(), 1);
    let body: serde_json::Value = serde_json::from_str(&desk.deliveries[0].body).unwrap();
    assert_eq!((desk.deliveries[0].event.as_str(), &body["step"], &body["ticket"]["number"]), ("sla_step", &"page".into(), &1.into()));
}

#[test]
fn raising_the_priority_plans_again() {
    let mut desk = desk_doing(StepAt::Share { percent: 90 }, &[StepAct::RaisePriority]);
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().sla.targets.insert(Priority::High, targets(0, 0, 12 * HOUR));
    desk.pass(9 * HOUR);
    fire(&mut desk);
    assert_eq!(desk.ticket(1).priority, Priority::High);
    // Nine hours of twelve are spent; 90 % lie ahead again.
    assert_eq!(clock(&desk, ClockKind::Resolution).due_at, desk.now + chrono::TimeDelta::hours(3));
    assert_eq!(clock(&desk, ClockKind::Resolution).steps[0].fired_at, None);
    assert_eq!(fired(&desk), [("warning".into(), 4 * HOUR * 1_000), ("page".into(), 0)]);
}

#[test]
fn the_next_tier_is_called_or_the_lead_is_told() {
    let mut desk = desk_doing(StepAt::AfterBreach { secs: 0 }, &[StepAct::EscalateTier]);
    person_does(&mut desk, ANA, Command::ClaimTicket { number: ONE });
    desk.pass(10 * HOUR);
    fire(&mut desk);
    let call = desk.escalations.values().next().unwrap();
    assert_eq!((call.expert, call.asked_by, call.tier), (id(EVE), id(ANA), 2));
    let by = desk.now + chrono::TimeDelta::seconds(120);
    assert_eq!((call.code, call.accept_by), (crate::domain::escalation::EscalationReason::Sla, Some(by)), "with an accept clock");
    assert_eq!(desk.told(EVE), [NoticeKind::EscalationAsked]);
    assert!(desk.ticket(1).participants.contains(&id(EVE)));
    assert_eq!(desk.told(LEA), [NoticeKind::SlaBreached]);

    let mut desk = desk_doing(StepAt::AfterBreach { secs: 0 }, &[StepAct::EscalateTier]);
    desk.directory.rotas.clear();
    person_does(&mut desk, EVE, Command::SetPresence { presence: Presence::Away });
    desk.pass(10 * HOUR);
    fire(&mut desk);
    assert!(desk.escalations.is_empty());
    assert_eq!(desk.told(LEA), [NoticeKind::SlaBreached, paged()]);
}

#[test]
fn a_breach_that_is_nobodys_is_told_to_every_admin() {
    let mut desk = desk_doing(StepAt::AfterBreach { secs: HOUR }, &[StepAct::NotifyLead]);
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().lead = None;
    desk.pass(20 * HOUR);
    fire(&mut desk);
    assert_eq!(desk.told(ADA), [NoticeKind::SlaBreached]);
}

#[test]
fn an_added_step_that_lies_in_the_past_is_due_now() {
    let mut desk = desk_doing(StepAt::Share { percent: 90 }, &[StepAct::NotifyLead]);
    desk.pass(8 * HOUR);
    fire(&mut desk);
    edit_policy(&mut desk, PUMPS, |policy| {
        policy.steps.push(step("early", StepAt::Share { percent: 10 }, &[StepAct::NotifyLead]));
    });
    fire(&mut desk);
    assert_eq!(fired(&desk), [("warning".into(), 3 * HOUR * 1_000), ("early".into(), 0)]);
    edit_policy(&mut desk, PUMPS, |policy| policy.steps.clear());
    assert!(clock(&desk, ClockKind::Resolution).steps.is_empty());
}
