//! Secrets: tokens of people and intake channels, and the setup code. Kept hashed; compared by their hash.

use std::collections::HashMap;
use std::sync::{Mutex, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::domain::Timestamp;
use crate::domain::id::PersonId;

/// Cached tokens; past this many the cache starts over.
const CACHED_MAX: usize = 20_000;

/// A fresh 256-bit token with its prefix: `dd_` for people, `ch_` for intake channels.
#[must_use]
pub fn new_token(prefix: &str) -> String {
    let bytes: [u8; 32] = rand::random();
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// A code short enough to type from a screen: 60 bits.
#[must_use]
pub fn new_setup_code() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let bits: u64 = rand::random();
    let code: String = (0..12).map(|at| char::from(LETTERS[(bits >> (at * 5)) as usize & 31])).collect();
    format!("{}-{}-{}", &code[..4], &code[4..8], &code[8..])
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256_hex(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A token that was looked up before.
#[derive(Clone)]
pub struct CachedToken {
    pub person: PersonId,
    /// Cancelled when the token is revoked: streams opened with it end.
    pub revoked: CancellationToken,
    /// When the store was last told that it is in use.
    pub noted_at: Timestamp,
}

/// Tokens by hash, so that a request needs no look-up; forgotten at once when revoked.
#[derive(Default)]
pub struct TokenCache {
    known: RwLock<HashMap<String, CachedToken>>,
    /// In use since, and not yet written down.
    used: Mutex<HashMap<String, Timestamp>>,
}

impl TokenCache {
    #[must_use]
    pub fn get(&self, sha256: &str) -> Option<CachedToken> {
        self.known.read().expect("nothing panics while it holds the tokens").get(sha256).cloned()
    }

    /// Remembers a token; one that is known already keeps its cancellation.
    pub fn put(&self, sha256: String, person: PersonId, now: Timestamp) -> CachedToken {
        let mut tokens = self.known.write().expect("nothing panics while it holds the tokens");
        if tokens.len() >= CACHED_MAX {
            tokens.retain(|_, token| token.noted_at + chrono::Duration::hours(1) > now);
        }
        let token = tokens.entry(sha256).or_insert_with(|| CachedToken { person, revoked: CancellationToken::new(), noted_at: now });
        token.noted_at = now;
        token.clone()
    }

    /// Has it written down that a token was in use.
    pub fn note(&self, sha256: &str, at: Timestamp) {
        self.used.lock().expect("nothing panics while it holds the uses").insert(sha256.to_owned(), at);
    }

    /// What is to be written down, and is forgotten here with it.
    #[must_use]
    pub fn take_used(&self) -> Vec<(String, Timestamp)> {
        self.used.lock().expect("nothing panics while it holds the uses").drain().collect()
    }

    /// Forgets a token and ends its streams.
    pub fn revoke(&self, sha256: &str) {
        if let Some(token) = self.known.write().expect("nothing panics while it holds the tokens").remove(sha256) {
            token.revoked.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_long() {
        let (one, two) = (new_token("dd_"), new_token("dd_"));
        assert_ne!(one, two);
        assert_eq!(one.len(), 3 + 43);
        assert_eq!(new_setup_code().len(), 14);
        assert_eq!(sha256_hex("a").len(), 64);
    }
}
