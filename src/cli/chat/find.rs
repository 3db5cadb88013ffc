//! `dutydesk chat search`: messages by what they say.

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names::{self, with_query};
use crate::cli::words::local;
use crate::domain::conversation::Author;
use crate::domain::id::TicketNumber;
use crate::wire::message::MessageHits;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Part of the text, whatever the case.
    #[arg(required_unless_present_any = ["pinned", "author"])]
    text: Option<String>,
    /// Only of this channel's title, @handle, or id.
    #[arg(long, conflicts_with = "ticket")]
    conversation: Option<String>,
    /// Only of this ticket.
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<TicketNumber>,
    /// Only by this person: a handle, or `me`.
    #[arg(long, value_name = "HANDLE")]
    author: Option<String>,
    /// Only pinned ones.
    #[arg(long)]
    pinned: bool,
    /// 1 to 100.
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: u32,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let conversation = match &args.conversation {
        Some(typed) => Some(names::conversation(&api, typed).await?.id.to_string()),
        None => None,
    };
    let query = [
        ("text", args.text),
        ("conversation", conversation),
        ("ticket", args.ticket.map(|number| number.0.to_string())),
        ("author", args.author.map(|handle| handle.trim_start_matches('@').to_owned())),
        ("pinned", args.pinned.then(|| "true".to_owned())),
        ("limit", Some(args.limit.to_string())),
    ];
    let found: MessageHits = api.get(&with_query("/api/v1/messages", &query)).await?;
    let people = if global.json { Vec::new() } else { names::people(&api).await? };
    global.out.list(&found.hits, &["AT", "WHERE", "NO", "WHO", "TEXT"], |hit| {
        let message = &hit.message;
        let place = message.ticket.map_or_else(|| message.conversation.to_string(), |number| format!("#{number}"));
        let author = match &message.author {
            Author::Person { id } => format!("@{}", names::handle_of(&people, *id)),
            Author::Requester { name, .. } => name.clone(),
            Author::System => "the desk".to_owned(),
        };
        vec![local(message.created_at), place, message.seq.to_string(), author, message.text.clone()]
    })?;
    if found.more && !global.json {
        global.out.line("There are more: narrow the search.")?;
    }
    Ok(())
}
