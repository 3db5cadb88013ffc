//! `dutydesk view`: saved views, one's own and shared ones.

use clap::Subcommand;
use reqwest::Method;

use super::Global;
use super::error::CliError;
use super::names::{self, missing};
use super::ticket::list::{Filter, show};
use super::words::{word, word_of};
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::domain::command::CommandResult;
use crate::domain::saved_view::{SavedView, SharedWith, Sort};
use crate::wire::list::Items;
use crate::wire::view::SavedViewInput;

/// Saved views: filters with a name, your own and shared ones.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

/// Tickets of a view that are put in its order; of more, the newest.
const SORTED_MAX: usize = 2_000;

#[derive(Debug, Subcommand)]
enum Act {
    /// List the views you may see.
    List,
    /// Save a filter under a name, or change the view of that name.
    Save {
        name: String,
        /// In the filter language, such as `queue:complaints status:open older:2h`.
        filter: String,
        /// due, priority, updated or newest.
        #[arg(long, value_parser = word::<Sort>, default_value = "due")]
        sort: Sort,
        /// Share it: `everybody`, a queue's key, or `nobody`; as it is shared already, when not given.
        #[arg(long, value_name = "WITH")]
        share: Option<String>,
    },
    /// List the tickets of a view.
    Show {
        /// Its name.
        name: String,
        /// At most this many.
        #[arg(long, default_value_t = 50, value_name = "N")]
        limit: usize,
    },
    /// Delete a view.
    Delete {
        /// Its name.
        name: String,
    },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => {
            let views = all(&api).await?;
            let (queues, people) =
                if global.json { (Vec::new(), Vec::new()) } else { (names::queues(&api).await?, names::people(&api).await?) };
            global.out.list(&views, &["NAME", "SHARED", "OWNER", "SORT", "FILTER"], |view| {
                let shared = match view.shared {
                    SharedWith::Nobody => "-".to_owned(),
                    SharedWith::Everybody => "everybody".to_owned(),
                    SharedWith::Queue { queue } => names::key_of(&queues, queue),
                };
                vec![view.name.clone(), shared, names::handle_of(&people, view.owner), word_of(&view.sort), view.filter.clone()]
            })
        }
        Act::Save { name, filter, sort, share } => {
            let me = names::me(&api).await?.id;
            // Others' views are changed where they are seen first: on the console.
            let known = all(&api).await?.into_iter().find(|view| view.name == name && view.owner == me);
            let share = match (share, known.as_ref().map(|view| view.shared)) {
                (Some(with), _) => Some(with).filter(|with| with != "nobody"),
                (None, Some(SharedWith::Everybody)) => Some("everybody".to_owned()),
                (None, Some(SharedWith::Queue { queue })) => Some(names::key_of(&names::queues(&api).await?, queue)),
                (None, _) => None,
            };
            let id = known.as_ref().map_or_else(|| new_id().into(), |view| view.id);
            let body = SavedViewInput { name: name.clone(), filter, sort, shared: share, position: known.map_or(0, |view| view.position) };
            let result: CommandResult = api.call(Method::PUT, &format!("/api/v1/views/{id}"), &body).await?;
            global.out.done(&result, &format!("{name} is saved."))
        }
        Act::Show { name, limit } => {
            let view = one(&api, &name).await?;
            let filter = Filter::of(unsolved(&view.filter));
            // All of it is put in the view's order before the first are shown.
            let (mut tickets, next) = filter.fetch(&api, limit.max(SORTED_MAX), None).await?;
            order(&mut tickets, view.sort);
            tickets.truncate(limit);
            show(&api, &tickets, next.as_deref(), global).await
        }
        Act::Delete { name } => {
            let view = one(&api, &name).await?;
            api.delete(&format!("/api/v1/views/{}", view.id)).await?;
            global.out.done(&view, &format!("{name} is deleted."))
        }
    }
}

/// As on the console: where a view does not say which statuses it means, unsolved tickets are meant.
fn unsolved(filter: &str) -> String {
    let read = crate::domain::filter::parse(filter, &crate::domain::directory::Directory::default());
    if read.filter.speaks_of_status() { filter.to_owned() } else { format!("{filter} is:unsolved") }
}

/// The newest that were found, in the view's order.
fn order(tickets: &mut [crate::domain::ticket::Ticket], sort: Sort) {
    let due = |at: Option<crate::domain::Timestamp>| (at.is_none(), at);
    match sort {
        Sort::Due => tickets.sort_by_key(|ticket| (due(ticket.due_at), ticket.number)),
        Sort::Priority => tickets.sort_by_key(|ticket| (ticket.priority, due(ticket.due_at), ticket.number)),
        Sort::Updated => tickets.sort_by_key(|ticket| (std::cmp::Reverse(ticket.updated_at), ticket.number)),
        Sort::Newest => tickets.sort_by_key(|ticket| std::cmp::Reverse(ticket.number)),
    }
}

async fn all(api: &Api) -> Result<Vec<SavedView>, CliError> {
    Ok(api.get::<Items<SavedView>>("/api/v1/views").await?.items)
}

/// The first of the name: one's own come before shared ones.
async fn one(api: &Api, name: &str) -> Result<SavedView, CliError> {
    let all = all(api).await?;
    let names: Vec<String> = all.iter().map(|view| view.name.clone()).collect();
    all.into_iter().find(|view| view.name == name).ok_or_else(|| missing("view", name, "view", names.iter().map(String::as_str)))
}
