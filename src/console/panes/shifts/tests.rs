//! What keys and events do in the shifts pane, and how it looks.

use std::sync::Arc;

use chrono::TimeDelta;

use super::ShiftsPane;
use super::state::{Note, Scale};
use crate::client::view::Changed;
use crate::console::action::{ACTIONS, Action};
use crate::console::effect::Effect;
use crate::console::locale::Language;
use crate::console::pane::{Pane, PaneEvent};
use crate::console::panes::sample::{SIZES, Sample, now, person_id};
use crate::domain::directory::Directory;

fn shown(sample: &Sample) -> ShiftsPane {
    let mut pane = ShiftsPane::default();
    assert_eq!(pane.update(PaneEvent::Shown, &sample.context()), []);
    pane
}

#[test]
fn screens() {
    for language in Language::ALL {
        let sample = Sample::new(language);
        let mut pane = shown(&sample);
        for size in SIZES {
            insta::assert_snapshot!(format!("shifts-day-{}-{}x{}", language.tag(), size.0, size.1), sample.screen(&pane, size));
        }
        sample.act(&mut pane, Action::WeekScale);
        for size in SIZES {
            insta::assert_snapshot!(format!("shifts-week-{}-{}x{}", language.tag(), size.0, size.1), sample.screen(&pane, size));
        }
    }
}

#[test]
fn my_next_shift_is_told_in_words() {
    for (language, words) in [
        (Language::English, "your next shift: tomorrow 07:00-15:00 Early, Front desk"),
        (Language::Chinese, "你的下一班：明天 07:00-15:00 Early，Front desk"),
    ] {
        let sample = Sample::new(language);
        let mut pane = shown(&sample);
        assert_eq!(sample.act(&mut pane, Action::MyNextShift), []);
        assert_eq!(pane.cursor.unwrap().1, person_id(1));
        let screen: String = sample.screen(&pane, (120, 24)).chars().filter(|char| *char != '"').collect();
        // Wide characters leave a blank cell behind them in the picture of a screen.
        let squeezed = |text: &str| text.chars().filter(|char| *char != ' ').collect::<String>();
        assert!(squeezed(&screen).contains(&squeezed(words)), "{screen}");
    }
}

#[test]
fn n_goes_from_gap_to_gap() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let mut seen = Vec::new();
    for _ in 0..3 {
        assert_eq!(sample.act(&mut pane, Action::NextGap), []);
        let Some(Note::Gap(gap)) = pane.note.clone() else { panic!("no gap") };
        let (from, to) = pane.planned.unwrap();
        assert!((from..to).contains(&gap.from), "the gap is on screen");
        seen.push((gap.from, gap.rota));
    }
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
}

#[test]
fn without_gaps_or_shifts_a_line_says_so() {
    let mut sample = Sample::new(Language::English);
    for rota in sample.directory.rotas.values_mut() {
        rota.required.clear();
        rota.members.retain(|member| member.person != person_id(1));
    }
    let mut pane = shown(&sample);
    assert!(matches!(sample.act(&mut pane, Action::NextGap)[..], [Effect::Toast { key: "shifts-no-gap", .. }]));
    assert!(matches!(sample.act(&mut pane, Action::MyNextShift)[..], [Effect::Toast { key: "shifts-none-mine", .. }]));
    assert_eq!(pane.disabled(Action::MyNextShift, &sample.context()), Some("shifts-disabled-not-rostered"));
    assert_eq!(pane.badge(&sample.context()), None);
}

#[test]
fn time_moves_by_two_hours_and_by_days() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let start = pane.start.unwrap();
    sample.act(&mut pane, Action::Right);
    assert_eq!(pane.start.unwrap() - start, TimeDelta::hours(2));
    sample.act(&mut pane, Action::Left);
    sample.act(&mut pane, Action::NextTab);
    assert_eq!(pane.start.unwrap() - start, TimeDelta::hours(24));
    sample.act(&mut pane, Action::Now);
    assert_eq!(pane.start.unwrap(), start);
    sample.act(&mut pane, Action::WeekScale);
    assert_eq!(pane.scale, Scale::Week);
    let monday = pane.start.unwrap();
    sample.act(&mut pane, Action::Right);
    assert_eq!(pane.start.unwrap() - monday, TimeDelta::days(1));
    let context = sample.context();
    pane.update(PaneEvent::Action(Action::Right, usize::MAX), &context);
    pane.update(PaneEvent::Action(Action::Left, usize::MAX), &context);
    sample.draw_everywhere(&pane);
}

#[test]
fn rows_are_derived_again_only_when_they_must_be() {
    let mut sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let rows = pane.rows.clone();
    sample.directory = Directory { people: sample.directory.people, ..Directory::default() };
    let changed = |changed| PaneEvent::Changed(Arc::new(changed));
    pane.update(PaneEvent::Tick, &sample.context());
    pane.update(changed(Changed { agent_states: true, ..Changed::default() }), &sample.context());
    assert_eq!(pane.rows, rows);
    pane.update(changed(Changed { directory: true, ..Changed::default() }), &sample.context());
    assert!(pane.rows.is_empty());
    assert!(sample.screen(&pane, (80, 24)).contains("No rota yet"));
}

#[test]
fn no_size_and_no_action_breaks_it() {
    for language in Language::ALL {
        let mut sample = Sample::new(language);
        sample.draw_everywhere(&ShiftsPane::default());
        let mut pane = shown(&sample);
        for spec in ACTIONS {
            sample.act(&mut pane, spec.action);
        }
        for scale in [Action::DayScale, Action::WeekScale] {
            sample.act(&mut pane, scale);
            sample.draw_everywhere(&pane);
            assert!(!sample.screen(&pane, (80, 24)).contains('\u{1b}'));
        }
        sample.now = now() + TimeDelta::days(400);
        sample.draw_everywhere(&pane);
    }
}
