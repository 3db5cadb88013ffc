//! A desk to be killed: a server process on files of its own, people with tokens, and clocks that run out within seconds.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveTime;
use dutydesk::base::clock::new_id;
use dutydesk::base::safeguard::VARIABLE;
use dutydesk::client::api::Api;
use dutydesk::domain::command::{Command, Submission};
use dutydesk::domain::id::{PersonId, QueueId, RotaId};
use dutydesk::domain::person::{Person, Presence, Role};
use dutydesk::domain::queue::{EndOfShift, Queue, Strategy};
use dutydesk::domain::roster::{Rota, RotaLimits, RotaMember, ShiftType};
use dutydesk::domain::sla::policy::{SlaPolicy, SlaStep, SlaTargets, StepAct, StepAt};
use dutydesk::domain::ticket::Priority;
use dutydesk::wire::command::Submissions;
use dutydesk::wire::session::{Session, SetPassword, Setup, SignIn};
use dutydesk::wire::sync::Digest;
use reqwest::Method;

use crate::process::Server;

/// The longest of the short clocks with its steps: so long after the last change nothing is due any more.
pub const STEPS_OVER: Duration = Duration::from_secs(5);

/// Somebody with a token.
#[derive(Clone, Debug)]
pub struct Who {
    pub person: Person,
    pub token: String,
}

impl Who {
    pub fn api(&self, url: &str) -> Api {
        Api::new(url, Some(&self.token)).expect("a URL")
    }
}

pub struct TestDesk {
    pub folder: tempfile::TempDir,
    pub server: Server,
    pub admin: Who,
    /// Leads both queues.
    pub lead: Who,
    /// Agents of both queues, on duty around the clock, half of them available.
    pub agents: Vec<Who>,
    /// `pumps` gives tickets out by itself, `web` does not.
    pub queues: [QueueId; 2],
}

/// A folder in memory, where there is one: `fsync` costs nothing there, and a killed process loses nothing there either.
pub fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("a folder for files")
}

fn person(handle: &str, role: Role, queues: &[QueueId]) -> Person {
    Person {
        id: PersonId(new_id()),
        version: 0,
        handle: handle.into(),
        name: handle.to_uppercase(),
        role,
        tier: 1,
        skills: Vec::new(),
        languages: Vec::new(),
        capacity: 200,
        time_zone: "UTC".into(),
        email: None,
        region: None,
        queues: queues.to_vec(),
        active: true,
    }
}

fn queue(key: &str, strategy: Strategy, lead: PersonId) -> Queue {
    // Urgent and high run out within seconds, so that steps fire while servers die; the others do not disturb.
    let soon = SlaTargets { first_response_secs: Some(2), next_response_secs: Some(2), resolution_secs: Some(3) };
    let late = SlaTargets { first_response_secs: Some(7_200), next_response_secs: Some(7_200), resolution_secs: Some(86_400) };
    let targets = [(Priority::Urgent, soon), (Priority::High, soon), (Priority::Normal, late), (Priority::Low, late)].into();
    let steps =
        vec![SlaStep { key: "late".into(), clocks: Vec::new(), at: StepAt::AfterBreach { secs: 1 }, acts: vec![StepAct::NotifyLead] }];
    Queue {
        id: QueueId(new_id()),
        version: 0,
        key: key.into(),
        name: key.to_uppercase(),
        department: None,
        tier: 1,
        skills: Vec::new(),
        strategy,
        language_required: false,
        cap: None,
        accept_within_secs: 0,
        expert_accept_within_secs: 0,
        end_of_shift: EndOfShift::Keep,
        grace_secs: 900,
        sla: SlaPolicy { targets, warn_percent: 50, steps, ..SlaPolicy::default() },
        lead: Some(lead),
        position: 0,
        active: true,
    }
}

fn rota(queues: &[QueueId], members: &[PersonId], lead: PersonId) -> Rota {
    Rota {
        id: RotaId(new_id()),
        version: 0,
        key: "all".into(),
        name: "Everybody, always".into(),
        time_zone: "UTC".into(),
        queues: queues.to_vec(),
        tier: 1,
        shift_types: vec![ShiftType {
            code: "D".into(),
            name: "Day and night".into(),
            start: NaiveTime::MIN,
            end: NaiveTime::MIN,
            night: false,
            colour: None,
        }],
        pattern: vec![Some("D".into())],
        starts_on: "2026-01-01".parse().expect("a date"),
        members: members.iter().map(|person| RotaMember { person: *person, offset_days: 0 }).collect(),
        limits: RotaLimits::default(),
        swap_approval: false,
        holidays: None,
        required: Vec::new(),
        lead: Some(lead),
        active: true,
    }
}

/// Does a command once, on a desk that nobody disturbs.
async fn act(api: &Api, command: Command) {
    let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command };
    let answers = api.submit(&Submissions { commands: vec![submission], source: None }).await.expect("the desk answers");
    assert!(answers.answers[0].refusal.is_none(), "{:?}", answers.answers[0].refusal);
}

async fn sign_in(admin: &Api, person: Person) -> Who {
    let path = format!("/api/v1/people/{}/password", person.id);
    let password = "correct horse".to_owned();
    admin.call::<_, ()>(Method::PUT, &path, &SetPassword { current: None, new: password.clone() }).await.expect("a password");
    let body = SignIn { handle: person.handle.clone(), password, device: "faults".into() };
    let session: Session = admin.post("/api/v1/sessions", &body).await.expect("signed in");
    Who { person: session.person, token: session.token }
}

impl TestDesk {
    /// A desk in a folder of its own with so many agents.
    pub async fn new(agents: usize) -> Self {
        let folder = folder();
        // Made with every safeguard; what this process is to do without, the desk does without from then on.
        let server = Server::start(folder.path(), "127.0.0.1:0", &[(VARIABLE, "")]);
        let mut desk = Self::on(folder, server, agents).await;
        if std::env::var(VARIABLE).is_ok() {
            desk.server.kill();
            desk.server.start_again(&[]);
        }
        desk
    }

    /// Fills an empty desk.
    pub async fn on(folder: tempfile::TempDir, server: Server, agents: usize) -> Self {
        let nobody = Api::new(&server.url, None).expect("a URL");
        let setup = Setup {
            code: server.setup.clone().expect("an empty desk gives a code"),
            handle: "ada".into(),
            name: "Ada".into(),
            password: "correct horse".into(),
            device: "faults".into(),
            time_zone: None,
            language: None,
        };
        let session: Session = nobody.post("/api/v1/setup", &setup).await.expect("the first administrator");
        let admin = Who { person: session.person, token: session.token };
        let api = admin.api(&server.url);
        let lead = person("lea", Role::Lead, &[]);
        act(&api, Command::PutPerson(Box::new(lead.clone()))).await;
        let queues = [queue("pumps", Strategy::LeastLoaded, lead.id), queue("web", Strategy::Manual, lead.id)];
        let ids = [queues[0].id, queues[1].id];
        for queue in queues {
            act(&api, Command::PutQueue(Box::new(queue))).await;
        }
        let people: Vec<_> = (0..agents).map(|n| person(&format!("agent{n}"), Role::Agent, &ids)).collect();
        for one in &people {
            act(&api, Command::PutPerson(Box::new(one.clone()))).await;
        }
        let members: Vec<_> = people.iter().map(|person| person.id).collect();
        act(&api, Command::PutRota(Box::new(rota(&ids, &members, lead.id)))).await;
        let lead = sign_in(&api, lead).await;
        let mut signed_in = Vec::new();
        for (place, one) in people.into_iter().enumerate() {
            let who = sign_in(&api, one).await;
            if place % 2 == 0 {
                act(&who.api(&server.url), Command::SetPresence { presence: Presence::Available }).await;
            }
            signed_in.push(who);
        }
        Self { folder, server, admin, lead, agents: signed_in, queues: ids }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("desk.sqlite")
    }

    /// Where the feed stands.
    pub async fn cursor(&self) -> String {
        let digest: Digest = self.admin.api(&self.server.url).get("/api/v1/digest").await.expect("the desk answers");
        digest.cursor
    }
}
