//! The faults cease: whatever is left on its way arrives or not, and everybody catches up within a bounded time.

use dutydesk::server::jobs;
use dutydesk::wire::command::{Answers, Submissions};
use dutydesk::wire::sync::Batch;
use rand::RngExt;

use super::deliver::{read, told, words};
use super::happen::get;
use super::net::Flight;
use super::server::Request;
use super::snapshot;
use super::world::World;

/// Rounds within which a quiet desk is caught up with.
const ROUNDS: usize = 12;

impl World<'_> {
    pub async fn heal(&mut self) -> Result<(), String> {
        self.trace.say("     the faults cease".to_owned());
        if !self.server.is_up() {
            self.server.open().await;
        }
        self.clients.iter_mut().for_each(|client| client.cut = false);
        while !self.net.is_empty() {
            let place = self.rng.random_range(0..self.net.len());
            let flight: Flight = self.net.swap_remove(place);
            if self.rng.random_bool(0.7) {
                self.deliver(flight).await?;
            }
            if !self.server.is_up() {
                self.server.open().await;
            }
        }
        for client in &mut self.clients {
            client.loading = None;
            client.asked.clear();
            (client.sending, client.polling) = (None, None);
        }
        // What came due while a job happened not to run.
        for job in ["sla_steps", "sla_steps"] {
            jobs::run_once(self.server.desk(), job).await.map_err(|error| error.to_string())?;
        }
        for _ in 0..ROUNDS {
            let mut moved = false;
            for c in 0..self.clients.len() {
                moved |= self.settle_outbox(c).await?;
            }
            self.server.follow(None).await;
            for c in 0..self.clients.len() {
                moved |= self.settle_rows(c).await?;
            }
            if !moved {
                for client in &self.clients {
                    for entry in client.desk().outbox().await.map_err(|error| error.to_string())? {
                        self.trace.say(format!("     {} keeps {} {:?}", client.name, entry.command.name(), entry.state));
                    }
                }
                return Ok(());
            }
        }
        Err(format!("nobody is caught up with after {ROUNDS} rounds without a fault"))
    }

    async fn settle_outbox(&mut self, c: usize) -> Result<bool, String> {
        let client = &mut self.clients[c];
        let Some(handed) = client.steps().hand().await.map_err(|error| error.to_string())? else { return Ok(false) };
        client.hand(&handed.commands)?;
        let submissions = Submissions { commands: handed.commands.clone(), source: Some("console".to_owned()) };
        let body = serde_json::to_string(&submissions).map_err(|error| error.to_string())?;
        let request = Request { post: true, body, token: client.token.clone(), ..get("/api/v1/commands".to_owned()) };
        let answer = self.server.ask(request).await;
        self.trace.weigh(&answer);
        let answers = read::<Answers>(&answer).map_err(|error| format!("commands of {} failed: {error}", client.name))?.answers;
        self.trace.say(format!("     {} hands over what is left: {}", client.name, told(&answers)));
        client.hear(&answers)?;
        client.steps().answered(&handed, Ok(answers)).await.map_err(|error| error.to_string())?;
        client.look_at_outbox().await?;
        Ok(true)
    }

    async fn settle_rows(&mut self, c: usize) -> Result<bool, String> {
        let client = &mut self.clients[c];
        let Some(cursor) = client.steps().cache().cursor().await.map_err(|error| error.to_string())? else {
            if client.timeline != self.timeline {
                client.timeline = self.timeline;
                client.seen.clear();
            }
            self.trace.say(format!("     {} starts over", client.name));
            snapshot::whole(client.desk(), &self.server, &client.token).await?;
            client.look_at_outbox().await?;
            return Ok(true);
        };
        let token = client.token.clone();
        let answer = self.server.ask(Request { token, ..get(format!("/api/v1/sync?cursor={cursor}&wait=0")) }).await;
        match read::<Batch>(&answer) {
            Ok(batch) => {
                let news = batch.from != batch.to;
                self.trace.say(format!("     {}: {}", client.name, words(&batch)));
                if !client.steps().batch(&batch).await.map_err(|error| error.to_string())? {
                    return Err(format!("a batch of {} does not chain to the cursor it was asked for", client.name));
                }
                if !batch.changes.is_empty() {
                    client.look().await?;
                }
                client.look_at_outbox().await?;
                Ok(news)
            }
            Err(error) if error.is_gone() => {
                client.steps().gone().await.map_err(|error| error.to_string())?;
                Ok(true)
            }
            Err(error) => Err(format!("a poll of {} failed: {error}", client.name)),
        }
    }
}
