//! Colleagues at a ticket, as two real consoles' clients hear of each other.

use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::here::{Doing, Here};

use super::clients::{client, live, until};
use crate::desk::TestDesk;

#[tokio::test]
async fn two_consoles_hear_of_each_other_until_one_leaves_or_the_link_is_down() {
    let mut desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let ann = client(&desk, &desk.ann, "ann.sqlite").await;
    let bob = client(&desk, &desk.bob, "bob.sqlite").await;
    let zoe = client(&desk, &desk.zoe, "zoe.sqlite").await;
    for console in [&ann, &bob, &zoe] {
        live(console).await;
    }
    let person = desk.ann.person.id;
    for doing in [Doing::Viewing, Doing::Typing] {
        ann.be_here(Some((number, doing)));
        until(&bob, "Ann at the ticket", async || bob.here().get(&number).is_some_and(|here| *here == [Here { person, doing }])).await;
    }
    assert!(ann.here().is_empty() && zoe.here().is_empty());
    // A console that comes later hears of who is there already.
    let lead = client(&desk, &desk.lead, "lead.sqlite").await;
    until(&lead, "Ann at the ticket", async || lead.here().contains_key(&number)).await;
    ann.be_here(None);
    until(&bob, "nobody at the ticket", async || bob.here().is_empty()).await;
    ann.be_here(Some((number, Doing::Viewing)));
    until(&bob, "Ann back", async || !bob.here().is_empty()).await;
    ann.shutdown().await;
    until(&bob, "Ann to be gone with her console", async || bob.here().is_empty()).await;
    bob.be_here(Some((number, Doing::Viewing)));
    until(&lead, "Bob at the ticket", async || lead.here().contains_key(&number)).await;
    desk.stop().await;
    until(&lead, "nobody known without the link", async || lead.here().is_empty()).await;
    for console in [bob, zoe, lead] {
        console.shutdown().await;
    }
}

#[tokio::test]
async fn a_refused_reply_stays_in_the_outbox_with_who_was_faster() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let bob = client(&desk, &desk.bob, "bob.sqlite").await;
    live(&bob).await;
    let seen = desk.bob.ticket(number).await.message_count;
    desk.ann.post(&format!("/api/v1/tickets/{number}/messages"), serde_json::json!({"text": "On our way"})).await.unwrap();
    let target = MessageTarget::Ticket { number };
    let post = PostMessage {
        seen: Some(seen),
        ..PostMessage::new(target, dutydesk::base::clock::new_id().into(), Visibility::Public, "Restart it".into())
    };
    bob.submit(Command::PostMessage(Box::new(post)), None).await.unwrap();
    until(&bob, "the refusal", async || bob.status().borrow().refused == 1).await;
    let waiting = bob.outbox().await.unwrap();
    let dutydesk::client::view::OutboxState::Refused(refusal) = &waiting[0].state else { panic!("{waiting:?}") };
    assert_eq!((refusal.code.as_str(), refusal.who), ("answered_meanwhile", Some(desk.ann.person.id)));
    assert!(matches!(&waiting[0].command, Command::PostMessage(post) if post.text == "Restart it"), "the text is kept");
    bob.shutdown().await;
}
