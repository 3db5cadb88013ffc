//! Calls for experts on a real server: the accept clock, the next expert, the lead, shifts that end, two answers at once, and
//! the briefing.

use dutydesk::base::clock::new_id;
use dutydesk::client::api::Api;
use dutydesk::domain::command::Command;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::person::{Person, Role, Skill};
use dutydesk::domain::queue::Queue;
use dutydesk::domain::roster::Rota;
use dutydesk::server::routes::sessions::issue;
use serde_json::{Value, json};

use crate::desk::{TestDesk, Who, assert_refused, refused};
use crate::fixtures::person;

/// Another expert on duty around the clock, and two minutes to answer a call in both queues.
async fn with_max(desk: &TestDesk, skills: &[(&str, u8)]) -> Who {
    let skills = skills.iter().map(|(name, level)| Skill { name: (*name).into(), level: *level }).collect();
    let row = Person { skills, ..person("max", Role::Expert, 2, &[]) };
    desk.admin.act(Command::PutPerson(Box::new(row.clone()))).await.unwrap();
    let mut rota = experts(desk).await;
    let mut member = rota.members[0];
    member.person = row.id;
    rota.members.push(member);
    desk.admin.act(Command::PutRota(Box::new(rota))).await.unwrap();
    for mut queue in desk.admin.api.get::<dutydesk::wire::list::Items<Queue>>("/api/v1/queues").await.unwrap().items {
        queue.expert_accept_within_secs = 120;
        desk.admin.act(Command::PutQueue(Box::new(queue))).await.unwrap();
    }
    let token = issue(&desk.server().desk, row.id, "test").await.unwrap();
    let api = Api::new(&desk.url, Some(&token)).unwrap();
    Who { person: row, token, api }
}

async fn experts(desk: &TestDesk) -> Rota {
    let rotas = desk.admin.api.get::<dutydesk::wire::list::Items<Rota>>("/api/v1/rotas").await.unwrap().items;
    rotas.into_iter().find(|rota| rota.key == "experts").unwrap()
}

async fn anns(desk: &TestDesk) -> TicketNumber {
    let number = desk.ann.open("pumps", "Pump 4 is silent").await;
    desk.ann.post(&format!("/api/v1/tickets/{number}/claim"), json!({})).await.unwrap();
    number
}

async fn calls(who: &Who, number: TicketNumber) -> Vec<Value> {
    let answer = who.get(&format!("/api/v1/tickets/{number}/escalations")).await.unwrap();
    answer["items"].as_array().unwrap().clone()
}

fn states(calls: &[Value]) -> Vec<String> {
    calls.iter().map(|call| call["state"].as_str().unwrap().to_owned()).collect()
}

async fn told(who: &Who) -> Vec<String> {
    let notices = who.get("/api/v1/notices").await.unwrap();
    notices["items"].as_array().unwrap().iter().map(|notice| notice["kind"]["type"].as_str().unwrap().to_owned()).collect()
}

fn answer(number: TicketNumber, accept: bool) -> Value {
    json!({"ticket": number, "accept": accept, "reason": if accept { None } else { Some("busy") }})
}

fn at(call: &Value, what: &str) -> String {
    format!("/api/v1/escalations/{}/{what}", call["id"].as_str().unwrap())
}

#[tokio::test]
async fn a_call_not_answered_goes_to_the_next_then_to_the_lead() {
    let desk = TestDesk::new().await;
    let max = with_max(&desk, &[]).await;
    desk.eve.available().await;
    let number = anns(&desk).await;
    let asked = json!({"tier": 2, "reason": "skill", "note": "pressure is wrong", "tried": "switched it off", "takes_over": true});
    let made = desk.ann.post(&format!("/api/v1/tickets/{number}/escalate"), asked).await.unwrap();
    assert_eq!(made["expert"], json!(desk.eve.person.id), "who is there before who is offline");
    assert_eq!(made["accept_by"], "2026-11-21T03:02:00Z");
    desk.pass(119).await;
    assert_eq!(states(&calls(&desk.ann, number).await), ["asked"]);
    desk.pass(1).await;
    let passed =
        desk.lead.until("the next one asked", async || Some(calls(&desk.ann, number).await).filter(|calls| calls.len() == 2)).await;
    assert_eq!(states(&passed), ["unanswered", "asked"]);
    let second = &passed[1];
    assert_eq!((&second["expert"], &second["follows"]), (&json!(max.person.id), &passed[0]["id"]));
    for field in ["tier", "code", "reason", "tried", "takes_over", "asked_by"] {
        assert_eq!(second[field], passed[0][field], "{field}");
    }
    assert_refused(desk.eve.post(&at(&passed[0], "answer"), answer(number, true)).await, 409, "already_answered");
    max.post(&at(second, "answer"), answer(number, false)).await.unwrap();
    assert_eq!(states(&calls(&desk.ann, number).await), ["unanswered", "declined"]);
    assert!(told(&desk.lead).await.contains(&"escalation_unanswered".to_owned()));
    assert!(told(&desk.ann).await.contains(&"escalation_answered".to_owned()));
    assert_eq!(desk.ann.ticket(number).await.assignee, Some(desk.ann.person.id), "nobody took it over");
    let messages = desk.ann.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap().to_string();
    assert!(messages.contains("nobody of tier 2 is left to call: told @lea"), "{messages}");
}

#[tokio::test]
async fn a_restart_loses_no_accept_clock() {
    let mut desk = TestDesk::new().await;
    let _max = with_max(&desk, &[]).await;
    let number = anns(&desk).await;
    desk.ann.post(&format!("/api/v1/tickets/{number}/escalate"), json!({"tier": 2, "note": "pressure"})).await.unwrap();
    desk.stop().await;
    desk.clock.advance(chrono::Duration::hours(1));
    desk.start_again().await;
    let passed =
        desk.lead.until("the next one asked", async || Some(calls(&desk.ann, number).await).filter(|calls| calls.len() == 2)).await;
    assert_eq!(states(&passed), ["unanswered", "asked"]);
    assert_eq!(passed[1]["accept_by"], "2026-11-21T04:02:00Z", "the next one has all of the time");
}

#[tokio::test]
async fn the_best_level_is_found_joins_takes_over_and_leaves_with_a_verdict() {
    let desk = TestDesk::new().await;
    let max = with_max(&desk, &[("routers", 4)]).await;
    desk.eve.available().await;
    let number = anns(&desk).await;
    let escalate = format!("/api/v1/tickets/{number}/escalate");
    assert_refused(desk.ann.post(&escalate, json!({"tier": 2, "skill": "rooters", "note": "x"})).await, 422, "unknown_skill");
    desk.ann.post(&escalate, json!({"tier": 2, "skill": "Routers", "note": "x", "takes_over": true})).await.unwrap();
    let call = calls(&max, number).await.remove(0);
    assert_eq!((&call["expert"], &call["skill"]), (&json!(max.person.id), &json!("routers")));
    assert_refused(max.post(&at(&call, "join"), json!({"ticket": number})).await, 409, "not_accepted");
    // Two consoles answer at once: both are told that it is accepted, and it happened once.
    let path = at(&call, "answer");
    let (one, other) = tokio::join!(max.post(&path, answer(number, true)), max.post(&path, answer(number, true)));
    let unchanged = [one.unwrap(), other.unwrap()].iter().filter(|answer| answer["unchanged"] == true).count();
    assert_eq!(unchanged, 1);
    assert_eq!(desk.ann.ticket(number).await.assignee, Some(max.person.id));
    max.post(&at(&call, "join"), json!({"ticket": number})).await.unwrap();
    assert_eq!(max.get("/api/v1/escalations").await.unwrap()["items"][0]["state"], "joined");
    assert_eq!(desk.lead.get("/api/v1/escalations?all=true").await.unwrap()["items"].as_array().unwrap().len(), 1);
    assert_eq!(desk.zoe.get("/api/v1/escalations?all=true").await.unwrap()["items"], json!([]));
    assert_eq!(refused(desk.zoe.get(&format!("/api/v1/tickets/{number}/escalations")).await).0, 404);
    let verdict = json!({"ticket": number, "result": "needs_vendor", "note": "the maker has to come"});
    max.post(&at(&call, "leave"), verdict).await.unwrap();
    let call = calls(&desk.ann, number).await.remove(0);
    assert_eq!((&call["state"], &call["result"]), (&json!("left"), &json!("needs_vendor")));
}

/// One call, two consoles of its expert, two minds: one answer counts, whichever came first, and the other console is told.
#[tokio::test]
async fn one_call_accepted_on_one_console_and_declined_on_the_other_has_one_answer() {
    let desk = TestDesk::new().await;
    let max = with_max(&desk, &[]).await;
    desk.eve.available().await;
    let other = Api::new(&desk.url, Some(&issue(&desk.server().desk, desk.eve.person.id, "other").await.unwrap())).unwrap();
    for round in 0..8 {
        let number = anns(&desk).await;
        let asked = json!({"tier": 2, "person": desk.eve.person.id, "note": "pressure"});
        desk.ann.post(&format!("/api/v1/tickets/{number}/escalate"), asked).await.unwrap();
        let call = calls(&desk.ann, number).await.remove(0);
        let path = at(&call, "answer");
        let (yes, no) = (answer(number, true), answer(number, false));
        // Neither console has a head start for long.
        let (accepted, declined) = if round % 2 == 0 {
            tokio::join!(desk.eve.api.post::<_, Value>(&path, &yes), other.post::<_, Value>(&path, &no))
        } else {
            let (declined, accepted) = tokio::join!(other.post::<_, Value>(&path, &no), desk.eve.api.post::<_, Value>(&path, &yes));
            (accepted, declined)
        };
        let after = calls(&desk.ann, number).await;
        if accepted.is_ok() {
            assert_refused(declined, 409, "already_answered");
            assert_eq!(states(&after), ["accepted"], "nobody else is called");
        } else {
            assert_refused(accepted, 409, "already_answered");
            assert_eq!(states(&after), ["declined", "asked"]);
            assert_eq!(after[1]["expert"], json!(max.person.id), "the next one, once");
        }
    }
}

#[tokio::test]
async fn two_experts_accept_at_once_and_a_finished_ticket_lets_both_go() {
    let desk = TestDesk::new().await;
    let max = with_max(&desk, &[]).await;
    let number = anns(&desk).await;
    for expert in [&desk.eve, &max] {
        let body = json!({"tier": 2, "person": expert.person.id, "note": "both of you"});
        desk.ann.post(&format!("/api/v1/tickets/{number}/escalate"), body).await.unwrap();
    }
    let both = calls(&desk.ann, number).await;
    let (eves, maxes) = (at(&both[0], "answer"), at(&both[1], "answer"));
    let (one, other) = tokio::join!(desk.eve.post(&eves, answer(number, true)), max.post(&maxes, answer(number, true)));
    assert!(one.is_ok() && other.is_ok(), "each has a call of their own");
    assert_eq!(states(&calls(&desk.ann, number).await), ["accepted", "accepted"]);
    assert_refused(desk.bob.post(&at(&both[0], "withdraw"), json!({"ticket": number})).await, 403, "forbidden");
    desk.ann.post(&at(&both[0], "withdraw"), json!({"ticket": number, "reason": "one is enough"})).await.unwrap();
    desk.ann.act(Command::SetStatus { number, status: dutydesk::domain::ticket::Status::Solved }).await.unwrap();
    assert_eq!(states(&calls(&desk.ann, number).await), ["withdrawn", "withdrawn"]);
    assert!(told(&max).await.contains(&"escalation_withdrawn".to_owned()));
}

#[tokio::test]
async fn an_experts_shift_ends_during_the_call() {
    let desk = TestDesk::new().await;
    let max = with_max(&desk, &[]).await;
    desk.eve.available().await;
    let number = anns(&desk).await;
    let escalate = format!("/api/v1/tickets/{number}/escalate");
    desk.ann.post(&escalate, json!({"tier": 2, "note": "pressure"})).await.unwrap();
    let call = calls(&desk.ann, number).await.remove(0);
    desk.eve.post(&at(&call, "answer"), answer(number, true)).await.unwrap();
    desk.pass(60).await;
    off_duty(&desk, &desk.eve).await;
    let both = desk.lead.until("a relief", async || Some(calls(&desk.ann, number).await).filter(|calls| calls.len() == 2)).await;
    assert_eq!(states(&both), ["accepted", "asked"], "who is in stays in");
    assert!(both[0]["off_duty_at"].is_string());
    assert!(told(&desk.ann).await.contains(&"expert_off_duty".to_owned()));
    assert!(told(&desk.lead).await.contains(&"expert_off_duty".to_owned()));
    // The relief goes off duty before answering: nobody is left.
    desk.clock.advance(chrono::Duration::seconds(10));
    off_duty(&desk, &max).await;
    let states_after = desk
        .lead
        .until("nobody left", async || Some(states(&calls(&desk.ann, number).await)).filter(|states| states[1] == "unanswered"))
        .await;
    assert_eq!(states_after, ["accepted", "unanswered"]);
    assert!(told(&desk.lead).await.contains(&"escalation_unanswered".to_owned()));
    // Who left the desk is out.
    let gone = Person { active: false, ..desk.eve.person.clone() };
    desk.admin.act(Command::PutPerson(Box::new(gone))).await.unwrap();
    desk.lead.until("eve out", async || (states(&calls(&desk.ann, number).await)[0] == "left").then_some(())).await;
}

/// Leave from now on.
async fn off_duty(desk: &TestDesk, who: &Who) {
    let now = desk.clock.now();
    let leave = json!({"id": new_id(), "version": 0, "rota": experts(desk).await.id, "kind": "leave", "person": who.person.id,
        "from": now, "to": now + chrono::Duration::days(1), "reason": "ill", "asked_by": desk.lead.person.id, "created_at": now});
    desk.lead.post("/api/v1/roster-changes", leave).await.unwrap();
}

#[tokio::test]
async fn a_briefing_tells_what_its_reader_may_know() {
    let desk = TestDesk::new().await;
    desk.eve.available().await;
    let old = desk.ann.open("pumps", "收银机网络断开").await;
    desk.ann
        .post(&format!("/api/v1/tickets/{old}/messages"), json!({"text": "Restart the router", "visibility": "public", "status": "solved"}))
        .await
        .unwrap();
    let hidden = desk.zoe.open("web", "网络断开 again").await;
    desk.zoe
        .post(&format!("/api/v1/tickets/{hidden}/messages"), json!({"text": "secret of web", "visibility": "public", "status": "solved"}))
        .await
        .unwrap();
    let number = desk.ann.open("pumps", "网络很慢").await;
    desk.ann.post(&format!("/api/v1/tickets/{number}/claim"), json!({})).await.unwrap();
    let asked = json!({"tier": 2, "note": "slow", "tried": "another cable"});
    desk.ann.post(&format!("/api/v1/tickets/{number}/escalate"), asked).await.unwrap();
    let path = format!("/api/v1/tickets/{number}/briefing");
    let page = desk.ann.get(&path).await.unwrap();
    assert_eq!((&page["subject"], &page["tried"][0]["text"]), (&json!("网络很慢"), &json!("another cable")));
    assert_eq!(page["similar"].as_array().unwrap().len(), 1, "{}", page["similar"]);
    let similar = &page["similar"][0];
    assert_eq!((&similar["number"], &similar["solution"]), (&json!(old), &json!("Restart the router")));
    assert_eq!(similar["why"][0], json!({"type": "words", "words": ["网络"]}));
    assert!(!page.to_string().contains("again"), "zoe's queue is not ann's");
    let people: Vec<&str> = page["people"].as_array().unwrap().iter().map(|one| one["handle"].as_str().unwrap()).collect();
    assert_eq!(people, ["ann", "eve"]);
    assert!(page["requester_tickets"].as_array().unwrap().iter().any(|other| other["number"] == json!(old)));
    assert!(!page["clocks"].as_array().unwrap().is_empty() && !page["timeline"].as_array().unwrap().is_empty());
    let leads = desk.lead.get(&path).await.unwrap();
    assert!(leads["requester_tickets"].to_string().contains("again"), "a lead sees both queues");
    assert_eq!(desk.eve.get(&path).await.unwrap()["similar"], json!([]), "an expert without queues sees this ticket alone");
    assert_eq!(refused(desk.zoe.get(&path).await).0, 404);
    let client: dutydesk::domain::briefing::Briefing = desk.lead.api.get(&path).await.unwrap();
    assert_eq!(client.ticket, number);
}
