//! Channels, direct conversations and escalated tickets.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{acting, rows_of};
use crate::base::clock::new_id;
use crate::domain::access;
use crate::domain::command::{Command, CommandResult, CreateConversation, MessageTarget, PostMessage};
use crate::domain::conversation::{Conversation, Visibility};
use crate::domain::id::{ConversationId, PersonId};
use crate::domain::person::Person;
use crate::domain::row::RowKind;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path, Query};
use crate::server::state::Desk;
use crate::wire::conversation::{NewChatMessage, NewConversation, ReadUpTo};
use crate::wire::list::Items;
use crate::wire::message::{ConversationPatch, NewMember, Switch};
use crate::wire::problem::Problem;
use crate::wire::ticket::MessageList;

const ANSWERED_MAX: i64 = 1_000;

/// The conversations one takes part in or may join.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", responses((status = 200, body = Items<Conversation>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<Conversation>>> {
    let page = desk.store.snapshot(&who.person, RowKind::Conversation, None, ANSWERED_MAX).await?;
    let conversations: Vec<Conversation> = rows_of(page)?;
    Ok(Json(conversations.into()))
}

/// Make a channel or a direct conversation.
#[utoipa::path(post, path = "/api/v1/conversations", tag = "conversations", request_body = NewConversation, responses(
    (status = 201, body = Conversation), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, description = "No such incident to see", body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Body(body): Body<NewConversation>,
) -> ApiResult<(StatusCode, Json<Conversation>)> {
    let key = idempotency_key(&headers)?;
    // The same key makes the same conversation.
    let id = ConversationId(key.map_or_else(new_id, |key| key.0));
    let queue = body.queue.as_deref().map(|key| super::tickets::queue_by_key(&desk.directory(), key)).transpose()?;
    let NewConversation { kind, title, topic, members, region, incident, .. } = body;
    let command = Command::CreateConversation(Box::new(CreateConversation { id, kind, title, topic, members, queue, region, incident }));
    perform(&desk, &acting(who.person.clone()), key, None, command).await?;
    Ok((StatusCode::CREATED, Json(visible(&desk, &who.person, id).await?)))
}

pub(super) async fn visible(desk: &Desk, person: &Person, id: ConversationId) -> ApiResult<Conversation> {
    let missing = || ApiProblem::not_found("This conversation");
    let conversation = desk.store.conversation(id).await?.ok_or_else(missing)?;
    // An escalated ticket's conversation follows the ticket: membership alone outlives the right to see it.
    let Some(number) = conversation.ticket else {
        let admitted = access::admits(&access::conversation_audience(&conversation), person);
        return admitted.then_some(conversation).ok_or_else(missing);
    };
    let ticket = desk.store.ticket(number).await?;
    ticket.filter(|ticket| access::sees_ticket(person, ticket)).map(|_| conversation).ok_or_else(missing)
}

/// One conversation.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "conversations", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Conversation), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(State(desk): State<Desk>, who: SignedIn, Path(id): Path<ConversationId>) -> ApiResult<Json<Conversation>> {
    Ok(Json(visible(&desk, &who.person, id).await?))
}

#[derive(Deserialize, IntoParams)]
pub struct MessagesQuery {
    /// `seq` after which to start; 0 by default.
    #[serde(default)]
    pub after: i64,
    /// `seq` before which to end: the newest before it, oldest first. Instead of `after`; a number beyond the last gives the newest.
    pub before: Option<i64>,
    /// At most 500, 200 by default.
    pub limit: Option<i64>,
}

impl MessagesQuery {
    /// A page of a conversation that `reader` may see; of messages for higher tiers only the place is told.
    ///
    /// # Errors
    /// When the store fails, or both ends are named.
    pub async fn page(&self, desk: &Desk, reader: &Person, conversation: ConversationId) -> ApiResult<Json<MessageList>> {
        let limit = self.limit.unwrap_or(200).clamp(1, 500);
        let messages = match self.before {
            Some(_) if self.after != 0 => return Err(ApiProblem::invalid("before", "Give `after` or `before`, not both.")),
            Some(before) => desk.store.messages_before(conversation, before, limit).await?,
            None => desk.store.messages(conversation, self.after, limit).await?,
        };
        let full = i64::try_from(messages.len()).is_ok_and(|found| found == limit);
        let next = messages.last().map(|message| message.seq).filter(|_| full && self.before.is_none());
        let prev = messages.first().map(|message| message.seq).filter(|seq| *seq > 1);
        let messages = messages.into_iter().map(|message| message.as_read_by(reader)).collect();
        Ok(Json(MessageList { messages, next, prev }))
    }
}

/// Messages of a conversation, oldest first.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/messages", tag = "conversations", params(("id" = Uuid, Path), MessagesQuery), responses(
    (status = 200, body = MessageList), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn messages(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<ConversationId>,
    Query(query): Query<MessagesQuery>,
) -> ApiResult<Json<MessageList>> {
    let conversation = visible(&desk, &who.person, id).await?;
    query.page(&desk, &who.person, conversation.id).await
}

/// Say something in a conversation.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", tag = "conversations", params(("id" = Uuid, Path)), request_body = NewChatMessage, responses(
    (status = 201, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn post(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<ConversationId>,
    headers: HeaderMap,
    Body(body): Body<NewChatMessage>,
) -> ApiResult<(StatusCode, Json<CommandResult>)> {
    let key = idempotency_key(&headers)?;
    let message = key.map_or_else(new_id, |key| key.0).into();
    let post = PostMessage {
        target: MessageTarget::Conversation { id },
        message,
        visibility: Visibility::Internal,
        reply_to: body.reply_to,
        files: Vec::new(),
        seen: None,
        text: body.text,
        status: None,
    };
    let result = perform(&desk, &acting(who.person), key, None, Command::PostMessage(Box::new(post))).await?;
    Ok((StatusCode::CREATED, Json(result)))
}

/// Say how far one has read.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/read", tag = "conversations", params(("id" = Uuid, Path)), request_body = ReadUpTo, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn read(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(conversation): Path<ConversationId>,
    Body(body): Body<ReadUpTo>,
) -> ApiResult<Json<CommandResult>> {
    Ok(Json(
        perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, Command::MarkRead { conversation, seq: body.seq }).await?,
    ))
}

async fn act(desk: &Desk, who: SignedIn, headers: &HeaderMap, command: Command) -> ApiResult<Json<CommandResult>> {
    Ok(Json(perform(desk, &acting(who.person), idempotency_key(headers)?, None, command).await?))
}

/// Change a channel's name or topic.
#[utoipa::path(patch, path = "/api/v1/conversations/{id}", tag = "conversations", params(("id" = Uuid, Path)), request_body = ConversationPatch, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, description = "It is no channel", body = Problem), (status = 422, body = Problem)))]
pub async fn update(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(conversation): Path<ConversationId>,
    headers: HeaderMap,
    Body(ConversationPatch { title, topic }): Body<ConversationPatch>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::UpdateConversation { conversation, title, topic }).await
}

/// Bring somebody into a channel with members, or as a guest into a queue's.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/members", tag = "conversations", params(("id" = Uuid, Path)), request_body = NewMember, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn add_member(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(conversation): Path<ConversationId>,
    headers: HeaderMap,
    Body(NewMember { person }): Body<NewMember>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::AddMember { conversation, person }).await
}

/// Take somebody out of a channel; also oneself, with one's own id.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/members/{person}", tag = "conversations",
    params(("id" = Uuid, Path), ("person" = Uuid, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn remove_member(
    State(desk): State<Desk>,
    who: SignedIn,
    Path((conversation, person)): Path<(ConversationId, PersonId)>,
    headers: HeaderMap,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::RemoveMember { conversation, person }).await
}

/// Mute a conversation for oneself, or hear it again.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/mute", tag = "conversations", params(("id" = Uuid, Path)), request_body = Switch, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn mute(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(conversation): Path<ConversationId>,
    headers: HeaderMap,
    Body(Switch { on: muted }): Body<Switch>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::MuteConversation { conversation, muted }).await
}
