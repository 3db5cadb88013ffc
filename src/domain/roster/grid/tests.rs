//! Grids: what is written can be read again, and what people type is understood or told.

use proptest::prelude::*;

use super::*;
use crate::domain::directory::Directory;
use crate::domain::id::RosterPlanId;
use crate::domain::person::Role;
use crate::domain::roster::{PlanState, RosterChange, RosterChangeKind, RosterPlan, RotaMember};
use crate::domain::testing::{self, at, id, shift_type};

const ROTA: u128 = 40;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn directory() -> Directory {
    let mut rota = testing::rota(ROTA, 1, &[], &[]);
    rota.time_zone = "Asia/Shanghai".into();
    rota.shift_types = vec![shift_type("E", (7, 0), (15, 0)), shift_type("L", (15, 0), (23, 0)), shift_type("夜", (23, 0), (7, 0))];
    rota.shift_types[0].name = "Early".into();
    rota.shift_types[2].name = "夜班".into();
    rota.pattern = vec![Some("E".into()), Some("L".into()), None];
    rota.members = (1..=4).map(|n| RotaMember { person: id(n), offset_days: i32::try_from(n).unwrap() }).collect();
    let names = [(1, "wei", "张伟 (Wei Zhang)"), (2, "li", "李娜"), (3, "zw", "张伟"), (4, "ann", "Ann Lee"), (5, "bob", "Bob Ray")];
    let person = |(n, handle, name): (u128, &str, &str)| {
        let mut person = testing::person(n, handle, Role::Agent, 1, &[]);
        person.name = name.into();
        (person.id, person)
    };
    Directory { people: names.into_iter().map(person).collect(), rotas: [(rota.id, rota)].into(), ..Directory::default() }
}

fn rota(directory: &Directory) -> &Rota {
    &directory.rotas[&id(ROTA)]
}

fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn read(text: &str) -> Result<Grid, Vec<GridError>> {
    let directory = directory();
    from_grid(&directory, rota(&directory), &rows(text), day("2026-11-20"))
}

fn codes(row: &PlanRow) -> String {
    row.codes.iter().map(|code| code.as_deref().unwrap_or(".")).collect()
}

fn change(n: u128, kind: RosterChangeKind, person: u128, other: Option<u128>, from: &str, to: &str) -> RosterChange {
    let made = crate::domain::roster::tests::change(n, kind, person, other, at(from), at(to));
    RosterChange { rota: id(ROTA), created_at: at("2026-11-01T00:00:00Z"), ..made }
}

fn plan(from: NaiveDate, rows: Vec<PlanRow>) -> RosterPlan {
    let days = rows.first().map_or(1, |row| row.codes.len());
    RosterPlan {
        id: RosterPlanId::default(),
        version: 1,
        rota: id(ROTA),
        from,
        to: from + Days::new(days as u64),
        rows,
        state: PlanState::Published,
        reason: String::new(),
        made_by: None,
        created_at: at("2026-11-01T00:00:00Z"),
    }
}

#[test]
fn headings_are_in_the_language_asked_for() {
    let directory = directory();
    let grid = to_grid(&directory, rota(&directory), day("2026-11-30"), 2, GridLanguage::En);
    assert_eq!(grid[0], ["person", "handle", "2026-11-30", "2026-12-01"]);
    assert_eq!(grid[1], ["", "", "Mon", "Tue"]);
    assert_eq!(grid.len(), 6);
    assert_eq!(grid[2][..2], ["张伟 (Wei Zhang)", "wei"]);
    let grid = to_grid(&directory, rota(&directory), day("2026-11-30"), 2, GridLanguage::Zh);
    assert_eq!((grid[0][0].as_str(), grid[0][1].as_str(), grid[1][2].as_str()), ("姓名", "账号", "周一"));
}

#[test]
fn changes_are_shown_and_are_no_part_of_the_plan() {
    let mut directory = directory();
    let codes = |text: &str| text.chars().map(|c| (c != '.').then(|| c.to_string())).collect();
    let rows = vec![PlanRow { person: id(1), codes: codes("EL.") }, PlanRow { person: id(2), codes: codes("..L") }];
    let plan = plan(day("2026-12-01"), rows.clone());
    directory.roster_plans.insert(plan.id, plan);
    for change in [
        change(1, RosterChangeKind::Leave, 1, None, "2026-12-01T16:00:00Z", "2026-12-03T16:00:00Z"),
        change(2, RosterChangeKind::Cover, 1, Some(4), "2026-12-02T07:00:00Z", "2026-12-02T15:00:00Z"),
        change(3, RosterChangeKind::Extra, 2, None, "2026-12-03T00:00:00Z", "2026-12-03T02:00:00Z"),
        // Part of a shift: it is still theirs.
        change(4, RosterChangeKind::Leave, 1, None, "2026-11-30T23:00:00Z", "2026-12-01T01:00:00Z"),
    ] {
        directory.roster_changes.insert(change.id, change);
    }
    let grid = to_grid(&directory, rota(&directory), day("2026-12-01"), 3, GridLanguage::En);
    let cells: Vec<&[String]> = grid[2..].iter().map(|row| &row[2..]).collect();
    assert_eq!(cells[0], ["E", "L*", "leave"]);
    assert_eq!(cells[1], ["", "", "L+"]);
    assert_eq!(cells[3], ["", "+L", ""]);
    let read = from_grid(&directory, rota(&directory), &grid, day("2026-11-20")).unwrap();
    assert_eq!((read.from, read.to), (day("2026-12-01"), day("2026-12-04")));
    assert_eq!(read.rows[..2], rows[..]);
    assert_eq!(self::codes(&read.rows[3]), "...");
    // Added by hand it is no change in force, and a plan has no place for it.
    let mut typed = grid.clone();
    typed[2][2] = "E+L".into();
    let errors = from_grid(&directory, rota(&directory), &typed, day("2026-11-20")).unwrap_err();
    assert_eq!((errors.len(), errors[0].row, errors[0].column), (1, 3, 3));
    assert!(errors[0].message.contains("one shift a day"), "{}", errors[0].message);
}

#[test]
fn people_beside_the_members_are_listed_when_they_work() {
    let mut directory = directory();
    let codes = vec![Some("E".to_owned())];
    let plan = plan(day("2026-12-01"), vec![PlanRow { person: id(5), codes }]);
    directory.roster_plans.insert(plan.id, plan);
    directory.people.get_mut(&id(2)).unwrap().active = false;
    let grid = to_grid(&directory, rota(&directory), day("2026-12-01"), 1, GridLanguage::En);
    let handles: Vec<&str> = grid[2..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!(handles, ["wei", "zw", "ann", "bob"], "who has left has no row without a shift");
    let grid = to_grid(&directory, rota(&directory), day("2026-11-01"), 10, GridLanguage::En);
    assert!(grid.iter().any(|row| row[1] == "li"));
}

#[test]
fn dates_are_read_as_people_write_them() {
    for heading in
        ["2026-12-01,2026-12-02", "2026/12/1,2026/12/2", "12/1,12/2", "12月1日,12月2日", "2026年12月1日,2026年12月2号", "2026.12.1,12.2"]
    {
        let grid = read(&format!("person,{heading}\nli,E,休")).unwrap_or_else(|errors| panic!("{heading}: {errors:?}"));
        assert_eq!((grid.from, grid.to), (day("2026-12-01"), day("2026-12-03")), "{heading}");
    }
    // Over the turn of the year, and the year that is nearest.
    let grid = read("姓名,12/31,1/1\n李娜,E,夜").unwrap();
    assert_eq!((grid.from, grid.to), (day("2026-12-31"), day("2027-01-02")));
    let near = |text: &str, near: &str| date::date(text, day(near));
    assert_eq!(near("12/31", "2027-01-05"), Some(day("2026-12-31")));
    assert_eq!(near("2/29", "2026-11-20"), Some(day("2028-02-29")));
    for wrong in ["", "13/1", "2026-02-30", "1/12/2026", "tomorrow", "1", "12/1/2", "-1/5", "99999/1/1"] {
        assert_eq!(near(wrong, "2026-11-20"), None, "{wrong}");
    }
}

#[test]
fn people_and_codes_are_read_as_people_write_them() {
    let text = "姓名,2026-12-01,2026-12-02,2026-12-03,2026-12-04\n,周二,星期三,Thu,friday\n\
        李娜,e,early,夜班,\n wei zhang ,OFF,-,休息,休\n@ANN,夜,L*,　E　,off\n,,,,";
    let grid = read(text).unwrap();
    assert_eq!(grid.rows.iter().map(|row| row.person).collect::<Vec<_>>(), [id(2), id(1), id(4)]);
    assert_eq!(grid.rows.iter().map(codes).collect::<Vec<_>>(), ["EE夜.", "....", "夜LE."]);
    // A short row is off at its end, and dates may stand in any order.
    let grid = read("账号,12/2,12/1\nli,E").unwrap();
    assert_eq!(codes(&grid.rows[0]), ".E");
    // A first column without a heading holds names.
    assert_eq!(read(",12/1\nAnn Lee,L").unwrap().rows[0].person, id(4));
}

#[test]
fn every_mistake_is_told() {
    let text = "person,handle,2026-12-01,2026-12-02,tomorrow\n,,Tue,Mon,\n张伟,,E,Q,\nNobody,,E,E,\n,li,Erly,L,\nBob Ray,ann,E,E,\n\
        李娜,li,E,E,\n,,E,,\nAn Lee,,E,E,";
    let errors = read(text).unwrap_err();
    let places: Vec<(usize, usize)> = errors.iter().map(|error| (error.row, error.column)).collect();
    assert_eq!(places, [(1, 5), (2, 4), (3, 1), (3, 4), (4, 1), (5, 3), (6, 2), (7, 1), (8, 1), (9, 1)], "{errors:#?}");
    let says = |at: usize, words: &str| assert!(errors[at].message.contains(words), "{}", errors[at].message);
    says(0, "is no date");
    says(1, "2026-12-02 is a Wed");
    says(2, "2 people (wei, zw)");
    says(3, "write E, L, 夜");
    says(4, "nobody called \"Nobody\"");
    says(5, "Did you mean Early");
    says(6, "ann is Ann Lee, not Bob Ray");
    says(7, "has row 5 already");
    says(8, "does not say whose");
    says(9, "Did you mean Ann Lee");
    assert!(errors[3].to_string().starts_with("row 3, column 4: "));
}

#[test]
fn sheets_without_sense_are_refused() {
    let one = |text: &str| read(text).unwrap_err().remove(0);
    assert!(read("").unwrap_err()[0].message.contains("empty"));
    assert!(one("person,handle\nli,li").message.contains("no date"));
    assert!(one("person,12/1,12/3\nli,E,E").message.contains("every day between"));
    assert!(one("person,2026-12-01,2126-12-01\nli,E,E").message.contains("every day between"));
    assert!(one("person,12/1,12/1\nli,E,E").message.contains("column 2 too"));
    assert!(one("person,12/1,\nli,E,E").message.contains("no date over it"));
    assert!(one("person,12/1").message.contains("names nobody"));
    let mut directory = directory();
    directory.people.get_mut(&id(2)).unwrap().active = false;
    let errors = from_grid(&directory, rota(&directory), &rows("handle,12/1\nli,E"), day("2026-11-20")).unwrap_err();
    assert!(errors[0].message.contains("does not work here any more"));
    assert!(from_grid(&directory, rota(&directory), &rows("handle,12/1\nli,E"), day("2026-12-02")).is_ok(), "then they did");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(
        cells in prop::collection::vec(prop::collection::vec(0..4_usize, 10), 4),
        changes in prop::collection::vec((0..4_usize, 1..5_u128, 1..4_u128, -20..260_i64, 1..70_i64), 0..6),
        published in any::<bool>(),
        zh in any::<bool>(),
        start in 0..400_u64,
    ) {
        let mut directory = directory();
        let codes = [None, Some("E"), Some("L"), Some("夜")].map(|code| code.map(str::to_owned));
        let from = day("2026-02-20") + Days::new(start);
        let rows: Vec<PlanRow> = (1..=4).zip(&cells)
            .map(|(n, cells)| PlanRow { person: id(n), codes: cells.iter().map(|cell| codes[*cell].clone()).collect() })
            .collect();
        if published {
            let plan = plan(from, rows.clone());
            directory.roster_plans.insert(plan.id, plan);
        }
        for (n, (kind, person, other, hour, long)) in changes.into_iter().enumerate() {
            use RosterChangeKind::{Cancel, Cover, Extra, Leave};
            let kind = [Leave, Cover, Extra, Cancel][kind];
            let other = (kind == Cover).then_some((person + other - 1) % 4 + 1);
            let mut change = change(n as u128, kind, person, other, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
            change.from = from.and_time(NaiveTime::MIN).and_utc() + chrono::TimeDelta::hours(hour);
            change.to = change.from + chrono::TimeDelta::hours(long);
            directory.roster_changes.insert(change.id, change);
        }
        let language = if zh { GridLanguage::Zh } else { GridLanguage::En };
        let written = to_grid(&directory, rota(&directory), from, 10, language);
        let grid = from_grid(&directory, rota(&directory), &written, day("2026-11-20")).unwrap();
        prop_assert_eq!((grid.from, grid.to), (from, from + Days::new(10)));
        if published {
            prop_assert_eq!(&grid.rows, &rows);
        }
        // The plan that was read stands in for what was written without moving anybody.
        let mut planned = directory.clone();
        planned.roster_plans.clear();
        let again = plan(from, grid.rows);
        planned.roster_plans.insert(again.id, again);
        prop_assert_eq!(to_grid(&planned, rota(&planned), from, 10, language), written);
    }
}
