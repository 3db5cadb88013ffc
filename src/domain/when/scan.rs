//! A place in folded text, with what may be read from there.

use chrono::{NaiveTime, TimeDelta};

#[derive(Clone, Copy)]
pub(super) struct Scan<'a> {
    text: &'a [char],
    pub at: usize,
}

impl<'a> Scan<'a> {
    pub fn new(text: &'a [char]) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a [char] {
        &self.text[self.at.min(self.text.len())..]
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().first().copied()
    }

    pub fn spaces(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    /// Takes `words` when they come next.
    pub fn take(&mut self, words: &str) -> bool {
        let len = words.chars().count();
        let found = self.rest().len() >= len && self.rest().iter().copied().zip(words.chars()).all(|(is, wanted)| is == wanted);
        if found {
            self.at += len;
        }
        found
    }

    /// As [`take`](Self::take), when no letter or digit follows.
    pub fn word(&mut self, word: &str) -> bool {
        let start = self.at;
        if self.take(word) && !self.peek().is_some_and(|next| next.is_ascii_alphanumeric()) {
            return true;
        }
        self.at = start;
        false
    }

    /// The value of the first of `words` that comes next, longest ones first in the table.
    pub fn one_word<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        words.iter().find(|(word, _)| self.word(word)).map(|(_, value)| *value)
    }

    pub fn one<T: Copy>(&mut self, words: &[(&str, T)]) -> Option<T> {
        words.iter().find(|(word, _)| self.take(word)).map(|(_, value)| *value)
    }

    /// Up to four digits.
    pub fn number(&mut self) -> Option<u32> {
        let digits: String = self.rest().iter().take_while(|char| char.is_ascii_digit()).collect();
        if digits.is_empty() || digits.len() > 4 {
            return None;
        }
        self.at += digits.len();
        digits.parse().ok()
    }

    /// `15:00`, also `15:00:00`.
    pub fn colon_clock(&mut self) -> Option<NaiveTime> {
        let start = self.at;
        let read = |scan: &mut Self| {
            let hour = scan.number()?;
            scan.take(":").then_some(())?;
            let minute = scan.number()?;
            NaiveTime::from_hms_opt(hour, minute, 0)
        };
        let clock = read(self);
        if clock.is_none() {
            self.at = start;
        }
        clock
    }
}

/// Hours of the afternoon: `3pm`, `下午三点`.
pub(super) fn afternoon(clock: NaiveTime) -> NaiveTime {
    use chrono::Timelike;
    if clock.hour() < 12 { clock + TimeDelta::hours(12) } else { clock }
}

/// A span of so many units, in minutes.
pub(super) fn span(count: f64, minutes: u32) -> Option<TimeDelta> {
    let seconds = count * f64::from(minutes) * 60.0;
    // A year of minutes is far below what a TimeDelta holds.
    (seconds > 0.0 && seconds < 40_000_000.0).then(|| TimeDelta::seconds(seconds as i64))
}
