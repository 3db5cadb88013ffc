//! A server, or something between, that repeats batches and mixes their order: a cache takes only what chains, and only what is
//! newer, and ends up where the desk is.

use dutydesk::base::clock::new_id;
use dutydesk::client::api::Api;
use dutydesk::client::cache::Cache;
use dutydesk::client::sync::apply::{Applied, apply};
use dutydesk::domain::command::{Command, Submission};
use dutydesk::domain::id::{CommandKey, TicketNumber};
use dutydesk::domain::ticket::{Priority, Status};
use dutydesk::wire::command::Submissions;
use dutydesk::wire::sync::Batch;

use super::console::Job;
use super::desk::{TestDesk, Who};
use super::dice::Dice;
use super::writer;
use crate::check::{self, ConsoleEnd, Evidence, Findings};
use crate::history::{Event, History};

/// Batches that are told in the wrong order.
const BATCHES: usize = 12;

async fn act(api: &Api, key: CommandKey, command: Command) {
    let submission = Submission { key, base_version: None, expires_at: None, command };
    api.submit(&Submissions { commands: vec![submission], source: None }).await.expect("taken");
}

async fn after(api: &Api, cursor: &str) -> Batch {
    api.get(&format!("/api/v1/sync?cursor={cursor}&wait=1")).await.expect("a batch")
}

/// A batch for each of some changes of one ticket, in order.
async fn batches(desk: &TestDesk, who: &Who, from: String) -> Vec<Batch> {
    let (lead, reader, number) = (desk.lead.api(&desk.server.url), who.api(&desk.server.url), TicketNumber(1));
    let (mut found, mut cursor): (Vec<Batch>, _) = (Vec::new(), from);
    while found.len() < BATCHES {
        let status = if found.len() % 2 == 0 { Status::Pending } else { Status::Open };
        act(&lead, CommandKey(new_id()), Command::SetStatus { number, status }).await;
        loop {
            let batch = after(&reader, &cursor).await;
            if batch.from == batch.to {
                break;
            }
            cursor.clone_from(&batch.to);
            found.push(batch);
            if !found.last().is_some_and(|batch| batch.more) {
                break;
            }
        }
    }
    // What came meanwhile belongs to it as well.
    loop {
        let batch = after(&reader, &cursor).await;
        if batch.from == batch.to {
            return found;
        }
        cursor.clone_from(&batch.to);
        found.push(batch);
    }
}

/// Tells a real cache batches twice and in the wrong order, with old rows in good batches; and what the checker says in the end.
pub async fn told_in_the_wrong_order(seed: u64) -> Findings {
    let mut desk = TestDesk::new(1).await;
    let (mut dice, key, who) = (Dice::new(seed), CommandKey(new_id()), desk.agents[0].clone());
    let mut create = writer::create(key, desk.queues[1], &mut dice);
    if let Command::CreateTicket(create) = &mut create {
        // No clock of it runs out meanwhile: the desk must stand still in the end.
        create.priority = Priority::Normal;
    }
    act(&desk.lead.api(&desk.server.url), key, create).await;
    let job = Job::new("agent0/console".into(), &who, desk.folder.path(), &desk.server.url, desk.queues, vec![who.person.id]);
    let ended = tokio::task::spawn_blocking({
        let mut child = job.settle();
        move || child.wait()
    });
    assert!(ended.await.expect("waited for").expect("a console").success(), "{}", job.log());
    let cache = Cache::open(&job.cache(), who.person.id).await.expect("the cache");
    let cursor = cache.cursor().await.expect("readable").expect("it has caught up");
    let batches = batches(&desk, &who, cursor).await;
    let mut seen = Vec::new();
    let mut next = 0;
    while next < batches.len() {
        // Something that is not its turn: an earlier one again, or a later one too soon.
        for _ in 0..2 {
            let other = dice.place(batches.len());
            if other != next {
                tell(&cache, &batches[other], &mut seen).await;
            }
        }
        tell(&cache, &batches[next], &mut seen).await;
        // A batch that chains, and repeats an older row.
        let old = if next + 1 == batches.len() { 0 } else { dice.place(next + 1) };
        let repeated = Batch { from: batches[next].to.clone(), to: batches[next].to.clone(), ..batches[old].clone() };
        tell(&cache, &repeated, &mut seen).await;
        next += 1;
    }
    // And one from long ago comes last of all.
    tell(&cache, &batches[dice.place(batches.len() - 1)], &mut seen).await;
    cache.close().await;
    drop(cache);
    desk.server.kill();
    let histories = vec![History::of("agent0/console", seen)];
    let consoles = vec![ConsoleEnd { client: "agent0/console".into(), cache: job.cache() }];
    let mut findings = check::run(&Evidence { database: desk.database(), histories, consoles }).await;
    // The commands of this desk are not in a history: what is looked at is the cache.
    findings.violations.retain(|sentence| sentence.starts_with("replicas:") || sentence.starts_with("seen:"));
    findings
}

/// Tells the cache a batch, and notes which version of the ticket it shows then.
async fn tell(cache: &Cache, batch: &Batch, seen: &mut Vec<Event>) {
    if let Applied::Unchained = apply(cache, batch).await.expect("the cache can be written") {
        return;
    }
    if let Some(ticket) = cache.ticket(TicketNumber(1)).await.expect("readable") {
        seen.push(Event::Saw { kind: "ticket".into(), id: "1".into(), version: ticket.version });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_told_twice_and_in_the_wrong_order_do_no_harm() {
    for seed in 1..=3 {
        let findings = told_in_the_wrong_order(seed).await;
        println!("wrong order, seed {seed}: {findings}");
        findings.assert_clean(&["replicas", "seen"]);
    }
}
