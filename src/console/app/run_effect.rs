//! The one place where effects meet the desk. Reads with the same name run one after another and only the newest that waits is
//! kept, so that a held key never queues a hundred reads; whoever asks gets answers in order.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::model::{Msg, Owner};
use crate::console::DeskHandle;
use crate::console::effect::{Effect, Load};

/// An answer, or the failure, of one effect.
#[derive(Debug)]
pub struct Done {
    /// The read it answers, to start the one that waits behind it.
    read: Option<(Owner, String)>,
    pub msg: Option<Msg>,
}

/// Runs effects and counts those under way.
pub struct Runner {
    desk: Arc<dyn DeskHandle>,
    sender: mpsc::UnboundedSender<Done>,
    in_flight: usize,
    /// Reads under way, each with the newest one waiting behind it.
    reads: HashMap<(Owner, String), Option<Load>>,
}

impl Runner {
    #[must_use]
    pub fn new(desk: Arc<dyn DeskHandle>) -> (Self, mpsc::UnboundedReceiver<Done>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self { desk, sender, in_flight: 0, reads: HashMap::new() }, receiver)
    }

    /// Nothing is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.in_flight == 0
    }

    /// Starts an effect that concerns the desk; others are the loop's.
    pub fn run(&mut self, owner: Owner, effect: Effect) {
        let desk = Arc::clone(&self.desk);
        match effect {
            Effect::Load(load) => self.read(owner, load),
            Effect::Submit { command, base_version } => {
                self.spawn(async move { desk.submit(*command, base_version).await.map(|_| ()) });
            }
            Effect::Retry(key) => self.spawn(async move { desk.retry(key).await }),
            Effect::Drop(key) => self.spawn(async move { desk.drop_refused(key).await }),
            _ => {}
        }
    }

    fn read(&mut self, owner: Owner, load: Load) {
        let name = name(&load);
        if let Some(waiting) = self.reads.get_mut(&(owner, name.clone())) {
            *waiting = Some(load);
            return;
        }
        self.reads.insert((owner, name.clone()), None);
        self.in_flight += 1;
        let (desk, sender) = (Arc::clone(&self.desk), self.sender.clone());
        tokio::spawn(async move {
            let loaded = desk.load(load).await;
            // The receiver goes only when the console ends.
            let _ = sender.send(Done { read: Some((owner, name)), msg: Some(Msg::Loaded(owner, loaded)) });
        });
    }

    fn spawn(&mut self, work: impl Future<Output = Result<(), String>> + Send + 'static) {
        self.in_flight += 1;
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let msg = work.await.err().map(Msg::Failed);
            let _ = sender.send(Done { read: None, msg });
        });
    }

    /// Takes note of an answer; starts the read that waited behind it.
    pub fn finish(&mut self, done: Done) -> Option<Msg> {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(key) = done.read
            && let Some(Some(load)) = self.reads.remove(&key)
        {
            self.read(key.0, load);
        }
        done.msg
    }
}

/// What a read is called: windows over the same list replace each other, different tickets do not.
fn name(load: &Load) -> String {
    match load {
        Load::Tickets { .. } => "tickets".to_owned(),
        other => format!("{other:?}"),
    }
}
