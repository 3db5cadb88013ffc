//! From the first message outside to somebody's hands.

use dutydesk::domain::assignment::Decision;
use dutydesk::domain::command::Command;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::notice::{Notice, NoticeKind};
use dutydesk::domain::person::Presence;
use dutydesk::domain::ticket::{Ticket, WaitReason};
use dutydesk::wire::list::Items;
use serde_json::json;

use crate::desk::TestDesk;

async fn intake(desk: &TestDesk, thread: &str) -> TicketNumber {
    let made = desk
        .admin
        .post("/api/v1/intake-channels", json!({"key": format!("c-{thread}"), "name": "Chat", "queue": desk.pumps}))
        .await
        .unwrap();
    let body = json!({"thread": thread, "external": "m1", "author": {"external": "shop:1"}, "text": "Pump 4 does not start"});
    let channel = desk.with_token(made["token"].as_str().unwrap());
    let taken: serde_json::Value = channel.post(&format!("/api/v1/intake/c-{thread}"), &body).await.unwrap();
    TicketNumber(taken["ticket"].as_i64().unwrap())
}

async fn assigned(desk: &TestDesk, number: TicketNumber) -> Ticket {
    desk.lead.until("an assignee", async || Some(desk.lead.ticket(number).await).filter(|ticket| ticket.assignee.is_some())).await
}

#[tokio::test]
async fn a_message_from_outside_reaches_who_is_on_duty_and_available_with_the_reasons_kept() {
    let desk = TestDesk::new().await;
    desk.bob.available().await;
    desk.zoe.available().await;
    let number = intake(&desk, "t1").await;
    let ticket = assigned(&desk, number).await;
    assert_eq!(ticket.assignee, Some(desk.bob.person.id));
    assert_eq!(ticket.waits, None);
    let decisions: Items<Decision> = desk.bob.api.get(&format!("/api/v1/tickets/{number}/decisions")).await.unwrap();
    let decision = &decisions.items[0];
    assert_eq!(decision.chosen, Some(desk.bob.person.id));
    assert!(decision.candidates.iter().any(|candidate| candidate.person == desk.ann.person.id && candidate.excluded.is_some()));
    assert!(decision.candidates.iter().all(|candidate| candidate.person != desk.zoe.person.id), "not of this queue");
    let notices: Items<Notice> = desk.bob.api.get("/api/v1/notices").await.unwrap();
    assert!(notices.items.iter().any(|notice| notice.ticket == Some(number) && notice.kind == NoticeKind::Assigned));
}

#[tokio::test]
async fn a_ticket_for_whom_nobody_is_there_waits_tells_the_lead_once_and_is_given_out_when_somebody_comes() {
    let desk = TestDesk::new().await;
    let number = intake(&desk, "t2").await;
    let waits = async || desk.lead.ticket(number).await.waits;
    assert_eq!(desk.lead.until("the reason to wait", waits).await, WaitReason::NobodyPresent);
    let told = async || {
        let notices: Items<Notice> = desk.lead.api.get("/api/v1/notices").await.unwrap();
        let nobody = |kind: &NoticeKind| matches!(kind, NoticeKind::NobodyEligible { waits: WaitReason::NobodyPresent, count: 1, .. });
        notices.items.iter().filter(|notice| notice.ticket == Some(number) && nobody(&notice.kind)).count()
    };
    assert_eq!(told().await, 1);
    desk.poke().await;
    desk.ann.available().await;
    let ticket = assigned(&desk, number).await;
    assert_eq!((ticket.assignee, ticket.waits), (Some(desk.ann.person.id), None));
    assert_eq!(told().await, 1, "asking again tells nobody again");
    let decisions: Items<Decision> = desk.lead.api.get(&format!("/api/v1/tickets/{number}/decisions")).await.unwrap();
    assert_eq!(decisions.items.len(), 2, "one for waiting, one for giving");
}

#[tokio::test]
async fn work_is_shared_and_nobody_is_given_more_than_their_capacity() {
    let desk = TestDesk::new().await;
    desk.ann.available().await;
    desk.bob.available().await;
    let mut numbers = Vec::new();
    for at in 0..11 {
        numbers.push(desk.lead.open("pumps", &format!("Pump {at}")).await);
    }
    for number in &numbers[..10] {
        assigned(&desk, *number).await;
    }
    let last = numbers[10];
    let waits = async || desk.lead.ticket(last).await.waits;
    assert_eq!(desk.lead.until("the last to wait", waits).await, WaitReason::AllAtCapacity);
    let states = desk.lead.get("/api/v1/agent-states").await.unwrap();
    let open = |person: dutydesk::domain::id::PersonId| {
        states["items"].as_array().unwrap().iter().find(|state| state["person"] == json!(person)).unwrap()["open_tickets"].clone()
    };
    assert_eq!((open(desk.ann.person.id), open(desk.bob.person.id)), (json!(5), json!(5)));
    desk.ann.act(Command::SetPresence { presence: Presence::Away }).await.unwrap();
    let freed = numbers.iter().copied();
    for number in freed {
        if desk.lead.ticket(number).await.assignee == Some(desk.bob.person.id) {
            desk.bob.act(Command::SetStatus { number, status: dutydesk::domain::ticket::Status::Pending }).await.unwrap();
            break;
        }
    }
    assert_eq!(assigned(&desk, last).await.assignee, Some(desk.bob.person.id));
}
