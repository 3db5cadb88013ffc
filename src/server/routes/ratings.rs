//! What requesters think, by their channel; and the settings of channels.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use super::acting;
use super::intake::authenticate;
use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command, CommandResult, Submission};
use crate::domain::id::WebhookId;
use crate::domain::queue::IntakeChannel;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{Source, execute, idempotency_key, perform};
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::wire::craft::{ChannelSettings, IntakeRating};
use crate::wire::problem::Problem;

/// Take a requester's rating of their thread's ticket. The latest counts.
#[utoipa::path(post, path = "/api/v1/intake/{channel}/ratings", tag = "intake", request_body = IntakeRating,
    params(("channel" = String, Path, description = "The channel's key")), responses(
    (status = 200, description = "Taken; `unchanged` when it was known", body = CommandResult),
    (status = 401, description = "The token is not this channel's", body = Problem), (status = 404, description = "No such thread", body = Problem),
    (status = 409, description = "It is not solved", body = Problem), (status = 422, body = Problem)))]
pub async fn rate(
    State(desk): State<Desk>,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Result<Body<IntakeRating>, ApiProblem>,
) -> ApiResult<Json<CommandResult>> {
    let channel = authenticate(&desk, &key, &headers).await?;
    let Body(IntakeRating { thread, score, words }) = body?;
    // A merged ticket's thread leads to the ticket it was merged into.
    let number = desk.store.thread(channel.id, &thread).await?.ok_or_else(|| ApiProblem::not_found("This thread"))?;
    let key = idempotency_key(&headers)?.unwrap_or_else(|| new_id().into());
    let submission = Submission { key, base_version: None, expires_at: None, command: Command::RateTicket { number, score, words } };
    let receipt = execute(&desk, &Actor::Intake(channel), Source::Intake, submission).await?;
    Ok(Json(receipt.answer?))
}

fn webhook(desk: &Desk, key: &str) -> ApiResult<Option<WebhookId>> {
    if key.is_empty() {
        return Ok(None);
    }
    let directory = desk.directory();
    let found = directory.webhooks.values().find(|webhook| webhook.key == key && webhook.active);
    let missing = || ApiProblem::invalid("reply_webhook", format!("There is no webhook `{key}`; GET /api/v1/webhooks lists them."));
    found.map(|webhook| Some(webhook.id)).ok_or_else(missing)
}

/// Change an intake channel: what is absent stays. Admins.
#[utoipa::path(put, path = "/api/v1/intake-channels/{key}", tag = "intake", request_body = ChannelSettings,
    params(("key" = String, Path, description = "The channel's key")), responses(
    (status = 200, description = "The channel afterwards", body = IntakeChannel), (status = 401, body = Problem),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn put_channel(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(key): Path<String>,
    headers: HeaderMap,
    Body(body): Body<ChannelSettings>,
) -> ApiResult<(StatusCode, Json<IntakeChannel>)> {
    who.require_admin()?;
    let missing = || ApiProblem::not_found(&format!("Intake channel {key}"));
    let old = desk.store.intake_channel(&key).await?.ok_or_else(missing)?;
    let ChannelSettings { name, queue, reply_webhook, asks_rating, active } = body;
    let channel = IntakeChannel {
        name: name.unwrap_or_else(|| old.name.clone()),
        queue: queue.unwrap_or(old.queue),
        reply_webhook: reply_webhook.map_or(Ok(old.reply_webhook), |key| webhook(&desk, &key))?,
        asks_rating: asks_rating.unwrap_or(old.asks_rating),
        active: active.unwrap_or(old.active),
        ..old
    };
    perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, Command::PutIntakeChannel(channel)).await?;
    let stored = desk.store.intake_channel(&key).await?.ok_or_else(missing)?;
    Ok((StatusCode::OK, Json(stored)))
}
