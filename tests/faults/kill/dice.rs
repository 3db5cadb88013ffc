//! Chance from a seed: the same seed throws the same. (What processes do with it is up to their scheduler.)

use std::time::Duration;

/// `SplitMix64`.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One for somebody who throws beside this one.
    pub fn split(&mut self) -> Self {
        Self(self.next())
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length.max(1) as u64)).unwrap_or(0)
    }

    /// True in so many of a hundred throws.
    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// Between two spans, in milliseconds.
    pub fn millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below((to - from).max(1)))
    }
}

/// The run's seed: `DUTYDESK_SEED`, or another one each time.
pub fn seed() -> u64 {
    let told = std::env::var("DUTYDESK_SEED").ok().and_then(|text| text.parse().ok());
    told.unwrap_or_else(|| {
        let id = dutydesk::base::clock::new_id().as_u128();
        u64::try_from(id & u128::from(u32::MAX)).unwrap_or(1)
    })
}
