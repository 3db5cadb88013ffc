//! The four ways in, each with the token that the demo's traffic signs in with.

use rand::RngExt;
use sha2::{Digest, Sha256};

use super::content::Words;
use super::seed::{id_for, rng_for};
use crate::domain::queue::{IntakeChannel, Queue};

/// Channels with their plain tokens. The tokens follow from the seed: fit for a throw-away desk only.
pub(super) fn generate(words: &Words, seed: u64, queues: &[Queue]) -> Vec<(IntakeChannel, String)> {
    words
        .intake
        .iter()
        .enumerate()
        .filter_map(|(index, channel)| {
            let queue = queues.iter().find(|queue| queue.key == channel.queue)?;
            let secret: [u8; 16] = rng_for(seed, "token", index as u64).random();
            let token = format!("demo-{}", hex(&secret));
            let row = IntakeChannel {
                id: id_for(seed, "intake", index as u64).into(),
                version: 1,
                key: channel.key.clone(),
                name: channel.name.clone(),
                queue: queue.id,
                reply_webhook: None,
                asks_rating: false,
                token_sha256: hex(&Sha256::digest(token.as_bytes())),
                active: true,
            };
            Some((row, token))
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
