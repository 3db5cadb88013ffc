//! Random and broken input for everything that reads what others wrote. Seeded: each test prints how to replay it.
//!
//! `DUTYDESK_FUZZ_EVENTS` says how many inputs there are for each target (2,000 by default), `DUTYDESK_SEED` which.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, its helpers too")]

mod batches;
mod readers;
mod text;

use crate::kill::dice::{Dice, seed};

/// Longest input.
const BYTES_MAX: usize = 4_096;

/// What breaks readers, put between what they expect.
const NASTY: [&str; 34] = [
    "\u{1b}[31m",
    "\u{1b}]52;c;AAAA\u{7}",
    "\u{9b}2J",
    "\u{90}x\u{9c}",
    "\u{0}",
    "\u{7f}",
    "\r\n",
    "\u{2028}",
    "\u{202e}",
    "\u{200d}",
    "\u{301}",
    "\u{fffd}",
    "\u{feff}",
    "\u{10ffff}",
    "\u{1f468}\u{200d}\u{1f469}",
    "值班",
    "\"",
    "'",
    "\\",
    "{",
    "}}",
    "[",
    "]]",
    ",",
    ":",
    "null",
    "-1",
    "9223372036854775808",
    "1e400",
    "18446744073709551616",
    "0001-01-01T00:00:00Z",
    "999999-12-31T23:59:59Z",
    "\u{1b}[200~",
    "\u{1b}[201~",
];

/// How many inputs a target gets.
fn inputs() -> u64 {
    std::env::var("DUTYDESK_FUZZ_EVENTS").ok().map_or(2_000, |text| text.parse().expect("DUTYDESK_FUZZ_EVENTS is a number"))
}

/// Shown only when a target fails: how to replay it, and with what it failed.
struct Replay {
    target: &'static str,
    seed: u64,
    input: Vec<u8>,
}

impl Drop for Replay {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { target, seed, input } = self;
            println!("{target}: replay with DUTYDESK_SEED={seed}; the input was {}", input.escape_ascii());
        }
    }
}

/// Makes inputs out of valid ones.
struct Mutator {
    dice: Dice,
}

impl Mutator {
    /// One of the samples with some of it broken, or nothing but noise.
    fn input(&mut self, samples: &[&str]) -> Vec<u8> {
        if samples.is_empty() || self.dice.percent(8) {
            return self.noise(200);
        }
        let mut bytes = samples[self.dice.place(samples.len())].as_bytes().to_vec();
        for _ in 0..self.dice.below(7) {
            self.break_one(&mut bytes, samples);
        }
        bytes.truncate(BYTES_MAX);
        bytes
    }

    fn noise(&mut self, most: u64) -> Vec<u8> {
        (0..self.dice.below(most)).map(|_| self.dice.next().to_le_bytes()[0]).collect()
    }

    fn break_one(&mut self, bytes: &mut Vec<u8>, samples: &[&str]) {
        let at = self.dice.place(bytes.len());
        let end = (at + self.dice.place(24)).min(bytes.len());
        match self.dice.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << self.dice.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 | 4 => {
                let nasty = NASTY[self.dice.place(NASTY.len())].bytes();
                bytes.splice(at..at, nasty);
            }
            5 => {
                let other = samples[self.dice.place(samples.len())].as_bytes();
                let from = self.dice.place(other.len());
                bytes.splice(at..end, other[from..].iter().copied());
            }
            6 => bytes.truncate(at),
            _ => {
                let noise = self.noise(12);
                bytes.splice(at..end, noise);
            }
        }
    }
}

/// Gives a target its inputs; `check` panics when something is wrong.
fn fuzz(target: &'static str, samples: &[&str], mut check: impl FnMut(&[u8], &mut Dice)) {
    let seed = seed();
    let mut mutator = Mutator { dice: Dice::new(seed) };
    let mut replay = Replay { target, seed, input: Vec::new() };
    for _ in 0..inputs() {
        replay.input = mutator.input(samples);
        check(&replay.input, &mut mutator.dice);
    }
}
