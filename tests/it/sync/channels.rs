//! Channels and who holds them: a queue's people and guests, members who come and go, and marks shared by one person's consoles.

use dutydesk::client::view::ConversationItem;
use dutydesk::domain::command::{Command, CreateConversation, MessageTarget, PostMessage};
use dutydesk::domain::conversation::{ConversationKind, Visibility};
use dutydesk::domain::id::ConversationId;
use dutydesk::domain::person::Person;
use dutydesk::domain::row::RowKind;

use super::clients::{client, live, until};
use super::replica::{Replica, check_all};
use crate::desk::{TestDesk, Who};

fn channel(title: &str) -> CreateConversation {
    CreateConversation::new(dutydesk::base::clock::new_id().into(), ConversationKind::Channel, title.into(), Vec::new())
}

async fn say(who: &Who, id: ConversationId, text: &str) {
    let message = dutydesk::base::clock::new_id().into();
    let post = PostMessage::new(MessageTarget::Conversation { id }, message, Visibility::Internal, text.into());
    who.act(Command::PostMessage(Box::new(post))).await.unwrap();
}

fn holders(replicas: &[Replica], id: ConversationId) -> Vec<&'static str> {
    let names = ["ada", "lea", "ann", "bob", "zoe", "eve", "vic"];
    let holds = |name: &&&'static str| replicas.iter().any(|one| one.is(name) && one.holds(RowKind::Conversation, &id.to_string()));
    names.iter().filter(holds).copied().collect()
}

#[tokio::test]
async fn a_queues_channel_is_held_by_its_people_leads_and_guests_as_they_come_and_go() {
    let desk = TestDesk::new().await;
    let mut replicas = Replica::of_all(&desk).await;
    let body = CreateConversation { queue: Some(desk.pumps), ..channel("pumps") };
    let id = body.id;
    desk.ann.act(Command::CreateConversation(Box::new(body))).await.unwrap();
    say(&desk.ann, id, "hello @zoe").await;
    check_all(&mut replicas, "a queue's channel").await;
    assert_eq!(holders(&replicas, id), ["ada", "lea", "ann", "bob", "vic"]);
    desk.bob.act(Command::AddMember { conversation: id, person: desk.zoe.person.id }).await.unwrap();
    say(&desk.zoe, id, "hello all").await;
    check_all(&mut replicas, "a guest").await;
    assert_eq!(holders(&replicas, id), ["ada", "lea", "ann", "bob", "zoe", "vic"]);
    desk.zoe.act(Command::UpdateConversation { conversation: id, title: Some("all pumps".into()), topic: None }).await.unwrap();
    desk.zoe.act(Command::RemoveMember { conversation: id, person: desk.zoe.person.id }).await.unwrap();
    say(&desk.ann, id, "she left").await;
    check_all(&mut replicas, "a guest who left").await;
    assert_eq!(holders(&replicas, id), ["ada", "lea", "ann", "bob", "vic"]);
    let out = Person { queues: vec![desk.web], ..desk.bob.person.clone() };
    desk.admin.act(Command::PutPerson(Box::new(out))).await.unwrap();
    let mut bob = Replica::new(&desk.bob, false).await;
    bob.check("leaving the queue").await;
    assert!(!bob.holds(RowKind::Conversation, &id.to_string()));
    desk.admin.act(Command::PutPerson(Box::new(desk.bob.person.clone()))).await.unwrap();
    let mut bob = Replica::new(&desk.bob, false).await;
    bob.check("coming back").await;
    assert!(bob.holds(RowKind::Conversation, &id.to_string()));
}

#[tokio::test]
async fn members_come_and_go_and_the_channel_with_them() {
    let desk = TestDesk::new().await;
    let mut replicas = Replica::of_all(&desk).await;
    let body = CreateConversation { members: vec![desk.bob.person.id], ..channel("two") };
    let id = body.id;
    desk.ann.act(Command::CreateConversation(Box::new(body))).await.unwrap();
    check_all(&mut replicas, "a channel with members").await;
    assert_eq!(holders(&replicas, id), ["ann", "bob"]);
    desk.ann.act(Command::AddMember { conversation: id, person: desk.eve.person.id }).await.unwrap();
    desk.ann.act(Command::RemoveMember { conversation: id, person: desk.bob.person.id }).await.unwrap();
    say(&desk.eve, id, "hello").await;
    check_all(&mut replicas, "members who changed").await;
    assert_eq!(holders(&replicas, id), ["ann", "eve"]);
}

#[tokio::test]
async fn reading_and_muting_reach_the_persons_other_console_and_mentions_are_told_all_the_same() {
    let desk = TestDesk::new().await;
    let body = channel("general");
    let id = body.id;
    desk.lead.act(Command::CreateConversation(Box::new(body))).await.unwrap();
    say(&desk.lead, id, "one").await;
    let (here, there) = (client(&desk, &desk.bob, "here.sqlite").await, client(&desk, &desk.bob, "there.sqlite").await);
    live(&here).await;
    live(&there).await;
    let item = async |client: &dutydesk::client::desk::DeskClient| -> Option<ConversationItem> {
        client.conversations().await.unwrap().into_iter().find(|item| item.conversation.id == id)
    };
    until(&there, "one unread", async || item(&there).await.is_some_and(|item| item.unread == 1)).await;
    here.submit(Command::MarkRead { conversation: id, seq: 1 }, None).await.unwrap();
    until(&there, "nothing unread", async || item(&there).await.is_some_and(|item| item.unread == 0)).await;
    here.submit(Command::MuteConversation { conversation: id, muted: true }, None).await.unwrap();
    assert!(item(&here).await.unwrap().muted, "shown at once");
    until(&there, "the mute", async || item(&there).await.is_some_and(|item| item.muted)).await;
    say(&desk.lead, id, "two").await;
    say(&desk.lead, id, "three @bob").await;
    let told = async || item(&there).await.is_some_and(|item| item.unread == 0 && item.mentioned && item.conversation.last_seq == 3);
    until(&there, "the mention alone", told).await;
    let detail = there.conversation(id).await.unwrap().unwrap();
    assert!(detail.muted && detail.read_seq == 1);
    here.shutdown().await;
    there.shutdown().await;
}
