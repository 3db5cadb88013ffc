//! `POST /api/v1/import`: many commands as JSON Lines, done in large transactions. For administrators.

use axum::Json;
use axum::extract::State;
use bytes::Bytes;

use super::acting;
use super::commands::answer;
use crate::domain::command::Submission;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::wire::command::Answers;
use crate::wire::problem::Problem;

/// Lines of one call.
const LINES_MAX: usize = 5_000;
/// Units of one transaction.
const CHUNK: usize = 500;

/// Do many commands, a JSON object a line. Each is all or nothing on its own; a refusal stops nothing after it.
#[utoipa::path(post, path = "/api/v1/import", tag = "commands",
    request_body(content = Submission, content_type = "application/jsonl", description = "One submission a line, at most 5,000 lines and 16 MiB"), responses(
    (status = 200, description = "An answer for each line, in order", body = Answers),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 413, body = Problem),
    (status = 422, description = "A line is not a submission; nothing was done", body = Problem), (status = 503, body = Problem)))]
pub async fn import(State(desk): State<Desk>, who: SignedIn, body: Bytes) -> ApiResult<Json<Answers>> {
    who.require_admin()?;
    let mut submissions = read_lines(&body)?;
    let actor = acting(who.person);
    let mut answers = Vec::with_capacity(submissions.len());
    while !submissions.is_empty() {
        let rest = submissions.split_off(submissions.len().min(CHUNK));
        let chunk = std::mem::replace(&mut submissions, rest);
        let keys: Vec<_> = chunk.iter().map(|submission| submission.key).collect();
        let receipts = execute_all(&desk, &actor, Source::Import, chunk).await?;
        answers.extend(keys.into_iter().zip(receipts).map(|(key, receipt)| answer(key, receipt)));
    }
    Ok(Json(Answers { answers }))
}

fn read_lines(body: &[u8]) -> ApiResult<Vec<Submission>> {
    let lines = body.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    let mut submissions = Vec::new();
    for (at, line) in lines {
        if submissions.len() == LINES_MAX {
            return Err(ApiProblem::invalid("body", format!("At most {LINES_MAX} lines at once.")));
        }
        let read = serde_json::from_slice(line);
        submissions.push(read.map_err(|error| ApiProblem::invalid("body", format!("Line {} is not a submission: {error}.", at + 1)))?);
    }
    Ok(submissions)
}
