//! A writer over raw HTTP: batches of mixed commands, written down before they leave, sent again under the same keys after any
//! failure, and now and then sent again on purpose after they were answered.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dutydesk::base::clock::new_id;
use dutydesk::client::api::{Api, Retry};
use dutydesk::domain::command::{Command, CreateTicket, MessageTarget, PostMessage, RequesterInput, Submission};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::{CommandKey, PersonId, QueueId, TicketNumber};
use dutydesk::domain::ticket::{Kind, Priority, Status};
use dutydesk::wire::command::{Answer, Submissions};

use super::desk::Who;
use super::dice::Dice;
use crate::history::{Event, Recorder};

/// Answered commands remembered, to be sent again.
const ANSWERED_KEPT: usize = 200;
/// Tickets that are worked on: the latest ones, so that writers meet.
const TICKETS_KEPT: usize = 60;
/// Tries of one batch once the faults are over.
const LAST_TRIES: usize = 200;

/// What all writers know together, and when they end.
#[derive(Debug, Default)]
pub struct Shared {
    pub stop: AtomicBool,
    pub acknowledged: AtomicUsize,
    /// Failed requests: without any, no fault was felt.
    pub failures: AtomicUsize,
    /// Keys sent again after they were answered.
    pub replays: AtomicUsize,
    tickets: Mutex<Vec<(TicketNumber, i64)>>,
}

impl Shared {
    fn note(&self, number: TicketNumber, version: i64) {
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        match tickets.iter_mut().find(|(known, _)| *known == number) {
            Some((_, known)) => *known = version.max(*known),
            None => tickets.push((number, version)),
        }
        if tickets.len() > TICKETS_KEPT {
            tickets.remove(0);
        }
    }

    fn ticket(&self, dice: &mut Dice) -> Option<(TicketNumber, i64)> {
        let tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.get(dice.place(tickets.len())).copied()
    }
}

pub struct Writer {
    pub who: Who,
    pub queues: [QueueId; 2],
    pub colleagues: Vec<PersonId>,
    pub history: PathBuf,
    pub dice: Dice,
    pub shared: Arc<Shared>,
    /// Largest batch.
    pub batch: usize,
}

impl Writer {
    /// Writes until told to stop; what is on its way then is sent until it is answered.
    pub async fn run(mut self, url: String) -> PathBuf {
        let api = self.who.api(&url);
        let mut recorder = Recorder::open(&self.history);
        let mut answered: Vec<Submission> = Vec::new();
        while !self.shared.stop.load(Ordering::SeqCst) {
            let batch = self.batch(&answered);
            for submission in &batch {
                recorder.note(&Event::Invoked { submission: Box::new(submission.clone()) });
            }
            let Some(answers) = self.send(&api, &batch).await else { continue };
            for answer in answers {
                self.take(&mut recorder, &answer);
            }
            answered.extend(batch);
            let surplus = answered.len().saturating_sub(ANSWERED_KEPT);
            answered.drain(..surplus);
        }
        self.history
    }

    fn batch(&mut self, answered: &[Submission]) -> Vec<Submission> {
        let size = 1 + self.dice.place(self.batch);
        let mut batch = Vec::with_capacity(size);
        for _ in 0..size {
            if !answered.is_empty() && self.dice.percent(5) {
                self.shared.replays.fetch_add(1, Ordering::SeqCst);
                batch.push(answered[self.dice.place(answered.len())].clone());
            } else {
                batch.push(self.submission());
            }
        }
        batch
    }

    fn submission(&mut self) -> Submission {
        let key = CommandKey(new_id());
        let command = |command| Submission { key, base_version: None, expires_at: None, command };
        let Some((number, version)) = self.shared.ticket(&mut self.dice).filter(|_| !self.dice.percent(15)) else {
            let queue = self.queues[self.dice.place(2)];
            return command(create(key, queue, &mut self.dice));
        };
        let person = self.colleagues[self.dice.place(self.colleagues.len())];
        let made = act(key, number, person, &mut self.dice);
        // A person decides on what they see; programs do not always say what that was.
        let base_version = self.dice.percent(75).then_some(version);
        Submission { base_version, ..command(made) }
    }

    /// Sends until there is an answer. Some give up after a failure: then nobody knows.
    async fn send(&mut self, api: &Api, batch: &[Submission]) -> Option<Vec<Answer>> {
        let submissions = Submissions { commands: batch.to_vec(), source: Some("api".into()) };
        let mut last_tries = 0;
        loop {
            match api.submit(&submissions).await {
                Ok(answers) => {
                    assert_eq!(answers.answers.len(), batch.len(), "an answer for each command");
                    return Some(answers.answers);
                }
                Err(error) => {
                    self.shared.failures.fetch_add(1, Ordering::SeqCst);
                    assert!(error.retry() != Retry::Never && error.retry() != Retry::AfterSignIn, "cannot be sent again: {error:?}");
                    if self.dice.percent(3) {
                        return None;
                    }
                    last_tries += usize::from(self.shared.stop.load(Ordering::SeqCst));
                    assert!(last_tries < LAST_TRIES, "no answer though nothing disturbs any more: {error}");
                    tokio::time::sleep(self.dice.millis(5, 60)).await;
                }
            }
        }
    }

    fn take(&self, recorder: &mut Recorder, answer: &Answer) {
        let (key, replayed) = (answer.key, answer.replayed);
        if let Some(refusal) = &answer.refusal {
            recorder.note(&Event::Refused { key, refusal: refusal.clone() });
            return;
        }
        let result = answer.result.clone().unwrap_or_default();
        if !replayed {
            self.shared.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
        if let (Some(number), Some(version)) = (result.ticket, result.version) {
            self.shared.note(number, version);
        }
        recorder.note(&Event::Done { key, result: Box::new(result), replayed });
    }
}

/// A new ticket whose text names its key, so that a second one would be seen.
pub fn create(key: CommandKey, queue: QueueId, dice: &mut Dice) -> Command {
    let priority = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low][dice.place(4)];
    Command::CreateTicket(Box::new(CreateTicket {
        queue,
        subject: format!("Pump {} does not pump", dice.below(1_000)),
        text: format!("It stands still. ({key})"),
        message: new_id().into(),
        requester: RequesterInput { external: format!("shop:{}", dice.below(40)), name: Some("Shop".into()), ..RequesterInput::default() },
        kind: Kind::default(),
        priority,
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
    }))
}

/// Something that somebody does to a ticket.
pub fn act(key: CommandKey, number: TicketNumber, person: PersonId, dice: &mut Dice) -> Command {
    let tag = format!("tag{}", dice.below(6));
    match dice.below(100) {
        0..30 => {
            let visibility = if dice.percent(50) { Visibility::Public } else { Visibility::Internal };
            let text = format!("Have you tried another one? ({key})");
            Command::PostMessage(Box::new(PostMessage::new(MessageTarget::Ticket { number }, new_id().into(), visibility, text)))
        }
        30..45 => Command::ClaimTicket { number },
        45..55 => Command::AssignTicket { number, person },
        55..65 => Command::ReleaseTicket { number, reason: None },
        65..80 => {
            let status = [Status::Open, Status::Pending, Status::OnHold, Status::Open, Status::Solved][dice.place(5)];
            Command::SetStatus { number, status }
        }
        80..87 => Command::AddTag { number, tag },
        87..92 => Command::RemoveTag { number, tag },
        92..96 => Command::SetSubject { number, subject: format!("Pump {} again", dice.below(1_000)) },
        _ => {
            let priority = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low][dice.place(4)];
            Command::SetPriority { number, priority }
        }
    }
}

/// A writer for each agent, as tasks.
pub fn start(
    agents: &[Who],
    queues: [QueueId; 2],
    folder: &Path,
    url: &str,
    shared: &Arc<Shared>,
    dice: &mut Dice,
    batch: usize,
) -> Vec<(String, tokio::task::JoinHandle<PathBuf>)> {
    let colleagues: Vec<_> = agents.iter().map(|who| who.person.id).collect();
    let one = |who: &Who| {
        let client = format!("{}/writer", who.person.handle);
        let history = folder.join(format!("{}-writer.jsonl", who.person.handle));
        let (shared, colleagues) = (Arc::clone(shared), colleagues.clone());
        let writer = Writer { who: who.clone(), queues, colleagues, history, dice: dice.split(), shared, batch };
        (client, tokio::spawn(writer.run(url.to_owned())))
    };
    agents.iter().map(one).collect()
}

/// Waits a while that only paces the load: nothing is decided by it.
pub async fn pace(span: Duration) {
    tokio::time::sleep(span).await;
}
