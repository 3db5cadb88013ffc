//! `dutydesk snippet`: canned replies, one's own and the desk's.

use clap::Subcommand;
use reqwest::Method;

use super::Global;
use super::error::CliError;
use super::names::{self, missing};
use super::submit::text_or_stdin;
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::domain::command::CommandResult;
use crate::domain::snippet::Snippet;
use crate::wire::list::Items;
use crate::wire::snippet::SnippetInput;

/// Canned replies with variables, your own and the desk's.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, clap::Args)]
struct Which {
    /// Its short name.
    key: String,
    /// The desk's, not your own.
    #[arg(long)]
    desk: bool,
    /// For the tickets of this queue alone.
    #[arg(long, value_name = "KEY")]
    queue: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the snippets you may use.
    List,
    /// Show a snippet's texts.
    Show(Which),
    /// Add a snippet, or change its text in one language; `{{requester.name}}` and its like are filled when it is used.
    Set {
        #[command(flatten)]
        which: Which,
        /// What lists show; the key when absent.
        #[arg(long)]
        title: Option<String>,
        /// The text's language.
        #[arg(long = "text-language", value_name = "TAG", default_value = "en")]
        tag: String,
        /// From stdin when absent or `-`.
        text: Option<String>,
    },
    /// Use a snippet no more.
    Remove(Which),
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => {
            let snippets = all(&api).await?;
            let queues = if global.json { Vec::new() } else { names::queues(&api).await? };
            global.out.list(&snippets, &["KEY", "WHOSE", "QUEUE", "LANGUAGES", "TITLE"], |one| {
                vec![
                    one.key.clone(),
                    if one.owner.is_some() { "mine" } else { "desk" }.to_owned(),
                    one.queue.map_or_else(|| "-".to_owned(), |id| names::key_of(&queues, id)),
                    one.texts.keys().cloned().collect::<Vec<_>>().join(", "),
                    one.title.clone(),
                ]
            })
        }
        Act::Show(which) => {
            let snippet = one(&api, &which).await?;
            if global.json {
                return global.out.items(&[snippet], None);
            }
            for (tag, text) in &snippet.texts {
                global.out.line(&format!("{} ({tag})", snippet.title))?;
                global.out.paragraph(text)?;
            }
            Ok(())
        }
        Act::Set { which, title, tag, text } => set(&api, which, title, tag, text_or_stdin(text)?, global).await,
        Act::Remove(which) => {
            let snippet = one(&api, &which).await?;
            api.delete(&format!("/api/v1/snippets/{}", snippet.id)).await?;
            global.out.done(&snippet, &format!("{} is used no more.", snippet.key))
        }
    }
}

async fn set(api: &Api, which: Which, title: Option<String>, tag: String, text: String, global: &Global) -> Result<(), CliError> {
    let known = find(api, &which).await?;
    let id = known.as_ref().map_or_else(|| new_id().into(), |snippet| snippet.id);
    let mut texts = known.as_ref().map(|snippet| snippet.texts.clone()).unwrap_or_default();
    texts.insert(tag, text);
    let title = title.or(known.map(|snippet| snippet.title)).unwrap_or_else(|| which.key.clone());
    let body = SnippetInput { key: which.key.clone(), title, mine: !which.desk, queue: which.queue, texts };
    let result: CommandResult = api.call(Method::PUT, &format!("/api/v1/snippets/{id}"), &body).await?;
    global.out.done(&result, &format!("{} is kept.", which.key))
}

async fn all(api: &Api) -> Result<Vec<Snippet>, CliError> {
    Ok(api.get::<Items<Snippet>>("/api/v1/snippets").await?.items)
}

async fn find(api: &Api, which: &Which) -> Result<Option<Snippet>, CliError> {
    let queue = match &which.queue {
        Some(key) => Some(names::queue(api, key).await?.id),
        None => None,
    };
    let same = |one: &Snippet| one.key == which.key && one.owner.is_none() == which.desk && one.queue == queue;
    Ok(all(api).await?.into_iter().find(same))
}

async fn one(api: &Api, which: &Which) -> Result<Snippet, CliError> {
    if let Some(snippet) = find(api, which).await? {
        return Ok(snippet);
    }
    let all = all(api).await?;
    Err(missing("snippet", &which.key, "snippet", all.iter().map(|one| one.key.as_str())))
}
