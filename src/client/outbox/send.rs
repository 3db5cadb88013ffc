//! Sends what waits in the outbox: in order, in batches, again after trouble. Never gives up and never drops.

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
enum Next {
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

async fn round(core: &Core, api: &Api) -> Result<Next, CacheError> {
    let limit = i64::try_from(COMMANDS_MAX).unwrap_or(i64::MAX);
    let (commands, first) = hand(core, limit).await?;
    if commands.is_empty() {
        return Ok(Next::Rest);
    }
    let next = match send(api, &commands).await {
        Ok(answers) => {
            let known = answers.iter().any(|answer| commands.iter().any(|sent| sent.key == answer.key));
            super::record(&core.cache, &answers).await?;
            core.own_edits.note(&answers);
            answered(core, &answers).await;
            // Answers to nothing we asked would have us ask for ever at full speed.
            if known { Next::Again } else { Next::Later(Duration::from_secs(1)) }
        }
        Err(error) => {
            if error.never_arrived() {
                core.handed.lock().await.retain(|key| !first.contains(key));
            }
            match error.retry() {
                // Nobody has read the commands: they wait for the update.
                _ if matches!(error, ApiError::Outdated { .. }) => Next::Later(core.timing.backoff_max),
                Retry::After(floor) => Next::Later(floor),
                Retry::AfterSignIn => Next::SignIn,
                Retry::Never => one_by_one(core, api, &commands).await?,
            }
        }
    };
    core.outbox_changed(Changed {
        outbox: true,
        tickets: commands.iter().filter_map(|sent| sent.command.ticket()).collect(),
        ..Changed::default()
    })
    .await;
    Ok(next)
}

/// What waits, and the keys that are handed to the server for the first time. From here on these may have reached it, whatever it
/// answers: they cannot be taken back any more, unless it turns out that nothing left this machine.
async fn hand(core: &Core, limit: i64) -> Result<(Vec<Submission>, Vec<CommandKey>), CacheError> {
    let mut handed = core.handed.lock().await;
    let commands = super::waiting(&core.cache, limit).await?;
    let first = commands.iter().map(|sent| sent.key).filter(|key| handed.insert(*key)).collect();
    Ok((commands, first))
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
    for command in commands {
        let answers = match send(api, std::slice::from_ref(command)).await {
            Ok(answers) => answers,
            Err(error) => match error.retry() {
                Retry::After(floor) => return Ok(Next::Later(floor)),
                Retry::AfterSignIn => return Ok(Next::SignIn),
                // Something else than a desk answers there: nobody has read the command, so it waits.
                Retry::Never if error.code().is_none() => return Ok(Next::Later(Duration::ZERO)),
                Retry::Never => vec![refused(command, &error)],
            },
        };
        super::record(&core.cache, &answers).await?;
        core.own_edits.note(&answers);
        answered(core, &answers).await;
    }
    Ok(Next::Again)
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
