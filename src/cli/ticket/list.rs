//! `dutydesk ticket list`.

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names::{self, with_query};
use crate::cli::words::{maybe_local, word, word_of};
use crate::client::api::Api;
use crate::domain::ticket::{Priority, Status, Ticket};
use crate::wire::ticket::TicketList;

/// Tickets asked for at once.
const PAGE: usize = 100;

/// Which tickets.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Filter {
    /// In the filter language: `queue:pumps status:open older:2h @me "pump 3"`.
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// A queue's key.
    #[arg(long, value_name = "KEY")]
    queue: Option<String>,
    /// new, open, pending, on_hold, solved or closed; several with commas.
    #[arg(long, value_parser = word::<Status>, value_delimiter = ',')]
    status: Vec<Status>,
    /// urgent, high, normal or low.
    #[arg(long, value_parser = word::<Priority>)]
    priority: Option<Priority>,
    /// A handle, `me`, or `none` for tickets that nobody has.
    #[arg(long, value_name = "HANDLE")]
    assignee: Option<String>,
    #[arg(long)]
    tag: Option<String>,
    /// Words that must occur.
    #[arg(long, short = 'q', value_name = "WORDS")]
    search: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    filter: Filter,
    /// At most this many.
    #[arg(long, default_value_t = 50, value_name = "N")]
    limit: usize,
    /// Go on where an earlier list ended.
    #[arg(long)]
    cursor: Option<String>,
}

impl Filter {
    /// By the filter language alone.
    #[must_use]
    pub fn of(filter: String) -> Self {
        Self { filter: Some(filter), ..Self::default() }
    }

    /// Whether nothing restricts it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let words = [&self.filter, &self.queue, &self.assignee, &self.tag, &self.search];
        self.status.is_empty() && self.priority.is_none() && words.iter().all(|word| word.is_none())
    }

    /// At most `limit` tickets, newest first, and where the list goes on.
    ///
    /// # Errors
    /// See [`CliError`].
    pub async fn fetch(&self, api: &Api, limit: usize, cursor: Option<String>) -> Result<(Vec<Ticket>, Option<String>), CliError> {
        if let Some(key) = &self.queue {
            // The server lists nothing for a queue that is not there: say so with the names that are near.
            names::queue(api, key).await?;
        }
        let assignee = match self.assignee.as_deref().map(|handle| handle.trim_start_matches('@')) {
            Some(handle) if !matches!(handle, "me" | "none") => Some(names::person(api, handle).await?.handle),
            other => other.map(str::to_owned),
        };
        let status = (!self.status.is_empty()).then(|| self.status.iter().map(word_of).collect::<Vec<_>>().join(","));
        let (mut tickets, mut next): (Vec<Ticket>, _) = (Vec::new(), cursor);
        loop {
            let pairs = [
                ("filter", self.filter.clone()),
                ("queue", self.queue.clone()),
                ("status", status.clone()),
                ("priority", self.priority.as_ref().map(word_of)),
                ("assignee", assignee.clone()),
                ("tag", self.tag.clone()),
                ("q", self.search.clone()),
                ("cursor", next.take()),
                ("limit", Some((limit - tickets.len()).clamp(1, PAGE).to_string())),
            ];
            let page: TicketList = api.get(&with_query("/api/v1/tickets", &pairs)).await?;
            // A page of a filter may be empty and have others after it.
            tickets.extend(page.tickets);
            next = page.next;
            if next.is_none() || tickets.len() >= limit {
                return Ok((tickets, next));
            }
        }
    }
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let (tickets, next) = args.filter.fetch(&api, args.limit, args.cursor).await?;
    show(&api, &tickets, next.as_deref(), global).await
}

/// Writes tickets as a table, or as JSON.
///
/// # Errors
/// See [`CliError`].
pub async fn show(api: &Api, tickets: &[Ticket], next: Option<&str>, global: &Global) -> Result<(), CliError> {
    if global.json {
        return global.out.items(tickets, next);
    }
    let (queues, people) = (names::queues(api).await?, names::people(api).await?);
    global.out.list(tickets, &["NO", "STATUS", "PRIORITY", "QUEUE", "ASSIGNEE", "DUE", "REQUESTER", "SUBJECT"], |ticket| {
        vec![
            ticket.number.to_string(),
            word_of(&ticket.status),
            word_of(&ticket.priority),
            names::key_of(&queues, ticket.queue),
            ticket.assignee.map_or_else(|| "-".to_owned(), |id| names::handle_of(&people, id)),
            maybe_local(ticket.due_at),
            ticket.requester.name.clone(),
            ticket.subject.clone(),
        ]
    })?;
    if let Some(next) = next {
        global.out.note(&format!("There are more: add --cursor {next}, or a higher --limit."));
    }
    Ok(())
}
