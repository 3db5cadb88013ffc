//! The client as the console asks for it: each [`Load`] answered from the cache, failures said in one sentence.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{broadcast, watch};

use crate::client::desk::DeskClient;
use crate::client::drafts::Draft;
use crate::client::error::ClientError;
use crate::client::files::FileItem;
use crate::client::here::Everybody;
use crate::client::view::{Changed, LinkStatus, TicketQuery};
use crate::console::conversation::stream::search::Hit;
use crate::console::effect::ProposedMove;
use crate::console::files::load::here;
use crate::console::files::open::open;
use crate::console::files::{Fetched, FileLoad, FileLoaded, Then, expand};
use crate::console::search::{PAGE, SearchLoad, SearchLoaded};
use crate::console::{DeskHandle, Load, Loaded};
use crate::domain::assignment::rebalance::{Move, MoveReason};
use crate::domain::command::{Command, MessageTarget};
use crate::domain::directory::Directory;
use crate::domain::here::Doing;
use crate::domain::id::{CommandKey, PersonId, TicketNumber};
use crate::domain::person::{AgentState, Person};
use crate::wire::message::SearchScope;

/// A [`DeskClient`] for the console.
pub struct ClientDesk(pub DeskClient);

/// What the cache cannot give is shown as empty; why goes to the log.
fn or_empty<T: Default, E: std::fmt::Display>(read: Result<T, E>) -> T {
    read.unwrap_or_else(|error| {
        tracing::error!(%error, "the cache cannot be read");
        T::default()
    })
}

fn proposed(one: Move) -> ProposedMove {
    let Move { ticket, version, subject, from, to, from_load, to_load, why, .. } = one;
    ProposedMove { ticket, version, subject, from, to, from_load, to_load, holder_gone: why == MoveReason::HolderGone }
}

/// What the layer of files asks for.
async fn files(desk: &DeskClient, load: FileLoad) -> FileLoaded {
    let said = |error: ClientError| error.to_string();
    match load {
        FileLoad::List(number) => match desk.ticket_files(number).await {
            Ok((items, note)) => FileLoaded::List(number, items, note),
            Err(error) => FileLoaded::List(number, Vec::new(), Some(error.to_string())),
        },
        FileLoad::Transfers => FileLoaded::Transfers(or_empty(desk.transfers().await)),
        FileLoad::Fetch { item, then } => {
            let result = fetch(desk, &item, &then).await;
            FileLoaded::Fetched(item, then, result)
        }
        FileLoad::Attach(path) => FileLoaded::Attached(desk.attach(&expand(&path)).await.map_err(said)),
        other => here(other).await.unwrap_or_else(|| FileLoaded::Page(Err("The file cannot be read.".to_owned()))),
    }
}

async fn fetch(desk: &DeskClient, item: &FileItem, then: &Then) -> Result<Fetched, String> {
    let file = item.file.ok_or_else(|| format!("The channel keeps it: {}", item.url))?;
    let said = |error: ClientError| error.to_string();
    if let Then::Save(to) = then {
        let path = desk.save(file, &item.name, item.bytes(), &expand(to)).await.map_err(said)?;
        return Ok(Fetched { path, opened: None });
    }
    let path = desk.download(file, &item.name, item.bytes()).await.map_err(said)?;
    let opened = match then {
        Then::View { width, height, graphics } => Some(open(path.clone(), *width, *height, *graphics).await?),
        Then::Outside => {
            outside(&path)?;
            None
        }
        _ => None,
    };
    Ok(Fetched { path, opened })
}

/// Hands a file to the desktop's own program, where there is a desktop.
fn outside(path: &std::path::Path) -> Result<(), String> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if !cfg!(target_os = "macos") && !set("DISPLAY") && !set("WAYLAND_DISPLAY") {
        return Err("There is no display here: save it with s, or copy its path with y.".to_owned());
    }
    let quiet = std::process::Stdio::null;
    let started = std::process::Command::new(program).arg(path).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn();
    let mut child = started.map_err(|error| format!("{program} does not start: {error}."))?;
    // Waited for off to the side, so that it does not stay behind as a zombie.
    tokio::task::spawn_blocking(move || child.wait());
    Ok(())
}

async fn search(desk: &DeskClient, load: SearchLoad) -> SearchLoaded {
    let (words, after) = (&load.words, load.after.as_deref());
    let found = if load.history {
        desk.search_history(words, load.within, after, PAGE).await
    } else {
        desk.search_here(words, load.within, after, PAGE).await
    };
    let found = found.map_err(|error| error.to_string());
    SearchLoaded { load, found }
}

#[async_trait]
impl DeskHandle for ClientDesk {
    async fn load(&self, load: Load) -> Loaded {
        let desk = &self.0;
        match load {
            Load::Tickets { query, anchor, rows } => {
                let window = or_empty(desk.tickets(&query, anchor, rows).await);
                Loaded::Tickets { query, window }
            }
            Load::FilterCounts(views) => {
                let filters: Vec<String> = views.iter().map(|(_, filter)| filter.clone()).collect();
                let counts = or_empty(desk.count_filters(&filters).await);
                Loaded::FilterCounts(views.into_iter().map(|(id, _)| id).zip(counts).collect())
            }
            Load::Counts => Loaded::Counts(or_empty(desk.counts().await)),
            Load::Ticket(number) => Loaded::Ticket { number, detail: or_empty(desk.ticket(number).await) },
            Load::History(number) => Loaded::History { number, history: desk.history(number).await.map_err(|error| error.to_string()) },
            Load::Briefing(number) => {
                let briefing = desk.briefing(number).await.map_err(|error| error.to_string());
                Loaded::Briefing { number, briefing }
            }
            Load::Clocks(number) => Loaded::Clocks { number, ledger: desk.ticket_clocks(number).await.map_err(|error| error.to_string()) },
            Load::Timeline(number) => {
                let entries = desk.timeline(number).await.map(Arc::new);
                Loaded::Timeline { number, entries: entries.map_err(|error| error.to_string()) }
            }
            Load::StatusLink(number) => {
                Loaded::StatusLink { number, url: desk.status_link(number).await.map_err(|error| error.to_string()) }
            }
            Load::WhoNow(number) => {
                let decision = desk.assignment_preview(number).await.map(Arc::new);
                Loaded::WhoNow { number, decision: decision.map_err(|error| error.to_string()) }
            }
            Load::Rebalance(queue) => {
                let moves = desk.rebalance(queue).await.map(|moves| moves.into_iter().map(proposed).collect());
                Loaded::Rebalance { queue, moves: moves.map_err(|error| error.to_string()) }
            }
            Load::Roster { rota, from, weeks } => {
                let found = desk.generate(&rota, from, weeks, 0).await;
                Loaded::Roster(found.map(Box::new).map_err(|error| error.to_string()))
            }
            Load::DraftHandover(rota) => {
                let drafted = desk.draft_handover(&rota).await;
                Loaded::DraftedHandover(drafted.map(|row| row.id).map_err(|error| error.to_string()))
            }
            Load::Pool { queue, rows } => Loaded::Pool { queue, window: or_empty(desk.pool(queue, rows).await) },
            Load::Conversations => Loaded::Conversations(or_empty(desk.conversations().await)),
            Load::Conversation(id) => Loaded::Conversation { id, detail: or_empty(desk.conversation(id).await) },
            Load::Calls => Loaded::Calls(or_empty(desk.open_calls().await)),
            Load::Outbox => Loaded::Outbox(or_empty(desk.outbox().await)),
            Load::Notices => Loaded::Notices(or_empty(desk.notices().await)),
            Load::Older { conversation, before, limit } => {
                Loaded::Older { conversation, before, older: or_empty(desk.older(conversation, before, limit).await) }
            }
            Load::FindMessages { words, within } => {
                let scope = match within {
                    MessageTarget::Ticket { number } => SearchScope::Ticket(number),
                    MessageTarget::Conversation { id } => SearchScope::Conversation(id),
                };
                let found = or_empty(desk.search_messages(&words, scope).await);
                let hits = found.found.hits.into_iter().map(|hit| Hit { message: Arc::new(hit.message), ranges: hit.ranges }).collect();
                Loaded::FoundMessages { words, hits, whole: found.whole }
            }
            Load::Edits(message) => Loaded::Edits(desk.message_edits(message).await.map_err(|error| error.to_string())),
            Load::Drafts => Loaded::Drafts(or_empty(desk.drafts().await)),
            Load::Numbers { query, start, most } => {
                let numbers = or_empty(desk.ticket_numbers(&query, start, most).await);
                Loaded::Numbers { query, numbers }
            }
            Load::TicketsOf(numbers) => Loaded::TicketsOf(or_empty(desk.tickets_of(&numbers).await)),
            Load::Incidents => Loaded::Incidents(desk.incidents().await.map_err(|error| error.to_string())),
            Load::Incident(number) => {
                let view = desk.incident(number).await.map(Arc::new).map_err(|error| error.to_string());
                Loaded::Incident { number, view }
            }
            Load::Broadcast { number, body } => {
                let preview = desk.broadcast_preview(number, &body).await.map_err(|error| error.to_string());
                Loaded::Broadcast { number, body, preview }
            }
            Load::Figures { range, queue } => {
                Loaded::Figures { range, queue, figures: desk.figures(range, queue).await.map_err(|error| error.to_string()) }
            }
            Load::QueueHealth => Loaded::QueueHealth(or_empty(desk.queue_health().await)),
            Load::Search(load) => Loaded::Search(Box::new(search(desk, *load).await)),
            Load::File(load) => Loaded::File(Box::new(files(desk, *load).await)),
            Load::Holding(person) => Loaded::Holding { person, window: or_empty(desk.holding(person).await) },
        }
    }

    async fn submit(&self, command: Command, base_version: Option<i64>) -> Result<CommandKey, String> {
        self.0.submit(command, base_version).await.map_err(|error| error.to_string())
    }

    async fn submit_all(&self, commands: Vec<(Command, Option<i64>)>) -> Result<Vec<CommandKey>, String> {
        self.0.submit_all(commands).await.map_err(|error| error.to_string())
    }

    async fn retry(&self, key: CommandKey) -> Result<(), String> {
        self.0.retry(key).await.map(drop).map_err(|error| error.to_string())
    }

    async fn drop_refused(&self, key: CommandKey) -> Result<(), String> {
        self.0.drop_refused(key).await.map(drop).map_err(|error| error.to_string())
    }

    async fn resend(&self, refused: CommandKey, command: Command) -> Result<(), String> {
        self.0.resend(refused, command).await.map(drop).map_err(|error| error.to_string())
    }

    async fn rewrite(&self, refused: CommandKey, command: Command) -> Result<(), String> {
        self.0.rewrite(refused, &command).await.map(drop).map_err(|error| error.to_string())
    }

    async fn take_back(&self, key: CommandKey) -> Result<bool, String> {
        self.0.take_back(key).await.map_err(|error| error.to_string())
    }

    async fn keep_drafts(&self, drafts: Vec<Draft>) -> Result<(), String> {
        self.0.keep_drafts(&drafts).await.map_err(|error| error.to_string())
    }

    fn changes(&self) -> broadcast::Receiver<Arc<Changed>> {
        self.0.changes()
    }

    fn link(&self) -> watch::Receiver<LinkStatus> {
        self.0.status()
    }

    fn directory(&self) -> Arc<Directory> {
        self.0.directory()
    }

    fn here(&self) -> Arc<Everybody> {
        self.0.here()
    }

    fn warm_filter(&self, query: TicketQuery) {
        self.0.warm_filter(query);
    }

    fn be_here(&self, at: Option<(TicketNumber, Doing)>) {
        self.0.be_here(at);
    }

    fn agent_states(&self) -> Arc<HashMap<PersonId, AgentState>> {
        self.0.agent_states()
    }

    fn me(&self) -> Person {
        Person::clone(&self.0.me())
    }
}
