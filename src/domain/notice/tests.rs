//! Settings, quiet hours, and one notice for a storm.

use std::collections::BTreeSet;

use chrono::{NaiveTime, TimeDelta, Timelike};
use chrono_tz::Tz;

use super::deliver::{Told, deliver, is_quiet};
use super::samples;
use super::settings::{EVENTS, Level, NoticeSettings, QuietHours, usual};
use crate::domain::command::Command;
use crate::domain::notice::NoticeKind;
use crate::domain::person::Presence;
use crate::domain::testing::{ANA, BEN, Desk, JOB, LEA, PUMPS, at, id};

fn quiet(from: u32, to: u32) -> QuietHours {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    QuietHours { from: time(from), to: time(to) }
}

#[test]
fn each_level_includes_the_ones_before() {
    let now = at("2026-03-02T12:00:00Z");
    for (level, told) in Level::ALL.into_iter().zip([0, 1, 2, 3, 4]) {
        let mut settings = NoticeSettings::usual(id(ANA));
        settings.levels.insert("assigned".into(), level);
        let expected = Told { list: told >= 1, badge: told >= 2, terminal: told >= 3, bell: told >= 4 };
        assert_eq!(deliver("assigned", &settings, Tz::UTC, now, false), expected);
        let focused = deliver("assigned", &settings, Tz::UTC, now, true);
        assert_eq!(focused, Told { terminal: false, bell: false, ..expected }, "who looks needs no sound");
        settings.when_focused = true;
        assert_eq!(deliver("assigned", &settings, Tz::UTC, now, true), expected);
        settings.quiet = Some(quiet(11, 13));
        assert_eq!(deliver("assigned", &settings, Tz::UTC, now, false), Told { terminal: false, bell: false, ..expected });
        settings.urgent.insert("assigned".into());
        assert_eq!(deliver("assigned", &settings, Tz::UTC, now, false), expected, "it may pass");
    }
}

#[test]
fn quiet_hours_follow_the_wall_clock_across_clock_changes() {
    for zone in [Tz::Europe__Berlin, Tz::America__New_York, Tz::Asia__Shanghai, Tz::Australia__Lord_Howe] {
        for (from, to) in [(22, 7), (2, 3), (0, 6), (13, 14), (23, 0)] {
            let hours = quiet(from, to);
            for half in 0..366 * 48 {
                let now = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(30 * half);
                let hour = now.with_timezone(&zone).hour();
                let inside = if from < to { (from..to).contains(&hour) } else { hour >= from || hour < to };
                assert_eq!(is_quiet(hours, zone, now), inside, "{zone} {now}");
            }
        }
    }
}

#[test]
fn every_notice_kind_has_a_word_that_settings_know() {
    let words: BTreeSet<String> = samples::one_of_each().iter().map(NoticeKind::word).collect();
    assert_eq!(words, EVENTS.map(str::to_owned).into(), "nothing is told that nobody can set, and nothing set that is never told");
    assert_eq!(usual("something new"), Level::Badge);
}

#[test]
fn settings_are_ones_own_and_name_what_exists() {
    let mut desk = Desk::new();
    let ana = desk.who(ANA);
    let put = |settings: &NoticeSettings| Command::PutNoticeSettings(Box::new(settings.clone()));
    let good = NoticeSettings { quiet: Some(quiet(22, 7)), ..NoticeSettings::usual(id(ANA)) };
    desk.run(&ana, &put(&good)).unwrap();
    assert_eq!(desk.directory.notice_settings[&id(ANA)].quiet, good.quiet);
    assert_eq!(desk.run(&desk.who(BEN), &put(&good)).unwrap_err().code, "forbidden");
    let mut unknown = good.clone();
    unknown.levels.insert("asigned".into(), Level::None);
    let refusal = desk.run(&ana, &put(&unknown)).unwrap_err();
    assert_eq!(refusal.code, "event_unknown");
    assert!(refusal.message.contains("assigned"), "{}", refusal.message);
    assert_eq!(desk.run(&ana, &put(&NoticeSettings { quiet: Some(quiet(7, 7)), ..good })).unwrap_err().code, "quiet_empty");
}

#[test]
fn a_storm_of_waiting_tickets_tells_the_lead_once() {
    let mut desk = Desk::new();
    for who in [ANA, BEN] {
        desk.run(&desk.who(who), &Command::SetPresence { presence: Presence::Away }).unwrap();
    }
    let count = |desk: &Desk| {
        desk.told(LEA)
            .iter()
            .map(|kind| match kind {
                NoticeKind::NobodyEligible { queue, count, .. } => {
                    assert_eq!(*queue, Some(id(PUMPS)));
                    *count
                }
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    for _ in 0..500 {
        let number = desk.create();
        let outcome = desk.decide(&JOB, &Command::AutoAssign { number }).unwrap();
        assert!(outcome.changes.len() < 10);
        desk.run_unchecked(&JOB, &Command::AutoAssign { number });
    }
    desk.check();
    assert_eq!(count(&desk), [500], "one notice, and how many wait");
    let notice = desk.notices.values().next().unwrap().clone();
    assert_eq!((notice.version, notice.ticket), (500, Some(crate::domain::id::TicketNumber(500))), "the latest");
    // Read, the next one is news again.
    desk.run(&desk.who(LEA), &Command::DismissNotice { notice: notice.id }).unwrap();
    let number = desk.create();
    desk.run(&JOB, &Command::AutoAssign { number }).unwrap();
    assert_eq!(desk.notices.values().filter(|notice| !notice.read).count(), 1);
}
