//! Webhooks; admins. Their secrets go out once, when they are made.

use axum::Json;
use axum::extract::State;

use super::acting;
use crate::domain::command::Command;
use crate::domain::id::WebhookId;
use crate::domain::webhook::{DeliveryRecord, Webhook};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::perform;
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::server::tokens::new_token;
use crate::wire::list::Items;
use crate::wire::problem::Problem;
use crate::wire::webhook::{DeliveryView, WebhookInput, WebhookStored, WebhookView};

/// Deliveries answered at once.
const DELIVERIES_MAX: i64 = 200;

fn view(webhook: &Webhook) -> WebhookView {
    let Webhook { id, version, key, name, url, allow_private, active, events, person, queue, .. } = webhook.clone();
    WebhookView { id, version, key, name, url, allow_private, active, events, person, queue }
}

/// The webhooks, by key and without their secrets; admins.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", responses(
    (status = 200, body = Items<WebhookView>), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<WebhookView>>> {
    who.require_admin()?;
    let mut webhooks: Vec<_> = desk.directory().webhooks.values().map(view).collect();
    webhooks.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(Json(webhooks.into()))
}

/// Create or replace a webhook; admins. The secret is answered when this makes or changes it, and never again.
#[utoipa::path(put, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = Uuid, Path)), request_body = WebhookInput, responses(
    (status = 200, body = WebhookStored), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, description = "The key is taken", body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<WebhookId>,
    Body(body): Body<WebhookInput>,
) -> ApiResult<Json<WebhookStored>> {
    let WebhookInput { key, name, url, secret, allow_private, active, events, person, queue } = body;
    let old = desk.directory().webhooks.get(&id).map(|webhook| webhook.secret.clone());
    let (secret, shown) = match (secret, old) {
        (Some(given), Some(old)) if given == old => (given, None),
        (None, Some(old)) => (old, None),
        (given, _) => {
            let secret = given.unwrap_or_else(|| new_token("wh_"));
            (secret.clone(), Some(secret))
        }
    };
    let webhook = Webhook { id, version: 0, key: key.clone(), name, url, secret, allow_private, active, events, person, queue };
    perform(&desk, &acting(who.person), None, None, Command::PutWebhook(Box::new(webhook))).await?;
    Ok(Json(WebhookStored { id, key, secret: shown }))
}

/// A webhook's calls, newest first, at most 200; admins.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks", params(("id" = Uuid, Path)), responses(
    (status = 200, body = Items<DeliveryView>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn deliveries(State(desk): State<Desk>, who: SignedIn, Path(id): Path<WebhookId>) -> ApiResult<Json<Items<DeliveryView>>> {
    who.require_admin()?;
    if !desk.directory().webhooks.contains_key(&id) {
        return Err(ApiProblem::not_found("The webhook"));
    }
    let records = desk.store.deliveries(id, DELIVERIES_MAX).await?;
    let views = records.into_iter().map(|record| {
        let DeliveryRecord { delivery, next_at, attempts, delivered_at, last_error } = record;
        let (id, event, ticket, created_at) = (delivery.id, delivery.event, delivery.ticket, delivery.created_at);
        DeliveryView { id, event, ticket, created_at, attempts, next_at, delivered_at, last_error }
    });
    Ok(Json(views.collect::<Vec<_>>().into()))
}
