//! People, queues, rotas and tickets of a bench's desk: written through the real rules, before the server starts.

use std::path::Path;
use std::sync::Arc;

use chrono::{NaiveTime, TimeDelta};
use dutydesk::base::clock::{Clock, new_id};
use dutydesk::domain::Timestamp;
use dutydesk::domain::command::{Actor, Command, Context, decide, needs};
use dutydesk::domain::directory::Directory;
use dutydesk::domain::id::{PersonId, QueueId, RotaId};
use dutydesk::domain::person::{Person, Presence, Role};
use dutydesk::domain::queue::{EndOfShift, Queue, Strategy};
use dutydesk::domain::roster::{Rota, RotaLimits, RotaMember, ShiftType};
use dutydesk::domain::sla::policy::{SlaPolicy, SlaTargets};
use dutydesk::domain::ticket::Priority;
use dutydesk::server::tokens::{new_token, sha256_hex};
use dutydesk::store::{Idempotency, Store, TokenRecord, Work, sqlite};

/// Units of one transaction.
const CHUNK: usize = 2_000;

/// Who can sign in.
#[derive(Clone, Debug)]
pub struct Who {
    pub person: Person,
    pub token: String,
}

/// How large a desk is.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub queues: usize,
    /// Agents, spread over the queues, one queue each.
    pub agents: usize,
    /// On duty around the clock, and available.
    pub on_duty: bool,
    pub strategy: Strategy,
    pub capacity: u32,
    /// First response and resolution, in seconds.
    pub targets: (i64, i64),
}

impl Shape {
    /// One queue without agents; tickets wait until somebody takes them.
    pub fn plain() -> Self {
        Self { queues: 1, agents: 0, on_duty: false, strategy: Strategy::Manual, capacity: 5, targets: (3_600, 86_400) }
    }
}

/// A desk that was written.
#[derive(Clone, Debug)]
pub struct Seeded {
    pub admin: Who,
    pub agents: Vec<Who>,
    pub queues: Vec<Queue>,
}

fn person(handle: String, role: Role, queues: &[QueueId], capacity: u32) -> Person {
    Person {
        id: PersonId(new_id()),
        version: 0,
        name: format!("Person {handle}"),
        handle,
        role,
        tier: 1,
        skills: Vec::new(),
        languages: vec!["en".to_owned()],
        capacity,
        time_zone: "UTC".to_owned(),
        email: None,
        region: None,
        queues: queues.to_vec(),
        active: true,
    }
}

fn queue(number: usize, shape: &Shape, lead: PersonId) -> Queue {
    let targets =
        SlaTargets { first_response_secs: Some(shape.targets.0), next_response_secs: None, resolution_secs: Some(shape.targets.1) };
    Queue {
        language_required: false,
        cap: None,
        accept_within_secs: 0,
        expert_accept_within_secs: 0,
        end_of_shift: EndOfShift::Keep,
        grace_secs: 900,
        id: QueueId(new_id()),
        version: 0,
        key: format!("queue-{number}"),
        name: format!("Queue {number}"),
        department: None,
        tier: 1,
        skills: Vec::new(),
        strategy: shape.strategy,
        sla: SlaPolicy { targets: [(Priority::Normal, targets)].into(), warn_percent: 80, ..SlaPolicy::default() },
        lead: Some(lead),
        position: 0,
        active: true,
    }
}

fn rota(queue: &Queue, members: &[PersonId]) -> Rota {
    Rota {
        limits: RotaLimits::default(),
        swap_approval: false,
        holidays: None,
        id: RotaId(new_id()),
        version: 0,
        key: format!("rota-{}", queue.key),
        name: format!("Rota of {}", queue.key),
        time_zone: "UTC".to_owned(),
        queues: vec![queue.id],
        tier: 1,
        shift_types: vec![ShiftType {
            colour: None,
            code: "D".to_owned(),
            name: "Day and night".to_owned(),
            start: NaiveTime::MIN,
            end: NaiveTime::MIN,
            night: false,
        }],
        pattern: vec![Some("D".to_owned())],
        starts_on: (Clock::System.now() - TimeDelta::days(30)).date_naive(),
        members: members.iter().map(|person| RotaMember { person: *person, offset_days: 0 }).collect(),
        required: Vec::new(),
        lead: None,
        active: true,
    }
}

fn unit(command: Command, actor: &Person, directory: &Arc<Directory>, now: Timestamp) -> Work {
    let (actor, directory) = (Actor::Person(actor.clone()), Arc::clone(directory));
    let needs = needs(&command, actor.person().map(|person| person.id));
    Work {
        idempotency: Some(Idempotency { key: new_id().into(), fingerprint: [0; 32] }),
        needs,
        now,
        decide: Box::new(move |facts| {
            let context =
                Context { now, actor: &actor, source: "import", base_version: None, directory: &directory, duty: None, new_id: &new_id };
            decide(&command, facts, &context)
        }),
    }
}

/// A store that is being written.
pub struct Seed {
    store: Arc<dyn Store>,
    admin: Person,
}

impl Seed {
    async fn act(&self, acts: Vec<(Person, Timestamp, Command)>) {
        let directory = Arc::new(self.store.directory().await.expect("the directory can be read"));
        let mut acts = acts.into_iter().peekable();
        while acts.peek().is_some() {
            let units = acts.by_ref().take(CHUNK).map(|(actor, at, command)| unit(command, &actor, &directory, at)).collect();
            let receipts = self.store.execute_all(units).await.expect("the desk can be written");
            if let Some(refusal) = receipts.iter().find_map(|receipt| receipt.answer.as_ref().err()) {
                panic!("the seed is refused: {refusal:?}");
            }
        }
    }

    /// Does these as the administrator.
    pub async fn admin(&self, commands: Vec<Command>) {
        let now = Clock::System.now();
        self.at(commands.into_iter().map(|command| (now, command)).collect()).await;
    }

    /// Does these as the administrator, as if it were then.
    pub async fn at(&self, commands: Vec<(Timestamp, Command)>) {
        self.act(commands.into_iter().map(|(at, command)| (self.admin.clone(), at, command)).collect()).await;
    }

    async fn token(&self, person: &Person) -> Who {
        let (token, now) = (new_token("dd_"), Clock::System.now());
        let record =
            TokenRecord { sha256: sha256_hex(&token), person: person.id, device: "bench".to_owned(), created_at: now, last_used_at: None };
        self.store.put_token(&record).await.expect("a token can be written");
        Who { person: person.clone(), token }
    }
}

/// Makes `desk.sqlite` in `folder`; `more` writes what else a bench needs.
pub async fn seed(folder: &Path, shape: &Shape, more: impl AsyncFnOnce(&Seed, &Seeded)) -> Seeded {
    let store = sqlite::open(&folder.join("desk.sqlite"), Clock::System).await.expect("a new desk can be made");
    let admin = person("boss".to_owned(), Role::Admin, &[], 0);
    let seed = Seed { store, admin: admin.clone() };
    seed.admin(vec![Command::PutPerson(Box::new(admin.clone()))]).await;
    let queues: Vec<Queue> = (0..shape.queues).map(|number| queue(number, shape, admin.id)).collect();
    seed.admin(queues.iter().map(|queue| Command::PutQueue(Box::new(queue.clone()))).collect()).await;
    let people: Vec<Person> = (0..shape.agents)
        .map(|number| person(format!("agent-{number}"), Role::Agent, &[queues[number % queues.len()].id], shape.capacity))
        .collect();
    seed.admin(people.iter().map(|person| Command::PutPerson(Box::new(person.clone()))).collect()).await;
    if shape.on_duty {
        let of =
            |queue: &Queue| people.iter().filter(|person| person.queues.contains(&queue.id)).map(|person| person.id).collect::<Vec<_>>();
        seed.admin(queues.iter().map(|queue| Command::PutRota(Box::new(rota(queue, &of(queue))))).collect()).await;
        let available = Command::SetPresence { presence: Presence::Available };
        seed.act(people.iter().map(|person| (person.clone(), Clock::System.now(), available.clone())).collect()).await;
    }
    let admin = seed.token(&admin).await;
    let mut agents = Vec::with_capacity(people.len());
    for some in people.chunks(64) {
        agents.extend(futures::future::join_all(some.iter().map(|person| seed.token(person))).await);
    }
    let seeded = Seeded { admin, agents, queues };
    more(&seed, &seeded).await;
    seed.store.close().await;
    seeded
}
