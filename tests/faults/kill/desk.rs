//! A desk to be killed: a server process on files of its own, people with tokens, and clocks that run out within seconds.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dutydesk::base::clock::new_id;
use dutydesk::base::safeguard::VARIABLE;
use dutydesk::client::api::Api;
use dutydesk::domain::command::{Command, Submission};
use dutydesk::domain::id::{PersonId, QueueId};
use dutydesk::domain::person::{Person, Presence, Role};
use dutydesk::domain::queue::{Queue, Strategy};
use dutydesk::domain::sla::policy::{SlaPolicy, SlaStep, SlaTargets, StepAct, StepAt};
use dutydesk::domain::ticket::Priority;
use dutydesk::wire::command::Submissions;
use dutydesk::wire::session::{Session, SetPassword, Setup, SignIn};
use dutydesk::wire::sync::Digest;
use reqwest::Method;

use crate::fixtures::{self, person, rota};
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

fn queue(key: &str, strategy: Strategy, lead: PersonId) -> Queue {
    // Urgent and high run out within seconds, so that steps fire while servers die; the others do not disturb.
    let soon = SlaTargets { first_response_secs: Some(2), next_response_secs: Some(2), resolution_secs: Some(3) };
    let late = SlaTargets { first_response_secs: Some(7_200), next_response_secs: Some(7_200), resolution_secs: Some(86_400) };
    let targets = [(Priority::Urgent, soon), (Priority::High, soon), (Priority::Normal, late), (Priority::Low, late)].into();
    let steps =
        vec![SlaStep { key: "late".into(), clocks: Vec::new(), at: StepAt::AfterBreach { secs: 1 }, acts: vec![StepAct::NotifyLead] }];
    let sla = SlaPolicy { targets, warn_percent: 50, steps, ..SlaPolicy::default() };
    Queue { strategy, sla, ..fixtures::queue(key, Some(lead)) }
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
        let lead = person("lea", Role::Lead, 1, &[]);
        act(&api, Command::PutPerson(Box::new(lead.clone()))).await;
        let queues = [queue("pumps", Strategy::LeastLoaded, lead.id), queue("web", Strategy::Manual, lead.id)];
        let ids = [queues[0].id, queues[1].id];
        for queue in queues {
            act(&api, Command::PutQueue(Box::new(queue))).await;
        }
        let people: Vec<_> = (0..agents).map(|n| Person { capacity: 200, ..person(&format!("agent{n}"), Role::Agent, 1, &ids) }).collect();
        for one in &people {
            act(&api, Command::PutPerson(Box::new(one.clone()))).await;
        }
        let members: Vec<_> = people.iter().map(|person| person.id).collect();
        act(&api, Command::PutRota(Box::new(rota("all", 1, &ids, &members, Some(lead.id))))).await;
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
