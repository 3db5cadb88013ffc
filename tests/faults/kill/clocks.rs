//! A console whose machine has the wrong time: what it wants is neither refused as too old nor kept too long.

use std::time::Duration;

use chrono::TimeDelta;
use dutydesk::base::clock::{Clock, new_id};
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::view::Link;
use dutydesk::domain::command::{Command, Submission};
use dutydesk::domain::id::{CommandKey, TicketNumber};
use dutydesk::wire::command::Submissions;

use super::desk::TestDesk;
use super::dice::Dice;
use super::writer;

/// Changes of the client looked at before something counts as never true.
const NEWS: usize = 200;

async fn until(client: &DeskClient, what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let (mut changes, mut status) = (client.changes(), client.status());
    for _ in 0..NEWS {
        if condition().await {
            return;
        }
        tokio::select! {
            _ = changes.recv() => {}
            changed = status.changed() => changed.expect("the client lives"),
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
        }
    }
    panic!("never saw {what}: {:?}", client.outbox().await);
}

#[tokio::test]
async fn a_console_an_hour_off_claims_all_the_same() {
    let desk = TestDesk::new(1).await;
    let who = &desk.agents[0];
    for (round, minutes) in [-60, 60, -5].into_iter().enumerate() {
        let number = TicketNumber(i64::try_from(round).expect("small") + 1);
        let key = CommandKey(new_id());
        let submission =
            Submission { key, base_version: None, expires_at: None, command: writer::create(key, desk.queues[1], &mut Dice::new(1)) };
        let lead = desk.lead.api(&desk.server.url);
        lead.submit(&Submissions { commands: vec![submission], source: None }).await.expect("taken");
        let client = DeskClient::open(DeskOptions {
            api: Some(who.api(&desk.server.url)),
            cache_path: desk.path(&format!("{round}.sqlite")),
            me: who.person.clone(),
            clock: Clock::manual(Clock::System.now() + TimeDelta::minutes(minutes)),
            timing: LinkTiming { backoff: Duration::from_millis(20), ..LinkTiming::default() },
        })
        .await
        .expect("a client");
        client.start();
        until(&client, "a live link", async || client.status().borrow().link == Link::Live).await;
        client.submit(Command::ClaimTicket { number }, None).await.expect("queued");
        until(&client, "the claim", async || {
            let detail = client.ticket(number).await.expect("readable");
            client.outbox().await.expect("readable").is_empty()
                && detail.is_some_and(|detail| detail.ticket.assignee == Some(who.person.id))
        })
        .await;
        client.shutdown().await;
    }
}
