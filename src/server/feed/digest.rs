//! `GET /api/v1/digest`: what this person should hold, in short.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sha2::{Digest as _, Sha256};

use super::cursor;
use crate::domain::row::RowKind;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::state::Desk;
use crate::wire::problem::Problem;
use crate::wire::sync::{Digest, KindDigest};

/// How often cursor and rows are read before giving up on a quiet moment.
const TRIES: usize = 5;

/// Counts and hashes of all that this person's console holds, by kind.
#[utoipa::path(get, path = "/api/v1/digest", tag = "sync", responses(
    (status = 200, description = "By kind; messages are left out", body = Digest,
     example = json!({"cursor": "MS4wLjI", "kinds": {"queue": {"count": 8, "hash": "00f3a9c1d2e4b596"}}})),
    (status = 401, description = "Not signed in", body = Problem)))]
pub async fn digest(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Digest>> {
    // Read until nothing moved meanwhile: cursor and rows belong together.
    for _ in 0..TRIES {
        let before = desk.store.head().await?;
        let mut kinds = BTreeMap::new();
        for kind in RowKind::ALL.into_iter().filter(|kind| *kind != RowKind::Message) {
            let versions = desk.store.versions(&who.person, kind).await?;
            kinds.insert(kind.as_str().to_owned(), hash_of(&versions));
        }
        if desk.store.head().await? == before {
            return Ok(Json(Digest { cursor: cursor::encode(before), kinds }));
        }
    }
    Err(ApiProblem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The desk changes too fast just now: ask again later.").retry_after(30))
}

fn hash_of(versions: &[(String, i64)]) -> KindDigest {
    let hash = versions.iter().fold(0, |hash, (id, version)| {
        let digest = Sha256::digest(format!("{id}:{version}"));
        hash ^ u64::from_be_bytes(digest[..8].try_into().expect("SHA-256 has 32 bytes"))
    });
    KindDigest { count: versions.len() as u64, hash: format!("{hash:016x}") }
}
