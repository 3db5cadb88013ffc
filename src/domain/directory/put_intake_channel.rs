//! Creating and changing intake channels. The token's hash never enters the audit.

use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::queue::IntakeChannel;
use crate::domain::{Refusal, limits};

/// # Errors
/// When the actor may not, or something about the channel is not acceptable.
pub fn put_intake_channel(given: Given<'_>, channel: &IntakeChannel) -> Result<Outcome, Refusal> {
    given.admin()?;
    limits::key(&channel.key, "key", "-")?;
    limits::length(&channel.name, "name", limits::NAME_MAX)?;
    if !given.directory().queues.get(&channel.queue).is_some_and(|queue| queue.active) {
        let message = format!("There is no queue {} in use: choose one from the list of queues.", channel.queue);
        return Err(Refusal::invalid("unknown_queue", "queue", message));
    }
    if let Some(hook) = channel.reply_webhook
        && !given.directory().webhooks.contains_key(&hook)
    {
        let message = format!("There is no webhook {hook}: add it first, or leave it out.");
        return Err(Refusal::invalid("unknown_webhook", "reply_webhook", message));
    }
    let hash = &channel.token_sha256;
    if hash.len() != 64 || !hash.chars().all(|c| c.is_ascii_hexdigit()) {
        let message = "The token's hash is no SHA-256: send 64 hexadecimal digits.";
        return Err(Refusal::invalid("token_invalid", "token_sha256", message));
    }
    let new = IntakeChannel { version: given.facts.replaced_version + 1, ..channel.clone() };
    Ok(draft::put_row(given, None, &new, Change::PutIntakeChannel(new.clone())))
}
