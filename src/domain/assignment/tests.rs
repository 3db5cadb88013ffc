//! Who is chosen, who is passed over and why.

use super::choose::choose;
use super::*;
use crate::domain::person::{Presence, Skill};
use crate::domain::testing::*;

fn decision(desk: &Desk) -> Decision {
    let queue = &desk.directory.queues[&id(PUMPS)];
    choose(id(1), queue, desk.ticket(1), &desk.directory, &desk.states, desk.now)
}

fn with_ticket() -> Desk {
    let mut desk = Desk::new();
    desk.create();
    desk
}

#[test]
fn least_loaded_then_longest_waiting_then_handle() {
    let mut desk = with_ticket();
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "by handle");
    desk.states.get_mut(&id(ANA)).unwrap().last_assigned_at = Some(desk.now);
    assert_eq!(decision(&desk).chosen, Some(id(BEN)), "never assigned waits longest");
    desk.states.get_mut(&id(BEN)).unwrap().open_tickets = 1;
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "less loaded");
    desk.directory.people.get_mut(&id(ANA)).unwrap().capacity = 20;
    desk.states.get_mut(&id(ANA)).unwrap().open_tickets = 3;
    assert_eq!(decision(&desk).chosen, Some(id(ANA)), "3 of 20 is less than 1 of 5");
}

#[test]
fn the_language_is_preferred_and_not_required() {
    let mut desk = with_ticket();
    desk.tickets.values_mut().next().unwrap().language = Some("zh-CN".into());
    desk.directory.people.get_mut(&id(ANA)).unwrap().languages = vec!["en".into()];
    assert_eq!(decision(&desk).chosen, Some(id(BEN)), "speaks any");
    desk.directory.people.get_mut(&id(BEN)).unwrap().languages = vec!["de".into()];
    assert_eq!(decision(&desk).chosen, Some(id(ANA)));
    desk.directory.people.get_mut(&id(BEN)).unwrap().languages = vec!["zh".into()];
    assert_eq!(decision(&desk).chosen, Some(id(BEN)));
}

#[test]
fn nobody_off_duty_absent_unskilled_or_full_is_chosen() {
    let mut desk = with_ticket();
    desk.states.get_mut(&id(BEN)).unwrap().presence = Presence::Busy;
    desk.directory.people.get_mut(&id(ANA)).unwrap().capacity = 0;
    let full = decision(&desk);
    assert_eq!((full.chosen, full.waits), (None, Some(WaitReason::AllAtCapacity)));
    assert_eq!(full.candidates[0].excluded, Some(Exclusion::AtCapacity { open: 0, capacity: 0 }));
    assert_eq!(full.candidates[1].excluded, Some(Exclusion::NotPresent));
    desk.directory.queues.get_mut(&id(PUMPS)).unwrap().skills = vec!["valves".into()];
    assert_eq!(decision(&desk).waits, Some(WaitReason::NobodySkilled));
    let ana = desk.directory.people.get_mut(&id(ANA)).unwrap();
    (ana.capacity, ana.skills) = (1, vec![Skill { name: "valves".into(), level: 1 }]);
    assert_eq!(decision(&desk).chosen, Some(id(ANA)));
    desk.states.remove(&id(ANA));
    assert_eq!(decision(&desk).waits, Some(WaitReason::NobodyPresent));
    desk.directory.rotas.get_mut(&main_rota()).unwrap().pattern = vec![None];
    let off = decision(&desk);
    assert_eq!(off.waits, Some(WaitReason::NobodyOnDuty));
    assert!(off.candidates.iter().all(|candidate| candidate.excluded == Some(Exclusion::OffDuty)));
}
