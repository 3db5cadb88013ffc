//! Full-text search: what is found, by whom, in which order, page by page. Nobody learns of what they may not read.

use chrono::Duration;

use super::fixtures::*;
use crate::domain::access::{self, Audience, conversation_audience, message_audience, ticket_audience};
use crate::domain::command::Change;
use crate::domain::conversation::{Conversation, ConversationKind, Message, Visibility};
use crate::domain::person::{Person, Role};
use crate::domain::row::Row;
use crate::domain::search::{HitKind, SearchHit, SearchIn};
use crate::domain::ticket::merge::Merge;
use crate::domain::ticket::{Status, Ticket};
use crate::store::{Search, Store};

fn said(ticket: &Ticket, seq: i64, visibility: Visibility, text: &str) -> (Message, Change) {
    let message = Message { visibility, text: text.into(), ..message(ticket, seq) };
    let audience = message_audience(ticket_audience(ticket), visibility);
    (message.clone(), Change::PutMessage { audience, message: Box::new(message), external: None })
}

fn say(ticket: &Ticket, seq: i64, visibility: Visibility, text: &str) -> Change {
    said(ticket, seq, visibility, text).1
}

async fn hits(store: &dyn Store, viewer: &Person, words: &str, within: Option<SearchIn>) -> Vec<SearchHit> {
    let mut all = Vec::new();
    let mut place = None;
    loop {
        let search = Search { words: words.into(), within };
        let found = store.search(viewer, &search, place, 3).await.unwrap();
        assert!(found.complete);
        assert!(!found.hits.is_empty() || found.next.is_none(), "no page is empty but the last");
        all.extend(found.hits);
        place = found.next;
        if place.is_none() {
            return all;
        }
    }
}

/// Kind, ticket and place of each, sorted.
async fn places(store: &dyn Store, viewer: &Person, words: &str) -> Vec<(String, i64, i64)> {
    let word = |hit: &SearchHit| (format!("{:?}", hit.kind), hit.ticket.map_or(0, |number| number.0), hit.seq);
    let mut found: Vec<_> = hits(store, viewer, words, None).await.iter().map(word).collect();
    found.sort();
    found
}

fn place(kind: &str, ticket: i64, seq: i64) -> (String, i64, i64) {
    (kind.into(), ticket, seq)
}

pub(super) async fn finds_words_of_both_languages(store: &dyn Store) {
    let one = Ticket { subject: "三号加油机无法启动 PO-2291".into(), tags: vec!["vip".into()], ..ticket(1, id(1, 1)) };
    let two = Ticket { subject: "Printers are printing blank".into(), external: Some("shop:mail-77".into()), ..ticket(2, id(1, 1)) };
    let text = "第一行\n请尽快退款，顾客在等。\nlast";
    execute(store, vec![ticket_put(None, &one), ticket_put(None, &two), say(&one, 1, Visibility::Public, text)]).await;
    let lead = person(9, Role::Lead, &[]);
    for words in ["加油机", "油机 启动", "无法启动", "机", "PO-2291", "2291", "vip", "#1 启动", "加油机 PO"] {
        assert_eq!(places(store, &lead, words).await, [place("Ticket", 1, 0)], "{words}");
    }
    for words in ["printer", "print", "BLANK printing", "\"are printing\"", "mail-77", "blan"] {
        assert_eq!(places(store, &lead, words).await, [place("Ticket", 2, 0)], "{words}");
    }
    for words in ["启动 blank", "油启", "\"printing are\"", "", "  \" ", "NEAR(x)", "terms:x"] {
        assert!(places(store, &lead, words).await.is_empty(), "{words}");
    }
    let [hit] = &hits(store, &lead, "退款", None).await[..] else { panic!("one") };
    assert_eq!((hit.kind, hit.line.as_str(), hit.title.as_str()), (HitKind::Message, "请尽快退款，顾客在等。", one.subject.as_str()));
    assert_eq!(hit.ranges, [(9, 15)]);
    // An edit is found by what it says now, a changed subject too; whatever else changed leaves the index alone.
    let changed = Message { version: 2, text: "已处理".into(), ..said(&one, 1, Visibility::Public, text).0 };
    let put = Change::PutMessage { message: Box::new(changed), audience: ticket_audience(&one), external: None };
    let (two, renamed) = edit(&two, |ticket| ticket.subject = "Toner is empty".into());
    let (_, closed) = edit(&two, |ticket| ticket.status = Status::Closed);
    execute(store, vec![put, renamed]).await;
    execute(store, vec![closed]).await;
    assert!(places(store, &lead, "退款").await.is_empty() && places(store, &lead, "printing").await.is_empty());
    assert_eq!(places(store, &lead, "处理").await, [place("Message", 1, 1)]);
    assert_eq!(places(store, &lead, "toner").await, [place("Ticket", 2, 0)], "closed tickets are history, and found");
}

/// A desk with something for everybody and something for few.
struct Laid {
    tickets: Vec<Ticket>,
    messages: Vec<(Message, Audience)>,
}

async fn lay(store: &dyn Store) -> Laid {
    let mine = Ticket { assignee: Some(id(2, 1)), subject: "泵 one".into(), ..ticket(1, id(1, 2)) };
    let shared = Ticket { participants: vec![id(2, 2)], subject: "泵 two".into(), ..ticket(2, id(1, 2)) };
    let queued = Ticket { subject: "泵 three".into(), ..ticket(3, id(1, 1)) };
    let hidden = Ticket { subject: "泵 four".into(), ..ticket(4, id(1, 3)) };
    let mut changes = Vec::new();
    let mut messages = Vec::new();
    for ticket in [&mine, &shared, &queued, &hidden] {
        changes.push(ticket_put(None, ticket));
        for (seq, visibility) in [(1, Visibility::Public), (2, Visibility::Internal), (3, Visibility::Tier2), (4, Visibility::Tier3)] {
            let (message, change) = said(ticket, seq, visibility, "泵 said");
            messages.push((message, message_audience(ticket_audience(ticket), visibility)));
            changes.push(change);
        }
    }
    let mut of_queue = conversation(2, ConversationKind::Channel, &[]);
    of_queue.queue = Some(id(1, 1));
    let places: Vec<Conversation> = vec![
        conversation(1, ConversationKind::Channel, &[]),
        of_queue,
        conversation(3, ConversationKind::Channel, &[id(2, 1)]),
        conversation(4, ConversationKind::Direct, &[id(2, 1), id(2, 2)]),
    ];
    for (number, row) in (1..).zip(places) {
        let text = "泵 in a channel".to_owned();
        let message = Message { id: id(5, 900_000 + number), conversation: row.id, ticket: None, text, ..message(&mine, 1) };
        let message = Message { visibility: Visibility::Internal, ..message };
        let audience = conversation_audience(&row);
        changes.push(Change::Put(Row::Conversation(row)));
        changes.push(Change::PutMessage { message: Box::new(message.clone()), audience: audience.clone(), external: None });
        messages.push((message, audience));
    }
    execute(store, changes).await;
    Laid { tickets: vec![mine, shared, queued, hidden], messages }
}

pub(super) async fn finds_exactly_what_one_reads(store: &dyn Store) {
    let laid = lay(store).await;
    let tiered = |person: Person, tier| Person { tier, ..person };
    let viewers = [
        person(1, Role::Agent, &[id(1, 1)]),
        person(2, Role::Agent, &[]),
        tiered(person(2, Role::Expert, &[id(1, 1)]), 2),
        tiered(person(3, Role::Expert, &[id(1, 3), id(1, 1)]), 3),
        person(4, Role::Viewer, &[]),
        person(5, Role::Lead, &[]),
        person(6, Role::Admin, &[]),
        person(7, Role::Agent, &[]),
    ];
    for viewer in viewers {
        let mut expected: Vec<_> =
            laid.tickets.iter().filter(|ticket| access::sees_ticket(&viewer, ticket)).map(|one| (None, Some(one.number))).collect();
        let reads = laid.messages.iter().filter(|(_, audience)| access::admits(audience, &viewer));
        expected.extend(reads.map(|(message, _)| (Some(message.id), message.ticket)));
        expected.sort();
        let found = hits(store, &viewer, "泵", None).await;
        let mut ids: Vec<_> = found.iter().map(|hit| (hit.message, hit.ticket)).collect();
        ids.sort();
        assert_eq!(ids, expected, "{:?} {}", viewer.role, viewer.handle);
        let mut apart = Vec::new();
        for within in [SearchIn::Tickets, SearchIn::Messages, SearchIn::Notes] {
            let of = hits(store, &viewer, "泵", Some(within)).await;
            let kind = match within {
                SearchIn::Tickets => HitKind::Ticket,
                SearchIn::Messages => HitKind::Message,
                SearchIn::Notes => HitKind::Note,
            };
            assert!(of.iter().all(|hit| hit.kind == kind));
            apart.extend(of.iter().map(|hit| (hit.message, hit.ticket)));
        }
        apart.sort();
        assert_eq!(apart, expected, "the parts are the whole");
    }
}

/// Who may see the ticket that another was merged into reads the other's messages; not before, and not after it is undone.
pub(super) async fn merged_messages_are_read_with_their_target(store: &dyn Store) {
    let (from, into) = (ticket(1, id(1, 2)), ticket(2, id(1, 1)));
    let viewer = person(1, Role::Agent, &[id(1, 1)]);
    execute(store, vec![ticket_put(None, &from), ticket_put(None, &into), say(&from, 1, Visibility::Public, "泵")]).await;
    assert!(places(store, &viewer, "泵").await.is_empty());
    let (merged, put) = edit(&from, |ticket| ticket.merged_into = Some(into.number));
    let merge = Merge {
        ticket: from.number,
        into: into.number,
        at: now(),
        before: Box::new(from.clone()),
        version: merged.version,
        target_seq: 1,
        tags: Vec::new(),
        people: Vec::new(),
        members: Vec::new(),
        linked: false,
        thread: false,
    };
    execute(store, vec![put, Change::PutMerge(Box::new(merge))]).await;
    assert_eq!(places(store, &viewer, "泵").await, [place("Message", 1, 1)]);
    execute(store, vec![edit(&merged, |ticket| ticket.merged_into = None).1]).await;
    assert!(places(store, &viewer, "泵").await.is_empty());
}

pub(super) async fn pages_hold_each_hit_once_while_more_is_written(store: &dyn Store) {
    let lead = person(9, Role::Lead, &[]);
    let one = Ticket { message_count: 900, subject: "other".into(), ..ticket(1, id(1, 1)) };
    let mut changes = vec![ticket_put(None, &one)];
    changes.extend((1..=900).map(|seq| say(&one, seq, Visibility::Public, "泵 again")));
    execute(store, changes).await;
    let (mut seen, mut place, mut pages) = (Vec::new(), None, 0);
    loop {
        let search = Search { words: "泵 aga".into(), within: None };
        let found = store.search(&lead, &search, place, 70).await.unwrap();
        seen.extend(found.hits.iter().map(|hit| hit.seq));
        place = found.next;
        if place.is_none() {
            break;
        }
        pages += 1;
        execute(store, vec![say(&one, 900 + pages, Visibility::Public, "泵 again")]).await;
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=900).collect::<Vec<i64>>());
}

pub(super) async fn new_and_fitting_comes_first(store: &dyn Store) {
    let lead = person(9, Role::Lead, &[]);
    let subject = "x".to_owned();
    let one = Ticket { subject, ..ticket(1, id(1, 1)) };
    let at = |seq: i64, days: i64, text: &str| {
        let message = Message { created_at: now() - Duration::days(days), text: text.into(), ..message(&one, seq) };
        Change::PutMessage { message: Box::new(message), audience: ticket_audience(&one), external: None }
    };
    let long = format!("valve {}", "and much else that was said ".repeat(40));
    execute(store, vec![ticket_put(None, &one), at(1, 300, "valve"), at(2, 0, &long), at(3, 0, "valve"), at(4, 1, "the valve")]).await;
    let order: Vec<i64> = hits(store, &lead, "valve", None).await.iter().map(|hit| hit.seq).collect();
    assert_eq!(order[..2], [3, 4]);
}
