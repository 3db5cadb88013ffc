//! Passwords at rest: argon2id with 19 MiB, 2 passes (OWASP's floor), off the async threads and few at a time.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use axum::http::StatusCode;
use tokio::sync::Semaphore;

use super::error::{ApiProblem, ApiResult};

/// Shortest password, in characters.
pub const PASSWORD_MIN: usize = 8;
/// Longest, so that hashing stays bounded.
const PASSWORD_MAX: usize = 1024;

/// Hashes a password that is long enough.
///
/// # Errors
/// When it is too short or too long.
pub async fn hash(permits: &Arc<Semaphore>, password: String) -> ApiResult<String> {
    let length = password.chars().count();
    if !(PASSWORD_MIN..=PASSWORD_MAX).contains(&length) {
        return Err(ApiProblem::invalid(
            "password",
            format!("The password has {length} characters; it needs {PASSWORD_MIN} to {PASSWORD_MAX}."),
        ));
    }
    run(permits, move || Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())).await?.ok_or_else(unusable)
}

/// Whether `password` belongs to `hash`. Without a hash the same work is done, so that time tells nothing.
///
/// # Errors
/// When the server is closing.
pub async fn verify(permits: &Arc<Semaphore>, password: String, hash: Option<String>) -> ApiResult<bool> {
    run(permits, move || match hash {
        Some(hash) => Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok(),
        None => Argon2::default().hash_password(password.as_bytes()).is_err(),
    })
    .await
}

async fn run<T: Send + 'static>(permits: &Arc<Semaphore>, work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
    let permit = Arc::clone(permits).acquire_owned().await.map_err(|_| unusable())?;
    let done = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work()
    });
    done.await.map_err(|_| unusable())
}

fn unusable() -> ApiProblem {
    ApiProblem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "The desk is busy: try again shortly.").retry_after(1)
}
