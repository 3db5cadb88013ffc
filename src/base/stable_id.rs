//! Ids made of what they name: the same again for the same, so that doing a thing twice makes one.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The id of `what`: the first 16 bytes of its SHA-256, marked as a random UUID.
#[must_use]
pub fn stable_id(what: &str) -> Uuid {
    let digest = Sha256::digest(what);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_bytes(bytes).with_variant(uuid::Variant::RFC4122).with_version(uuid::Version::Random).into_uuid()
}
