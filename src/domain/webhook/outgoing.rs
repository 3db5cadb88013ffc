//! What a channel's own webhook is told, so that the requester's thread outside gets its answers: public messages and their
//! edits, that the ticket is solved, that a rating is asked for. Internal and tier-only messages never leave by here.
//!
//! [`Draft`](crate::domain::command::Draft) calls this for every change of a ticket, so that no rule can forget it.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Delivery;
use crate::domain::command::{Change, Given};
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::queue::IntakeChannel;
use crate::domain::ticket::{Status, Ticket};

pub const MESSAGE: &str = "message";
pub const MESSAGE_EDITED: &str = "message_edited";
pub const STATUS: &str = "status";
pub const RATING_ASKED: &str = "rating_asked";
pub const MERGED: &str = "merged";
/// Calls about one ticket's conversation: made one after the other.
pub const EVENTS: [&str; 5] = [MESSAGE, MESSAGE_EDITED, STATUS, RATING_ASKED, MERGED];

/// A requester is asked about one ticket once in so many days, however often it is solved.
pub const RATING_DAYS: i64 = 7;

/// The channel whose webhook is told about the ticket.
fn channel<'a>(given: Given<'a>, ticket: &Ticket) -> Option<&'a IntakeChannel> {
    let channel = given.directory().intake_channels.get(&ticket.channel?)?;
    channel.reply_webhook.map(|_| channel)
}

/// Where the requester follows the ticket: a whole address when the server knows its own, else the path.
#[must_use]
pub fn status_url(given: Given<'_>, ticket: &Ticket) -> Option<String> {
    (!ticket.status_key.is_empty()).then(|| format!("{}/status/{}", given.directory().public_url, ticket.status_key))
}

fn call(given: Given<'_>, ticket: &Ticket, event: &str, id: uuid::Uuid, more: (&str, Value)) -> Option<Change> {
    let channel = channel(given, ticket)?;
    let mut body = json!({
        "id": id,
        "event": event,
        "at": given.now(),
        "channel": channel.key,
        "thread": ticket.thread,
        "ticket": ticket.number,
        "subject": ticket.subject,
        "status": ticket.status,
        "status_url": status_url(given, ticket),
    });
    if let (Some(object), (name, value)) = (body.as_object_mut(), more)
        && !name.is_empty()
    {
        object.insert(name.to_owned(), value);
    }
    Some(Change::PutDelivery(Delivery {
        id,
        webhook: channel.reply_webhook?,
        event: event.to_owned(),
        ticket: Some(ticket.number),
        body: body.to_string(),
        created_at: given.now(),
    }))
}

fn said(given: Given<'_>, message: &Message) -> Value {
    let author = match &message.author {
        Author::Person { id } => given.directory().person_name(*id),
        Author::Requester { name, .. } => name.clone(),
        Author::System => String::new(),
    };
    let attachments: Vec<_> = message
        .attachments
        .iter()
        .map(|one| {
            let url = (!one.url.is_empty()).then_some(&one.url);
            json!({ "name": one.name, "media_type": one.media_type, "size": one.size, "url": url })
        })
        .collect();
    json!({
        "id": message.id,
        "version": message.version,
        "seq": message.seq,
        "author": author,
        "text": message.text,
        "attachments": attachments,
        "at": message.created_at,
    })
}

/// Whether the requester's thread is told: public words of the desk, each once. Their own words they know, and a copy was told
/// in the place it was copied from.
fn is_told(message: &Message) -> bool {
    message.visibility == Visibility::Public && !matches!(message.author, Author::Requester { .. }) && message.copy_of.is_none()
}

/// A new message. The call has the message's id: it can be made once only.
#[must_use]
pub fn message(given: Given<'_>, ticket: &Ticket, message: &Message) -> Option<Change> {
    let told = is_told(message).then_some(message)?;
    call(given, ticket, MESSAGE, told.id.0, ("message", said(given, told)))
}

/// A message that was told before has another text.
#[must_use]
pub fn edited(given: Given<'_>, ticket: &Ticket, message: &Message) -> Option<Change> {
    let told = is_told(message).then_some(message)?;
    call(given, ticket, MESSAGE_EDITED, given.fresh(), ("message", said(given, told)))
}

/// The ticket was merged into another requester's.
#[must_use]
pub fn merged(given: Given<'_>, ticket: &Ticket) -> Option<Change> {
    call(given, ticket, MERGED, given.fresh(), ("", Value::Null))
}

/// Whether `before` → `after` solves it, other than by a merge.
fn solves(before: Option<&Ticket>, after: &Ticket) -> bool {
    after.status == Status::Solved && after.merged_into.is_none() && before.is_some_and(|before| before.status.is_unsolved())
}

/// Whether the requester is to be asked for a rating now.
#[must_use]
pub fn asks_rating(given: Given<'_>, before: Option<&Ticket>, after: &Ticket) -> bool {
    let asks = channel(given, after).is_some_and(|channel| channel.asks_rating);
    let again = after.rating_asked_at.is_none_or(|asked| given.now() - asked >= TimeDelta::days(RATING_DAYS));
    asks && again && solves(before, after)
}

/// What a change of the ticket makes known, after its messages.
#[must_use]
pub fn changed(given: Given<'_>, before: Option<&Ticket>, after: &Ticket) -> Vec<Change> {
    if !solves(before, after) {
        return Vec::new();
    }
    let asked = after.rating_asked_at == Some(given.now()) && before.is_some_and(|before| before.rating_asked_at != after.rating_asked_at);
    let rating = || call(given, after, RATING_ASKED, given.fresh(), ("scores", json!([1, 2, 3, 4, 5])));
    let status = call(given, after, STATUS, given.fresh(), ("", Value::Null));
    status.into_iter().chain(asked.then(rating).flatten()).collect()
}
