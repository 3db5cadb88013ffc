//! Migrations killed wherever they are: the next start finishes them, and nothing is lost or done twice.
//!
//! The migrating process is this test binary itself, with one ignored test as its entry.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dutydesk::base::clock::Clock;
use dutydesk::store::{Store as _, StoreError, sqlite};
use sha2::{Digest, Sha256};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection};

use crate::kill::desk::folder;
use crate::kill::dice::{Dice, seed};
use crate::kill::tests::is_long;

/// The variable with the file to open.
const VARIABLE: &str = "DUTYDESK_TEST_MIGRATE";
/// Set: the start ends only when every text is found by search.
const TO_THE_END: &str = "DUTYDESK_TEST_MIGRATE_ALL";
const ENTRY: &str = "upgrade::migrations::a_start_that_migrates";
const TICKETS: u32 = 8_000;
const MESSAGES: u32 = 12_000;
const EPOCH: i64 = 1_700_000_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the entry of another process"]
async fn a_start_that_migrates() {
    let Ok(path) = std::env::var(VARIABLE) else { return };
    let store = sqlite::open(Path::new(&path), Clock::System).await.unwrap();
    // Older texts are taken in behind it: killed there as well, where that is looked at.
    while std::env::var(TO_THE_END).is_ok() && !store.is_searchable() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    store.close().await;
}

fn spawn(path: &Path, to_the_end: bool) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([ENTRY, "--exact", "--ignored", "--nocapture"])
        .env(VARIABLE, path)
        .envs(to_the_end.then_some((TO_THE_END, "1")))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Runs a start to its end.
fn finish(path: &Path, to_the_end: bool) -> Duration {
    let began = Instant::now();
    assert!(spawn(path, to_the_end).wait().unwrap().success(), "the start over {} failed", path.display());
    began.elapsed()
}

async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).connect().await.unwrap()
}

/// A desk of the first schema with some ten thousand rows, as the first servers wrote them.
async fn first_desk(path: &Path) {
    sqlite::make_older(path, 1, chrono::DateTime::from_timestamp_millis(EPOCH).unwrap()).await.unwrap();
    let mut file = connect(path).await;
    let mut tx = file.begin().await.unwrap();
    // Each number alone decides its row, so that every run has the same desk. `status_key` is there already: the migration that
    // makes one by chance is looked at by itself.
    for sql in [
        "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) SELECT i FROM n",
        "INSERT INTO people SELECT printf('00000000-0000-7000-8000-%012d', i), 1, 'p' || i, json_object('id',
           printf('00000000-0000-7000-8000-%012d', i), 'version', 1, 'handle', 'p' || i, 'name', 'P', 'role', 'agent', 'tier', 1,
           'capacity', 5, 'time_zone', 'UTC', 'active', json('true')) FROM n WHERE i <= 50",
        "INSERT INTO agent_states SELECT id, 1, json_object('person', id, 'version', 1, 'presence', 'offline', 'since',
           '2026-01-01T00:00:00Z', 'open_tickets', 0) FROM people",
        "INSERT INTO tickets(number, version, queue, status, priority, assignee, requester, external, conversation, due_at, next_step_at,
           created_at, updated_at, waits, tags, search, data)
         SELECT i, 1 + i % 5, 'q' || (i % 7), CASE i % 5 WHEN 0 THEN 'solved' WHEN 1 THEN 'open' WHEN 2 THEN 'pending' ELSE 'new' END, i % 4,
           CASE WHEN i % 3 = 0 THEN printf('00000000-0000-7000-8000-%012d', 1 + i % 50) END, 'r' || (i % 300), NULL, 'c' || i, NULL, NULL,
           1760000000000 + i, 1760000000000 + 2 * i, NULL, '', 'pump ' || i,
           json_object('number', i, 'version', 1 + i % 5, 'queue', printf('20000000-0000-7000-8000-%012d', i % 7), 'kind', 'question',
             'subject', 'Pump ' || i || ' 泵', 'priority', 'normal', 'status', 'open', 'tier', 1 + i % 3, 'status_key', printf('%032d', i),
             'requester', json_object('id', printf('40000000-0000-7000-8000-%012d', i % 300), 'name', 'Shop', 'site', json_object('id',
               printf('50000000-0000-7000-8000-%012d', i % 20), 'code', 'S', 'name', 'Site', 'region', 'north')),
             'conversation', printf('30000000-0000-7000-8000-%012d', i), 'message_count', 1, 'clocks', json_array(),
             'created_at', '2026-01-01T00:00:00Z', 'updated_at', '2026-01-01T00:00:00Z')
         FROM n WHERE i <= 8000",
        "INSERT INTO messages SELECT printf('10000000-0000-7000-8000-%012d', i), 1, 'c' || (1 + i % 8000), 1 + i / 8000,
           json_object('id', printf('10000000-0000-7000-8000-%012d', i), 'version', 1, 'text', 'The pump ' || i || ' stands STILL', 'seq',
             1 + i / 8000, 'conversation', printf('30000000-0000-7000-8000-%012d', 1 + i % 8000), 'author', json_object('type', 'system'),
             'visibility', 'public', 'attachments', json_array(), 'mentions', json_array(), 'created_at', '2026-01-01T00:00:00Z')
         FROM n WHERE i <= 12000",
        "INSERT INTO threads SELECT 'chat', 't' || i, i FROM n WHERE i <= 500",
        "INSERT INTO assignments SELECT 'a' || number, number, assignee, created_at, NULL, '{}' FROM tickets WHERE assignee IS NOT NULL",
        "INSERT INTO audit(at, ticket, action, data) SELECT created_at, number, 'create_ticket', '{}' FROM tickets",
        "INSERT INTO escalations SELECT 'e' || i, 1, i, json_object('id', 'e' || i, 'expert', 'p', 'state', 'asked') FROM n WHERE i <= 400",
        "DROP TABLE n",
    ] {
        sqlx::query(sql).execute(&mut *tx).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    tx.commit().await.unwrap();
    let counted: (u32, u32) =
        sqlx::query_as("SELECT (SELECT count(*) FROM tickets), (SELECT count(*) FROM messages)").fetch_one(&mut file).await.unwrap();
    assert_eq!(counted, (TICKETS, MESSAGES));
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut file).await.unwrap();
    file.close().await.unwrap();
}

/// The same desk as the dutydesk of schema `k` left it.
async fn desk_of(first: &Path, k: i64) -> PathBuf {
    let path = first.with_extension(format!("{k}.sqlite"));
    std::fs::copy(first, &path).unwrap();
    sqlite::make_older(&path, k, chrono::DateTime::from_timestamp_millis(EPOCH).unwrap()).await.unwrap();
    path
}

/// Every row of every table, and what the engine says of the file; of full-text search, which is filled behind the start, only
/// when asked for, and only what is in it: in which order depends on where a start was killed.
async fn contents(path: &Path, with_search: bool) -> Vec<(String, i64, String)> {
    let mut file = connect(path).await;
    let integrity: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut file).await.unwrap();
    assert_eq!(integrity, ["ok"]);
    assert!(sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut file).await.unwrap().is_empty());
    let tables: Vec<(String, String)> =
        sqlx::query_as("SELECT name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
            .fetch_all(&mut file)
            .await
            .unwrap();
    let mut found = Vec::new();
    for (name, sql) in &tables {
        found.push((format!("shape of {name}"), 0, sql.clone()));
        let is_plain = sql.starts_with("CREATE TABLE") && !name.starts_with("search_") && !name.ends_with("_docs");
        if !is_plain {
            continue;
        }
        let mut hash = [0_u8; 32];
        let (mut rows, mut count) = (
            sqlx::query(AssertSqlSafe(format!(
                "SELECT * FROM {name}{}",
                if name == "meta" { " WHERE name NOT LIKE 'search_%'" } else { "" }
            )))
            .fetch_all(&mut file)
            .await
            .unwrap(),
            0,
        );
        for row in rows.drain(..) {
            let mut text = String::new();
            for column in 0..row.len() {
                let raw = row.try_get_raw(column).unwrap();
                let bytes = <&[u8] as sqlx::Decode<sqlx::Sqlite>>::decode(raw);
                text.push_str(&format!("{:?}|", bytes.ok().map(|bytes| bytes.to_vec())));
            }
            // A set of rows: in which order they lie does not matter.
            for (sum, byte) in hash.iter_mut().zip(Sha256::digest(text)) {
                *sum = sum.wrapping_add(byte);
            }
            count += 1;
        }
        found.push((format!("rows of {name}"), count, format!("{hash:02x?}")));
    }
    let searched = [
        ("searched tickets", "SELECT number, mark FROM ticket_docs ORDER BY number"),
        ("searched messages", "SELECT message, mark FROM message_docs ORDER BY message"),
    ];
    for (name, sql) in searched.into_iter().filter(|_| with_search) {
        let rows: Vec<String> = sqlx::query(sql)
            .fetch_all(&mut file)
            .await
            .unwrap()
            .iter()
            .map(|row| {
                row.try_get::<i64, _>(0).map_or_else(|_| row.get::<String, _>(0), |number| number.to_string())
                    + &format!("/{}", row.get::<i64, _>(1))
            })
            .collect();
        found.push((name.to_owned(), i64::try_from(rows.len()).unwrap(), hex(&rows.join(","))));
    }
    file.close().await.unwrap();
    found
}

fn hex(text: &str) -> String {
    format!("{:02x?}", Sha256::digest(text).as_slice())
}

fn copy_to(path: &Path, to: &Path) {
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", to.display()));
    }
    std::fs::copy(path, to).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_migration_killed_anywhere_is_finished_by_the_next_start() {
    let seed = seed();
    println!("migrations: replay with DUTYDESK_SEED={seed}");
    let mut dice = Dice::new(seed);
    let folder = folder();
    let first = folder.path().join("first.sqlite");
    first_desk(&first).await;
    let known = sqlite::known_schema();
    let (rounds, kills_each) = if is_long() { (10, 30) } else { (1, 3) };
    let (mut kills, mut halfway) = (0, 0);
    for k in 1..known {
        let old = desk_of(&first, k).await;
        let run = folder.path().join("run.sqlite");
        copy_to(&old, &run);
        let whole = u64::try_from(finish(&run, false).as_millis()).unwrap();
        let expected = contents(&run, false).await;
        for _ in 0..rounds {
            copy_to(&old, &run);
            for _ in 0..kills_each {
                let mut child = spawn(&run, false);
                tokio::time::sleep(dice.millis(0, whole + 20)).await;
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
                halfway += i32::from(unfinished(&run, "schema", known).await);
            }
            finish(&run, false);
            let found = contents(&run, false).await;
            for (expected, found) in expected.iter().zip(&found) {
                assert_eq!(expected, found, "from schema {k}, seed {seed}");
            }
            assert_eq!(expected.len(), found.len());
        }
    }
    println!("migrations: {kills} kills, {halfway} of them left work to do, 0 differences");
    assert!(halfway > 0, "nothing was killed half-way: seed {seed}");
}

/// Whether a start has something left to do: a value of the file's own notes is not yet what it will be.
async fn unfinished(path: &Path, name: &str, whole: i64) -> bool {
    let mut file = connect(path).await;
    let value: Option<i64> =
        sqlx::query_scalar("SELECT value FROM meta WHERE name = ?").bind(name).fetch_optional(&mut file).await.unwrap();
    file.close().await.unwrap();
    value != Some(whole)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_are_all_found_however_often_taking_them_in_is_killed() {
    let seed = seed();
    println!("search: replay with DUTYDESK_SEED={seed}");
    let mut dice = Dice::new(seed);
    let folder = folder();
    let first = folder.path().join("first.sqlite");
    first_desk(&first).await;
    let mut file = connect(&first).await;
    sqlx::query("DELETE FROM tickets WHERE number > 700").execute(&mut file).await.unwrap();
    sqlx::query("DELETE FROM messages WHERE rowid > 1500").execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    let (whole, run) = (folder.path().join("whole.sqlite"), folder.path().join("run.sqlite"));
    copy_to(&first, &whole);
    let millis = u64::try_from(finish(&whole, true).as_millis()).unwrap();
    let expected = contents(&whole, true).await;
    let searched = |name: &str| expected.iter().find(|(found, ..)| found == name).map(|(_, rows, _)| *rows);
    assert_eq!((searched("searched tickets"), searched("searched messages")), (Some(700), Some(1_500)));
    copy_to(&first, &run);
    let (mut kills, mut halfway) = (0, 0);
    for _ in 0..if is_long() { 60 } else { 6 } {
        let mut child = spawn(&run, true);
        tokio::time::sleep(dice.millis(millis / 20, millis / 3)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
        halfway += i32::from(unfinished(&run, "search_waits", 0).await);
    }
    finish(&run, true);
    let found = contents(&run, true).await;
    expected.iter().zip(&found).for_each(|(expected, found)| assert_eq!(expected, found, "seed {seed}"));
    assert!(!unfinished(&run, "search_waits", 0).await);
    println!("search: {kills} kills, {halfway} of them left work to do, 0 differences");
}

#[tokio::test]
async fn a_newer_file_is_refused_and_not_a_byte_of_it_changed() {
    let folder = folder();
    for journal in ["wal", "delete"] {
        let path = folder.path().join(format!("{journal}.sqlite"));
        sqlite::make_older(&path, sqlite::known_schema(), chrono::DateTime::from_timestamp_millis(EPOCH).unwrap()).await.unwrap();
        let mut file = connect(&path).await;
        sqlx::query("UPDATE meta SET value = value + 7 WHERE name = 'schema'").execute(&mut file).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("PRAGMA journal_mode={journal}"))).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
        let before = std::fs::read(&path).unwrap();
        let refused = sqlite::open(&path, Clock::System).await.err();
        assert!(matches!(refused, Some(StoreError::TooNew { found, known }) if found == known + 7), "{refused:?}");
        assert_eq!(std::fs::read(&path).unwrap(), before, "{journal}");
        // Nobody is locked out by the refusal.
        assert!(matches!(sqlite::open(&path, Clock::System).await.err(), Some(StoreError::TooNew { .. })));
    }
}
