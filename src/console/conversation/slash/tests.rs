//! Lines and what they mean, and what is said of those that mean nothing.

use super::parse::{Names, SlashError, parse};
use super::{Act, command_of, literal};
use crate::console::locale::{Language, Locale};
use crate::console::panes::sample::{Sample, person_id, queue_id};
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Priority, Status};

fn read(line: &str) -> Result<Act, SlashError> {
    let sample = Sample::new(Language::English);
    let context = sample.context();
    parse(line, Names { directory: context.directory, me: context.me, queue: None, now: context.now, zone: context.zone })
}

#[test]
fn commands_are_read_in_both_languages() {
    for (line, act) in [
        ("assign @li.na", Act::Assign(person_id(3))),
        ("分配 李娜", Act::Assign(person_id(3))),
        ("ASSIGN me", Act::Assign(person_id(1))),
        ("status pending", Act::Status(Status::Pending)),
        ("状态 已解决", Act::Status(Status::Solved)),
        ("status hold", Act::Status(Status::OnHold)),
        ("priority HIGH", Act::Priority(Priority::High)),
        ("优先级 紧急", Act::Priority(Priority::Urgent)),
        ("tag pump, #night，夜班", Act::Tag(vec!["pump".into(), "night".into(), "夜班".into()])),
        ("untag pump", Act::Untag(vec!["pump".into()])),
        ("claim", Act::Claim),
        ("认领", Act::Claim),
        ("release", Act::Release(None)),
        ("release  lunch break ", Act::Release(Some("lunch break".into()))),
        ("move payments", Act::Move(queue_id(2))),
        ("转队列 加油设备", Act::Move(queue_id(1))),
        ("merge #1042", Act::Merge(TicketNumber(1042))),
        ("link 7", Act::Link(TicketNumber(7))),
        ("escalate pump dark", Act::Escalate { tier: 2, person: None, note: "pump dark".into() }),
        ("escalate 3 pump dark\ntwice", Act::Escalate { tier: 3, person: None, note: "pump dark\ntwice".into() }),
        ("升级 @tom 黑屏", Act::Escalate { tier: 2, person: Some(person_id(4)), note: "黑屏".into() }),
    ] {
        assert_eq!(read(line), Ok(act), "{line}");
    }
}

#[test]
fn a_reminder_begins_with_its_time() {
    let sample = Sample::new(Language::English);
    let now = sample.context().now;
    for (line, after, text) in [("remind 2h call them", 120, "call them"), ("提醒 30分钟后 回电", 30, "回电"), ("remind 1h", 60, "")]
    {
        let at = now + chrono::Duration::minutes(after);
        assert_eq!(read(line), Ok(Act::Remind { at, text: text.into() }), "{line}");
    }
    assert_eq!(read("remind call them"), Err(SlashError::NotATime { key: "slash-no-time" }));
    assert!(matches!(read("remind "), Err(SlashError::Missing { .. })));
}

#[test]
fn what_is_wrong_is_said_with_the_nearest_word() {
    let locale = Locale::new(Language::English);
    for (line, wrong, near) in [
        ("asign @li.na", "/asign", "/assign"),
        ("assign @lina", "@lina", "@li.na"),
        ("status pendin", "pendin", "pending"),
        ("priority hihg", "hihg", "high"),
        ("move paymets", "paymets", "payments"),
    ] {
        let sentence = read(line).unwrap_err().sentence(&locale);
        assert!(sentence.contains(wrong) && sentence.contains(near), "{line}: {sentence}");
    }
    for line in ["assign", "status", "priority ", "tag", "tag ,", "escalate", "escalate 2", "escalate @tom", "move", "merge", "snippet"] {
        assert!(matches!(read(line), Err(SlashError::Missing { .. })), "{line}");
    }
    for line in ["merge x", "merge #", "link 0", "merge -4"] {
        assert!(matches!(read(line), Err(SlashError::NotANumber { .. })), "{line}");
    }
    assert_eq!(read("zzzzqqq"), Err(SlashError::Unknown { typed: "/zzzzqqq".into(), nearest: None }));
    assert!(matches!(read(""), Err(SlashError::Unknown { .. })));
}

#[test]
fn a_doubled_slash_is_text() {
    assert_eq!(command_of("/assign x"), Some("assign x"));
    assert_eq!(command_of("／分配 x"), Some("分配 x"), "as an input method types it");
    assert_eq!(command_of("  /claim"), Some("claim"));
    assert_eq!(command_of("//etc/hosts"), None);
    assert_eq!(command_of("see /etc"), None);
    assert_eq!(literal("//etc/hosts"), "/etc/hosts");
    assert_eq!(literal("a // b"), "a // b");
}

#[test]
fn every_word_of_the_table_is_read_and_no_two_are_alike() {
    let mut words: Vec<&str> = super::words::VERBS.iter().flat_map(|row| [row.name, row.chinese]).collect();
    words.sort_unstable();
    let count = words.len();
    words.dedup();
    assert_eq!(words.len(), count);
    for language in Language::ALL {
        let locale = Locale::new(language);
        for row in super::words::VERBS {
            assert_ne!(locale.text(row.help), row.help);
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_line_breaks_it(line in ".{0,60}") {
        if let Err(error) = read(&line) {
            let _ = error.sentence(&Locale::new(Language::Chinese));
        }
    }
}
