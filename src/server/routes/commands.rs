//! `POST /api/v1/commands`: the door of consoles and programs that send many.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::acting;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{Source, execute};
use crate::server::extract::Body;
use crate::server::feed::cursor;
use crate::server::state::Desk;
use crate::store::Receipt;
use crate::wire::command::{Answer, Answers, COMMANDS_MAX, Submissions};
use crate::wire::problem::Problem;

/// Do up to 100 commands, one by one, in order. A refusal is an answer: it stops nothing after it.
#[utoipa::path(post, path = "/api/v1/commands", tag = "commands", request_body = Submissions, responses(
    (status = 200, description = "An answer for each, in order", body = Answers),
    (status = 401, body = Problem), (status = 413, body = Problem),
    (status = 422, description = "Not commands, or too many", body = Problem), (status = 503, body = Problem)))]
pub async fn commands(State(desk): State<Desk>, who: SignedIn, Body(body): Body<Submissions>) -> ApiResult<Json<Answers>> {
    if body.commands.len() > COMMANDS_MAX {
        let found = body.commands.len();
        let why = format!("{found} commands at once are too many: send at most {COMMANDS_MAX}.");
        return Err(ApiProblem {
            field: Some("commands".to_owned()),
            ..ApiProblem::new(StatusCode::UNPROCESSABLE_ENTITY, "too_many", why)
        });
    }
    let source = Source::from_client(body.source.as_deref());
    let actor = acting(who.person);
    let mut answers = Vec::with_capacity(body.commands.len());
    for submission in body.commands {
        let key = submission.key;
        let receipt = execute(&desk, &actor, source, submission).await?;
        answers.push(answer(key, receipt));
    }
    Ok(Json(Answers { answers }))
}

/// A receipt in the wire's words.
pub fn answer(key: crate::domain::id::CommandKey, receipt: Receipt) -> Answer {
    let (result, refusal) = match receipt.answer {
        Ok(result) => (Some(result), None),
        Err(refusal) => (None, Some(refusal)),
    };
    Answer { key, cursor: cursor::encode(receipt.position), result, refusal, replayed: receipt.replayed }
}
