//! Cursors and rights: who may see more or less than before starts over.

use dutydesk::domain::command::Command;
use dutydesk::domain::person::{Person, Role};
use dutydesk::domain::row::RowKind;

use super::replica::Replica;
use crate::desk::{TestDesk, Who, assert_refused};

async fn cursor(who: &Who) -> String {
    who.get("/api/v1/digest").await.unwrap()["cursor"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_whose_queues_or_role_change_starts_over_and_sees_the_right_rows() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await.to_string();
    for (role, queues, sees) in [(Role::Agent, vec![desk.pumps], true), (Role::Agent, vec![desk.web], false), (Role::Viewer, vec![], true)]
    {
        let mut before = cursor(&desk.zoe).await;
        let zoe = Person { role, queues, ..desk.zoe.person.clone() };
        desk.admin.act(Command::PutPerson(Box::new(zoe))).await.unwrap();
        // Until the server has read of the edit in its feed a poll tells what came before it; one that waits is told of it.
        let answer = loop {
            match desk.zoe.get(&format!("/api/v1/sync?cursor={before}&wait=10")).await {
                Ok(batch) => before = batch["to"].as_str().unwrap().to_owned(),
                refused => break refused,
            }
        };
        assert_refused(answer, 410, "cursor_too_old");
        let mut replica = Replica::new(&desk.zoe, false).await;
        replica.check("a change of rights").await;
        assert_eq!(replica.holds(RowKind::Ticket, &number), sees);
    }
}

#[tokio::test]
async fn a_stream_ends_when_rights_change_and_goes_on_for_everybody_else() {
    let desk = TestDesk::new().await;
    let before = cursor(&desk.zoe).await;
    let request = desk.zoe.api.request(reqwest::Method::GET, &format!("/api/v1/sync?cursor={before}"));
    let stream = desk.zoe.api.send(request.header("accept", "text/event-stream")).await.unwrap();
    let mut other = Replica::new(&desk.bob, true).await;
    let zoe = Person { queues: vec![desk.pumps], ..desk.zoe.person.clone() };
    desk.admin.act(Command::PutPerson(Box::new(zoe))).await.unwrap();
    let text = stream.text().await.unwrap();
    assert!(!text.contains("\"pumps\""), "nothing is sent under new rights on the old stream: {text}");
    other.check("somebody else's rights").await;
}

#[tokio::test]
async fn cursors_of_another_place_are_told_from_old_ones() {
    let desk = TestDesk::new().await;
    for wrong in ["", "zzz", "%20", "MS4wLjE.x"] {
        assert_refused(desk.ann.get(&format!("/api/v1/sync?cursor={wrong}")).await, 400, "cursor_invalid");
    }
    let position = |text: &str| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text);
    for old in ["99.0.1", "1.0.999999"] {
        let path = format!("/api/v1/sync?cursor={}", position(old));
        assert_refused(desk.ann.get(&path).await, 410, "cursor_too_old");
        let request = desk.ann.api.request(reqwest::Method::GET, &path).header("accept", "text/event-stream");
        assert_refused(desk.ann.api.send(request).await, 410, "cursor_too_old");
    }
}

#[tokio::test]
async fn a_cursor_from_before_what_the_feed_still_keeps_starts_over() {
    let mut desk = TestDesk::new().await;
    let before = cursor(&desk.ann).await;
    desk.ann.open("pumps", "Pump 4").await;
    desk.ann.open("pumps", "Pump 5").await;
    desk.stop().await;
    desk.start_again().await;
    desk.ann.get(&format!("/api/v1/sync?cursor={before}")).await.unwrap();
    desk.server().desk.store.trim(desk.clock.now() + chrono::Duration::days(1)).await.unwrap();
    // What the last server still had in memory it could still tell.
    desk.stop().await;
    desk.start_again().await;
    assert_refused(desk.ann.get(&format!("/api/v1/sync?cursor={before}")).await, 410, "cursor_too_old");
    let head = cursor(&desk.ann).await;
    desk.ann.get(&format!("/api/v1/sync?cursor={head}")).await.unwrap();
    Replica::new(&desk.ann, false).await.check("forgetting").await;
}
