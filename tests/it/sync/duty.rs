//! Accepting in time, previews and rebalancing over HTTP, and what a restart finds.

use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::domain::assignment::rebalance::Move;
use dutydesk::domain::assignment::{Assignment, Decision, EndReason};
use dutydesk::domain::command::{Command, CreateTicket, RequesterInput};
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::person::{AgentState, Person, Presence};
use dutydesk::domain::queue::{EndOfShift, Queue};
use dutydesk::domain::ticket::{Kind, Priority};
use dutydesk::wire::list::Items;

use crate::desk::{TestDesk, assert_refused};

async fn change_queue(desk: &TestDesk, change: impl Fn(&mut Queue)) {
    let queues: Items<Queue> = desk.admin.api.get("/api/v1/queues").await.unwrap();
    let mut queue = queues.items.into_iter().find(|queue| queue.id == desk.pumps).unwrap();
    change(&mut queue);
    desk.admin.act(Command::PutQueue(Box::new(queue))).await.unwrap();
}

async fn held_by(desk: &TestDesk, number: TicketNumber) -> Option<dutydesk::domain::id::PersonId> {
    desk.lead.ticket(number).await.assignee
}

async fn state(desk: &TestDesk, who: &crate::desk::Who) -> AgentState {
    let states: Items<AgentState> = desk.lead.api.get("/api/v1/agent-states").await.unwrap();
    states.items.into_iter().find(|state| state.person == who.person.id).unwrap()
}

#[tokio::test]
async fn what_is_not_accepted_in_time_goes_round_and_who_opens_it_keeps_it() {
    let desk = TestDesk::new().await;
    change_queue(&desk, |queue| queue.accept_within_secs = 180).await;
    desk.ann.available().await;
    desk.bob.available().await;
    let number = desk.lead.open("pumps", "Pump 4 leaks").await;
    let ann = desk.ann.person.id;
    desk.lead.until("Ann to be given it", async || held_by(&desk, number).await.filter(|person| *person == ann)).await;
    desk.pass(181).await;
    let bob = desk.bob.person.id;
    desk.lead.until("Bob to be next", async || held_by(&desk, number).await.filter(|person| *person == bob)).await;
    desk.bob.act(Command::AcceptTicket { number }).await.unwrap();
    desk.pass(10_000).await;
    let ticket = desk.lead.ticket(number).await;
    assert_eq!((ticket.assignee, ticket.accept_by, ticket.declined), (Some(bob), None, vec![]));
    let rows: Items<Assignment> = desk.lead.api.get(&format!("/api/v1/tickets/{number}/assignments")).await.unwrap();
    assert_eq!(rows.items[0].end_reason, Some(EndReason::NotAccepted));
    assert_eq!(state(&desk, &desk.ann).await.returned[&EndReason::NotAccepted], 1);
}

#[tokio::test]
async fn a_preview_stores_nothing_and_a_rebalance_is_applied_by_assigning() {
    let desk = TestDesk::new().await;
    desk.ann.available().await;
    let mut numbers = Vec::new();
    for at in 0..4 {
        let number = desk.lead.open("pumps", &format!("Pump {at}")).await;
        desk.lead.until("an assignee", async || held_by(&desk, number).await).await;
        numbers.push(number);
    }
    desk.bob.available().await;
    let preview: Decision = desk.ann.api.get(&format!("/api/v1/tickets/{}/assignment-preview", numbers[0])).await.unwrap();
    assert_eq!(preview.chosen, Some(desk.bob.person.id));
    assert_eq!(preview.candidates.len(), 2);
    let decisions: Items<Decision> = desk.ann.api.get(&format!("/api/v1/tickets/{}/decisions", numbers[0])).await.unwrap();
    assert_eq!(decisions.items.len(), 1, "only the one that was made");
    assert_refused(desk.zoe.get(&format!("/api/v1/tickets/{}/assignment-preview", numbers[0])).await, 404, "not_found");

    let unseen: Items<Move> = desk.zoe.api.get("/api/v1/queues/pumps/rebalance").await.unwrap();
    assert_eq!(unseen.items, [], "not of tickets one may not see");
    assert_refused(desk.lead.get("/api/v1/queues/none/rebalance").await, 404, "not_found");
    let folder = tempfile::tempdir().unwrap();
    let client = DeskClient::open(DeskOptions {
        api: Some(desk.lead.api.clone()),
        cache_path: folder.path().join("cache.sqlite"),
        me: desk.lead.person.clone(),
        clock: desk.clock.clone(),
        timing: LinkTiming::default(),
    })
    .await
    .unwrap();
    assert_eq!(client.assignment_preview(numbers[0]).await.unwrap().chosen, Some(desk.bob.person.id));
    let moves: Items<Move> = desk.lead.api.get("/api/v1/queues/pumps/rebalance").await.unwrap();
    assert_eq!(moves.items.len(), 2);
    for one in moves.items {
        let command = Command::AssignTicket { number: one.ticket, person: one.to };
        let submission = dutydesk::domain::command::Submission {
            key: dutydesk::base::clock::new_id().into(),
            base_version: Some(one.version),
            expires_at: None,
            command,
        };
        assert!(desk.lead.submit(submission).await.refusal.is_none());
    }
    assert_eq!((state(&desk, &desk.ann).await.open_tickets, state(&desk, &desk.bob).await.open_tickets), (2, 2));
}

/// Nobody's console comes back after a restart: they are away, and what waits for a first reply goes to who is there.
#[tokio::test]
async fn a_restart_misses_who_does_not_come_back_and_they_are_back_with_a_sign_of_life() {
    let mut desk = TestDesk::new().await;
    desk.ann.available().await;
    let number = desk.lead.open("pumps", "Pump 4 leaks").await;
    desk.lead.until("Ann to be given it", async || held_by(&desk, number).await).await;
    desk.stop().await;
    desk.start_again().await;
    desk.clock.advance(chrono::Duration::seconds(301));
    let gone = async || Some(state(&desk, &desk.ann).await).filter(|state| state.timed_out);
    assert_eq!(desk.lead.until("Ann to be away", gone).await.presence, Presence::Away);
    let back = async || desk.lead.ticket(number).await.waits;
    desk.lead.until("the ticket to wait", back).await;
    desk.clock.advance(chrono::Duration::seconds(5));
    let digest: dutydesk::wire::sync::Digest = desk.ann.api.get("/api/v1/digest").await.unwrap();
    let cursor = digest.cursor;
    let _: dutydesk::wire::sync::Batch = desk.ann.api.get(&format!("/api/v1/sync?cursor={cursor}&wait=0")).await.unwrap();
    let there = async || Some(state(&desk, &desk.ann).await).filter(|state| state.presence == Presence::Available);
    assert!(!desk.lead.until("Ann to be back", there).await.timed_out);
    desk.lead.until("Ann to be given it again", async || held_by(&desk, number).await).await;
}

#[tokio::test]
async fn the_end_of_a_shift_is_found_after_a_restart_too() {
    let mut desk = TestDesk::new().await;
    change_queue(&desk, |queue| (queue.end_of_shift, queue.grace_secs) = (EndOfShift::Return, 600)).await;
    desk.ann.available().await;
    let number = desk.lead.open("pumps", "Pump 4 leaks").await;
    desk.lead.until("Ann to be given it", async || held_by(&desk, number).await).await;
    // It is 03:00; the shift ends at 04:00 from now on.
    let rotas: Items<dutydesk::domain::roster::Rota> = desk.admin.api.get("/api/v1/rotas").await.unwrap();
    let mut rota = rotas.items.into_iter().find(|rota| rota.key == "first").unwrap();
    rota.shift_types[0].end = chrono::NaiveTime::from_hms_opt(4, 0, 0).unwrap();
    desk.admin.act(Command::PutRota(Box::new(rota))).await.unwrap();
    desk.stop().await;
    desk.clock.advance(chrono::Duration::seconds(3_600 + 601));
    desk.start_again().await;
    desk.lead.until("the pool to have it", async || desk.lead.ticket(number).await.waits).await;
    let rows: Items<Assignment> = desk.lead.api.get(&format!("/api/v1/tickets/{number}/assignments")).await.unwrap();
    assert_eq!(rows.items[0].end_reason, Some(EndReason::EndOfShift));
}

/// Tickets that nobody there speaks the language of do not keep those behind them waiting.
#[tokio::test]
async fn what_nobody_can_take_hides_nothing() {
    let desk = TestDesk::new().await;
    change_queue(&desk, |queue| queue.language_required = true).await;
    let ann = Person { languages: vec!["en".into()], capacity: 2, ..desk.ann.person.clone() };
    desk.admin.act(Command::PutPerson(Box::new(ann))).await.unwrap();
    let open = async |language: &str| {
        let create = CreateTicket {
            queue: desk.pumps,
            subject: "Pump".into(),
            text: "It leaks".into(),
            message: dutydesk::base::clock::new_id().into(),
            requester: RequesterInput { external: language.into(), language: Some(language.into()), ..RequesterInput::default() },
            kind: Kind::Incident,
            priority: Priority::Normal,
            tags: Vec::new(),
            fields: Default::default(),
        };
        desk.lead.act(Command::CreateTicket(Box::new(create))).await.unwrap().ticket.unwrap()
    };
    for _ in 0..4 {
        let number = open("zh-CN").await;
        desk.lead.until("the desk to look at it", async || desk.lead.ticket(number).await.waits).await;
    }
    let last = open("en").await;
    desk.lead.until("the desk to look at it", async || desk.lead.ticket(last).await.waits).await;
    desk.ann.available().await;
    let given = desk.lead.until("Ann to be given it", async || held_by(&desk, last).await).await;
    assert_eq!(given, desk.ann.person.id);
}
