//! Messages from outside, and the channels they come by.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use super::acting;
use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command, CommandResult, ReceiveMessage, Submission};
use crate::domain::queue::IntakeChannel;
use crate::server::auth::{SignedIn, bearer};
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{Source, execute, idempotency_key, perform};
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::server::tokens::{new_token, sha256_hex};
use crate::wire::conversation::{IntakeChannelMade, IntakeMessage, NewIntakeChannel};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Take a message from outside: the first of a thread opens a ticket, later ones join it. The same `external` again is taken once.
#[utoipa::path(post, path = "/api/v1/intake/{channel}", tag = "intake", request_body = IntakeMessage,
    params(("channel" = String, Path, description = "The channel's key")), responses(
    (status = 201, description = "Taken; `unchanged` when it was known", body = CommandResult),
    (status = 401, description = "The token is not this channel's", body = Problem), (status = 413, body = Problem),
    (status = 422, description = "Something in the message is not valid", body = Problem), (status = 503, body = Problem)))]
pub async fn receive(
    State(desk): State<Desk>,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Result<Body<IntakeMessage>, ApiProblem>,
) -> ApiResult<(StatusCode, Json<CommandResult>)> {
    // Who is not known is told so, and nothing of what a message looks like.
    let channel = authenticate(&desk, &key, &headers).await?;
    let Body(body) = body?;
    let IntakeMessage { thread, external, author, text, subject, attachments, kind, priority, fields } = body;
    let receive = ReceiveMessage { channel: channel.id, thread, external, author, text, subject, attachments, kind, priority, fields };
    let key = idempotency_key(&headers)?.unwrap_or_else(|| new_id().into());
    let submission = Submission { key, base_version: None, expires_at: None, command: Command::ReceiveMessage(Box::new(receive)) };
    let receipt = execute(&desk, &Actor::Intake(channel), Source::Intake, submission).await?;
    Ok((StatusCode::CREATED, Json(receipt.answer?)))
}

/// The channel `key`, when the request bears its token.
pub(super) async fn authenticate(desk: &Desk, key: &str, headers: &HeaderMap) -> ApiResult<IntakeChannel> {
    let channel = desk.store.intake_channel(key).await?.filter(|channel| channel.active);
    // Comparing hashes: how far two of them agree tells nothing of the token.
    let given = bearer(headers).map(sha256_hex);
    channel.filter(|channel| given.as_deref() == Some(channel.token_sha256.as_str())).ok_or_else(|| {
        ApiProblem::new(StatusCode::UNAUTHORIZED, "wrong_channel_token", "There is no such intake channel, or the token is not its own.")
    })
}

/// The intake channels; admins.
#[utoipa::path(get, path = "/api/v1/intake-channels", tag = "intake", responses(
    (status = 200, body = Items<IntakeChannel>), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<IntakeChannel>>> {
    who.require_admin()?;
    Ok(Json(desk.store.intake_channels().await?.into()))
}

/// Make an intake channel; its token is shown once. Admins.
#[utoipa::path(post, path = "/api/v1/intake-channels", tag = "intake", request_body = NewIntakeChannel, responses(
    (status = 201, body = IntakeChannelMade), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, description = "The key is taken", body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Body(body): Body<NewIntakeChannel>,
) -> ApiResult<(StatusCode, Json<IntakeChannelMade>)> {
    let token = new_token("ch_");
    let channel = IntakeChannel {
        id: new_id().into(),
        version: 0,
        key: body.key.clone(),
        name: body.name,
        queue: body.queue,
        reply_webhook: None,
        asks_rating: false,
        token_sha256: sha256_hex(&token),
        active: true,
    };
    perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, Command::PutIntakeChannel(channel)).await?;
    Ok((StatusCode::CREATED, Json(IntakeChannelMade { key: body.key, token })))
}
