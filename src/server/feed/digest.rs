//! `GET /api/v1/digest`: what this person should hold, in short.

use axum::Json;
use axum::extract::State;
use sha2::{Digest as _, Sha256};

use super::cursor;
use crate::domain::row::RowKind;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::protocol::Protocol;
use crate::server::state::Desk;
use crate::wire::problem::Problem;
use crate::wire::protocol::knows;
use crate::wire::sync::{Digest, KindDigest};

/// Counts and hashes of all that this person's console holds, by kind.
#[utoipa::path(get, path = "/api/v1/digest", tag = "sync", responses(
    (status = 200, description = "By kind; messages are left out", body = Digest,
     example = json!({"cursor": "MS4wLjI", "kinds": {"queue": {"count": 8, "hash": "00f3a9c1d2e4b596"}}})),
    (status = 401, description = "Not signed in", body = Problem)))]
pub async fn digest(State(desk): State<Desk>, who: SignedIn, protocol: Protocol) -> ApiResult<Json<Digest>> {
    let kinds: Vec<RowKind> = RowKind::ALL.into_iter().filter(|kind| *kind != RowKind::Message && knows(protocol.0, *kind)).collect();
    let (position, versions) = desk.store.versions(&who.person, &kinds).await?;
    let kinds = kinds.iter().zip(&versions).map(|(kind, versions)| (kind.as_str().to_owned(), hash_of(versions))).collect();
    Ok(Json(Digest { cursor: cursor::encode(position), kinds }))
}

fn hash_of(versions: &[(String, i64)]) -> KindDigest {
    let hash = versions.iter().fold(0, |hash, (id, version)| {
        let digest = Sha256::digest(format!("{id}:{version}"));
        hash ^ u64::from_be_bytes(digest[..8].try_into().expect("SHA-256 has 32 bytes"))
    });
    KindDigest { count: versions.len() as u64, hash: format!("{hash:016x}") }
}
