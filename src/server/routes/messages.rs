//! Single messages: searched, edited, reacted to, pinned. Whoever may not read one is told that there is none.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{acting, conversations, visible_ticket};
use crate::base::terms::Query as Words;
use crate::domain::command::{Command, CommandResult, MessageTarget};
use crate::domain::conversation::{Message, MessageEdit};
use crate::domain::id::{ConversationId, MessageId, TicketNumber};
use crate::domain::person::Person;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path, Query};
use crate::server::state::Desk;
use crate::store::MessageSearch;
use crate::wire::list::Items;
use crate::wire::message::{MessageHit, MessageHits, MessageText, Reaction, Switch};
use crate::wire::problem::Problem;

const FOUND_MAX: i64 = 100;
const FOUND_DEFAULT: i64 = 50;
/// Characters of a search text.
const TEXT_MAX: usize = 200;
/// Places marked in one message.
const RANGES_MAX: usize = 50;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct MessagesFound {
    /// Words that must all stand in it, whatever the case and ending; up to 200 characters.
    #[serde(default)]
    text: String,
    /// Only of this ticket.
    #[param(value_type = Option<i64>)]
    ticket: Option<TicketNumber>,
    /// Only of this conversation.
    #[param(value_type = Option<String>)]
    conversation: Option<ConversationId>,
    /// Only by this person: `me` or a handle.
    author: Option<String>,
    /// Only pinned ones.
    #[serde(default)]
    pinned: bool,
    /// 1 to 100, 50 by default.
    limit: Option<i64>,
}

impl MessagesFound {
    async fn search(&self, desk: &Desk, me: &Person) -> ApiResult<MessageSearch> {
        let text = self.text.trim();
        if text.chars().count() > TEXT_MAX {
            return Err(ApiProblem::invalid("text", format!("Look for at most {TEXT_MAX} characters at once.")));
        }
        if text.is_empty() && !self.pinned && self.author.is_none() {
            return Err(ApiProblem::invalid("text", "Say what to look for: a text, an author or `pinned=true`."));
        }
        let conversation = match (self.ticket, self.conversation) {
            (Some(number), _) => Some(visible_ticket(desk, me, number).await?.conversation),
            (None, conversation) => conversation,
        };
        let author = match self.author.as_deref() {
            Some("me") => Some(me.id),
            Some(handle) => {
                let directory = desk.directory();
                let person = directory.person_by_handle(handle.trim_start_matches('@')).map(|person| person.id);
                let missing = || ApiProblem::invalid("author", format!("There is nobody with the handle `{handle}`."));
                Some(person.ok_or_else(missing)?)
            }
            None => None,
        };
        Ok(MessageSearch { text: text.to_owned(), conversation, author, pinned: self.pinned })
    }
}

/// Messages one may read that say something, newest first.
#[utoipa::path(get, path = "/api/v1/messages", tag = "conversations", params(MessagesFound), responses(
    (status = 200, body = MessageHits), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn search(State(desk): State<Desk>, who: SignedIn, Query(query): Query<MessagesFound>) -> ApiResult<Json<MessageHits>> {
    let limit = query.limit.unwrap_or(FOUND_DEFAULT).clamp(1, FOUND_MAX);
    let search = query.search(&desk, &who.person).await?;
    let _turn = desk.searching.acquire().await;
    let mut found = desk.store.search_messages(&who.person, &search, limit + 1).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = found.len() > wanted;
    found.truncate(wanted);
    let words = Words::parse(&search.text);
    let hits = found.into_iter().map(|message| MessageHit { ranges: words.ranges(&message.text, RANGES_MAX), message });
    Ok(Json(MessageHits { hits: hits.collect(), more }))
}

/// The message with where it stands, when `person` may read it.
async fn readable(desk: &Desk, person: &Person, id: MessageId) -> ApiResult<(Message, MessageTarget)> {
    let missing = || ApiProblem::not_found("This message");
    let message = desk.store.message(id).await?.filter(|message| message.is_for(person)).ok_or_else(missing)?;
    let target = if let Some(number) = message.ticket {
        visible_ticket(desk, person, number).await.map_err(|_| missing())?;
        MessageTarget::Ticket { number }
    } else {
        conversations::visible(desk, person, message.conversation).await.map_err(|_| missing())?;
        MessageTarget::Conversation { id: message.conversation }
    };
    Ok((message, target))
}

async fn act(
    desk: &Desk,
    who: SignedIn,
    headers: &HeaderMap,
    id: MessageId,
    command: impl FnOnce(MessageTarget) -> Command,
) -> ApiResult<Json<CommandResult>> {
    let (_, target) = readable(desk, &who.person, id).await?;
    Ok(Json(perform(desk, &acting(who.person), idempotency_key(headers)?, None, command(target)).await?))
}

/// Change one's own message; what it said before is kept.
#[utoipa::path(patch, path = "/api/v1/messages/{id}", tag = "conversations", params(("id" = Uuid, Path)), request_body = MessageText, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn edit(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(message): Path<MessageId>,
    headers: HeaderMap,
    Body(MessageText { text }): Body<MessageText>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, message, |target| Command::EditMessage { target, message, text }).await
}

/// What a message said before it was changed, oldest first.
#[utoipa::path(get, path = "/api/v1/messages/{id}/edits", tag = "conversations", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Items<MessageEdit>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn edits(State(desk): State<Desk>, who: SignedIn, Path(id): Path<MessageId>) -> ApiResult<Json<Items<MessageEdit>>> {
    let (message, _) = readable(&desk, &who.person, id).await?;
    Ok(Json(desk.store.message_edits(message.id).await?.into()))
}

/// React to a message, or take a reaction back.
#[utoipa::path(post, path = "/api/v1/messages/{id}/reactions", tag = "conversations", params(("id" = Uuid, Path)), request_body = Reaction, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn react(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(message): Path<MessageId>,
    headers: HeaderMap,
    Body(Reaction { reaction, on }): Body<Reaction>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, message, |target| Command::ReactToMessage { target, message, reaction, on }).await
}

/// Pin a message, or let go of it.
#[utoipa::path(post, path = "/api/v1/messages/{id}/pin", tag = "conversations", params(("id" = Uuid, Path)), request_body = Switch, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn pin(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(message): Path<MessageId>,
    headers: HeaderMap,
    Body(Switch { on }): Body<Switch>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, message, |target| Command::PinMessage { target, message, on }).await
}
