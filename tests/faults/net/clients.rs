//! Real clients with hasty links, what they are watched for, and how one sees that they hold what the server holds.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dutydesk::base::clock::{Clock, new_id};
use dutydesk::base::text;
use dutydesk::client::api::Api;
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::view::{Anchor, Link, LinkStatus, OutboxEntry, OutboxState, Sort, TicketQuery, View};
use dutydesk::domain::command::{Command, MessageTarget, PostMessage};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::{CommandKey, TicketNumber};
use dutydesk::domain::ticket::Ticket;
use dutydesk::wire::sync::Digest;

use super::desk::{TestDesk, Who};
use crate::check::ConsoleEnd;
use crate::history::{Event, History};

/// How long to wait for what must come; a failure, not a measure.
const PATIENCE: Duration = Duration::from_secs(90);

/// A link that gives up in seconds where the real one takes half a minute.
pub fn hasty() -> LinkTiming {
    LinkTiming {
        backoff: Duration::from_millis(20),
        backoff_max: Duration::from_millis(200),
        silence: Duration::from_secs(3),
        hello: Duration::from_secs(1),
        young: Duration::from_millis(200),
        poll_wait: Duration::from_secs(1),
        digest_every: Duration::from_secs(4),
        stream_again: Duration::from_secs(5),
        ..LinkTiming::default()
    }
}

/// How long a hasty link waits for a plain answer.
pub const ANSWER: Duration = Duration::from_secs(3);

/// One person's client, watched.
pub struct Side {
    pub who: Who,
    pub client: DeskClient,
    cache: PathBuf,
    clock: Clock,
    /// Sentences with which the link was said to be down.
    pub told: Arc<Mutex<Vec<String>>>,
    /// Versions that went back.
    pub back: Arc<Mutex<Vec<String>>>,
    /// What it did and saw, for the checker.
    pub events: Arc<Mutex<Vec<Event>>>,
    watching: Vec<tokio::task::JoinHandle<()>>,
}

impl Side {
    /// A started client of `who` over `url`, with its cache in `file`.
    pub async fn start(desk: &TestDesk, who: &Who, url: &str, file: &str) -> Self {
        let api = Api::new(url, Some(&who.token)).unwrap().with_patience(ANSWER);
        Self::open(desk, who, Some(api), file, hasty()).await
    }

    pub async fn open(desk: &TestDesk, who: &Who, api: Option<Api>, file: &str, timing: LinkTiming) -> Self {
        let options = DeskOptions { api, cache_path: desk.path(file), me: who.person.clone(), clock: desk.clock.clone(), timing };
        let client = DeskClient::open(options).await.unwrap();
        let (told, back, events) = (Arc::default(), Arc::default(), Arc::default());
        let seen = versions(client.clone(), Arc::clone(&back), Arc::clone(&events));
        let watching = vec![tokio::spawn(links(client.clone(), Arc::clone(&told))), tokio::spawn(seen)];
        client.start();
        Self { who: who.clone(), client, cache: desk.path(file), clock: desk.clock.clone(), told, back, events, watching }
    }

    /// Waits until the link is as wanted.
    pub async fn link(&self, what: &str, is: impl FnMut(&LinkStatus) -> bool) -> LinkStatus {
        let mut status = self.client.status();
        let found = tokio::time::timeout(PATIENCE, status.wait_for(is)).await;
        found.unwrap_or_else(|_| panic!("{}: never {what}", self.who.person.handle)).unwrap().clone()
    }

    pub async fn live(&self) {
        self.link("live", |status| status.link == Link::Live).await;
    }

    /// Waits until `condition` holds; asks again whenever the client has news.
    pub async fn until(&self, what: &str, mut condition: impl AsyncFnMut() -> bool) {
        let (mut changes, mut status) = (self.client.changes(), self.client.status());
        let found = tokio::time::timeout(PATIENCE, async {
            while !condition().await {
                tokio::select! {
                    _ = changes.recv() => {}
                    changed = status.changed() => changed.unwrap(),
                }
            }
        });
        let handle = &self.who.person.handle;
        assert!(found.await.is_ok(), "{handle}: never {what}; outbox: {:?}; {:?}", self.outbox().await, *self.client.status().borrow());
    }

    pub async fn outbox(&self) -> Vec<OutboxEntry> {
        self.client.outbox().await.unwrap()
    }

    pub async fn refused(&self) -> Vec<OutboxEntry> {
        let mut entries = self.outbox().await;
        entries.retain(|entry| matches!(entry.state, OutboxState::Refused(_)));
        entries
    }

    pub async fn submit(&self, command: Command) {
        let seen = match command.ticket() {
            Some(number) if compared(&command) => self.client.ticket(number).await.unwrap().map(|detail| detail.ticket.version),
            _ => None,
        };
        let key = CommandKey(new_id());
        let submission = dutydesk::client::outbox::submission(key, command.clone(), None, self.clock.now());
        let event = Event::Invoked { submission: Box::new(submission) };
        self.client.submit_as(key, command, seen).await.unwrap();
        // Twice: it may leave, and it is on disk.
        self.events.lock().unwrap().extend([event.clone(), event]);
    }

    /// Waits until nothing waits, and the cache is what `server` (another way to it) says, by its digest and row by row.
    pub async fn settled(&self, server: &Api) {
        self.until("settled", async || {
            let theirs: Digest = server.get("/api/v1/digest").await.unwrap();
            let mut ours = self.client.digest().await.unwrap();
            ours.kinds.remove("message");
            let theirs_held: Vec<_> = theirs.kinds.iter().filter(|(_, sum)| sum.count > 0).collect();
            let waits = self.outbox().await.iter().any(|entry| !matches!(entry.state, OutboxState::Refused(_)));
            let same = ours.cursor == theirs.cursor && ours.kinds.iter().collect::<Vec<_>>() == theirs_held;
            !waits && same && self.same_rows(server).await
        })
        .await;
    }

    /// False while the desk itself goes on and changes a row; one of the same version must be the same.
    async fn same_rows(&self, server: &Api) -> bool {
        let rows = tickets(&self.client).await;
        assert!(!rows.is_empty(), "nothing to compare is no comparison");
        for row in rows {
            let theirs: Ticket = server.get(&format!("/api/v1/tickets/{}", row.number)).await.unwrap();
            if theirs.version != row.version {
                return false;
            }
            assert_eq!(serde_json::to_value(&*row).unwrap(), serde_json::to_value(&theirs).unwrap());
        }
        true
    }

    /// What was refused is explained, and kept with its text.
    pub async fn explained(&self) -> usize {
        let refused = self.refused().await;
        for entry in &refused {
            let OutboxState::Refused(refusal) = &entry.state else { continue };
            let known = ["version_conflict", "ticket_claimed"];
            assert!(known.contains(&refusal.code.as_str()), "{}: refused with {refusal:?}: {:?}", self.who.person.handle, entry.command);
            assert!(refusal.message.ends_with('.'), "no sentence: {refusal:?}");
            self.events.lock().unwrap().push(Event::Refused { key: entry.key, refusal: refusal.clone() });
        }
        refused.len()
    }

    /// Ends; what it did and saw, and its cache.
    pub async fn evidence(self) -> (History, ConsoleEnd) {
        let (client, cache) = (self.who.person.handle.clone(), self.cache.clone());
        let events = std::mem::take(&mut *self.events.lock().unwrap());
        self.stop().await;
        (History::of(&client, events), ConsoleEnd { client, cache })
    }

    /// Waits until nothing of this client waits any more.
    pub async fn sent(&self) {
        self.until("all sent", async || self.client.status().borrow().waiting == 0).await;
    }

    /// What the person was told so far are sentences that a terminal may show; how many.
    pub fn sentences(&self) -> usize {
        let told = self.told.lock().unwrap();
        told.iter().for_each(|why| sentence(why));
        told.len()
    }

    pub fn went_back(&self) -> Vec<String> {
        self.back.lock().unwrap().clone()
    }

    pub async fn stop(self) {
        for task in self.watching {
            task.abort();
        }
        self.client.shutdown().await;
    }
}

/// What is told of a link is whole, and clean.
pub fn sentence(why: &str) {
    assert_eq!(text::clean(why), why, "not clean");
    assert!(why.len() > 20 && !why.contains("AirportWiFi"), "no sentence: {why}");
}

/// Compare-and-set by design.md, section 5.
fn compared(command: &Command) -> bool {
    matches!(command, Command::SetStatus { .. } | Command::AssignTicket { .. } | Command::ReleaseTicket { .. })
}

async fn links(client: DeskClient, told: Arc<Mutex<Vec<String>>>) {
    let mut status = client.status();
    while status.changed().await.is_ok() {
        if let Link::Offline { why, .. } = &status.borrow_and_update().link {
            told.lock().unwrap().push(why.clone());
        }
    }
}

async fn versions(client: DeskClient, back: Arc<Mutex<Vec<String>>>, events: Arc<Mutex<Vec<Event>>>) {
    let mut changes = client.changes();
    let mut seen: HashMap<TicketNumber, i64> = HashMap::new();
    loop {
        for row in tickets(&client).await {
            let (kind, id, version) = ("ticket".to_owned(), row.number.to_string(), row.version);
            let before = seen.insert(row.number, version).unwrap_or(0);
            if before != version {
                events.lock().unwrap().push(Event::Saw { kind, id, version });
            }
            if before > row.version {
                back.lock().unwrap().push(format!("#{} went from {before} to {}", row.number, row.version));
            }
        }
        if matches!(changes.recv().await, Err(tokio::sync::broadcast::error::RecvError::Closed)) {
            return;
        }
    }
}

/// All that a client shows.
pub async fn tickets(client: &DeskClient) -> Vec<Arc<Ticket>> {
    let mut all = Vec::new();
    for view in [View::All, View::Solved] {
        let query = TicketQuery { view, sort: Sort::Newest, filter: String::new() };
        all.extend(client.tickets(&query, Anchor::At(0), 1_000).await.map(|window| window.rows).unwrap_or_default());
    }
    all
}

pub fn post(number: TicketNumber, visibility: Visibility, text: &str) -> Command {
    let target = MessageTarget::Ticket { number };
    Command::PostMessage(Box::new(PostMessage::new(target, new_id().into(), visibility, text.to_owned())))
}
