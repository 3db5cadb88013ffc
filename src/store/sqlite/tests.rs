//! The contract on SQLite, and what is particular to a file: opening, crashing, copying.

use std::path::Path;
use std::sync::Arc;

use chrono::Duration;
use sqlx::{ConnectOptions, Connection};

use super::{SqliteStore, open, restore};
use crate::base::clock::Clock;
use crate::domain::command::Change;
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::person::Role;
use crate::domain::row::{Row, RowKind};
use crate::store::contract::{self, execute, new_ticket, now, queue, ticket, ticket_put, work};
use crate::store::{PoolPart, Position, Store, StoreError};

async fn open_at(path: &Path) -> Arc<SqliteStore> {
    open(path, Clock::manual(now())).await.unwrap()
}

async fn refused(path: &Path) -> String {
    open(path, Clock::manual(now())).await.err().expect("it must not open").to_string()
}

#[tokio::test]
async fn contract_holds() {
    let folder = tempfile::tempdir().unwrap();
    let next = std::sync::atomic::AtomicUsize::new(0);
    contract::all(|| async {
        let number = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        open_at(&folder.path().join(format!("{number}.db"))).await as Arc<dyn Store>
    })
    .await;
}

#[tokio::test]
async fn reopens_with_all_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let store = open_at(&path).await;
    let epoch = store.head().await.unwrap().epoch;
    execute(&*store, vec![ticket_put(None, &ticket(1, queue(1).id)), Change::Put(Row::Queue(queue(1)))]).await;
    let head = store.head().await.unwrap();
    store.close().await;
    assert!(matches!(store.execute(work(Vec::new())).await, Err(StoreError::Busy)));
    let again = open_at(&path).await;
    assert_eq!(again.head().await.unwrap(), head);
    assert_eq!(head.epoch, epoch);
    assert!(again.ticket(TicketNumber(1)).await.unwrap().is_some());
    let made = again.execute(new_ticket(1, "x", queue(1).id)).await.unwrap().answer.unwrap();
    assert_eq!(made.ticket, Some(TicketNumber(2)));
}

/// The files as a crash would leave them, taken while the server runs, are whole.
#[tokio::test]
async fn survives_being_dropped_without_closing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let store = open_at(&path).await;
    for number in 0..50 {
        store.execute(new_ticket(number, &number.to_string(), queue(1).id)).await.unwrap();
    }
    let crashed = folder.path().join("crashed.db");
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", path.display());
        std::fs::copy(from, format!("{}{suffix}", crashed.display())).unwrap();
    }
    drop(store);
    let after = open_at(&crashed).await;
    assert_eq!(after.counts().await.unwrap().tickets, 50);
    assert!(after.execute(new_ticket(7, "7", queue(1).id)).await.unwrap().replayed);
}

#[tokio::test]
async fn refuses_a_second_server_and_frees_the_desk_on_closing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let store = open_at(&path).await;
    let sentence = refused(&path).await;
    assert!(sentence.contains("in use by another dutydesk"), "{sentence}");
    store.close().await;
    open_at(&path).await;
}

#[tokio::test]
async fn says_clearly_what_is_wrong_with_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let sentence = refused(folder.path()).await;
    assert!(sentence.contains("is a folder"), "{sentence}");
    let sentence = refused(&folder.path().join("missing/desk.db")).await;
    assert!(sentence.contains("does not exist"), "{sentence}");
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "not a database at all, whatever it is called; and long enough to have a header of 100 bytes. ".repeat(3))
        .unwrap();
    let sentence = refused(&text).await;
    assert!(sentence.contains("is not a database"), "{sentence}");
    let other = folder.path().join("other.db");
    let mut raw = sqlx::sqlite::SqliteConnectOptions::new().filename(&other).create_if_missing(true).connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE cats (name TEXT)").execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    let sentence = refused(&other).await;
    assert!(sentence.contains("another program"), "{sentence}");
}

#[tokio::test]
async fn refuses_a_newer_schema() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    open_at(&path).await.close().await;
    let mut raw = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    sqlx::raw_sql("UPDATE meta SET value = 999 WHERE name = 'schema'").execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    let error = open(&path, Clock::manual(now())).await.err().unwrap();
    assert!(matches!(error, StoreError::TooNew { found: 999, .. }), "{error}");
    let target = folder.path().join("restored.db");
    let error = restore(&path, &target, false, now()).await.unwrap_err();
    assert!(matches!(error, StoreError::TooNew { found: 999, .. }), "{error}");
    assert!(!target.exists());
}

/// A desk made before there were calendars, loads and marks: nobody's work is forgotten.
#[tokio::test]
async fn brings_a_desk_of_the_first_schema_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut raw = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true).connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE meta (name TEXT PRIMARY KEY, value BIGINT NOT NULL)").execute(&mut raw).await.unwrap();
    sqlx::raw_sql(include_str!("migrations/0001_desk.sql")).execute(&mut raw).await.unwrap();
    sqlx::raw_sql("INSERT INTO meta VALUES ('schema', 1), ('epoch', 1)").execute(&mut raw).await.unwrap();
    let (ana, pumps) = (PersonId::from(uuid::Uuid::from_u128(7)), queue(1).id);
    let held = [(1, "open", 0, true), (2, "new", 2, true), (3, "pending", 2, true), (4, "solved", 2, true), (5, "open", 2, false)];
    for (number, status, priority, hers) in held {
        let mut data = serde_json::to_value(ticket(number, pumps)).unwrap();
        data["status"] = status.into();
        data["tier"] = 2.into();
        data["assignee"] = if hers { ana.to_string().into() } else { serde_json::Value::Null };
        let sql = "INSERT INTO tickets (number, version, queue, status, priority, assignee, requester, conversation, created_at, updated_at, \
                   waits, tags, search, data) VALUES (?, 1, ?, ?, ?, ?, 'r', ?, 0, 0, 'manual', '', '', ?)";
        let query = sqlx::query(sql).bind(number).bind(pumps.to_string()).bind(status).bind(priority);
        let query = query.bind(hers.then(|| ana.to_string())).bind(number.to_string()).bind(data.to_string());
        query.execute(&mut raw).await.unwrap();
    }
    let state = |person: PersonId, open: u32| {
        let data = serde_json::json!({ "person": person, "version": 3, "presence": "available", "since": now(), "open_tickets": open });
        sqlx::query("INSERT INTO agent_states (id, version, data) VALUES (?, 3, ?)").bind(person.to_string()).bind(data.to_string())
    };
    let idle = PersonId::from(uuid::Uuid::from_u128(8));
    state(ana, 2).execute(&mut raw).await.unwrap();
    state(idle, 0).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();

    let store = open_at(&path).await;
    let states = store.agent_states().await.unwrap();
    let of = |person| states.iter().find(|state| state.person == person).unwrap();
    assert_eq!((of(ana).open_tickets, of(ana).load), (2, 300 + 100 + 20));
    assert_eq!(of(ana).queues.iter().map(|(queue, load)| (*queue, load.open)).collect::<Vec<_>>(), [(pumps, 2)]);
    assert_eq!((of(idle).load, of(idle).queues.len()), (0, 0));
    assert_eq!(store.held(ana, 10).await.unwrap().len(), 2);
    let pool = store.pool(PoolPart::Of(pumps, 2), 10).await.unwrap();
    assert_eq!(pool.iter().map(|ticket| ticket.number.0).collect::<Vec<_>>(), [5], "at its tier");
    assert!(store.stale_marks(pumps, "", 10).await.unwrap().is_empty(), "planned by a policy never edited");
}

/// A desk that is older than search: a small one is searchable at once, of a larger one the newest first and the rest behind, also
/// when it is closed or copied in between; what is written meanwhile is found, and nothing is found twice.
#[tokio::test]
async fn texts_from_before_there_was_search_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let store = open_at(&path).await;
    let one = ticket(1, queue(1).id);
    let mut changes = vec![ticket_put(None, &one)];
    changes.extend((1..=1_500).map(|seq| contract::message_put(&one, seq)));
    execute(&*store, changes).await;
    store.close().await;
    let mut raw = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let undo = "DROP VIEW search_ticket_put; DROP VIEW search_message_put; DROP TABLE search_tickets; DROP TABLE search_messages; \
                DROP TABLE ticket_docs; DROP TABLE message_docs; DELETE FROM meta WHERE name LIKE 'search%'; \
                DROP INDEX tickets_arrived; DROP INDEX tickets_solved_at; DROP INDEX tickets_answered; DROP INDEX tickets_unsolved; \
                ALTER TABLE tickets DROP COLUMN done_at; ALTER TABLE tickets DROP COLUMN done_met; \
                ALTER TABLE tickets DROP COLUMN answered_at; ALTER TABLE tickets DROP COLUMN answer_secs; \
                ALTER TABLE tickets DROP COLUMN answer_met; UPDATE meta SET value = 10 WHERE name = 'schema'";
    sqlx::raw_sql(undo).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    let lead = contract::person(9, crate::domain::person::Role::Lead, &[]);
    let newest = crate::store::Search { words: "\"message 1500\"".into(), within: None };
    let oldest = crate::store::Search { words: "\"message 1\"".into(), within: None };
    for _ in 0..2 {
        let store = open_at(&path).await;
        assert_eq!(store.search(&lead, &newest, None, 9).await.unwrap().hits.len(), 1, "the newest at once");
        store.close().await;
    }
    let copy = folder.path().join("copy.db");
    let store = open_at(&path).await;
    store.backup(&copy).await.unwrap();
    execute(&*store, vec![contract::message_put(&one, 1_501)]).await;
    store.close().await;
    for path in [path, copy] {
        let store = open_at(&path).await;
        let indexing = store.indexing.lock().await.take();
        if let Some(indexing) = indexing {
            indexing.await.unwrap();
        }
        let found = store.search(&lead, &oldest, None, 9).await.unwrap();
        assert_eq!((found.hits.len(), found.complete), (1, true));
        let all = crate::store::MessageSearch { text: "message".into(), ..crate::store::MessageSearch::default() };
        let found = store.search_messages(&lead, &all, 5_000).await.unwrap();
        let expected = store.messages(one.conversation, 0, 5_000).await.unwrap();
        assert_eq!(found.len(), expected.len(), "each once");
        assert!(found.iter().rev().eq(&expected), "newest first");
    }
}

/// A desk of the third issue with rows of each kind that changed since: all are read, and what new columns say is true of them.
#[tokio::test]
async fn brings_a_desk_of_the_second_schema_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    let mut raw = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true).connect().await.unwrap();
    sqlx::raw_sql("CREATE TABLE meta (name TEXT PRIMARY KEY, value BIGINT NOT NULL)").execute(&mut raw).await.unwrap();
    for script in [include_str!("migrations/0001_desk.sql"), include_str!("migrations/0002_duty.sql")] {
        sqlx::raw_sql(script).execute(&mut raw).await.unwrap();
    }
    sqlx::raw_sql("INSERT INTO meta VALUES ('schema', 2), ('epoch', 1)").execute(&mut raw).await.unwrap();
    let uuid = |n: u128| uuid::Uuid::from_u128(n).to_string();
    let (pumps, eve, site) = (queue(1).id, PersonId::from(uuid::Uuid::from_u128(7)), uuid(60));
    for (number, status) in [(1, "open"), (2, "solved"), (3, "closed")] {
        let mut data = serde_json::to_value(ticket(number, pumps)).unwrap();
        (data["status"], data["conversation"]) = (status.into(), uuid(100 + u128::try_from(number).unwrap()).into());
        data["requester"]["site"] = serde_json::json!({"id": site, "code": "S1", "name": "Shop 1", "region": "North"});
        let old = data.as_object_mut().unwrap();
        for key in ["incident", "major", "looks_like", "follow_ups", "rating", "rating_asked_at", "thread", "status_key", "merged"] {
            old.remove(key);
        }
        let sql = "INSERT INTO tickets (number, version, queue, status, priority, requester, conversation, created_at, updated_at, \
                   tags, search, data) VALUES (?, 1, ?, ?, 2, 'r', ?, 0, 0, '', '', ?)";
        let query = sqlx::query(sql).bind(number).bind(pumps.to_string()).bind(status);
        query.bind(data["conversation"].as_str().unwrap()).bind(data.to_string()).execute(&mut raw).await.unwrap();
    }
    let (at, author) = (serde_json::json!(now()), serde_json::json!({"type": "person", "id": eve}));
    let old_queue = {
        let mut row = serde_json::to_value(queue(1)).unwrap();
        row.as_object_mut().unwrap().remove("expert_accept_within_secs");
        row
    };
    let message = serde_json::json!({"id": uuid(200), "version": 1, "conversation": uuid(101), "ticket": 1, "seq": 1, "author": author,
        "visibility": "internal", "text": "Seal WORN", "created_at": at,
        "attachments": [{"name": "a.png", "media_type": "image/png", "size": 3, "url": "https://x/a.png"}]});
    let conversation = serde_json::json!({"id": uuid(300), "version": 2, "kind": "channel", "title": "all", "members": [], "last_seq": 0,
        "created_at": at});
    let escalation = |n: u128, state: &str| {
        serde_json::json!({"id": uuid(n), "version": 1, "ticket": 1, "asked_by": eve, "expert": eve, "tier": 2, "reason": "?",
            "state": state, "asked_at": at})
    };
    let notice = serde_json::json!({"id": uuid(500), "version": 1, "person": eve, "ticket": 1, "at": at, "read": false,
        "kind": {"type": "nobody_eligible", "waits": "nobody_on_duty"}});
    let mark = serde_json::json!({"person": eve, "conversation": uuid(300), "version": 1, "seq": 0});
    let hook = serde_json::json!({"id": uuid(600), "version": 1, "key": "chat", "name": "Chat", "url": "https://x/", "allow_private": false,
        "active": true, "secret": "0123456789abcdef"});
    let rows = [
        ("INSERT INTO queues (id, version, key, data) VALUES (?, 1, 'queue-1', ?)", pumps.to_string(), old_queue),
        ("INSERT INTO messages (id, version, conversation, seq, data) VALUES (?1, 1, ?2 ->> '$.conversation', 1, ?2)", uuid(200), message),
        (
            "INSERT INTO conversations (id, version, kind, everybody, last_seq, data) VALUES (?, 2, 'channel', 1, 0, ?)",
            uuid(300),
            conversation,
        ),
        ("INSERT INTO escalations (id, version, ticket, data) VALUES (?, 1, 1, ?)", uuid(400), escalation(400, "accepted")),
        ("INSERT INTO escalations (id, version, ticket, data) VALUES (?, 1, 1, ?)", uuid(401), escalation(401, "left")),
        ("INSERT INTO notices (id, version, person, is_read, data) VALUES (?1, 1, ?2 ->> '$.person', 0, ?2)", uuid(500), notice),
        ("INSERT INTO read_marks (id, version, person, conversation, data) VALUES (?1, 1, ?2 ->> '$.person', '', ?2)", uuid(700), mark),
        ("INSERT INTO webhooks (id, version, key, data) VALUES (?, 1, 'chat', ?)", uuid(600), hook),
    ];
    for (sql, id, data) in rows {
        sqlx::query(sql).bind(id).bind(data.to_string()).execute(&mut raw).await.unwrap();
    }
    sqlx::raw_sql("INSERT INTO threads VALUES ('c', 't1', 1)").execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();

    let store = open_at(&path).await;
    let mut keys = std::collections::BTreeSet::new();
    for number in 1..=3 {
        let row = store.ticket(TicketNumber(number)).await.unwrap().unwrap();
        assert_eq!((row.status_key.len(), row.major.is_some(), row.incident), (32, false, None));
        assert_eq!(store.ticket_by_status_key(&row.status_key).await.unwrap().unwrap().number, row.number);
        assert_eq!(row.thread.as_deref(), (number == 1).then_some("t1"), "where its answers go");
        keys.insert(row.status_key);
    }
    assert_eq!(keys.len(), 3);
    assert_eq!(store.open_escalations(eve, 10).await.unwrap().len(), 1);
    assert_eq!((store.escalations(TicketNumber(1), 10).await.unwrap().len(), store.next_escalation_due().await.unwrap()), (2, None));
    let reader = contract::person(7, Role::Agent, &[pumps]);
    let reader = crate::domain::person::Person { id: eve, ..reader };
    let search = crate::store::MessageSearch { text: "worn".into(), ..crate::store::MessageSearch::default() };
    assert_eq!(store.search_messages(&reader, &search, 10).await.unwrap().len(), 1, "of tier 1, and found whatever the case");
    let site = uuid::Uuid::parse_str(&site).unwrap().into();
    assert_eq!(store.site_tickets(&reader, site, 10).await.unwrap().len(), 3);
    let mut held = Vec::new();
    for kind in RowKind::ALL {
        let page = store.snapshot(&reader, kind, None, 100).await.unwrap();
        for (_, _, row) in &page.rows {
            Row::from_json(kind, row).unwrap();
        }
        held.push((kind, page.rows.len()));
    }
    for (kind, count) in
        [(RowKind::Queue, 1), (RowKind::Conversation, 1), (RowKind::Escalation, 2), (RowKind::Notice, 1), (RowKind::ReadMark, 1)]
    {
        assert!(held.contains(&(kind, count)), "{kind:?} in {held:?}");
    }
    assert!(store.directory().await.unwrap().webhooks.values().all(|hook| hook.events.is_empty()));
    store.execute(new_ticket(4, "4", pumps)).await.unwrap().answer.unwrap();
}

#[tokio::test]
async fn backs_up_under_load_and_restores() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_at(&folder.path().join("desk.db")).await;
    let copy = folder.path().join("copy.db");
    store.execute(new_ticket(0, "0", queue(1).id)).await.unwrap();
    let writing = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in 1..200 {
                store.execute(new_ticket(number, &number.to_string(), queue(1).id)).await.unwrap();
            }
        })
    };
    store.backup(&copy).await.unwrap();
    writing.await.unwrap();
    let sentence = store.backup(&copy).await.unwrap_err().to_string();
    assert!(sentence.contains("exists"), "{sentence}");

    let restored = folder.path().join("restored.db");
    restore(&copy, &restored, false, now()).await.unwrap();
    assert!(restore(&copy, &restored, false, now()).await.unwrap_err().to_string().contains("exists"));
    let twin = open_at(&restored).await;
    let counts = twin.counts().await.unwrap();
    assert!(counts.tickets >= 1 && counts.tickets == counts.messages, "a unit was cut in two: {counts:?}");
    let head = twin.head().await.unwrap();
    assert!(head.epoch > store.head().await.unwrap().epoch);
    assert_eq!(twin.feed(Position::default(), 1000).await.unwrap().last().unwrap().position, head);
    // In use: not to be overwritten even when told so.
    assert!(restore(&copy, &restored, true, now()).await.unwrap_err().to_string().contains("in use"));
    twin.close().await;
    restore(&copy, &restored, true, now() + Duration::hours(1)).await.unwrap();
    assert!(open_at(&restored).await.head().await.unwrap().epoch > head.epoch);
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "no backup").unwrap();
    let sentence = restore(&text, &folder.path().join("new.db"), false, now()).await.unwrap_err().to_string();
    assert!(sentence.contains("not a database"), "{sentence}");
}

#[tokio::test]
async fn audit_is_append_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.db");
    open_at(&path).await.close().await;
    let mut raw = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    sqlx::raw_sql("INSERT INTO audit (at, action, data) VALUES (0, 'x', '{}')").execute(&mut raw).await.unwrap();
    for sql in ["UPDATE audit SET action = 'y'", "DELETE FROM audit"] {
        assert!(sqlx::raw_sql(sql).execute(&mut raw).await.unwrap_err().to_string().contains("append-only"));
    }
}

#[tokio::test]
async fn is_busy_when_too_much_waits() {
    let folder = tempfile::tempdir().unwrap();
    let store = open_at(&folder.path().join("desk.db")).await;
    let mut tasks = tokio::task::JoinSet::new();
    // On one thread nothing is written before all of these have asked.
    for number in 0..u64::try_from(super::writer::WAITING_MAX).unwrap() + 1 {
        let store = Arc::clone(&store);
        tasks.spawn(async move { store.execute(new_ticket(number, &number.to_string(), queue(1).id)).await });
    }
    let results = tasks.join_all().await;
    let done = results.iter().filter(|result| result.is_ok()).count();
    assert!(results.iter().all(|result| matches!(result, Ok(_) | Err(StoreError::Busy))));
    assert_eq!(store.counts().await.unwrap().tickets, i64::try_from(done).unwrap());
}
