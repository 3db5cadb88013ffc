//! `dutydesk webhook`: addresses that the desk calls; administrators.

use clap::Subcommand;
use reqwest::Method;

use super::Global;
use super::error::{CliError, Kind};
use super::names::{self, missing};
use super::secret;
use super::words::{local, maybe_local};
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::domain::id::{PersonId, QueueId};
use crate::wire::list::Items;
use crate::wire::webhook::{DeliveryView, WebhookInput, WebhookStored, WebhookView};

/// Addresses that the desk calls when something happens; administrators.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the webhooks.
    List,
    /// Add a webhook; its secret is shown once.
    Add {
        /// A unique short name.
        key: String,
        #[arg(long, value_name = "URL")]
        url: String,
        /// The key when absent.
        #[arg(long)]
        name: Option<String>,
        /// Read the secret from stdin; one is made when absent.
        #[arg(long)]
        secret_stdin: bool,
        /// Also call addresses of private networks.
        #[arg(long)]
        allow_private: bool,
        #[command(flatten)]
        when: When,
    },
    /// Change when a webhook is called; what is not given stays.
    Set {
        key: String,
        #[command(flatten)]
        when: When,
    },
    /// Call a webhook no more; what it was sent stays on record.
    Remove { key: String },
    /// List a webhook's calls, newest first, at most 200.
    #[command(alias = "log")]
    Deliveries { key: String },
}

/// When a webhook is called.
#[derive(Debug, clap::Args)]
struct When {
    /// An event to call it for, such as `sla_breached`, `nobody_eligible` or `ticket_created`; several times for several, `none` for
    /// none: then only SLA steps that name it call it.
    #[arg(long = "event", value_name = "EVENT")]
    events: Vec<String>,
    /// Only what this person is told, outside their quiet hours: their phone. `-` for everybody.
    #[arg(long, value_name = "HANDLE")]
    person: Option<String>,
    /// Only what is about tickets of this queue. `-` for all.
    #[arg(long, value_name = "KEY")]
    queue: Option<String>,
}

impl When {
    async fn apply(self, api: &Api, body: &mut WebhookInput) -> Result<(), CliError> {
        if !self.events.is_empty() {
            body.events = self.events.into_iter().filter(|event| event != "none").map(|event| event.replace('-', "_")).collect();
        }
        match self.person.as_deref() {
            Some("-") => body.person = None,
            Some(handle) => body.person = Some(names::person(api, handle).await?.id),
            None => {}
        }
        match self.queue.as_deref() {
            Some("-") => body.queue = None,
            Some(key) => body.queue = Some(names::queue(api, key).await?.id),
            None => {}
        }
        Ok(())
    }
}

/// What a listed webhook is put as again.
fn as_input(view: WebhookView) -> (crate::domain::id::WebhookId, WebhookInput) {
    let WebhookView { id, key, name, url, allow_private, active, events, person, queue, .. } = view;
    (id, WebhookInput { key, name, url, secret: None, allow_private, active, events, person, queue })
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => {
            let webhooks = all(&api).await?;
            let directory = names::directory(&api).await?;
            let person = |id: &PersonId| directory.people.get(id).map_or_else(|| id.to_string(), |person| person.handle.clone());
            let queue = |id: &QueueId| directory.queues.get(id).map_or_else(|| id.to_string(), |queue| queue.key.clone());
            global.out.list(&webhooks, &["KEY", "NAME", "URL", "PRIVATE", "ACTIVE", "PERSON", "QUEUE", "EVENTS"], |webhook| {
                let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
                vec![
                    webhook.key.clone(),
                    webhook.name.clone(),
                    webhook.url.clone(),
                    yes(webhook.allow_private),
                    yes(webhook.active),
                    webhook.person.as_ref().map_or_else(|| "-".to_owned(), person),
                    webhook.queue.as_ref().map_or_else(|| "-".to_owned(), queue),
                    webhook.events.join(" "),
                ]
            })
        }
        Act::Add { key, url, name, secret_stdin, allow_private, when } => {
            let known = all(&api).await?.into_iter().find(|webhook| webhook.key == key);
            if known.as_ref().is_some_and(|webhook| webhook.active) {
                return Err(CliError::new(Kind::Conflict, "taken", format!("The key {key:?} is taken: choose another.")));
            }
            let secret = if secret_stdin { Some(secret::ask("", true)?) } else { None };
            let name = name.unwrap_or_else(|| key.clone());
            let (events, person, queue) = (Vec::new(), None, None);
            let mut body = WebhookInput { key, name, url, secret, allow_private, active: true, events, person, queue };
            when.apply(&api, &mut body).await?;
            let stored = put(&api, known.map_or_else(|| new_id().into(), |webhook| webhook.id), &body).await?;
            let shown = match &stored.secret {
                Some(secret) => format!("Its secret, shown this once: {secret}"),
                None => "Its secret is the one it had.".to_owned(),
            };
            global.out.done(&stored, &format!("{} is added. {shown}", stored.key))
        }
        Act::Set { key, when } => {
            if when.events.is_empty() && when.person.is_none() && when.queue.is_none() {
                let message = "Nothing would change: name --event, --person or --queue, such as --event sla_breached.";
                return Err(CliError::usage(message.to_owned()));
            }
            let (id, mut body) = as_input(one(&api, &key).await?);
            when.apply(&api, &mut body).await?;
            let stored = put(&api, id, &body).await?;
            let events = if body.events.is_empty() { "what names it".to_owned() } else { body.events.join(", ") };
            global.out.done(&stored, &format!("{} is called for {events}.", stored.key))
        }
        Act::Remove { key } => {
            let (id, body) = as_input(WebhookView { active: false, ..one(&api, &key).await? });
            let stored = put(&api, id, &body).await?;
            global.out.done(&stored, &format!("{} is called no more.", stored.key))
        }
        Act::Deliveries { key } => {
            let id = one(&api, &key).await?.id;
            let deliveries = api.get::<Items<DeliveryView>>(&format!("/api/v1/webhooks/{id}/deliveries")).await?.items;
            global.out.list(&deliveries, &["AT", "EVENT", "TICKET", "ATTEMPTS", "DELIVERED", "NEXT TRY", "LAST ERROR"], |delivery| {
                vec![
                    local(delivery.created_at),
                    delivery.event.clone(),
                    delivery.ticket.map_or_else(|| "-".to_owned(), |number| number.to_string()),
                    delivery.attempts.to_string(),
                    maybe_local(delivery.delivered_at),
                    maybe_local(delivery.next_at),
                    delivery.last_error.clone().unwrap_or_default(),
                ]
            })
        }
    }
}

async fn all(api: &Api) -> Result<Vec<WebhookView>, CliError> {
    Ok(api.get::<Items<WebhookView>>("/api/v1/webhooks").await?.items)
}

async fn one(api: &Api, key: &str) -> Result<WebhookView, CliError> {
    let mut webhooks = all(api).await?;
    match webhooks.iter().position(|webhook| webhook.key == key) {
        Some(at) => Ok(webhooks.swap_remove(at)),
        None => Err(missing("webhook", key, "webhook", webhooks.iter().map(|webhook| webhook.key.as_str()))),
    }
}

async fn put(api: &Api, id: crate::domain::id::WebhookId, body: &WebhookInput) -> Result<WebhookStored, CliError> {
    Ok(api.call(Method::PUT, &format!("/api/v1/webhooks/{id}"), body).await?)
}
