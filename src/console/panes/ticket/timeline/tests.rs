//! A life drawn: both languages, three widths, its parts.

use chrono::TimeDelta;
use uuid::Uuid;

use super::*;
use crate::console::locale::Language;
use crate::console::panes::sample::{Sample, now, person_id, queue_id};
use crate::domain::audit::FieldChange;
use crate::domain::conversation::MessageRef;
use crate::domain::id::MessageId;
use crate::domain::sla::ClockKind;
use crate::domain::ticket::Status;

fn life() -> Vec<TimelineEntry> {
    let person = |n: u128, name: &str| Who::Person { id: person_id(n), name: name.into() };
    let requester = Who::Requester { name: "陈\u{1b}[2J先生".into() };
    let desk = Who::Desk { job: "assign".into() };
    let message = |seq: i64, visibility, text: &str| What::Message {
        id: MessageId(Uuid::from_u128(u128::from(seq.cast_unsigned()))),
        seq,
        visibility,
        text: text.into(),
        attachments: if seq == 1 { vec!["pump.jpg".into()] } else { Vec::new() },
        edited_at: (seq == 3).then(now),
        split_into: (seq == 1).then_some(TicketNumber(1099)),
        copy_of: (seq == 2).then(|| MessageRef { ticket: TicketNumber(1001), message: MessageId::default(), seq: 4, at: now() }),
    };
    let change = FieldChange { field: "tags".into(), from: serde_json::Value::Null, to: serde_json::json!(["pump"]) };
    let whats = [
        (requester.clone(), None, What::Opened { queue: Some(queue_id(1)) }),
        (
            requester.clone(),
            None,
            message(
                1,
                Visibility::Public,
                "Pump 4 does not start. It blinks, it beeps, and then it is silent for a long while; customers wait.",
            ),
        ),
        (desk.clone(), None, What::Assigned { person: person_id(1), reason: AssignmentReason::Automatic }),
        (person(1, "张伟"), None, message(2, Visibility::Internal, "runbook pay-7")),
        (desk.clone(), None, What::Clock { clock: ClockKind::FirstResponse, step: "breach".into(), due_at: now() }),
        (desk.clone(), None, What::Unassigned { person: person_id(1), reason: EndReason::NotAccepted }),
        (
            person(1, "张伟"),
            None,
            What::Called {
                expert: person_id(3),
                tier: 2,
                code: EscalationReason::Outage,
                reason: "Three pumps".into(),
                tried: "restarted".into(),
            },
        ),
        (
            person(3, "Maria"),
            None,
            What::Answered { expert: person_id(3), state: EscalationState::Declined, reason: Some("asleep".into()) },
        ),
        (
            person(3, "Maria"),
            None,
            What::Left { expert: person_id(3), result: Some(Verdict::NeedsVendor), note: Some("Ask the vendor".into()) },
        ),
        (person(1, "张伟"), None, What::TookIn { number: TicketNumber(1001) }),
        (requester.clone(), Some(TicketNumber(1001)), message(3, Visibility::Public, "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight")),
        (person(1, "张伟"), None, What::Changed { action: "add_tag".into(), changes: vec![change], reason: None }),
        (person(1, "张伟"), None, What::Status { from: Status::Open, to: Status::Solved }),
        (requester, None, What::Rated { score: 2, words: "broke again".into() }),
    ];
    let count = i64::try_from(whats.len()).unwrap();
    let entry = |(index, (who, from, what))| {
        let back = count - i64::try_from(index).unwrap();
        TimelineEntry { at: now() - TimeDelta::seconds(back * back * 97), who, from, what }
    };
    whats.into_iter().enumerate().map(entry).collect()
}

fn shown(language: Language, width: usize, life: &Life) -> String {
    let sample = Sample::new(language);
    let lines = life.lines(width, &sample.context());
    let lines = lines.iter().map(|line| line.spans.iter().map(|span| span.content.as_ref()).collect::<String>());
    let lines: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
    for line in &lines {
        assert!(text::width(line) <= width, "{} cells of {width}: {line}", text::width(line));
        assert!(!line.contains('\u{1b}'));
    }
    lines.join("\n")
}

#[test]
fn a_life_reads_in_both_languages_at_three_widths() {
    let mut life_shown = Life::default();
    life_shown.put(Ok(Arc::new(life())));
    for language in Language::ALL {
        for width in [54, 80, 120] {
            insta::assert_snapshot!(format!("timeline-{}-{width}", language.tag()), shown(language, width, &life_shown));
        }
    }
}

#[test]
fn parts_follow_each_other_and_end_where_they_began() {
    let mut life_shown = Life::default();
    assert!(life_shown.asks());
    life_shown.put(Err("no link".into()));
    assert!(life_shown.asks(), "a failure is asked again");
    life_shown.put(Ok(Arc::new(life())));
    assert!(!life_shown.asks());
    let all = shown(Language::English, 80, &life_shown);
    let mut seen = vec![all.clone()];
    for _ in 0..3 {
        life_shown.next_part();
        let part = shown(Language::English, 80, &life_shown);
        assert!(!seen.contains(&part));
        seen.push(part);
    }
    assert!(!seen[3].contains("runbook"), "what the requester sees");
    life_shown.next_part();
    assert_eq!(shown(Language::English, 80, &life_shown), all);
    life_shown.forget();
    assert!(life_shown.asks());
}
