//! The only caller of the rules: names the rows a command needs, hands rule and rows to the store, answers.

use axum::http::StatusCode;
use sha2::{Digest, Sha256};

use super::error::{ApiProblem, ApiResult};
use super::state::Desk;
use crate::base::clock::new_id;
use crate::base::safeguard::Safeguard;
use crate::domain::command::{Actor, Command, CommandResult, Context, Submission, decide, needs};
use crate::domain::id::CommandKey;
use crate::domain::{Refusal, Timestamp};
use crate::store::{Idempotency, Receipt, StoreError, Work};

/// Where a command came from, for the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Console,
    Cli,
    Api,
    Intake,
    Import,
    Job,
}

impl Source {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::Cli => "cli",
            Self::Api => "api",
            Self::Intake => "intake",
            Self::Import => "import",
            Self::Job => "job",
        }
    }

    /// What a client may say of itself; `api` for anything else.
    #[must_use]
    pub fn from_client(word: Option<&str>) -> Self {
        match word {
            Some("console") => Self::Console,
            Some("cli") => Self::Cli,
            Some("import") => Self::Import,
            _ => Self::Api,
        }
    }
}

/// Does what `submission` says, for `actor`.
///
/// # Errors
/// When the store fails; a refusal is an answer within the receipt.
pub async fn execute(desk: &Desk, actor: &Actor, source: Source, submission: Submission) -> Result<Receipt, StoreError> {
    let name = submission.command.name();
    if let (Actor::Person(person), true) = (actor, source != Source::Job) {
        desk.presences.touch(person.id, desk.clock.now());
    }
    let directory = changes_directory(&submission.command);
    let receipt = desk.store.execute(work(desk, actor, source, submission)).await?;
    count(desk, name, &receipt);
    reload_after(desk, directory, std::slice::from_ref(&receipt)).await;
    Ok(receipt)
}

/// Whether the command changes what the server keeps in memory.
fn changes_directory(command: &Command) -> bool {
    matches!(
        command,
        Command::PutPerson(_)
            | Command::PutQueue(_)
            | Command::PutSite(_)
            | Command::PutRota(_)
            | Command::PutRosterChange(_)
            | Command::CancelRosterChange { .. }
            | Command::AnswerRosterChange { .. }
            | Command::PutRosterPlan(_)
            | Command::PutCalendar(_)
            | Command::PutWebhook(_)
            | Command::PutIntakeChannel(_)
            | Command::PutSnippet(_)
            | Command::PutSavedView(_)
            | Command::PutNoticeSettings(_)
    )
}

/// Who makes a queue and then a ticket in it must not be told that there is no such queue: the answer comes after the
/// directory has been read anew, not when the feed gets round to it.
async fn reload_after(desk: &Desk, directory: bool, receipts: &[Receipt]) {
    let moved = directory && receipts.iter().any(|receipt| receipt.answer.is_ok() && !receipt.replayed);
    if moved && let Err(error) = desk.reload_directory().await {
        tracing::warn!(%error, "the directory cannot be read; the feed will try again");
    }
}

/// Does many, in order, in few transactions.
///
/// # Errors
/// When the store fails: then none of the last transaction is done.
pub async fn execute_all(desk: &Desk, actor: &Actor, source: Source, submissions: Vec<Submission>) -> Result<Vec<Receipt>, StoreError> {
    let names: Vec<_> = submissions.iter().map(|submission| submission.command.name()).collect();
    let directory = submissions.iter().any(|submission| changes_directory(&submission.command));
    let works = submissions.into_iter().map(|submission| work(desk, actor, source, submission)).collect();
    let receipts = desk.store.execute_all(works).await?;
    for (name, receipt) in names.into_iter().zip(&receipts) {
        count(desk, name, receipt);
    }
    reload_after(desk, directory, &receipts).await;
    Ok(receipts)
}

/// Does one command of a person for a plain resource, under the request's idempotency key.
///
/// # Errors
/// A refusal or a failure, as a problem.
pub async fn perform(
    desk: &Desk,
    actor: &Actor,
    key: Option<CommandKey>,
    base_version: Option<i64>,
    command: Command,
) -> ApiResult<CommandResult> {
    let key = key.unwrap_or_else(|| new_id().into());
    let submission = Submission { key, base_version, expires_at: None, command };
    Ok(execute(desk, actor, Source::Api, submission).await?.answer?)
}

fn count(desk: &Desk, name: &str, receipt: &Receipt) {
    let answer = match &receipt.answer {
        _ if receipt.replayed => "replayed".to_owned(),
        Ok(_) => "done".to_owned(),
        Err(refusal) => refusal.code.clone(),
    };
    desk.metrics.commands.get_or_create(&vec![("type".to_owned(), name.to_owned()), ("answer".to_owned(), answer)]).inc();
}

fn work(desk: &Desk, actor: &Actor, source: Source, submission: Submission) -> Work {
    let now = desk.clock.now();
    let idempotency = Idempotency { key: submission.key, fingerprint: fingerprint(actor, &submission.command) };
    let Submission { base_version, expires_at, command, .. } = submission;
    let base_version = base_version.filter(|_| Safeguard::BaseVersion.holds());
    let needs = needs(&command, actor.person().map(|person| person.id));
    let directory = desk.directory();
    let duty = asks_who_is_on_duty(&command).then(|| desk.duty(&directory, now));
    let actor = actor.clone();
    // The desk's own reconcilers ask the same again at will: keeping their answers would keep them from acting.
    let keep = !matches!(actor, Actor::Desk { .. });
    let decide = Box::new(move |facts: &crate::domain::command::Facts| {
        expired(expires_at, now)?;
        let (directory, duty) = (&*directory, duty.as_deref());
        let context = Context { now, actor: &actor, source: source.as_str(), base_version, directory, duty, new_id: &new_id };
        decide(&command, facts, &context)
    });
    Work { idempotency: keep.then_some(idempotency), needs, decide, now }
}

/// Whether the rule asks who is on duty: it is worked out once for all of a storm.
fn asks_who_is_on_duty(command: &Command) -> bool {
    match command {
        Command::AutoAssign { .. }
        | Command::ReturnTicket { .. }
        | Command::ReceiveMessage(_)
        | Command::Escalate(_)
        | Command::AnswerEscalation { .. }
        | Command::PassEscalation { .. }
        | Command::FireSlaSteps { .. } => true,
        // A duty role may be meant.
        Command::PostMessage(post) => post.text.contains('@'),
        Command::EditMessage { text, .. } => text.contains('@'),
        _ => false,
    }
}

fn expired(expires_at: Option<Timestamp>, now: Timestamp) -> Result<(), Refusal> {
    match expires_at {
        Some(at) if now > at => Err(Refusal::conflict(
            "expired",
            "This waited too long to be sent and was not done: look again, and repeat it if you still want it.",
        )),
        _ => Ok(()),
    }
}

/// Who wants what. The version that it was made from is no part of it: a client whose own earlier command was answered meanwhile
/// compares with a later one when it sends a lost command again, and must find the answer given then.
fn fingerprint(actor: &Actor, command: &Command) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(format!("{:?}", actor.to_audit()));
    hash.update(serde_json::to_vec(command).expect("commands are plain data"));
    hash.finalize().into()
}

/// The `Idempotency-Key` header, when there is one.
///
/// # Errors
/// When it is not a UUID.
pub fn idempotency_key(headers: &axum::http::HeaderMap) -> ApiResult<Option<CommandKey>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().and_then(|text| text.parse().ok());
    key.map(Some).ok_or_else(|| ApiProblem::new(StatusCode::BAD_REQUEST, "invalid", "The Idempotency-Key header must be a UUID."))
}
