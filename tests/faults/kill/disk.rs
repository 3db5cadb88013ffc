//! Disks that fill up, fall read-only, or are so from the start: nothing acknowledged is lost, reads go on, and writing goes on by
//! itself when the disk does.
//!
//! The disk is a small tmpfs in a mount namespace of the server's own, which `unshare` and `nsenter` make; where they may not, the
//! tests say so and do nothing.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dutydesk::base::clock::new_id;
use dutydesk::client::api::ApiError;
use dutydesk::domain::command::{Command as Act, CreateTicket, RequesterInput, Submission};
use dutydesk::domain::id::{CommandKey, QueueId};
use dutydesk::domain::ticket::{Kind, Priority};
use dutydesk::wire::command::Submissions;
use dutydesk::wire::sync::Digest;

use super::desk::{STEPS_OVER, TestDesk, folder};
use super::dice::{Dice, seed};
use super::writer::{self, Shared};
use crate::check::{self, Evidence, Findings};
use crate::history::{Event, History, Recorder};
use crate::process::{Server, binary};

/// The disk: enough for a desk of a few thousand tickets with its write-ahead log.
const DISK: &str = "size=32m";
/// Tries before a server counts as not coming back by itself.
const TRIES: usize = 400;

/// `None` when namespaces with mounts may not be made here.
fn namespaces() -> Option<()> {
    let tried =
        Command::new("unshare").args(["-m", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt && true"]).stderr(Stdio::null()).status();
    let enters = Command::new("nsenter").arg("--version").stdout(Stdio::null()).status();
    (tried.is_ok_and(|status| status.success()) && enters.is_ok_and(|status| status.success())).then_some(())
}

/// Says loudly why nothing was tested, past the harness that keeps what passing tests print.
fn skipped(what: &str) {
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED {what}: `unshare -m` with a mount, or `nsenter`, is not allowed here (run as root, or in a user namespace)"
    );
}

/// Starts a server whose folder is a small disk of its own.
fn on_small_disk(at: &Path) -> Server {
    let mut command = Command::new("unshare");
    let script = format!("mount -t tmpfs -o {DISK} tmpfs '{}' && exec \"$0\" \"$@\"", at.display());
    command.args(["-m", "sh", "-c", &script]).arg(binary());
    Server::start_by(command, at, "127.0.0.1:0", &[])
}

/// Runs a shell script where the server sees its disk.
fn inside(server: &Server, script: &str) -> bool {
    let pid = server.pid().to_string();
    let done = Command::new("nsenter").args(["-t", &pid, "-m", "sh", "-c", script]).stderr(Stdio::null()).status();
    done.expect("nsenter runs").success()
}

/// Fills the disk to its last byte.
fn fill(server: &Server, at: &Path) {
    // `dd` fails when nothing more fits, which is what is wanted.
    inside(server, &format!("dd if=/dev/zero of='{}' bs=4k; true", at.join("ballast").display()));
}

fn free(server: &Server, at: &Path) {
    assert!(inside(server, &format!("rm '{}'", at.join("ballast").display())), "the ballast goes");
}

/// One command; big ones fill a disk faster.
fn ticket(queue: QueueId, bytes: usize) -> Submission {
    let key = CommandKey(new_id());
    let command = Act::CreateTicket(Box::new(CreateTicket {
        queue,
        subject: "Pump 4".into(),
        text: format!("({key}) {}", "It drips. ".repeat(bytes / 10)),
        message: new_id().into(),
        requester: RequesterInput { external: "shop:1".into(), name: Some("Shop".into()), ..RequesterInput::default() },
        kind: Kind::default(),
        priority: Priority::Normal,
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
    }));
    Submission { key, base_version: None, expires_at: None, command }
}

fn one(submission: &Submission) -> Submissions {
    Submissions { commands: vec![submission.clone()], source: Some("api".into()) }
}

/// What the server says while it cannot write: 503, to come again, in a sentence.
fn assert_says_so(error: &ApiError) {
    let ApiError::Problem(problem, after) = error else { panic!("not a problem document: {error:?}") };
    assert_eq!((problem.status, problem.code.as_str()), (503, "database_unavailable"), "{problem:?}");
    assert!(after.is_some() && problem.detail.ends_with('.') && problem.detail.contains("again"), "{problem:?}");
}

/// Copies the desk's files out of the namespace, and checks them.
async fn checked(desk: &mut TestDesk, at: &Path, histories: Vec<History>) -> Findings {
    let copy = folder();
    // What is in the log belongs to the desk.
    let script = format!("cat '{}'", at.join("desk.sqlite").display());
    for ending in ["", "-wal"] {
        let pid = desk.server.pid().to_string();
        let script = script.replace("desk.sqlite'", &format!("desk.sqlite{ending}'"));
        let out = Command::new("nsenter").args(["-t", &pid, "-m", "sh", "-c", &script]).output().expect("nsenter runs");
        std::fs::write(copy.path().join(format!("desk.sqlite{ending}")), out.stdout).expect("a copy");
    }
    desk.server.kill();
    check::run(&Evidence { database: copy.path().join("desk.sqlite"), histories, consoles: Vec::new() }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_and_stops_nobody_from_reading() {
    let Some(()) = namespaces() else { return skipped("the full disk") };
    let place = folder();
    let at = place.path().to_owned();
    let server = on_small_disk(&at);
    let mut desk = TestDesk::on(place, server, 3).await;
    let logs = folder();
    let (shared, mut dice) = (Arc::new(Shared::default()), Dice::new(seed()));
    let writers = writer::start(&desk.agents, desk.queues, logs.path(), &desk.server.url, &shared, &mut dice, 10);
    let lead = desk.lead.api(&desk.server.url);
    let path = logs.path().join("lead.jsonl");
    let mut recorder = Recorder::open(&path);
    let mut written = Vec::new();
    for round in 0..2 {
        until(|| shared.acknowledged.load(Ordering::SeqCst) > 40 * (round + 1)).await;
        fill(&desk.server, &at);
        // Somebody big comes along until the desk says that it cannot.
        let refused = loop {
            let submission = ticket(desk.queues[1], 20_000);
            recorder.note(&Event::Invoked { submission: Box::new(submission.clone()) });
            match lead.submit(&one(&submission)).await {
                Ok(answers) => note(&mut recorder, &answers.answers[0]),
                Err(error) => {
                    written.push(submission);
                    break error;
                }
            }
        };
        assert_says_so(&refused);
        // Reads go on, also of somebody whose token was not seen for a while.
        let digest: Digest = lead.get("/api/v1/digest").await.expect("reads go on");
        assert!(digest.kinds["ticket"].count > 0);
        lead.get::<serde_json::Value>("/api/v1/tickets?limit=5").await.expect("lists go on");
        free(&desk.server, &at);
        // The same key, until it is taken: no restart is needed.
        let submission = written.last().expect("just written");
        let answer = again(async || lead.submit(&one(submission)).await).await;
        note(&mut recorder, &answer.answers[0]);
    }
    let failures = shared.failures.load(Ordering::SeqCst);
    shared.stop.store(true, Ordering::SeqCst);
    let mut histories = vec![History::read("lea/disk", &path)];
    for (client, writer) in writers {
        histories.push(History::read(&client, &writer.await.expect("a writer does not fail")));
    }
    writer::pace(STEPS_OVER).await;
    let findings = checked(&mut desk, &at, histories).await;
    println!("full disk: failed requests {failures}, {findings}");
    findings.assert_clean(&["acknowledged", "keys", "versions", "assignments", "clocks", "audit"]);
}

fn note(recorder: &mut Recorder, answer: &dutydesk::wire::command::Answer) {
    let result = answer.result.clone().expect("not refused");
    recorder.note(&Event::Done { key: answer.key, result: Box::new(result), replayed: answer.replayed });
}

async fn until(mut condition: impl FnMut() -> bool) {
    for _ in 0..TRIES {
        if condition() {
            return;
        }
        writer::pace(Duration::from_millis(50)).await;
    }
    panic!("never came to pass");
}

/// Asks until the desk can again.
async fn again<T>(mut ask: impl AsyncFnMut() -> Result<T, ApiError>) -> T {
    let mut last = None;
    for _ in 0..TRIES {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) => {
                assert_says_so(&error);
                last = Some(error);
            }
        }
        writer::pace(Duration::from_millis(25)).await;
    }
    panic!("the desk did not come back by itself: {last:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_falls_read_only_loses_nothing() {
    let Some(()) = namespaces() else { return skipped("the read-only disk") };
    let place = folder();
    let at = place.path().to_owned();
    let server = on_small_disk(&at);
    let mut desk = TestDesk::on(place, server, 1).await;
    let logs = folder();
    let path = logs.path().join("lead.jsonl");
    let (lead, mut recorder) = (desk.lead.api(&desk.server.url), Recorder::open(&path));
    for _ in 0..5 {
        let submission = ticket(desk.queues[1], 100);
        recorder.note(&Event::Invoked { submission: Box::new(submission.clone()) });
        note(&mut recorder, &lead.submit(&one(&submission)).await.expect("taken").answers[0]);
    }
    // The kernel refuses while files are open for writing: an emergency remount, as a failing disk causes, does not ask.
    let remounted = inside(&desk.server, &format!("mount -o remount,ro '{}'", at.display()));
    println!("read-only: remounting while the desk is open {}", if remounted { "was allowed" } else { "was refused by the kernel" });
    if remounted {
        let submission = ticket(desk.queues[1], 100);
        recorder.note(&Event::Invoked { submission: Box::new(submission.clone()) });
        let refused = lead.submit(&one(&submission)).await.expect_err("nothing can be written");
        assert_says_so(&refused);
        lead.get::<Digest>("/api/v1/digest").await.expect("reads go on");
        assert!(inside(&desk.server, &format!("mount -o remount,rw '{}'", at.display())));
        let answer = again(async || lead.submit(&one(&submission)).await).await;
        note(&mut recorder, &answer.answers[0]);
    }
    let findings = checked(&mut desk, &at, vec![History::read("lea/disk", &path)]).await;
    println!("read-only disk: {findings}");
    findings.assert_clean(&["acknowledged", "keys", "versions", "audit"]);
}

/// What a server says that cannot even start.
fn start_fails(command: &mut Command, database: &Path) -> String {
    let out = command
        .args(["serve", "--listen", "127.0.0.1:0", "--database", &format!("sqlite:{}", database.display())])
        .env("DUTYDESK_CONFIG_DIR", "/nowhere")
        .env("DUTYDESK_DATA_DIR", "/nowhere")
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    assert!(!out.status.success(), "it must not start");
    String::from_utf8_lossy(&out.stderr).into_owned() + &String::from_utf8_lossy(&out.stdout)
}

#[test]
fn a_start_on_a_read_only_place_says_so() {
    let Some(()) = namespaces() else { return skipped("the start on a read-only disk") };
    let place = folder();
    let at = place.path().to_owned();
    drop(Server::start(&at, "127.0.0.1:0", &[]));
    let script = format!("mount --bind -o ro '{0}' '{0}' && mount -o remount,bind,ro '{0}' && exec \"$0\" \"$@\"", at.display());
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", &script]).arg(binary());
    let said = start_fails(&mut command, &at.join("desk.sqlite"));
    assert!(said.contains("desk.sqlite") && said.contains("cannot be written") && said.contains("permissions"), "{said}");
    // A folder in which nothing can be made.
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", &script]).arg(binary());
    let said = start_fails(&mut command, &at.join("new.sqlite"));
    assert!(said.contains("new.sqlite") && said.contains("cannot be written"), "{said}");
}

#[test]
fn a_start_on_a_full_disk_serves_what_is_there_or_says_why_not() {
    let Some(()) = namespaces() else { return skipped("the start on a full disk") };
    let place = folder();
    let script = format!(
        "mount -t tmpfs -o size=64k tmpfs '{0}' && dd if=/dev/zero of='{0}/ballast' bs=4k 2>/dev/null; exec \"$0\" \"$@\"",
        place.path().display()
    );
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", &script]).arg(binary());
    let said = start_fails(&mut command, &place.path().join("desk.sqlite"));
    assert!(said.contains("desk.sqlite"), "{said}");
    assert!(said.contains("full") || said.contains("space"), "it must say that there is no space: {said}");
}
