//! What the server refused, through a real client: words survive editing, restarts and files that failed.

use dutydesk::client::view::OutboxState;
use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::TicketNumber;

use super::clients::{Side, post};
use super::desk::TestDesk;
use super::runs::texts;

fn reply(number: TicketNumber, text: &str, seen: i64) -> Command {
    let target = MessageTarget::Ticket { number };
    let message = dutydesk::base::clock::new_id().into();
    Command::PostMessage(Box::new(PostMessage { seen: Some(seen), ..PostMessage::new(target, message, Visibility::Public, text.into()) }))
}

fn words(command: &Command) -> &str {
    let Command::PostMessage(post) = command else { panic!("no message: {command:?}") };
    &post.text
}

fn with_words(command: &Command, text: &str) -> Command {
    let Command::PostMessage(post) = command else { panic!("no message: {command:?}") };
    Command::PostMessage(Box::new(PostMessage { text: text.to_owned(), seen: None, ..(**post).clone() }))
}

async fn refused_words(side: &Side) -> Vec<String> {
    side.refused().await.iter().map(|entry| words(&entry.command).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_refused_replies_to_one_ticket_keep_their_words_over_restarts() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump").await;
    let side = Side::start(&desk, &desk.ann, &desk.url, "ann.sqlite").await;
    side.settled(&desk.ann.api).await;
    desk.lead.act(post(number, Visibility::Public, "Somebody comes.")).await.unwrap();
    for text in ["one of hers", "two of hers"] {
        side.client.submit(reply(number, text, 1), None).await.unwrap();
    }
    side.until("both refused", async || side.refused().await.len() == 2).await;
    assert_eq!(refused_words(&side).await, ["one of hers", "two of hers"]);
    // Typed anew and put aside; then the program ends.
    let first = side.refused().await.remove(0);
    assert!(side.client.rewrite(first.key, &with_words(&first.command, "one, better")).await.unwrap());
    side.stop().await;
    let side = Side::start(&desk, &desk.ann, &desk.url, "ann.sqlite").await;
    assert_eq!(refused_words(&side).await, ["one, better", "two of hers"]);
    side.settled(&desk.ann.api).await;
    assert_eq!(refused_words(&side).await, ["one, better", "two of hers"], "nothing refused is sent by itself");
    // Sent with other words: the refused one is gone with that, and no other.
    let first = side.refused().await.remove(0);
    let fresh = side.client.resend(first.key, with_words(&first.command, "one, best")).await.unwrap();
    assert_ne!(fresh, first.key);
    assert_eq!(refused_words(&side).await, ["two of hers"]);
    side.settled(&desk.ann.api).await;
    // Where the refused one has gone meanwhile, the words go all the same.
    side.client.resend(first.key, with_words(&first.command, "one more")).await.unwrap();
    let second = side.refused().await.remove(0);
    assert!(side.client.drop_refused(second.key).await.unwrap());
    side.settled(&desk.ann.api).await;
    let said = texts(&desk.lead, number).await;
    assert_eq!(said, ["Pump", "Somebody comes.", "one, best", "one more"]);
    assert_eq!(side.outbox().await, Vec::new());
    side.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_reply_keeps_its_files() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump").await;
    let log = desk.path("pump.log");
    std::fs::write(&log, "leaks\n".repeat(1_000)).unwrap();
    let side = Side::open(&desk, &desk.ann, None, "ann.sqlite", super::clients::hasty()).await;
    let file = side.client.attach(&log).await.unwrap();
    let Command::PostMessage(mut message) = post(number, Visibility::Public, "see the log") else { unreachable!() };
    message.files = vec![file.id];
    side.client.submit(Command::PostMessage(message), None).await.unwrap();
    side.stop().await;
    // Changed before it was sent: the desk must not get other bytes than were chosen.
    std::fs::write(&log, "other\n").unwrap();
    let side = Side::start(&desk, &desk.ann, &desk.url, "ann.sqlite").await;
    side.until("the refusal", async || side.refused().await.len() == 1).await;
    let entry = side.refused().await.remove(0);
    assert!(matches!(&entry.state, OutboxState::Refused(refusal) if refusal.code == "upload_failed"));
    assert_eq!(words(&entry.command), "see the log");
    side.stop().await;
    let side = Side::start(&desk, &desk.ann, &desk.url, "ann.sqlite").await;
    side.settled(&desk.ann.api).await;
    std::fs::write(&log, "leaks\n".repeat(1_000)).unwrap();
    let entry = side.refused().await.remove(0);
    side.client.resend(entry.key, with_words(&entry.command, "see the log, as it was")).await.unwrap();
    side.settled(&desk.ann.api).await;
    let kept = desk.lead.get(&format!("/api/v1/tickets/{number}/files")).await.unwrap();
    assert_eq!(kept["items"].as_array().unwrap().len(), 1, "{kept}");
    assert_eq!(texts(&desk.lead, number).await, ["Pump", "see the log, as it was"]);
    side.stop().await;
}
