//! Tickets as resources: reading, editing, and the acts.

use dutydesk::domain::command::Command;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{TestDesk, Who, assert_refused, raw, refused};

fn body(queue: &str) -> Value {
    json!({"queue": queue, "text": "Pump 4 does not start", "requester": {"external": "shop:1", "name": "Shop 1"}})
}

#[tokio::test]
async fn a_ticket_is_opened_listed_read_and_edited() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4 does not start").await;
    // From then on nothing but the test changes the ticket.
    desk.ann.until("the desk looked at it", async || desk.ann.ticket(number).await.waits).await;
    desk.zoe.open("web", "Checkout is down").await;
    let list = desk.ann.get("/api/v1/tickets?queue=pumps&status=new,open&assignee=none&q=pump&limit=1").await.unwrap();
    assert_eq!(list["tickets"][0]["number"], json!(number));
    assert_eq!(desk.ann.get("/api/v1/tickets").await.unwrap()["tickets"].as_array().unwrap().len(), 1, "only her queue");
    assert_eq!(desk.lead.get("/api/v1/tickets").await.unwrap()["tickets"].as_array().unwrap().len(), 2);
    let path = format!("/api/v1/tickets/{number}");
    let response = raw(desk.ann.api.request(Method::GET, &path)).await;
    let version = response.headers()["etag"].to_str().unwrap().to_owned();
    let patch = json!({"subject": "Pump 4", "priority": "high", "status": "open", "add_tags": ["pump"], "fields": {"model": "P-4"}});
    let edited = desk.ann.patch(&path, patch).await.unwrap();
    assert_eq!((&edited["subject"], &edited["priority"], &edited["tags"]), (&json!("Pump 4"), &json!("high"), &json!(["pump"])));
    let stale = desk.ann.api.request(Method::PATCH, &path).header("if-match", &version).json(&json!({"subject": "Old"}));
    assert_refused(desk.ann.api.send(stale).await, 409, "version_conflict");
    let assign = desk.ann.api.request(Method::POST, &format!("{path}/assign")).header("if-match", &version);
    let assign = assign.json(&json!({"person": desk.bob.person.id}));
    assert_refused(desk.ann.api.send(assign).await, 409, "version_conflict");
    let fresh = desk.ann.api.request(Method::PATCH, &path).header("if-match", format!("\"{}\"", edited["version"]));
    desk.ann.api.send(fresh.json(&json!({"remove_tags": ["pump"], "fields": {"model": null}}))).await.unwrap();
    for part in ["audit", "messages", "assignments", "decisions"] {
        desk.ann.get(&format!("{path}/{part}")).await.unwrap();
    }
    let moved = desk.ann.patch(&path, json!({"queue": "web"})).await.unwrap();
    assert_eq!(moved["queue"], json!(desk.web));
    assert_refused(desk.ann.get(&path).await, 404, "not_found");
}

#[tokio::test]
async fn pages_of_tickets_follow_each_other() {
    let desk = TestDesk::new().await;
    for at in 0..5 {
        desk.ann.open("pumps", &format!("Pump {at}")).await;
    }
    let (mut path, mut seen) = ("/api/v1/tickets?limit=2".to_owned(), Vec::new());
    loop {
        let page = desk.ann.get(&path).await.unwrap();
        seen.extend(page["tickets"].as_array().unwrap().iter().map(|ticket| ticket["number"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/tickets?limit=2&cursor={next}");
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn wrong_queries_and_bodies_are_named() {
    let desk = TestDesk::new().await;
    for query in ["queue=nope", "status=nope", "assignee=nope", "limit=0", "limit=201", "cursor=x"] {
        assert_eq!(refused(desk.ann.get(&format!("/api/v1/tickets?{query}")).await).0, 422, "{query}");
    }
    for query in ["priority=nope", "unknown=1", "limit=x"] {
        assert_refused(desk.ann.get(&format!("/api/v1/tickets?{query}")).await, 400, "invalid");
    }
    assert_eq!(refused(desk.ann.post("/api/v1/tickets", body("nope")).await).0, 422);
    assert_eq!(refused(desk.ann.post("/api/v1/tickets", json!({"queue": "pumps"})).await).0, 422);
    let mut extra = body("pumps");
    extra["colour"] = json!("red");
    assert_eq!(refused(desk.ann.post("/api/v1/tickets", extra).await).0, 422);
    assert_refused(desk.ann.get("/api/v1/tickets/abc").await, 404, "not_found");
    let number = desk.ann.open("pumps", "Pump").await;
    let claim = desk.ann.api.request(Method::POST, &format!("/api/v1/tickets/{number}/claim"));
    assert_refused(desk.ann.api.send(claim.header("if-match", "W/x")).await, 400, "invalid");
}

#[tokio::test]
async fn of_two_who_claim_one_wins_and_the_other_is_told_who() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("pumps", "Pump 4").await;
    let path = format!("/api/v1/tickets/{number}/claim");
    let (ann, bob) = tokio::join!(desk.ann.post(&path, json!({})), desk.bob.post(&path, json!({})));
    assert!(ann.is_ok() != bob.is_ok(), "exactly one wins");
    let (winner, loser) = if ann.is_ok() { (&desk.ann, bob) } else { (&desk.bob, ann) };
    let error = loser.unwrap_err();
    assert_eq!(error.code(), Some("ticket_claimed"));
    assert!(error.to_string().contains(&winner.person.name), "{error}");
    assert_eq!(desk.lead.ticket(number).await.assignee, Some(winner.person.id));
}

#[tokio::test]
async fn acts_are_done_in_order_and_refused_out_of_it() {
    let desk = TestDesk::new().await;
    let (number, other) = (desk.lead.open("pumps", "Pump 4").await, desk.lead.open("pumps", "Pump 4 again").await);
    let path = |act: &str| format!("/api/v1/tickets/{number}/{act}");
    desk.ann.post(&path("claim"), json!({})).await.unwrap();
    desk.ann.post(&path("accept"), json!({})).await.unwrap();
    desk.ann.post(&path("messages"), json!({"text": "We look", "visibility": "public", "status": "pending"})).await.unwrap();
    assert_eq!(refused(desk.ann.post(&path("messages"), json!({"text": ""})).await).0, 422);
    desk.ann.post(&path("assign"), json!({"person": desk.bob.person.id})).await.unwrap();
    assert_eq!(refused(desk.ann.post(&path("assign"), json!({"person": desk.vic.person.id})).await).0, 422);
    desk.bob.post(&path("release"), json!({"reason": "lunch"})).await.unwrap();
    assert_eq!(refused(desk.ann.post(&path("escalate"), json!({"tier": 9, "note": "x"})).await).0, 422);
    assert_eq!(refused(desk.ann.post(&path("merge"), json!({"into": number})).await).0, 422);
    desk.ann.post(&path("merge"), json!({"into": other})).await.unwrap();
    assert_eq!(refused(desk.ann.post(&path("claim"), json!({})).await), (409, "ticket_solved".to_owned()));
}

#[tokio::test]
async fn who_may_not_see_a_ticket_is_told_that_it_does_not_exist_by_every_route() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let missing = number.0 + 1_000;
    for (number, who) in [(number.0, &desk.zoe), (missing, &desk.ann)] {
        let path = format!("/api/v1/tickets/{number}");
        for part in ["", "/messages", "/audit", "/assignments", "/decisions"] {
            assert_refused(who.get(&format!("{path}{part}")).await, 404, "not_found");
        }
        assert_refused(who.patch(&path, json!({"subject": "x"})).await, 404, "not_found");
        let acts = [
            ("claim", json!({})),
            ("accept", json!({})),
            ("messages", json!({"text": "x"})),
            ("assign", json!({"person": who.person.id})),
            ("release", json!({})),
            ("escalate", json!({"tier": 2, "note": "x"})),
            ("merge", json!({"into": 1})),
        ];
        for (act, body) in acts {
            assert_refused(who.post(&format!("{path}/{act}"), body).await, 404, "not_found");
        }
    }
}

#[tokio::test]
async fn a_viewer_reads_and_changes_nothing() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.vic.ticket(number).await;
    assert_refused(desk.vic.post("/api/v1/tickets", body("pumps")).await, 403, "forbidden");
    assert_refused(desk.vic.patch(&format!("/api/v1/tickets/{number}"), json!({"subject": "x"})).await, 403, "forbidden");
    for (act, body) in [("claim", json!({})), ("messages", json!({"text": "x"})), ("release", json!({})), ("merge", json!({"into": 9}))] {
        assert_refused(desk.vic.post(&format!("/api/v1/tickets/{number}/{act}"), body).await, 403, "forbidden");
    }
}

async fn keyed(who: &Who, key: &str, body: &Value) -> Result<Value, dutydesk::client::api::ApiError> {
    let request = who.api.request(Method::POST, "/api/v1/tickets").header("idempotency-key", key).json(body);
    Ok(who.api.send(request).await?.json().await.unwrap())
}

#[tokio::test]
async fn the_same_key_makes_one_ticket_and_never_another() {
    let desk = TestDesk::new().await;
    let key = dutydesk::base::clock::new_id().to_string();
    let first = keyed(&desk.ann, &key, &body("pumps")).await.unwrap();
    assert_eq!(keyed(&desk.ann, &key, &body("pumps")).await.unwrap(), first);
    assert_eq!(desk.lead.get("/api/v1/tickets").await.unwrap()["tickets"].as_array().unwrap().len(), 1);
    let mut other = body("pumps");
    other["text"] = json!("Something else");
    assert_refused(keyed(&desk.ann, &key, &other).await, 409, "key_reused");
    assert_refused(keyed(&desk.bob, &key, &body("pumps")).await, 409, "key_reused");
    assert_refused(keyed(&desk.ann, "no uuid", &body("pumps")).await, 400, "invalid");
}

#[tokio::test]
async fn what_was_made_can_be_used_by_the_next_request() {
    let desk = TestDesk::new().await;
    for at in 0..20 {
        let queue = crate::fixtures::queue(&format!("q-{at}"), None);
        desk.lead.act(Command::PutQueue(Box::new(queue))).await.unwrap();
        desk.lead.open(&format!("q-{at}"), "The queue is known at once").await;
    }
}

async fn numbers(who: &Who, filter: &str) -> Vec<i64> {
    let query: String = filter.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let list = who.get(&format!("/api/v1/tickets?filter={query}")).await.unwrap();
    list["tickets"].as_array().unwrap().iter().map(|ticket| ticket["number"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_filter_language_lists_what_one_may_see() {
    let desk = TestDesk::new().await;
    let (pump, web) = (desk.ann.open("pumps", "Pump 4 does not start").await.0, desk.zoe.open("web", "Checkout is down").await.0);
    desk.ann.patch(&format!("/api/v1/tickets/{pump}"), json!({"priority": "urgent", "add_tags": ["late-night"]})).await.unwrap();
    assert_eq!(numbers(&desk.lead, "is:unsolved newer:1h").await, [web, pump]);
    assert_eq!(numbers(&desk.ann, "is:unsolved newer:1h").await, [pump], "only her queue");
    assert_eq!(numbers(&desk.lead, "priority:>=high 状态：未解决 tag:\"late-night\"").await, [pump]);
    assert_eq!(numbers(&desk.lead, "-queue:pumps").await, [web]);
    let wrong = desk.lead.get("/api/v1/tickets?filter=stauts:open").await;
    assert!(format!("{wrong:?}").contains("status"), "{wrong:?}");
    assert_refused(wrong, 422, "invalid");
}

#[tokio::test]
async fn saved_views_are_seen_by_those_they_are_shared_with() {
    let desk = TestDesk::new().await;
    let put = async |who: &Who, n: u128, body: Value| {
        let path = format!("/api/v1/views/{}", uuid::Uuid::from_u128(n));
        who.api.send(who.api.request(Method::PUT, &path).json(&body)).await
    };
    put(&desk.ann, 1, json!({"name": "Mine", "filter": "@me"})).await.unwrap();
    put(&desk.ann, 2, json!({"name": "Pumps", "filter": "is:late", "shared": "pumps"})).await.unwrap();
    put(&desk.ann, 3, json!({"name": "All late", "filter": "is:late", "shared": "everybody"})).await.unwrap();
    let names = async |who: &Who| -> Vec<String> {
        let list = who.get("/api/v1/views").await.unwrap();
        list["items"].as_array().unwrap().iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&desk.ann).await, ["Mine", "Pumps", "All late"]);
    assert_eq!(names(&desk.zoe).await, ["All late"]);
    assert_eq!(names(&desk.lead).await, ["Pumps", "All late"]);
    assert_refused(put(&desk.zoe, 3, json!({"name": "Ours", "filter": ""})).await, 403, "forbidden");
    assert_refused(put(&desk.zoe, 4, json!({"name": "x", "filter": "queue:pmps"})).await, 422, "filter_invalid");
    let path = format!("/api/v1/views/{}", uuid::Uuid::from_u128(3));
    desk.lead.api.delete(&path).await.unwrap();
    assert_eq!(names(&desk.zoe).await, Vec::<String>::new());
}
