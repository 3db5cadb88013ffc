//! When a desk counts time: business hours by weekday in a zone, less holidays. The arithmetic is in [`business`].

pub mod business;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::CalendarId;

/// Hours that count, on some weekdays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BusinessHours {
    /// Days on which the span starts.
    #[schema(value_type = Vec<String>, example = json!(["Mon", "Fri"]))]
    pub weekdays: Vec<Weekday>,
    #[schema(value_type = String, example = "09:00:00")]
    pub from: NaiveTime,
    /// At or before `from` means the next day.
    #[schema(value_type = String, example = "18:00:00")]
    pub to: NaiveTime,
}

/// A day on which no business hours start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Holiday {
    #[schema(value_type = String, format = "date")]
    pub date: NaiveDate,
    pub name: String,
}

/// The hours as they were before an edit: time that was counted by them stays counted by them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Edition {
    /// When the edit replaced them.
    pub until: DateTime<Utc>,
    pub time_zone: String,
    #[serde(default)]
    pub hours: Vec<BusinessHours>,
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// A business calendar; SLA clocks without one count around the clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Calendar {
    pub id: CalendarId,
    pub version: i64,
    /// Unique short name.
    pub key: String,
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// Spans may overlap: time counts once. Empty counts around the clock on all days but holidays.
    #[serde(default)]
    pub hours: Vec<BusinessHours>,
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    pub active: bool,
    /// Earlier hours, oldest first. Kept by the desk; ignored in what is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editions: Vec<Edition>,
}
