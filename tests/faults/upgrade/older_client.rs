//! Clients of another version, played over raw HTTP, against this server.

use dutydesk::base::clock::new_id;
use dutydesk::wire::protocol::{PROTOCOL, PROTOCOL_HEADER, Spoken};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::place::Place;

struct Other<'a> {
    place: &'a Place,
    http: Client,
    /// What it says of itself.
    says: Option<&'a str>,
}

impl<'a> Other<'a> {
    fn new(place: &'a Place, says: Option<&'a str>) -> Self {
        Self { place, http: Client::new(), says }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.place.server.url)).bearer_auth(&self.place.token);
        match self.says {
            Some(says) => request.header(PROTOCOL_HEADER, says),
            None => request,
        }
    }

    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    async fn json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.request(Method::POST, path).json(&body).send().await.unwrap().json().await.unwrap()
    }

    /// The kinds of a snapshot's rows, how many it says there are, and its cursor.
    async fn snapshot(&self) -> (Vec<String>, u64, String) {
        let text = self.get("/api/v1/snapshot").await.text().await.unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let kinds = lines.iter().filter_map(|line| Some(line.get("kind")?.as_str()?.to_owned())).collect();
        (kinds, lines.last().unwrap()["rows"].as_u64().unwrap(), lines[0]["cursor"].as_str().unwrap().to_owned())
    }
}

#[tokio::test]
async fn every_answer_says_what_the_server_speaks() {
    let place = Place::new().await;
    let client = Other::new(&place, Some("2"));
    for path in ["/api/v1/desk", "/api/v1/tickets", "/api/v1/nowhere", "/nowhere", "/healthz", "/api/v1/sync?cursor=wrong"] {
        let answer = client.get(path).await;
        let said = answer.headers()[PROTOCOL_HEADER].to_str().unwrap().to_owned();
        assert_eq!(Spoken::parse(&said), Some(Spoken::OURS), "{path}");
    }
    let desk = client.json("/api/v1/desk").await;
    assert_eq!((&desk["protocol"], &desk["protocol_oldest"]), (&json!(PROTOCOL), &json!(1)));
}

#[tokio::test]
async fn a_client_that_is_too_old_is_told_what_to_update() {
    let place = Place::new().await;
    let client = Other::new(&place, Some("0"));
    for path in ["/api/v1/snapshot", "/api/v1/tickets", "/api/v1/digest", "/api/v1/people/me"] {
        let answer = client.get(path).await;
        assert_eq!(answer.status().as_u16(), 426, "{path}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], "client_too_old");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("protocol 0") && detail.contains(&format!("1 to {PROTOCOL}")) && detail.contains("update"), "{detail}");
    }
    // What tells it why still answers, and a header that says nothing is no protocol.
    assert_eq!(client.get("/api/v1/desk").await.status().as_u16(), 200);
    assert_eq!(Other::new(&place, Some("many")).get("/api/v1/tickets").await.status().as_u16(), 400);
    // A newer client is served as far as this server goes.
    assert_eq!(Other::new(&place, Some("99;oldest=2")).get("/api/v1/tickets").await.status().as_u16(), 200);
}

#[tokio::test]
async fn an_older_client_is_sent_only_the_kinds_of_rows_that_it_knows() {
    let place = Place::new().await;
    for (says, knows) in [(None, false), (Some("1"), false), (Some("2"), true), (Some("7"), true)] {
        let client = Other::new(&place, says);
        let (_, _, cursor) = client.snapshot().await;
        place.put_view().await;
        let (kinds, rows, after) = client.snapshot().await;
        assert_eq!(kinds.iter().any(|kind| kind == "saved_view"), knows, "{says:?}");
        assert_eq!(rows, kinds.len() as u64, "{says:?}: the snapshot counts what it holds");
        let batch = client.json(&format!("/api/v1/sync?cursor={cursor}&wait=5")).await;
        let told = batch["changes"].as_array().unwrap().iter().any(|change| change["kind"] == "saved_view");
        assert_eq!((told, &batch["to"]), (knows, &json!(after)), "{says:?}: the cursor moves on either way");
        let digest = client.json("/api/v1/digest").await;
        assert_eq!(digest["kinds"].get("saved_view").is_some(), knows, "{says:?}");
    }
}

#[tokio::test]
async fn one_command_that_the_server_does_not_know_is_refused_alone() {
    let place = Place::new().await;
    let number = place.open("Pump 4 does not start").await;
    let client = Other::new(&place, Some("3"));
    let keys: Vec<_> = (0..4).map(|_| new_id()).collect();
    let body = json!({"source": "console", "commands": [
        {"key": keys[0], "command": {"type": "add_tag", "number": number, "tag": "wet"}},
        {"key": keys[1], "command": {"type": "teleport_ticket", "number": number, "to": "moon"}},
        {"key": keys[2], "command": {"type": "set_status", "number": number, "status": "parked"}},
        {"key": keys[3], "newer": true, "command": {"type": "add_tag", "number": number, "tag": "cold", "newer": {"x": 1}}},
    ]});
    let answers = client.post("/api/v1/commands", body.clone()).await["answers"].clone();
    let codes: Vec<_> = answers.as_array().unwrap().iter().map(|answer| answer["refusal"]["code"].clone()).collect();
    assert_eq!(codes, [json!(null), json!("unknown_command"), json!("invalid"), json!(null)]);
    assert_eq!(answers[1]["key"], json!(keys[1]));
    assert!(answers[1]["refusal"]["message"].as_str().unwrap().contains("teleport_ticket"));
    let ticket = client.json(&format!("/api/v1/tickets/{number}")).await;
    assert_eq!(ticket["tags"], json!(["wet", "cold"]));
    // What was refused for not being known is not remembered: an updated server does it under the same key.
    let again = json!({"commands": [{"key": keys[1], "command": {"type": "add_tag", "number": number, "tag": "late"}}]});
    assert_eq!(client.post("/api/v1/commands", again).await["answers"][0]["replayed"], json!(false));
    // The others were done once.
    let replayed = client.post("/api/v1/commands", body).await["answers"].clone();
    assert_eq!((&replayed[0]["replayed"], &replayed[3]["replayed"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn commands_as_the_first_consoles_sent_them_still_work() {
    let place = Place::new().await;
    let client = Other::new(&place, None);
    let queue = place.queue;
    let create =
        json!({"type": "create_ticket", "queue": queue, "text": "Pump 4", "message": new_id(), "requester": {"external": "shop:1"}});
    let made = client.post("/api/v1/commands", json!({"commands": [{"key": new_id(), "command": create}]})).await;
    let number = made["answers"][0]["result"]["ticket"].as_i64().unwrap_or_else(|| panic!("{made}"));
    let commands = [
        json!({"type": "post_message", "target": {"type": "ticket", "number": number}, "message": new_id(), "visibility": "internal", "text": "Hm"}),
        json!({"type": "claim_ticket", "number": number}),
        json!({"type": "set_status", "number": number, "status": "pending"}),
        json!({"type": "set_priority", "number": number, "priority": "high"}),
        json!({"type": "release_ticket", "number": number}),
        json!({"type": "set_presence", "presence": "busy"}),
    ];
    for command in commands {
        let answer = client.post("/api/v1/commands", json!({"commands": [{"key": new_id(), "command": command}]})).await;
        assert_eq!(answer["answers"][0].get("refusal"), None, "{command}: {answer}");
    }
}
