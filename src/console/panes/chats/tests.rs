//! What keys and events do in the chats pane, and how it looks.

use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;

use super::ChatsPane;
use crate::client::drafts::Draft;
use crate::client::view::{Changed, ConversationDetail, ConversationItem};
use crate::console::action::{ACTIONS, Action};
use crate::console::effect::{Answer, Effect, Load, Loaded, QuestionKind};
use crate::console::key::{Key, KeyCode};
use crate::console::locale::Language;
use crate::console::pane::{Pane, PaneEvent};
use crate::console::panes::sample::{SIZES, Sample, fresh, now, person_id};
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::{Author, Conversation, ConversationKind, Message, Visibility};
use crate::domain::id::{ConversationId, MessageId, TicketNumber};

fn id(n: u128) -> ConversationId {
    ConversationId(Uuid::from_u128(600 + n))
}

fn conversation(n: u128, kind: ConversationKind, title: &str, members: &[u128]) -> Arc<Conversation> {
    Arc::new(Conversation {
        id: id(n),
        version: 1,
        kind,
        title: title.into(),
        topic: None,
        ticket: (kind == ConversationKind::Escalation).then_some(TicketNumber(1042)),
        queue: None,
        incident: None,
        region: None,
        members: members.iter().map(|n| person_id(*n)).collect(),
        last_seq: 4,
        last_message_at: Some(now()),
        created_at: now(),
    })
}

fn item(conversation: Arc<Conversation>, unread: i64, mentioned: bool) -> ConversationItem {
    ConversationItem { conversation, unread, muted: false, mentioned, last: None }
}

fn items() -> Loaded {
    Loaded::Conversations(vec![
        item(conversation(3, ConversationKind::Escalation, "3号加油机无法启动，显示屏一直闪烁", &[1, 4]), 0, false),
        item(conversation(1, ConversationKind::Channel, "general", &[]), 2, true),
        item(conversation(2, ConversationKind::Direct, "", &[1, 3]), 1, false),
    ])
}

fn message(conversation: u128, seq: i64, author: Author, text: &str, mentions: &[u128]) -> Arc<Message> {
    Arc::new(Message {
        id: MessageId(Uuid::from_u128(700 + u128::try_from(seq).unwrap())),
        version: 1,
        conversation: id(conversation),
        ticket: None,
        seq,
        author,
        visibility: Visibility::Internal,
        text: text.into(),
        line: None,
        attachments: Vec::new(),
        mentions: mentions.iter().map(|n| person_id(*n)).collect(),
        reply_to: None,
        reactions: std::collections::BTreeMap::new(),
        pinned_by: None,
        edited_at: None,
        split_into: None,
        copy_of: None,
        withheld: false,
        created_at: now() - TimeDelta::hours(30 - 7 * seq),
    })
}

fn detail(n: u128, read_seq: i64) -> Loaded {
    let by = |n| Author::Person { id: person_id(n) };
    let messages = vec![
        message(n, 1, by(2), "p99 rising since 09:58 \u{1b}[2J", &[]),
        message(n, 2, by(1), "收到，正在回滚。回滚之后我会把结果贴在这里，请大家先不要重新发布新的版本，谢谢。", &[]),
        message(n, 3, Author::System, "Escalated to Tom", &[]),
        message(n, 4, by(3), "@zhang.wei 需要二线支持吗？ cc @maria, @nobody", &[1, 2]),
    ];
    let kind = if n == 3 { ConversationKind::Escalation } else { ConversationKind::Channel };
    let detail = ConversationDetail {
        conversation: conversation(n, kind, "general", &[]),
        messages,
        complete: true,
        older: false,
        read_seq,
        muted: false,
    };
    Loaded::Conversation { id: id(n), detail: Some(Arc::new(detail)) }
}

fn shown(sample: &Sample) -> ChatsPane {
    let mut pane = ChatsPane::default();
    assert_eq!(pane.update(PaneEvent::Shown, &sample.context()), [Effect::Load(Load::Conversations)]);
    assert_eq!(sample.load(&mut pane, items()), [Effect::Load(Load::Conversation(id(1)))]);
    assert_eq!(sample.load(&mut pane, detail(1, 2)), []);
    pane
}

/// What a key does besides keeping the draft.
fn press(sample: &Sample, pane: &mut ChatsPane, key: Key) -> Vec<Effect> {
    let effects = pane.update(PaneEvent::Key(key), &sample.context());
    effects.into_iter().filter(|effect| !matches!(effect, Effect::Draft(_))).collect()
}

fn text(pane: &ChatsPane) -> String {
    pane.composer.as_ref().unwrap().text().to_owned()
}

fn write(sample: &Sample, pane: &mut ChatsPane, text: &str) {
    for char in text.chars() {
        assert_eq!(press(sample, pane, Key::char(char)), []);
    }
}

fn mark(seq: i64) -> Effect {
    Effect::Submit { command: Box::new(Command::MarkRead { conversation: id(1), seq }), base_version: None }
}

#[test]
fn screens() {
    for language in Language::ALL {
        let sample = Sample::new(language);
        let mut pane = shown(&sample);
        for size in SIZES {
            insta::assert_snapshot!(format!("chats-{}-{}x{}", language.tag(), size.0, size.1), sample.screen(&pane, size));
        }
        sample.act(&mut pane, Action::Compose);
        write(&sample, &mut pane, "好的 @li");
        insta::assert_snapshot!(format!("chats-composing-{}", language.tag()), sample.screen(&pane, (80, 24)));
    }
}

#[test]
fn what_is_written_is_sent_with_enter() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    assert_eq!(sample.act(&mut pane, Action::Compose), [mark(4)]);
    assert!(pane.captures_text());
    assert_eq!(press(&sample, &mut pane, Key::plain(KeyCode::Enter)), []);
    write(&sample, &mut pane, "中");
    press(&sample, &mut pane, Key::ctrl('j'));
    write(&sample, &mut pane, "b");
    let post = PostMessage {
        target: MessageTarget::Conversation { id: id(1) },
        message: MessageId(fresh()),
        visibility: Visibility::Internal,
        reply_to: None,
        files: Vec::new(),
        seen: None,
        text: "中\nb".into(),
        status: None,
    };
    let submit = Effect::Submit { command: Box::new(Command::PostMessage(Box::new(post))), base_version: None };
    assert_eq!(press(&sample, &mut pane, Key::plain(KeyCode::Enter)), [submit]);
    assert_eq!(text(&pane), "");
}

#[test]
fn an_escalation_is_answered_in_its_ticket() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let loads = [Effect::Load(Load::Conversation(id(3))), Effect::Load(Load::Ticket(TicketNumber(1042)))];
    assert_eq!(sample.act(&mut pane, Action::Last), loads);
    assert_eq!(sample.act(&mut pane, Action::OpenTicketOfChat), [Effect::OpenTicket(TicketNumber(1042))]);
    sample.act(&mut pane, Action::Compose);
    write(&sample, &mut pane, "ok");
    let effects = press(&sample, &mut pane, Key::plain(KeyCode::Enter));
    let [Effect::Submit { command, .. }] = &effects[..] else { panic!("{effects:?}") };
    let Command::PostMessage(post) = &**command else { panic!("{command:?}") };
    assert_eq!((post.target, post.visibility), (MessageTarget::Ticket { number: TicketNumber(1042) }, Visibility::Internal));
}

#[test]
fn drafts_stay_with_their_conversation() {
    let mut sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::Compose);
    for char in "draft".chars() {
        let effects = pane.update(PaneEvent::Key(Key::char(char)), &sample.context());
        let [Effect::Draft(draft)] = &effects[..] else { panic!("{effects:?}") };
        sample.drafts.put((**draft).clone(), now());
    }
    press(&sample, &mut pane, Key::plain(KeyCode::Escape));
    assert!(!pane.captures_text());
    sample.act(&mut pane, Action::Back);
    sample.act(&mut pane, Action::Down);
    let other = sample.screen(&pane, (80, 24));
    assert!(!other.contains("draft") && other.contains('✎'), "{other}");
    sample.act(&mut pane, Action::Up);
    assert!(sample.screen(&pane, (80, 24)).contains("draft"));
}

#[test]
fn a_message_taken_back_is_not_written_over() {
    let mut sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::Compose);
    write(&sample, &mut pane, "hi");
    press(&sample, &mut pane, Key::plain(KeyCode::Enter));
    press(&sample, &mut pane, Key::plain(KeyCode::Escape));
    // Undo makes a draft of it while the pane still has its empty composer.
    let (visibility, text) = (Visibility::Internal, "hi".to_owned());
    let draft = Draft { conversation: id(1), visibility, text, written_as: visibility, reply_to: None, changed_at: now() };
    sample.drafts.put(draft, now());
    sample.act(&mut pane, Action::Compose);
    write(&sample, &mut pane, "!");
    assert_eq!(text_of_draft(&sample, &mut pane), "hi!");
}

fn text_of_draft(sample: &Sample, pane: &mut ChatsPane) -> String {
    let effects = pane.update(PaneEvent::Key(Key::plain(KeyCode::Escape)), &sample.context());
    let [Effect::Draft(draft)] = &effects[..] else { panic!("{effects:?}") };
    draft.text.clone()
}

#[test]
fn reading_needs_somebody_there() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    assert_eq!(sample.act(&mut pane, Action::Down), [Effect::Load(Load::Conversation(id(2)))], "passing by is not reading");
    sample.act(&mut pane, Action::Up);
    assert_eq!(sample.load(&mut pane, detail(1, 2)), []);
    assert_eq!(sample.act(&mut pane, Action::Open), [mark(4)]);
    assert_eq!(sample.act(&mut pane, Action::Down), [], "once");
    // A message that comes while nobody touches a key stays unread.
    let Loaded::Conversation { detail: Some(detail), .. } = detail(1, 4) else { panic!() };
    let mut later = (*detail).clone();
    later.messages.push(message(1, 5, Author::System, "later", &[]));
    assert_eq!(sample.load(&mut pane, Loaded::Conversation { id: id(1), detail: Some(Arc::new(later)) }), []);
    assert_eq!(pane.update(PaneEvent::Tick, &sample.context()), []);
    assert_eq!(sample.act(&mut pane, Action::Down), [mark(5)]);
}

#[test]
fn a_list_of_people_opens_at_the_sign_and_tab_takes_the_marked_one() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::Compose);
    write(&sample, &mut pane, "@a");
    press(&sample, &mut pane, Key::plain(KeyCode::Tab));
    assert_eq!(text(&pane), "@li.na ");
    write(&sample, &mut pane, "@a");
    press(&sample, &mut pane, Key::plain(KeyCode::Down));
    press(&sample, &mut pane, Key::plain(KeyCode::Tab));
    assert_eq!(text(&pane), "@li.na @maria ");
    write(&sample, &mut pane, "@李");
    press(&sample, &mut pane, Key::plain(KeyCode::Tab));
    assert_eq!(text(&pane), "@li.na @maria @li.na ");
    press(&sample, &mut pane, Key::plain(KeyCode::Tab));
    assert!(!pane.captures_text(), "with nothing to complete Tab goes on");
}

#[test]
fn a_marked_message_is_answered_reacted_to_and_pinned() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    sample.act(&mut pane, Action::Open);
    assert_eq!(pane.disabled(Action::React, &sample.context()), Some("message-disabled-none"));
    sample.act(&mut pane, Action::Up);
    let target = MessageTarget::Conversation { id: id(1) };
    let message = MessageId(Uuid::from_u128(704));
    let submit = |command| vec![Effect::Submit { command: Box::new(command), base_version: None }];
    assert_eq!(sample.act(&mut pane, Action::PinMessage), submit(Command::PinMessage { target, message, on: true }));
    let effects = sample.act(&mut pane, Action::React);
    let [Effect::Ask(question)] = &effects[..] else { panic!("{effects:?}") };
    let answer = Loaded::Answer { id: question.id, answer: Answer::Picked("ok".into()) };
    let react = Command::ReactToMessage { target, message, reaction: "ok".into(), on: true };
    assert_eq!(sample.load(&mut pane, answer), submit(react));
    assert_eq!(pane.disabled(Action::EditMessage, &sample.context()), Some("message-disabled-not-yours"));
    sample.act(&mut pane, Action::AnswerMessage);
    assert!(sample.screen(&pane, (100, 24)).contains("answers 李娜"));
    write(&sample, &mut pane, "yes");
    let effects = press(&sample, &mut pane, Key::plain(KeyCode::Enter));
    let [Effect::Submit { command, .. }] = &effects[..] else { panic!("{effects:?}") };
    assert!(matches!(&**command, Command::PostMessage(post) if post.reply_to == Some(message)));
}

#[test]
fn a_muted_conversation_is_not_counted_but_for_mentions() {
    let sample = Sample::new(Language::English);
    let mut pane = ChatsPane::default();
    let muted = |n, mentioned| ConversationItem { muted: true, ..item(conversation(n, ConversationKind::Channel, "x", &[]), 5, mentioned) };
    sample.load(
        &mut pane,
        Loaded::Conversations(vec![muted(1, false), item(conversation(2, ConversationKind::Direct, "", &[1, 3]), 1, false)]),
    );
    assert_eq!(pane.badge(&sample.context()), Some(1));
}

#[test]
fn what_can_be_changed_follows_from_the_kind() {
    let sample = Sample::new(Language::English);
    let mut pane = ChatsPane::default();
    let channel = conversation(1, ConversationKind::Channel, "night", &[1, 3]);
    sample.load(&mut pane, Loaded::Conversations(vec![item(channel, 0, false)]));
    let effects = sample.act(&mut pane, Action::ChatMenu);
    let [Effect::Ask(question)] = &effects[..] else { panic!("{effects:?}") };
    let QuestionKind::Pick { choices } = &question.kind else { panic!("{question:?}") };
    let values: Vec<_> = choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(values, ["mute", "topic", "rename", "add", "remove", "leave"]);
    let pick = |value: &str| Loaded::Answer { id: question.id, answer: Answer::Picked(value.into()) };
    let submit = |command| vec![Effect::Submit { command: Box::new(command), base_version: None }];
    assert_eq!(sample.load(&mut pane, pick("mute")), submit(Command::MuteConversation { conversation: id(1), muted: true }));
    let effects = sample.load(&mut pane, pick("topic"));
    let [Effect::Ask(question)] = &effects[..] else { panic!("{effects:?}") };
    let answer = Loaded::Answer { id: question.id, answer: Answer::Text(" pumps ".into()) };
    let update = Command::UpdateConversation { conversation: id(1), title: None, topic: Some("pumps".into()) };
    assert_eq!(sample.load(&mut pane, answer), submit(update));
}

#[test]
fn n_finds_the_next_unread() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    assert_eq!(pane.badge(&sample.context()), Some(3));
    assert_eq!(sample.act(&mut pane, Action::NextUnread), [Effect::Load(Load::Conversation(id(2)))]);
    assert_eq!(sample.act(&mut pane, Action::NextUnread), [Effect::Load(Load::Conversation(id(1)))]);
}

#[test]
fn a_new_chat_is_a_person_or_a_channel() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let effects = sample.act(&mut pane, Action::NewChat);
    let [Effect::Ask(question)] = &effects[..] else { panic!("{effects:?}") };
    assert!(matches!(&question.kind, QuestionKind::Pick { choices } if choices.len() == 7));
    let pick = |value: String| Loaded::Answer { id: question.id, answer: Answer::Picked(value) };
    assert_eq!(sample.load(&mut pane, pick(person_id(3).to_string())), [Effect::Load(Load::Conversation(id(2)))], "the one there is");
    let create = |kind, title: &str, members| {
        let command = Command::CreateConversation(Box::new(crate::domain::command::CreateConversation::new(
            ConversationId(fresh()),
            kind,
            title.into(),
            members,
        )));
        Effect::Submit { command: Box::new(command), base_version: None }
    };
    let load = Effect::Load(Load::Conversation(ConversationId(fresh())));
    let members = vec![person_id(1), person_id(4)];
    assert_eq!(sample.load(&mut pane, pick(person_id(4).to_string())), [create(ConversationKind::Direct, "", members), load]);
    let effects = sample.load(&mut pane, pick("channel".into()));
    let [Effect::Ask(question)] = &effects[..] else { panic!("{effects:?}") };
    let effects = sample.load(&mut pane, Loaded::Answer { id: question.id, answer: Answer::Text(" night ".into()) });
    assert_eq!(effects[0], create(ConversationKind::Channel, "night", Vec::new()));
}

#[test]
fn others_can_open_a_conversation() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let effects = pane.update(PaneEvent::OpenConversation(id(3)), &sample.context());
    assert_eq!(effects, [Effect::Load(Load::Conversation(id(3))), Effect::Load(Load::Ticket(TicketNumber(1042)))]);
}

#[test]
fn changes_load_again_what_is_shown() {
    let sample = Sample::new(Language::English);
    let mut pane = shown(&sample);
    let changed = |conversations| PaneEvent::Changed(Arc::new(Changed { conversations, ..Changed::default() }));
    assert_eq!(pane.update(changed(vec![id(2)]), &sample.context()), [Effect::Load(Load::Conversations)]);
    let both = [Effect::Load(Load::Conversations), Effect::Load(Load::Conversation(id(1)))];
    assert_eq!(pane.update(changed(vec![id(1)]), &sample.context()), both);
}

#[test]
fn no_size_and_no_action_breaks_it() {
    for language in Language::ALL {
        let sample = Sample::new(language);
        sample.draw_everywhere(&ChatsPane::default());
        let mut pane = shown(&sample);
        sample.draw_everywhere(&pane);
        assert!(!sample.screen(&pane, (80, 24)).contains('\u{1b}'));
        sample.act(&mut pane, Action::Compose);
        pane.update(PaneEvent::Paste("line\n中文 wide\r\n".repeat(30)), &sample.context());
        sample.draw_everywhere(&pane);
        press(&sample, &mut pane, Key::plain(KeyCode::Escape));
        for spec in ACTIONS {
            sample.act(&mut pane, spec.action);
            sample.screen(&pane, (40, 10));
        }
    }
}

#[test]
fn enter_finishes_a_half_typed_name_and_sends_only_then() {
    let sample = Sample::new(Language::English);
    let mut pane = ChatsPane::default();
    sample.load(&mut pane, items());
    sample.act(&mut pane, Action::Compose);
    let type_in = |pane: &mut ChatsPane, text: &str| {
        for char in text.chars() {
            pane.update(PaneEvent::Key(Key::char(char)), &sample.context());
        }
    };
    let sent = |pane: &mut ChatsPane| {
        let effects = pane.update(PaneEvent::Key("enter".parse().unwrap()), &sample.context());
        effects.into_iter().find_map(|effect| match effect {
            Effect::Submit { command, .. } => match *command {
                Command::PostMessage(post) => Some(post.text),
                _ => None,
            },
            _ => None,
        })
    };
    type_in(&mut pane, "ask @mar");
    assert_eq!(sent(&mut pane), None);
    assert_eq!(sent(&mut pane).unwrap().trim(), "ask @maria");
    type_in(&mut pane, "mail @nobody-here");
    assert_eq!(sent(&mut pane).unwrap(), "mail @nobody-here", "what is no name is sent as it is");
}
