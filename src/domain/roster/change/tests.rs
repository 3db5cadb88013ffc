//! Leave, cover, swap, extra and cancel, as people and leads ask for them.

use chrono::TimeDelta;

use crate::domain::Timestamp;
use crate::domain::command::{Command, CommandResult};
use crate::domain::notice::NoticeKind;
use crate::domain::refusal::Refusal;
use crate::domain::roster::pattern::shifts;
use crate::domain::roster::{ChangeState, LimitRule, RosterChange, RosterChangeKind, RotaLimits, RotaMember};
use crate::domain::testing::{ADA, ANA, BEN, Desk, EVE, EXPERTS, JOB, LEA, OUT, VIC, at, id, main_rota, shift_type};

const SWAP: u128 = 900;

/// Ana works days (08–16) on even days of March, Ben on odd ones; now is 2 March, 10:00.
fn desk() -> Desk {
    let mut desk = Desk::new();
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.shift_types = vec![shift_type("D", (8, 0), (16, 0))];
    rota.pattern = vec![Some("D".into()), None];
    rota.starts_on = at("2026-03-02T00:00:00Z").date_naive();
    rota.members = vec![RotaMember { person: id(ANA), offset_days: 0 }, RotaMember { person: id(BEN), offset_days: 1 }];
    desk
}

fn day(day: u32, from: u32, to: u32) -> (Timestamp, Timestamp) {
    let start = at("2026-03-01T00:00:00Z") + TimeDelta::days(i64::from(day) - 1);
    (start + TimeDelta::hours(from.into()), start + TimeDelta::hours(to.into()))
}

fn change(kind: RosterChangeKind, person: u128, other: Option<u128>, span: (Timestamp, Timestamp)) -> RosterChange {
    RosterChange { id: id(SWAP), ..super::super::tests::change(SWAP, kind, person, other, span.0, span.1) }
}

/// Ana gives 4 March for Ben's 5 March.
fn swap() -> RosterChange {
    let (from, to) = day(5, 8, 16);
    RosterChange { other_from: Some(from), other_to: Some(to), ..change(RosterChangeKind::Swap, ANA, Some(BEN), day(4, 8, 16)) }
}

fn put(desk: &mut Desk, who: u128, change: &RosterChange) -> Result<CommandResult, Refusal> {
    let actor = desk.who(who);
    desk.run(&actor, &Command::PutRosterChange(change.clone()))
}

fn answer(desk: &mut Desk, who: u128, accept: bool) -> Result<CommandResult, Refusal> {
    let actor = desk.who(who);
    desk.run(&actor, &Command::AnswerRosterChange { id: id(SWAP), accept, reason: Some("fine".into()) })
}

fn cancel(desk: &mut Desk, who: u128) -> Result<CommandResult, Refusal> {
    let actor = desk.who(who);
    desk.run(&actor, &Command::CancelRosterChange { id: id(SWAP) })
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    result.unwrap_err().code
}

fn state(desk: &Desk) -> ChangeState {
    desk.directory.roster_changes[&id(SWAP)].state
}

/// Who has duty in the main rota on a day of March, with the hours.
fn on(desk: &Desk, which: u32) -> Vec<(u128, i64, i64)> {
    let (from, to) = day(which, 0, 24);
    let hour = |at: Timestamp| (at - from).num_hours();
    let found = shifts(&desk.directory, &desk.directory.rotas[&main_rota()], from, to);
    found.iter().map(|shift| (shift.person.0.as_u128(), hour(shift.from), hour(shift.to))).collect()
}

fn moved() -> NoticeKind {
    NoticeKind::DutyChanged { change: id(SWAP) }
}

#[test]
fn a_swap_is_asked_answered_and_then_in_force() {
    let mut desk = desk();
    put(&mut desk, ANA, &swap()).unwrap();
    assert_eq!(state(&desk), ChangeState::Asked);
    assert_eq!(desk.told(BEN), [NoticeKind::SwapAsked { change: id(SWAP) }]);
    assert_eq!(on(&desk, 4), [(ANA, 8, 16)]);
    assert_eq!(code(answer(&mut desk, LEA, true)), "forbidden");
    assert_eq!(code(answer(&mut desk, ANA, true)), "forbidden");
    answer(&mut desk, BEN, true).unwrap();
    assert_eq!((on(&desk, 4), on(&desk, 5)), (vec![(BEN, 8, 16)], vec![(ANA, 8, 16)]));
    assert_eq!(desk.told(ANA), [NoticeKind::SwapAnswered { change: id(SWAP), accepted: true }]);
    let stored = &desk.directory.roster_changes[&id(SWAP)];
    assert_eq!((stored.answered_by, stored.answer.as_str(), stored.asked_by), (Some(id(BEN)), "fine", id(ANA)));
    assert_eq!(code(answer(&mut desk, BEN, false)), "already_answered");
    assert_eq!(code(put(&mut desk, ANA, &swap())), "already_answered");
    // What both agreed on, one alone does not take back.
    assert_eq!(code(cancel(&mut desk, ANA)), "forbidden");
    cancel(&mut desk, LEA).unwrap();
    assert_eq!(on(&desk, 4), [(ANA, 8, 16)]);
    assert!(desk.told(ANA).contains(&moved()) && desk.told(BEN).contains(&moved()));
}

#[test]
fn a_declined_or_withdrawn_swap_moves_nothing() {
    let mut desk = desk();
    put(&mut desk, ANA, &swap()).unwrap();
    answer(&mut desk, BEN, false).unwrap();
    assert_eq!((state(&desk), on(&desk, 4)), (ChangeState::Declined, vec![(ANA, 8, 16)]));
    assert_eq!(desk.told(ANA), [NoticeKind::SwapAnswered { change: id(SWAP), accepted: false }]);
    assert_eq!(code(answer(&mut desk, BEN, true)), "already_answered");
    // Asked again, and taken back before the answer.
    put(&mut desk, ANA, &swap()).unwrap();
    cancel(&mut desk, ANA).unwrap();
    assert_eq!(code(answer(&mut desk, BEN, true)), "change_withdrawn");
    assert!(!desk.told(BEN).contains(&moved()));
}

#[test]
fn a_lead_approves_where_the_rota_says_so() {
    let mut desk = desk();
    desk.directory.rotas.get_mut(&main_rota()).unwrap().swap_approval = true;
    put(&mut desk, ANA, &swap()).unwrap();
    answer(&mut desk, BEN, true).unwrap();
    assert_eq!((state(&desk), on(&desk, 4)), (ChangeState::Accepted, vec![(ANA, 8, 16)]));
    let asked = NoticeKind::SwapAsked { change: id(SWAP) };
    assert!(desk.told(LEA).contains(&asked) && desk.told(ADA).contains(&asked), "no lead of its own: all are asked");
    assert_eq!(code(answer(&mut desk, BEN, true)), "forbidden");
    answer(&mut desk, LEA, true).unwrap();
    assert_eq!((state(&desk), on(&desk, 4)), (ChangeState::InForce, vec![(BEN, 8, 16)]));
    assert!(desk.told(BEN).contains(&moved()));

    let mut refused = self::desk();
    refused.directory.rotas.get_mut(&main_rota()).unwrap().swap_approval = true;
    refused.directory.rotas.get_mut(&main_rota()).unwrap().lead = Some(id(LEA));
    put(&mut refused, ANA, &swap()).unwrap();
    answer(&mut refused, BEN, true).unwrap();
    assert!(refused.told(ADA).is_empty(), "the rota's lead is asked alone");
    answer(&mut refused, LEA, false).unwrap();
    let no = NoticeKind::SwapAnswered { change: id(SWAP), accepted: false };
    assert!(refused.told(ANA).contains(&no) && refused.told(BEN).contains(&no));
}

#[test]
fn a_leads_swap_is_in_force_at_once_unless_left_to_the_other() {
    let mut desk = desk();
    desk.directory.rotas.get_mut(&main_rota()).unwrap().swap_approval = true;
    put(&mut desk, LEA, &RosterChange { state: ChangeState::Asked, ..swap() }).unwrap();
    assert_eq!(state(&desk), ChangeState::Asked);
    answer(&mut desk, BEN, true).unwrap();
    assert_eq!(state(&desk), ChangeState::InForce, "the lead who asked has approved");
    assert!(desk.told(ANA).contains(&moved()) && !desk.told(BEN).contains(&moved()));

    let mut desk = self::desk();
    put(&mut desk, LEA, &swap()).unwrap();
    assert_eq!(on(&desk, 4), [(BEN, 8, 16)]);
    assert_eq!((desk.told(ANA), desk.told(BEN)), (vec![moved()], vec![moved()]));
    assert_eq!(code(cancel(&mut desk, ANA)), "forbidden");
}

#[test]
fn both_spans_of_a_swap_hold_duty_and_neither_is_on_duty_there() {
    let mut desk = desk();
    let none = RosterChange { other_from: None, ..swap() };
    assert_eq!(code(put(&mut desk, ANA, &none)), "other_span_missing");
    // Ben has nothing on the 4th, Ana nothing on the 5th.
    let (from, to) = day(4, 8, 16);
    let empty = put(&mut desk, ANA, &RosterChange { other_from: Some(from), other_to: Some(to), ..swap() }).unwrap_err();
    assert_eq!((empty.code.as_str(), empty.field.as_deref()), ("no_duty", Some("other_from")));
    assert!(empty.message.starts_with("BEN has no duty in rota-40"), "{}", empty.message);
    let (from, to) = day(5, 8, 16);
    assert_eq!(code(put(&mut desk, ANA, &RosterChange { from, to, ..swap() })), "no_duty");
    // Ana's own duty given away does not stand in the way; a later extra shift does, when the answer comes.
    put(&mut desk, ANA, &swap()).unwrap();
    let extra = RosterChange { id: id(901), ..change(RosterChangeKind::Extra, ANA, None, day(5, 12, 20)) };
    put(&mut desk, ANA, &extra).unwrap();
    let refusal = answer(&mut desk, BEN, true).unwrap_err();
    assert_eq!(refusal.code, "double_booked");
    assert!(refusal.message.contains("ANA is on duty in rota-40 from 2026-03-05 12:00 to 2026-03-05 20:00 (UTC)"), "{}", refusal.message);
    // What has begun is not swapped any more, only declined.
    desk.now = at("2026-03-04T08:00:00Z");
    desk.directory.roster_changes.remove(&id(901));
    assert_eq!(code(answer(&mut desk, BEN, true)), "span_begun");
    answer(&mut desk, BEN, false).unwrap();
}

#[test]
fn a_cover_takes_part_of_a_shift_there_is() {
    let mut desk = desk();
    let cover = change(RosterChangeKind::Cover, ANA, Some(BEN), day(4, 10, 12));
    put(&mut desk, ANA, &cover).unwrap();
    assert_eq!(on(&desk, 4), [(ANA, 8, 10), (BEN, 10, 12), (ANA, 12, 16)]);
    assert_eq!(desk.told(BEN), [moved()]);
    // Who is named may decline; who named them is told.
    assert_eq!(code(cancel(&mut desk, OUT)), "forbidden");
    cancel(&mut desk, BEN).unwrap();
    assert_eq!((on(&desk, 4), desk.told(ANA)), (vec![(ANA, 8, 16)], vec![moved()]));
    assert_eq!(code(put(&mut desk, ANA, &RosterChange { from: day(5, 0, 1).0, to: day(5, 0, 24).1, ..cover.clone() })), "no_duty");
    // Another than first thought of: the first is told as well.
    put(&mut desk, ANA, &cover).unwrap();
    desk.notices.clear();
    put(&mut desk, ANA, &RosterChange { other: Some(id(LEA)), ..cover.clone() }).unwrap();
    assert_eq!((desk.told(BEN), desk.told(LEA)), (vec![moved()], vec![moved()]));
    // What a lead ordered, the lead takes back.
    put(&mut desk, LEA, &cover).unwrap();
    assert_eq!(code(cancel(&mut desk, BEN)), "forbidden");
    assert_eq!(code(cancel(&mut desk, ANA)), "forbidden");
}

#[test]
fn nobody_is_booked_twice_or_while_on_leave() {
    let mut desk = desk();
    assert_eq!(code(put(&mut desk, LEA, &change(RosterChangeKind::Extra, ANA, None, day(4, 15, 20)))), "double_booked");
    let extra = RosterChange { id: id(901), ..change(RosterChangeKind::Extra, ANA, None, day(4, 16, 20)) };
    put(&mut desk, LEA, &extra).unwrap();
    // Eve is on duty around the clock in another rota.
    let refusal = put(&mut desk, LEA, &change(RosterChangeKind::Cover, ANA, Some(EVE), day(4, 8, 9))).unwrap_err();
    assert!(refusal.code == "double_booked" && refusal.message.contains("rota-41"), "{}", refusal.message);
    let leave = RosterChange { id: id(902), ..change(RosterChangeKind::Leave, BEN, None, day(4, 0, 12)) };
    put(&mut desk, BEN, &leave).unwrap();
    let cover = change(RosterChangeKind::Cover, ANA, Some(BEN), day(4, 8, 16));
    assert_eq!(code(put(&mut desk, ANA, &cover)), "on_leave");
    put(&mut desk, ANA, &RosterChange { from: day(4, 12, 16).0, ..cover }).unwrap();
    // Leave entered first can still be covered.
    let own = RosterChange { id: id(903), ..change(RosterChangeKind::Leave, ANA, None, day(6, 0, 24)) };
    put(&mut desk, ANA, &own).unwrap();
    assert_eq!(on(&desk, 6), []);
    put(&mut desk, ANA, &RosterChange { id: id(904), ..change(RosterChangeKind::Cover, ANA, Some(BEN), day(6, 8, 16)) }).unwrap();
    assert_eq!(on(&desk, 6), [(BEN, 8, 16)]);
}

#[test]
fn a_lead_says_who_is_not_needed() {
    let mut desk = desk();
    let row = change(RosterChangeKind::Cancel, ANA, None, day(4, 0, 24));
    assert_eq!(code(put(&mut desk, ANA, &row)), "forbidden");
    put(&mut desk, LEA, &row).unwrap();
    assert_eq!((on(&desk, 4), desk.told(ANA)), (vec![], vec![moved()]));
    assert_eq!(code(cancel(&mut desk, ANA)), "forbidden");
    cancel(&mut desk, LEA).unwrap();
    assert_eq!(on(&desk, 4), [(ANA, 8, 16)]);
    // Leave that a lead entered, its person may withdraw.
    put(&mut desk, LEA, &change(RosterChangeKind::Leave, ANA, None, day(4, 0, 24))).unwrap();
    cancel(&mut desk, ANA).unwrap();
    assert_eq!(code(put(&mut desk, VIC, &change(RosterChangeKind::Leave, VIC, None, day(4, 0, 24)))), "forbidden");
    assert_eq!(code(put(&mut desk, LEA, &change(RosterChangeKind::Extra, VIC, None, day(4, 0, 24)))), "person_unavailable");
}

fn limits(desk: &mut Desk, limits: RotaLimits) {
    desk.directory.rotas.get_mut(&main_rota()).unwrap().limits = limits;
}

#[test]
fn a_broken_limit_is_told_or_forbidden() {
    let mut desk = desk();
    limits(&mut desk, RotaLimits { min_rest_hours: Some(11), ..RotaLimits::default() });
    // Ben takes Ana's evening: until 22:00 on the 4th, and his own shift starts at 08:00.
    let extra = change(RosterChangeKind::Extra, BEN, None, day(4, 14, 22));
    let result = put(&mut desk, LEA, &extra).unwrap();
    let told: Vec<_> = result.warnings.iter().map(|one| (one.person, one.rule, one.at, one.value, one.limit)).collect();
    assert_eq!(told, [(id(BEN), LimitRule::MinRest, day(5, 8, 16).0, 600, 660)]);
    cancel(&mut desk, LEA).unwrap();
    limits(&mut desk, RotaLimits { min_rest_hours: Some(11), forbid: true, ..RotaLimits::default() });
    let refusal = put(&mut desk, LEA, &extra).unwrap_err();
    assert_eq!(refusal.code, "limit_broken");
    let wanted = "BEN would rest 10 h before the shift at 2026-03-05 08:00 (UTC), and rota-40 asks for 11 h";
    assert!(refusal.message.starts_with(wanted), "{}", refusal.message);
    // An hour less, and all is well.
    assert!(put(&mut desk, LEA, &RosterChange { to: day(4, 14, 21).1, ..extra }).unwrap().warnings.is_empty());
}

#[test]
fn a_swap_that_would_break_a_limit_says_which() {
    let mut desk = desk();
    limits(&mut desk, RotaLimits { max_days_in_row: Some(1), forbid: true, ..RotaLimits::default() });
    // Ana would work on the 5th and the 6th, Ben on the 3rd and the 4th.
    let refusal = put(&mut desk, ANA, &swap()).unwrap_err();
    assert_eq!(refusal.code, "limit_broken");
    assert!(refusal.message.contains("BEN would have 2 days in a row on 2026-03-04, and rota-40 allows 1"), "{}", refusal.message);
    assert!(refusal.message.contains("ANA would have 2 days in a row on 2026-03-06"), "{}", refusal.message);
    // Warned when asked, and checked again when answered: the rota has become strict since.
    limits(&mut desk, RotaLimits { max_days_in_row: Some(1), ..RotaLimits::default() });
    assert_eq!(put(&mut desk, ANA, &swap()).unwrap().warnings.len(), 2);
    limits(&mut desk, RotaLimits { max_days_in_row: Some(1), forbid: true, ..RotaLimits::default() });
    assert_eq!(code(answer(&mut desk, BEN, true)), "limit_broken");
    answer(&mut desk, BEN, false).unwrap();
}

#[test]
fn the_week_and_nights_say_their_limits() {
    let mut desk = desk();
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.shift_types[0].night = true;
    rota.limits = RotaLimits { max_week_hours: Some(33), max_nights_in_row: Some(1), forbid: true, ..RotaLimits::default() };
    // Ana has the 2nd, 4th, 6th and 8th of the week: 32 hours already.
    let refusal = put(&mut desk, LEA, &change(RosterChangeKind::Extra, ANA, None, (day(3, 8, 9).0, day(3, 8, 10).1))).unwrap_err();
    let wanted = "ANA would work 34 h in the week of 2026-03-02, and rota-40 allows 33 h";
    assert!(refusal.message.starts_with(wanted), "{}", refusal.message);
    let refusal = put(&mut desk, LEA, &change(RosterChangeKind::Cover, BEN, Some(ANA), day(3, 8, 9))).unwrap_err();
    assert!(refusal.message.contains("ANA would have 2 nights in a row on 2026-03-03, and rota-40 allows 1"), "{}", refusal.message);
}

#[test]
fn what_was_broken_before_does_not_stand_in_the_way() {
    let mut desk = desk();
    // Eve's rota is around the clock: far beyond any limit. A change of somebody else's, or one that is no worse, passes.
    limits(&mut desk, RotaLimits { max_days_in_row: Some(3), forbid: true, ..RotaLimits::default() });
    desk.directory.rotas.get_mut(&id(EXPERTS)).unwrap().limits =
        RotaLimits { max_days_in_row: Some(3), forbid: true, ..RotaLimits::default() };
    put(&mut desk, LEA, &change(RosterChangeKind::Extra, ANA, None, day(4, 16, 20))).unwrap();
    let cover = RosterChange { rota: id(EXPERTS), id: id(905), ..change(RosterChangeKind::Cover, EVE, Some(OUT), day(4, 8, 16)) };
    put(&mut desk, LEA, &cover).unwrap();
    // Withdrawing gives duty back: what it breaks is told.
    let actor = desk.who(LEA);
    let back = desk.run(&actor, &Command::CancelRosterChange { id: id(905) }).unwrap();
    assert!(back.warnings.is_empty(), "the row of days was as long before: {:?}", back.warnings);
}

#[test]
fn withdrawing_leave_tells_what_it_breaks() {
    let mut desk = desk();
    put(&mut desk, BEN, &change(RosterChangeKind::Leave, BEN, None, day(5, 0, 24))).unwrap();
    let extra = RosterChange { id: id(906), ..change(RosterChangeKind::Extra, BEN, None, day(4, 14, 22)) };
    limits(&mut desk, RotaLimits { min_rest_hours: Some(11), forbid: true, ..RotaLimits::default() });
    put(&mut desk, LEA, &extra).unwrap();
    let result = cancel(&mut desk, BEN).unwrap();
    assert_eq!(result.warnings.iter().map(|one| (one.rule, one.value)).collect::<Vec<_>>(), [(LimitRule::MinRest, 600)]);
}

#[test]
fn the_desk_orders_as_a_lead_does() {
    let mut desk = desk();
    desk.run(&JOB, &Command::PutRosterChange(swap())).unwrap();
    assert_eq!(state(&desk), ChangeState::InForce);
    desk.run(&JOB, &Command::CancelRosterChange { id: id(SWAP) }).unwrap();
    assert!(desk.run(&JOB, &Command::CancelRosterChange { id: id(SWAP) }).unwrap().unchanged);
    let missing = Command::AnswerRosterChange { id: id(1), accept: true, reason: None };
    assert_eq!(code(desk.run(&JOB, &missing)), "not_found");
}

#[test]
fn what_a_lead_ordered_is_not_rewritten_by_whom_it_binds() {
    let mut desk = desk();
    put(&mut desk, LEA, &change(RosterChangeKind::Extra, ANA, None, day(3, 8, 16))).unwrap();
    assert_eq!(code(cancel(&mut desk, ANA)), "forbidden");
    let leave = change(RosterChangeKind::Leave, ANA, None, day(3, 8, 16));
    assert_eq!(code(put(&mut desk, ANA, &leave)), "forbidden", "leave under the same id would take it back");
    assert!(on(&desk, 3).contains(&(ANA, 8, 16)));
    put(&mut desk, LEA, &leave).unwrap();
    cancel(&mut desk, ANA).unwrap();
}
