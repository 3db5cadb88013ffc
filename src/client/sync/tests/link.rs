//! The link against a fake server: dying streams, proxies, old cursors, revoked tokens, lost answers.

use std::sync::Arc;

use crate::client::cache::tests::ticket;
use crate::client::desk::DeskClient;
use crate::client::view::{Anchor, Link, LinkStatus, OutboxState, TicketQuery, View};
use crate::domain::command::Command;
use crate::domain::id::TicketNumber;

use super::fake::{Fake, Trouble, hasty, options};

async fn status(client: &DeskClient, is: impl FnMut(&LinkStatus) -> bool) -> LinkStatus {
    client.status().wait_for(is).await.unwrap().clone()
}

async fn live(client: &DeskClient) {
    status(client, |status| status.link == Link::Live).await;
}

/// Waits until the list of all tickets shows these versions.
async fn shows(client: &DeskClient, expected: &[(i64, i64)]) {
    let mut changes = client.changes();
    let query = TicketQuery { view: View::All, ..TicketQuery::default() };
    loop {
        let window = client.tickets(&query, Anchor::At(0), 100).await.unwrap();
        let versions: Vec<_> = window.rows.iter().map(|row| (row.number.0, row.version)).collect();
        if versions == expected {
            return;
        }
        // Lagging is as good as news.
        let _ = changes.recv().await;
    }
}

fn accept(number: i64) -> Command {
    Command::AcceptTicket { number: TicketNumber(number) }
}

#[tokio::test]
async fn a_snapshot_then_batches_by_stream() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.push(ticket(1, 1));
    let client = fake.client(folder.path(), hasty()).await;
    shows(&client, &[(1, 1)]).await;
    assert_eq!(client.search_here("starting", None, None, 9).await.unwrap().hits.len(), 1, "what a snapshot brought is found");
    fake.push(ticket(2, 1));
    fake.push(ticket(1, 2));
    shows(&client, &[(1, 2), (2, 1)]).await;
    live(&client).await;
    assert_eq!(fake.told.lock().unwrap().snapshots, 1);
    assert_eq!(fake.told.lock().unwrap().polls, 0);
    client.shutdown().await;
}

#[tokio::test]
async fn a_restart_goes_on_from_the_cache_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.push(ticket(1, 1));
    let client = fake.client(folder.path(), hasty()).await;
    shows(&client, &[(1, 1)]).await;
    client.shutdown().await;
    drop(client);
    let client = DeskClient::open_offline(options(None, folder.path(), hasty())).await.unwrap();
    client.start();
    shows(&client, &[(1, 1)]).await;
    client.submit(accept(1), None).await.unwrap();
    assert_eq!(client.status().borrow().waiting, 1);
    client.shutdown().await;
}

#[tokio::test]
async fn streams_that_die_young_give_way_to_polls() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    *fake.streams_die.lock().unwrap() = true;
    let client = fake.client(folder.path(), hasty()).await;
    status(&client, |status| !matches!(status.link, Link::Connecting)).await;
    fake.push(ticket(1, 1));
    shows(&client, &[(1, 1)]).await;
    fake.push(ticket(2, 1));
    shows(&client, &[(1, 1), (2, 1)]).await;
    live(&client).await;
    assert_eq!(fake.told.lock().unwrap().streams, 3);
    assert!(fake.told.lock().unwrap().polls > 0);
    client.shutdown().await;
}

#[tokio::test]
async fn a_proxys_page_is_trouble_that_passes() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.trouble.lock().unwrap().extend([Trouble::Html502, Trouble::RetryAfter(0), Trouble::Html502]);
    let client = fake.client(folder.path(), hasty()).await;
    let offline = status(&client, |status| matches!(status.link, Link::Offline { .. })).await;
    assert!(matches!(offline.link, Link::Offline { since, .. } if since == crate::client::cache::tests::now()));
    fake.push(ticket(1, 1));
    shows(&client, &[(1, 1)]).await;
    live(&client).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_server_that_asks_for_time_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.trouble.lock().unwrap().push_back(Trouble::RetryAfter(1));
    let before = tokio::time::Instant::now();
    let client = fake.client(folder.path(), hasty()).await;
    fake.push(ticket(1, 1));
    shows(&client, &[(1, 1)]).await;
    live(&client).await;
    // A lower bound only: backoff alone would be 10 ms at most.
    assert!(fake.told.lock().unwrap().streams < 2 || before.elapsed() >= std::time::Duration::from_secs(1));
    client.shutdown().await;
}

#[tokio::test]
async fn an_old_cursor_starts_over_and_drops_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.push(ticket(1, 9));
    fake.push(ticket(2, 1));
    let client = fake.client(folder.path(), hasty()).await;
    shows(&client, &[(1, 9), (2, 1)]).await;
    client.shutdown().await;
    drop(client);
    // Restored from a backup: one ticket never was, the other has gone back in time.
    *fake.rows.lock().unwrap() = vec![ticket(1, 3)];
    fake.trouble.lock().unwrap().push_back(Trouble::Gone);
    let client = fake.client(folder.path(), hasty()).await;
    shows(&client, &[(1, 3)]).await;
    assert_eq!(client.counts().await.unwrap().all, 1);
    assert_eq!(fake.told.lock().unwrap().snapshots, 2);
    client.shutdown().await;
}

#[tokio::test]
async fn a_revoked_token_ends_the_link_and_keeps_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.push(ticket(1, 1));
    fake.trouble.lock().unwrap().push_back(Trouble::SignedOut);
    let client = fake.client(folder.path(), hasty()).await;
    status(&client, |status| status.link == Link::SignedOut).await;
    shows(&client, &[(1, 1)]).await;
    client.shutdown().await;
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_with_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.push(ticket(1, 1));
    *fake.lose_answers.lock().unwrap() = 2;
    let client = fake.client(folder.path(), hasty()).await;
    let key = client.submit(accept(1), None).await.unwrap();
    shows(&client, &[(1, 2)]).await;
    status(&client, |status| status.waiting == 0).await;
    assert_eq!(fake.answered.lock().unwrap().get(&key), Some(&3));
    assert_eq!(fake.feed.lock().unwrap().len(), 2, "one effect");
    let mut changes = client.changes();
    while !client.outbox().await.unwrap().is_empty() {
        let _ = changes.recv().await;
    }
    client.shutdown().await;
}

#[tokio::test]
async fn a_batch_the_server_cannot_read_is_sent_one_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.command_trouble.lock().unwrap().extend([Trouble::Gone, Trouble::Gone]);
    let client = DeskClient::open(options(Some(&fake.serve().await), folder.path(), hasty())).await.unwrap();
    let bad = client.submit(accept(1), None).await.unwrap();
    client.submit(accept(2), None).await.unwrap();
    client.start();
    status(&client, |status| (status.waiting, status.refused) == (0, 1)).await;
    let refused: Vec<_> =
        client.outbox().await.unwrap().into_iter().filter(|entry| matches!(entry.state, OutboxState::Refused(_))).collect();
    assert_eq!(refused[0].key, bad);
    client.shutdown().await;
}

#[tokio::test]
async fn a_cache_that_differs_is_found_and_loaded_anew() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.push(ticket(1, 1));
    let timing = crate::client::core::Timing { digest_every: std::time::Duration::from_millis(20), ..hasty() };
    let client = fake.client(folder.path(), timing).await;
    shows(&client, &[(1, 1)]).await;
    // Changed behind the feed's back.
    *fake.rows.lock().unwrap() = vec![ticket(1, 1), ticket(2, 1)];
    shows(&client, &[(1, 1), (2, 1)]).await;
    assert!(client.mismatches() >= 1);
    client.shutdown().await;
}

#[tokio::test]
async fn pending_edits_are_shown_until_the_server_has_them() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Arc::new(Fake::default());
    fake.push(ticket(1, 1));
    let client = fake.client(folder.path(), hasty()).await;
    shows(&client, &[(1, 1)]).await;
    client.shutdown().await;
    drop(client);
    let client = DeskClient::open_offline(options(None, folder.path(), hasty())).await.unwrap();
    let tag = Command::AddTag { number: TicketNumber(1), tag: "vip".to_owned() };
    client.submit(tag, None).await.unwrap();
    let text = crate::domain::command::PostMessage {
        target: crate::domain::command::MessageTarget::Ticket { number: TicketNumber(1) },
        message: crate::client::cache::tests::id(77).into(),
        visibility: crate::domain::conversation::Visibility::Public,
        reply_to: None,
        files: Vec::new(),
        seen: None,
        text: "We are on it.".to_owned(),
        status: None,
    };
    client.submit(Command::PostMessage(Box::new(text)), None).await.unwrap();
    let detail = client.ticket(TicketNumber(1)).await.unwrap().unwrap();
    assert_eq!(detail.ticket.tags, ["vip"]);
    assert_eq!(detail.messages.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), ["We are on it."]);
    assert_eq!(detail.pending.len(), 2);
    assert!(client.ticket(TicketNumber(99)).await.is_err(), "not cached, and nobody to ask");
    client.shutdown().await;
}
