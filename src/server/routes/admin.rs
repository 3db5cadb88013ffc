//! Care of the desk.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::extract::Body;
use crate::server::state::Desk;
use crate::wire::problem::Problem;

/// `POST /api/v1/admin/backup`: a file name, without folders.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBackup {
    #[schema(example = "desk-2026-11-21.sqlite")]
    pub name: String,
}

/// Where a backup was written, on the server.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct BackupMade {
    pub path: String,
    /// Bytes.
    pub size: u64,
}

/// Write a consistent copy of the database into the server's backup folder while it runs; admins.
#[utoipa::path(post, path = "/api/v1/admin/backup", tag = "admin", request_body = NewBackup, responses(
    (status = 201, body = BackupMade), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, description = "There is such a file already, or the server has no backup folder", body = Problem), (status = 422, body = Problem)))]
pub async fn backup(State(desk): State<Desk>, who: SignedIn, Body(body): Body<NewBackup>) -> ApiResult<(StatusCode, Json<BackupMade>)> {
    who.require_admin()?;
    let plain = !body.name.is_empty()
        && body.name.chars().all(|char| char.is_alphanumeric() || "-_.".contains(char))
        && !body.name.starts_with('.');
    if !plain {
        return Err(ApiProblem::invalid("name", "Give a plain file name: letters, digits, `-`, `_` and `.`."));
    }
    let Some(folder) = &desk.backup_folder else {
        return Err(ApiProblem::new(
            StatusCode::CONFLICT,
            "no_backup_folder",
            "This server has no backup folder: start it with --backup-folder, or run `dutydesk admin backup FILE --database …` beside it.",
        ));
    };
    let path = folder.join(&body.name);
    if path.exists() {
        return Err(ApiProblem::new(StatusCode::CONFLICT, "exists", format!("{} exists already: choose another name.", path.display())));
    }
    desk.store.backup(&path).await?;
    let size = tokio::fs::metadata(&path).await.map(|file| file.len()).unwrap_or_default();
    Ok((StatusCode::CREATED, Json(BackupMade { path: path.display().to_string(), size })))
}
