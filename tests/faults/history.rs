//! What clients did and what they were told, as evidence for the checker: one JSON line an event, so that a client that is
//! killed leaves what it knew.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use dutydesk::domain::command::{CommandResult, Submission};
use dutydesk::domain::id::CommandKey;
use dutydesk::domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// One event of one client.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Written before the command may leave the client. The same key may be invoked again, with the same content.
    Invoked { submission: Box<Submission> },
    /// The server acknowledged it.
    Done { key: CommandKey, result: Box<CommandResult>, replayed: bool },
    /// The server refused it.
    Refused { key: CommandKey, refusal: Refusal },
    /// The client saw a row in this version, in this order.
    Saw { kind: String, id: String, version: i64 },
    /// The client starts over: an empty cache, or a restored server. What it saw before no longer binds.
    StartedOver,
}

/// A history being written; each event is with the operating system when [`Recorder::note`] returns, so that it survives
/// the death of the process.
#[derive(Debug)]
pub struct Recorder(File);

impl Recorder {
    /// Goes on at the end of what is there.
    pub fn open(path: &Path) -> Self {
        Self(OpenOptions::new().create(true).append(true).open(path).expect("the history can be written"))
    }

    pub fn note(&mut self, event: &Event) {
        let mut line = serde_json::to_vec(event).expect("events are plain data");
        line.push(b'\n');
        self.0.write_all(&line).expect("the history can be written");
    }
}

/// What is known of a command at the end.
#[derive(Clone, Debug)]
pub enum End {
    Done(Box<CommandResult>),
    Refused(Refusal),
    /// No answer came: it took effect once or not at all.
    Unknown,
}

/// One command and its end.
#[derive(Clone, Debug)]
pub struct Operation {
    pub submission: Submission,
    pub end: End,
    /// Times that it was sent or queued.
    pub invoked: usize,
    /// Answers that came for it; all must agree.
    pub answers: usize,
}

/// What one client did and saw.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Who, as the checker names it.
    pub client: String,
    /// In the order of their first invocation.
    pub operations: Vec<Operation>,
    /// In the order seen.
    pub seen: Vec<Event>,
    /// Contradictions within the history itself.
    pub violations: Vec<String>,
}

impl History {
    /// Reads a file of events; a last line that was cut off by a kill is left out.
    pub fn read(client: &str, path: &Path) -> Self {
        let lines = BufReader::new(File::open(path).expect("the history can be read")).lines();
        let events = lines.map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok());
        Self::of(client, events)
    }

    pub fn of(client: &str, events: impl IntoIterator<Item = Event>) -> Self {
        let mut history = Self { client: client.to_owned(), ..Self::default() };
        let mut places = HashMap::new();
        for event in events {
            match event {
                Event::Invoked { submission } => {
                    let next = history.operations.len();
                    let place = *places.entry(submission.key).or_insert(next);
                    if place == next {
                        history.operations.push(Operation { submission: *submission, end: End::Unknown, invoked: 0, answers: 0 });
                    }
                    history.operations[place].invoked += 1;
                }
                Event::Done { key, result, .. } => history.answer(places.get(&key), key, End::Done(result)),
                Event::Refused { key, refusal } => history.answer(places.get(&key), key, End::Refused(refusal)),
                seen @ (Event::Saw { .. } | Event::StartedOver) => history.seen.push(seen),
            }
        }
        history
    }

    fn answer(&mut self, place: Option<&usize>, key: CommandKey, end: End) {
        let Some(operation) = place.and_then(|place| self.operations.get_mut(*place)) else {
            self.violations.push(format!("{}: an answer to {key}, which was never asked", self.client));
            return;
        };
        operation.answers += 1;
        let differs = match (&operation.end, &end) {
            (End::Unknown, _) => false,
            (End::Done(before), End::Done(now)) => before != now,
            (End::Refused(before), End::Refused(now)) => before.code != now.code,
            _ => true,
        };
        if differs {
            self.violations.push(format!("{}: {key} was answered {:?} and then {end:?}", self.client, operation.end));
        }
        operation.end = end;
    }
}
