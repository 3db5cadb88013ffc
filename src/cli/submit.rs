//! Commands on their way to the server, and the texts that people write into them.

use std::io::{IsTerminal, Read};

use super::error::CliError;
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::domain::command::{Command, CommandResult, Submission};
use crate::wire::command::Submissions;

/// Does one command, with a fresh key. `base_version` for those that compare and set.
///
/// # Errors
/// When it is refused, or the server cannot be reached.
pub async fn submit(api: &Api, base_version: Option<i64>, command: Command) -> Result<CommandResult, CliError> {
    let mut results = submit_all(api, vec![(base_version, command)]).await?;
    results.pop().ok_or_else(|| CliError::failed("The server answered no command: is it of another version?"))
}

/// Does commands in order; those after a refused one are done as well.
///
/// # Errors
/// The first refusal, or that the server cannot be reached.
pub async fn submit_all(api: &Api, commands: Vec<(Option<i64>, Command)>) -> Result<Vec<CommandResult>, CliError> {
    let made = |(base_version, command)| Submission { key: new_id().into(), base_version, expires_at: None, command };
    let submissions = Submissions { commands: commands.into_iter().map(made).collect(), source: Some("cli".to_owned()) };
    let answers = api.submit(&submissions).await?.answers;
    answers
        .into_iter()
        .map(|answer| match answer.refusal {
            Some(refusal) => Err(refusal.into()),
            None => Ok(answer.result.unwrap_or_default()),
        })
        .collect()
}

/// A text as given, or from stdin for `-` and when stdin is a file or a pipe.
///
/// # Errors
/// When there is none, or stdin is not UTF-8.
pub fn text_or_stdin(given: Option<String>) -> Result<String, CliError> {
    if let Some(text) = given.filter(|text| text != "-") {
        return Ok(text);
    }
    let mut stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Err(CliError::usage("There is no text: write it after the command, or pipe it in."));
    }
    let mut text = String::new();
    stdin.read_to_string(&mut text).map_err(|error| CliError::usage(format!("The text cannot be read from stdin: {error}.")))?;
    Ok(text.trim_end().to_owned())
}
