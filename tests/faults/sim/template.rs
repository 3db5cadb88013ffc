//! The desk that every world begins as: made once a process, then copied.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use dutydesk::base::clock::{Clock, new_id, seeded};
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::domain::command::{Actor, Command, CreateConversation, CreateTicket, RequesterInput, Submission};
use dutydesk::domain::conversation::ConversationKind;
use dutydesk::domain::id::{ConversationId, PersonId, QueueId};
use dutydesk::domain::person::{Person, Presence, Role};
use dutydesk::domain::queue::{EndOfShift, Queue, Strategy};
use dutydesk::domain::roster::Rota;
use dutydesk::domain::sla::policy::{SlaPolicy, SlaTargets};
use dutydesk::domain::ticket::{Kind, Priority};
use dutydesk::server::execute::{Source, execute};
use dutydesk::server::routes::sessions::{first_admin, issue};
use dutydesk::server::state::Desk;

use super::server::Server;
use super::snapshot;
use crate::fixtures;
use crate::history::Event;

/// Tickets that are there from the start.
pub const TICKETS: i64 = 6;

/// Somebody with a console.
#[derive(Clone)]
pub struct Somebody {
    pub person: Person,
    pub token: String,
}

/// See the module.
pub struct Template {
    folder: tempfile::TempDir,
    /// Ann and Bob of `pumps`, Zoe of `web`, Eve the expert, Lea the lead.
    pub people: Vec<Somebody>,
    pub admin: Person,
    pub queues: [QueueId; 2],
    pub channel: ConversationId,
    /// What was done to make it, by handle.
    pub events: Vec<(String, Vec<Event>)>,
}

/// When every world begins.
pub fn start() -> DateTime<Utc> {
    "2026-11-21T03:00:00Z".parse().unwrap()
}

/// Memory where there is some to write to: a commit to it costs nothing.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let mut builder = tempfile::Builder::new();
    builder.prefix("dutydesk-sim-");
    if memory.is_dir() { builder.tempdir_in(memory) } else { builder.tempdir() }.unwrap()
}

fn person(handle: &str, role: Role, tier: u8, queues: &[QueueId]) -> Person {
    Person { capacity: 3, ..fixtures::person(handle, role, tier, queues) }
}

fn queue(key: &str, strategy: Strategy, lead: PersonId) -> Queue {
    let targets = SlaTargets { first_response_secs: Some(1_000), next_response_secs: Some(2_000), resolution_secs: Some(20_000) };
    Queue {
        accept_within_secs: 180,
        expert_accept_within_secs: 120,
        end_of_shift: EndOfShift::Return,
        strategy,
        sla: SlaPolicy { targets: [(Priority::Normal, targets)].into(), warn_percent: 80, ..SlaPolicy::default() },
        ..fixtures::queue(key, Some(lead))
    }
}

fn rota(key: &str, tier: u8, queues: &[QueueId], members: &[PersonId], hours: (&str, &str)) -> Rota {
    let mut rota = fixtures::rota(key, tier, queues, members, None);
    (rota.shift_types[0].start, rota.shift_types[0].end) = (hours.0.parse().unwrap(), hours.1.parse().unwrap());
    rota
}

/// Does a command, and returns what the checker has to know of it.
pub async fn act(desk: &Desk, who: &Person, command: Command) -> Vec<Event> {
    let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command };
    let invoked = Event::Invoked { submission: Box::new(submission.clone()) };
    let receipt = execute(desk, &Actor::Person(who.clone()), Source::Api, submission.clone()).await.unwrap();
    let key = submission.key;
    let ended = match receipt.answer {
        Ok(result) => Event::Done { key, result: Box::new(result), replayed: receipt.replayed },
        Err(refusal) => Event::Refused { key, refusal },
    };
    vec![invoked, ended]
}

impl Template {
    /// Makes the desk, and a cache of it for everybody.
    pub async fn make() -> Self {
        seeded::seed(Some(0), start().timestamp_millis().unsigned_abs());
        let folder = folder();
        let clock = Clock::manual(start());
        let mut server = Server::new(folder.path().join("desk.sqlite"), clock.clone());
        server.open().await;
        let desk = server.desk().clone();
        let admin = first_admin(&desk, "ada".into(), "Ada".into(), None, None).await.unwrap();
        let lea = person("lea", Role::Lead, 1, &[]);
        let (pumps, web) = (queue("pumps", Strategy::LeastLoaded, lea.id), queue("web", Strategy::RoundRobin, lea.id));
        let people = [
            person("ann", Role::Agent, 1, &[pumps.id]),
            person("bob", Role::Agent, 1, &[pumps.id]),
            person("zoe", Role::Agent, 1, &[web.id]),
            person("eve", Role::Expert, 2, &[]),
        ];
        let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        act(&desk, &admin, Command::PutPerson(Box::new(lea.clone()))).await;
        let queues = [pumps.id, web.id];
        for queue in [pumps, web] {
            act(&desk, &admin, Command::PutQueue(Box::new(queue))).await;
        }
        for person in &people {
            act(&desk, &admin, Command::PutPerson(Box::new(person.clone()))).await;
        }
        // The first shift ends at seven: worlds that get that far see people go off duty.
        let first = rota("first", 1, &queues, &ids[..3], ("23:00", "07:00"));
        let experts = rota("experts", 2, &queues, &ids[3..], ("00:00", "00:00"));
        for rota in [first, experts] {
            act(&desk, &admin, Command::PutRota(Box::new(rota))).await;
        }
        for person in &people {
            act(&desk, person, Command::SetPresence { presence: Presence::Available }).await;
        }
        let channel = ConversationId(new_id());
        let made = CreateConversation::new(channel, ConversationKind::Channel, "all hands".into(), Vec::new());
        act(&desk, &lea, Command::CreateConversation(Box::new(made))).await;
        let mut led = Vec::new();
        for number in 0..TICKETS {
            let queue = queues[usize::from(number % 3 == 2)];
            led.extend(act(&desk, &lea, Command::CreateTicket(Box::new(ticket(queue, &format!("start {number}"))))).await);
        }
        let mut signed_in = Vec::new();
        for person in people.into_iter().chain([lea]) {
            let token = issue(&desk, person.id, "sim").await.unwrap();
            signed_in.push(Somebody { person, token });
        }
        let template = Self { folder, people: signed_in, admin, queues, channel, events: vec![("lea/start".to_owned(), led)] };
        for who in 0..template.people.len() {
            template.fill_cache(&server, who).await;
        }
        drop(desk);
        server.close().await;
        // Worlds copy this one file.
        let mut connection = super::checks::connect(&server.path).await.unwrap();
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await.unwrap();
        sqlx::Connection::close(connection).await.unwrap();
        seeded::seed(None, 0);
        template
    }

    async fn fill_cache(&self, server: &Server, who: usize) {
        let desk = self.client(&self.cache(self.folder.path(), who), who, Clock::manual(start())).await;
        snapshot::whole(&desk, server, &self.people[who].token).await.expect("a snapshot without faults is taken");
        desk.shutdown().await;
    }

    fn cache(&self, folder: &Path, who: usize) -> PathBuf {
        folder.join(format!("{}.sqlite", self.people[who].person.handle))
    }

    /// A client over the cache at `path`; it is never started.
    pub async fn client(&self, path: &Path, who: usize, clock: Clock) -> DeskClient {
        let me = self.people[who].person.clone();
        let options = DeskOptions { api: None, cache_path: path.to_owned(), me, clock, timing: LinkTiming::default() };
        DeskClient::open(options).await.unwrap()
    }

    /// A fresh folder for a world with a copy of the desk.
    pub fn world(&self, seed: u64) -> PathBuf {
        let folder = self.folder.path().join(format!("world-{seed}-{}", new_id()));
        std::fs::create_dir(&folder).unwrap();
        std::fs::copy(self.folder.path().join("desk.sqlite"), folder.join("desk.sqlite")).unwrap();
        folder
    }

    /// Where a client of a world keeps its cache: empty, or as of the beginning.
    pub fn world_cache(&self, world: &Path, who: usize, filled: bool) -> PathBuf {
        let path = self.cache(world, who);
        if filled {
            std::fs::copy(self.cache(self.folder.path(), who), &path).unwrap();
        }
        path
    }
}

/// A new ticket with nothing special about it.
pub fn ticket(queue: QueueId, subject: &str) -> CreateTicket {
    CreateTicket {
        queue,
        subject: subject.to_owned(),
        text: subject.to_owned(),
        message: new_id().into(),
        requester: RequesterInput { external: "shop:1".into(), name: Some("Shop".into()), ..requester() },
        kind: Kind::default(),
        priority: Priority::default(),
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
    }
}

fn requester() -> RequesterInput {
    serde_json::from_value(serde_json::json!({"external": "shop:1"})).unwrap()
}
