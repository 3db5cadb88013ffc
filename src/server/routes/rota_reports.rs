//! What can be told of one rota: fairness, limits broken, who could cover. Read by everybody; nothing is stored.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Datelike, Duration, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::cover::{self, CoverCandidate};
use crate::domain::roster::fairness::{self, Fairness};
use crate::domain::roster::{LimitBreach, Rota, limits, pattern};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::extract::{Path, Query};
use crate::server::state::Desk;
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Longest span reported, in days.
const SPAN_MAX_DAYS: i64 = 366;
/// Days reported when no end is given.
const SPAN_DAYS: i64 = 28;

#[derive(Deserialize, IntoParams)]
pub struct ReportQuery {
    /// RFC 3339; now by default.
    from: Option<DateTime<Utc>>,
    /// RFC 3339; 28 days after `from` by default, at most 366.
    to: Option<DateTime<Utc>>,
}

#[derive(Deserialize, IntoParams)]
pub struct CoverQuery {
    /// RFC 3339.
    from: DateTime<Utc>,
    /// RFC 3339; at most 366 days after `from`.
    to: DateTime<Utc>,
    /// A handle: whose duty is to be taken; nobody's when absent.
    person: Option<String>,
}

fn span(desk: &Desk, query: &ReportQuery) -> ApiResult<(DateTime<Utc>, DateTime<Utc>)> {
    let from = query.from.unwrap_or_else(|| desk.clock.now());
    // An instant at the end of all time has none after it.
    check(from, query.to.or_else(|| from.checked_add_signed(Duration::days(SPAN_DAYS))).unwrap_or(from))
}

fn check(from: DateTime<Utc>, to: DateTime<Utc>) -> ApiResult<(DateTime<Utc>, DateTime<Utc>)> {
    if !(1970..=2200).contains(&from.year()) {
        return Err(ApiProblem::invalid("from", "Give an instant between the years 1970 and 2200."));
    }
    if to <= from || to - from > Duration::days(SPAN_MAX_DAYS) {
        return Err(ApiProblem::invalid("to", format!("`to` must come after `from`, by at most {SPAN_MAX_DAYS} days.")));
    }
    Ok((from, to))
}

/// Reckons beside the requests: a year of a large rota takes a while.
async fn with_rota<T: Send + 'static>(
    desk: &Desk,
    key: &str,
    reckon: impl FnOnce(&Directory, &Rota) -> T + Send + 'static,
) -> ApiResult<T> {
    let directory: Arc<Directory> = desk.directory();
    let id = directory.rota_by_key(key).ok_or_else(|| ApiProblem::not_found(&format!("Rota {key}")))?.id;
    tokio::task::spawn_blocking(move || reckon(&directory, &directory.rotas[&id])).await.map_err(|error| ApiProblem::failed(&error))
}

/// Hours, nights, weekends and holidays per person against the mean.
#[utoipa::path(get, path = "/api/v1/rotas/{key}/fairness", tag = "roster", params(("key" = String, Path, description = "A rota's key"), ReportQuery),
    responses((status = 200, body = Fairness), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn fairness(
    State(desk): State<Desk>,
    _who: SignedIn,
    Path(key): Path<String>,
    Query(query): Query<ReportQuery>,
) -> ApiResult<Json<Fairness>> {
    let (from, to) = span(&desk, &query)?;
    Ok(Json(with_rota(&desk, &key, move |directory, rota| fairness::report(directory, &[rota], from, to)).await?))
}

/// Limits of the rota that people's shifts break.
#[utoipa::path(get, path = "/api/v1/rotas/{key}/limits", tag = "roster", params(("key" = String, Path, description = "A rota's key"), ReportQuery),
    responses((status = 200, body = Items<LimitBreach>), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn limits(
    State(desk): State<Desk>,
    _who: SignedIn,
    Path(key): Path<String>,
    Query(query): Query<ReportQuery>,
) -> ApiResult<Json<Items<LimitBreach>>> {
    let (from, to) = span(&desk, &query)?;
    Ok(Json(with_rota(&desk, &key, move |directory, rota| breaches(directory, rota, from, to)).await?.into()))
}

/// Of members and of whoever stands in for them.
fn breaches(directory: &Directory, rota: &Rota, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<LimitBreach> {
    let mut people: Vec<PersonId> = rota.members.iter().map(|member| member.person).collect();
    people.extend(pattern::shifts(directory, rota, from, to).into_iter().map(|shift| shift.person));
    limits::breaches(directory, rota, &people, from, to)
}

/// Who could be on duty in a span, instead of somebody or beside those who are: best first, with what speaks against each.
#[utoipa::path(get, path = "/api/v1/rotas/{key}/cover", tag = "roster", params(("key" = String, Path, description = "A rota's key"), CoverQuery),
    responses((status = 200, body = Items<CoverCandidate>), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn cover(
    State(desk): State<Desk>,
    _who: SignedIn,
    Path(key): Path<String>,
    Query(query): Query<CoverQuery>,
) -> ApiResult<Json<Items<CoverCandidate>>> {
    let (from, to) = check(query.from, query.to)?;
    let person = match &query.person {
        Some(handle) => {
            let missing = || ApiProblem::not_found(&format!("Person {handle}"));
            Some(desk.directory().person_by_handle(handle).ok_or_else(missing)?.id)
        }
        None => None,
    };
    Ok(Json(with_rota(&desk, &key, move |directory, rota| cover::candidates(directory, rota, person, from, to)).await?.into()))
}
