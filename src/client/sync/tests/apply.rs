//! Chain, versions, leaving rows, digests.

use serde_json::value::RawValue;

use crate::client::cache::tests::{batch, fresh, id, me, now, out, put, ticket};
use crate::client::sync::apply::{Applied, apply, put_messages};
use crate::client::sync::digest::{self, Summer};
use crate::client::view::Changed;
use crate::domain::conversation::{Author, Conversation, ConversationKind, Message, ReadMark, Visibility};
use crate::domain::id::{ConversationId, TicketNumber};
use crate::domain::row::{Row, RowKind};
use crate::domain::ticket::Ticket;

fn row(ticket: Ticket) -> crate::wire::sync::RowChange {
    put(&Row::Ticket(Box::new(ticket)))
}

pub(super) fn message(conversation: ConversationId, seq: i64) -> Message {
    Message {
        id: id(9_000 + u128::from(seq.unsigned_abs())).into(),
        version: 1,
        conversation,
        ticket: None,
        seq,
        author: Author::System,
        visibility: Visibility::Internal,
        text: format!("message {seq}"),
        line: None,
        attachments: Vec::new(),
        mentions: Vec::new(),
        reply_to: None,
        reactions: std::collections::BTreeMap::new(),
        pinned_by: None,
        edited_at: None,
        split_into: None,
        copy_of: None,
        withheld: false,
        created_at: now(),
    }
}

pub(crate) fn conversation(last_seq: i64) -> Conversation {
    Conversation {
        id: id(50).into(),
        version: 1,
        kind: ConversationKind::Direct,
        title: String::new(),
        topic: None,
        ticket: None,
        queue: None,
        incident: None,
        region: None,
        members: vec![me()],
        last_seq,
        last_message_at: Some(now()),
        created_at: now(),
    }
}

fn changed(applied: Applied) -> Changed {
    match applied {
        Applied::Done { changed, .. } => *changed,
        Applied::Unchained => panic!("the batch did not chain"),
    }
}

#[tokio::test]
async fn a_batch_that_does_not_chain_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    assert!(matches!(apply(&cache, &batch(1, 2, vec![row(ticket(1, 1))])).await.unwrap(), Applied::Unchained));
    assert!(cache.ticket(TicketNumber(1)).await.unwrap().is_none());
    changed(apply(&cache, &batch(0, 2, vec![row(ticket(1, 1))])).await.unwrap());
    assert!(matches!(apply(&cache, &batch(0, 2, Vec::new())).await.unwrap(), Applied::Unchained), "the same batch again");
    assert_eq!(cache.cursor().await.unwrap().as_deref(), Some("2"));
}

#[tokio::test]
async fn only_newer_versions_are_applied() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let mut newer = ticket(1, 5);
    newer.subject = "newer".to_owned();
    changed(apply(&cache, &batch(0, 1, vec![row(newer)])).await.unwrap());
    assert_eq!(changed(apply(&cache, &batch(1, 2, vec![row(ticket(1, 4)), row(ticket(1, 5))])).await.unwrap()), Changed::default());
    assert_eq!(cache.ticket(TicketNumber(1)).await.unwrap().unwrap().subject, "newer");
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_set_aside_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let mut bad = row(ticket(2, 1));
    bad.row = Some(RawValue::from_string("{}".to_owned()).unwrap());
    apply(&cache, &batch(0, 1, vec![row(ticket(1, 1)), bad])).await.unwrap();
    assert!(cache.ticket(TicketNumber(1)).await.unwrap().is_some() && cache.ticket(TicketNumber(2)).await.unwrap().is_none());
    assert_eq!(cache.cursor().await.unwrap().as_deref(), Some("1"));
}

#[tokio::test]
async fn what_leaves_goes_with_its_messages() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let one = ticket(1, 1);
    let at = one.conversation;
    changed(apply(&cache, &batch(0, 1, vec![row(one)])).await.unwrap());
    put_messages(&cache, &[message(at, 1), message(at, 2)], now()).await.unwrap();
    assert!(cache.stretch(at, i64::MAX, Some(2), 9).await.unwrap().complete);
    assert!(!cache.stretch(at, i64::MAX, Some(3), 9).await.unwrap().complete);
    let told = changed(apply(&cache, &batch(1, 2, vec![out(RowKind::Ticket, 1)])).await.unwrap());
    assert_eq!(told.tickets, [TicketNumber(1)]);
    assert!(cache.stretch(at, i64::MAX, None, 9).await.unwrap().messages.is_empty());
    assert_eq!(cache.counts(now()).await.unwrap().all, 0);
    put_messages(&cache, &[message(at, 1)], now()).await.unwrap();
    assert!(cache.stretch(at, i64::MAX, None, 9).await.unwrap().messages.is_empty(), "fetched before it left, and late");
    // One batch tells each change with the row as it stands: out, what was said meanwhile, out.
    let said = put(&Row::Message(Box::new(message(at, 1))));
    apply(&cache, &batch(2, 3, vec![out(RowKind::Ticket, 1), said, out(RowKind::Ticket, 1)])).await.unwrap();
    assert!(cache.stretch(at, i64::MAX, None, 9).await.unwrap().messages.is_empty(), "said while it left");
}

#[tokio::test]
async fn a_gap_in_a_conversation_ends_what_is_shown_until_it_is_filled() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let at: ConversationId = id(50).into();
    apply(&cache, &batch(0, 1, vec![row(Ticket { conversation: at, ..ticket(1, 1) })])).await.unwrap();
    put_messages(&cache, &[message(at, 1), message(at, 3)], now()).await.unwrap();
    let shown = async || {
        let stretch = cache.stretch(at, i64::MAX, Some(3), 9).await.unwrap();
        (stretch.first(), stretch.messages.len(), stretch.complete, stretch.older())
    };
    assert_eq!(shown().await, (Some(3), 1, false, true));
    put_messages(&cache, &[message(at, 2)], now()).await.unwrap();
    assert_eq!(shown().await, (Some(1), 3, true, false));
    assert_eq!(put_messages(&cache, &[message(at, 2)], now()).await.unwrap(), Changed::default(), "nothing new");
}

#[tokio::test]
async fn conversations_tell_what_is_unread_and_who_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let mut calling = message(id(50).into(), 2);
    calling.mentions = vec![me()];
    let mark = ReadMark { person: me(), conversation: id(50).into(), version: 1, seq: 1, muted: false };
    let rows = vec![put(&Row::Conversation(conversation(2))), put(&Row::ReadMark(mark)), put(&Row::Message(Box::new(calling)))];
    let told = changed(apply(&cache, &batch(0, 1, rows)).await.unwrap());
    assert_eq!(told.conversations, [id(50).into()]);
    let items = cache.conversations(&Default::default()).await.unwrap();
    assert_eq!((items[0].unread, items[0].mentioned, items[0].last.as_ref().map(|last| last.seq)), (1, true, Some(2)));
    let read = cache.conversations(&[(id(50).into(), 2)].into()).await.unwrap();
    assert_eq!((read[0].unread, read[0].mentioned), (0, false));
}

#[tokio::test]
async fn an_assignment_is_news_once_and_only_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let mine = |number, version, minutes| {
        let mut row = ticket(number, version);
        row.assignee = Some(me());
        row.assigned_at = Some(now() - chrono::Duration::minutes(minutes));
        row
    };
    let told = changed(apply(&cache, &batch(0, 1, vec![row(mine(1, 1, 0)), row(mine(2, 1, 60))])).await.unwrap());
    assert_eq!(told.assigned_to_me, [TicketNumber(1)]);
    let told = changed(apply(&cache, &batch(1, 2, vec![row(mine(1, 2, 0))])).await.unwrap());
    assert!(told.assigned_to_me.is_empty());
}

#[tokio::test]
async fn digests_differ_by_what_differs() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let rows = vec![row(ticket(1, 1)), row(ticket(2, 4)), put(&Row::Conversation(conversation(0)))];
    changed(apply(&cache, &batch(0, 1, rows)).await.unwrap());
    let ours = digest::of(&cache).await.unwrap();
    let mut tickets = Summer::default();
    tickets.add("2", 4);
    tickets.add("1", 1);
    let mut theirs = ours.clone();
    theirs.kinds.insert("ticket".to_owned(), tickets.finish());
    theirs.kinds.insert("site".to_owned(), Summer::default().finish());
    theirs.kinds.insert("message".to_owned(), tickets.finish());
    assert!(digest::differing(&ours, &theirs).is_empty());
    theirs.kinds.remove("conversation");
    assert_eq!(digest::differing(&ours, &theirs), [RowKind::Conversation]);
}

#[tokio::test]
async fn a_stretch_has_no_gaps_whatever_is_held() {
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    for mask in 0_u32..64 {
        let at: ConversationId = id(9_000 + u128::from(mask)).into();
        let held: Vec<i64> = (1..=6).filter(|seq| mask & (1 << (seq - 1)) != 0).collect();
        let rows: Vec<_> = held
            .iter()
            .map(|seq| {
                let number = u128::from(mask) * 10 + u128::try_from(*seq).unwrap();
                crate::domain::conversation::Message { id: id(90_000 + number).into(), ..message(at, *seq) }
            })
            .collect();
        let held_by = Ticket { conversation: at, ..ticket(i64::from(mask) + 1, 1) };
        apply(&cache, &batch(mask.into(), u64::from(mask) + 1, vec![row(held_by)])).await.unwrap();
        put_messages(&cache, &rows, now()).await.unwrap();
        for before in 1..=7 {
            let stretch = cache.stretch(at, before, Some(before - 1), 3).await.unwrap();
            let seqs: Vec<i64> = stretch.messages.iter().map(|message| message.seq).collect();
            let last = held.iter().copied().filter(|seq| *seq < before).max();
            let first = last.map(|last| (1..=last).rev().take_while(|seq| held.contains(seq) && last - seq < 3).min().unwrap());
            let expected: Vec<i64> = first.zip(last).map_or_else(Vec::new, |(first, last)| (first..=last).collect());
            assert_eq!(seqs, expected, "{mask:b} before {before}");
            let whole = last.unwrap_or(0) == before - 1 && (seqs.len() == 3 || first.is_none_or(|first| first == 1));
            assert_eq!(stretch.complete, whole, "{mask:b} before {before}");
        }
    }
}

#[tokio::test]
async fn what_the_cache_holds_is_found_and_what_left_it_is_not() {
    use crate::domain::search::{HitKind, SearchIn};
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let one = Ticket { subject: "三号加油机无法启动".into(), ..ticket(1, 1) };
    let two = Ticket { subject: "Printers are blank".into(), ..ticket(2, 1) };
    let changes = vec![put(&Row::Ticket(Box::new(one.clone()))), put(&Row::Ticket(Box::new(two.clone())))];
    apply(&cache, &batch(0, 1, changes)).await.unwrap();
    let said =
        crate::domain::conversation::Message { ticket: Some(one.number), text: "请退款\nplease".into(), ..message(one.conversation, 1) };
    put_messages(&cache, &[said], now()).await.unwrap();
    let found = async |words: &str, within: Option<SearchIn>| {
        let page = cache.search(words, within, 0, 9, now()).await.unwrap();
        page.hits.into_iter().map(|hit| (hit.kind, hit.ticket.unwrap().0, hit.line)).collect::<Vec<_>>()
    };
    assert_eq!(found("油机", None).await, [(HitKind::Ticket, 1, one.subject.clone())]);
    assert_eq!(found("printing", None).await, []);
    assert_eq!(found("printer", None).await, [(HitKind::Ticket, 2, two.subject.clone())]);
    assert_eq!(found("退款", None).await.len(), 1);
    assert_eq!(found("退款", Some(SearchIn::Tickets)).await, []);
    let renamed = Ticket { subject: "other".into(), version: 2, ..two };
    apply(&cache, &batch(1, 2, vec![put(&Row::Ticket(Box::new(renamed))), out(RowKind::Ticket, 1)])).await.unwrap();
    for words in ["油机", "退款", "printer"] {
        assert_eq!(found(words, None).await, [], "{words}");
    }
    assert_eq!(found("other", None).await.len(), 1);
}

#[tokio::test]
async fn stubs_give_way_to_words_and_are_not_found() {
    use crate::domain::conversation::{Message, Visibility};
    use crate::wire::message::SearchScope;
    let folder = tempfile::tempdir().unwrap();
    let cache = fresh(folder.path()).await;
    let at: ConversationId = id(50).into();
    let words = Message { visibility: Visibility::Tier2, text: "Über alles".into(), ..message(at, 2) };
    let stub = Message { text: String::new(), withheld: true, ..words.clone() };
    apply(&cache, &batch(0, 1, vec![row(Ticket { conversation: at, ..ticket(1, 1) })])).await.unwrap();
    put_messages(&cache, &[message(at, 1), stub.clone()], now()).await.unwrap();
    let texts = async |text: &str| {
        let found = cache.search_messages(text, SearchScope::Conversation(at), false, 9).await.unwrap();
        found.hits.into_iter().map(|hit| (hit.message.seq, hit.ranges)).collect::<Vec<_>>()
    };
    assert!(texts("über").await.is_empty());
    put_messages(&cache, std::slice::from_ref(&words), now()).await.unwrap();
    assert_eq!(texts("ÜBER").await, [(2, vec![(0, 5)])]);
    assert_eq!(put_messages(&cache, &[stub], now()).await.unwrap(), Changed::default(), "words never give way to a stub");
    assert!(cache.search_messages("", SearchScope::Everywhere, true, 9).await.unwrap().hits.is_empty(), "nothing is pinned");
}
