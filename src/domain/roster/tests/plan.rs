//! Plans: proposed, published against limits, withdrawn; and what a rota may say of limits, colours and holidays.

use crate::domain::command::{Command, CommandResult};
use crate::domain::refusal::Refusal;
use crate::domain::roster::pattern::shifts;
use crate::domain::roster::{LimitRule, PlanRow, PlanState, RosterPlan, Rota, RotaLimits};
use crate::domain::testing::{ANA, BEN, Desk, LEA, VIC, at, id, main_rota, shift_type};

/// Early and late; the pattern has nobody on duty.
fn desk(forbid: bool) -> Desk {
    let mut desk = Desk::new();
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.shift_types = vec![shift_type("E", (6, 0), (14, 0)), shift_type("L", (14, 0), (22, 0))];
    rota.pattern = vec![None];
    rota.limits = RotaLimits { min_rest_hours: Some(11), forbid, ..RotaLimits::default() };
    desk
}

fn plan(rows: &[(u128, &str)], state: PlanState) -> RosterPlan {
    let codes = |text: &str| text.chars().map(|code| (code != '-').then(|| code.to_string())).collect();
    RosterPlan {
        id: id(800),
        version: 0,
        rota: main_rota(),
        from: "2026-03-02".parse().unwrap(),
        to: "2026-03-05".parse().unwrap(),
        rows: rows.iter().map(|(person, text)| PlanRow { person: id(*person), codes: codes(text) }).collect(),
        state,
        reason: String::new(),
        made_by: None,
        created_at: at("2026-03-01T00:00:00Z"),
    }
}

fn put(desk: &mut Desk, plan: RosterPlan) -> Result<CommandResult, Refusal> {
    let lead = desk.who(LEA);
    desk.run(&lead, &Command::PutRosterPlan(Box::new(plan)))
}

fn shifts_of(desk: &Desk) -> usize {
    shifts(&desk.directory, &desk.directory.rotas[&main_rota()], at("2026-03-01T00:00:00Z"), at("2026-03-09T00:00:00Z")).len()
}

#[test]
fn publishing_is_held_against_the_limits() {
    let rows = [(ANA, "LEE"), (BEN, "EEL")];
    let mut desk = desk(true);
    put(&mut desk, plan(&rows, PlanState::Proposed)).unwrap();
    assert_eq!(shifts_of(&desk), 0, "a proposal moves nothing");
    let refusal = put(&mut desk, plan(&rows, PlanState::Published)).unwrap_err();
    assert_eq!(refusal.code, "limit_broken");
    let wanted = "ANA would rest 8 h before the shift at 2026-03-03 06:00 (UTC), and rota-40 asks for 11 h";
    assert!(refusal.message.starts_with(wanted), "{}", refusal.message);
    put(&mut desk, plan(&[(ANA, "LLL"), (BEN, "EEL")], PlanState::Published)).unwrap();
    assert_eq!(shifts_of(&desk), 6);
    put(&mut desk, plan(&[(ANA, "LLL"), (BEN, "EEL")], PlanState::Withdrawn)).unwrap();
    assert_eq!(shifts_of(&desk), 0);
    assert!(desk.notices.is_empty(), "nobody is told of plans one by one");
}

#[test]
fn publishing_tells_what_it_breaks_where_the_rota_only_warns() {
    let mut desk = desk(false);
    let result = put(&mut desk, plan(&[(ANA, "LEE")], PlanState::Published)).unwrap();
    let told: Vec<_> = result.warnings.iter().map(|one| (one.person, one.rule, one.at, one.value)).collect();
    assert_eq!(told, [(id(ANA), LimitRule::MinRest, at("2026-03-03T06:00:00Z"), 480)]);
    // What breaks just after the plan is of the plan as well: the pattern goes on with an early shift.
    desk.directory.rotas.get_mut(&main_rota()).unwrap().pattern = vec![Some("E".into())];
    let result = put(&mut desk, plan(&[(ANA, "EEL"), (BEN, "EEE")], PlanState::Published)).unwrap();
    assert_eq!(result.warnings.iter().map(|one| one.at).collect::<Vec<_>>(), [at("2026-03-05T06:00:00Z")]);
}

#[test]
fn what_other_rotas_break_alone_does_not_stand_in_the_way() {
    let mut desk = desk(true);
    let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
    rota.limits = RotaLimits { max_week_hours: Some(48), forbid: true, ..RotaLimits::default() };
    // Ana has 56 hours a week elsewhere.
    let mut other = Rota { id: id(43), key: "rota-43".into(), pattern: vec![Some("E".into())], ..rota.clone() };
    other.members.retain(|member| member.person == id(ANA));
    desk.directory.rotas.insert(other.id, other);
    put(&mut desk, plan(&[(ANA, "---"), (BEN, "EEE")], PlanState::Published)).unwrap();
    let refusal = put(&mut desk, plan(&[(ANA, "L--"), (BEN, "-EE")], PlanState::Published)).unwrap_err();
    assert!(refusal.message.starts_with("ANA would work 64 h in the week of 2026-03-02"), "{}", refusal.message);
}

#[test]
fn a_plan_is_checked_row_by_row() {
    let mut desk = desk(false);
    let code = |result: Result<CommandResult, Refusal>| result.unwrap_err().code;
    assert_eq!(code(put(&mut desk, plan(&[(ANA, "EE")], PlanState::Proposed))), "plan_row_length");
    assert_eq!(code(put(&mut desk, plan(&[(ANA, "EEX")], PlanState::Proposed))), "unknown_shift_type");
    assert_eq!(code(put(&mut desk, plan(&[(ANA, "EEE"), (ANA, "EEE")], PlanState::Proposed))), "person_twice");
    assert_eq!(code(put(&mut desk, plan(&[(99, "EEE")], PlanState::Proposed))), "unknown_person");
    put(&mut desk, plan(&[(VIC, "EEE")], PlanState::Proposed)).unwrap();
    assert_eq!(code(put(&mut desk, plan(&[(VIC, "EEE")], PlanState::Published))), "person_unavailable");
    put(&mut desk, plan(&[(VIC, "---")], PlanState::Published)).unwrap();
    let far = RosterPlan { to: "+9999-01-01".parse().unwrap(), ..plan(&[], PlanState::Proposed) };
    assert_eq!(code(put(&mut desk, far)), "span_out_of_range");
    let ana = desk.who(ANA);
    assert_eq!(code(desk.run(&ana, &Command::PutRosterPlan(Box::new(plan(&[], PlanState::Proposed))))), "forbidden");
}

#[test]
fn a_rotas_limits_colours_and_holidays_are_checked() {
    let mut desk = desk(false);
    let rota = desk.directory.rotas[&main_rota()].clone();
    let mut code = |edit: &dyn Fn(&mut Rota)| {
        let mut draft = rota.clone();
        edit(&mut draft);
        let lead = desk.who(LEA);
        desk.run(&lead, &Command::PutRota(Box::new(draft))).map_or_else(|refusal| refusal.code, |_| "done".into())
    };
    assert_eq!(code(&|rota| rota.limits.min_rest_hours = Some(0)), "limit_invalid");
    assert_eq!(code(&|rota| rota.limits.max_week_hours = Some(169)), "limit_invalid");
    assert_eq!(code(&|rota| rota.limits.max_nights_in_row = Some(61)), "limit_invalid");
    assert_eq!(code(&|rota| rota.limits.max_days_in_row = Some(6)), "done");
    assert_eq!(code(&|rota| rota.shift_types[0].colour = Some("bleu".into())), "colour_unknown");
    assert_eq!(code(&|rota| rota.shift_types[0].colour = Some("blue".into())), "done");
    assert_eq!(code(&|rota| rota.holidays = Some(id(77))), "unknown_calendar");
}
