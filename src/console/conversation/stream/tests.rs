//! Long conversations, marks, and what is asked for as one scrolls.

use std::sync::Arc;

use chrono::TimeDelta;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use uuid::Uuid;

use super::{Look, Stream};
use crate::client::view::OlderMessages;
use crate::console::action::Action;
use crate::console::effect::{Effect, Load};
use crate::console::locale::Language;
use crate::console::panes::sample::{Sample, now, person_id};
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::id::{ConversationId, MessageId};

fn place() -> ConversationId {
    ConversationId(Uuid::from_u128(1))
}

fn message(seq: i64, text: &str) -> Arc<Message> {
    Arc::new(Message {
        id: MessageId(Uuid::from_u128(1000 + u128::try_from(seq).unwrap())),
        version: 1,
        conversation: place(),
        ticket: None,
        seq,
        author: Author::Person { id: person_id(2) },
        visibility: Visibility::Internal,
        text: text.into(),
        line: None,
        attachments: Vec::new(),
        mentions: Vec::new(),
        reply_to: None,
        reactions: std::collections::BTreeMap::new(),
        pinned_by: None,
        edited_at: None,
        withheld: false,
        split_into: None,
        copy_of: None,
        created_at: now() - TimeDelta::minutes(5),
    })
}

fn messages(range: std::ops::RangeInclusive<i64>) -> Vec<Arc<Message>> {
    range.map(|seq| message(seq, &format!("message {seq}."))).collect()
}

fn draw(stream: &Stream, sample: &Sample, (width, height): (u16, u16)) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| stream.draw(frame, frame.area(), &Look { focused: true, tail: &[] }, &sample.context())).unwrap();
    terminal.backend().to_string()
}

#[test]
fn ten_thousand_messages_lay_out_only_what_is_seen() {
    let sample = Sample::new(Language::English);
    let mut stream = Stream::default();
    stream.put(place(), &messages(1..=10_000), false, 0);
    let end = draw(&stream, &sample, (60, 20));
    assert!(end.contains("message 10000.") && stream.at_end(), "{end}");
    for _ in 0..40 {
        stream.act(Action::Up, 1);
        let shown = draw(&stream, &sample, (60, 20));
        assert!(shown.contains("▸"), "the mark is always on screen: {shown}");
    }
    assert!(!stream.at_end());
    assert!(draw(&stream, &sample, (60, 20)).contains("message 9961."));
    stream.act(Action::First, 1);
    assert!(draw(&stream, &sample, (60, 20)).contains("message 1."));
    stream.act(Action::Last, 1);
    assert!(draw(&stream, &sample, (60, 20)).contains("message 10000."));
    assert!(stream.blocks.borrow().len() < 200, "{}", stream.blocks.borrow().len());
}

#[test]
fn scrolling_goes_there_and_back_again() {
    let sample = Sample::new(Language::English);
    let mut stream = Stream::default();
    let mut all = messages(1..=60);
    all[30] = message(31, &"a long one. ".repeat(200));
    stream.put(place(), &all, false, 0);
    let first = draw(&stream, &sample, (50, 17));
    for _ in 0..9 {
        stream.act(Action::HalfPageUp, 1);
        draw(&stream, &sample, (50, 17));
    }
    assert_ne!(draw(&stream, &sample, (50, 17)), first);
    for _ in 0..9 {
        stream.act(Action::HalfPageDown, 1);
        draw(&stream, &sample, (50, 17));
    }
    assert_eq!(draw(&stream, &sample, (50, 17)), first);
    assert!(stream.at_end());
}

#[test]
fn a_message_taller_than_the_screen_is_read_through() {
    let sample = Sample::new(Language::English);
    let mut stream = Stream::default();
    let tall: String = (0..60).map(|n| format!("line {n};\n")).collect();
    stream.put(place(), &[message(1, "before"), message(2, &tall), message(3, "after")], false, 0);
    draw(&stream, &sample, (40, 10));
    stream.act(Action::First, 1);
    let mut seen = draw(&stream, &sample, (40, 10));
    for _ in 0..20 {
        stream.act(Action::Down, 1);
        seen.push_str(&draw(&stream, &sample, (40, 10)));
    }
    for n in 0..60 {
        assert!(seen.contains(&format!("line {n};")), "line {n} was never shown");
    }
    assert!(stream.at_end());
}

#[test]
fn earlier_messages_are_asked_for_once_and_stand_before() {
    let sample = Sample::new(Language::English);
    let mut stream = Stream::default();
    stream.put(place(), &messages(801..=1000), true, 0);
    draw(&stream, &sample, (60, 20));
    assert_eq!(stream.wants_older(), None, "the end is far from the first");
    stream.act(Action::First, 1);
    draw(&stream, &sample, (60, 20));
    let asked = Effect::Load(Load::Older { conversation: place(), before: 801, limit: 200 });
    assert_eq!((stream.wants_older(), stream.wants_older()), (Some(asked), None));
    assert!(draw(&stream, &sample, (60, 20)).contains("loading older"));
    let before = draw(&stream, &sample, (60, 20));
    stream.put_older(place(), 801, OlderMessages { messages: messages(601..=800), older: true, complete: true });
    let after = draw(&stream, &sample, (60, 20));
    assert!(before.contains("message 801.") && after.contains("message 801."), "what is read stays in sight: {after}");
    // New ones at the end do not throw the earlier ones away.
    stream.put(place(), &messages(802..=1001), true, 0);
    stream.act(Action::First, 1);
    assert!(draw(&stream, &sample, (60, 20)).contains("message 601."));
    // After a gap they would not adjoin.
    stream.put(place(), &messages(1203..=1402), true, 0);
    stream.act(Action::First, 1);
    assert!(draw(&stream, &sample, (60, 20)).contains("message 1203."));
}

#[test]
fn a_far_message_is_marked_when_it_comes() {
    let sample = Sample::new(Language::English);
    let mut stream = Stream::default();
    stream.put(place(), &messages(801..=1000), true, 0);
    stream.jump(500);
    let Some(Effect::Load(Load::Older { limit, .. })) = stream.wants_older() else { panic!("it asks") };
    assert!(limit >= 301);
    stream.put_older(place(), 801, OlderMessages { messages: messages(460..=800), older: true, complete: true });
    stream.look_for("500");
    assert!(draw(&stream, &sample, (60, 20)).contains("message 500."));
    assert_eq!(stream.selected().unwrap().seq, 500);
}

#[test]
fn a_message_says_all_about_itself() {
    let mut sample = Sample::new(Language::English);
    sample.me = person_id(1);
    let mut stream = Stream::default();
    let first = message(1, "Is pump 3 dark?");
    let mut reply = (*message(2, "Yes, see #1042 and ask @maria")).clone();
    reply.reply_to = Some(first.id);
    reply.edited_at = Some(now());
    reply.pinned_by = Some(person_id(1));
    reply.reactions.insert("ok".into(), vec![person_id(1), person_id(3)]);
    let mut secret = (*message(3, "")).clone();
    (secret.withheld, secret.visibility) = (true, Visibility::Tier3);
    let mut mine = (*message(4, "on my way")).clone();
    (mine.author, mine.version) = (Author::Person { id: person_id(1) }, 0);
    stream.put(place(), &[first, Arc::new(reply), Arc::new(secret), Arc::new(mine)], false, 1);
    for language in Language::ALL {
        sample.locale = crate::console::locale::Locale::new(language);
        for size in [(40, 24), (80, 24)] {
            insta::assert_snapshot!(format!("stream-{}-{}", language.tag(), size.0), draw(&stream, &sample, size));
        }
    }
    stream.act(Action::Up, 2);
    assert!(stream.selected().is_none(), "what is withheld cannot be acted on");
}

#[test]
fn links_are_found_once_each() {
    let numbers: Vec<i64> = super::acts::links("#1042 and (#7), #1042; a#9 #x").into_iter().map(|number| number.0).collect();
    assert_eq!(numbers, [1042, 7]);
}

#[test]
fn no_size_breaks_it() {
    let sample = Sample::new(Language::Chinese);
    let mut stream = Stream::default();
    stream.put(place(), &messages(1..=30), true, 12);
    for width in [1, 2, 3, 4, 5, 9, 20, 60] {
        for height in [1, 2, 3, 5, 9] {
            for action in [Action::Up, Action::First, Action::PageUp, Action::PageDown, Action::Last, Action::Down] {
                stream.act(action, 1);
                draw(&stream, &sample, (width, height));
            }
        }
    }
    draw(&Stream::default(), &sample, (20, 5));
}
