//! Figures, with the real rules: `cargo test --release --lib store::sqlite::bench -- --ignored --nocapture`.

use std::sync::Arc;
use std::time::Instant;

use sha2::{Digest, Sha256};

use super::open;
use crate::base::clock::{Clock, new_id};
use crate::domain::command::{Actor, Change, Command, Context, CreateTicket, ImportMessage, ImportTicket, RequesterInput, decide, needs};
use crate::domain::directory::Directory;
use crate::domain::person::{Person, Role};
use crate::domain::row::Row;
use crate::domain::ticket::{Kind, Priority, Status};
use crate::store::contract::{execute, now, person, queue};
use crate::store::{Idempotency, Store, Work};

fn requester(number: usize) -> RequesterInput {
    RequesterInput { external: format!("shop:{number}"), name: Some(format!("Customer {number}")), ..RequesterInput::default() }
}

fn unit(command: Command, admin: &Person, directory: &Arc<Directory>) -> Work {
    let key = new_id().into();
    let fingerprint = Sha256::digest(serde_json::to_vec(&command).unwrap()).into();
    let (actor, directory) = (Actor::Person(admin.clone()), Arc::clone(directory));
    Work {
        idempotency: Some(Idempotency { key, fingerprint }),
        needs: needs(&command, Some(admin.id)),
        now: now(),
        decide: Box::new(move |facts| {
            let context = Context {
                now: now(),
                actor: &actor,
                source: "import",
                base_version: None,
                directory: &directory,
                duty: None,
                new_id: &new_id,
            };
            decide(&command, facts, &context)
        }),
    }
}

fn import(number: usize) -> Command {
    let message = |place: usize| ImportMessage {
        person: (place % 2 == 1).then(|| "person-1".into()),
        text: format!("Message {place} of ticket {number}: the receipt printer of pump 4 is out of paper again, 请尽快处理。"),
        internal: false,
        at: now(),
    };
    let open = number.is_multiple_of(20);
    Command::ImportTicket(Box::new(ImportTicket {
        external: format!("old:{number}"),
        queue: "queue-1".into(),
        subject: format!("Receipt printer {number}"),
        requester: requester(number % 20_000),
        kind: Kind::Question,
        priority: Priority::Normal,
        status: if open { Status::Open } else { Status::Closed },
        assignee: open.then(|| "person-1".into()),
        tags: vec!["printer".into()],
        fields: std::collections::BTreeMap::new(),
        messages: (0..4).map(message).collect(),
        created_at: now(),
        solved_at: (!open).then(now),
    }))
}

fn create(number: usize) -> Command {
    Command::CreateTicket(Box::new(CreateTicket {
        queue: queue(1).id,
        subject: format!("Pump {number}"),
        text: "The display is dark.".into(),
        message: new_id().into(),
        requester: requester(number),
        kind: Kind::Question,
        priority: Priority::Normal,
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
    }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn import_and_create() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("desk.db"), Clock::manual(now())).await.unwrap();
    let admin = person(1, Role::Admin, &[queue(1).id]);
    execute(&*store, vec![Change::Put(Row::Person(admin.clone())), Change::Put(Row::Queue(queue(1)))]).await;
    let directory = Arc::new(store.directory().await.unwrap());
    for (tickets, call) in [(100_000usize, 5_000usize), (10_000, 100)] {
        let start = Instant::now();
        for first in (0..tickets).step_by(call) {
            let units = (first..first + call).map(|number| unit(import(number + call * 1_000_000), &admin, &directory)).collect();
            let receipts = store.execute_all(units).await.unwrap();
            assert!(receipts.iter().all(|receipt| receipt.answer.is_ok()), "{:?}", receipts[0].answer);
        }
        let took = start.elapsed();
        println!("import: {tickets} tickets of 4 messages, {call} a call: {took:.1?}, {:.0}/s", tickets as f64 / took.as_secs_f64());
    }
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..64 {
        let (store, admin, directory) = (Arc::clone(&store), admin.clone(), Arc::clone(&directory));
        tasks.spawn(async move {
            for number in 0..300 {
                let receipt = store.execute(unit(create(1_000_000 + task * 300 + number), &admin, &directory)).await.unwrap();
                assert!(receipt.answer.is_ok(), "{:?}", receipt.answer);
            }
        });
    }
    tasks.join_all().await;
    println!("create: 64 at once: {:.0}/s", 64.0 * 300.0 / start.elapsed().as_secs_f64());
    let start = Instant::now();
    let versions = store.versions(&admin, &[crate::domain::row::RowKind::Ticket]).await.unwrap().1[0].len();
    println!("digest: {versions} of {:?} in {:.1?}", store.counts().await.unwrap(), start.elapsed());
}
