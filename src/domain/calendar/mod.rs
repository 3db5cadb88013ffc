//! When a desk counts time: business hours by weekday in a zone, less holidays.

use chrono::{NaiveDate, NaiveTime, Weekday};
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
}
