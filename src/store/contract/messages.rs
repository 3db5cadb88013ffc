//! Messages: read both ways, found by their text, their earlier texts kept; each only to those whose tier reads it.

use super::fixtures::*;
use crate::domain::access::{message_audience, ticket_audience};
use crate::domain::command::Change;
use crate::domain::conversation::{Author, ConversationKind, Message, MessageEdit, Visibility};
use crate::domain::person::{Person, Role};
use crate::domain::row::{Row, RowKind};
use crate::domain::ticket::Ticket;
use crate::store::{MessageSearch, Store};

fn of_tier(ticket: &Ticket, seq: i64, visibility: Visibility, text: &str) -> Change {
    let message = Message { visibility, text: text.into(), ..message(ticket, seq) };
    Change::PutMessage { audience: message_audience(ticket_audience(ticket), visibility), message: Box::new(message), external: None }
}

fn tiered(number: u64, role: Role, tier: u8) -> Person {
    Person { tier, ..person(number, role, &[id(1, 1)]) }
}

async fn found(store: &dyn Store, viewer: &Person, search: MessageSearch) -> Vec<i64> {
    store.search_messages(viewer, &search, 10).await.unwrap().iter().map(|message| message.seq).collect()
}

pub(super) async fn reads_both_ways(store: &dyn Store) {
    let one = ticket(1, id(1, 1));
    let mut changes = vec![ticket_put(None, &one)];
    changes.extend((1..=9).map(|seq| message_put(&one, seq)));
    execute(store, changes).await;
    let seqs = |messages: Vec<Message>| messages.iter().map(|message| message.seq).collect::<Vec<_>>();
    assert_eq!(seqs(store.messages_before(one.conversation, i64::MAX, 3).await.unwrap()), [7, 8, 9]);
    assert_eq!(seqs(store.messages_before(one.conversation, 7, 3).await.unwrap()), [4, 5, 6]);
    assert_eq!(seqs(store.messages_before(one.conversation, 2, 3).await.unwrap()), [1]);
    assert!(store.messages_before(one.conversation, 1, 3).await.unwrap().is_empty());
    let third = message(&one, 3);
    assert_eq!(store.message(third.id).await.unwrap().as_ref(), Some(&third));
    let edited = Message { version: 2, text: "Anders".into(), ..third.clone() };
    let kept = MessageEdit { message: third.id, version: 1, text: third.text.clone(), edited_by: id(2, 1), edited_at: now() };
    let put = Change::PutMessage { message: Box::new(edited), audience: ticket_audience(&one), external: None };
    execute(store, vec![put, Change::PutMessageEdit(kept.clone())]).await;
    assert_eq!(store.message_edits(third.id).await.unwrap(), [kept]);
    let lead = tiered(9, Role::Lead, 1);
    let search = |text: &str| MessageSearch { text: text.into(), ..MessageSearch::default() };
    assert_eq!(found(store, &lead, search("ANDERS")).await, [3], "an edit is found by what it says now");
    assert!(found(store, &lead, search("message 3")).await.is_empty());
    assert_eq!(found(store, &lead, search("MESSAGE")).await, [9, 8, 7, 6, 5, 4, 2, 1]);
}

pub(super) async fn keeps_tiers_apart(store: &dyn Store) {
    let one = edit(&ticket(1, id(1, 1)), |ticket| ticket.participants = vec![id(2, 1), id(2, 2), id(2, 3)]).0;
    let one = Ticket { version: 1, ..one };
    execute(
        store,
        vec![
            ticket_put(None, &one),
            of_tier(&one, 1, Visibility::Public, "泵 one"),
            of_tier(&one, 2, Visibility::Tier2, "泵 two"),
            of_tier(&one, 3, Visibility::Tier3, "泵 three"),
        ],
    )
    .await;
    let people = [
        (tiered(1, Role::Agent, 1), vec![1]),
        (tiered(2, Role::Expert, 2), vec![2, 1]),
        (tiered(3, Role::Expert, 3), vec![3, 2, 1]),
        (tiered(4, Role::Lead, 1), vec![3, 2, 1]),
        (tiered(5, Role::Viewer, 1), vec![1]),
        (Person { queues: Vec::new(), ..tiered(6, Role::Expert, 3) }, vec![]),
    ];
    for (viewer, expected) in people {
        let search = MessageSearch { text: "泵".into(), ..MessageSearch::default() };
        assert_eq!(found(store, &viewer, search).await, expected, "{}", viewer.handle);
        let page = store.snapshot(&viewer, RowKind::Message, None, 100).await.unwrap();
        for (_, _, row) in page.rows {
            let message: Message = serde_json::from_str(&row).unwrap();
            assert!(message.is_for(&viewer), "{} holds {}", viewer.handle, message.text);
        }
    }
}

pub(super) async fn finds_by_place_author_and_pin(store: &dyn Store) {
    let one = ticket(1, id(1, 1));
    let author = Author::Person { id: id(2, 1) };
    let by = Message { author, pinned_by: Some(id(2, 2)), text: "100% Über".into(), ..message(&one, 2) };
    let by = Change::PutMessage { message: Box::new(by), audience: ticket_audience(&one), external: None };
    execute(store, vec![ticket_put(None, &one), message_put(&one, 1), by]).await;
    let mut channel = conversation(1, ConversationKind::Channel, &[]);
    channel.queue = Some(id(1, 1));
    channel.last_seq = 1;
    let said = Message { id: id(5, 77), conversation: channel.id, ticket: None, text: "über".into(), ..message(&one, 1) };
    let audience = crate::domain::access::conversation_audience(&channel);
    put(store, Row::Conversation(channel.clone())).await;
    execute(store, vec![Change::PutMessage { message: Box::new(said), audience, external: None }]).await;
    let (inside, outside) = (tiered(1, Role::Agent, 1), person(8, Role::Agent, &[id(1, 2)]));
    let any = MessageSearch::default;
    let text = |text: &str| MessageSearch { text: text.into(), ..any() };
    assert_eq!(found(store, &inside, text("ÜBER")).await, [1, 2]);
    assert_eq!(found(store, &inside, text("100%")).await, [2]);
    assert!(found(store, &inside, text("%x")).await.is_empty());
    assert!(found(store, &outside, text("über")).await.is_empty(), "neither queue nor its channel");
    assert_eq!(found(store, &inside, MessageSearch { conversation: Some(channel.id), ..any() }).await, [1]);
    assert_eq!(found(store, &inside, MessageSearch { author: Some(id(2, 1)), ..any() }).await, [2]);
    assert_eq!(found(store, &inside, MessageSearch { pinned: true, ..any() }).await, [2]);
    let held = async |viewer: &Person| store.snapshot(viewer, RowKind::Conversation, None, 9).await.unwrap().rows.len();
    assert_eq!((held(&inside).await, held(&outside).await, held(&tiered(9, Role::Viewer, 1)).await), (1, 0, 1));
}

pub(super) async fn an_edit_is_told_only_to_those_who_may_read_it_then(store: &dyn Store) {
    let one = ticket(1, id(1, 1));
    let before = store.head().await.unwrap();
    execute(store, vec![ticket_put(None, &one), message_put(&one, 1)]).await;
    let (moved, put) = edit(&one, |ticket| ticket.queue = id(1, 2));
    execute(store, vec![put]).await;
    let said = Message { version: 2, text: "after the move".into(), ..message(&one, 1) };
    execute(store, vec![Change::PutMessage { message: Box::new(said), audience: ticket_audience(&moved), external: None }]).await;
    // Pages of one entry: each is read when the message has moved on beyond it.
    let left = tiered(1, Role::Agent, 1);
    let mut at = before;
    loop {
        let page = store.feed(at, 1).await.unwrap();
        let Some(entry) = page.first() else { break };
        at = entry.position;
        let told = crate::domain::access::admits(&entry.after, &left);
        assert!(!(told && entry.row.contains("after the move")), "{entry:?}");
    }
}
