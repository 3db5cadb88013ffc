//! Rotas and calendars written by hand, as TOML or JSON: reading with the line of a mistake, and the small words such files
//! use: days, times, weekdays.

use std::fmt;
use std::path::Path;

use chrono::{NaiveDate, NaiveTime, Weekday};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Global;
use super::error::CliError;

/// Reads a file as `T`: JSON when it ends in `.json` or begins with `{`, else TOML. Gives the text as well.
///
/// # Errors
/// When it cannot be read; says the line.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<(T, String), CliError> {
    let text = std::fs::read_to_string(path).map_err(|error| CliError::usage(format!("{} cannot be read: {error}.", path.display())))?;
    let parsed = parse(&text, path.extension().is_some_and(|end| end == "json"));
    let parsed = parsed.map_err(|(line, why)| CliError::usage(format!("{}:{line}: {}.", path.display(), why.trim_end_matches('.'))))?;
    Ok((parsed, text))
}

fn parse<T: DeserializeOwned>(text: &str, json: bool) -> Result<T, (usize, String)> {
    let text = text.trim_start_matches('\u{feff}');
    if json || text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| {
            let why = error.to_string();
            (error.line(), why.split(" at line ").next().unwrap_or_default().to_owned())
        });
    }
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start.min(text.len()));
        (text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1, error.message().replace('\n', ", "))
    })
}

/// Mistakes of a file: each a sentence that says where it is.
#[derive(Debug)]
pub struct Mistakes<'a> {
    text: &'a str,
    pub found: Vec<String>,
}

impl<'a> Mistakes<'a> {
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, found: Vec::new() }
    }

    /// Notes a mistake in `field`, about `value` as it is written there.
    pub fn push(&mut self, field: &str, value: &str, why: &str) {
        let line = self.line(value).map(|line| format!("line {line}, ")).unwrap_or_default();
        self.found.push(format!("{line}{field}: {why}"));
    }

    /// The line of `value`, when it is written just once: of two, which is meant is not known.
    fn line(&self, value: &str) -> Option<usize> {
        let quoted = format!("\"{value}\"");
        let mut places = self.text.match_indices(&quoted);
        let (at, _) = places.next().filter(|_| !value.is_empty())?;
        places.next().is_none().then(|| self.text[..at].matches('\n').count() + 1)
    }

    /// # Errors
    /// When there are any: they are told one by one.
    pub fn settle(self, path: &Path, global: &Global) -> Result<(), CliError> {
        refuse(path, &self.found, global)
    }
}

/// Tells mistakes one by one, and that nothing was done.
///
/// # Errors
/// When there are any; exits as a wrong command line.
pub fn refuse(path: &Path, found: &[String], global: &Global) -> Result<(), CliError> {
    if found.is_empty() {
        return Ok(());
    }
    for one in found {
        global.out.note(&format!("{}: {one}", path.display()));
    }
    let count = found.len();
    let noun = if count == 1 { "mistake" } else { "mistakes" };
    let mut why = format!("{} has {count} {noun}: nothing was changed.", path.display());
    if global.json {
        why = format!("{why} {}", found.join(" "));
    }
    Err(CliError::usage(why))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Toml(toml::value::Datetime),
}

impl Written {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Toml(at) => at.to_string(),
        }
    }
}

/// A day, as `2026-11-02` with or without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Written::deserialize(from).map_err(|_| D::Error::custom("write a day as 2026-11-02"))?.text();
        text.parse().map(Self).map_err(|_| D::Error::custom(format!("{text:?} is no day: write it as 2026-11-02")))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

/// A time of day, as `"07:00"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub NaiveTime);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Written::deserialize(from).map_err(|_| D::Error::custom("write a time as \"07:00\""))?.text();
        let time = NaiveTime::parse_from_str(&text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(&text, "%H:%M:%S"));
        let midnight = if text == "24:00" { Some(NaiveTime::MIN) } else { None };
        time.ok().or(midnight).map(Self).ok_or_else(|| D::Error::custom(format!("{text:?} is no time of day: write it as \"07:00\"")))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use chrono::Timelike;
        let format = if self.0.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
        write!(f, "{}", self.0.format(format))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Some weekdays, as `"Mon-Fri"`, `"Sat Sun"`, `"daily"` or `["Mon", "Wed"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weekdays(pub Vec<Weekday>);

const WEEK: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

impl Weekdays {
    fn parse(text: &str) -> Result<Self, String> {
        let mut days = Vec::new();
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            if ["daily", "all"].contains(&word.to_lowercase().as_str()) {
                days.extend(WEEK);
            } else if let Some((first, last)) = word.split_once('-') {
                let (first, last) = (weekday(first)?, weekday(last)?);
                let from = WEEK.iter().cycle().skip_while(|day| **day != first).take(7);
                days.extend(from.copied().take((last.days_since(first) + 1) as usize));
            } else {
                days.push(weekday(word)?);
            }
        }
        if days.is_empty() {
            return Err("names no weekday: write Mon-Fri, \"Sat Sun\" or daily".to_owned());
        }
        days.sort_by_key(Weekday::num_days_from_monday);
        days.dedup();
        Ok(Self(days))
    }
}

fn weekday(word: &str) -> Result<Weekday, String> {
    word.parse().map_err(|_| format!("{word:?} is no weekday: write Mon, Tue, Wed, Thu, Fri, Sat, Sun, ranges such as Mon-Fri, or daily"))
}

impl<'de> Deserialize<'de> for Weekdays {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Words {
            One(String),
            Many(Vec<String>),
        }
        let text = match Words::deserialize(from).map_err(|_| D::Error::custom("write weekdays as \"Mon-Fri\" or [\"Mon\", \"Wed\"]"))? {
            Words::One(text) => text,
            Words::Many(words) => words.join(" "),
        };
        Self::parse(&text).map_err(D::Error::custom)
    }
}

impl Serialize for Weekdays {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let words: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        let text = match self.0.as_slice() {
            days if days.len() == 7 => "daily".to_owned(),
            [first, .., last] if usize::try_from(last.days_since(*first)) == Ok(self.0.len() - 1) => format!("{first}-{last}"),
            _ => words.join(" "),
        };
        to.serialize_str(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        day: Day,
        time: Time,
        days: Weekdays,
    }

    #[test]
    fn the_words_are_read_in_both_formats_and_written_back() {
        let read: Sample = parse("day = 2026-11-02\ntime = 07:30:00\ndays = [\"Fri\", \"Mon\"]\n", false).unwrap();
        let json: Sample = parse(r#"{"day": "2026-11-02", "time": "07:30", "days": "Mon,Fri"}"#, false).unwrap();
        assert_eq!(read, json);
        let text = toml::to_string(&read).unwrap();
        assert_eq!(text, "day = \"2026-11-02\"\ntime = \"07:30\"\ndays = \"Mon Fri\"\n");
        assert_eq!(parse::<Sample>(&text, false).unwrap(), read);
    }

    #[test]
    fn weekdays_span_the_weekend() {
        let days = |text: &str| Weekdays::parse(text).unwrap().0.len();
        assert_eq!([days("daily"), days("Mon-Fri"), days("Sat-Mon"), days("Sat Sun")], [7, 5, 3, 2]);
        assert!(Weekdays::parse("Mon-Fry").unwrap_err().contains("\"Fry\" is no weekday"));
        assert!(Weekdays::parse(" ").is_err());
    }

    #[test]
    fn mistakes_name_their_line() {
        let (line, why) = parse::<Sample>("day = 2026-11-02\n\ntime = \"25:00\"\ndays = \"daily\"\n", false).unwrap_err();
        assert_eq!(line, 3);
        assert!(why.contains("\"25:00\" is no time of day"), "{why}");
        let (line, why) = parse::<Sample>("{\n\"day\": \"2026-11-02\",\n\"tim\": 1}", true).unwrap_err();
        assert_eq!(line, 3);
        assert!(why.contains("unknown field `tim`"), "{why}");
        let mut mistakes = Mistakes::new("a = \"x\"\nb = \"y\"\nc = \"x\"\n");
        mistakes.push("b", "y", "wrong.");
        mistakes.push("a", "x", "wrong.");
        assert_eq!(mistakes.found, ["line 2, b: wrong.", "a: wrong."]);
    }
}
