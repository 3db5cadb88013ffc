//! A thing arrives: a request at the server, or an answer at the client who asked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dutydesk::client::api::ApiError;
use dutydesk::wire::command::{Answer as CommandAnswer, Answers, Submissions};
use dutydesk::wire::sync::{Batch, Digest};
use dutydesk::wire::ticket::MessageList;
use rand::RngExt;
use serde::de::DeserializeOwned;

use super::client::{Asked, Client, End};
use super::net::{Flight, Load};
use super::server::{Answer, Request};
use super::world::World;
use crate::history::Event;

impl World<'_> {
    pub async fn deliver(&mut self, flight: Flight) -> Result<(), String> {
        self.trace.say(format!("     {}", flight.words()));
        match flight.load.clone() {
            Load::Request(request) => self.at_server(flight, request).await,
            Load::Answer(answer) => self.at_client(&flight, Some(answer)).await,
            Load::Refused => self.at_client(&flight, None).await,
        }
    }

    async fn at_server(&mut self, flight: Flight, request: Request) -> Result<(), String> {
        if !self.server.is_up() {
            self.net.push(Flight { load: Load::Refused, ..flight });
            return Ok(());
        }
        self.keep(flight.clone());
        let dies = request.post && self.rng.random_range(0..400) < self.nature.trouble;
        if dies {
            return self.die_over(request).await;
        }
        let answer = Answer { step: self.trace.steps, ..self.server.ask(request).await };
        self.trace.weigh(&answer);
        if answer.status >= 500 {
            return Err(format!("server error: {} {}", answer.status, answer.body));
        }
        self.net.push(Flight { load: Load::Answer(answer), ..flight });
        Ok(())
    }

    /// The server dies after some of the commands: those are done, and nobody is told.
    async fn die_over(&mut self, request: Request) -> Result<(), String> {
        let mut sent: Submissions = serde_json::from_str(&request.body).map_err(|error| error.to_string())?;
        let done = self.rng.random_range(0..=sent.commands.len());
        sent.commands.truncate(done);
        self.trace.say(format!("     the server dies after {done} commands"));
        let body = serde_json::to_string(&sent).map_err(|error| error.to_string())?;
        let answer = self.server.ask(Request { body, ..request }).await;
        self.trace.weigh(&answer);
        self.crash_server().await;
        Ok(())
    }

    /// `answer` is absent when the connection was refused.
    async fn at_client(&mut self, flight: &Flight, answer: Option<Answer>) -> Result<(), String> {
        let client = &mut self.clients[flight.client];
        let Some(asked) = (client.life == flight.life).then(|| client.asked.remove(&flight.ask)).flatten() else { return Ok(()) };
        let waited = [client.sending, client.polling].contains(&Some(flight.ask));
        if client.sending == Some(flight.ask) {
            client.sending = None;
        }
        if client.polling == Some(flight.ask) {
            client.polling = None;
        }
        match asked {
            Asked::Commands(handed) => {
                let answers = match answer {
                    Some(answer) => read::<Answers>(&answer).map(|answers| answers.answers),
                    // Only who is sure that no copy was delivered knows that nothing arrived.
                    None => Err(ApiError::Unreachable { url: String::new(), why: "refused".into(), sent: flight.doubled || !waited }),
                };
                if let Ok(answers) = &answers {
                    self.trace.say(format!("     {}", told(answers)));
                    client.hear(answers)?;
                } else if let Err(error) = &answers
                    && error.never_arrived()
                {
                    client.unsend(&handed);
                }
                client.steps().answered(&handed, answers).await.map_err(|error| error.to_string())?;
                client.look_at_outbox().await
            }
            Asked::Poll => {
                let Some(answer) = answer else { return Ok(()) };
                client.rows_of = client.rows_of.max(answer.step);
                match read::<Batch>(&answer) {
                    Ok(batch) if batch.changes.is_empty() => {
                        self.trace.say(format!("     {}", words(&batch)));
                        client.steps().batch(&batch).await.map_err(|error| error.to_string())?;
                        return Ok(());
                    }
                    Ok(batch) => {
                        let stood = client.steps().cache().cursor().await.map_err(|error| error.to_string())?;
                        let chained = client.steps().batch(&batch).await.map_err(|error| error.to_string())?;
                        self.trace.say(format!("     {}, chained: {chained}", words(&batch)));
                        if chained && stood.as_deref() != Some(&*batch.from) {
                            return Err(format!(
                                "batch does not chain: {} stood at {stood:?} and took {} to {}",
                                client.name, batch.from, batch.to
                            ));
                        }
                        client.look().await?;
                    }
                    // Of a poll that nobody waits for any more, it says nothing of the cursor held now.
                    Err(error) if error.is_gone() && waited => {
                        self.trace.say("     the cursor is gone".to_owned());
                        client.steps().gone().await.map_err(|error| error.to_string())?;
                    }
                    Err(error) if error.is_gone() => {}
                    Err(error) => return Err(format!("a poll of {} failed: {error}", client.name)),
                }
                client.look_at_outbox().await
            }
            Asked::Digest => {
                let Some(answer) = answer else { return Ok(()) };
                let Ok(digest) = read::<Digest>(&answer) else { return Ok(()) };
                match client.steps().compare(&digest).await.map_err(|error| error.to_string())? {
                    // A batch has rows as they stand when it is read: those may be newer than a digest that was longer on its way.
                    Some(differing) if !differing.is_empty() && answer.step >= client.rows_of => {
                        Err(format!("digest differs at one cursor: {} in {differing:?}", client.name))
                    }
                    _ => Ok(()),
                }
            }
            Asked::Messages => {
                let Some(Ok(page)) = answer.map(|answer| read::<MessageList>(&answer)) else { return Ok(()) };
                client.steps().messages(&page.messages).await.map_err(|error| error.to_string())?;
                client.look().await.map(drop)
            }
        }
    }
}

/// A batch in short: from where to where in the feed, and what it tells.
pub fn words(batch: &Batch) -> String {
    let changes: Vec<_> =
        batch.changes.iter().map(|change| format!("{:?} {} {} v{}", change.op, change.kind.as_str(), change.id, change.version)).collect();
    format!("{} to {}: {}", place(&batch.from), place(&batch.to), changes.join(", "))
}

/// Answers to commands in short.
pub fn told(answers: &[CommandAnswer]) -> String {
    let one = |answer: &CommandAnswer| match (&answer.refusal, &answer.result) {
        (Some(refusal), _) => format!("{} {}", answer.key, refusal.code),
        (None, result) => {
            let result = result.clone().unwrap_or_default();
            format!("{} v{} at {}, replayed: {}", answer.key, result.version.unwrap_or(0), place(&answer.cursor), answer.replayed)
        }
    };
    answers.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn place(cursor: &str) -> String {
    URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// What an answer says, as the real client reads it.
pub fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, ApiError> {
    if answer.status != 200 {
        return Err(ApiError::answered("", answer.status, answer.retry_after, answer.body.as_bytes()));
    }
    serde_json::from_str(&answer.body).map_err(|_| ApiError::Foreign { url: String::new(), status: answer.status })
}

impl Client {
    /// Notes what the server says of each command; it may not say one thing now and another then.
    pub fn hear(&mut self, answers: &[CommandAnswer]) -> Result<(), String> {
        let name = self.name.clone();
        for answer in answers {
            let Some(op) = self.op(answer.key) else { continue };
            let end = match (&answer.refusal, &answer.result) {
                (Some(refusal), _) => End::Refused(refusal.clone()),
                (None, result) => End::Done(result.clone().unwrap_or_default()),
            };
            let agrees = match (&op.end, &end) {
                (End::Open, _) => true,
                (End::Done(before), End::Done(now)) => before == now,
                (End::Refused(before), End::Refused(now)) => before.code == now.code,
                (End::TakenBack, _) => return Err(format!("a command of {name} that was taken back was answered: {end:?}")),
                _ => false,
            };
            if !agrees && !op.may_be_lost {
                return Err(format!("two answers to one key: {} of {name} was {:?} and then {end:?}", op.command.name(), op.end));
            }
            // What was refused lies in the tray: a copy of it that a restored desk takes does not take it out (docs/reliability.md).
            if !matches!(op.end, End::Refused(_)) {
                op.end = end;
            }
            let key = answer.key;
            self.events.push(match (&answer.refusal, &answer.result) {
                (Some(refusal), _) => Event::Refused { key, refusal: refusal.clone() },
                (None, result) => {
                    let result = Box::new(result.clone().unwrap_or_default());
                    Event::Done { key, result, replayed: answer.replayed }
                }
            });
        }
        Ok(())
    }

    /// What turned out never to have left may be taken back again, if it was not sent before.
    fn unsend(&mut self, handed: &dutydesk::client::steps::Handed) {
        for key in handed.first() {
            if let Some(op) = self.op(*key) {
                op.handed = false;
            }
        }
    }
}
