//! Headless consoles as processes: the test binary starts itself with one ignored test as its entry, which runs a real client on
//! a cache file of its own, under a clock that jumps, until it is killed. It is started again on the same files.

use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use chrono::TimeDelta;
use dutydesk::base::clock::{Clock, new_id};
use dutydesk::client::api::Api;
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::view::{Anchor, OutboxState, Sort, TicketQuery, View};
use dutydesk::domain::command::{Command, Submission};
use dutydesk::domain::id::{CommandKey, PersonId, QueueId};
use dutydesk::domain::person::Person;
use dutydesk::wire::sync::Digest;
use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::killer::{Toll, wait};
use super::{desk::Who, writer};
use crate::history::{Event, Recorder};
use crate::process::signal;

/// The variable with a [`Job`] as JSON.
const VARIABLE: &str = "DUTYDESK_KILL_CONSOLE";
/// The entry's name as the test harness knows it.
const ENTRY: &str = "kill::console::a_headless_console";
/// Rounds of looking before a console counts as never settled; each lasts until there is news, or this long.
const ROUNDS: usize = 600;
const ROUND: Duration = Duration::from_millis(50);

/// What a console process is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    pub client: String,
    folder: PathBuf,
    url: String,
    token: String,
    me: Person,
    queues: [QueueId; 2],
    colleagues: Vec<PersonId>,
    seed: u64,
    /// Catch up, say where, and end.
    settle: bool,
}

impl Job {
    pub fn new(client: String, who: &Who, folder: &Path, url: &str, queues: [QueueId; 2], colleagues: Vec<PersonId>) -> Self {
        let (token, me) = (who.token.clone(), who.person.clone());
        Self { client, folder: folder.to_owned(), url: url.to_owned(), token, me, queues, colleagues, seed: 0, settle: false }
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.client.replace('/', "-")))
    }

    pub fn cache(&self) -> PathBuf {
        self.file("sqlite")
    }

    pub fn history(&self) -> PathBuf {
        self.file("jsonl")
    }

    fn spawn(&self) -> Child {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.file("log")).expect("the log can be written");
        Process::new(std::env::current_exe().expect("this program"))
            .args([ENTRY, "--exact", "--ignored", "--nocapture"])
            .env(VARIABLE, serde_json::to_string(self).expect("a job is plain data"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("a console starts")
    }

    /// Keeps a console running, and kills and stops it by chance, until told to stop.
    pub fn torment(mut self, stop: &AtomicBool, mut dice: Dice) -> Toll {
        let mut toll = Toll::default();
        loop {
            self.seed = dice.next();
            let mut child = self.spawn();
            let mut goes_on = wait(dice.millis(300, 4_000), stop);
            if goes_on && dice.percent(30) {
                signal(child.id(), "STOP");
                goes_on = wait(dice.millis(300, 2_000), stop);
                signal(child.id(), "CONT");
                toll.stops += 1;
                goes_on = goes_on && wait(dice.millis(100, 2_000), stop);
            }
            let _ = child.kill();
            let _ = child.wait();
            toll.client_kills += 1;
            if !goes_on {
                return toll;
            }
        }
    }

    /// Starts the console once more, undisturbed, until it has sent everything and caught up.
    pub fn settle(&self) -> Child {
        Self { settle: true, ..self.clone() }.spawn()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.file("log")).unwrap_or_default()
    }
}

/// Not a test: the entry of a console process.
#[test]
#[ignore = "the entry of console processes, which other tests start"]
fn a_headless_console() {
    let Ok(job) = std::env::var(VARIABLE) else { return };
    let job: Job = serde_json::from_str(&job).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { Console::open(job).await.run().await });
}

struct Console {
    job: Job,
    client: DeskClient,
    api: Api,
    recorder: Recorder,
    dice: Dice,
    clock: Clock,
    /// Keys whose refusal was written down by this process.
    refused: Vec<CommandKey>,
}

impl Console {
    async fn open(job: Job) -> Self {
        let mut dice = Dice::new(job.seed);
        let clock = Clock::manual(Clock::System.now());
        if !job.settle {
            jump(&clock, &mut dice);
        }
        let api = Api::new(&job.url, Some(&job.token)).expect("a URL");
        let hasty = Duration::from_millis(20);
        let timing = LinkTiming { backoff: hasty, backoff_max: Duration::from_millis(200), ..LinkTiming::default() };
        let (cache_path, me, recorder) = (job.cache(), job.me.clone(), Recorder::open(&job.history()));
        let options = DeskOptions { api: Some(api.clone()), cache_path: cache_path.clone(), me, clock: clock.clone(), timing };
        // The lock of who was killed goes with its process, but not before it is gone.
        let client = DeskClient::open(options).await.expect("the cache opens");
        client.start();
        Self { job, client, api, recorder, dice, clock, refused: Vec::new() }
    }

    async fn run(mut self) {
        if self.job.settle {
            self.settle().await;
            return;
        }
        // Ends by itself should nobody kill it.
        for _ in 0..ROUNDS {
            if self.dice.percent(40) {
                self.act().await;
            }
            self.look().await;
            if self.dice.percent(4) {
                jump(&self.clock, &mut self.dice);
            }
            self.clock.advance(TimeDelta::milliseconds(40));
            writer::pace(self.dice.millis(5, 80)).await;
        }
    }

    /// Does something to a ticket that is on screen, or opens one.
    async fn act(&mut self) {
        let views = [View::All, View::Mine, View::Unassigned, View::Solved];
        let query = TicketQuery { view: views[self.dice.place(4)], sort: Sort::Newest, filter: String::new() };
        let window = self.client.tickets(&query, Anchor::At(0), 30).await.expect("the cache can be read");
        let key = CommandKey(new_id());
        let command = if window.rows.is_empty() || self.dice.percent(10) {
            writer::create(key, self.job.queues[self.dice.place(2)], &mut self.dice)
        } else {
            let ticket = &window.rows[self.dice.place(window.rows.len())];
            let person = self.job.colleagues[self.dice.place(self.job.colleagues.len())];
            writer::act(key, ticket.number, person, &mut self.dice)
        };
        let seen = command.ticket().and_then(|number| window.rows.iter().find(|row| row.number == number)).map(|row| row.version);
        let seen = seen.filter(|_| self.dice.percent(70));
        self.submit(key, command, seen).await;
    }

    /// Once before it may leave, and once more when it is on disk: from then on it must not be lost. What it is compared with and
    /// until when it is wanted are left out: the client knows which of its own changes came between, and what time it is.
    async fn submit(&mut self, key: CommandKey, command: Command, seen: Option<i64>) {
        let submission = Submission { key, base_version: None, expires_at: None, command: command.clone() };
        let event = Event::Invoked { submission: Box::new(submission) };
        self.recorder.note(&event);
        self.client.submit_as(key, command, seen).await.expect("queued");
        self.recorder.note(&event);
    }

    /// Writes down which versions are on screen, and which commands were refused.
    async fn look(&mut self) {
        let query = TicketQuery { view: View::All, sort: Sort::Updated, filter: String::new() };
        let window = self.client.tickets(&query, Anchor::At(0), 12).await.expect("the cache can be read");
        for row in window.rows {
            let (kind, id, version) = ("ticket".to_owned(), row.number.to_string(), row.version);
            self.recorder.note(&Event::Saw { kind, id, version });
        }
        for entry in self.client.outbox().await.expect("the cache can be read") {
            if let OutboxState::Refused(refusal) = entry.state
                && !self.refused.contains(&entry.key)
            {
                self.refused.push(entry.key);
                self.recorder.note(&Event::Refused { key: entry.key, refusal });
            }
        }
    }

    /// Until nothing waits to be sent, and the cache is what the desk says.
    async fn settle(mut self) {
        for _ in 0..ROUNDS {
            if self.is_settled().await {
                self.look().await;
                self.client.shutdown().await;
                return;
            }
            let _ = tokio::time::timeout(ROUND, self.client.changes().recv()).await;
        }
        panic!("{} never settled: {:?}", self.job.client, self.client.status().borrow().clone());
    }

    async fn is_settled(&self) -> bool {
        let Ok(theirs) = self.api.get::<Digest>("/api/v1/digest").await else { return false };
        let mut ours = self.client.digest().await.expect("the cache can be read");
        ours.kinds.remove("message");
        let waits = self
            .client
            .outbox()
            .await
            .expect("the cache can be read")
            .into_iter()
            .any(|entry| !matches!(entry.state, OutboxState::Refused(_)));
        let held: Vec<_> = theirs.kinds.iter().filter(|(_, sum)| sum.count > 0).collect();
        !waits && ours.cursor == theirs.cursor && ours.kinds.iter().collect::<Vec<_>>() == held
    }
}

/// The machine's clock is set: by minutes, or by an hour.
fn jump(clock: &Clock, dice: &mut Dice) {
    let minutes = [5, -5, 60, -60, 3, -3][dice.place(6)];
    clock.advance(TimeDelta::minutes(minutes));
}
