//! Previews agree with what is then done, and what is taken back is as it was.

use proptest::prelude::*;

use super::undo::{self, Back, back};
use super::*;
use crate::domain::testing::{ANA, BEN, Desk, LEA, PUMPS, VIC, WEB, id};
use crate::domain::ticket::LinkKind;

fn planned(desk: &Desk, who: u128, act: &BulkAct) -> Vec<Planned> {
    let actor = desk.directory.people[&id(who)].clone();
    let other = act.other().and_then(|number| desk.tickets.get(&number));
    let new_id = || desk.fresh_id();
    let world = World { actor: &actor, directory: &desk.directory, now: desk.now, other, new_id: &new_id };
    plan(act, desk.tickets.values(), &world)
}

#[test]
fn each_ticket_tells_before_and_after_or_why_not() {
    let mut desk = Desk::new();
    for _ in 0..3 {
        desk.create();
    }
    let lead = desk.who(LEA);
    desk.run(&lead, &Command::SetStatus { number: TicketNumber(2), status: Status::Pending }).unwrap();
    desk.tickets.get_mut(&TicketNumber(3)).unwrap().status = Status::Closed;
    let found = planned(&desk, ANA, &BulkAct::Status { status: Status::Pending });
    let Fate::Changes { changes } = &found[0].fate else { panic!("{found:?}") };
    assert_eq!((changes[0].field.as_str(), changes[0].from.as_str(), changes[0].to.as_str()), ("status", Some("new"), Some("pending")));
    assert_eq!(found[1].fate, Fate::Nothing);
    assert!(matches!(&found[2].fate, Fate::Refused { refusal } if refusal.code == "ticket_closed"));
    assert_eq!(tally(&found), (1, 1, 1));
    let all = planned(&desk, VIC, &BulkAct::Status { status: Status::Solved });
    assert!(all.iter().all(|planned| !planned.changes()), "who only reads changes nothing");
}

#[test]
fn every_act_previews_what_it_changes() {
    let mut desk = Desk::new();
    for _ in 0..2 {
        desk.create();
    }
    let link = Link { kind: LinkKind::RelatesTo, number: TicketNumber(2) };
    for (act, field) in [
        (BulkAct::Assign { person: id(BEN) }, "assignee"),
        (BulkAct::Priority { priority: Priority::Urgent }, "priority"),
        (BulkAct::Move { queue: id(WEB) }, "queue"),
        (BulkAct::AddTag { tag: "storm".into() }, "tags"),
        (BulkAct::Link { link }, "links"),
        (BulkAct::Post { text: "Dear {{requester.name}}".into(), visibility: Visibility::Public }, "message"),
    ] {
        let found = planned(&desk, LEA, &act);
        let Fate::Changes { changes } = &found[0].fate else { panic!("{act:?}: {:?}", found[0]) };
        assert!(changes.iter().any(|change| change.field == field), "{act:?}: {changes:?}");
    }
    let found = planned(&desk, LEA, &BulkAct::Tie { incident: TicketNumber(2) });
    assert!(matches!(&found[0].fate, Fate::Refused { refusal } if refusal.code == "not_major"));
    let found = planned(&desk, LEA, &BulkAct::Post { text: "{{what}}".into(), visibility: Visibility::Internal });
    assert!(matches!(&found[0].fate, Fate::Refused { refusal } if refusal.code == "unknown_variable"));
    assert!(!undo::possible(&BulkAct::Post { text: String::new(), visibility: Visibility::Internal }));
}

#[test]
fn what_changed_since_is_not_taken_back() {
    let mut desk = Desk::new();
    desk.create();
    let before = desk.ticket(1).clone();
    let act = BulkAct::Priority { priority: Priority::Urgent };
    assert_eq!(back(&act, &before, &before), Back::NotDone);
    let changed = Ticket { priority: Priority::Low, ..before.clone() };
    assert_eq!(back(&act, &before, &changed), Back::Changed);
    let done = Ticket { priority: Priority::Urgent, version: 9, ..before.clone() };
    let (commands, not_done, since) = undo::all(&act, [(&before, &done), (&before, &changed), (&before, &before)]);
    assert_eq!(commands, [(Command::SetPriority { number: TicketNumber(1), priority: Priority::Normal }, 9)]);
    assert_eq!((not_done.len(), since.len()), (1, 1));
}

fn acts() -> impl Strategy<Value = BulkAct> {
    prop_oneof![
        prop::sample::select(vec![Status::Open, Status::Pending, Status::OnHold, Status::Solved, Status::New])
            .prop_map(|status| BulkAct::Status { status }),
        prop::sample::select(vec![Priority::Urgent, Priority::High, Priority::Normal, Priority::Low])
            .prop_map(|priority| BulkAct::Priority { priority }),
        prop::sample::select(vec![ANA, BEN, VIC]).prop_map(|person| BulkAct::Assign { person: id(person) }),
        prop::sample::select(vec![PUMPS, WEB]).prop_map(|queue| BulkAct::Move { queue: id(queue) }),
        prop::sample::select(vec!["a", "b"]).prop_map(|tag| BulkAct::AddTag { tag: tag.into() }),
        prop::sample::select(vec!["a", "b"]).prop_map(|tag| BulkAct::RemoveTag { tag: tag.into() }),
    ]
}

proptest! {
    /// The preview is what happens; and what is taken back is as it was, but for what cannot become new again.
    #[test]
    fn previews_are_kept_and_undo_restores(history in prop::collection::vec(acts(), 0..6), act in acts()) {
        let mut desk = Desk::new();
        desk.create();
        let lead = desk.who(LEA);
        for act in history {
            let command = planned(&desk, LEA, &act).remove(0).command;
            let _ = desk.run(&lead, &command);
        }
        let before = desk.ticket(1).clone();
        let found = planned(&desk, LEA, &act).remove(0);
        let answer = desk.run(&lead, &found.command);
        match &found.fate {
            Fate::Refused { refusal } => prop_assert_eq!(&answer.unwrap_err().code, &refusal.code),
            Fate::Nothing => prop_assert!(answer.unwrap().unchanged),
            Fate::Changes { .. } => {
                prop_assert!(!answer.unwrap().unchanged);
                let now = desk.ticket(1).clone();
                if let Back::Command { command, version } = back(&act, &before, &now) {
                    desk.base_version = Some(version);
                    desk.run(&lead, &command).unwrap();
                    let after = desk.ticket(1);
                    let status = if before.status == Status::New { after.status } else { before.status };
                    prop_assert_eq!((after.priority, after.status, after.queue), (before.priority, status, before.queue));
                    prop_assert_eq!(&after.tags.iter().collect::<std::collections::BTreeSet<_>>(), &before.tags.iter().collect());
                }
            }
        }
    }
}
