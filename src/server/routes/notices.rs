//! What the desk told the person.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;

use super::{acting, rows_of};
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::NoticeId;
use crate::domain::notice::Notice;
use crate::domain::notice::settings::NoticeSettings;
use crate::domain::row::RowKind;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::wire::list::Items;
use crate::wire::problem::Problem;

const ANSWERED_MAX: i64 = 500;

/// One's unread notices, oldest first.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices", responses((status = 200, body = Items<Notice>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<Notice>>> {
    let page = desk.store.snapshot(&who.person, RowKind::Notice, None, ANSWERED_MAX).await?;
    let mut notices: Vec<Notice> = rows_of(page)?;
    notices.sort_by_key(|notice| notice.at);
    Ok(Json(notices.into()))
}

/// Mark a notice as read.
#[utoipa::path(post, path = "/api/v1/notices/{id}/dismiss", tag = "notices", params(("id" = Uuid, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn dismiss(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(notice): Path<NoticeId>,
) -> ApiResult<Json<CommandResult>> {
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, Command::DismissNotice { notice }).await?))
}

/// How one wants to be told: levels by event, quiet hours in one's own time zone, what passes them, and the terminal's way.
#[utoipa::path(get, path = "/api/v1/notices/settings", tag = "notices", responses(
    (status = 200, body = NoticeSettings), (status = 401, body = Problem)))]
pub async fn settings(State(desk): State<Desk>, who: SignedIn) -> Json<NoticeSettings> {
    let id = who.person.id;
    Json(desk.directory().notice_settings.get(&id).cloned().unwrap_or_else(|| NoticeSettings::usual(id)))
}

/// Change how one is told; `person` must be oneself, `version` is ignored.
#[utoipa::path(put, path = "/api/v1/notices/settings", tag = "notices", request_body = NoticeSettings, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn put_settings(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Body(body): Body<NoticeSettings>,
) -> ApiResult<Json<CommandResult>> {
    let command = Command::PutNoticeSettings(Box::new(body));
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}
