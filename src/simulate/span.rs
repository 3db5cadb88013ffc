//! Lengths of time as scenarios and people write them: `90s`, `30m`, `1h30m`, `2d`.

use serde::{Deserialize, Deserializer};

/// A length of time, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub i64);

impl Span {
    #[must_use]
    pub fn secs(self) -> i64 {
        self.0 / 1_000
    }

    #[must_use]
    pub fn ms(self) -> i64 {
        self.0
    }

    /// Reads `1h30m`, for files and for clap.
    ///
    /// # Errors
    /// Says how lengths are written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no length of time: write 90s, 30m, 1h30m or 2d");
        let mut total = 0_i64;
        let mut number = String::new();
        for char in text.trim().chars() {
            let unit = match char {
                '0'..='9' | '.' => {
                    number.push(char);
                    continue;
                }
                's' => 1_000.0,
                'm' => 60_000.0,
                'h' => 3_600_000.0,
                'd' => 86_400_000.0,
                _ => return Err(wrong()),
            };
            let value: f64 = number.parse().map_err(|_| wrong())?;
            // Ten years are more than any scenario plays, and far from what an integer holds.
            if value * unit > 3_650.0 * 86_400_000.0 {
                return Err(wrong());
            }
            #[expect(clippy::cast_possible_truncation, reason = "bounded above")]
            let ms = (value * unit) as i64;
            total += ms;
            number.clear();
        }
        if number.is_empty() && total > 0 { Ok(Self(total)) } else { Err(wrong()) }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Seconds as people read them: `12s`, `7m30s`, `3h20m`, `4d6h`.
#[must_use]
pub fn words(seconds: i64) -> String {
    let (days, hours, minutes, rest) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let two = |a: i64, unit: char, b: i64, small: char| if b == 0 { format!("{a}{unit}") } else { format!("{a}{unit}{b}{small}") };
    match () {
        () if days > 0 => two(days, 'd', hours, 'h'),
        () if hours > 0 => two(hours, 'h', minutes, 'm'),
        () if minutes >= 10 => format!("{minutes}m"),
        () if minutes > 0 => two(minutes, 'm', rest, 's'),
        () => format!("{rest}s"),
    }
}
