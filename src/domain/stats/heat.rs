//! When tickets arrive: by weekday and hour of a zone.

use chrono::{Datelike, Timelike};
use chrono_tz::Tz;

use super::Tally;

/// Hours of a week.
pub const CELLS: usize = 7 * 24;

/// The place of a weekday (0 is Monday) and an hour in a heat map.
#[must_use]
pub fn cell(weekday: usize, hour: usize) -> usize {
    weekday * 24 + hour
}

/// Counts by weekday and hour, [`CELLS`] of them, Monday first.
#[must_use]
pub fn heat(arrived: &[Tally], zone: Tz) -> Vec<u32> {
    let mut cells = vec![0_u32; CELLS];
    for tally in arrived {
        let local = tally.at().with_timezone(&zone);
        let place = cell(local.weekday().num_days_from_monday() as usize, local.hour() as usize);
        cells[place] = cells[place].saturating_add(tally.count);
    }
    cells
}
