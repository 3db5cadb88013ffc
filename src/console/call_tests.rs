//! Calls for an expert on whole screens: the form, being called, answering, the briefing.

use std::sync::Arc;

use chrono::{Duration, NaiveTime};
use serde_json::json;

use super::locale::Language;
use super::testing::{FakeDesk, Screen, id, now, person};
use crate::client::view::ConversationItem;
use crate::domain::command::Command;
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::escalation::{Escalation, EscalationReason, EscalationState, Verdict};
use crate::domain::id::{ConversationId, TicketNumber};
use crate::domain::person::{AgentState, Person, Presence, Role, Skill};
use crate::domain::roster::{Rota, RotaMember, ShiftType};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn expert(n: u128, handle: &str, name: &str, tier: u8, skills: &[(&str, u8)]) -> Person {
    let skills = skills.iter().map(|(name, level)| Skill { name: (*name).into(), level: *level }).collect();
    Person { role: Role::Expert, tier, skills, ..person(n, handle, name) }
}

fn rota(like: &Rota, n: u128, tier: u8, members: &[u128]) -> Rota {
    let day = ShiftType { colour: None, code: "D".into(), name: "Day".into(), start: NaiveTime::MIN, end: NaiveTime::MIN, night: false };
    Rota {
        id: id(n),
        key: format!("tier{tier}"),
        name: format!("Tier {tier}"),
        queues: vec![id(10)],
        tier,
        shift_types: vec![day],
        pattern: vec![Some("D".into())],
        starts_on: now().date_naive() - Duration::days(30),
        members: members.iter().map(|person| RotaMember { person: id(*person), offset_days: 0 }).collect(),
        active: true,
        ..like.clone()
    }
}

/// Eve (there), Omar (away) and 陈工 (tier 3, busy) on duty; Yuki is not.
fn desk() -> Arc<FakeDesk> {
    FakeDesk::made(6, |directory, states| {
        for one in [
            expert(11, "eve", "Eve Karlsson", 2, &[("pumps", 5)]),
            expert(12, "omar", "Omar Haddad", 2, &[("Pumps", 3), ("网络", 4)]),
            expert(13, "chen.gong", "陈工", 3, &[("payments", 5)]),
            expert(14, "yuki", "Yuki Tanaka", 3, &[]),
        ] {
            directory.people.insert(one.id, one);
        }
        let front = directory.rotas[&id(20)].clone();
        for one in [rota(&front, 21, 2, &[11, 12]), rota(&front, 22, 3, &[13])] {
            directory.rotas.insert(one.id, one);
        }
        for (n, presence, open_tickets) in [(11, Presence::Available, 3), (12, Presence::Away, 0), (13, Presence::Busy, 2)] {
            states.insert(id(n), AgentState { presence, open_tickets, ..AgentState::unseen(id(n), now()) });
        }
    })
}

pub(super) fn call(n: u128, number: i64, expert: u128, asked_by: u128, state: EscalationState) -> Escalation {
    Escalation {
        id: id(n),
        version: 1,
        ticket: TicketNumber(number),
        asked_by: id(asked_by),
        expert: id(expert),
        tier: 2,
        skill: None,
        code: EscalationReason::Skill,
        reason: "三号机显示屏黑屏, firmware 2.1 unknown to us".into(),
        tried: "restarted twice".into(),
        takes_over: false,
        state,
        result: None,
        verdict: None,
        asked_at: now() - Duration::seconds(28),
        accept_by: Some(now() + Duration::seconds(92)),
        follows: None,
        answered_at: None,
        joined_at: None,
        off_duty_at: None,
        ended_at: None,
    }
}

fn calls_made(desk: &FakeDesk) -> Vec<Command> {
    let submitted = desk.submitted.lock().unwrap();
    submitted.iter().map(|(command, _)| command.clone()).filter(|command| !matches!(command, Command::AcceptTicket { .. })).collect()
}

#[tokio::test]
async fn one_key_and_enter_call_an_expert() {
    for open in ["e enter", "enter e enter"] {
        let desk = desk();
        let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
        screen.press(open).await;
        let made = calls_made(&desk);
        let [Command::Escalate(asked)] = &made[..] else { panic!("{made:?}") };
        assert_eq!((asked.number, asked.tier, asked.person, &asked.skill), (TicketNumber(1), 2, None, &None));
        assert_eq!((asked.reason, asked.takes_over), (EscalationReason::Skill, false));
        assert_eq!(asked.note, "Needs knowledge we lack", "the reason stands for the words that nobody typed");
        assert!(screen.snapshot().contains("being called into #1"));
    }
}

#[tokio::test]
async fn all_of_the_form_is_filled_in_by_keys_in_chinese_too() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::Chinese, 80, 24).await;
    screen.press("e").await;
    screen.text("陈工").await;
    screen.press("tab right tab").await;
    screen.text("固件版本未知").await;
    screen.press("tab").await;
    screen.text("重启两次").await;
    screen.press("ctrl-j").await;
    screen.text("换过电源").await;
    screen.press("tab right enter").await;
    let made = calls_made(&desk);
    let [Command::Escalate(asked)] = &made[..] else { panic!("{made:?}") };
    assert_eq!((asked.person, asked.tier, asked.reason), (Some(id(13)), 3, EscalationReason::Authority));
    assert_eq!((asked.note.as_str(), asked.tried.as_str(), asked.takes_over), ("固件版本未知", "重启两次\n换过电源", true));
}

#[tokio::test]
async fn a_skill_is_found_by_typing_and_a_form_closed_unsent_comes_back_as_it_was() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("e").await;
    screen.text("pumps").await;
    assert!(screen.snapshot().contains("Calls Eve Karlsson") && screen.snapshot().contains("then Omar"), "{}", screen.snapshot());
    screen.press("down tab tab").await;
    screen.text("no idea").await;
    screen.press("esc e").await;
    let shown = screen.snapshot();
    assert!(shown.contains("no idea"), "{shown}");
    screen.press("enter").await;
    let made = calls_made(&desk);
    assert!(
        matches!(&made[..], [Command::Escalate(asked)] if asked.skill.as_deref() == Some("pumps") && asked.note == "no idea"),
        "{made:?}"
    );
}

#[tokio::test]
async fn nothing_that_nobody_fits_is_sent_and_pasted_text_is_words() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("e").await;
    screen.text("zzz").await;
    screen.press("enter").await;
    assert!(calls_made(&desk).is_empty() && screen.snapshot().contains("Nothing matches"));
    screen.press("ctrl-u tab").await;
    screen.app.handle(super::app::Msg::Paste("line one\nline\u{1b}[2J two".into()));
    screen.settle().await;
    screen.press("enter").await;
    let made = calls_made(&desk);
    assert!(matches!(&made[..], [Command::Escalate(asked)] if asked.note == "line one\nline␛[2J two"), "{made:?}");
}

#[tokio::test]
async fn the_form_looks_as_agreed() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = desk();
            let mut screen = Screen::open(desk, language, width, height).await;
            screen.press("e").await;
            insta::assert_snapshot!(format!("escalate-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("tab tab").await;
            screen.text("三号机黑屏 firmware 2.1").await;
            screen.press("tab").await;
            screen.text("restarted twice, changed the power supply").await;
            screen.resize(width, height).await;
            insta::assert_snapshot!(format!("escalate-filled-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
    }
}

#[tokio::test]
async fn being_called_is_told_wherever_one_is_and_counts_down() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = desk();
            desk.calls.lock().unwrap().push(call(1, 2, 1, 3, EscalationState::Asked));
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            insta::assert_snapshot!(format!("called-list-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("j enter").await;
            insta::assert_snapshot!(format!("called-ticket-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("E").await;
            insta::assert_snapshot!(format!("called-answer-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
    }
}

#[tokio::test]
async fn who_is_called_answers_from_an_empty_list_as_well() {
    let desk = desk();
    desk.calls.lock().unwrap().push(call(1, 2, 1, 3, EscalationState::Asked));
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("/").await;
    screen.text("no such ticket anywhere").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("calls you"), "{}", screen.snapshot());
    screen.press("E").await;
    assert!(screen.snapshot().contains("Calls for an expert"), "{}", screen.snapshot());
    screen.press("enter").await;
    assert!(matches!(calls_made(&desk)[..], [Command::AnswerEscalation { accept: true, .. }]), "{:?}", calls_made(&desk));
}

#[tokio::test]
async fn the_clock_to_answer_runs_on_screen() {
    let desk = desk();
    desk.calls.lock().unwrap().push(call(1, 2, 1, 3, EscalationState::Asked));
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    assert!(screen.snapshot().contains("answer within 1:32"), "{}", screen.snapshot());
    assert_eq!(screen.app.model.next_tick(), now() + Duration::seconds(1));
    screen.clock.advance(Duration::seconds(40));
    screen.app.handle(super::app::Msg::Tick);
    screen.settle().await;
    assert!(screen.snapshot().contains("answer within 0:52"), "{}", screen.snapshot());
    desk.call(Vec::clear);
    screen.settle().await;
    assert!(screen.app.model.next_tick() > now() + Duration::seconds(41), "without a call nothing ticks by the second");
}

#[tokio::test]
async fn accepting_opens_the_ticket_and_being_there_is_joining_with_the_briefing() {
    let desk = desk();
    desk.calls.lock().unwrap().push(call(1, 2, 1, 3, EscalationState::Asked));
    // Another ticket is selected, and the call is answered all the same.
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("E enter").await;
    let accept = Command::AnswerEscalation { number: TicketNumber(2), escalation: id(1), accept: true, reason: None };
    assert_eq!(calls_made(&desk), std::slice::from_ref(&accept));
    assert!(screen.snapshot().contains(">Ticket") && screen.snapshot().contains("#2 "), "{}", screen.snapshot());
    desk.call(|calls| calls[0].state = EscalationState::Accepted);
    screen.settle().await;
    desk.change(|_| {});
    screen.settle().await;
    let join = Command::JoinEscalation { number: TicketNumber(2), escalation: id(1) };
    assert_eq!(calls_made(&desk), [accept, join], "once");
    assert!(screen.snapshot().contains("[brief]"), "{}", screen.snapshot());
}

#[tokio::test]
async fn who_only_passes_over_a_ticket_in_the_list_does_not_join() {
    let desk = desk();
    desk.calls.lock().unwrap().push(call(1, 1, 1, 3, EscalationState::Accepted));
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 200, 60).await;
    screen.press("j k").await;
    assert!(calls_made(&desk).is_empty(), "{:?}", calls_made(&desk));
    screen.press("enter").await;
    assert_eq!(calls_made(&desk), [Command::JoinEscalation { number: TicketNumber(1), escalation: id(1) }]);
}

#[tokio::test]
async fn declining_leaving_and_taking_back_say_why() {
    let desk = desk();
    desk.calls.lock().unwrap().push(call(1, 1, 1, 3, EscalationState::Asked));
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("E down enter").await;
    screen.text("I am on a train").await;
    screen.press("enter").await;
    let reason = || Some("I am on a train".to_owned());
    let number = TicketNumber(1);
    assert_eq!(calls_made(&desk), [Command::AnswerEscalation { number, escalation: id(1), accept: false, reason: reason() }]);
    desk.submitted.lock().unwrap().clear();
    desk.call(|calls| calls[0].state = EscalationState::Joined);
    screen.settle().await;
    screen.press("E enter right tab").await;
    screen.text("阀门卡住").await;
    screen.press("enter").await;
    let left = Command::LeaveEscalation { number, escalation: id(1), result: Verdict::Advice, note: "阀门卡住".into() };
    assert_eq!(calls_made(&desk), [left]);
    desk.submitted.lock().unwrap().clear();
    desk.call(|calls| calls[0] = call(2, 1, 11, 1, EscalationState::Asked));
    screen.settle().await;
    screen.press("E").await;
    assert!(screen.snapshot().contains("Take back the call of Eve Karlsson"), "{}", screen.snapshot());
    screen.press("enter enter").await;
    assert_eq!(calls_made(&desk), [Command::WithdrawEscalation { number, escalation: id(2), reason: None }]);
}

#[tokio::test]
async fn a_verdict_without_words_is_said_in_the_words_of_its_code() {
    let desk = desk();
    desk.calls.lock().unwrap().push(call(1, 1, 1, 3, EscalationState::Joined));
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("E enter").await;
    insta::assert_snapshot!("verdict-en-80x24", screen.snapshot());
    screen.press("enter").await;
    let made = calls_made(&desk);
    assert!(matches!(&made[..], [Command::LeaveEscalation { result: Verdict::Solved, note, .. }] if note == "solved"), "{made:?}");
}

#[tokio::test]
async fn all_states_are_told_by_glyph_word_and_colour() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = desk();
            let states = [
                (EscalationState::Declined, 14),
                (EscalationState::Unanswered, 12),
                (EscalationState::Withdrawn, 3),
                (EscalationState::Left, 13),
                (EscalationState::Joined, 11),
                (EscalationState::Accepted, 13),
                (EscalationState::Asked, 12),
            ];
            let mut calls: Vec<_> = (1..).zip(states).map(|(n, (state, who))| call(n, 1, who, 1, state)).collect();
            (calls[0].verdict, calls[0].ended_at) = (Some("on a train".into()), Some(now()));
            (calls[3].result, calls[3].verdict) = (Some(Verdict::NeedsVendor), Some("阀门要换".into()));
            calls[4].takes_over = true;
            calls.push(call(20, 2, 11, 1, EscalationState::Asked));
            calls.push(call(21, 3, 11, 1, EscalationState::Accepted));
            *desk.calls.lock().unwrap() = calls;
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            insta::assert_snapshot!(format!("calls-list-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("enter").await;
            insta::assert_snapshot!(format!("calls-ticket-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("]").await;
            insta::assert_snapshot!(format!("calls-details-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
    }
}

#[tokio::test]
async fn chats_shows_the_calls_of_a_conversation_and_answers_them() {
    for language in Language::ALL {
        let desk = desk();
        desk.calls.lock().unwrap().push(call(1, 2, 1, 3, EscalationState::Asked));
        let conversation = Conversation {
            id: ConversationId(uuid::Uuid::from_u128(50)),
            version: 1,
            kind: ConversationKind::Escalation,
            title: "Checkout latency p99 > 3s".into(),
            topic: None,
            ticket: Some(TicketNumber(2)),
            queue: None,
            incident: None,
            region: None,
            members: vec![id(1), id(3)],
            last_seq: 1,
            last_message_at: None,
            created_at: now(),
        };
        let item = ConversationItem { conversation: Arc::new(conversation), unread: 1, mentioned: false, muted: false, last: None };
        desk.conversations.lock().unwrap().push(item);
        let mut screen = Screen::open(Arc::clone(&desk), language, 120, 40).await;
        screen.press("5").await;
        insta::assert_snapshot!(format!("called-chats-{}-120x40", language.tag()), screen.snapshot());
        screen.press("E enter").await;
        assert!(matches!(&calls_made(&desk)[..], [Command::AnswerEscalation { accept: true, .. }]));
    }
}

pub(super) fn briefing() -> crate::domain::briefing::Briefing {
    let at = |minutes: i64| now() - Duration::minutes(minutes);
    let old = |number: i64, subject: &str| {
        json!({"number": number, "subject": subject, "kind": "incident", "status": "solved", "queue": uuid::Uuid::from_u128(10),
            "created_at": at(3_000), "solved_at": at(2_000)})
    };
    let mut similar = old(812, "三号机黑屏");
    similar["score"] = json!(74);
    similar["why"] = json!([{"type": "words", "words": ["黑屏", "三号"]}, {"type": "same_site"}]);
    similar["solution"] = json!("主板电池更换后恢复");
    serde_json::from_value(json!({
        "ticket": 2, "at": now(), "subject": "加油机无法启动,请帮忙", "opening": "加油机无法启动,请帮忙。三号机显示屏黑屏,重启两次没有用。",
        "queue": uuid::Uuid::from_u128(10), "kind": "incident", "priority": "high", "status": "open", "tier": 1,
        "tags": ["pump"], "fields": {"pump": "3", "firmware": "2.1"}, "created_at": at(180), "requester_name": "客户 Chen",
        "requester_tickets": [old(701, "Receipt printer jams")],
        "site_tickets": [old(640, "No water at the wash")],
        "timeline": [
            {"at": at(180), "what": "asked", "who": "客户 Chen", "text": "加油机无法启动", "seq": 1},
            {"at": at(170), "what": "assigned", "who": "desk", "text": "-> 李娜"},
            {"at": at(160), "what": "replied", "who": "李娜", "text": "We look into it.", "seq": 2},
            {"at": at(20), "what": "sla", "who": "desk", "text": "first warning"},
            {"at": at(2), "what": "escalation", "who": "李娜", "text": "called 陈工"}
        ],
        "timeline_left_out": 3,
        "tried": [
            {"at": at(30), "person": uuid::Uuid::from_u128(1), "name": "李娜", "in": {"type": "note", "seq": 3}, "text": "runbook pay-7 step 3"},
            {"at": at(2), "person": uuid::Uuid::from_u128(1), "name": "李娜", "in": {"type": "call"}, "text": "restarted twice\nchanged the power supply"}
        ],
        "calls": [call(1, 2, 13, 1, EscalationState::Accepted)],
        "attachments": [{"message": uuid::Uuid::from_u128(9), "seq": 1, "at": at(180), "name": "screen.png", "media_type": "image/png", "size": 48_213}],
        "similar": [similar],
        "people": [
            {"person": uuid::Uuid::from_u128(1), "handle": "li.na", "name": "李娜", "part": "assignee", "tier": 1, "presence": "available", "on_duty": true},
            {"person": uuid::Uuid::from_u128(13), "handle": "chen.gong", "name": "陈工", "part": "expert", "tier": 3, "presence": "busy",
                "on_duty": false, "call": "accepted"}
        ]
    }))
    .unwrap()
}

#[tokio::test]
async fn the_briefing_is_one_page_that_scrolls() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let desk = desk();
            *desk.briefing.lock().unwrap() = Some(Arc::new(briefing()));
            let mut screen = Screen::open(Arc::clone(&desk), language, width, height).await;
            screen.press("j enter b").await;
            insta::assert_snapshot!(format!("briefing-{}-{width}x{height}", language.tag()), screen.snapshot());
            assert_eq!(screen.control_cells(), 0);
            screen.press("G").await;
            assert!(screen.snapshot().contains("10:10"), "its end says when it was made: {}", screen.snapshot());
        }
    }
}

#[tokio::test]
async fn without_the_link_the_briefing_is_what_the_console_knows() {
    let desk = desk();
    desk.calls.lock().unwrap().push(call(1, 2, 13, 1, EscalationState::Declined));
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("j enter b").await;
    let shown = screen.snapshot();
    assert!(shown.contains("no server") && shown.contains("restarted twice") && shown.contains("runbook"), "{shown}");
}
