//! Chance and ids from a seed. Each row draws from a generator of its own, so that adding one never shifts another.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

/// A generator for the `index`th thing of one sort (`salt`).
pub(super) fn rng_for(seed: u64, salt: &str, index: u64) -> StdRng {
    // FNV-1a: std's hasher may change between releases, and with it every sample desk.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in salt.bytes().chain(seed.to_le_bytes()).chain(index.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    StdRng::seed_from_u64(hash)
}

/// The id of the `index`th thing of one sort.
pub(super) fn id_for(seed: u64, salt: &str, index: u64) -> Uuid {
    let bytes: [u8; 16] = rng_for(seed, salt, index).random();
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// One of `items`.
///
/// # Panics
/// When `items` is empty; the content's tests hold that no list is.
pub(super) fn pick<'a, T>(rng: &mut StdRng, items: &'a [T]) -> &'a T {
    &items[rng.random_range(0..items.len())]
}
