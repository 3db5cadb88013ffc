//! Words of the command line turned into the desk's, and back: enum words, instants, `name=value`.

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::suggest;

/// Reads a word of one of the desk's enums (`on_hold`, also written `on-hold`), for clap.
///
/// # Errors
/// Names the words there are.
pub fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let typed = text.trim().to_lowercase().replace('-', "_");
    serde_json::from_value(serde_json::Value::String(typed.clone())).map_err(|error| {
        // serde's words: unknown variant `x`, expected one of `a`, `b`.
        let message = error.to_string();
        let known: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        format!("use one of {}.{}", known.join(", "), suggest::near(&typed, known.iter().copied()))
    })
}

/// The word of an enum's value, as in JSON.
#[must_use]
pub fn word_of<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(tagged)) => tagged.get("type").and_then(|word| word.as_str()).unwrap_or("-").to_owned(),
        _ => "-".to_owned(),
    }
}

/// Reads `name=value`, for clap.
///
/// # Errors
/// When there is no `=`, or nothing before it.
pub fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE".to_owned()),
    }
}

/// Reads an instant, for clap: RFC 3339, or `2026-11-21`, `2026-11-21 08:00` in this machine's zone.
///
/// # Errors
/// When it is none of these, or a local time that does not exist.
pub fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    instant_in(text, &Local)
}

fn instant_in<Z: TimeZone>(text: &str, zone: &Z) -> Result<DateTime<Utc>, String> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(at.with_timezone(&Utc));
    }
    let spaced = text.replacen('T', " ", 1);
    let day = NaiveDate::parse_from_str(&spaced, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN));
    let local = day.or_else(|_| NaiveDateTime::parse_from_str(&spaced, "%Y-%m-%d %H:%M"));
    let local = local.map_err(|_| "write 2026-11-21, \"2026-11-21 08:00\" or 2026-11-21T08:00:00+08:00".to_owned())?;
    let at = zone.from_local_datetime(&local).earliest();
    at.map(|at| at.with_timezone(&Utc)).ok_or_else(|| "the clocks skip this local time: choose another".to_owned())
}

/// An instant for people, in this machine's zone.
#[must_use]
pub fn local(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}

/// As [`local`]; `-` when absent.
#[must_use]
pub fn maybe_local(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "-".to_owned(), local)
}

/// An instant as the API's queries take it.
#[must_use]
pub fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ticket::{Priority, Status};

    #[test]
    fn words_are_the_apis_and_dashes_are_forgiven() {
        assert_eq!(word::<Status>("On-Hold"), Ok(Status::OnHold));
        assert_eq!(word_of(&Status::OnHold), "on_hold");
        let error = word::<Priority>("urgnt").unwrap_err();
        assert!(error.starts_with("use one of urgent, high, normal, low.") && error.ends_with("Did you mean urgent?"), "{error}");
    }

    #[test]
    fn pairs_need_a_name() {
        assert_eq!(pair("model = A=1"), Ok(("model".to_owned(), " A=1".to_owned())));
        assert!(pair("=x").is_err() && pair("x").is_err());
    }

    #[test]
    fn instants_in_a_zone_or_with_one() {
        let zone = chrono_tz::Europe::Berlin;
        let at = |text: &str| instant_in(text, &zone).map(rfc3339);
        assert_eq!(at("2026-11-21").as_deref(), Ok("2026-11-20T23:00:00.000Z"));
        assert_eq!(at("2026-11-21 08:30").as_deref(), Ok("2026-11-21T07:30:00.000Z"));
        assert_eq!(at("2026-11-21T08:30").as_deref(), Ok("2026-11-21T07:30:00.000Z"));
        assert_eq!(at("2026-11-21T08:30:00+08:00").as_deref(), Ok("2026-11-21T00:30:00.000Z"));
        assert!(at("2026-03-29 02:30").unwrap_err().contains("skip"));
        assert!(at("tomorrow").is_err());
    }
}
