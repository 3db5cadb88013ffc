//! Figures about the desk, of the queues one may see.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono_tz::Tz;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::stats::{Overview, Range};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::extract::Query;
use crate::server::state::Desk;
use crate::server::stats::{figures, may_ask};
use crate::wire::problem::Problem;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct StatsQuery {
    /// `today`, `24h`, `7d` or `28d`.
    #[serde(default)]
    #[param(inline)]
    range: Range,
    /// A queue's key; all that one may see when absent.
    queue: Option<String>,
    /// The IANA zone that hours and days are counted in; one's own when absent.
    zone: Option<String>,
}

/// Arrivals, backlog, waits, load, heat map, places and queues, counted at most once a minute. Of the queues one works in; leads,
/// admins and viewers: of all.
#[utoipa::path(get, path = "/api/v1/stats/overview", operation_id = "overview", tag = "stats", params(StatsQuery), responses(
    (status = 200, body = Overview), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
pub async fn overview(State(desk): State<Desk>, who: SignedIn, Query(query): Query<StatsQuery>) -> ApiResult<Json<Arc<Overview>>> {
    let queue = match &query.queue {
        Some(key) => {
            let found = desk.directory().queues.values().find(|queue| queue.key == *key).map(|queue| queue.id);
            let missing = || ApiProblem::not_found(&format!("Queue {key}"));
            Some(found.filter(|queue| may_ask(&who.person, *queue)).ok_or_else(missing)?)
        }
        None => None,
    };
    let zone = query.zone.as_ref().unwrap_or(&who.person.time_zone);
    let zone: Tz = match (zone.parse(), &query.zone) {
        (Ok(zone), _) => zone,
        (Err(_), None) => Tz::UTC,
        (Err(_), Some(zone)) => {
            return Err(ApiProblem::invalid("zone", format!("There is no time zone `{zone}`: use an IANA name such as Asia/Shanghai.")));
        }
    };
    Ok(Json(figures(&desk, &who.person, queue, query.range, zone).await?))
}
