//! Messages from outside.

use dutydesk::client::api::Api;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::ticket::Status;
use serde_json::{Value, json};

use crate::desk::{TestDesk, assert_refused, refused};

async fn channel(desk: &TestDesk) -> Api {
    let body = json!({"key": "chat", "name": "Chat", "queue": desk.pumps});
    let made = desk.admin.post("/api/v1/intake-channels", body).await.unwrap();
    desk.with_token(made["token"].as_str().unwrap())
}

fn message(thread: &str, external: &str) -> Value {
    json!({"thread": thread, "external": external, "author": {"external": "shop:1", "name": "Shop 1"}, "text": "Pump 4 does not start"})
}

async fn send(api: &Api, thread: &str, external: &str) -> Value {
    api.post("/api/v1/intake/chat", &message(thread, external)).await.unwrap()
}

#[tokio::test]
async fn the_first_message_opens_a_ticket_later_ones_join_it_and_each_is_taken_once() {
    let desk = TestDesk::new().await;
    let api = channel(&desk).await;
    let first = send(&api, "t1", "m1").await;
    let second = send(&api, "t1", "m2").await;
    assert_eq!(first["ticket"], second["ticket"]);
    let again = send(&api, "t1", "m1").await;
    assert_eq!((&again["ticket"], &again["unchanged"]), (&first["ticket"], &json!(true)));
    assert_ne!(send(&api, "t2", "m3").await["ticket"], first["ticket"]);
    let messages = desk.ann.get(&format!("/api/v1/tickets/{}/messages", first["ticket"])).await.unwrap();
    assert_eq!(messages["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_message_to_a_closed_ticket_opens_a_new_one_that_is_linked() {
    let mut desk = TestDesk::new().await;
    let api = channel(&desk).await;
    let number = TicketNumber(send(&api, "t1", "m1").await["ticket"].as_i64().unwrap());
    desk.ann.patch(&format!("/api/v1/tickets/{number}"), json!({"status": "solved"})).await.unwrap();
    desk.clock.advance(chrono::Duration::days(8));
    desk.stop().await;
    desk.start_again().await;
    desk.lead.until("the ticket closed", async || (desk.lead.ticket(number).await.status == Status::Closed).then_some(())).await;
    let fresh = TicketNumber(send(&api, "t1", "m2").await["ticket"].as_i64().unwrap());
    assert_ne!(fresh, number);
    let links = desk.lead.ticket(fresh).await.links;
    assert!(links.iter().any(|link| link.number == number), "{links:?}");
}

#[tokio::test]
async fn only_the_channels_own_token_opens_it() {
    let desk = TestDesk::new().await;
    let api = channel(&desk).await;
    let body = message("t1", "m1");
    for wrong in [desk.nobody(), desk.with_token("ch_wrong"), desk.admin.api.clone()] {
        assert_refused(wrong.post::<_, Value>("/api/v1/intake/chat", &body).await, 401, "wrong_channel_token");
        assert_refused(wrong.post::<_, Value>("/api/v1/intake/chat", &json!({"what": 1})).await, 401, "wrong_channel_token");
    }
    assert_refused(api.post::<_, Value>("/api/v1/intake/other", &body).await, 401, "wrong_channel_token");
    assert_refused(api.get::<Value>("/api/v1/tickets").await, 401, "not_signed_in");
    assert_eq!(refused(api.post::<_, Value>("/api/v1/intake/chat", &json!({"thread": "t"})).await).0, 422);
    assert_eq!(refused(api.post::<_, Value>("/api/v1/intake/chat", &message("", "m")).await).0, 422);
}

#[tokio::test]
async fn channels_are_made_and_listed_by_admins() {
    let desk = TestDesk::new().await;
    channel(&desk).await;
    let body = json!({"key": "chat", "name": "Chat", "queue": desk.pumps});
    assert_eq!(refused(desk.admin.post("/api/v1/intake-channels", body.clone()).await), (409, "taken".into()));
    assert_eq!(refused(desk.admin.post("/api/v1/intake-channels", json!({"key": "!", "name": "", "queue": desk.pumps})).await).0, 422);
    for who in [&desk.lead, &desk.ann, &desk.vic] {
        assert_refused(who.post("/api/v1/intake-channels", body.clone()).await, 403, "forbidden");
        assert_refused(who.get("/api/v1/intake-channels").await, 403, "forbidden");
    }
    let list = desk.admin.get("/api/v1/intake-channels").await.unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}
