//! One world: a server, its clients, what is between them, and the dice that say what happens next. A run is a function of its
//! seed: every step is awaited to its end before the next is chosen.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use dutydesk::base::clock::{Clock, seeded};
use dutydesk::base::safeguard::Safeguard;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::client::Client;
use super::net::Flight;
use super::server::Server;
use super::template::{Template, start};
use super::trace::Trace;
use crate::history::Event;

/// Delivered requests that may come once more.
const PAST: usize = 24;

/// What a world is like, beside its dice.
#[derive(Clone, Copy, Debug)]
pub struct Nature {
    pub steps: u64,
    /// In a hundred: how much of what happens between client and server is trouble.
    pub trouble: u32,
    /// Backups are taken and put back.
    pub restores: bool,
    /// The server forgets.
    pub trims: bool,
}

/// A copy of the desk, and who had what answered by then.
pub struct Backup {
    pub path: PathBuf,
    /// Keys of all commands answered before.
    pub safe: std::collections::HashSet<dutydesk::domain::id::CommandKey>,
}

/// See the module.
pub struct World<'t> {
    pub template: &'t Template,
    pub rng: ChaCha8Rng,
    pub nature: Nature,
    pub folder: PathBuf,
    pub server: Server,
    pub clients: Vec<Client>,
    pub net: Vec<Flight>,
    pub past: Vec<Flight>,
    pub backup: Option<Backup>,
    pub trace: Trace,
    /// Requests made.
    pub asks: u64,
    /// Times that a backup was put back.
    pub timeline: u32,
    /// Unique texts given out.
    pub words: u32,
    pub seed: u64,
    /// What was done without a console.
    pub elsewhere: Vec<Event>,
    /// Facts that the common checker compared.
    pub compared: usize,
    /// Where the time went: making it, living, healing, being looked at.
    pub spent: [std::time::Duration; 4],
}

impl<'t> World<'t> {
    pub async fn new(template: &'t Template, seed: u64, loud: bool) -> Self {
        let begun = Instant::now();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let folder = template.world(seed);
        seeded::seed(Some(seed), start().timestamp_millis().unsigned_abs() + 1_000_000);
        let nature = Nature {
            steps: rng.random_range(80..=130),
            trouble: [4, 10, 25, 40][rng.random_range(0..4)],
            // Without what they are there to test, such things happen in every world: a missing safeguard shows in few.
            restores: rng.random_bool(0.2) || !Safeguard::Restored.holds(),
            trims: rng.random_bool(0.15),
        };
        let clock = Clock::manual(start() + TimeDelta::minutes(rng.random_range(1..230)));
        let mut server = Server::new(folder.join("desk.sqlite"), clock);
        server.open().await;
        let many = rng.random_range(2..=4);
        let mut people: Vec<usize> = (0..template.people.len()).collect();
        let mut clients = Vec::new();
        for _ in 0..many {
            let who = people.remove(rng.random_range(0..people.len()));
            let filled = rng.random_bool(0.65) && Safeguard::RowVersion.holds();
            let path = template.world_cache(&folder, who, filled);
            let clock = Clock::manual(server.clock.now() + TimeDelta::seconds(rng.random_range(-120..120)));
            let desk = template.client(&path, who, clock.clone()).await;
            let somebody = &template.people[who];
            clients.push(Client {
                who,
                name: somebody.person.handle.clone(),
                token: somebody.token.clone(),
                path,
                clock,
                desk: Some(desk),
                life: 0,
                asked: std::collections::HashMap::new(),
                sending: None,
                polling: None,
                loading: None,
                rows_of: 0,
                cut: false,
                timeline: 0,
                seen: std::collections::BTreeMap::new(),
                ops: Vec::new(),
                events: Vec::new(),
            });
        }
        let mut trace = Trace::new(loud);
        let names: Vec<&str> = clients.iter().map(|client| client.name.as_str()).collect();
        trace.say(format!("seed {seed}: {nature:?}, {names:?}"));
        Self {
            template,
            rng,
            nature,
            folder,
            server,
            clients,
            net: Vec::new(),
            past: Vec::new(),
            backup: None,
            trace,
            asks: 0,
            timeline: 0,
            words: 0,
            seed,
            elsewhere: Vec::new(),
            compared: 0,
            spent: [begun.elapsed(), Duration::ZERO, Duration::ZERO, Duration::ZERO],
        }
    }

    /// Lives through all its steps, then heals, and is looked at.
    pub async fn live(&mut self) -> Result<(), String> {
        let begun = Instant::now();
        for _ in 0..self.nature.steps {
            let event = self.choose();
            self.happen(event).await?;
        }
        self.spent[1] = begun.elapsed();
        self.heal().await?;
        self.spent[2] = begun.elapsed() - self.spent[1];
        let looked = self.check_end().await;
        self.spent[3] = begun.elapsed() - self.spent[1] - self.spent[2];
        looked
    }

    /// Closes what is open and removes the files.
    pub async fn end(mut self) {
        for client in &mut self.clients {
            client.loading = None;
            if let Some(desk) = client.desk.take() {
                desk.shutdown().await;
            }
        }
        self.server.close().await;
        seeded::seed(None, 0);
        let _ = std::fs::remove_dir_all(&self.folder);
    }

    /// Remembers a request, that it may come once more.
    pub fn keep(&mut self, flight: Flight) {
        if self.past.len() >= PAST {
            self.past.remove(0);
        }
        self.past.push(flight);
    }

    /// A client's process dies and starts again: all that it has is its file.
    pub async fn crash(&mut self, c: usize) {
        let client = &mut self.clients[c];
        if let Some(desk) = client.desk.take() {
            desk.shutdown().await;
            // The file is let go before it is opened again: a second console of one person gets a file of its own.
            drop(desk);
        }
        client.life += 1;
        client.asked.clear();
        (client.sending, client.polling, client.loading) = (None, None, None);
        client.desk = Some(self.template.client(&client.path, client.who, client.clock.clone()).await);
    }
}
