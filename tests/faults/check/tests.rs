//! The checker notices: a good desk is broken in one place, and the rule that is for it must tell, by name.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions};

use super::{ConsoleEnd, Evidence, Findings, RULES};
use crate::history::{End, Event, History};
use crate::kill::desk::folder;
use crate::kill::run::{Goals, Plan, Ran, run};

/// What is broken: the desk's file, the console's cache, or what clients wrote down.
enum Break {
    Desk(&'static str),
    Cache(&'static str),
    Histories(fn(&mut Vec<History>)),
}

/// A rule that is to notice, what is broken, and how.
type Breakage = (&'static str, &'static str, Break);

/// Each rule with ways to break it. Statements run one after the other; the append-only triggers are taken away first.
fn breaks() -> Vec<Breakage> {
    let mut all = breaks_of_answers();
    all.extend(breaks_of_rows());
    all.extend(breaks_of_clients());
    all
}

fn breaks_of_answers() -> Vec<Breakage> {
    use Break::{Desk, Histories};
    vec![
        (
            "acknowledged",
            "a message is lost",
            Desk("DELETE FROM messages WHERE id = (SELECT max(id) FROM messages WHERE data LIKE '%still%')"),
        ),
        (
            "acknowledged",
            "a message has another text",
            Desk("UPDATE messages SET data = replace(data, 'still', 'up') WHERE data LIKE '%still%'"),
        ),
        (
            "acknowledged",
            "an act was another's",
            Desk(
                "UPDATE audit SET data = json_set(data, '$.actor.id', '00000000-0000-0000-0000-000000000000')
                 WHERE seq = (SELECT max(seq) FROM audit WHERE ticket IS NOT NULL AND json_extract(data, '$.actor.type') = 'person')",
            ),
        ),
        (
            "acknowledged",
            "an intent was honoured too late",
            Histories(|histories| {
                let mut all = histories.iter_mut().flat_map(|history| &mut history.operations);
                let done = |end: &End| matches!(end, End::Done(result) if !result.unchanged && result.version.is_some());
                let one = all.find(|operation| done(&operation.end)).unwrap();
                one.submission.expires_at = Some("2020-01-01T00:00:00Z".parse().unwrap());
            }),
        ),
        ("keys", "answers are not kept", Desk("DELETE FROM results WHERE json_extract(answer, '$.Ok') IS NOT NULL")),
        (
            "keys",
            "another answer is kept",
            Desk("UPDATE results SET answer = json_set(answer, '$.Ok.version', 99) WHERE json_extract(answer, '$.Ok.version') IS NOT NULL"),
        ),
        (
            "keys",
            "a message is there twice under two ids",
            Desk(
                "INSERT INTO messages (id, version, conversation, seq, tier, data)
                 SELECT 'ffffffff-0000-0000-0000-000000000000', version, conversation, seq + 1000, tier, data FROM messages
                 WHERE data LIKE '%still%' LIMIT 1",
            ),
        ),
        (
            "keys",
            "something was done that nobody asked for",
            Histories(|histories| {
                for history in histories {
                    history.operations.retain(|operation| operation.submission.command.name() != "set_status");
                }
            }),
        ),
        (
            "keys",
            "an answer changed when it was sent again",
            Histories(|histories| {
                let operation = histories[0].operations.iter().find(|one| matches!(one.end, End::Done(_))).unwrap().clone();
                let invoked = Event::Invoked { submission: Box::new(operation.submission.clone()) };
                let End::Done(result) = operation.end else { unreachable!() };
                let mut other = result.clone();
                other.version = Some(77);
                let done = |result| Event::Done { key: operation.submission.key, result, replayed: false };
                histories.push(History::of("twice", [invoked, done(result), done(other)]));
            }),
        ),
        (
            "compare",
            "a decision on an old version succeeded",
            Histories(|histories| {
                let mut all = histories.iter_mut().flat_map(|history| &mut history.operations);
                let compares = |name: &str| matches!(name, "set_status" | "assign_ticket" | "release_ticket");
                let one = all
                    .find(|one| {
                        compares(one.submission.command.name())
                            && matches!(&one.end, End::Done(result) if !result.unchanged && result.version > Some(2))
                    })
                    .unwrap();
                one.submission.base_version = Some(1);
            }),
        ),
    ]
}

fn breaks_of_rows() -> Vec<Breakage> {
    use Break::Desk;
    vec![
        ("versions", "the feed has a hole", Desk("DELETE FROM feed WHERE seq = (SELECT seq FROM feed WHERE kind = 'ticket' AND version = 2 LIMIT 1)")),
        ("versions", "a row is ahead of the feed", Desk("UPDATE agent_states SET version = version + 1")),
        (
            "assignments",
            "two have a ticket",
            Desk(
                "DROP INDEX assignments_open;
                 INSERT INTO assignments SELECT 'ffffffff-0000-0000-0000-000000000000', ticket, person, started_at, NULL,
                     json_remove(json_set(data, '$.id', 'ffffffff-0000-0000-0000-000000000000'), '$.ended_at') FROM assignments LIMIT 1",
            ),
        ),
        (
            "assignments",
            "a load is miscounted",
            Desk("UPDATE agent_states SET data = json_set(data, '$.open_tickets', json_extract(data, '$.open_tickets') + 1)"),
        ),
        (
            "clocks",
            "a step fired early",
            Desk(
                "UPDATE clock_events SET data = json_set(data, '$.event.due_at', '2099-01-01T00:00:00Z')
                 WHERE seq = (SELECT max(seq) FROM clock_events WHERE json_extract(data, '$.event.type') = 'fired')",
            ),
        ),
        (
            "clocks",
            "a step fired twice",
            Desk(
                "INSERT INTO clock_events (ticket, at, data) SELECT ticket, at, data FROM clock_events
                 WHERE json_extract(data, '$.event.type') = 'fired' LIMIT 1",
            ),
        ),
        (
            "clocks",
            "a step never fired",
            Desk(
                "UPDATE tickets SET data = json_set(data, '$.clocks[#-1].due_at', '2020-01-01T00:00:00Z', '$.clocks[#-1].warn_at', '2020-01-01T00:00:00Z')
                 WHERE json_extract(data, '$.clocks[#-1].stopped_at') IS NULL AND json_extract(data, '$.clocks[#-1].paused_at') IS NULL
                 AND json_extract(data, '$.clocks[#-1].breached_at') IS NULL",
            ),
        ),
        ("clocks", "nobody was told of a breach", Desk("DELETE FROM notices WHERE data LIKE '%sla_breached%'")),
        (
            "audit",
            "a row changed behind its audit",
            Desk("UPDATE tickets SET data = json_set(data, '$.subject', 'other') WHERE number IN (SELECT ticket FROM audit WHERE data LIKE '%subject%')"),
        ),
        ("audit", "a row's columns say other than the row", Desk("UPDATE tickets SET status = 'on_hold' WHERE status = 'new' OR status = 'open'")),
        (
            "audit",
            "an entry is missing",
            Desk("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit WHERE ticket IS NOT NULL)"),
        ),
    ]
}

fn breaks_of_clients() -> Vec<Breakage> {
    use Break::{Cache, Histories};
    vec![
        ("replicas", "a cache lacks a row", Cache("DELETE FROM tickets WHERE number = (SELECT min(number) FROM tickets)")),
        ("replicas", "a cache holds an old version", Cache("UPDATE rows SET version = version - 1 WHERE kind = 'agent_state'")),
        (
            "replicas",
            "a cache holds other content in the same version",
            Cache(
                "UPDATE ticket_data SET data = json_set(data, '$.subject', 'other') WHERE number = (SELECT min(number) FROM ticket_data)",
            ),
        ),
        (
            "replicas",
            "a cache holds a message nobody wrote",
            Cache("UPDATE messages SET id = 'ffffffff-0000-0000-0000-000000000000' WHERE id = (SELECT max(id) FROM messages)"),
        ),
        ("replicas", "a cache stands elsewhere", Cache("UPDATE meta SET value = 'MS4wLjI' WHERE key = 'cursor'")),
        (
            "replicas",
            "a queued command is lost",
            Histories(|histories| {
                let console = histories.iter_mut().find(|history| history.client.ends_with("/console")).unwrap();
                let mut lost = console.operations[0].clone();
                lost.submission.key = dutydesk::base::clock::new_id().into();
                (lost.end, lost.invoked) = (End::Unknown, 2);
                console.operations.push(lost);
            }),
        ),
        (
            "seen",
            "a client saw a row go back",
            Histories(|histories| {
                let saw = |version| Event::Saw { kind: "ticket".into(), id: "1".into(), version };
                histories[0].seen.extend([saw(5), saw(4)]);
            }),
        ),
    ]
}

/// A small run that nobody disturbs.
async fn good() -> Ran {
    run(Plan {
        seed: 7,
        writers: 2,
        consoles: 1,
        batch: 8,
        roughness: None,
        at_least: Goals { span: Duration::from_secs(4), acknowledged: 80 },
        at_most: Duration::from_secs(30),
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_good_desk_is_clean_and_each_rule_notices_what_it_is_for() {
    let ran = good().await;
    println!("good desk: {ran}");
    ran.findings.assert_clean(&RULES);
    let mut noticed = Vec::new();
    for (rule, what, broken) in breaks() {
        let copy = folder();
        let evidence = broken_copy(&ran.evidence, copy.path(), &broken).await;
        let findings = super::run(&evidence).await;
        assert!(findings.broken_rules().contains(&rule), "{rule} did not notice that {what}: {findings}\n{:?}", findings.violations);
        noticed.push(rule);
    }
    let idle: Vec<_> = RULES.iter().filter(|rule| !noticed.contains(rule)).collect();
    assert!(idle.is_empty(), "no test breaks what these are for: {idle:?}");
    println!("the checker noticed all of {} ways to break a desk", noticed.len());
}

/// A checker that looked at nothing has found nothing out.
#[test]
#[should_panic(expected = "nothing was compared")]
fn a_rule_that_compared_nothing_is_an_error() {
    Findings::default().assert_clean(&["clocks"]);
}

async fn broken_copy(evidence: &Evidence, to: &Path, broken: &Break) -> Evidence {
    let mut copy = evidence.clone();
    copy.database = copy_database(&evidence.database, to);
    copy.consoles =
        evidence.consoles.iter().map(|console| ConsoleEnd { cache: copy_database(&console.cache, to), ..console.clone() }).collect();
    match broken {
        Break::Desk(sql) => change(&copy.database, sql).await,
        Break::Cache(sql) => change(&copy.consoles[0].cache, sql).await,
        Break::Histories(change) => change(&mut copy.histories),
    }
    copy
}

fn copy_database(file: &Path, to: &Path) -> PathBuf {
    let name = file.file_name().unwrap().to_str().unwrap();
    for ending in ["", "-wal", "-shm"] {
        let from = file.with_file_name(format!("{name}{ending}"));
        if from.exists() {
            std::fs::copy(&from, to.join(format!("{name}{ending}"))).unwrap();
        }
    }
    to.join(name)
}

async fn change(file: &Path, sql: &'static str) {
    let mut connection = SqliteConnectOptions::new().filename(file).disable_statement_logging().connect().await.unwrap();
    let free = "DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete;";
    sqlx::raw_sql(free).execute(&mut connection).await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    assert!(done.rows_affected() > 0, "this changed nothing: {sql}");
    sqlx::Connection::close(connection).await.unwrap();
}
