//! Who is on duty when, gaps, and changes of the roster.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::acting;
use crate::base::clock::new_id;
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::RosterChangeId;
use crate::domain::roster::{ChangeState, RosterChange, Shift, gap, pattern};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path, Query};
use crate::server::state::Desk;
use crate::wire::duty::{AnswerChange, Roster};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Longest span answered, in days.
const SPAN_MAX_DAYS: i64 = 62;

#[derive(Deserialize, IntoParams)]
pub struct SpanQuery {
    /// RFC 3339; now by default.
    from: Option<DateTime<Utc>>,
    /// RFC 3339; a day after `from` by default, at most 62 days.
    to: Option<DateTime<Utc>>,
    /// A rota's key.
    rota: Option<String>,
}

/// Local time is reckoned for these years only; beyond them the calendar itself ends somewhere.
fn in_range(at: DateTime<Utc>, field: &str) -> ApiResult<()> {
    let near = (1970..=2200).contains(&at.year());
    near.then_some(()).ok_or_else(|| ApiProblem::invalid(field, "Give an instant between the years 1970 and 2200."))
}

/// Shifts and gaps of a span.
#[utoipa::path(get, path = "/api/v1/roster", tag = "roster", params(SpanQuery), responses(
    (status = 200, body = Roster), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub async fn roster(State(desk): State<Desk>, _who: SignedIn, Query(query): Query<SpanQuery>) -> ApiResult<Json<Roster>> {
    let from = query.from.unwrap_or_else(|| desk.clock.now());
    in_range(from, "from")?;
    let to = query.to.unwrap_or(from + chrono::Duration::days(1));
    if to <= from || to - from > chrono::Duration::days(SPAN_MAX_DAYS) {
        return Err(ApiProblem::invalid("to", format!("`to` must come after `from`, by at most {SPAN_MAX_DAYS} days.")));
    }
    let directory = desk.directory();
    let wanted = |key: &str| query.rota.as_deref().is_none_or(|rota| rota == key);
    let rotas: Vec<_> = directory.rotas.values().filter(|rota| rota.active && wanted(&rota.key)).collect();
    let mut shifts: Vec<_> = rotas.iter().flat_map(|rota| pattern::shifts(&directory, rota, from, to)).collect();
    shifts.sort_by_key(|shift| (shift.from, shift.person));
    let mut gaps: Vec<_> = rotas.iter().flat_map(|rota| gap::gaps(&directory, rota, from, to)).collect();
    gaps.sort_by_key(|gap| gap.from);
    Ok(Json(Roster { shifts, gaps }))
}

#[derive(Deserialize, IntoParams)]
pub struct OnDutyQuery {
    /// RFC 3339; now by default.
    at: Option<DateTime<Utc>>,
    /// A queue's key.
    queue: Option<String>,
}

/// Who is on duty at an instant.
#[utoipa::path(get, path = "/api/v1/on-duty", tag = "roster", params(OnDutyQuery), responses(
    (status = 200, body = Items<Shift>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn on_duty(State(desk): State<Desk>, _who: SignedIn, Query(query): Query<OnDutyQuery>) -> ApiResult<Json<Items<Shift>>> {
    let directory = desk.directory();
    let at = query.at.unwrap_or_else(|| desk.clock.now());
    in_range(at, "at")?;
    let mut shifts = pattern::on_duty(&directory, at);
    if let Some(key) = query.queue {
        let queue = directory.queue_by_key(&key).ok_or_else(|| ApiProblem::not_found(&format!("Queue {key}")))?.id;
        shifts.retain(|shift| directory.rotas.get(&shift.rota).is_some_and(|rota| rota.queues.contains(&queue)));
    }
    Ok(Json(shifts.into()))
}

#[derive(Deserialize, IntoParams)]
pub struct ChangesQuery {
    /// A rota's key.
    rota: Option<String>,
    /// RFC 3339: changes that end after this instant; now by default.
    from: Option<DateTime<Utc>>,
    /// RFC 3339: changes that begin before this instant.
    to: Option<DateTime<Utc>>,
    /// A handle: changes that name this person.
    person: Option<String>,
    /// As far as the change has come.
    state: Option<ChangeState>,
    /// Withdrawn ones as well.
    #[serde(default)]
    cancelled: bool,
}

/// Changes of the roster, in order of their beginning.
#[utoipa::path(get, path = "/api/v1/roster-changes", tag = "roster", params(ChangesQuery), responses(
    (status = 200, body = Items<RosterChange>), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn changes(State(desk): State<Desk>, _who: SignedIn, Query(query): Query<ChangesQuery>) -> ApiResult<Json<Items<RosterChange>>> {
    let directory = desk.directory();
    let from = query.from.unwrap_or_else(|| desk.clock.now());
    let missing = |what: &str, name: &str| ApiProblem::not_found(&format!("{what} {name}"));
    let rota = match &query.rota {
        Some(key) => Some(directory.rota_by_key(key).ok_or_else(|| missing("Rota", key))?.id),
        None => None,
    };
    let person = match &query.person {
        Some(handle) => Some(directory.person_by_handle(handle).ok_or_else(|| missing("Person", handle))?.id),
        None => None,
    };
    let wanted = |change: &&RosterChange| {
        let end = change.to.max(change.other_to.unwrap_or(change.to));
        let start = change.from.min(change.other_from.unwrap_or(change.from));
        end > from
            && query.to.is_none_or(|to| start < to)
            && rota.is_none_or(|id| change.rota == id)
            && person.is_none_or(|id| change.person == id || change.other == Some(id))
            && query.state.is_none_or(|state| change.state == state)
            && (query.cancelled || !change.cancelled)
    };
    let mut changes: Vec<_> = directory.roster_changes.values().filter(wanted).cloned().collect();
    changes.sort_by_key(|change| (change.from, change.created_at, change.id));
    Ok(Json(changes.into()))
}

/// Answer a swap one was asked for; or as a lead approve or decline one that both want.
#[utoipa::path(post, path = "/api/v1/roster-changes/{id}/answer", tag = "roster", params(("id" = Uuid, Path)), request_body = AnswerChange, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, description = "It was answered already, or would break a limit", body = Problem), (status = 422, body = Problem)))]
pub async fn answer(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<RosterChangeId>,
    headers: HeaderMap,
    Body(body): Body<AnswerChange>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::AnswerRosterChange { id, accept: body.accept, reason: body.reason };
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}

/// Leave, cover or an extra shift: one's own, or as a lead anybody's.
#[utoipa::path(post, path = "/api/v1/roster-changes", tag = "roster", request_body = RosterChange, responses(
    (status = 201, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn change(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Body(body): Body<RosterChange>,
) -> ApiResult<(StatusCode, Json<CommandResult>)> {
    let id = if body.id == RosterChangeId::default() { new_id().into() } else { body.id };
    let command = Command::PutRosterChange(RosterChange { id, ..body });
    let result = perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?;
    Ok((StatusCode::CREATED, Json(result)))
}

/// Withdraw a change.
#[utoipa::path(delete, path = "/api/v1/roster-changes/{id}", tag = "roster", params(("id" = Uuid, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn cancel(State(desk): State<Desk>, who: SignedIn, Path(id): Path<RosterChangeId>) -> ApiResult<Json<CommandResult>> {
    Ok(Json(perform(&desk, &acting(who.person), None, None, Command::CancelRosterChange { id }).await?))
}
