//! A backup taken while everybody writes, restored: nothing that was acknowledged before it is missing, nothing is half done, and
//! whoever was told more starts over.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dutydesk::base::clock::Clock;
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::view::Link;
use dutydesk::domain::command::Submission;
use dutydesk::store::sqlite;
use dutydesk::wire::command::{COMMANDS_MAX, Submissions};
use dutydesk::wire::sync::Digest;

use crate::check::{self, Evidence, Findings};
use crate::history::{Event, History};
use crate::kill::desk::{TestDesk, Who, folder};
use crate::kill::dice::{Dice, seed};
use crate::kill::tests::is_long;
use crate::kill::writer::{self, Shared, pace};
use crate::process::{Server, binary};

const WRITERS: usize = 8;
/// Rules that hold of a desk that was copied in the middle of its work: its clocks still run.
const STANDING: [&str; 6] = ["acknowledged", "keys", "compare", "versions", "assignments", "audit"];

fn admin(args: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.arg("admin").args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

async fn done(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn database(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

fn lines(path: &Path) -> Vec<Event> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

async fn acknowledged(shared: &Shared, least: usize) {
    for _ in 0..1_200 {
        if shared.acknowledged.load(Ordering::SeqCst) >= least {
            return;
        }
        pace(Duration::from_millis(50)).await;
    }
    panic!("the desk hardly does anything");
}

fn standing(findings: &Findings, what: &str) {
    let broken: Vec<_> = findings.broken_rules().into_iter().filter(|rule| STANDING.contains(rule)).collect();
    assert!(broken.is_empty(), "{what}: {findings}\n{}", findings.violations.join("\n"));
    assert!(STANDING.iter().all(|rule| findings.compared.get(rule).is_some_and(|facts| *facts > 0)), "{what}: {findings}");
}

fn console(desk: &TestDesk, who: &Who) -> DeskOptions {
    let hasty = Duration::from_millis(30);
    DeskOptions {
        api: Some(who.api(&desk.server.url)),
        cache_path: desk.path("console.sqlite"),
        me: who.person.clone(),
        clock: Clock::System,
        timing: LinkTiming { backoff: hasty, backoff_max: Duration::from_millis(200), ..LinkTiming::default() },
    }
}

async fn equal(console: &DeskClient, who: &Who, url: &str) {
    for _ in 0..200 {
        let theirs: Digest = who.api(url).get("/api/v1/digest").await.unwrap();
        let ours = console.digest().await.unwrap();
        let live = console.status().borrow().link == Link::Live;
        if live && ours.cursor == theirs.cursor && dutydesk::client::sync::digest::differing(&ours, &theirs).is_empty() {
            return;
        }
        pace(Duration::from_millis(50)).await;
    }
    panic!("the console does not catch up: {:?}", console.status().borrow());
}

/// Sends everything again, as outboxes do that were not told otherwise; returns how often the answer was the remembered one.
async fn send_all_again(who: &Who, url: &str, submissions: &[Submission], events: &mut Vec<Event>) -> usize {
    let api = who.api(url);
    let mut replayed = 0;
    for some in submissions.chunks(COMMANDS_MAX) {
        for submission in some {
            events.push(Event::Invoked { submission: Box::new(submission.clone()) });
        }
        let answers = api.submit(&Submissions { commands: some.to_vec(), source: Some("api".into()) }).await.unwrap().answers;
        for answer in answers {
            replayed += usize::from(answer.replayed);
            let key = answer.key;
            events.push(match answer.refusal {
                Some(refusal) => Event::Refused { key, refusal },
                None => Event::Done { key, result: Box::new(answer.result.unwrap_or_default()), replayed: answer.replayed },
            });
        }
    }
    replayed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_under_load_restores_to_a_consistent_desk() {
    let seed = seed();
    println!("backup: replay with DUTYDESK_SEED={seed}");
    let mut dice = Dice::new(seed);
    let mut desk = TestDesk::new(WRITERS + 1).await;
    let files = desk.folder.path().to_owned();
    let reader = desk.agents[WRITERS].clone();
    let watching = DeskClient::open(console(&desk, &reader)).await.unwrap();
    watching.start();
    let shared = Arc::new(Shared::default());
    let writers = writer::start(&desk.agents[..WRITERS], desk.queues, &files, &desk.server.url, &shared, &mut dice, 10);
    let (before, after) = if is_long() { (20_000, 20_000) } else { (400, 300) };
    acknowledged(&shared, before).await;

    // What is written down by now was acknowledged before the backup began.
    let histories: Vec<(String, PathBuf)> = desk.agents[..WRITERS]
        .iter()
        .map(|who| (format!("{}/writer", who.person.handle), files.join(format!("{}-writer.jsonl", who.person.handle))))
        .collect();
    let told: Vec<usize> = histories.iter().map(|(_, path)| lines(path).len()).collect();
    let copy = files.join("copy.sqlite");
    let made = done(admin(&["backup", copy.to_str().unwrap(), "--database", &database(&desk.database())])).await;
    assert!(made.status.success(), "{}", text(&made));
    assert!(text(&made).contains("files are not in it"), "{}", text(&made));
    acknowledged(&shared, before + after).await;
    shared.stop.store(true, Ordering::SeqCst);
    for (_, writer) in writers {
        writer.await.unwrap();
    }
    equal(&watching, &reader, &desk.server.url).await;
    let (url, old) = (desk.server.url.clone(), watching.digest().await.unwrap().cursor);
    desk.server.kill();

    // The restored desk: everything acknowledged before the backup, and nothing by halves.
    let restored = folder();
    let path = restored.path().join("desk.sqlite");
    let put_back = done(admin(&["restore", copy.to_str().unwrap(), "--database", &database(&path)])).await;
    assert!(put_back.status.success(), "{}", text(&put_back));
    let events: Vec<Vec<Event>> = histories.iter().map(|(_, path)| lines(path)).collect();
    let known_then = |at: usize| {
        let kept = events[at].iter().enumerate().filter(|(n, event)| *n < told[at] || matches!(event, Event::Invoked { .. }));
        History::of(&histories[at].0, kept.map(|(_, event)| event.clone()))
    };
    let evidence = Evidence { database: path.clone(), histories: (0..WRITERS).map(known_then).collect(), consoles: Vec::new() };
    let findings = check::run(&evidence).await;
    println!("restored: {findings}");
    standing(&findings, "the restored desk");

    // On the same address: the console starts over, and whoever was answered after the backup sends the same again.
    let mut server = Server::start(restored.path(), url.trim_start_matches("http://"), &[]);
    equal(&watching, &reader, &url).await;
    assert_ne!(watching.digest().await.unwrap().cursor, old);
    assert_eq!(watching.mismatches(), 0);
    let mut again = Vec::new();
    let mut remembered = 0;
    for (at, who) in desk.agents[..WRITERS].iter().enumerate() {
        let history = History::of(&histories[at].0, events[at].iter().cloned());
        let submissions: Vec<_> = history.operations.iter().map(|operation| operation.submission.clone()).collect();
        let mut heard: Vec<Event> = Vec::new();
        remembered += send_all_again(who, &url, &submissions, &mut heard).await;
        // Once more: by now every key is known.
        let replayed = send_all_again(who, &url, &submissions, &mut heard).await;
        assert_eq!(replayed, submissions.len(), "a key had two effects");
        again.push(History::of(&histories[at].0, heard));
    }
    equal(&watching, &reader, &url).await;
    watching.shutdown().await;
    server.kill();
    let findings = check::run(&Evidence { database: path, histories: again, consoles: Vec::new() }).await;
    println!("sent again: {findings}; {remembered} were remembered from before the backup");
    standing(&findings, "the restored desk after everything was sent again");
    assert!(remembered >= before / 2 && findings.operations > remembered, "{remembered} of {}", findings.operations);
}

/// A desk's file of some megabytes that nobody uses.
async fn quiet_desk(folder: &Path) -> PathBuf {
    let path = folder.join("desk.sqlite");
    sqlite::make_older(&path, sqlite::known_schema(), chrono::DateTime::UNIX_EPOCH).await.unwrap();
    let mut file = sqlx::ConnectOptions::connect(&sqlx::sqlite::SqliteConnectOptions::new().filename(&path)).await.unwrap();
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
               INSERT INTO audit(at, ticket, action, data) SELECT i, i, 'x', hex(randomblob(300)) FROM n";
    sqlx::query(sql).execute(&mut file).await.unwrap();
    sqlx::Connection::close(file).await.unwrap();
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_killed_half_way_leaves_nothing_that_looks_whole() {
    let seed = seed();
    println!("killed backup: replay with DUTYDESK_SEED={seed}");
    let mut dice = Dice::new(seed);
    let folder = folder();
    let path = quiet_desk(folder.path()).await;
    let copy = folder.path().join("copy.sqlite");
    let mut absent = 0;
    for _ in 0..if is_long() { 200 } else { 15 } {
        let mut child = admin(&["backup", copy.to_str().unwrap(), "--database", &database(&path)]).spawn().unwrap();
        pace(dice.millis(5, 200)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        if copy.exists() {
            whole(&copy).await;
            std::fs::remove_file(&copy).unwrap();
        } else {
            absent += 1;
        }
    }
    println!("killed backup: {absent} kills came before the copy was whole");
    let made = done(admin(&["backup", copy.to_str().unwrap(), "--database", &database(&path)])).await;
    assert!(made.status.success(), "{}", text(&made));
    whole(&copy).await;
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!left.iter().any(|name| name.contains(".part")), "{left:?}");
}

async fn whole(path: &Path) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).read_only(true);
    let mut file = sqlx::ConnectOptions::connect(&options).await.unwrap();
    let integrity: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut file).await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM audit").fetch_one(&mut file).await.unwrap();
    assert_eq!((integrity.as_slice(), rows), (["ok".to_owned()].as_slice(), 40_000));
}

#[tokio::test]
async fn a_backup_on_a_full_disk_says_so_and_leaves_nothing() {
    let folder = folder();
    let path = quiet_desk(folder.path()).await;
    let small = folder.path().join("small");
    std::fs::create_dir(&small).unwrap();
    // A disk of its own, seen by this one process alone.
    let script = format!(
        "mount -t tmpfs -o size=1m tmpfs {small} || exit 99; {binary} admin backup {small}/copy.sqlite --database {database}; \
         code=$?; ls -A {small}; exit $code",
        small = small.display(),
        binary = binary().display(),
        database = database(&path),
    );
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", &script]);
    let Ok(output) = command.output() else {
        println!("no small disk: unshare is not here");
        return;
    };
    let said = text(&output);
    if output.status.code() == Some(99) || said.contains("unshare failed") || said.contains("unshare: ") {
        println!("no small disk can be had here, so a full one was not tried: {said}");
        return;
    }
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("full") && said.contains("free"), "{said}");
    assert!(!said.contains("copy.sqlite\n"), "something was left: {said}");
}
