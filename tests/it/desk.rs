//! A desk for tests: a real server on a throw-away SQLite file, its people signed in, and a clock that stands still.
//! Nothing here sleeps: whoever waits, waits for a batch of `/api/v1/sync`.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use dutydesk::base::clock::{Clock, new_id};
use dutydesk::client::api::{Api, ApiError};
use dutydesk::domain::command::{Command, CommandResult, Submission};
use dutydesk::domain::id::{QueueId, TicketNumber};
use dutydesk::domain::person::{Person, Presence, Role};
use dutydesk::domain::refusal::Refusal;
use dutydesk::domain::ticket::Ticket;
use dutydesk::server::files::FilesConfig;
use dutydesk::server::routes::sessions::{first_admin, issue};
use dutydesk::server::{RunningServer, ServerConfig, start};
use dutydesk::wire::command::{Answer, Submissions};
use dutydesk::wire::sync::{Batch, Digest};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::fixtures::{person, queue, rota};

/// Rounds of waiting before a condition counts as never true; each lasts until the desk changes, at most 10 seconds.
const ROUNDS: usize = 40;

/// The largest file that the desk of tests takes.
pub const FILE_MAX: u64 = 3 * 1024 * 1024;

/// Somebody with a token.
#[derive(Clone)]
pub struct Who {
    pub person: Person,
    pub token: String,
    pub api: Api,
}

pub struct TestDesk {
    pub clock: Clock,
    pub server: Option<RunningServer>,
    pub url: String,
    pub folder: tempfile::TempDir,
    pub admin: Who,
    /// Leads both queues.
    pub lead: Who,
    /// Agents of `pumps`, on duty around the clock, offline until they say otherwise.
    pub ann: Who,
    pub bob: Who,
    /// Agent of `web`.
    pub zoe: Who,
    /// Expert of tier 2, on duty around the clock.
    pub eve: Who,
    pub vic: Who,
    pub pumps: QueueId,
    pub web: QueueId,
}

pub fn start_of_tests() -> DateTime<Utc> {
    "2026-11-21T03:00:00Z".parse().unwrap()
}

async fn serve(folder: &std::path::Path, listen: &str, clock: &Clock) -> RunningServer {
    let store = dutydesk::store::sqlite::open(&folder.join("desk.sqlite"), clock.clone()).await.unwrap();
    let config = ServerConfig {
        listen: listen.to_owned(),
        backup_folder: Some(folder.to_path_buf()),
        away_after: dutydesk::server::AWAY_AFTER,
        public_url: None,
        files: FilesConfig { max: FILE_MAX, ..FilesConfig::folder(folder.join("files")) },
    };
    start(config, store as Arc<_>, clock.clone()).await.unwrap()
}

async fn who(server: &RunningServer, person: Person) -> Who {
    let token = issue(&server.desk, person.id, "test").await.unwrap();
    let api = Api::new(&server.url, Some(&token)).unwrap();
    Who { person, token, api }
}

impl TestDesk {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::manual(start_of_tests());
        let server = serve(folder.path(), "127.0.0.1:0", &clock).await;
        let ada = first_admin(&server.desk, "ada".into(), "Ada".into(), None, None).await.unwrap();
        let admin = who(&server, ada).await;
        let lea = person("lea", Role::Lead, 1, &[]);
        let (pumps, web) = (queue("pumps", Some(lea.id)), queue("web", Some(lea.id)));
        let people = [
            person("ann", Role::Agent, 1, &[pumps.id]),
            person("bob", Role::Agent, 1, &[pumps.id]),
            person("zoe", Role::Agent, 1, &[web.id]),
            person("eve", Role::Expert, 2, &[]),
            person("vic", Role::Viewer, 1, &[]),
        ];
        let first = rota("first", 1, &[pumps.id], &[people[0].id, people[1].id], Some(lea.id));
        let experts = rota("experts", 2, &[pumps.id, web.id], &[people[3].id], None);
        let mut commands = vec![Command::PutPerson(Box::new(lea.clone()))];
        commands.extend([&pumps, &web].map(|queue| Command::PutQueue(Box::new(queue.clone()))));
        commands.extend(people.iter().map(|person| Command::PutPerson(Box::new(person.clone()))));
        commands.extend([first, experts].map(|rota| Command::PutRota(Box::new(rota))));
        for command in commands {
            admin.act(command).await.unwrap();
        }
        let lead = who(&server, lea).await;
        let [ann, bob, zoe, eve, vic] = people;
        let (ann, bob, zoe) = (who(&server, ann).await, who(&server, bob).await, who(&server, zoe).await);
        let (eve, vic) = (who(&server, eve).await, who(&server, vic).await);
        let url = server.url.clone();
        Self { clock, server: Some(server), url, folder, admin, lead, ann, bob, zoe, eve, vic, pumps: pumps.id, web: web.id }
    }

    pub fn server(&self) -> &RunningServer {
        self.server.as_ref().unwrap()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Somebody without a token.
    pub fn nobody(&self) -> Api {
        Api::new(&self.url, None).unwrap()
    }

    pub fn with_token(&self, token: &str) -> Api {
        Api::new(&self.url, Some(token)).unwrap()
    }

    pub async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
    }

    /// Serves the same database on the same port.
    pub async fn start_again(&mut self) {
        let listen = self.url.trim_start_matches("http://").to_owned();
        self.server = Some(serve(self.folder.path(), &listen, &self.clock).await);
    }

    /// Moves the clock, and wakes the jobs by a change.
    pub async fn pass(&self, secs: i64) {
        self.clock.advance(Duration::seconds(secs));
        self.poke().await;
    }

    pub async fn poke(&self) {
        for presence in [Presence::Busy, Presence::Away] {
            self.vic.act(Command::SetPresence { presence }).await.unwrap();
        }
    }
}

impl Drop for TestDesk {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.desk.shutdown.cancel();
        }
    }
}

impl Who {
    /// Does a command through `/api/v1/commands`.
    pub async fn act(&self, command: Command) -> Result<CommandResult, Refusal> {
        let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command };
        let answer = self.submit(submission).await;
        answer.refusal.map_or_else(|| Ok(answer.result.unwrap()), Err)
    }

    pub async fn submit(&self, submission: Submission) -> Answer {
        let submissions = Submissions { commands: vec![submission], source: None };
        self.api.submit(&submissions).await.unwrap().answers.remove(0)
    }

    pub async fn get(&self, path: &str) -> Result<Value, ApiError> {
        self.api.get(path).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Result<Value, ApiError> {
        self.api.post(path, &body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Result<Value, ApiError> {
        self.api.call(Method::PUT, path, &body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Result<Value, ApiError> {
        self.api.call(Method::PATCH, path, &body).await
    }

    /// A new ticket in a queue, by key.
    pub async fn open(&self, queue: &str, text: &str) -> TicketNumber {
        let body = json!({"queue": queue, "text": text, "requester": {"external": "shop:1", "name": "Shop 1"}});
        let made = self.post("/api/v1/tickets", body).await.unwrap();
        TicketNumber(made["ticket"].as_i64().unwrap())
    }

    pub async fn ticket(&self, number: TicketNumber) -> Ticket {
        self.api.get(&format!("/api/v1/tickets/{number}")).await.unwrap()
    }

    pub async fn available(&self) {
        self.act(Command::SetPresence { presence: Presence::Available }).await.unwrap();
    }

    /// Waits until `condition` gives something; asks again whenever the desk changes.
    pub async fn until<T>(&self, what: &str, mut condition: impl AsyncFnMut() -> Option<T>) -> T {
        let mut cursor = self.api.get::<Digest>("/api/v1/digest").await.unwrap().cursor;
        for _ in 0..ROUNDS {
            if let Some(found) = condition().await {
                return found;
            }
            let batch: Batch = self.api.get(&format!("/api/v1/sync?cursor={cursor}&wait=10")).await.unwrap();
            cursor = batch.to;
        }
        panic!("never saw {what}")
    }
}

/// Status and problem code of a refused request.
pub fn refused<T: std::fmt::Debug>(answer: Result<T, ApiError>) -> (u16, String) {
    match answer {
        Err(ApiError::Problem(problem, _)) => {
            assert_eq!(problem.kind, format!("about:blank#{}", problem.code));
            assert!(problem.detail.ends_with(['.', '?', '`', ')']) || problem.code == "invalid", "no sentence: {}", problem.detail);
            assert!(problem.request_id.is_some(), "no request id: {problem:?}");
            (problem.status, problem.code)
        }
        other => panic!("not a problem document: {other:?}"),
    }
}

/// Asserts status and code.
#[track_caller]
pub fn assert_refused<T: std::fmt::Debug>(answer: Result<T, ApiError>, status: u16, code: &str) {
    assert_eq!(refused(answer), (status, code.to_owned()));
}

/// An answer whatever its status, which must be a problem document when it is an error.
pub async fn raw(request: reqwest::RequestBuilder) -> Response {
    let response = request.send().await.unwrap();
    if response.status().as_u16() >= 400 {
        let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        assert_eq!(kind.as_deref(), Some("application/problem+json"), "{} {}", response.status(), response.url());
    }
    response
}
