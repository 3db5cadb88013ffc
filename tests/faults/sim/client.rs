//! A console without a screen: the real client over its cache file, stepped by the world.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;

use dutydesk::base::clock::Clock;
use dutydesk::client::desk::DeskClient;
use dutydesk::client::steps::{Handed, Steps};
use dutydesk::domain::command::{Command, CommandResult, Submission};
use dutydesk::domain::id::CommandKey;
use dutydesk::domain::refusal::Refusal;

use super::snapshot::Loading;
use crate::history::Event;

/// What a client waits for.
#[derive(Clone, Debug)]
pub enum Asked {
    Commands(Handed),
    Poll,
    Digest,
    Messages,
}

/// What became of a command, as its client knows it.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// No answer came yet.
    Open,
    Done(CommandResult),
    Refused(Refusal),
    /// Taken out of the outbox before it was handed over: it must never take effect.
    TakenBack,
}

/// A command of this client.
#[derive(Clone, Debug)]
pub struct Op {
    pub key: CommandKey,
    pub command: Command,
    pub base: Option<i64>,
    /// A text that nothing else has.
    pub word: String,
    pub end: End,
    pub handed: bool,
    /// In the outbox when last looked.
    pub listed: bool,
    /// A restored server need not know its answer any more.
    pub may_be_lost: bool,
    /// The server was told to forget answers since.
    pub forgotten: bool,
}

/// See the module.
pub struct Client {
    pub who: usize,
    pub name: String,
    pub token: String,
    pub path: PathBuf,
    pub clock: Clock,
    /// Absent only while it is opened again.
    pub desk: Option<DeskClient>,
    /// Raised by each crash: answers to a former life find nobody.
    pub life: u32,
    pub asked: HashMap<u64, Asked>,
    /// The request that the outbox waits for.
    pub sending: Option<u64>,
    /// The request that sync waits for.
    pub polling: Option<u64>,
    pub loading: Option<Loading>,
    /// The last step in which rows were read that it holds.
    pub rows_of: u64,
    /// Nothing gets through.
    pub cut: bool,
    /// The desk it last began to load or follow, after restores.
    pub timeline: u32,
    /// Highest version seen of each row.
    pub seen: BTreeMap<(String, String), i64>,
    pub ops: Vec<Op>,
    /// What it did and was told, for the checker.
    pub events: Vec<Event>,
}

impl Client {
    pub fn desk(&self) -> &DeskClient {
        self.desk.as_ref().expect("open between steps")
    }

    pub fn steps(&self) -> Steps<'_> {
        Steps(self.desk())
    }

    pub fn op(&mut self, key: CommandKey) -> Option<&mut Op> {
        self.ops.iter_mut().find(|op| op.key == key)
    }

    /// Notes what is handed over now.
    pub fn hand(&mut self, submissions: &[Submission]) -> Result<(), String> {
        for submission in submissions {
            self.events.push(Event::Invoked { submission: Box::new(submission.clone()) });
            if let Some(op) = self.op(submission.key) {
                op.handed = true;
                op.base = submission.base_version;
                if op.end == End::TakenBack {
                    return Err(format!("taken back, and sent: {}", op.command.name()));
                }
            }
        }
        Ok(())
    }

    pub fn remember(&mut self, key: CommandKey, command: Command, word: String) {
        self.ops.push(Op {
            key,
            command,
            base: None,
            word,
            end: End::Open,
            handed: false,
            listed: true,
            may_be_lost: false,
            forgotten: false,
        });
    }

    /// The rows it holds are no older than what was seen before. Returns the versions of the tickets.
    pub async fn look(&mut self) -> Result<HashMap<i64, i64>, String> {
        let held = self.steps().held().await.map_err(|error| error.to_string())?;
        let mut tickets = HashMap::new();
        for (kind, id, version) in held {
            if kind == "ticket" {
                tickets.insert(id.parse().unwrap_or(0), version);
            }
            let name = format!("{kind} {id}");
            let seen = self.seen.entry((kind, id)).or_insert(version);
            if version < *seen {
                return Err(format!("version went backwards: {} showed {name} at {seen}, and now at {version}", self.name));
            }
            *seen = version;
        }
        Ok(tickets)
    }

    /// No command leaves the outbox without an answer, nor before sync has brought what it did; a refused one stays.
    pub async fn look_at_outbox(&mut self) -> Result<(), String> {
        let entries = self.desk().outbox().await.map_err(|error| error.to_string())?;
        let listed: HashSet<CommandKey> = entries.into_iter().map(|entry| entry.key).collect();
        let went = |op: &Op| op.listed && !listed.contains(&op.key);
        if !self.ops.iter().any(went) {
            return Ok(());
        }
        let tickets = self.look().await?;
        for op in &mut self.ops {
            if !went(op) {
                continue;
            }
            op.listed = false;
            if op.may_be_lost {
                continue;
            }
            match &op.end {
                End::Open => return Err(format!("outbox lost a command: {} {} of {}", op.command.name(), op.key, self.name)),
                End::Refused(refusal) => {
                    return Err(format!("tray lost a refused command: {} of {} ({})", op.command.name(), self.name, refusal.code));
                }
                End::Done(result) if !result.unchanged => {
                    let passed = match (op.command.ticket().and(result.ticket), result.version) {
                        (Some(number), Some(version)) => tickets.get(&number.0).is_none_or(|held| *held >= version),
                        _ => true,
                    };
                    if !passed {
                        return Err(format!(
                            "overlay went before its effect came: {} of {}, {result:?}, cached {tickets:?}",
                            op.command.name(),
                            self.name
                        ));
                    }
                }
                End::Done(_) | End::TakenBack => {}
            }
        }
        Ok(())
    }

    /// What the common checker has to know: what a person threw away after it was refused is nobody's any more.
    pub fn told(&self) -> Vec<Event> {
        let gone = |key: &CommandKey| self.ops.iter().any(|op| op.key == *key && !op.listed && matches!(op.end, End::Refused(_)));
        let key = |event: &Event| match event {
            Event::Invoked { submission } => Some(submission.key),
            Event::Done { key, .. } | Event::Refused { key, .. } => Some(*key),
            Event::Saw { .. } | Event::StartedOver => None,
        };
        self.events.iter().filter(|event| key(event).is_none_or(|key| !gone(&key))).cloned().collect()
    }

    /// Keys that the tray shows.
    pub fn refused(&self) -> Vec<CommandKey> {
        self.ops.iter().filter(|op| op.listed && matches!(op.end, End::Refused(_))).map(|op| op.key).collect()
    }

    /// Keys without an answer.
    pub fn open(&self) -> BTreeSet<CommandKey> {
        self.ops.iter().filter(|op| op.listed && op.end == End::Open).map(|op| op.key).collect()
    }
}
