//! A conversation of 10,000 messages: it opens at the newest at once, and is read to its first as one scrolls.

use chrono::Duration;
use dutydesk::client::view::{Anchor, NEWEST, Sort, TicketQuery, View};
use dutydesk::domain::command::{Command, ImportMessage, ImportTicket, RequesterInput, Submission};
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::ticket::{Kind, Priority, Status};
use dutydesk::wire::message::SearchScope;
use dutydesk::wire::ticket::MessageList;

use super::clients::{client, live, until};
use crate::desk::{TestDesk, start_of_tests};

const MESSAGES: i64 = 10_000;

async fn long_ticket(desk: &TestDesk, status: Status) -> TicketNumber {
    let message = |n: i64| ImportMessage {
        person: (n % 2 == 0).then(|| "ann".to_owned()),
        text: format!("message {n} 号泵"),
        internal: n % 4 == 0,
        at: start_of_tests() - Duration::seconds(MESSAGES - n),
    };
    let ticket = ImportTicket {
        external: format!("long:{status:?}"),
        queue: "pumps".into(),
        subject: "Long".into(),
        requester: RequesterInput { external: "shop:1".into(), ..RequesterInput::default() },
        kind: Kind::default(),
        priority: Priority::default(),
        status,
        assignee: None,
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
        messages: (1..=MESSAGES).map(message).collect(),
        created_at: start_of_tests() - Duration::seconds(MESSAGES),
        solved_at: None,
    };
    let command = Command::ImportTicket(Box::new(ticket));
    let line =
        serde_json::to_vec(&Submission { key: dutydesk::base::clock::new_id().into(), base_version: None, expires_at: None, command });
    let mut answers = desk.admin.api.import(line.unwrap().into()).await.unwrap().answers;
    answers.remove(0).result.unwrap().ticket.unwrap()
}

#[tokio::test]
async fn ten_thousand_messages_open_at_the_newest_and_scroll_to_the_first_without_loss() {
    let desk = TestDesk::new().await;
    let number = long_ticket(&desk, Status::Open).await;
    let bob = client(&desk, &desk.bob, "bob.sqlite").await;
    live(&bob).await;
    let query = TicketQuery { view: View::All, sort: Sort::Due, filter: String::new() };
    assert_eq!(bob.tickets(&query, Anchor::At(0), 9).await.unwrap().total, 1);
    until(&bob, "the newest page", async || bob.ticket(number).await.unwrap().unwrap().complete).await;
    let detail = bob.ticket(number).await.unwrap().unwrap();
    assert_eq!((detail.messages.len(), detail.older), (NEWEST, true));
    assert_eq!(detail.messages.last().unwrap().seq, MESSAGES);
    let conversation = detail.ticket.conversation;
    // No more than a page was loaded: what comes before it is not here yet.
    let held = bob.search_messages("message", SearchScope::Ticket(number)).await.unwrap();
    assert!(held.whole && held.found.more);
    let mut seqs: Vec<i64> = detail.messages.iter().map(|message| message.seq).collect();
    let before = bob.older(conversation, seqs[0], NEWEST).await.unwrap();
    assert_eq!((before.messages.len(), before.older, before.complete), (0, true, false));
    while seqs[0] > 1 {
        let first = seqs[0];
        until(&bob, "earlier messages", async || bob.older(conversation, first, NEWEST).await.unwrap().complete).await;
        let older = bob.older(conversation, first, NEWEST).await.unwrap();
        assert_eq!(older.older, older.messages[0].seq > 1);
        seqs.splice(0..0, older.messages.iter().map(|message| message.seq));
    }
    assert_eq!(seqs, (1..=MESSAGES).collect::<Vec<_>>());
    // A new one arrives at the end, and opening stays a page.
    let target = dutydesk::domain::command::MessageTarget::Ticket { number };
    let visibility = dutydesk::domain::conversation::Visibility::Internal;
    let post = dutydesk::domain::command::PostMessage::new(target, dutydesk::base::clock::new_id().into(), visibility, "last".into());
    desk.ann.act(Command::PostMessage(Box::new(post))).await.unwrap();
    until(&bob, "the new message", async || bob.ticket(number).await.unwrap().unwrap().messages.last().unwrap().text == "last").await;
    assert_eq!(bob.ticket(number).await.unwrap().unwrap().messages.len(), NEWEST);
    bob.shutdown().await;
}

#[tokio::test]
async fn a_closed_tickets_conversation_is_read_from_the_server_page_by_page() {
    let desk = TestDesk::new().await;
    let number = long_ticket(&desk, Status::Closed).await;
    let bob = client(&desk, &desk.bob, "bob.sqlite").await;
    live(&bob).await;
    let detail = bob.ticket(number).await.unwrap().unwrap();
    assert_eq!((detail.messages.len(), detail.older, detail.complete), (NEWEST, true, true));
    let older = bob.older(detail.ticket.conversation, detail.messages[0].seq, 50).await.unwrap();
    let seqs: Vec<i64> = older.messages.iter().map(|message| message.seq).collect();
    assert_eq!(seqs, (MESSAGES - 249..=MESSAGES - 200).collect::<Vec<_>>());
    assert!(older.older && older.complete);
    bob.shutdown().await;
}

#[tokio::test]
async fn pages_go_both_ways() {
    let desk = TestDesk::new().await;
    let number = long_ticket(&desk, Status::Open).await;
    let page = async |query: &str| desk.bob.api.get::<MessageList>(&format!("/api/v1/tickets/{number}/messages?{query}")).await;
    let newest = page("before=9223372036854775807&limit=3").await.unwrap();
    assert_eq!(newest.messages.iter().map(|message| message.seq).collect::<Vec<_>>(), [MESSAGES - 2, MESSAGES - 1, MESSAGES]);
    assert_eq!((newest.next, newest.prev), (None, Some(MESSAGES - 2)));
    let first = page("before=3").await.unwrap();
    assert_eq!((first.messages.len(), first.prev), (2, None));
    let on = page("after=2&limit=2").await.unwrap();
    assert_eq!((on.messages[0].seq, on.next, on.prev), (3, Some(4), Some(3)));
    crate::desk::assert_refused(page("after=2&before=9").await, 422, "invalid");
}
