//! The server itself: what it is, whether it works, its figures.

use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::server::error::ApiResult;
use crate::server::state::Desk;
use crate::wire::desk::DeskInfo;
use crate::wire::problem::Problem;
use crate::wire::{PROTOCOL, PROTOCOL_OLDEST};

/// What the server is; needs no sign-in.
#[utoipa::path(get, path = "/api/v1/desk", tag = "desk", responses((status = 200, body = DeskInfo)), security(()))]
pub async fn desk(State(desk): State<Desk>) -> Json<DeskInfo> {
    Json(DeskInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: PROTOCOL,
        protocol_oldest: PROTOCOL_OLDEST,
        now: desk.clock.now(),
        needs_setup: desk.needs_setup.load(Ordering::Relaxed),
    })
}

/// The process answers.
#[utoipa::path(get, path = "/healthz", tag = "desk", responses((status = 200, description = "`ok`", body = String, example = "ok")), security(()))]
pub async fn healthz() -> &'static str {
    "ok"
}

/// The database answers as well.
#[utoipa::path(get, path = "/readyz", tag = "desk", security(()), responses(
    (status = 200, description = "`ready`", body = String, example = "ready"), (status = 503, body = Problem)))]
pub async fn readyz(State(desk): State<Desk>) -> ApiResult<&'static str> {
    desk.store.check().await?;
    Ok("ready")
}

/// Figures for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "desk", security(()), responses(
    (status = 200, description = "OpenMetrics text", body = String, content_type = "application/openmetrics-text", example = "dutydesk_tickets 2000"), (status = 503, body = Problem)))]
pub async fn metrics(State(desk): State<Desk>) -> ApiResult<impl IntoResponse> {
    let counts = desk.store.counts().await?;
    desk.metrics.tickets.set(counts.tickets);
    desk.metrics.tickets_unassigned.set(counts.unassigned);
    desk.metrics.messages.set(counts.messages);
    desk.metrics.people_connected.set(i64::try_from(desk.presences.connected()).unwrap_or(i64::MAX));
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], desk.metrics.render()))
}
