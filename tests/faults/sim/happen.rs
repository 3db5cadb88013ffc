//! Each event, done to its end.

use std::collections::HashSet;
use std::time::Instant;

use chrono::TimeDelta;
use dutydesk::base::clock::new_id;
use dutydesk::domain::command::{Actor, Command, Submission};
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::person::Person;
use dutydesk::server::execute::{Source, execute};
use dutydesk::server::jobs;
use dutydesk::store::sqlite;
use dutydesk::wire::command::Submissions;
use rand::RngExt;

use super::act::PRIORITY;
use super::client::{Asked, End, Op};
use super::events::Event;
use super::net::{Flight, Load};
use super::server::Request;
use super::snapshot::{self, Loading, Piece};
use super::template;
use super::world::{Backup, World};

impl World<'_> {
    pub async fn happen(&mut self, event: Event) -> Result<(), String> {
        let words = format!("{event:?}");
        let kind = leak(words.split('(').next().unwrap_or_default());
        self.trace.step(kind, &words);
        let begun = Instant::now();
        match event {
            Event::Act(c) => self.act(c).await?,
            Event::Send(c) => self.send(c).await?,
            Event::Poll(c) => self.poll(c).await?,
            Event::Piece(c) => self.piece(c).await?,
            Event::Digest(c) => self.request(c, Asked::Digest, get("/api/v1/digest".to_owned())),
            Event::Messages(c) => self.ask_messages(c),
            Event::Deliver(place) => {
                let flight = self.net.swap_remove(place);
                self.deliver(flight).await?;
            }
            Event::Retry(c) | Event::Forget(c) | Event::TakeBack(c) => self.tray(c, &event).await?,
            other => self.trouble(other).await?,
        }
        self.trace.took(kind, begun.elapsed());
        Ok(())
    }

    async fn act(&mut self, c: usize) -> Result<(), String> {
        let act = self.think(c).await;
        let client = &mut self.clients[c];
        self.trace.say(format!("     {} wants {} {:?} ({})", client.name, act.command.name(), act.command.ticket(), act.word));
        let key = client.desk().submit(act.command.clone(), act.base).await.map_err(|error| error.to_string())?;
        client.remember(key, act.command, act.word);
        Ok(())
    }

    /// The outbox hands over what waits.
    pub async fn send(&mut self, c: usize) -> Result<(), String> {
        let Some(handed) = self.clients[c].steps().hand().await.map_err(|error| error.to_string())? else { return Ok(()) };
        self.clients[c].hand(&handed.commands)?;
        let submissions = Submissions { commands: handed.commands.clone(), source: Some("console".to_owned()) };
        let body = serde_json::to_string(&submissions).map_err(|error| error.to_string())?;
        self.trace.say(format!("     {} commands of {}", handed.commands.len(), self.clients[c].name));
        self.request(c, Asked::Commands(handed), Request { post: true, body, ..get("/api/v1/commands".to_owned()) });
        Ok(())
    }

    /// Asks for what came after the cursor, or for everything when there is none.
    async fn poll(&mut self, c: usize) -> Result<(), String> {
        match self.clients[c].steps().cache().cursor().await.map_err(|error| error.to_string())? {
            Some(cursor) => {
                self.request(c, Asked::Poll, get(format!("/api/v1/sync?cursor={cursor}&wait=0")));
                Ok(())
            }
            None => self.load(c).await,
        }
    }

    fn ask_messages(&mut self, c: usize) {
        let number = self.rng.random_range(1..=8);
        self.request(c, Asked::Messages, get(format!("/api/v1/tickets/{number}/messages?limit=50")));
    }

    fn request(&mut self, c: usize, asked: Asked, request: Request) {
        self.asks += 1;
        let ask = self.asks;
        let client = &mut self.clients[c];
        match asked {
            Asked::Commands(_) => client.sending = Some(ask),
            Asked::Poll => client.polling = Some(ask),
            Asked::Digest | Asked::Messages => {}
        }
        client.asked.insert(ask, asked);
        let load = Load::Request(Request { token: client.token.clone(), ..request });
        self.net.push(Flight { client: c, life: client.life, ask, load, doubled: false });
    }

    /// A snapshot begins, when it gets through.
    async fn load(&mut self, c: usize) -> Result<(), String> {
        if self.clients[c].cut || !self.server.is_up() {
            return Ok(());
        }
        let pages = self.server.stream(snapshot::request(&self.clients[c].token)).await;
        if let Ok(pages) = pages {
            let client = &mut self.clients[c];
            // A digest of before says nothing of what is loaded now.
            client.asked.retain(|_, asked| !matches!(asked, Asked::Digest));
            client.loading = Some(Loading::new(pages, self.timeline));
        }
        Ok(())
    }

    async fn piece(&mut self, c: usize) -> Result<(), String> {
        let many = self.rng.random_range(1..=4);
        let Some(mut loading) = self.clients[c].loading.take() else { return Ok(()) };
        let client = &mut self.clients[c];
        if client.timeline != loading.timeline {
            // A restored desk: what is seen of the other binds no more, up to the end of the snapshot.
            client.seen.clear();
        }
        client.rows_of = self.trace.steps;
        for _ in 0..many {
            match loading.piece(client.desk()).await? {
                Piece::More => {}
                Piece::Whole => {
                    client.timeline = loading.timeline;
                    self.trace.say(format!("     {} has a whole snapshot", client.name));
                    client.look().await?;
                    return client.look_at_outbox().await;
                }
                Piece::Cut => return Err(format!("a snapshot for {} ended by itself", client.name)),
            }
        }
        client.loading = Some(loading);
        client.look().await.map(drop)
    }

    async fn tray(&mut self, c: usize, event: &Event) -> Result<(), String> {
        let from: Vec<_> =
            if matches!(event, Event::TakeBack(_)) { self.clients[c].open().into_iter().collect() } else { self.clients[c].refused() };
        if from.is_empty() {
            return Ok(());
        }
        let key = from[self.rng.random_range(0..from.len())];
        let client = &mut self.clients[c];
        let failed = |error: dutydesk::client::error::ClientError| error.to_string();
        match event {
            Event::TakeBack(_) => {
                if client.desk().take_back(key).await.map_err(failed)? {
                    let op = client.op(key).expect("chosen from them");
                    (op.end, op.listed) = (End::TakenBack, false);
                    if op.handed {
                        return Err(format!("taken back, and sent before: {}", op.command.name()));
                    }
                }
            }
            Event::Forget(_) => {
                client.desk().drop_refused(key).await.map_err(failed)?;
                client.op(key).expect("chosen from them").listed = false;
            }
            _ => {
                client.desk().retry(key).await.map_err(failed)?;
                let old = client.op(key).expect("chosen from them");
                old.listed = false;
                let (command, word) = (old.command.clone(), old.word.clone());
                let known: HashSet<_> = client.ops.iter().map(|op| op.key).collect();
                let entries = client.desk().outbox().await.map_err(failed)?;
                let fresh = entries.iter().find(|entry| !known.contains(&entry.key)).ok_or("a command was tried again and is gone")?.key;
                // The text may now be there by the second try.
                client.op(key).expect("chosen from them").word = String::new();
                client.remember(fresh, command, word);
            }
        }
        client.look_at_outbox().await
    }

    async fn trouble(&mut self, event: Event) -> Result<(), String> {
        match event {
            Event::Lose(place) => {
                let flight = self.net.swap_remove(place);
                self.trace.say(format!("     lost: {}", flight.words()));
            }
            Event::Double(place) => {
                self.net[place].doubled = true;
                let copy = self.net[place].clone();
                self.net.push(copy);
            }
            Event::Replay => {
                let place = self.rng.random_range(0..self.past.len());
                self.net.push(self.past[place].clone());
            }
            Event::CutOff(c) => self.clients[c].loading = None,
            Event::Partition(c) => {
                self.clients[c].cut = true;
                if self.rng.random_bool(0.5) {
                    self.net.retain(|flight| flight.client != c);
                }
            }
            Event::Join(c) => self.clients[c].cut = false,
            Event::GiveUp(c) => self.give_up(c).await?,
            Event::CrashClient(c) => {
                self.crash(c).await;
                self.clients[c].look_at_outbox().await?;
            }
            Event::CrashServer => self.crash_server().await,
            Event::StartServer => self.server.open().await,
            Event::Clock => {
                let by = TimeDelta::seconds([1, 5, 30, 200, 1_200][self.rng.random_range(0..5)]);
                self.server.clock.advance(by);
                self.clients.iter().for_each(|client| client.clock.advance(by));
            }
            Event::ClientClock(c) => {
                let by = TimeDelta::seconds(self.rng.random_range(-900..900));
                self.clients[c].clock.advance(by);
            }
            Event::Job(name) => jobs::run_once(self.server.desk(), name).await.map_err(|error| error.to_string())?,
            Event::Follow => {
                let who = self.clients[self.rng.random_range(0..self.clients.len())].who;
                let listened = self.rng.random_bool(0.8).then(|| self.template.people[who].person.id);
                self.server.follow(listened).await;
            }
            Event::Rights => self.rights().await,
            Event::Elsewhere => self.elsewhere().await,
            Event::Trim => self.trim().await,
            Event::Backup => self.back_up().await,
            Event::Restore => self.restore().await,
            _ => {}
        }
        Ok(())
    }

    /// The client waits no longer; what it asked may still arrive, and may still be answered.
    async fn give_up(&mut self, c: usize) -> Result<(), String> {
        let late = self.rng.random_bool(0.5);
        let client = &mut self.clients[c];
        let given = [client.sending.take(), client.polling.take()];
        for ask in given.into_iter().flatten() {
            if let Some(Asked::Commands(handed)) = client.asked.get(&ask).cloned() {
                let why = "nobody answered".to_owned();
                let error = dutydesk::client::api::ApiError::Unreachable { url: String::new(), why, sent: true };
                client.steps().answered(&handed, Err(error)).await.map_err(|error| error.to_string())?;
            }
            if !late {
                client.asked.remove(&ask);
            }
        }
        client.look_at_outbox().await
    }

    pub async fn crash_server(&mut self) {
        self.clients.iter_mut().for_each(|client| client.loading = None);
        self.server.close().await;
    }

    /// An administrator changes what somebody may see.
    async fn rights(&mut self) {
        let somebody = &self.template.people[self.rng.random_range(0..3)].person;
        let standing = self.server.desk().directory().people.get(&somebody.id).cloned();
        let Some(person) = standing else { return };
        let all = self.template.queues;
        let queues = [vec![all[0]], vec![all[1]], all.to_vec()][self.rng.random_range(0..3)].clone();
        let tier = self.rng.random_range(1..=2);
        self.trace.say(format!("     {} may see {} queues, tier {tier}", person.handle, queues.len()));
        let command = Command::PutPerson(Box::new(Person { queues, tier, ..person }));
        let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command };
        let admin = Actor::Person(self.template.admin.clone());
        let _ = execute(self.server.desk(), &admin, Source::Api, submission).await;
    }

    /// The lead works elsewhere.
    async fn elsewhere(&mut self) {
        let lead = &self.template.people.last().expect("the lead is the last").person;
        let (number, priority) = (TicketNumber(self.rng.random_range(1..=2)), PRIORITY[self.rng.random_range(0..4)]);
        self.trace.say(format!("     {number} is {priority:?} now"));
        self.elsewhere.extend(template::act(self.server.desk(), lead, Command::SetPriority { number, priority }).await);
    }

    /// The server forgets its feed and its answers: as after a week, in which nothing may be left on its way.
    async fn trim(&mut self) {
        // Taken and not yet seen: a client that loads another desk, or its first, asks about these again.
        let unsure = |op: &Op| op.listed && op.handed && !matches!(op.end, End::Refused(_));
        if self.clients.iter().any(|client| client.ops.iter().any(unsure)) {
            return;
        }
        self.past.clear();
        self.net.clear();
        for client in &mut self.clients {
            client.asked.clear();
            (client.sending, client.polling) = (None, None);
            client.ops.iter_mut().for_each(|op| op.forgotten = true);
        }
        self.server.clock.advance(TimeDelta::seconds(1));
        let _ = self.server.desk().store.trim(self.server.clock.now()).await;
    }

    async fn back_up(&mut self) {
        let path = self.folder.join(format!("backup-{}.sqlite", self.trace.steps));
        self.server.desk().store.backup(&path).await.unwrap();
        let ended = |op: &&Op| matches!(op.end, End::Done(_) | End::Refused(_));
        let safe = self.clients.iter().flat_map(|client| client.ops.iter().filter(ended).map(|op| op.key)).collect();
        self.backup = Some(Backup { path, safe });
    }

    /// The backup is put back: nothing of the desk as it was is on its way any more but requests.
    async fn restore(&mut self) {
        let Some(backup) = &self.backup else { return };
        for client in &mut self.clients {
            client.loading = None;
            client.asked.retain(|_, asked| !matches!(asked, Asked::Digest));
            let handed = |op: &&mut Op| op.handed && !backup.safe.contains(&op.key);
            client.ops.iter_mut().filter(handed).for_each(|op| op.may_be_lost = true);
        }
        self.net.retain(|flight| matches!(flight.load, Load::Request(_)));
        self.server.close().await;
        self.server.clock.advance(TimeDelta::seconds(1));
        sqlite::restore(&backup.path, &self.server.path, true, self.server.clock.now()).await.unwrap();
        self.timeline += 1;
        self.server.open().await;
    }
}

pub fn get(path: String) -> Request {
    Request { post: false, path, token: String::new(), body: String::new() }
}

/// Kinds of events are few.
fn leak(kind: &str) -> &'static str {
    use std::collections::BTreeSet;
    use std::sync::Mutex;
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut known = KNOWN.lock().unwrap();
    if let Some(there) = known.get(kind) {
        return there;
    }
    let kind: &'static str = Box::leak(kind.to_owned().into_boxed_str());
    known.insert(kind);
    kind
}
