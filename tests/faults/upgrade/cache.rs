//! A console's cache of another version: its rows are thrown away or loaded anew, what is nowhere else never is, also when the
//! process that does it is killed.

use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::Duration;

use dutydesk::base::clock::new_id;
use dutydesk::client::cache::Cache;
use dutydesk::client::outbox;
use dutydesk::domain::Timestamp;
use dutydesk::domain::command::Command;
use dutydesk::domain::id::{CommandKey, PersonId, TicketNumber};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use crate::kill::desk::folder;
use crate::kill::dice::{Dice, seed};
use crate::kill::tests::is_long;

const VARIABLE: &str = "DUTYDESK_TEST_CACHE";
const ENTRY: &str = "upgrade::cache::a_console_that_opens";
const COMMANDS: i64 = 300;

fn me() -> PersonId {
    uuid::Uuid::from_u128(7).into()
}

#[tokio::test]
#[ignore = "the entry of another process"]
async fn a_console_that_opens() {
    let Ok(path) = std::env::var(VARIABLE) else { return };
    Cache::open(Path::new(&path), me()).await.unwrap().close().await;
}

async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).connect().await.unwrap()
}

/// What is nowhere else: commands, uploads, drafts.
async fn kept(path: &Path) -> Vec<String> {
    let mut file = connect(path).await;
    let mut found = Vec::new();
    for sql in [
        "SELECT key || command || state FROM outbox ORDER BY n",
        "SELECT id || path || state FROM uploads ORDER BY n",
        "SELECT conversation || data FROM drafts ORDER BY conversation",
    ] {
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut file).await.unwrap();
        found.extend(rows);
    }
    let integrity: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut file).await.unwrap();
    assert_eq!(integrity, ["ok"]);
    file.close().await.unwrap();
    found
}

/// A cache full of rows and unsent work.
async fn filled(path: &Path) {
    let cache = Cache::open(path, me()).await.unwrap();
    for n in 0..COMMANDS {
        let command = Command::AddTag { number: TicketNumber(n), tag: "late".into() };
        let submission = outbox::submission(CommandKey(new_id()), command, None, Timestamp::UNIX_EPOCH);
        outbox::queue(&cache, &submission, Timestamp::UNIX_EPOCH).await.unwrap();
    }
    cache.close().await;
    drop(cache);
    let mut file = connect(path).await;
    for sql in [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
         INSERT INTO rows(kind, id, version, data) SELECT 'site', 'site' || i, 1, hex(randomblob(200)) FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)
         INSERT INTO drafts SELECT 'me', 'c' || i, 'public', 'Dear ' || i FROM n",
        "INSERT INTO uploads(id, path, name, media_type, size, sha256) VALUES ('u', '/tmp/u', 'u', 'text/plain', 1, 'x')",
        "INSERT INTO meta VALUES ('cursor', 'somewhere')",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    ] {
        sqlx::query(sql).execute(&mut file).await.unwrap();
    }
    file.close().await.unwrap();
}

/// How a file differs that another version left, and whether its rows may stay.
const OTHERS: [(&str, &str, bool); 5] = [
    ("rows of an older shape", "UPDATE meta SET value = '1' WHERE key = 'schema'", false),
    ("rows of a newer shape", "UPDATE meta SET value = '99' WHERE key = 'schema'", false),
    ("filled by an older protocol", "UPDATE meta SET value = '1' WHERE key = 'protocol'", true),
    ("filled before protocols were noted", "DELETE FROM meta WHERE key = 'protocol'", true),
    ("filled by a newer protocol", "UPDATE meta SET value = '99' WHERE key = 'protocol'", false),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unsent_work_outlives_every_change_of_the_cache_killed_half_way_too() {
    let seed = seed();
    println!("cache: replay with DUTYDESK_SEED={seed}");
    let mut dice = Dice::new(seed);
    let folder = folder();
    let full = folder.path().join("full.sqlite");
    filled(&full).await;
    let expected = kept(&full).await;
    assert_eq!(expected.len(), usize::try_from(COMMANDS).unwrap() + 51);
    let kills = if is_long() { 60 } else { 4 };
    for (what, change, stays) in OTHERS {
        let path = folder.path().join("run.sqlite");
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
        }
        std::fs::copy(&full, &path).unwrap();
        let mut file = connect(&path).await;
        sqlx::query(AssertSqlSafe(change)).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
        for _ in 0..kills {
            let mut child = Process::new(std::env::current_exe().unwrap())
                .args([ENTRY, "--exact", "--ignored"])
                .env(VARIABLE, &path)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            tokio::time::sleep(dice.millis(0, 120)).await;
            child.kill().unwrap();
            child.wait().unwrap();
            assert_eq!(kept(&path).await, expected, "{what}, seed {seed}");
        }
        let cache = Cache::open(&path, me()).await.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(cache.cursor().await.unwrap(), None, "{what}: everything is loaded anew");
        assert_eq!(outbox::waiting(&cache, 1_000).await.unwrap().len(), usize::try_from(COMMANDS).unwrap(), "{what}");
        cache.close().await;
        drop(cache);
        assert_eq!(kept(&path).await, expected, "{what}");
        let mut file = connect(&path).await;
        let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM rows").fetch_one(&mut file).await.unwrap();
        assert_eq!(rows > 0, stays, "{what}: {rows} rows can be read while everything is loaded anew");
        file.close().await.unwrap();
    }
}

#[tokio::test]
async fn an_outbox_that_this_version_cannot_read_is_left_as_it_is() {
    let folder = folder();
    let path = folder.path().join("cache.sqlite");
    filled(&path).await;
    let mut file = connect(&path).await;
    sqlx::query("UPDATE outbox_meta SET schema = 99").execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    let expected = kept(&path).await;
    let refused = Cache::open(&path, me()).await.err().unwrap().to_string();
    assert!(refused.contains("unsent") && refused.contains("start that version"), "{refused}");
    assert_eq!(kept(&path).await, expected);
    // Nothing holds the file after it was refused.
    tokio::time::timeout(Duration::from_secs(5), Cache::open(&path, me())).await.unwrap().unwrap_err();
}
