//! `dutydesk channel`: the ways in for messages from outside; administrators.

use clap::Subcommand;
use reqwest::Method;

use super::Global;
use super::error::CliError;
use super::names::{self, missing};
use crate::client::api::Api;
use crate::domain::queue::IntakeChannel;
use crate::wire::conversation::{IntakeChannelMade, NewIntakeChannel};
use crate::wire::craft::ChannelSettings;
use crate::wire::list::Items;
use crate::wire::webhook::WebhookView;

/// The ways in for messages from outside; administrators.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the intake channels.
    List,
    /// Add an intake channel; its token is shown once.
    Add {
        /// A unique short name, part of the address.
        key: String,
        /// Where a first message opens a ticket: a queue's key.
        #[arg(long)]
        queue: String,
        /// The key when absent.
        #[arg(long)]
        name: Option<String>,
    },
    /// Change an intake channel. What is not named stays.
    Set(Set),
}

#[derive(Debug, clap::Args)]
struct Set {
    key: String,
    #[arg(long)]
    name: Option<String>,
    /// A queue's key.
    #[arg(long)]
    queue: Option<String>,
    /// The webhook that is told the public answers, by its key; empty for none.
    #[arg(long, value_name = "KEY")]
    reply_webhook: Option<String>,
    /// Whether requesters are asked for a rating when their ticket is solved; through the reply webhook.
    #[arg(long)]
    asks_rating: Option<bool>,
    /// Whether it takes messages.
    #[arg(long)]
    active: Option<bool>,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => list(&api, global).await,
        Act::Add { key, queue, name } => {
            let queue = names::queue(&api, &queue).await?.id;
            let body = NewIntakeChannel { name: name.unwrap_or_else(|| key.clone()), key, queue };
            let made: IntakeChannelMade = api.post("/api/v1/intake-channels", &body).await?;
            global.out.done(&made, &format!("{} is added. Its token, shown this once: {}", made.key, made.token))
        }
        Act::Set(set) => change(&api, set, global).await,
    }
}

async fn all(api: &Api) -> Result<Vec<IntakeChannel>, CliError> {
    Ok(api.get::<Items<IntakeChannel>>("/api/v1/intake-channels").await?.items)
}

async fn change(api: &Api, set: Set, global: &Global) -> Result<(), CliError> {
    let Set { key, name, queue, reply_webhook, asks_rating, active } = set;
    if name.is_none() && queue.is_none() && reply_webhook.is_none() && asks_rating.is_none() && active.is_none() {
        return Err(CliError::usage("Nothing would change: name what is to be different, such as --asks-rating true."));
    }
    let channels = all(api).await?;
    if !channels.iter().any(|channel| channel.key == key) {
        return Err(missing("intake channel", &key, "channel", channels.iter().map(|channel| channel.key.as_str())));
    }
    let queue = match queue {
        Some(key) => Some(names::queue(api, &key).await?.id),
        None => None,
    };
    let body = ChannelSettings { name, queue, reply_webhook, asks_rating, active };
    let channel: IntakeChannel = api.call(Method::PUT, &format!("/api/v1/intake-channels/{key}"), &body).await?;
    global.out.done(&channel, &format!("Channel {} is saved.", channel.key))
}

async fn list(api: &Api, global: &Global) -> Result<(), CliError> {
    let channels = all(api).await?;
    if global.json {
        return global.out.items(&channels, None);
    }
    let queues = names::queues(api).await?;
    let webhooks = api.get::<Items<WebhookView>>("/api/v1/webhooks").await?.items;
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    global.out.list(&channels, &["KEY", "NAME", "QUEUE", "REPLIES TO", "ASKS RATING", "ACTIVE"], |channel| {
        let hook = channel.reply_webhook.and_then(|id| webhooks.iter().find(|webhook| webhook.id == id));
        vec![
            channel.key.clone(),
            channel.name.clone(),
            names::key_of(&queues, channel.queue),
            hook.map_or_else(|| "-".to_owned(), |webhook| webhook.key.clone()),
            yes(channel.asks_rating),
            yes(channel.active),
        ]
    })
}
