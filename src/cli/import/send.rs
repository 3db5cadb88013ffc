//! Rows on their way to the server: in chunks, sent again while the server is busy, answers sorted by row.

use std::time::Duration;

use bytes::Bytes;

use super::read::BadRow;
use crate::cli::error::CliError;
use crate::client::api::{Api, ApiError, Retry};
use crate::domain::command::{Command, Submission};
use crate::domain::id::CommandKey;
use crate::wire::command::{Answer, Answers};

const ROWS_MAX: usize = 500;
const BYTES_MAX: usize = 8 * 1024 * 1024;
const ATTEMPTS: u32 = 6;

/// A row as a command.
pub struct Ready {
    pub line: u64,
    pub key: CommandKey,
    pub command: Command,
}

/// What became of the rows.
#[derive(Debug, Default, serde::Serialize)]
pub struct Report {
    pub created: u64,
    pub unchanged: u64,
    pub refused: u64,
    /// Those refused, in order of line.
    pub bad: Vec<BadRow>,
}

#[derive(Default)]
struct Chunk {
    lines: Vec<u64>,
    body: Vec<u8>,
}

/// Sends all; `progress` is told how many more are answered.
///
/// # Errors
/// When the server does not answer or refuses the whole: what was answered before is in.
pub async fn send(api: &Api, rows: Vec<Ready>, report: &mut Report, progress: impl Fn(usize)) -> Result<(), CliError> {
    let mut chunk = Chunk::default();
    for row in rows {
        let Ready { line, key, command } = row;
        let body = serde_json::to_vec(&Submission { key, base_version: None, expires_at: None, command });
        let body = body.map_err(|error| CliError::failed(format!("Line {line} cannot be written as JSON: {error}.")))?;
        if body.len() >= BYTES_MAX {
            report.bad.push(BadRow::new(line, format!("The row has {} MiB: shorten it.", body.len() / 1024 / 1024)));
            progress(1);
            continue;
        }
        if chunk.lines.len() == ROWS_MAX || chunk.body.len() + body.len() > BYTES_MAX {
            flush(api, std::mem::take(&mut chunk), report, &progress).await?;
        }
        chunk.lines.push(line);
        chunk.body.extend(body);
        chunk.body.push(b'\n');
    }
    flush(api, chunk, report, &progress).await
}

async fn flush(api: &Api, chunk: Chunk, report: &mut Report, progress: &impl Fn(usize)) -> Result<(), CliError> {
    if chunk.lines.is_empty() {
        return Ok(());
    }
    let answers = post(api, chunk.body.into()).await?;
    for (line, answer) in chunk.lines.iter().zip(answers.answers) {
        count(*line, answer, report);
    }
    progress(chunk.lines.len());
    Ok(())
}

fn count(line: u64, answer: Answer, report: &mut Report) {
    match answer.refusal {
        // The key is made of the row: it was done before, with another instant in it.
        Some(refusal) if refusal.code == "key_reused" => report.unchanged += 1,
        Some(refusal) => report.bad.push(BadRow::new(line, refusal.message)),
        None if answer.replayed || answer.result.is_some_and(|result| result.unchanged) => report.unchanged += 1,
        None => report.created += 1,
    }
}

/// The keys make it safe to send a chunk twice.
async fn post(api: &Api, body: Bytes) -> Result<Answers, ApiError> {
    for attempt in 1..ATTEMPTS {
        match api.import(body.clone()).await {
            Err(error) => match error.retry() {
                Retry::After(wait) => tokio::time::sleep(wait.max(Duration::from_millis(100) * 2_u32.pow(attempt))).await,
                Retry::Never | Retry::AfterSignIn | Retry::AfterUpdate => return Err(error),
            },
            done => return done,
        }
    }
    api.import(body).await
}
