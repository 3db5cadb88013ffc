//! The one place where effects meet the desk. Reads with the same name run one after another and only the newest that waits is
//! kept, so that a held key never queues a hundred reads; whoever asks gets answers in order.

use std::collections::HashMap;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::model::{Msg, Owner};
use crate::console::DeskHandle;
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::files::FileLoad;

/// Something to be written to the outbox.
type Write = BoxFuture<'static, Result<Option<Msg>, String>>;

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
    /// To the one task that writes: commands reach the outbox in the order in which they were given.
    writes: mpsc::UnboundedSender<Write>,
    writer: JoinHandle<()>,
    /// Reads under way, each with the newest one waiting behind it.
    reads: HashMap<(Owner, String), Option<Load>>,
}

impl Runner {
    #[must_use]
    pub fn new(desk: Arc<dyn DeskHandle>) -> (Self, mpsc::UnboundedReceiver<Done>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let (writes, mut queue) = mpsc::unbounded_channel::<Write>();
        let answers = sender.clone();
        let writer = tokio::spawn(async move {
            while let Some(work) = queue.recv().await {
                let msg = work.await.unwrap_or_else(|why| Some(Msg::Failed(why)));
                // The receiver goes only when the console ends.
                let _ = answers.send(Done { read: None, msg });
            }
        });
        (Self { desk, sender, in_flight: 0, writes, writer, reads: HashMap::new() }, receiver)
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
                self.write(async move { desk.submit(*command, base_version).await.map(|_| None) }.boxed());
            }
            Effect::KeepDrafts(drafts) => self.write(async move { desk.keep_drafts(drafts).await.map(|()| None) }.boxed()),
            Effect::Retry(key) => self.write(async move { desk.retry(key).await.map(|()| None) }.boxed()),
            Effect::BeHere(at) => desk.be_here(at),
            Effect::Drop(key) => self.write(async move { desk.drop_refused(key).await.map(|()| None) }.boxed()),
            Effect::SubmitAll(commands) => {
                let queued = async move { desk.submit_all(commands).await.map(|keys| Some(Msg::Loaded(owner, Loaded::Queued(keys)))) };
                self.write(queued.boxed());
            }
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

    fn write(&mut self, work: Write) {
        self.in_flight += 1;
        // The writer ends only after the runner.
        let _ = self.writes.send(work);
    }

    /// Waits until everything that was asked to be written is in the outbox: nothing typed before quitting is lost.
    pub async fn finish_writes(self) {
        let Self { writes, writer, .. } = self;
        drop(writes);
        // A writer that panicked has nothing more to write.
        let _ = writer.await;
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
        Load::TicketsOf(_) => "tickets-of".to_owned(),
        // The newest words are the only ones that matter; each place is asked for itself.
        Load::Search(load) => format!("search-{}", load.history),
        Load::File(load) => match **load {
            FileLoad::Page { .. } | FileLoad::Find { .. } => "file-page".to_owned(),
            _ => format!("{load:?}"),
        },
        other => format!("{other:?}"),
    }
}
