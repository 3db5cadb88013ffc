//! Major incidents over HTTP: declared, tied, proposed, answered all at once exactly once, updates due, solved together.

use dutydesk::base::clock::new_id;
use dutydesk::domain::command::{Command, SendBroadcast};
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::incident::preview::BroadcastText;
use dutydesk::domain::ticket::Status;
use serde_json::{Value, json};

use crate::desk::{TestDesk, Who, assert_refused};

async fn declared(desk: &TestDesk, subject: &str) -> TicketNumber {
    let number = desk.ann.open("pumps", subject).await;
    let body = json!({"update_every_secs": 600});
    desk.ann.put(&format!("/api/v1/tickets/{number}/incident"), body).await.unwrap();
    number
}

async fn tied(desk: &TestDesk, incident: TicketNumber, count: usize) -> Vec<TicketNumber> {
    let mut all = Vec::new();
    for n in 0..count {
        let number = desk.ann.open("pumps", &format!("till {n} is dead")).await;
        desk.ann.post(&format!("/api/v1/tickets/{number}/tie"), json!({"incident": incident})).await.unwrap();
        all.push(number);
    }
    all
}

/// Public messages by people.
async fn answers(who: &Who, number: TicketNumber) -> Vec<String> {
    let found = who.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap();
    let items = found["items"].as_array().or_else(|| found["messages"].as_array()).unwrap().clone();
    let ours = items.into_iter().filter(|message| message["author"]["type"] == "person" && message["visibility"] == "public");
    ours.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
}

async fn finished(desk: &TestDesk, broadcast: &str) -> Value {
    desk.ann
        .until("the broadcast to be done", async || {
            let view = desk.ann.get(&format!("/api/v1/broadcasts/{broadcast}")).await.unwrap();
            (view["left"] == 0).then_some(view)
        })
        .await
}

#[tokio::test]
async fn all_requesters_are_answered_once_and_the_preview_says_so_before() {
    let desk = TestDesk::new().await;
    let incident = declared(&desk, "Card payments time out").await;
    let tied = tied(&desk, incident, 3).await;
    let path = format!("/api/v1/tickets/{incident}/incident");
    let body = json!({"text": "Dear {{requester.name}}, #{{ticket.number}}", "status": "pending", "leave_out": [tied[2]]});
    let preview = desk.ann.post(&format!("{path}/preview"), body.clone()).await.unwrap();
    assert_eq!((preview["count"].as_u64(), preview["excluded"].as_u64()), (Some(3), Some(1)));
    assert_eq!(preview["targets"][0]["text"], format!("Dear Shop 1, #{}", tied[0]));
    assert!(answers(&desk.ann, tied[0]).await.is_empty(), "a preview sends nothing");
    let stale = desk.ann.post(&format!("{path}/broadcasts"), json!({"body": body, "expected": 9})).await;
    assert_refused(stale, 409, "preview_stale");
    assert_refused(desk.bob.post(&format!("{path}/broadcasts"), json!({"body": body})).await, 403, "forbidden");
    let made = desk.ann.post(&format!("{path}/broadcasts"), json!({"body": body, "expected": 3})).await.unwrap();
    let view = finished(&desk, made["broadcast"].as_str().unwrap()).await;
    assert_eq!((view["sent"].as_u64(), view["refused"].as_u64()), (Some(3), Some(1)));
    for number in [tied[0], tied[1], incident] {
        assert_eq!(answers(&desk.ann, number).await, [format!("Dear Shop 1, #{number}")]);
    }
    assert_eq!(desk.ann.ticket(tied[0]).await.status, Status::Pending);
    assert!(answers(&desk.ann, tied[2]).await.is_empty());
    let page = desk.ann.get(&path).await.unwrap();
    assert_eq!(page["tied"].as_array().unwrap().len(), 3);
    assert_eq!(page["broadcasts"][0]["targets"][0]["why"], "left_out");
    assert_refused(desk.zoe.get(&path).await, 404, "not_found");
    assert_refused(desk.zoe.get(&format!("/api/v1/broadcasts/{}", made["broadcast"].as_str().unwrap())).await, 404, "not_found");
}

#[tokio::test]
async fn a_preview_names_tickets_of_other_queues_by_their_number_alone() {
    let desk = TestDesk::new().await;
    let incident = declared(&desk, "Card payments time out").await;
    let other = desk.zoe.open("web", "SECRET of the web shop").await;
    desk.lead.post(&format!("/api/v1/tickets/{other}/tie"), json!({"incident": incident})).await.unwrap();
    let body = json!({"text": "Dear {{requester.name}}, about {{ticket.subject}}"});
    let path = format!("/api/v1/tickets/{incident}/incident/preview");
    let (mine, all) = (desk.ann.post(&path, body.clone()).await.unwrap(), desk.lead.post(&path, body).await.unwrap());
    assert_eq!((&mine["count"], &mine["targets"][0]["ticket"]), (&json!(2), &json!(other)));
    assert!(!mine.to_string().contains("SECRET") && !mine["targets"][0].to_string().contains("Shop 1"), "{mine}");
    assert!(all.to_string().contains("SECRET"));
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_goes_on_where_it_was() {
    let mut desk = TestDesk::new().await;
    let incident = declared(&desk, "Card payments time out").await;
    let tied = tied(&desk, incident, 40).await;
    let body = BroadcastText { text: "We work on it".into(), ..BroadcastText::default() };
    let broadcast = new_id().into();
    let send = || Command::SendBroadcast(Box::new(SendBroadcast { number: incident, broadcast, body: body.clone(), expected: None }));
    desk.ann.act(send()).await.unwrap();
    // However far it has come by now.
    desk.stop().await;
    desk.start_again().await;
    assert!(desk.ann.act(send()).await.unwrap().unchanged, "the same broadcast again is none");
    let view = finished(&desk, &broadcast.to_string()).await;
    assert_eq!((view["sent"].as_u64(), view["refused"].as_u64()), (Some(41), Some(0)));
    for number in tied {
        assert_eq!(answers(&desk.ann, number).await, ["We work on it"], "#{number}");
    }
}

#[tokio::test]
async fn what_looks_alike_is_proposed_until_the_incident_is_over() {
    let desk = TestDesk::new().await;
    let incident = declared(&desk, "Card payments time out").await;
    let alike = desk.bob.open("pumps", "card payment: time out at till 4").await;
    assert_eq!(desk.bob.ticket(alike).await.looks_like, Some(incident));
    let page = desk.ann.get(&format!("/api/v1/tickets/{incident}/incident")).await.unwrap();
    assert_eq!(page["proposals"][0]["number"], alike.0);
    assert!(page["proposals"][0]["likeness"]["score"].as_u64().unwrap() >= 50);
    desk.bob.post(&format!("/api/v1/tickets/{alike}/likeness"), json!({"accept": true})).await.unwrap();
    assert_eq!(desk.bob.ticket(alike).await.incident, Some(incident));
    let other = desk.bob.open("pumps", "card payments time out, till 5").await;
    assert_eq!(desk.ann.get("/api/v1/incidents").await.unwrap()["items"][0]["proposals"], 1);
    desk.lead.api.delete(&format!("/api/v1/tickets/{incident}/incident")).await.unwrap();
    desk.bob.until("the proposal to go", async || desk.bob.ticket(other).await.looks_like.is_none().then_some(())).await;
    assert_eq!(desk.ann.get("/api/v1/incidents").await.unwrap()["items"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn an_update_that_is_due_is_told_and_all_are_solved_together() {
    let desk = TestDesk::new().await;
    let incident = declared(&desk, "Card payments time out").await;
    let tied = tied(&desk, incident, 2).await;
    desk.pass(600).await;
    let due = async |who: &Who, overdue: bool| {
        who.until("the notice", async || {
            let found = who.get("/api/v1/notices").await.unwrap();
            let items = found["items"].as_array().unwrap();
            let is = |notice: &&Value| notice["kind"]["type"] == "incident_update_due" && notice["kind"]["overdue"] == overdue;
            (items.iter().filter(is).count() == 1).then_some(())
        })
        .await;
    };
    due(&desk.ann, false).await;
    desk.pass(300).await;
    due(&desk.lead, true).await;
    let body = json!({"body": {"text": "Solved, {{requester.name}}.", "solves": true}});
    let made = desk.ann.post(&format!("/api/v1/tickets/{incident}/incident/broadcasts"), body).await.unwrap();
    finished(&desk, made["broadcast"].as_str().unwrap()).await;
    for number in tied.into_iter().chain([incident]) {
        assert_eq!(desk.ann.ticket(number).await.status, Status::Solved);
        assert_eq!(answers(&desk.ann, number).await, ["Solved, Shop 1."]);
    }
}
