//! What keys and events do in the shifts pane, and how it looks.

mod acts;
mod form;
mod handovers;
mod moves;
mod screens;

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::ShiftsPane;
use crate::console::action::Action;
use crate::console::effect::{Answer, Choice, Effect, Loaded, QuestionKind};
use crate::console::locale::Language;
use crate::console::pane::{Pane, PaneEvent};
use crate::console::panes::sample::{Sample, now, person_id};
use crate::domain::calendar::{Calendar, Holiday};
use crate::domain::command::Command;
use crate::domain::id::{CalendarId, RosterChangeId, RosterPlanId, RotaId};
use crate::domain::roster::{ChangeState, PlanRow, PlanState, RosterChange, RosterChangeKind, RosterPlan, Rota};

pub fn rota_id(n: u128) -> RotaId {
    RotaId(Uuid::from_u128(200 + n))
}

pub fn change_id(n: u128) -> RosterChangeId {
    RosterChangeId(Uuid::from_u128(300 + n))
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Hours from the last full hour before now.
pub fn full_hour(hours: i64) -> crate::domain::Timestamp {
    now() - TimeDelta::minutes(10) + TimeDelta::hours(hours)
}

/// A change of the front desk, hours from ten o'clock.
pub fn change(n: u128, kind: RosterChangeKind, person: u128, from: i64, to: i64) -> RosterChange {
    RosterChange {
        id: change_id(n),
        version: 1,
        rota: rota_id(1),
        kind,
        person: person_id(person),
        other: None,
        from: full_hour(from),
        to: full_hour(to),
        other_from: None,
        other_to: None,
        state: ChangeState::InForce,
        reason: String::new(),
        asked_by: person_id(person),
        answered_by: None,
        answer: String::new(),
        cancelled: false,
        created_at: now(),
    }
}

/// The sample desk with leave, swaps that wait, a holiday, limits, and a proposal for December.
pub fn desk(language: Language) -> Sample {
    let mut sample = Sample::new(language);
    let day = |days: i64, hour: i64| 24 * days + hour - 10;
    let changes = [
        RosterChange { reason: "hiking".into(), ..change(1, RosterChangeKind::Leave, 3, day(3, 0), day(5, 0)) },
        // 李娜 asks me to take her late shift of Sunday for my early one.
        RosterChange {
            other: Some(person_id(1)),
            other_from: Some(full_hour(day(1, 7))),
            other_to: Some(full_hour(day(1, 15))),
            state: ChangeState::Asked,
            reason: "看演出".into(),
            ..change(2, RosterChangeKind::Swap, 3, day(1, 15), day(1, 23))
        },
        RosterChange { reason: "release".into(), ..change(3, RosterChangeKind::Extra, 1, day(6, 9), day(6, 12)) },
        RosterChange {
            other: Some(person_id(3)),
            other_from: Some(full_hour(day(10, 7))),
            other_to: Some(full_hour(day(10, 15))),
            state: ChangeState::Accepted,
            ..change(4, RosterChangeKind::Swap, 2, day(9, 15), day(9, 23))
        },
    ];
    sample.directory.roster_changes.extend(changes.into_iter().map(|change| (change.id, change)));
    let calendar = Calendar {
        id: CalendarId(Uuid::from_u128(600)),
        version: 1,
        key: "cn".into(),
        name: "China".into(),
        time_zone: "Asia/Shanghai".into(),
        hours: Vec::new(),
        editions: Vec::new(),
        holidays: vec![Holiday { date: date("2026-11-24"), name: "Founders".into() }],
        active: true,
    };
    let rota: &mut Rota = sample.directory.rotas.get_mut(&rota_id(1)).unwrap();
    rota.holidays = Some(calendar.id);
    rota.limits.min_rest_hours = Some(11);
    rota.limits.max_week_hours = Some(48);
    rota.swap_approval = true;
    sample.directory.calendars.insert(calendar.id, calendar);
    let codes =
        |shift: usize| (0..31).map(|day| [Some("E"), Some("E"), Some("L"), None, None][(day + shift) % 5].map(str::to_owned)).collect();
    let plan = RosterPlan {
        id: RosterPlanId(Uuid::from_u128(700)),
        version: 1,
        rota: rota_id(1),
        from: date("2026-12-01"),
        to: date("2027-01-01"),
        rows: vec![PlanRow { person: person_id(1), codes: codes(0) }, PlanRow { person: person_id(2), codes: codes(2) }],
        state: PlanState::Proposed,
        reason: "generated for December".into(),
        made_by: Some(person_id(5)),
        created_at: now(),
    };
    sample.directory.roster_plans.insert(plan.id, plan);
    sample
}

pub fn shown(sample: &Sample) -> ShiftsPane {
    let mut pane = ShiftsPane::default();
    assert_eq!(pane.update(PaneEvent::Shown, &sample.context()), []);
    pane
}

/// What was asked: the choices or the first text.
pub fn asked(effects: &[Effect]) -> &QuestionKind {
    match effects.first() {
        Some(Effect::Ask(question)) => &question.kind,
        other => panic!("nothing asked: {other:?}"),
    }
}

pub fn choices(effects: &[Effect]) -> &[Choice] {
    match asked(effects) {
        QuestionKind::Pick { choices } => choices,
        other => panic!("no list: {other:?}"),
    }
}

pub fn answer(sample: &Sample, pane: &mut ShiftsPane, answer: Answer) -> Vec<Effect> {
    sample.load(pane, Loaded::Answer { id: super::update::QUESTION, answer })
}

pub fn text(sample: &Sample, pane: &mut ShiftsPane, text: &str) -> Vec<Effect> {
    answer(sample, pane, Answer::Text(text.into()))
}

pub fn pick(sample: &Sample, pane: &mut ShiftsPane, value: &str) -> Vec<Effect> {
    answer(sample, pane, Answer::Picked(value.into()))
}

/// Says yes to the sentence; returns it with the command sent.
pub fn confirm(sample: &Sample, pane: &mut ShiftsPane, effects: &[Effect]) -> (String, Command) {
    let QuestionKind::Confirm { sentence } = asked(effects) else { panic!("no sentence: {effects:?}") };
    let sent = answer(sample, pane, Answer::Confirmed);
    let [Effect::Submit { command, base_version: None }, Effect::Toast { .. }] = &sent[..] else { panic!("{sent:?}") };
    (sentence.clone(), (**command).clone())
}

pub fn toast(effects: &[Effect]) -> &'static str {
    match effects.last() {
        Some(Effect::Toast { key, .. }) => key,
        other => panic!("no toast: {other:?}"),
    }
}

/// Moves the cursor to a line.
pub fn select(pane: &mut ShiftsPane, rota: u128, person: u128) {
    pane.cursor = Some((rota_id(rota), person_id(person)));
    pane.note = None;
}

pub fn act_all(sample: &Sample, pane: &mut ShiftsPane, actions: &[Action]) {
    for action in actions {
        sample.act(pane, *action);
    }
}
