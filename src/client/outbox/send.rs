//! Sends what waits in the outbox: in order, in batches, again after trouble. Never gives up and never drops.

use std::collections::HashSet;
use std::time::Duration;

use crate::base::backoff::Backoff;
use crate::client::api::{Api, ApiError, Retry};
use crate::client::core::Core;
use crate::client::error::CacheError;
use crate::client::view::{Changed, Link};
use crate::domain::Refusal;
use crate::domain::command::Submission;
use crate::domain::id::CommandKey;
use crate::domain::refusal::RefusalKind;
use crate::wire::command::{Answer, COMMANDS_MAX, Submissions};

/// What to do after one round.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing waits.
    Rest,
    /// More may wait.
    Again,
    /// Trouble: not before this.
    Later(Duration),
    /// The token is no good any more.
    SignIn,
}

/// Runs until the desk closes.
pub(crate) async fn run(core: &Core, api: &Api) {
    let mut backoff = Backoff::new(core.timing.backoff, core.timing.backoff_max);
    loop {
        let next = round(core, api).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the outbox cannot be read or written");
            Next::Later(Duration::ZERO)
        });
        match next {
            Next::Again => backoff.reset(),
            Next::Rest => {
                backoff.reset();
                core.outbox_wake.notified().await;
            }
            Next::SignIn => {
                core.set_link(Link::SignedOut);
                core.outbox_wake.notified().await;
            }
            // Woken early when the link comes back, but never before the server's own Retry-After.
            Next::Later(floor) => {
                let wait = backoff.next(floor, rand::random());
                tokio::time::sleep(floor).await;
                let _ = tokio::time::timeout(wait.saturating_sub(floor), core.link_back.notified()).await;
            }
        }
    }
}

/// Bytes of commands handed over at once (one is, whatever its size): what a thin link carries in some seconds.
const BATCH_BYTES: usize = 64 * 1024;

async fn round(core: &Core, api: &Api) -> Result<Next, CacheError> {
    let Some(handed) = hand(core).await? else { return Ok(Next::Rest) };
    let next = match take(core, &handed, send(api, &handed.commands).await).await? {
        Some(next) => next,
        None => one_by_one(core, api, &handed.commands).await?,
    };
    tell(core, &handed).await;
    Ok(next)
}

/// Commands on their way to the server.
#[derive(Clone, Debug)]
pub struct Handed {
    pub commands: Vec<Submission>,
    /// The keys of those that never were before.
    first: Vec<CommandKey>,
}

impl Handed {
    /// The keys that were handed over for the first time.
    #[must_use]
    pub fn first(&self) -> &[CommandKey] {
        &self.first
    }
}

/// What came of handing commands over; `None`: they were refused as a whole, and each has to be tried by itself.
pub(crate) async fn take(core: &Core, handed: &Handed, answered: Result<Vec<Answer>, ApiError>) -> Result<Option<Next>, CacheError> {
    match answered {
        Ok(answers) => {
            let known = answers.iter().any(|answer| handed.commands.iter().any(|sent| sent.key == answer.key));
            note(core, &answers).await?;
            // Answers to nothing we asked would have us ask for ever at full speed.
            Ok(Some(if known { Next::Again } else { Next::Later(Duration::from_secs(1)) }))
        }
        Err(error) => {
            if error.never_arrived() {
                core.handed.lock().await.retain(|key| !handed.first.contains(key));
            }
            Ok(match error.retry() {
                // Nobody has read the commands: they wait.
                Retry::AfterUpdate => Some(Next::Later(core.timing.backoff_max)),
                Retry::After(floor) => Some(Next::Later(floor)),
                Retry::AfterSignIn => Some(Next::SignIn),
                Retry::Never => None,
            })
        }
    }
}

/// Tells the screen which tickets the answers were about.
pub(crate) async fn tell(core: &Core, handed: &Handed) {
    let tickets = handed.commands.iter().filter_map(|sent| sent.command.ticket()).collect();
    core.outbox_changed(Changed { outbox: true, tickets, ..Changed::default() }).await;
}

async fn note(core: &Core, answers: &[Answer]) -> Result<(), CacheError> {
    // Noted first: what is made from here on must know of it, for `record` moves only what waits already.
    core.own_edits.note(answers);
    super::record(&core.cache, answers).await?;
    answered(core, answers).await;
    Ok(())
}

/// What waits, and the keys that are handed to the server for the first time. From here on these may have reached it, whatever it
/// answers: they cannot be taken back any more, unless it turns out that nothing left this machine.
pub(crate) async fn hand(core: &Core) -> Result<Option<Handed>, CacheError> {
    let mut handed = core.handed.lock().await;
    let limit = i64::try_from(COMMANDS_MAX).unwrap_or(i64::MAX);
    let mut commands = super::waiting(&core.cache, limit).await?;
    commands.truncate(at_once(&commands));
    let first = commands.iter().map(|sent| sent.key).filter(|key| handed.insert(*key)).collect();
    Ok((!commands.is_empty()).then_some(Handed { commands, first }))
}

/// How many of the first commands go together. One that is compared waits for the answers to earlier ones on its ticket: these tell
/// the version that it is to be compared with.
fn at_once(commands: &[Submission]) -> usize {
    let (mut bytes, mut tickets) = (0, HashSet::new());
    let goes = |one: &&Submission| {
        bytes += serde_json::to_vec(one).map_or(BATCH_BYTES, |body| body.len());
        let fresh = one.command.ticket().is_none_or(|ticket| tickets.insert(ticket));
        bytes <= BATCH_BYTES && (fresh || one.base_version.is_none())
    };
    commands.iter().take_while(goes).count().max(1)
}

/// What was answered waits no more, so nobody asks whether it was sent.
async fn answered(core: &Core, answers: &[Answer]) {
    let mut handed = core.handed.lock().await;
    for answer in answers {
        handed.remove(&answer.key);
    }
}

async fn send(api: &Api, commands: &[Submission]) -> Result<Vec<Answer>, ApiError> {
    let submissions = Submissions { commands: commands.to_vec(), source: Some("console".to_owned()) };
    Ok(api.submit(&submissions).await?.answers)
}

/// The server refused to read the batch as a whole: finds the command at fault, so that it does not hold up the others.
async fn one_by_one(core: &Core, api: &Api, commands: &[Submission]) -> Result<Next, CacheError> {
    let (mut stuck, mut next) = (Vec::new(), Next::Again);
    for command in commands {
        // What follows on the same ticket was meant to come after.
        if command.command.ticket().is_some_and(|ticket| stuck.contains(&ticket)) {
            continue;
        }
        let answers = match send(api, std::slice::from_ref(command)).await {
            Ok(answers) => answers,
            Err(error) => match error.retry() {
                Retry::After(floor) => return Ok(Next::Later(floor)),
                Retry::AfterUpdate => return Ok(Next::Later(core.timing.backoff_max)),
                Retry::AfterSignIn => return Ok(Next::SignIn),
                // Something in between finds this one too large: nobody of ours has read it, so it waits, and the others go.
                Retry::Never if matches!(error, ApiError::Foreign { status: 413 | 414 | 431, .. }) => {
                    tracing::warn!(%error, key = %command.key, "a command does not get through");
                    stuck.extend(command.command.ticket());
                    next = Next::Later(Duration::ZERO);
                    continue;
                }
                // Something else than a desk answers there: nobody has read the command, so it waits.
                Retry::Never if error.code().is_none() => return Ok(Next::Later(Duration::ZERO)),
                Retry::Never => vec![refused(command, &error)],
            },
        };
        note(core, &answers).await?;
    }
    Ok(next)
}

fn refused(command: &Submission, error: &ApiError) -> Answer {
    let code = error.code().unwrap_or("refused");
    Answer {
        key: command.key,
        cursor: String::new(),
        result: None,
        refusal: Some(Refusal::new(RefusalKind::Invalid, code, error.to_string())),
        replayed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::Command;
    use crate::domain::id::TicketNumber;

    fn one(number: i64, tag: &str, base_version: Option<i64>) -> Submission {
        let command = Command::AddTag { number: TicketNumber(number), tag: tag.to_owned() };
        Submission { key: CommandKey::default(), base_version, expires_at: None, command }
    }

    #[test]
    fn a_batch_ends_before_what_must_hear_of_earlier_ones_and_before_it_is_long() {
        let at_once = |commands: &[Submission]| super::at_once(commands);
        assert_eq!(at_once(&[one(1, "a", None), one(1, "b", None), one(2, "c", Some(1))]), 3);
        assert_eq!(at_once(&[one(1, "a", Some(4)), one(2, "b", Some(1)), one(1, "c", Some(4))]), 2, "its version is not known yet");
        let long = "long".repeat(BATCH_BYTES / 8);
        assert_eq!(at_once(&[one(1, "a", None), one(1, &long, None), one(1, &long, None)]), 2);
        assert_eq!(at_once(&[one(1, &long.repeat(4), None), one(1, "a", None)]), 1, "one goes, whatever its length");
    }
}
