//! All URLs. Each handler carries its own description; `/api/v1/openapi.json` is made of them.

use std::sync::LazyLock;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{self, BODY_MAX, IMPORT_BODY_MAX};
use super::error::as_problem;
use super::feed::{digest, snapshot, stream};
use super::routes::{
    admin, assignment, briefing, calendars, clocks, commands, conversations, craft, desk, directory, escalations, files, handovers, here,
    ical, import, incidents, intake, messages, notices, people, ratings, reminders, requesters, roster, roster_plans, rota_reports, search,
    sessions, snippets, stats, status, ticket_acts, tickets, views, webhooks,
};
use super::state::Desk;
use super::{description, protocol, request_id};
use crate::wire::TIME_HEADER;

/// A rating with its words, each character escaped.
const STATUS_BODY_MAX: usize = 64 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);

/// The routes, and what describes them: alike for every desk of the process, and slow to make.
static PARTS: LazyLock<(Router<Desk>, OpenApi)> = LazyLock::new(|| {
    let (router, api) = routes().split_for_parts();
    (router, description::complete(api))
});

/// The server's whole HTTP surface.
pub fn router(desk: Desk) -> Router {
    let (router, api) = &*PARTS;
    router
        .clone()
        .route("/api/v1/openapi.json", get(move || std::future::ready(Json(api))))
        // For people: no part of the description.
        .route("/status/{key}", get(status::show).post(status::rate).layer(DefaultBodyLimit::max(STATUS_BODY_MAX)))
        .layer(from_fn(as_problem))
        .layer(from_fn_with_state(desk.clone(), observe))
        .layer(CompressionLayer::new().gzip(true))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(as_problem))
        .layer(from_fn(protocol::layer))
        .layer(from_fn(request_id::layer))
        .with_state(desk)
}

/// Every route with its description.
pub fn routes() -> OpenApiRouter<Desk> {
    // A stream, a poll, a roster's search and an import live longer than a request should.
    let long = OpenApiRouter::new()
        .routes(routes!(stream::sync))
        .routes(routes!(snapshot::snapshot))
        .routes(routes!(admin::backup))
        .routes(routes!(roster_plans::generate))
        .merge(file_bytes_routes())
        .merge(import_routes());
    let quick = desk_routes()
        .merge(ticket_routes())
        .merge(people_routes())
        .merge(duty_routes())
        .merge(conversation_routes())
        .merge(file_routes())
        .merge(incident_routes())
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn(body::limited))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT));
    long.merge(quick)
}

fn import_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(import::import)).layer(DefaultBodyLimit::max(IMPORT_BODY_MAX)).layer(from_fn(body::limited_import))
}

fn desk_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(desk::desk))
        .routes(routes!(desk::healthz))
        .routes(routes!(desk::readyz))
        .routes(routes!(desk::metrics))
        .routes(routes!(stats::overview))
        .routes(routes!(digest::digest))
        .routes(routes!(commands::commands))
        .routes(routes!(intake::receive))
        .routes(routes!(intake::list, intake::create))
        .routes(routes!(ratings::rate))
        .routes(routes!(ratings::put_channel))
}

fn ticket_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(tickets::list, tickets::create))
        .routes(routes!(tickets::get, tickets::patch))
        .routes(routes!(tickets::messages, ticket_acts::post))
        .routes(routes!(tickets::audit))
        .routes(routes!(tickets::assignments))
        .routes(routes!(tickets::decisions))
        .routes(routes!(clocks::clocks))
        .routes(routes!(assignment::assignment_preview))
        .routes(routes!(assignment::rebalance))
        .routes(routes!(ticket_acts::claim))
        .routes(routes!(ticket_acts::accept))
        .routes(routes!(ticket_acts::assign))
        .routes(routes!(ticket_acts::release))
        .routes(routes!(ticket_acts::escalate))
        .routes(routes!(escalations::of_ticket))
        .routes(routes!(briefing::briefing))
        .routes(routes!(ticket_acts::merge))
        .routes(routes!(craft::conversation))
        .routes(routes!(craft::get_timeline))
        .routes(routes!(craft::unmerge))
        .routes(routes!(craft::split))
        .routes(routes!(craft::status_link))
        .routes(routes!(here::get, here::put, here::delete))
        .routes(routes!(requesters::search))
        .routes(routes!(requesters::get, requesters::put))
}

fn people_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(sessions::setup))
        .routes(routes!(sessions::sign_in, sessions::list))
        .routes(routes!(sessions::sign_out))
        .routes(routes!(sessions::revoke))
        .routes(routes!(sessions::revoke_for))
        .routes(routes!(people::list))
        .routes(routes!(people::me))
        .routes(routes!(people::set_presence))
        .routes(routes!(people::put))
        .routes(routes!(people::set_password))
        .routes(routes!(people::agent_states))
        .routes(routes!(directory::queues))
        .routes(routes!(directory::put_queue))
        .routes(routes!(directory::sites))
        .routes(routes!(directory::put_site))
        .routes(routes!(directory::rotas))
        .routes(routes!(directory::put_rota))
}

fn duty_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(roster::roster))
        .routes(routes!(roster::on_duty))
        .routes(routes!(roster::changes, roster::change))
        .routes(routes!(roster::cancel))
        .routes(routes!(roster::answer))
        .routes(routes!(roster_plans::list, roster_plans::create))
        .routes(routes!(roster_plans::get, roster_plans::put))
        .routes(routes!(rota_reports::fairness))
        .routes(routes!(rota_reports::limits))
        .routes(routes!(rota_reports::cover))
        .routes(routes!(calendars::list))
        .routes(routes!(calendars::put))
        .routes(routes!(ical::serve))
        .routes(routes!(ical::make_mine, ical::list_mine, ical::revoke_mine))
        .routes(routes!(ical::make_rota, ical::list_rota, ical::revoke_rota))
        .routes(routes!(webhooks::list))
        .routes(routes!(webhooks::put))
        .routes(routes!(webhooks::deliveries))
        .routes(routes!(handovers::list, handovers::create))
        .routes(routes!(handovers::draft))
        .routes(routes!(handovers::get, handovers::patch))
        .routes(routes!(handovers::sign))
}

/// Slow links take their time over bytes; how many there are is the file's own limit.
fn file_bytes_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new().routes(routes!(files::download, files::append, files::offset, files::remove)).routes(routes!(
        files::channel_download,
        files::channel_append,
        files::channel_offset
    ))
}

fn file_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(files::begin))
        .routes(routes!(files::status))
        .routes(routes!(files::of_ticket))
        .routes(routes!(files::channel_begin))
}

fn conversation_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(conversations::list, conversations::create))
        .routes(routes!(conversations::get, conversations::update))
        .routes(routes!(conversations::messages, conversations::post))
        .routes(routes!(conversations::read))
        .routes(routes!(messages::search))
        .routes(routes!(search::search))
        .routes(routes!(messages::edit))
        .routes(routes!(messages::edits))
        .routes(routes!(messages::react))
        .routes(routes!(messages::pin))
        .routes(routes!(conversations::add_member))
        .routes(routes!(conversations::remove_member))
        .routes(routes!(conversations::mute))
        .routes(routes!(snippets::list))
        .routes(routes!(snippets::put, snippets::delete))
        .routes(routes!(snippets::fill))
        .routes(routes!(views::list))
        .routes(routes!(views::put, views::delete))
        .routes(routes!(escalations::list))
        .routes(routes!(escalations::answer))
        .routes(routes!(escalations::leave))
        .routes(routes!(escalations::join))
        .routes(routes!(escalations::withdraw))
        .routes(routes!(notices::list))
        .routes(routes!(notices::dismiss))
        .routes(routes!(notices::settings, notices::put_settings))
        .routes(routes!(reminders::list))
        .routes(routes!(reminders::put, reminders::cancel))
        .routes(routes!(reminders::follow_ups))
        .routes(routes!(reminders::put_follow_up))
}

fn incident_routes() -> OpenApiRouter<Desk> {
    OpenApiRouter::new()
        .routes(routes!(incidents::list))
        .routes(routes!(incidents::get, incidents::declare, incidents::stand_down))
        .routes(routes!(incidents::tie))
        .routes(routes!(incidents::untie))
        .routes(routes!(incidents::likeness))
        .routes(routes!(incidents::preview))
        .routes(routes!(incidents::broadcast))
        .routes(routes!(incidents::progress))
}

/// Counts answers, and says the server's time on each.
async fn observe(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    desk.metrics.requests.get_or_create(&vec![("status".to_owned(), status)]).inc();
    let millis = desk.clock.now().timestamp_millis();
    response.headers_mut().insert(HeaderName::from_static(TIME_HEADER), HeaderValue::from(millis));
    response
}
