//! Who may save, share and change which view.

use super::*;
use crate::domain::command::Command;
use crate::domain::testing::*;

fn view(n: u128, name: &str, shared: SharedWith) -> SavedView {
    let filter = "status:open older:2h @me".to_owned();
    SavedView { id: id(n), version: 0, owner: id(0), shared, name: name.into(), filter, sort: Sort::Due, position: 0, active: true }
}

fn put(desk: &mut Desk, who: u128, view: SavedView) -> Result<(), String> {
    let actor = desk.who(who);
    desk.run(&actor, &Command::PutSavedView(Box::new(view))).map(drop).map_err(|refusal| refusal.code)
}

const PUMP: SharedWith = SharedWith::Queue { queue: crate::domain::id::QueueId(uuid::Uuid::from_u128(PUMPS)) };

#[test]
fn ones_own_are_ones_own() {
    let mut desk = Desk::new();
    put(&mut desk, ANA, view(1, " Late ", SharedWith::Nobody)).unwrap();
    let kept = desk.directory.saved_views[&id(1)].clone();
    assert_eq!((kept.owner, kept.name.as_str(), kept.version), (id(ANA), "Late", 1));
    assert_eq!(put(&mut desk, BEN, view(1, "Mine now", SharedWith::Nobody)), Err("not_found".into()));
    put(&mut desk, BEN, view(2, "Late", SharedWith::Nobody)).unwrap();
    assert_eq!(put(&mut desk, ANA, view(3, "Late", SharedWith::Nobody)), Err("taken".into()));
    put(&mut desk, ANA, SavedView { active: false, ..view(1, "Late", SharedWith::Nobody) }).unwrap();
    assert_eq!(desk.directory.saved_views[&id(1)].audience(), crate::domain::access::Audience::Nobody);
    put(&mut desk, ANA, view(3, "Late", SharedWith::Nobody)).unwrap();
}

#[test]
fn shared_ones_are_changed_by_their_owner_and_by_leads() {
    let mut desk = Desk::new();
    put(&mut desk, ANA, view(1, "Night", SharedWith::Everybody)).unwrap();
    assert_eq!(put(&mut desk, BEN, view(1, "Day", SharedWith::Everybody)), Err("forbidden".into()));
    put(&mut desk, LEA, view(1, "Day", SharedWith::Everybody)).unwrap();
    assert_eq!(desk.directory.saved_views[&id(1)].owner, id(ANA), "the owner stays");
    assert_eq!(put(&mut desk, BEN, view(2, "Day", SharedWith::Everybody)), Err("taken".into()));
}

#[test]
fn a_queues_view_is_for_those_who_work_there() {
    let mut desk = Desk::new();
    let pumps = |desk: &Desk, who: u128| desk.directory.people[&id(who)].queues.contains(&id(PUMPS));
    let works = [ANA, BEN].into_iter().find(|who| pumps(&desk, *who)).unwrap();
    put(&mut desk, works, view(1, "Pumps", PUMP)).unwrap();
    let kept = desk.directory.saved_views[&id(1)].clone();
    assert!(desk.directory.people.values().all(|person| kept.is_seen_by(person)
        == (crate::domain::access::sees_all_queues(person) || person.queues.contains(&id(PUMPS)))));
    desk.directory.people.get_mut(&id(works)).unwrap().queues.clear();
    assert_eq!(put(&mut desk, works, view(2, "Pumps too", PUMP)), Err("forbidden".into()));
}

#[test]
fn a_filter_that_cannot_be_read_is_refused_with_where() {
    let mut desk = Desk::new();
    let actor = desk.who(ANA);
    let wrong = SavedView { filter: "status:opne".into(), ..view(1, "x", SharedWith::Nobody) };
    let refusal = desk.run(&actor, &Command::PutSavedView(Box::new(wrong))).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), ("filter_invalid", Some("filter")));
    assert!(refusal.message.contains("Column 8") && refusal.message.contains("open"), "{}", refusal.message);
}
