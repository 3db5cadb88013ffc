//! Chance from a seed. Each draw has a generator of its own, named by what it decides, so that variants of a scenario meet the
//! same requests with the same work in them and differ only where their rules do.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::scenario::Spread;

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub enum Draw {
    Arrivals,
    Ticket,
    Touch,
    Accept,
    Shift,
}

/// The generator for the `index`th draw of a sort (ChaCha, as rand's `StdRng` is).
#[must_use]
pub fn rng(seed: u64, draw: Draw, index: u64, turn: u64) -> StdRng {
    // FNV-1a: std's hasher may change between releases, and with it every report.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for word in [seed, draw as u64, index, turn] {
        for byte in word.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    StdRng::seed_from_u64(hash)
}

/// From 0 up to 1, without 1.
pub fn share(rng: &mut StdRng) -> f64 {
    rng.random::<f64>()
}

/// A standard normal draw (Box and Muller).
fn normal(rng: &mut StdRng) -> f64 {
    let radius = (-2.0 * (1.0 - share(rng)).ln()).sqrt();
    radius * (std::f64::consts::TAU * share(rng)).cos()
}

/// Milliseconds from a lognormal distribution, at least one.
pub fn spread(rng: &mut StdRng, spread: &Spread) -> i64 {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "spans are bounded to ten years; the cast saturates")]
    let ms = (spread.median.ms() as f64 * (spread.sigma * normal(rng)).exp()) as i64;
    ms.clamp(1, 3_650 * 86_400_000)
}

/// How many of a thing that happens `mean` times on average.
pub fn poisson(rng: &mut StdRng, mean: f64) -> u32 {
    if mean > 200.0 {
        // Knuth's product underflows; the normal distribution is as good here.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded and above zero; the cast saturates")]
        let count = (mean + mean.sqrt() * normal(rng)).round().max(0.0) as u32;
        return count;
    }
    let limit = (-mean).exp();
    let mut product = share(rng);
    let mut count = 0;
    while product > limit {
        product *= share(rng);
        count += 1;
    }
    count
}

/// One of the weighted things; the fallback when there are none.
pub fn weighted<T: Copy>(rng: &mut StdRng, weights: impl Iterator<Item = (T, f64)> + Clone, fallback: T) -> T {
    let total: f64 = weights.clone().map(|(_, weight)| weight).sum();
    let mut left = share(rng) * total;
    for (thing, weight) in weights {
        if left < weight {
            return thing;
        }
        left -= weight;
    }
    fallback
}
