//! Messages for a tier alone never reach anybody else, by any road; what others hold has no gaps all the same.

use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::{MessageId, TicketNumber};
use dutydesk::domain::person::{Person, Role};
use dutydesk::domain::row::RowKind;
use reqwest::Method;

use super::clients::{client, live, until};
use super::replica::{Replica, check_all};
use crate::desk::{TestDesk, Who, assert_refused};

const SECRET: &str = "zirconium-quail";

async fn say(who: &Who, number: TicketNumber, visibility: Visibility, text: &str) -> MessageId {
    let target = MessageTarget::Ticket { number };
    let post = PostMessage::new(target, dutydesk::base::clock::new_id().into(), visibility, text.into());
    who.act(Command::PostMessage(Box::new(post))).await.unwrap().message.unwrap()
}

/// Every byte that a person's console is told: a snapshot, all batches since `cursor`, and what REST answers of the ticket.
async fn all_bytes(who: &Who, cursor: &str, number: TicketNumber, conversation: &str, secret: MessageId) -> String {
    let mut bytes = String::new();
    let paths = [
        "/api/v1/snapshot".to_owned(),
        format!("/api/v1/sync?cursor={cursor}"),
        format!("/api/v1/tickets/{number}"),
        format!("/api/v1/tickets/{number}/messages"),
        format!("/api/v1/tickets/{number}/messages?before=99"),
        format!("/api/v1/tickets/{number}/audit"),
        format!("/api/v1/tickets/{number}/clocks"),
        format!("/api/v1/tickets/{number}/timeline"),
        format!("/api/v1/tickets/{number}/conversation"),
        format!("/api/v1/tickets/{number}/briefing"),
        format!("/api/v1/tickets/{number}/files"),
        format!("/api/v1/tickets/{number}/follow-ups"),
        format!("/api/v1/tickets/{number}/escalations"),
        "/api/v1/handovers".to_owned(),
        "/api/v1/handovers/draft?rota=first".to_owned(),
        format!("/api/v1/conversations/{conversation}"),
        format!("/api/v1/conversations/{conversation}/messages"),
        "/api/v1/conversations".to_owned(),
        "/api/v1/notices".to_owned(),
        format!("/api/v1/messages?text={SECRET}"),
        format!("/api/v1/messages?text={}", &SECRET[..4]),
        format!("/api/v1/messages?text=a&ticket={number}"),
        "/api/v1/messages?author=eve".to_owned(),
        "/api/v1/messages?pinned=true".to_owned(),
        format!("/api/v1/messages/{secret}/edits"),
        format!("/api/v1/tickets?q={SECRET}"),
        "/metrics".to_owned(),
        "/api/v1/digest".to_owned(),
    ];
    for path in paths {
        bytes += &who.api.request(Method::GET, &path).send().await.unwrap().text().await.unwrap();
    }
    for command in [
        Command::ReactToMessage { target: MessageTarget::Ticket { number }, message: secret, reaction: "x".into(), on: true },
        Command::EditMessage { target: MessageTarget::Ticket { number }, message: secret, text: "y".into() },
    ] {
        bytes += &serde_json::to_string(&who.act(command).await.unwrap_err()).unwrap();
    }
    bytes
}

#[tokio::test]
async fn what_is_for_a_tier_reaches_that_tier_and_leads_and_nobody_else_by_any_road() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.lead.act(Command::AddParticipant { number, person: desk.eve.person.id }).await.unwrap();
    desk.lead.act(Command::AddParticipant { number, person: desk.bob.person.id }).await.unwrap();
    desk.ann.act(Command::ClaimTicket { number }).await.unwrap();
    let conversation = desk.ann.ticket(number).await.conversation.to_string();
    let cursor = desk.ann.get("/api/v1/digest").await.unwrap()["cursor"].as_str().unwrap().to_owned();
    let mut replicas = Replica::of_all(&desk).await;
    let secret = say(&desk.eve, number, Visibility::Tier2, &format!("it is {SECRET} @lea")).await;
    check_all(&mut replicas, "a message for tier 2").await;
    let target = MessageTarget::Ticket { number };
    desk.eve.act(Command::EditMessage { target, message: secret, text: format!("it was {SECRET}") }).await.unwrap();
    check_all(&mut replicas, "an edit").await;
    desk.lead.act(Command::ReactToMessage { target, message: secret, reaction: SECRET.into(), on: true }).await.unwrap();
    desk.lead.act(Command::PinMessage { target, message: secret, on: true }).await.unwrap();
    check_all(&mut replicas, "a reaction and a pin").await;
    say(&desk.lead, number, Visibility::Tier3, &format!("deeper {SECRET}")).await;
    say(&desk.ann, number, Visibility::Internal, "plain").await;
    check_all(&mut replicas, "a message for tier 3").await;
    for who in [&desk.ann, &desk.bob, &desk.vic, &desk.zoe] {
        let bytes = all_bytes(who, &cursor, number, &conversation, secret).await;
        assert!(!bytes.contains(SECRET), "{} reads what is for tier 2", who.person.handle);
    }
    for (who, reads) in [(&desk.eve, 1), (&desk.lead, 2), (&desk.admin, 2)] {
        let found = who.get(&format!("/api/v1/messages?text={}", SECRET.to_uppercase())).await.unwrap();
        assert_eq!(found["hits"].as_array().unwrap().len(), reads, "{}", who.person.handle);
    }
    let shown = desk.ann.get(&format!("/api/v1/tickets/{number}/messages")).await.unwrap();
    let seqs: Vec<i64> = shown["messages"].as_array().unwrap().iter().map(|one| one["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, (1..=i64::try_from(seqs.len()).unwrap()).collect::<Vec<_>>(), "stubs keep the places");
    assert_eq!(shown["messages"][1]["withheld"], true);
    assert_refused(desk.ann.get(&format!("/api/v1/messages/{secret}/edits")).await, 404, "not_found");
    assert_eq!(desk.lead.get(&format!("/api/v1/messages/{secret}/edits")).await.unwrap()["items"].as_array().unwrap().len(), 1);
    let held = |handle: &str| replicas.iter().any(|one| one.is(handle) && one.holds(RowKind::Message, &secret.to_string()));
    assert!(held("eve") && held("lea") && !held("ann") && !held("bob") && !held("vic"));
}

#[tokio::test]
async fn a_console_shows_stubs_without_asking_for_ever_and_the_words_once_its_person_rises() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.lead.act(Command::AddParticipant { number, person: desk.eve.person.id }).await.unwrap();
    let ann = client(&desk, &desk.ann, "ann.sqlite").await;
    live(&ann).await;
    say(&desk.eve, number, Visibility::Tier2, SECRET).await;
    say(&desk.eve, number, Visibility::Internal, "plain").await;
    let texts = async || {
        let detail = ann.ticket(number).await.unwrap()?;
        let texts: Vec<(String, bool)> = detail.messages.iter().map(|one| (one.text.clone(), one.withheld)).collect();
        detail.complete.then_some(texts)
    };
    let stub = |text: &str, withheld| (text.to_owned(), withheld);
    let low = vec![stub("Pump 4", false), stub("", true), stub("plain", false)];
    until(&ann, "the stub", async || texts().await.is_some_and(|texts| texts == low)).await;
    let file = std::fs::read(desk.path("ann.sqlite")).unwrap();
    assert!(!file.windows(SECRET.len()).any(|some| some == SECRET.as_bytes()), "the cache file holds the secret");
    let risen = Person { tier: 2, ..desk.ann.person.clone() };
    desk.admin.act(Command::PutPerson(Box::new(risen))).await.unwrap();
    let high = vec![stub("Pump 4", false), stub(SECRET, false), stub("plain", false)];
    until(&ann, "the words", async || texts().await.is_some_and(|texts| texts == high)).await;
    desk.admin.act(Command::PutPerson(Box::new(desk.ann.person.clone()))).await.unwrap();
    until(&ann, "the stub again", async || texts().await.is_some_and(|texts| texts == low)).await;
    let lead = Person { role: Role::Lead, ..desk.ann.person.clone() };
    desk.admin.act(Command::PutPerson(Box::new(lead))).await.unwrap();
    until(&ann, "the words for a lead", async || texts().await.is_some_and(|texts| texts == high)).await;
    ann.shutdown().await;
}
