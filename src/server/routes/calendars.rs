//! Business calendars: hours and holidays. Read by everybody, changed by leads.

use axum::Json;
use axum::extract::State;

use super::acting;
use crate::domain::calendar::Calendar;
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::CalendarId;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::execute::perform;
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// All calendars, by key.
#[utoipa::path(get, path = "/api/v1/calendars", tag = "calendars", responses(
    (status = 200, body = Items<Calendar>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, _who: SignedIn) -> Json<Items<Calendar>> {
    let mut calendars: Vec<_> = desk.directory().calendars.values().cloned().collect();
    calendars.sort_by(|a, b| a.key.cmp(&b.key));
    Json(calendars.into())
}

/// Create or replace a calendar; leads. Holidays are kept in order, one a day.
#[utoipa::path(put, path = "/api/v1/calendars/{id}", tag = "calendars", params(("id" = Uuid, Path)), request_body = Calendar, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, description = "The key is taken", body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<CalendarId>,
    Body(body): Body<Calendar>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::PutCalendar(Box::new(Calendar { id, ..body }));
    Ok(Json(perform(&desk, &acting(who.person), None, None, command).await?))
}
