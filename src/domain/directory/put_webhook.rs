//! Creating and changing webhooks.

use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::notice::settings::EVENTS;
use crate::domain::webhook::Webhook;
use crate::domain::webhook::raise::{DESK_EVENTS, is_event};
use crate::domain::{Refusal, limits, suggest};

const URL_MAX: usize = 2_000;
const SECRET_MIN: usize = 16;

/// The audit names the webhook and not its secret.
///
/// # Errors
/// When the actor may not, or something about the webhook is not acceptable.
pub fn put_webhook(given: Given<'_>, webhook: &Webhook) -> Result<Outcome, Refusal> {
    given.admin()?;
    limits::key(&webhook.key, "key", "-")?;
    limits::length(&webhook.name, "name", limits::NAME_MAX)?;
    limits::length(&webhook.url, "url", URL_MAX)?;
    if !(webhook.url.starts_with("https://") || webhook.url.starts_with("http://")) {
        let message = format!("{:?} is no address to call: give one that starts with https:// or http://.", webhook.url);
        return Err(Refusal::invalid("url_invalid", "url", message));
    }
    if webhook.secret.chars().count() < SECRET_MIN {
        let message = format!("The secret is short: use at least {SECRET_MIN} characters, best random ones.");
        return Err(Refusal::invalid("secret_short", "secret", message));
    }
    limits::length(&webhook.secret, "secret", URL_MAX)?;
    if let Some(event) = webhook.events.iter().find(|event| !is_event(event)) {
        let message = format!("There is no event {event:?}.{}", suggest::near_or_all(event, EVENTS.into_iter().chain(DESK_EVENTS)));
        return Err(Refusal::invalid("event_unknown", "events", message));
    }
    if let Some(person) = webhook.person {
        given.colleague(person, "person")?;
    }
    if let Some(queue) = webhook.queue {
        given.queue(queue)?;
    }
    let new = Webhook { version: given.facts.replaced_version + 1, ..webhook.clone() };
    let hidden = |webhook: &Webhook| Webhook { secret: String::new(), ..webhook.clone() };
    let old = given.directory().webhooks.get(&webhook.id).map(hidden);
    Ok(draft::put_row(given, old.as_ref(), &hidden(&new), Change::PutWebhook(new)))
}
