//! Where work comes from: sites and regions, and which of them are hotter than they use to be.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::range::HEAT_DAYS;
use crate::domain::directory::Directory;
use crate::domain::id::SiteId;

/// Sites told of at once.
const PLACES_MAX: usize = 200;
/// Fewer arrivals in a day than this are no hot spot, however quiet the place is otherwise.
const HOT_MIN: u64 = 3;

/// What a store counted of one site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SiteTally {
    pub site: SiteId,
    /// Unsolved, and of those past their due time.
    pub open: u32,
    pub late: u32,
    /// Arrived in the last 24 hours, and in the last 28 days.
    pub day: u32,
    pub month: u32,
}

/// One site now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    pub site: SiteId,
    pub code: String,
    pub name: String,
    pub region: String,
    /// Degrees north and east, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    /// Unsolved.
    pub open: u32,
    /// Of those, past their due time.
    pub late: u32,
    /// Arrivals of the last 24 hours.
    pub arrived: u32,
    /// At least three arrivals in 24 hours, and twice what a day of the last 28 brought.
    pub hot: bool,
}

/// One region now: its sites together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Region {
    pub region: String,
    /// The middle of its sites with coordinates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<f64>,
    pub sites: u32,
    pub open: u32,
    pub late: u32,
    pub arrived: u32,
    /// As for [`Place::hot`], over all its sites.
    pub hot: bool,
}

/// Whether `day` arrivals are many, where 28 days brought `month`.
#[must_use]
pub fn is_hot(day: u32, month: u32) -> bool {
    let (day, month) = (u64::from(day), u64::from(month));
    day >= HOT_MIN && day * HEAT_DAYS >= 2 * month
}

/// Sites and their regions, hottest first. Every region of the directory is told of, also one with nothing.
#[must_use]
pub fn arrange(tallies: Vec<SiteTally>, directory: &Directory) -> (Vec<Region>, Vec<Place>) {
    let mut sums: BTreeMap<&str, (Region, u32)> = BTreeMap::new();
    let mut middles: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    for site in directory.sites.values() {
        let (region, _) = sums.entry(&site.region).or_default();
        site.region.clone_into(&mut region.region);
        region.sites += 1;
        if let (Some(latitude), Some(longitude)) = (site.latitude, site.longitude) {
            let middle = middles.entry(&site.region).or_default();
            *middle = (middle.0 + latitude, middle.1 + longitude, middle.2 + 1.0);
        }
    }
    let mut places = Vec::new();
    for tally in tallies {
        let Some(site) = directory.sites.get(&tally.site) else { continue };
        let (region, month) = sums.entry(&site.region).or_default();
        region.open += tally.open;
        region.late += tally.late;
        region.arrived += tally.day;
        *month += tally.month;
        if tally.open == 0 && tally.day == 0 {
            continue;
        }
        places.push(Place {
            site: site.id,
            code: site.code.clone(),
            name: site.name.clone(),
            region: site.region.clone(),
            latitude: site.latitude,
            longitude: site.longitude,
            open: tally.open,
            late: tally.late,
            arrived: tally.day,
            hot: is_hot(tally.day, tally.month),
        });
    }
    for (name, (region, month)) in &mut sums {
        region.hot = is_hot(region.arrived, *month);
        if let Some((latitude, longitude, count)) = middles.get(name).copied() {
            (region.latitude, region.longitude) = (Some(latitude / count), Some(longitude / count));
        }
    }
    let mut regions: Vec<Region> = sums.into_values().map(|(region, _)| region).collect();
    regions.sort_by_key(|one| (Reverse((one.late, one.arrived, one.open)), one.region.clone()));
    places.sort_by_key(|one| (Reverse((one.late, one.arrived, one.open)), one.code.clone()));
    places.truncate(PLACES_MAX);
    (regions, places)
}
