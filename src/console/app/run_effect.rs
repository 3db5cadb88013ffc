//! The one place where effects meet the desk. Reads with the same name run one after another and only the newest that waits is
//! kept, so that a held key never queues a hundred reads; whoever asks gets answers in order.

use std::collections::HashMap;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::model::{Msg, Owner};
use crate::client::view::OutboxState;
use crate::console::DeskHandle;
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::files::FileLoad;
use crate::console::undo;
use crate::domain::command::Command;
use crate::domain::id::{CommandKey, TicketNumber};
use crate::domain::ticket::Ticket;

/// Something to be written to the outbox.
type Write = BoxFuture<'static, Result<Vec<Msg>, String>>;

/// An answer, or the failure, of one effect.
#[derive(Debug)]
pub struct Done {
    /// The read it answers, to start the one that waits behind it.
    read: Option<(Owner, String)>,
    /// A person's hand asked for it: it is shown at once.
    pub asked: bool,
    pub msgs: Vec<Msg>,
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
    reads: HashMap<(Owner, String), Read>,
    /// What is run now follows from what a person did.
    pub asking: bool,
}

/// A read under way.
struct Read {
    /// A person's hand asked for it, or for the one behind it.
    asked: bool,
    /// The cache has the answer: it comes within a frame.
    near: bool,
    behind: Option<Load>,
}

impl Runner {
    #[must_use]
    pub fn new(desk: Arc<dyn DeskHandle>) -> (Self, mpsc::UnboundedReceiver<Done>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let (writes, mut queue) = mpsc::unbounded_channel::<Write>();
        let answers = sender.clone();
        let writer = tokio::spawn(async move {
            while let Some(work) = queue.recv().await {
                let msgs = work.await.unwrap_or_else(|why| vec![Msg::Failed(why)]);
                // The receiver goes only when the console ends.
                let _ = answers.send(Done { read: None, asked: false, msgs });
            }
        });
        (Self { desk, sender, in_flight: 0, writes, writer, reads: HashMap::new(), asking: false }, receiver)
    }

    /// Nothing is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.in_flight == 0
    }

    /// Something that a person's hand asked of the cache is under way.
    #[must_use]
    pub fn awaits_near(&self) -> bool {
        self.reads.values().any(|read| read.asked && read.near)
    }

    /// Starts an effect that concerns the desk; others are the loop's.
    pub fn run(&mut self, owner: Owner, effect: Effect) {
        let desk = Arc::clone(&self.desk);
        match effect {
            Effect::Load(load) => self.read(owner, load),
            Effect::Ahead(load) => self.read_ahead(owner, load),
            Effect::Submit { command, base_version } => {
                let work = async move {
                    let told = Told::of(&*desk, owner, vec![(*command).clone()]).await;
                    let post = if let Command::PostMessage(post) = &*command { Some(post.clone()) } else { None };
                    let key = match desk.submit(*command, base_version).await {
                        Ok(key) => key,
                        Err(why) => {
                            let before = told.and_then(|told| told.before.into_iter().next());
                            let lost = post.map(|post| Msg::Loaded(Owner::Hands, Loaded::NotQueued { post, before }));
                            return Ok(lost.into_iter().chain([Msg::Failed(why)]).collect());
                        }
                    };
                    Ok(told.map(|told| told.submitted(vec![key])).into_iter().collect())
                };
                self.write(work.boxed());
            }
            Effect::TakeBack { keys, numbers } => {
                let work = async move {
                    let mut gone = Vec::new();
                    let mut failed = None;
                    for key in keys {
                        match desk.take_back(key).await {
                            Ok(true) => gone.push(key),
                            Ok(false) => {}
                            Err(why) => {
                                failed = Some(Msg::Failed(why));
                                break;
                            }
                        }
                    }
                    let now = tickets(&*desk, numbers).await;
                    let entries = match desk.load(Load::Outbox).await {
                        Loaded::Outbox(entries) => entries,
                        _ => Vec::new(),
                    };
                    let pending = entries.iter().filter(|entry| !matches!(entry.state, OutboxState::Refused(_)));
                    let pending = pending.map(|entry| entry.key).collect();
                    // Whatever failed: who waits for it must hear of what is out of the outbox, or its text is lost.
                    Ok([Msg::Loaded(owner, Loaded::TakenBack { gone, pending, now })].into_iter().chain(failed).collect())
                };
                self.write(work.boxed());
            }
            Effect::KeepDrafts(drafts) => self.write(async move { desk.keep_drafts(drafts).await.map(|()| Vec::new()) }.boxed()),
            Effect::Retry(key) => self.write(async move { desk.retry(key).await.map(|()| Vec::new()) }.boxed()),
            Effect::BeHere(at) => desk.be_here(at),
            Effect::WarmFilter(query) => desk.warm_filter(query),
            Effect::Drop(key) => self.write(async move { desk.drop_refused(key).await.map(|()| Vec::new()) }.boxed()),
            Effect::Resend { refused, command } => {
                self.write(async move { desk.resend(refused, *command).await.map(|()| Vec::new()) }.boxed());
            }
            Effect::Rewrite { refused, command } => {
                self.write(async move { desk.rewrite(refused, *command).await.map(|()| Vec::new()) }.boxed());
            }
            Effect::SubmitAll(commands) => {
                let work = async move {
                    let told = Told::of(&*desk, owner, commands.iter().map(|(command, _)| command.clone()).collect()).await;
                    let keys = desk.submit_all(commands).await?;
                    let submitted = told.map(|told| told.submitted(keys.clone()));
                    Ok(submitted.into_iter().chain([Msg::Loaded(owner, Loaded::Queued(keys))]).collect())
                };
                self.write(work.boxed());
            }
            Effect::Rank(job) => {
                self.in_flight += 1;
                let sender = self.sender.clone();
                tokio::task::spawn_blocking(move || {
                    // The receiver goes only when the console ends.
                    let _ = sender.send(Done { read: None, asked: true, msgs: vec![Msg::Loaded(owner, Loaded::Ranked(job.run()))] });
                });
            }
            _ => {}
        }
    }

    fn read(&mut self, owner: Owner, load: Load) {
        let name = name(&load);
        if let Some(read) = self.reads.get_mut(&(owner, name.clone())) {
            read.asked |= self.asking;
            read.behind = Some(load);
            return;
        }
        let near = matches!(load, Load::Tickets { .. } | Load::Ticket(_) | Load::Conversation(_) | Load::Pool { .. });
        self.reads.insert((owner, name.clone()), Read { asked: self.asking, near, behind: None });
        self.in_flight += 1;
        let (desk, sender) = (Arc::clone(&self.desk), self.sender.clone());
        tokio::spawn(async move {
            let loaded = desk.load(load).await;
            // The receiver goes only when the console ends.
            let _ = sender.send(Done { read: Some((owner, name)), asked: false, msgs: vec![Msg::Loaded(owner, loaded)] });
        });
    }

    /// Whoever reads already gets an answer soon, and asks again where that is not enough.
    fn read_ahead(&mut self, owner: Owner, load: Load) {
        if self.reads.contains_key(&(owner, name(&load))) {
            return;
        }
        let before = std::mem::replace(&mut self.asking, false);
        self.read(owner, load);
        self.asking = before;
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
    pub fn finish(&mut self, mut done: Done) -> Done {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(key) = done.read.take()
            && let Some(read) = self.reads.remove(&key)
        {
            done.asked |= read.asked;
            if let Some(load) = read.behind {
                let before = std::mem::replace(&mut self.asking, read.asked);
                self.read(key.0, load);
                self.asking = before;
            }
        }
        done
    }
}

/// An act as undo and repeat will know it: with its tickets as they were before.
struct Told {
    commands: Vec<Command>,
    before: Vec<Arc<Ticket>>,
    bulk: bool,
}

impl Told {
    /// `None` for what is not remembered, and for what undo itself does.
    async fn of(desk: &dyn DeskHandle, owner: Owner, commands: Vec<Command>) -> Option<Self> {
        if owner == Owner::Hands || !commands.iter().any(undo::remembers) {
            return None;
        }
        let mut numbers: Vec<_> = commands.iter().filter_map(Command::ticket).collect();
        numbers.dedup();
        let before = tickets(desk, numbers).await;
        Some(Self { commands, before, bulk: owner == Owner::Bulk })
    }

    fn submitted(self, keys: Vec<CommandKey>) -> Msg {
        let Self { commands, before, bulk } = self;
        Msg::Loaded(Owner::Hands, Loaded::Submitted { commands, before, keys, bulk })
    }
}

async fn tickets(desk: &dyn DeskHandle, numbers: Vec<TicketNumber>) -> Vec<Arc<Ticket>> {
    if numbers.is_empty() {
        return Vec::new();
    }
    match desk.load(Load::TicketsOf(numbers)).await {
        Loaded::TicketsOf(tickets) => tickets,
        _ => Vec::new(),
    }
}

/// What a read is called: windows over the same list replace each other, different tickets do not.
fn name(load: &Load) -> String {
    match load {
        Load::Tickets { .. } => "tickets".to_owned(),
        Load::TicketsOf(_) => "tickets-of".to_owned(),
        // Counted or read whole: the later answer is the newer one.
        Load::Pool { queue, .. } => format!("pool-{queue:?}"),
        // The newest words are the only ones that matter; each place is asked for itself.
        Load::Search(load) => format!("search-{}", load.history),
        Load::File(load) => match **load {
            FileLoad::Page { .. } | FileLoad::Find { .. } => "file-page".to_owned(),
            _ => format!("{load:?}"),
        },
        other => format!("{other:?}"),
    }
}
