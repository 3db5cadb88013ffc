//! Who may read a file: its uploader before it is attached, then whoever reads the message it is attached to. The answer to
//! everybody else is that there is no such file.

use crate::domain::access::{admits, conversation_audience, reads_tier, sees_ticket};
use crate::domain::conversation::{Conversation, ConversationKind, Message, Visibility};
use crate::domain::file::{FileOwner, FilePlace, FileState, StoredFile};
use crate::domain::id::FileId;
use crate::domain::person::Person;
use crate::domain::queue::IntakeChannel;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::state::Desk;

fn missing() -> ApiProblem {
    ApiProblem::not_found("The file")
}

/// A file of one's own, attached or not.
///
/// # Errors
/// `not_found` when there is none, or it is somebody else's.
pub async fn own(desk: &Desk, id: FileId, owner: FileOwner) -> ApiResult<StoredFile> {
    let file = desk.store.file(id).await?;
    file.filter(|file| file.owner == owner && file.state != FileState::Dropped).ok_or_else(missing)
}

/// A file that `person` may read.
///
/// # Errors
/// `not_found` when there is none, or they may not.
pub async fn readable(desk: &Desk, id: FileId, person: &Person) -> ApiResult<StoredFile> {
    let file = desk.store.file(id).await?.filter(|file| file.state != FileState::Dropped).ok_or_else(missing)?;
    let allowed = match file.place {
        None => file.owner == FileOwner::Person { id: person.id },
        Some(place) => reads(desk, person, place).await?,
    };
    if allowed { Ok(file) } else { Err(missing()) }
}

/// Whether `person` reads the message at `place`.
async fn reads(desk: &Desk, person: &Person, place: FilePlace) -> ApiResult<bool> {
    let Some(message) = desk.store.message_of_file(place.message).await? else { return Ok(false) };
    if !reads_visibility(person, &message) {
        return Ok(false);
    }
    // Where the message is now: tickets are merged and split.
    if let Some(number) = message.ticket {
        return Ok(desk.store.ticket(number).await?.is_some_and(|ticket| sees_ticket(person, &ticket)));
    }
    let conversation: Option<Conversation> = desk.store.conversation(message.conversation).await?;
    Ok(conversation.is_some_and(|one| one.kind != ConversationKind::Escalation && admits(&conversation_audience(&one), person)))
}

/// Whether the message's own visibility lets `person` read it.
#[must_use]
pub fn reads_visibility(person: &Person, message: &Message) -> bool {
    message.visibility.tier() == 1 || reads_tier(person, message.visibility.tier())
}

/// A file that a requester's channel may read: its own, and those of public messages in its tickets.
///
/// # Errors
/// `not_found` when there is none, or it may not.
pub async fn readable_by_channel(desk: &Desk, id: FileId, channel: &IntakeChannel) -> ApiResult<StoredFile> {
    let file = desk.store.file(id).await?.filter(|file| file.state != FileState::Dropped).ok_or_else(missing)?;
    if file.owner == (FileOwner::Intake { channel: channel.id }) {
        return Ok(file);
    }
    let Some(place) = file.place else { return Err(missing()) };
    let message = desk.store.message_of_file(place.message).await?.filter(|message| message.visibility == Visibility::Public);
    let Some(number) = message.and_then(|message| message.ticket) else { return Err(missing()) };
    let ticket = desk.store.ticket(number).await?;
    if ticket.is_some_and(|ticket| ticket.channel == Some(channel.id)) { Ok(file) } else { Err(missing()) }
}
