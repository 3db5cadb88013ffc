//! Every text reads back as it is shown, and what is wrong is named.

use proptest::prelude::*;

use super::*;
use crate::console::locale::Language;
use crate::console::panes::sample::{Sample, person_id};

const TYPES: &str = "E 07:00-15:00 Early, L 15:00-23:00 Late, N 23:00-07:00 Night*, 夜 22:00-06:00 夜班*";

fn types() -> Vec<ShiftType> {
    shift_types(TYPES, &[]).unwrap()
}

fn part<T: std::fmt::Debug>(result: Result<T, Wrong>) -> (String, &'static str) {
    let wrong = result.unwrap_err();
    (wrong.part, wrong.why)
}

#[test]
fn shift_types_have_code_times_name_and_night() {
    let found = types();
    assert_eq!(found.len(), 4);
    assert!(!found[0].night && found[2].night);
    assert_eq!((found[3].code.as_str(), found[3].name.as_str()), ("夜", "夜班"));
    assert_eq!(shift_types(&show_shift_types(&found), &[]).unwrap(), found);
    assert_eq!(shift_types("E 7-15", &[]).unwrap()[0].name, "E");
    let old = [ShiftType { colour: Some("blue".into()), ..found[0].clone() }];
    assert_eq!(shift_types(TYPES, &old).unwrap()[0].colour.as_deref(), Some("blue"));
}

#[test]
fn wrong_shift_types_are_named() {
    assert_eq!(part(shift_types("", &[])), (String::new(), "shifts-wrong-no-type"));
    assert_eq!(part(shift_types("E", &[])), ("E".into(), "shifts-wrong-type"));
    assert_eq!(part(shift_types("E 07:00-15:00 Early, L 15-25 Late", &[])), ("15-25".into(), "shifts-wrong-times"));
    assert_eq!(part(shift_types("E 07:00-15:00 A, E 08:00-16:00 B", &[])), ("E".into(), "shifts-wrong-code-twice"));
}

#[test]
fn patterns_name_codes_and_days_off() {
    let days = pattern("E E  L,L 夜 - 休", &types()).unwrap();
    assert_eq!(days.len(), 7);
    assert_eq!(show_pattern(&days), "E E L L 夜 - -");
    assert_eq!(part(pattern("E X -", &types())), ("X".into(), "shifts-wrong-code"));
    assert_eq!(part(pattern("  ", &types())).1, "shifts-wrong-no-pattern");
}

#[test]
fn members_are_handles_with_offsets() {
    let sample = Sample::new(Language::English);
    let found = members("zhang.wei+0 @maria+2, li.na", &sample.directory).unwrap();
    let offsets: Vec<_> = found.iter().map(|member| (member.person, member.offset_days)).collect();
    assert_eq!(offsets, [(person_id(1), 0), (person_id(2), 2), (person_id(3), 0)]);
    assert_eq!(show_members(&found, &sample.directory), "zhang.wei+0 maria+2 li.na+0");
    assert_eq!(members("maria+-3", &sample.directory).unwrap()[0].offset_days, -3);
    assert_eq!(part(members("maria+x", &sample.directory)), ("maria+x".into(), "shifts-wrong-offset"));
    assert_eq!(part(members("nobody+1", &sample.directory)), ("nobody".into(), "shifts-wrong-handle"));
    assert_eq!(part(members("maria maria+1", &sample.directory)), ("maria".into(), "shifts-wrong-member-twice"));
}

#[test]
fn requirements_name_days_times_and_people() {
    let found = requirements("Mon-Fri 07:00-23:00 2; Sat,Sun 08:00-20:00 1; 每天 00:00-24:00 1").unwrap();
    assert_eq!(found.iter().map(|one| one.weekdays.len()).collect::<Vec<_>>(), [5, 2, 7]);
    assert_eq!(show_requirements(&found, Language::English), "Mon-Fri 07:00-23:00 2; Sat,Sun 08:00-20:00 1; daily 00:00-24:00 1");
    assert_eq!(show_requirements(&found, Language::Chinese), "周一-周五 07:00-23:00 2; 周六,周日 08:00-20:00 1; 每天 00:00-24:00 1");
    for language in Language::ALL {
        assert_eq!(requirements(&show_requirements(&found, language)).unwrap(), found);
    }
    assert_eq!(requirements("周六-周一 07:00-15:00 1").unwrap()[0].weekdays, [Weekday::Mon, Weekday::Sat, Weekday::Sun]);
    assert_eq!(requirements("").unwrap(), []);
    assert_eq!(part(requirements("Mon 07:00-15:00")), ("Mon 07:00-15:00".into(), "shifts-wrong-requirement"));
    assert_eq!(part(requirements("Mom-Fri 07:00-15:00 2")), ("Mom-Fri".into(), "shifts-wrong-weekdays"));
    assert_eq!(part(requirements("Mon-Fri 07:00 2")), ("07:00".into(), "shifts-wrong-times"));
    assert_eq!(part(requirements("Mon-Fri 07:00-15:00 0")), ("0".into(), "shifts-wrong-people"));
}

#[test]
fn limits_are_words_with_numbers() {
    let text = "rest 11h, week 48h, nights 4, days 6, forbid";
    let found = limits(text).unwrap();
    assert_eq!(found.min_rest_hours, Some(11));
    assert!(found.forbid);
    assert_eq!(show_limits(&found, Language::English), text);
    assert_eq!(limits("休息 11h，每周 48h").unwrap().max_week_hours, Some(48));
    assert_eq!(limits("").unwrap(), RotaLimits::default());
    for entry in ["rest", "rest 11 h", "rest x", "nights 0", "sleep 8h", "forbid all"] {
        assert_eq!(part(limits(&format!("days 6, {entry}"))), (entry.to_owned(), "shifts-wrong-limit"));
    }
}

#[test]
fn queues_and_yes_are_read() {
    let sample = Sample::new(Language::English);
    let found = queues("equipment, vip", &sample.directory).unwrap();
    assert_eq!(show_queues(&found, &sample.directory), "equipment, vip");
    assert_eq!(part(queues("equipment, none", &sample.directory)), ("none".into(), "shifts-wrong-queue"));
    assert_eq!((yes("Yes"), yes("否"), yes("")), (Ok(true), Ok(false), Ok(false)));
    assert_eq!(part(yes("maybe")).1, "shifts-wrong-yes");
}

proptest! {
    #[test]
    fn limits_read_back(rest in proptest::option::of(1u16..100), week in proptest::option::of(1u16..168), nights in proptest::option::of(1u16..30), forbid in any::<bool>()) {
        let given = RotaLimits { min_rest_hours: rest, max_week_hours: week, max_nights_in_row: nights, max_days_in_row: None, forbid };
        for language in Language::ALL {
            prop_assert_eq!(limits(&show_limits(&given, language)).unwrap(), given);
        }
    }

    #[test]
    fn patterns_read_back(places in proptest::collection::vec(0usize..5, 1..40)) {
        let types = types();
        let given: Vec<Option<String>> = places.into_iter().map(|place| types.get(place).map(|kind| kind.code.clone())).collect();
        prop_assert_eq!(pattern(&show_pattern(&given), &types).unwrap(), given);
    }

    #[test]
    fn nothing_typed_breaks_them(text in ".{0,60}") {
        let sample = Sample::new(Language::English);
        let _ = (shift_types(&text, &[]), pattern(&text, &types()), requirements(&text), limits(&text), yes(&text));
        let _ = (members(&text, &sample.directory), queues(&text, &sample.directory));
        let _ = when::span(&text, chrono::NaiveDate::default(), sample.now, chrono_tz::Tz::Asia__Shanghai);
        let _ = when::instant(&text, sample.now, chrono_tz::Tz::Asia__Shanghai);
    }
}
