//! Messages: who is meant, who reads, what is answered, changed and reacted to; channels.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Author, ConversationKind, Message, Visibility};
use crate::domain::access::{Audience, admits};
use crate::domain::command::{Change, Command, CommandResult, CreateConversation, MessageTarget, PostMessage};
use crate::domain::id::{ConversationId, MessageId, TicketNumber};
use crate::domain::notice::NoticeKind;
use crate::domain::requester::Site;
use crate::domain::testing::*;
use crate::domain::ticket::Status;
use crate::domain::{Refusal, access};

const ONE: TicketNumber = TicketNumber(1);
const HERE: MessageTarget = MessageTarget::Ticket { number: ONE };

fn run(desk: &mut Desk, who: u128, command: Command) -> Result<CommandResult, Refusal> {
    let actor = desk.who(who);
    desk.run(&actor, &command)
}

fn code(answer: Result<CommandResult, Refusal>) -> String {
    answer.expect_err("this must be refused").code
}

fn message(desk: &Desk, target: MessageTarget, visibility: Visibility, text: &str) -> PostMessage {
    PostMessage::new(target, desk.fresh_id().into(), visibility, text.into())
}

fn say(desk: &mut Desk, who: u128, visibility: Visibility, text: &str) -> Result<MessageId, Refusal> {
    let post = message(desk, HERE, visibility, text);
    run(desk, who, Command::PostMessage(Box::new(post))).map(|done| done.message.unwrap())
}

fn edit(desk: &mut Desk, who: u128, message: MessageId, text: &str) -> Result<CommandResult, Refusal> {
    run(desk, who, Command::EditMessage { target: HERE, message, text: text.into() })
}

fn row(desk: &Desk, id: MessageId) -> &Message {
    desk.messages.iter().find(|message| message.id == id).unwrap()
}

fn mentions(desk: &Desk, who: u128) -> usize {
    desk.told(who).into_iter().filter(|kind| *kind == NoticeKind::Mentioned).count()
}

/// A desk with ticket 1, in which Eve takes part.
fn with_eve() -> Desk {
    let mut desk = Desk::new();
    desk.create();
    run(&mut desk, LEA, Command::AddParticipant { number: ONE, person: id(EVE) }).unwrap();
    desk
}

#[test]
fn duty_roles_and_queues_mean_whoever_is_on_duty_and_sees_the_ticket() {
    let mut desk = Desk::new();
    desk.create();
    let told = |desk: &Desk| [ANA, BEN, EVE, LEA, OUT].map(|who| mentions(desk, who));
    say(&mut desk, LEA, Visibility::Internal, "@rota-40, look. @ana @ANA mail@pumps.org").unwrap();
    assert_eq!(told(&desk), [1, 1, 0, 0, 0]);
    let asked = say(&mut desk, ANA, Visibility::Internal, "@pumps please").unwrap();
    assert_eq!(told(&desk), [1, 2, 0, 0, 0], "not oneself, and not who does not see the ticket");
    assert_eq!(row(&desk, asked).mentions.iter().copied().collect::<BTreeSet<_>>(), [id(ANA), id(BEN)].into());
    say(&mut desk, ANA, Visibility::Internal, "@rota-41").unwrap();
    assert!(desk.ticket(1).participants.is_empty(), "a role brings nobody in");
    say(&mut desk, ANA, Visibility::Internal, "@eve and @out").unwrap();
    assert_eq!(told(&desk), [1, 2, 1, 0, 1]);
    assert_eq!(desk.ticket(1).participants, [id(EVE), id(OUT)]);
}

#[test]
fn a_message_for_a_tier_is_written_and_read_by_that_tier_and_leads() {
    let mut desk = with_eve();
    assert_eq!(say(&mut desk, ANA, Visibility::Tier2, "secret").unwrap_err().code, "tier_not_yours");
    assert_eq!(say(&mut desk, EVE, Visibility::Tier3, "secret").unwrap_err().code, "tier_not_yours");
    let before = desk.ticket(1).clone();
    let post = message(&desk, HERE, Visibility::Tier2, "secret");
    let (eve, lea) = (desk.who(EVE), desk.who(LEA));
    let outcome = desk.decide(&eve, &Command::PostMessage(Box::new(post))).unwrap();
    let audience = outcome.changes.iter().find_map(|change| match change {
        Change::PutMessage { audience, .. } => Some(audience.clone()),
        _ => None,
    });
    let audience = audience.unwrap();
    assert!(matches!(audience, Audience::Tier { tier: 2, .. }));
    let reads: Vec<bool> = [ANA, BEN, EVE, LEA, ADA, VIC, OUT].map(|who| admits(&audience, desk.who(who).person().unwrap())).into();
    assert_eq!(reads, [false, false, true, true, true, false, false]);
    let texts = serde_json::to_string(&outcome.audit).unwrap();
    assert!(!texts.contains("secret"));
    let id = say(&mut desk, EVE, Visibility::Tier2, "secret").unwrap();
    let three = say(&mut desk, LEA, Visibility::Tier3, "deeper").unwrap();
    assert_eq!((desk.ticket(1).awaits_reply, &desk.ticket(1).clocks), (before.awaits_reply, &before.clocks));
    assert_eq!(say(&mut desk, EVE, Visibility::Tier2, "@ana look").unwrap_err().code, "mention_cannot_read");
    say(&mut desk, EVE, Visibility::Tier2, "@rota-40 @rota-41").unwrap();
    assert_eq!([ANA, BEN].map(|who| mentions(&desk, who)), [0, 0]);
    let react = |message| Command::ReactToMessage { target: HERE, message, reaction: "👍".into(), on: true };
    assert_eq!(code(run(&mut desk, ANA, react(id))), "not_found");
    assert_eq!(code(run(&mut desk, EVE, react(three))), "not_found");
    run(&mut desk, ADA, react(id)).unwrap();
    edit(&mut desk, EVE, id, "secreter").unwrap();
    assert_eq!(edit(&mut desk, EVE, id, "@ben secret").unwrap_err().code, "mention_cannot_read");
    let answer = PostMessage { reply_to: Some(id), ..message(&desk, HERE, Visibility::Internal, "yes") };
    assert_eq!(code(run(&mut desk, ANA, Command::PostMessage(Box::new(answer.clone())))), "unknown_message");
    desk.run(&lea, &Command::PostMessage(Box::new(answer))).unwrap();
}

#[test]
fn a_stub_says_only_its_place() {
    let mut desk = with_eve();
    let secret = say(&mut desk, EVE, Visibility::Tier2, "secret @lea").unwrap();
    let react = Command::ReactToMessage { target: HERE, message: secret, reaction: "secret".into(), on: true };
    run(&mut desk, EVE, react).unwrap();
    let copy_of = Some(crate::domain::conversation::MessageRef { ticket: TicketNumber(77), message: secret, seq: 1, at: desk.now });
    let full = Message { split_into: Some(TicketNumber(78)), copy_of, ..row(&desk, secret).clone() };
    let read = |who: u128| full.clone().as_read_by(desk.who(who).person().unwrap());
    assert_eq!(read(LEA), full);
    let stub = read(ANA);
    assert!(stub.withheld && stub.author == Author::System && stub.mentions.is_empty() && stub.reactions.is_empty());
    assert_eq!((stub.split_into, &stub.copy_of), (None, &None));
    assert_eq!((stub.id, stub.seq, stub.visibility, stub.version), (full.id, full.seq, full.visibility, full.version));
    let eve = id::<crate::domain::id::PersonId>(EVE).to_string();
    let json = serde_json::to_string(&stub).unwrap();
    assert!(!json.contains("secret") && !json.contains(&eve));
}

#[test]
fn tier_messages_belong_to_tickets() {
    let mut desk = Desk::new();
    let channel: ConversationId = desk.fresh_id().into();
    let body = CreateConversation::new(channel, ConversationKind::Channel, "general".into(), Vec::new());
    run(&mut desk, LEA, Command::CreateConversation(Box::new(body))).unwrap();
    let post = message(&desk, MessageTarget::Conversation { id: channel }, Visibility::Tier2, "secret");
    assert_eq!(code(run(&mut desk, LEA, Command::PostMessage(Box::new(post)))), "tier_only_in_tickets");
}

#[test]
fn a_reply_answers_a_message_of_its_own_conversation() {
    let mut desk = Desk::new();
    desk.create();
    let first = say(&mut desk, ANA, Visibility::Internal, "first").unwrap();
    let channel: ConversationId = desk.fresh_id().into();
    let body = CreateConversation::new(channel, ConversationKind::Channel, "general".into(), Vec::new());
    run(&mut desk, LEA, Command::CreateConversation(Box::new(body))).unwrap();
    let there = MessageTarget::Conversation { id: channel };
    let post = PostMessage { reply_to: Some(first), ..message(&desk, HERE, Visibility::Internal, "second") };
    let second = run(&mut desk, BEN, Command::PostMessage(Box::new(post))).unwrap().message.unwrap();
    assert_eq!(row(&desk, second).reply_to, Some(first));
    let post = PostMessage { reply_to: Some(first), ..message(&desk, there, Visibility::Internal, "third") };
    assert_eq!(code(run(&mut desk, BEN, Command::PostMessage(Box::new(post)))), "unknown_message");
    let said = message(&desk, there, Visibility::Internal, "hello");
    run(&mut desk, BEN, Command::PostMessage(Box::new(said.clone()))).unwrap();
    let post = PostMessage { reply_to: Some(said.message), ..message(&desk, there, Visibility::Internal, "hello you") };
    let answer = run(&mut desk, ANA, Command::PostMessage(Box::new(post))).unwrap().message.unwrap();
    assert_eq!(row(&desk, answer).reply_to, Some(said.message));
    let unknown = PostMessage { reply_to: Some(desk.fresh_id().into()), ..message(&desk, HERE, Visibility::Internal, "x") };
    assert_eq!(code(run(&mut desk, ANA, Command::PostMessage(Box::new(unknown)))), "unknown_message");
}

#[test]
fn only_its_author_edits_and_only_who_is_meant_anew_is_told() {
    let mut desk = Desk::new();
    desk.create();
    let first = desk.messages[0].id;
    assert_eq!(edit(&mut desk, ANA, first, "mine now").unwrap_err().code, "forbidden", "the requester's words stay");
    let mine = say(&mut desk, ANA, Visibility::Internal, "@ben look").unwrap();
    for who in [BEN, LEA, ADA] {
        assert_eq!(edit(&mut desk, who, mine, "x").unwrap_err().code, "forbidden");
    }
    assert_eq!(edit(&mut desk, OUT, mine, "x").unwrap_err().code, "not_found");
    assert!(edit(&mut desk, ANA, mine, "@ben look").unwrap().unchanged);
    let version = desk.ticket(1).version;
    edit(&mut desk, ANA, mine, "@ben look again").unwrap();
    assert_eq!((mentions(&desk, BEN), desk.ticket(1).version, row(&desk, mine).version), (1, version, 2));
    edit(&mut desk, ANA, mine, "@ben @lea @out look").unwrap();
    assert_eq!([BEN, LEA, OUT].map(|who| mentions(&desk, who)), [1, 1, 1]);
    assert_eq!(desk.ticket(1).participants, [id(OUT)]);
    edit(&mut desk, ANA, mine, "nobody").unwrap();
    assert!(row(&desk, mine).mentions.is_empty() && row(&desk, mine).edited_at.is_some());
    assert_eq!(edit(&mut desk, ANA, mine, " ").unwrap_err().code, "text_empty");
    let told = desk.audit.last().unwrap();
    assert_eq!((told.action.as_str(), told.ticket), ("edit_message", Some(ONE)));
}

#[test]
fn a_public_message_that_went_out_may_be_edited_and_its_first_words_are_kept() {
    let mut desk = Desk::new();
    desk.create();
    let id = say(&mut desk, ANA, Visibility::Public, "It is teh pump").unwrap();
    let ana = desk.who(ANA);
    let outcome = desk.decide(&ana, &Command::EditMessage { target: HERE, message: id, text: "It is the pump".into() }).unwrap();
    let kept = outcome
        .changes
        .iter()
        .any(|change| matches!(change, Change::PutMessageEdit(edit) if edit.text == "It is teh pump" && edit.version == 1));
    assert!(kept);
}

#[test]
fn anybody_reacts_to_and_pins_what_the_requester_wrote_until_the_ticket_is_closed() {
    let mut desk = Desk::new();
    desk.create();
    let first = desk.messages[0].id;
    let react = |on| Command::ReactToMessage { target: HERE, message: first, reaction: "👍".into(), on };
    let pin = |on| Command::PinMessage { target: HERE, message: first, on };
    run(&mut desk, BEN, react(true)).unwrap();
    assert!(run(&mut desk, BEN, react(true)).unwrap().unchanged);
    run(&mut desk, ANA, react(true)).unwrap();
    assert_eq!(row(&desk, first).reactions["👍"].len(), 2);
    run(&mut desk, BEN, react(false)).unwrap();
    run(&mut desk, ANA, pin(true)).unwrap();
    assert_eq!(row(&desk, first).pinned_by, Some(id(ANA)));
    assert_eq!(code(run(&mut desk, OUT, pin(false))), "not_found");
    assert_eq!(code(run(&mut desk, VIC, react(true))), "forbidden");
    let mine = say(&mut desk, ANA, Visibility::Internal, "mine").unwrap();
    run(&mut desk, ANA, Command::MoveTicket { number: ONE, queue: id(WEB) }).unwrap();
    assert_eq!(edit(&mut desk, ANA, mine, "still mine").unwrap_err().code, "not_found", "who lost sight of it changes nothing");
    run(&mut desk, LEA, Command::SetStatus { number: ONE, status: Status::Solved }).unwrap();
    desk.run(&JOB, &Command::CloseTicket { number: ONE }).unwrap();
    for command in [react(true), pin(false)] {
        assert_eq!(code(run(&mut desk, LEA, command)), "ticket_closed");
    }
}

fn channel(desk: &Desk, title: &str) -> CreateConversation {
    CreateConversation::new(desk.fresh_id().into(), ConversationKind::Channel, title.into(), Vec::new())
}

#[test]
fn a_queues_channel_is_its_peoples_and_its_guests() {
    let mut desk = Desk::new();
    let body = CreateConversation { queue: Some(id(PUMPS)), ..channel(&desk, "pumps") };
    let place = body.id;
    assert_eq!(code(run(&mut desk, OUT, Command::CreateConversation(Box::new(body.clone())))), "forbidden");
    run(&mut desk, ANA, Command::CreateConversation(Box::new(body))).unwrap();
    let say = |desk: &mut Desk, who| {
        let post = message(desk, MessageTarget::Conversation { id: place }, Visibility::Internal, "@out @ben hello");
        run(desk, who, Command::PostMessage(Box::new(post)))
    };
    say(&mut desk, BEN).unwrap();
    say(&mut desk, LEA).unwrap();
    assert_eq!((mentions(&desk, BEN), mentions(&desk, OUT)), (1, 0));
    let first = desk.messages[0].id;
    let again = Command::EditMessage { target: MessageTarget::Conversation { id: place }, message: first, text: "@out @lea".into() };
    run(&mut desk, BEN, again).unwrap();
    assert_eq!([BEN, OUT, LEA].map(|who| mentions(&desk, who)), [1, 0, 1], "who does not take part is not told by an edit either");
    assert_eq!(code(say(&mut desk, OUT)), "not_found");
    run(&mut desk, BEN, Command::AddMember { conversation: place, person: id(OUT) }).unwrap();
    say(&mut desk, OUT).unwrap();
    assert_eq!(code(run(&mut desk, EVE, Command::MuteConversation { conversation: place, muted: true })), "not_found");
    run(&mut desk, OUT, Command::MuteConversation { conversation: place, muted: true }).unwrap();
    run(&mut desk, OUT, Command::RemoveMember { conversation: place, person: id(OUT) }).unwrap();
    assert_eq!(code(say(&mut desk, OUT)), "not_found");
    assert_eq!(
        code(run(&mut desk, OUT, Command::UpdateConversation { conversation: place, title: None, topic: Some("x".into()) })),
        "not_found"
    );
    run(&mut desk, ANA, Command::UpdateConversation { conversation: place, title: Some(" new ".into()), topic: Some("what".into()) })
        .unwrap();
    let row = &desk.conversations[&place.0];
    assert_eq!((row.title.as_str(), row.topic.as_deref()), ("new", Some("what")));
}

#[test]
fn channels_are_about_what_there_is() {
    let mut desk = Desk::new();
    desk.create();
    let site =
        Site { id: id(90), version: 1, code: "S1".into(), name: "S".into(), region: "north".into(), latitude: None, longitude: None };
    desk.directory.sites.insert(site.id, site);
    let about = |desk: &mut Desk, who, body: CreateConversation| run(desk, who, Command::CreateConversation(Box::new(body)));
    let region = |desk: &Desk, name: &str| CreateConversation { region: Some(name.into()), ..channel(desk, "region") };
    let body = region(&desk, "nroth");
    let refused = about(&mut desk, ANA, body).unwrap_err();
    assert!(refused.code == "unknown_region" && refused.message.contains("Did you mean north"), "{refused:?}");
    let body = region(&desk, "north");
    about(&mut desk, ANA, body).unwrap();
    let incident = CreateConversation { incident: Some(ONE), ..channel(&desk, "pump 4") };
    assert_eq!(code(about(&mut desk, OUT, incident.clone())), "not_found");
    about(&mut desk, BEN, incident).unwrap();
    let body = CreateConversation { topic: Some("x".repeat(301)), ..channel(&desk, "long") };
    assert_eq!(code(about(&mut desk, ANA, body)), "topic_too_long");
}

#[test]
fn who_mutes_an_escalated_tickets_conversation_sees_the_ticket() {
    let mut desk = Desk::new();
    desk.create();
    let place = desk.ticket(1).conversation;
    let row = super::Conversation {
        kind: ConversationKind::Escalation,
        ticket: Some(ONE),
        members: vec![id(EVE)],
        last_seq: 1,
        ..base(place, &desk)
    };
    desk.conversations.insert(place.0, row);
    let mute = Command::MuteConversation { conversation: place, muted: true };
    run(&mut desk, BEN, mute.clone()).unwrap();
    assert_eq!(code(run(&mut desk, OUT, mute)), "not_found");
    let read = Command::MarkRead { conversation: place, seq: 1 };
    run(&mut desk, BEN, read).unwrap();
    let mark = &desk.read_marks[&(id(BEN), place.0)];
    assert!(mark.muted && mark.seq == 1, "reading and muting leave each other alone");
}

fn base(place: ConversationId, desk: &Desk) -> super::Conversation {
    super::Conversation {
        id: place,
        version: 1,
        kind: ConversationKind::Channel,
        title: String::new(),
        topic: None,
        ticket: None,
        queue: None,
        incident: None,
        region: None,
        members: Vec::new(),
        last_seq: 0,
        last_message_at: None,
        created_at: desk.now,
    }
}

#[test]
fn a_text_that_is_too_long_is_refused_with_both_sizes() {
    let mut desk = Desk::new();
    desk.create();
    let refused = say(&mut desk, ANA, Visibility::Public, &"泵".repeat(400_000)).unwrap_err();
    assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("text_too_long", Some("text")));
    assert!(refused.message.contains("400000") && refused.message.contains("65536"), "{}", refused.message);
    assert_eq!(desk.ticket(1).message_count, 1);
}

const WORDS: [&str; 9] = ["@ana", "@ben", "@eve", "@lea", "@rota-40", "@pumps", "@nobody", "hello", "a@ana.b"];

proptest! {
    /// Whatever is posted and edited: nobody is told twice of one message, nobody of what they may not read, and the mentions of people
    /// are those that the text names.
    #[test]
    fn edits_tell_each_once(texts in proptest::collection::vec(proptest::collection::vec(0..WORDS.len(), 1..6), 1..6), tier in 0..3_usize) {
        let mut desk = with_eve();
        let visibility = [Visibility::Internal, Visibility::Tier2, Visibility::Public][tier];
        let text = |words: &Vec<usize>| words.iter().map(|at| WORDS[*at]).collect::<Vec<_>>().join(" ");
        let Ok(message) = say(&mut desk, EVE, visibility, &text(&texts[0])) else { return Ok(()) };
        for words in &texts[1..] {
            let _ = edit(&mut desk, EVE, message, &text(words));
        }
        let tier = visibility.tier();
        for who in [ANA, BEN, LEA] {
            let person = desk.directory.people[&id(who)].clone();
            if tier > 1 && !access::reads_tier(&person, tier) {
                prop_assert_eq!(mentions(&desk, who), 0);
            }
        }
        let row = row(&desk, message);
        prop_assert_eq!(row.mentions.iter().collect::<BTreeSet<_>>().len(), row.mentions.len());
        for (who, word) in [(ANA, "@ana"), (BEN, "@ben"), (LEA, "@lea")] {
            let named = row.text.split(' ').any(|one| one == word);
            prop_assert!(!named || row.mentions.contains(&id(who)));
        }
    }
}
