//! The message of `ticket reply` and `ticket note`: its text, what it answers, and for whom it is.

use crate::base::clock::new_id;
use crate::cli::error::CliError;
use crate::cli::names::with_query;
use crate::cli::place::message;
use crate::cli::submit::text_or_stdin;
use crate::client::api::Api;
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Status;
use crate::wire::snippet::SnippetFilled;

#[derive(Debug, clap::Args)]
pub struct Said {
    /// From stdin when absent or `-`.
    text: Option<String>,
    /// Say what a snippet says, as listed by `dutydesk snippet list`.
    #[arg(long, value_name = "KEY", conflicts_with = "text")]
    snippet: Option<String>,
    /// The snippet in this language instead of the requester's.
    #[arg(long, value_name = "TAG", requires = "snippet")]
    snippet_language: Option<String>,
    /// The message it answers: its number, as shown before each message, or its id.
    #[arg(long, value_name = "MESSAGE")]
    reply_to: Option<String>,
}

/// The command that posts it.
///
/// # Errors
/// When there is no text, snippet or answered message, or the snippet leaves something empty.
pub async fn post(
    api: &Api,
    number: TicketNumber,
    said: Said,
    visibility: Visibility,
    status: Option<Status>,
) -> Result<Command, CliError> {
    let target = MessageTarget::Ticket { number };
    let text = match &said.snippet {
        Some(key) => filled(api, number, key, said.snippet_language).await?,
        None => text_or_stdin(said.text)?,
    };
    let reply_to = match &said.reply_to {
        Some(typed) => Some(message(api, target, typed).await?),
        None => None,
    };
    Ok(Command::PostMessage(Box::new(PostMessage { status, reply_to, ..PostMessage::new(target, new_id().into(), visibility, text) })))
}

async fn filled(api: &Api, number: TicketNumber, key: &str, language: Option<String>) -> Result<String, CliError> {
    // A key is letters, digits and dashes: what is typed otherwise is no key, and must not reach into the path.
    let key: String = key.chars().filter(|c| c.is_alphanumeric() || *c == '-').collect();
    let path = with_query(&format!("/api/v1/tickets/{number}/snippets/{key}"), &[("language", language)]);
    let filled: SnippetFilled = api.get(&path).await?;
    if !filled.empty.is_empty() {
        let names: Vec<String> = filled.empty.iter().map(|name| format!("{{{{{name}}}}}")).collect();
        let why = format!("The snippet's {} say nothing for #{number}: write the text yourself.", names.join(", "));
        return Err(CliError::usage(why));
    }
    Ok(filled.text)
}
