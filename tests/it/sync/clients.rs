//! The console's client against the real server: two of them converge, and one finds its way back after a restart.

use std::time::Duration;

use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::view::{Anchor, Link, Sort, TicketQuery, View};
use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::person::Person;
use dutydesk::domain::ticket::Status;
use dutydesk::wire::sync::Digest;

use crate::desk::{TestDesk, Who};

/// Changes looked at before a condition counts as never true.
const CHANGES: usize = 500;

pub async fn client(desk: &TestDesk, who: &Who, file: &str) -> DeskClient {
    let hasty = Duration::from_millis(20);
    let timing = LinkTiming { backoff: hasty, backoff_max: Duration::from_millis(100), ..LinkTiming::default() };
    let options =
        DeskOptions { api: Some(who.api.clone()), cache_path: desk.path(file), me: who.person.clone(), clock: desk.clock.clone(), timing };
    let client = DeskClient::open(options).await.unwrap();
    client.start();
    client
}

/// Waits until `condition` holds; asks again whenever the client has news.
pub async fn until(client: &DeskClient, what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let (mut changes, mut status) = (client.changes(), client.status());
    for _ in 0..CHANGES {
        if condition().await {
            return;
        }
        tokio::select! {
            _ = changes.recv() => {}
            changed = status.changed() => changed.unwrap(),
        }
    }
    panic!("never saw {what}");
}

pub async fn live(client: &DeskClient) {
    until(client, "a live link", async || client.status().borrow().link == Link::Live).await;
}

async fn shown(client: &DeskClient, view: View) -> Vec<TicketNumber> {
    let query = TicketQuery { view, sort: Sort::Due, filter: String::new() };
    let window = client.tickets(&query, Anchor::At(0), 100).await.unwrap();
    window.rows.iter().map(|ticket| ticket.number).collect()
}

/// Waits until the outbox is empty and the cache is what the server says.
async fn settled(client: &DeskClient, who: &Who) {
    until(client, "cache and server to agree", async || {
        let theirs: Digest = who.api.get("/api/v1/digest").await.unwrap();
        let mut ours = client.digest().await.unwrap();
        ours.kinds.remove("message");
        let theirs_held: Vec<_> = theirs.kinds.iter().filter(|(_, sum)| sum.count > 0).collect();
        client.outbox().await.unwrap().is_empty() && ours.cursor == theirs.cursor && ours.kinds.iter().collect::<Vec<_>>() == theirs_held
    })
    .await;
}

#[tokio::test]
async fn commands_of_one_console_appear_in_the_other_and_both_converge() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let (ann, bob) = (client(&desk, &desk.ann, "ann.sqlite").await, client(&desk, &desk.bob, "bob.sqlite").await);
    live(&ann).await;
    live(&bob).await;
    ann.submit(Command::ClaimTicket { number }, None).await.unwrap();
    let post = |text: &str| {
        let target = MessageTarget::Ticket { number };
        let message = dutydesk::base::clock::new_id().into();
        Command::PostMessage(Box::new(PostMessage {
            target,
            message,
            visibility: Visibility::Internal,
            text: text.into(),
            status: None,
            reply_to: None,
            files: Vec::new(),
            seen: None,
        }))
    };
    ann.submit(post("first"), None).await.unwrap();
    until(&bob, "the claim and the message", async || {
        let detail = bob.ticket(number).await.unwrap().unwrap();
        detail.ticket.assignee == Some(desk.ann.person.id) && detail.messages.iter().any(|message| message.text == "first")
    })
    .await;
    bob.submit(Command::SetStatus { number, status: Status::Solved }, None).await.unwrap();
    until(&ann, "the ticket to be solved", async || shown(&ann, View::Solved).await == [number]).await;
    settled(&ann, &desk.ann).await;
    settled(&bob, &desk.bob).await;
    assert_eq!((ann.mismatches(), bob.mismatches()), (0, 0));
    ann.shutdown().await;
    bob.shutdown().await;
}

#[tokio::test]
async fn a_console_catches_up_by_itself_after_a_restart_and_sends_its_outbox_once() {
    let mut desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let ann = client(&desk, &desk.ann, "ann.sqlite").await;
    live(&ann).await;
    desk.stop().await;
    until(&ann, "the link to be down", async || matches!(ann.status().borrow().link, Link::Offline { .. })).await;
    let message = dutydesk::base::clock::new_id().into();
    let (target, visibility) = (MessageTarget::Ticket { number }, Visibility::Public);
    let post =
        PostMessage { target, message, visibility, text: "offline".into(), status: None, reply_to: None, files: Vec::new(), seen: None };
    ann.submit(Command::PostMessage(Box::new(post)), None).await.unwrap();
    ann.submit(Command::ClaimTicket { number }, None).await.unwrap();
    assert_eq!(ann.outbox().await.unwrap().len(), 2);
    desk.start_again().await;
    let other = desk.lead.open("pumps", "Pump 5").await;
    until(&ann, "the new ticket", async || shown(&ann, View::All).await.contains(&other)).await;
    settled(&ann, &desk.ann).await;
    let messages = desk.lead.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap();
    let sent = messages["messages"].as_array().unwrap().iter().filter(|message| message["text"] == "offline").count();
    assert_eq!(sent, 1);
    assert_eq!(desk.lead.ticket(number).await.assignee, Some(desk.ann.person.id));
    ann.shutdown().await;
}

#[tokio::test]
async fn a_console_whose_person_is_given_another_queue_shows_it_without_being_told_twice() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let zoe = client(&desk, &desk.zoe, "zoe.sqlite").await;
    live(&zoe).await;
    assert_eq!(shown(&zoe, View::All).await, []);
    let edited = Person { queues: vec![desk.pumps], ..desk.zoe.person.clone() };
    desk.admin.act(Command::PutPerson(Box::new(edited))).await.unwrap();
    until(&zoe, "the ticket of the new queue", async || shown(&zoe, View::All).await == [number]).await;
    let back = Person { queues: vec![desk.web], ..desk.zoe.person.clone() };
    desk.admin.act(Command::PutPerson(Box::new(back))).await.unwrap();
    until(&zoe, "the ticket to go", async || shown(&zoe, View::All).await.is_empty()).await;
    settled(&zoe, &desk.zoe).await;
    zoe.shutdown().await;
}
