//! How each view looks, at three sizes in both languages; and that no size and no action breaks it.

use super::*;
use crate::console::action::ACTIONS;
use crate::console::panes::sample::SIZES;

fn snap(name: &str, sample: &Sample, pane: &ShiftsPane, language: Language) {
    for size in SIZES {
        insta::assert_snapshot!(format!("{name}-{}-{}x{}", language.tag(), size.0, size.1), sample.screen(pane, size));
    }
}

#[test]
fn roster_screens() {
    for language in Language::ALL {
        let sample = desk(language);
        let mut pane = shown(&sample);
        for (name, action) in [("day", Action::DayScale), ("week", Action::WeekScale), ("month", Action::MonthScale)] {
            sample.act(&mut pane, action);
            snap(name, &sample, &pane, language);
        }
        act_all(&sample, &mut pane, &[Action::RosterPlans, Action::Open]);
        snap("proposal", &sample, &pane, language);
    }
}

#[test]
fn list_screens() {
    let views = [
        ("mine", Action::MyCalendar),
        ("gaps", Action::GapsAhead),
        ("changes", Action::RosterAnswers),
        ("rotas", Action::Rotas),
        ("rota", Action::Open),
        ("plans", Action::RosterPlans),
    ];
    for language in Language::ALL {
        let mut sample = desk(language);
        let mut pane = shown(&sample);
        for (name, action) in views {
            sample.act(&mut pane, action);
            snap(name, &sample, &pane, language);
        }
        sample.act(&mut pane, Action::DutyAt);
        text(&sample, &mut pane, "22:00");
        snap("who", &sample, &pane, language);
        sample.me = person_id(5);
        act_all(&sample, &mut pane, &[Action::Rotas, Action::EditRota]);
        snap("form", &sample, &pane, language);
        for key in "down down down down down down down ? ?".split(' ') {
            pane.update(PaneEvent::Key(key.parse().unwrap()), &sample.context());
        }
        snap("form-wrong", &sample, &pane, language);
    }
}

#[test]
fn no_size_and_no_action_breaks_it() {
    for language in Language::ALL {
        let mut sample = desk(language);
        sample.draw_everywhere(&ShiftsPane::default());
        for me in [1, 5] {
            sample.me = person_id(me);
            let mut pane = shown(&sample);
            for spec in ACTIONS {
                sample.act(&mut pane, spec.action);
                answer(&sample, &mut pane, Answer::Dismissed(None));
                sample.draw_everywhere(&pane);
                assert!(!sample.screen(&pane, (80, 24)).contains('\u{1b}'), "{}", spec.name);
            }
        }
        sample.now = now() + TimeDelta::days(400);
        sample.draw_everywhere(&shown(&sample));
    }
}

#[test]
fn many_people_scroll_and_only_what_is_on_screen_is_drawn() {
    let mut sample = desk(Language::English);
    let first = sample.directory.people[&person_id(2)].clone();
    for n in 1000..1400 {
        let person =
            crate::domain::person::Person { id: person_id(n), handle: format!("p{n}"), name: format!("Person {n}"), ..first.clone() };
        let offset_days = i32::try_from(n % 6).unwrap();
        let member = crate::domain::roster::RotaMember { person: person.id, offset_days };
        sample.directory.rotas.get_mut(&rota_id(1)).unwrap().members.push(member);
        sample.directory.people.insert(person.id, person);
    }
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::MonthScale);
    sample.screen(&pane, (120, 40));
    sample.act(&mut pane, Action::PageDown);
    let screen = sample.screen(&pane, (120, 40));
    assert!(screen.contains("Person 10") && !screen.contains("Maria"), "{screen}");
    sample.act(&mut pane, Action::Last);
    assert!(sample.screen(&pane, (120, 40)).contains("Tom Becker"));
}

#[test]
fn everything_is_readable_without_colour() {
    let sample = desk(Language::English);
    let mut pane = shown(&sample);
    select(&mut pane, 1, 3);
    act_all(&sample, &mut pane, &[Action::MonthScale]);
    let screen = sample.screen(&pane, (120, 40));
    for mark in ["▼", "×", "夜*", "! gap", "h", "E'", "<"] {
        assert!(screen.contains(mark) || screen.replace(' ', "").contains(mark), "{mark} is missing:\n{screen}");
    }
    assert!(screen.contains("1 waits for you"));
}
