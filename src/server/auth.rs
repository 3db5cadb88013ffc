//! Who makes a request: a signed-in person by bearer token, or an intake channel by its own.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use tokio_util::sync::CancellationToken;

use super::error::{ApiProblem, ApiResult};
use super::state::Desk;
use super::tokens::sha256_hex;
use crate::domain::access;
use crate::domain::person::Person;
use crate::domain::refusal::Refusal;

/// How often a token is looked up anew, and its last use written down.
const NOTE_EVERY_SECS: i64 = 600;

/// The person who makes the request.
pub struct SignedIn {
    pub person: Person,
    /// SHA-256 of the token used, hexadecimal.
    pub token: String,
    /// Cancelled when that token is revoked.
    pub revoked: CancellationToken,
}

/// The token of an `Authorization: Bearer` header.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

impl FromRequestParts<Desk> for SignedIn {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, ApiProblem> {
        let token = bearer(&parts.headers).ok_or_else(ApiProblem::not_signed_in)?;
        sign_in_with(desk, token).await
    }
}

async fn sign_in_with(desk: &Desk, token: &str) -> ApiResult<SignedIn> {
    let sha256 = sha256_hex(token);
    let now = desk.clock.now();
    let cached = match desk.tokens.get(&sha256) {
        Some(cached) if (now - cached.noted_at).num_seconds() < NOTE_EVERY_SECS => cached,
        _ => {
            let record = desk.store.token(&sha256).await?.ok_or_else(ApiProblem::not_signed_in)?;
            // Known before it is looked for again: a revocation in between either finds it here, or is found so.
            let cached = desk.tokens.put(sha256.clone(), record.person, now);
            if desk.store.token(&sha256).await?.is_none() {
                desk.tokens.revoke(&sha256);
                return Err(ApiProblem::not_signed_in());
            }
            // Written down by a job: a thousand consoles that come back at once read, and write nothing.
            if record.last_used_at.is_none_or(|used| (now - used).num_seconds() >= NOTE_EVERY_SECS) {
                desk.tokens.note(&sha256, now);
            }
            cached
        }
    };
    let person = desk.directory().people.get(&cached.person).cloned();
    let person = person.filter(|person| person.active).ok_or_else(ApiProblem::not_signed_in)?;
    Ok(SignedIn { person, token: sha256, revoked: cached.revoked })
}

impl SignedIn {
    /// # Errors
    /// For everybody but admins.
    pub fn require_admin(&self) -> ApiResult<()> {
        let allowed = access::may_administer(&self.person);
        allowed.then_some(()).ok_or_else(|| Refusal::forbidden("Only an administrator may do this: ask one of them.").into())
    }
}
