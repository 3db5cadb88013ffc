//! What happened, as lines: hashed whole, the last of them kept, and counted by kind.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// Lines kept for a failure.
const KEPT: usize = 40;

/// See the module.
pub struct Trace {
    hash: DefaultHasher,
    last: VecDeque<String>,
    pub steps: u64,
    /// Events by kind, and the time they took.
    pub counts: BTreeMap<&'static str, (u64, Duration)>,
    /// Every line is printed as it comes.
    pub loud: bool,
}

impl Trace {
    pub fn new(loud: bool) -> Self {
        Self { hash: DefaultHasher::new(), last: VecDeque::new(), steps: 0, counts: BTreeMap::new(), loud }
    }

    /// A step of `kind`, in words.
    pub fn step(&mut self, kind: &'static str, words: &str) {
        self.steps += 1;
        self.counts.entry(kind).or_default().0 += 1;
        self.say(format!("{:>4} {kind}: {words}", self.steps));
    }

    /// How long a step of `kind` took: for the report, and no part of the trace.
    pub fn took(&mut self, kind: &'static str, time: Duration) {
        self.counts.entry(kind).or_default().1 += time;
    }

    /// What came of the step.
    pub fn say(&mut self, line: String) {
        line.hash(&mut self.hash);
        if self.loud {
            println!("{line}");
        }
        self.last.push_back(line);
        if self.last.len() > KEPT {
            self.last.pop_front();
        }
    }

    /// Bytes that are too long to be told.
    pub fn weigh(&mut self, what: &impl Hash) {
        what.hash(&mut self.hash);
    }

    pub fn hash(&self) -> u64 {
        self.hash.finish()
    }

    pub fn tail(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }
}
