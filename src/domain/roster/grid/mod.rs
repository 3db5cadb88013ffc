//! A roster as desks keep it in spreadsheets: people down, dates across, shift codes in the cells.
//!
//! A cell holds the planned shift. `E*` is one that its person does not work, because of leave or because somebody else took
//! it; `E+L` or `+L` adds what a change gave them, `+` alone an extra shift. Reading takes the planned shift only, because
//! changes stay in force beside a plan: what is written and read again is the same plan.

mod date;
mod read;
#[cfg(test)]
mod tests;
mod write;

use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use read::from_grid;
pub use write::to_grid;

use super::pattern::instant;
use super::{PlanRow, Rota, Shift};
use crate::domain::Timestamp;
use crate::domain::id::PersonId;

/// Follows a planned shift that its person does not work.
const NOT_WORKED: char = '*';
/// Comes before each shift that a change gave.
const GIVEN: char = '+';

/// The language of headings, weekdays and leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GridLanguage {
    #[default]
    En,
    Zh,
}

impl GridLanguage {
    fn weekday(self, day: Weekday) -> &'static str {
        let at = day.num_days_from_monday() as usize;
        match self {
            Self::En => ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][at],
            Self::Zh => ["周一", "周二", "周三", "周四", "周五", "周六", "周日"][at],
        }
    }
}

/// A roster read from a grid: what a `RosterPlan` of the same days and rows would say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Grid {
    #[schema(value_type = String, format = "date")]
    pub from: NaiveDate,
    /// The first day after.
    #[schema(value_type = String, format = "date")]
    pub to: NaiveDate,
    pub rows: Vec<PlanRow>,
}

/// Something wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[error("row {row}, column {column}: {message}")]
pub struct GridError {
    /// From 1, the headings being row 1.
    pub row: usize,
    /// From 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// The shifts that changes gave somebody on a local day, as written in a cell: codes, and nothing for an extra shift.
fn given(shifts: &[Shift], zone: Tz, person: PersonId, date: NaiveDate) -> Vec<&str> {
    let mut codes: Vec<&str> = shifts
        .iter()
        .filter(|shift| shift.person == person && shift.change.is_some() && shift.from.with_timezone(&zone).date_naive() == date)
        .map(|shift| if shift.code == super::pattern::EXTRA_CODE { "" } else { shift.code.as_str() })
        .collect();
    codes.dedup();
    codes
}

/// The shifts of a rota that begin on these days, as changes have left them.
fn shifts_of(directory: &crate::domain::directory::Directory, rota: &Rota, zone: Tz, from: NaiveDate, to: NaiveDate) -> Vec<Shift> {
    let midnight = |date: NaiveDate| instant(zone, date.and_time(NaiveTime::MIN));
    let end = to.checked_add_days(Days::new(1)).unwrap_or(to);
    let (from, to): (Timestamp, Timestamp) = (midnight(from), midnight(end));
    super::pattern::shifts(directory, rota, from, to)
}
