//! `dutydesk ticket show`: the row, then the conversation.

use serde::Serialize;

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::messages;
use crate::cli::names;
use crate::cli::words::{local, maybe_local, word_of};
use crate::domain::conversation::Message;
use crate::domain::id::TicketNumber;
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::ticket::Ticket;

#[derive(Debug, clap::Args)]
pub struct Args {
    number: TicketNumber,
}

/// The API's row with its messages beside its fields.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    ticket: Ticket,
    messages: Vec<Message>,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let ticket = names::ticket(&api, args.number).await?;
    let messages = messages::whole(&api, args.number).await?;
    if global.json {
        return global.out.json(&Shown { ticket, messages });
    }
    let (queues, people) = (names::queues(&api).await?, names::people(&api).await?);
    global.out.line(&format!("#{} {}", ticket.number, ticket.subject))?;
    global.out.fields(&fields(&ticket, &queues, &people))?;
    messages::print_of(global, &messages, &people, Some(args.number))
}

fn fields(ticket: &Ticket, queues: &[Queue], people: &[Person]) -> Vec<(&'static str, String)> {
    let handle = |id| names::handle_of(people, id);
    let site = ticket.requester.site.as_ref().map(|site| format!(" ({} {}, {})", site.code, site.name, site.region)).unwrap_or_default();
    let links = ticket.links.iter().map(|link| format!("{} #{}", word_of(&link.kind), link.number));
    let own =
        ticket.fields.iter().map(|(name, value)| format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    let joined = |items: Vec<String>| items.join(", ");
    vec![
        ("status", word_of(&ticket.status)),
        ("priority", word_of(&ticket.priority)),
        ("kind", word_of(&ticket.kind)),
        ("queue", names::key_of(queues, ticket.queue)),
        ("tier", ticket.tier.to_string()),
        ("requester", format!("{}{site}", ticket.requester.name)),
        ("assignee", ticket.assignee.map_or_else(|| "-".to_owned(), handle)),
        ("waits", ticket.waits.as_ref().map(word_of).unwrap_or_default()),
        ("participants", joined(ticket.participants.iter().map(|id| handle(*id)).collect())),
        ("tags", ticket.tags.join(", ")),
        ("fields", joined(own.collect())),
        ("links", joined(links.collect())),
        ("merged into", ticket.merged_into.map(|number| format!("#{number}")).unwrap_or_default()),
        ("merged here", joined(ticket.merged.iter().map(|one| format!("#{}", one.number)).collect())),
        ("rating", ticket.rating.as_ref().map(|one| format!("{} of 5 {}", one.score, one.words)).unwrap_or_default()),
        ("due", maybe_local(ticket.due_at)),
        ("created", local(ticket.created_at)),
        ("updated", local(ticket.updated_at)),
        ("solved", ticket.solved_at.map(local).unwrap_or_default()),
    ]
}
