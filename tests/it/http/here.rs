//! Who else is at a ticket, and replies that meet.

use chrono::Duration;
use dutydesk::domain::here::{Doing, TicketHere};
use dutydesk::wire::sync::{Batch, Digest};
use serde_json::json;

use crate::desk::{TestDesk, Who, assert_refused, refused};

async fn cursor(who: &Who) -> String {
    who.api.get::<Digest>("/api/v1/digest").await.unwrap().cursor
}

async fn poll(who: &Who, cursor: &str, here: i64, wait: u8) -> Batch {
    who.api.get(&format!("/api/v1/sync?cursor={cursor}&wait={wait}&here={here}")).await.unwrap()
}

#[tokio::test]
async fn two_people_see_each_other_and_leave_no_trace() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let path = format!("/api/v1/tickets/{number}/here");
    for _ in 0..1_000 {
        // The desk's own word on why it waits is in the feed, and comes when it comes.
        if desk.ann.ticket(number).await.waits.is_some() {
            break;
        }
    }
    let before = cursor(&desk.bob).await;
    let alone = desk.ann.put(&path, json!({"doing": "viewing"})).await.unwrap();
    assert_eq!(alone["people"], json!([]), "oneself is not somebody else");
    let ann = json!([{"person": desk.ann.person.id, "doing": "viewing"}]);
    assert_eq!(desk.bob.put(&path, json!({"doing": "typing"})).await.unwrap()["people"], ann);
    assert_eq!(desk.bob.get(&path).await.unwrap()["people"], ann);
    assert_eq!(desk.ann.get(&path).await.unwrap()["people"][0]["doing"], "typing");
    desk.bob.api.delete(&path).await.unwrap();
    assert_eq!(desk.ann.get(&path).await.unwrap()["people"], json!([]));
    assert_eq!(cursor(&desk.bob).await, before, "nothing of it is in the feed");
    assert_eq!(refused(desk.ann.put(&path, json!({"doing": "dancing"})).await).0, 422);
    let audit = desk.lead.get(&format!("/api/v1/tickets/{number}/audit")).await.unwrap();
    let acts = audit["items"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap());
    assert!(acts.clone().all(|act| ["create_ticket", "auto_assign"].contains(&act)), "nothing of it is on record: {audit}");
}

#[tokio::test]
async fn who_is_not_heard_of_for_half_a_minute_is_forgotten_by_the_desks_clock() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let path = format!("/api/v1/tickets/{number}/here");
    desk.ann.put(&path, json!({"doing": "viewing"})).await.unwrap();
    desk.clock.advance(Duration::seconds(29));
    desk.ann.put(&path, json!({"doing": "viewing"})).await.unwrap();
    desk.clock.advance(Duration::seconds(29));
    assert_eq!(desk.bob.get(&path).await.unwrap()["people"].as_array().unwrap().len(), 1);
    desk.clock.advance(Duration::seconds(1));
    assert_eq!(desk.bob.get(&path).await.unwrap()["people"], json!([]));
}

#[tokio::test]
async fn only_those_who_may_see_the_ticket_are_told() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let path = format!("/api/v1/tickets/{number}/here");
    assert_refused(desk.zoe.put(&path, json!({"doing": "viewing"})).await, 404, "not_found");
    assert_refused(desk.zoe.get(&path).await, 404, "not_found");
    assert_eq!(refused(desk.nobody().get::<TicketHere>(&path).await).0, 401);
    desk.ann.put(&path, json!({"doing": "viewing"})).await.unwrap();
    let heard = poll(&desk.bob, &cursor(&desk.bob).await, 0, 10).await.here.unwrap();
    assert!(heard.all && heard.tickets[0].ticket == number && heard.tickets[0].people[0].doing == Doing::Viewing);
    assert!(poll(&desk.zoe, &cursor(&desk.zoe).await, 0, 0).await.here.is_none(), "not her queue");
    assert!(poll(&desk.bob, &cursor(&desk.bob).await, heard.mark, 0).await.here.is_none(), "nothing is told twice");
    let from = cursor(&desk.bob).await;
    let (news, _) = tokio::join!(poll(&desk.bob, &from, heard.mark, 30), async {
        desk.ann.api.delete(&path).await.unwrap();
    });
    assert!(news.here.unwrap().tickets[0].people.is_empty(), "who waits is woken");
    let plain: Batch = desk.bob.api.get(&format!("/api/v1/sync?cursor={from}")).await.unwrap();
    assert!(plain.here.is_none(), "who does not ask is not told");
}

#[tokio::test]
async fn a_public_reply_after_anothers_is_refused_with_who_and_when() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let path = format!("/api/v1/tickets/{number}/messages");
    let seen = desk.ann.ticket(number).await.message_count;
    desk.ann.post(&path, json!({"text": "On our way"})).await.unwrap();
    desk.clock.advance(Duration::seconds(20));
    let mine = json!({"text": "Restart it", "seen": seen});
    let problem = match desk.bob.post(&path, mine.clone()).await {
        Err(dutydesk::client::api::ApiError::Problem(problem, _)) => problem,
        other => panic!("{other:?}"),
    };
    assert_eq!((problem.status, problem.code.as_str()), (409, "answered_meanwhile"));
    assert!(problem.detail.contains("ANN replied 20 s ago"), "{}", problem.detail);
    desk.bob.post(&path, json!({"text": "a note", "visibility": "internal", "seen": seen})).await.unwrap();
    desk.ann.post(&path, json!({"text": "I go on", "seen": seen})).await.unwrap();
    let now = desk.bob.ticket(number).await.message_count;
    desk.bob.post(&path, json!({"text": "Restart it", "seen": now})).await.unwrap();
    desk.ann.post(&path, json!({"text": "not compared"})).await.unwrap();
}
