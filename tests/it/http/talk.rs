//! Conversations, escalations and notices.

use serde_json::json;

use crate::desk::{TestDesk, assert_refused, refused};

#[tokio::test]
async fn a_direct_conversation_is_its_members_alone() {
    let desk = TestDesk::new().await;
    let body = json!({"kind": "direct", "members": [desk.ann.person.id, desk.zoe.person.id]});
    let made = desk.ann.post("/api/v1/conversations", body).await.unwrap();
    let path = format!("/api/v1/conversations/{}", made["id"].as_str().unwrap());
    desk.ann.post(&format!("{path}/messages"), json!({"text": "Hello @zoe"})).await.unwrap();
    assert_eq!(desk.zoe.get(&path).await.unwrap()["last_seq"], 1);
    let messages = desk.zoe.get(&format!("{path}/messages?after=0&limit=1")).await.unwrap();
    assert_eq!(messages["messages"][0]["text"], "Hello @zoe");
    desk.zoe.post(&format!("{path}/read"), json!({"seq": 1})).await.unwrap();
    for who in [&desk.bob, &desk.lead, &desk.admin] {
        assert_refused(who.get(&path).await, 404, "not_found");
        assert_refused(who.get(&format!("{path}/messages")).await, 404, "not_found");
        assert_refused(who.post(&format!("{path}/messages"), json!({"text": "x"})).await, 404, "not_found");
        assert_refused(who.post(&format!("{path}/read"), json!({"seq": 1})).await, 404, "not_found");
        assert_eq!(who.get("/api/v1/conversations").await.unwrap()["items"], json!([]));
    }
    assert_eq!(desk.ann.get("/api/v1/conversations").await.unwrap()["items"].as_array().unwrap().len(), 1);
    assert_refused(desk.vic.post("/api/v1/conversations", json!({"kind": "channel", "title": "x"})).await, 403, "forbidden");
    assert_eq!(refused(desk.ann.post("/api/v1/conversations", json!({"kind": "direct"})).await).0, 422);
    assert_eq!(refused(desk.ann.post(&format!("{path}/messages"), json!({"text": ""})).await).0, 422);
}

#[tokio::test]
async fn an_expert_is_called_answers_and_leaves() {
    let desk = TestDesk::new().await;
    desk.eve.available().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.ann.post(&format!("/api/v1/tickets/{number}/claim"), json!({})).await.unwrap();
    let path = format!("/api/v1/tickets/{number}/escalate");
    let made = desk.ann.post(&path, json!({"tier": 2, "note": "I cannot"})).await.unwrap();
    assert_eq!(desk.eve.get("/api/v1/escalations").await.unwrap()["items"][0]["id"], made["escalation"]);
    assert_eq!(desk.bob.get("/api/v1/escalations").await.unwrap()["items"], json!([]));
    let at = format!("/api/v1/escalations/{}", made["escalation"].as_str().unwrap());
    let answer = json!({"ticket": number, "accept": true});
    assert_eq!(refused(desk.bob.post(&format!("{at}/answer"), answer.clone()).await).0, 403);
    assert_eq!(refused(desk.zoe.post(&format!("{at}/answer"), answer.clone()).await).0, 404);
    desk.eve.post(&format!("{at}/answer"), answer.clone()).await.unwrap();
    desk.eve.post(&format!("{at}/answer"), answer).await.unwrap();
    let other = json!({"ticket": number, "accept": false});
    assert_eq!(refused(desk.eve.post(&format!("{at}/answer"), other).await).0, 409);
    assert_eq!(refused(desk.eve.post(&format!("{at}/leave"), json!({"ticket": number, "result": "solved", "note": ""})).await).0, 422);
    desk.eve.post(&format!("{at}/leave"), json!({"ticket": number, "result": "solved", "note": "It was off"})).await.unwrap();
    let again = desk.eve.post(&format!("{at}/leave"), json!({"ticket": number, "result": "solved", "note": "again"})).await.unwrap();
    assert_eq!(again["unchanged"], true, "leaving twice is leaving once");
}

#[tokio::test]
async fn notices_are_ones_own() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    desk.lead.post(&format!("/api/v1/tickets/{number}/assign"), json!({"person": desk.ann.person.id})).await.unwrap();
    let notices = desk.ann.get("/api/v1/notices").await.unwrap();
    let path = format!("/api/v1/notices/{}/dismiss", notices["items"][0]["id"].as_str().unwrap());
    assert_refused(desk.bob.post(&path, json!({})).await, 404, "not_found");
    desk.ann.post(&path, json!({})).await.unwrap();
    assert_eq!(desk.ann.get("/api/v1/notices").await.unwrap()["items"], json!([]));
}
