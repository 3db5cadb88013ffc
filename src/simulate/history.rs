//! A history of tickets, to be replayed or to forecast from: JSON Lines or CSV text with `created_at`, `queue`, `kind`, `priority`.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::check::ScenarioError;
use crate::domain::ticket::{Kind, Priority};

/// A ticket as far as a history tells; fields beside these are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Past {
    /// RFC 3339.
    pub created_at: DateTime<Utc>,
    /// A queue's key.
    #[serde(default)]
    pub queue: String,
    #[serde(default)]
    pub kind: Kind,
    #[serde(default)]
    pub priority: Priority,
}

/// Reads a history and puts it in order of time.
///
/// # Errors
/// Names the line that is no ticket, or says that there is none.
pub fn parse(file: &str, text: &str) -> Result<Vec<Past>, ScenarioError> {
    let text = text.trim_start_matches('\u{feff}');
    let wrong = |line: usize, message: String| ScenarioError { file: file.to_owned(), line, message };
    let mut past = if text.trim_start().starts_with('{') {
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let read = lines.map(|(place, line)| {
            serde_json::from_str(line)
                .map_err(|error| wrong(place + 1, format!("{error}: write created_at (RFC 3339), queue, kind, priority.")))
        });
        read.collect::<Result<Vec<Past>, _>>()?
    } else {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let read = reader.deserialize().enumerate().map(|(place, row)| {
            row.map_err(|error| wrong(place + 2, format!("{error}: write columns created_at (RFC 3339), queue, kind, priority.")))
        });
        read.collect::<Result<Vec<Past>, _>>()?
    };
    if past.is_empty() {
        return Err(wrong(1, "there is no ticket in it: give JSON Lines or CSV with created_at, queue, kind, priority.".to_owned()));
    }
    past.sort_by_key(|past| past.created_at);
    Ok(past)
}
