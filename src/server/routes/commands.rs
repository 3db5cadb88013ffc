//! `POST /api/v1/commands`: the door of consoles and programs that send many.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::acting;
use crate::domain::Refusal;
use crate::domain::command::Submission;
use crate::domain::id::CommandKey;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{Source, execute};
use crate::server::extract::Body;
use crate::server::feed::cursor;
use crate::server::state::Desk;
use crate::store::{Receipt, StoreError};
use crate::wire::command::{Answer, Answers, COMMANDS_MAX, Submissions};
use crate::wire::problem::Problem;

/// The body as it is read: one command that this server does not know must not hold up the others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unread {
    commands: Vec<Box<RawValue>>,
    #[serde(default)]
    source: Option<String>,
}

/// Do up to 100 commands, one by one, in order. A refusal is an answer: it stops nothing after it.
#[utoipa::path(post, path = "/api/v1/commands", tag = "commands", request_body = Submissions, responses(
    (status = 200, description = "An answer for each, in order", body = Answers),
    (status = 401, body = Problem), (status = 413, body = Problem),
    (status = 422, description = "Not commands, or too many", body = Problem), (status = 503, body = Problem)))]
pub async fn commands(State(desk): State<Desk>, who: SignedIn, Body(body): Body<Unread>) -> ApiResult<Json<Answers>> {
    if body.commands.len() > COMMANDS_MAX {
        let found = body.commands.len();
        let why = format!("{found} commands at once are too many: send at most {COMMANDS_MAX}.");
        return Err(ApiProblem {
            field: Some("commands".to_owned()),
            ..ApiProblem::new(StatusCode::UNPROCESSABLE_ENTITY, "too_many", why)
        });
    }
    // All are looked at before the first is done: without a key there is nobody to answer to.
    let submissions = body.commands.iter().enumerate().map(|(at, text)| read(at, text)).collect::<ApiResult<Vec<_>>>()?;
    let source = Source::from_client(body.source.as_deref());
    let actor = acting(who.person);
    let mut answers = Vec::with_capacity(submissions.len());
    for submission in submissions {
        let submission = match submission {
            Ok(submission) => submission,
            Err((key, refusal)) => {
                let cursor = cursor::encode(desk.hub.head());
                answers.push(Answer { key, cursor, result: None, refusal: Some(refusal), replayed: false });
                continue;
            }
        };
        let key = submission.key;
        match execute(&desk, &actor, source, submission).await {
            Ok(receipt) => answers.push(answer(key, receipt)),
            // Asked again it would fail again, and hold up what comes after it for ever.
            Err(error @ StoreError::RuleFailed) => answers.push(failed(&desk, key, &error)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Json(Answers { answers }))
}

/// A submission, or the refusal of one that cannot be read: not kept under its key, so that it may be sent again once this server
/// knows it.
fn read(at: usize, text: &RawValue) -> ApiResult<Result<Submission, (CommandKey, Refusal)>> {
    #[derive(Deserialize)]
    struct Known {
        key: CommandKey,
        #[serde(default)]
        command: Value,
    }
    let error = match serde_json::from_str(text.get()) {
        Ok(submission) => return Ok(Ok(submission)),
        Err(error) => error.to_string(),
    };
    let known: Known = serde_json::from_str(text.get()).map_err(|error| ApiProblem {
        field: Some("commands".to_owned()),
        ..ApiProblem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", format!("Command {} is not a submission: {error}.", at + 1))
    })?;
    let name = known.command.get("type").and_then(Value::as_str).unwrap_or_default();
    let refusal = if error.starts_with(&format!("unknown variant `{name}`")) {
        let why =
            format!("This server does not know the command `{name}`: it is older than the client. Have it updated, then send this again.");
        Refusal::invalid("unknown_command", "type", why)
    } else {
        Refusal::invalid("invalid", "command", format!("The command `{name}` cannot be read: {error}."))
    };
    Ok(Err((known.key, refusal)))
}

/// A refusal that is not kept under its key: a mended server may do it.
fn failed(desk: &Desk, key: CommandKey, error: &StoreError) -> Answer {
    let refusal = Refusal::conflict("rule_failed", format!("This was not done, {error}."));
    Answer { key, cursor: cursor::encode(desk.hub.head()), result: None, refusal: Some(refusal), replayed: false }
}

/// A receipt in the wire's words.
pub fn answer(key: crate::domain::id::CommandKey, receipt: Receipt) -> Answer {
    let (result, refusal) = match receipt.answer {
        Ok(result) => (Some(result), None),
        Err(refusal) => (None, Some(refusal)),
    };
    Answer { key, cursor: cursor::encode(receipt.position), result, refusal, replayed: receipt.replayed }
}
