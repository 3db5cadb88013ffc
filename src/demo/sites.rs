//! Stations, warehouses and shops: ten in each region.

use rand::RngExt;
use rand::seq::SliceRandom;

use super::content::{Places, SiteKind};
use super::fill::Variables;
use super::seed::{id_for, pick, rng_for};
use crate::domain::requester::Site;

/// Sites of a region, by kind: five stations, two warehouses, three shops.
const KINDS: [SiteKind; 10] = {
    use SiteKind::{Shop, Station, Warehouse};
    [Station, Station, Station, Station, Station, Warehouse, Warehouse, Shop, Shop, Shop]
};

/// What a site's code begins with.
fn prefix(kind: SiteKind) -> &'static str {
    match kind {
        SiteKind::Station => "ST",
        SiteKind::Warehouse => "WH",
        SiteKind::Shop => "SH",
    }
}

/// All sites with their kinds, in the order of the regions.
pub(super) fn generate(places: &Places, seed: u64) -> Vec<(SiteKind, Site)> {
    let mut sites = Vec::with_capacity(places.region.len() * KINDS.len());
    for (region_index, region) in places.region.iter().enumerate() {
        let mut rng = rng_for(seed, "region", region_index as u64);
        let mut names: Vec<&String> = region.places.iter().collect();
        names.shuffle(&mut rng);
        for (kind, place) in KINDS.into_iter().zip(names) {
            let index = sites.len() as u64;
            let patterns = match kind {
                SiteKind::Station => &places.station,
                SiteKind::Warehouse => &places.warehouse,
                SiteKind::Shop => &places.shop,
            };
            let mut variables = Variables::default();
            variables.set("place", place.as_str());
            let name = variables.fill(pick(&mut rng, patterns).as_str());
            let site = Site {
                id: id_for(seed, "site", index).into(),
                version: 1,
                code: format!("{}-{:03}", prefix(kind), index + 1),
                name,
                region: region.name.clone(),
                latitude: Some(scatter(region.latitude, &mut rng)),
                longitude: Some(scatter(region.longitude, &mut rng)),
            };
            sites.push((kind, site));
        }
    }
    sites
}

/// A coordinate within some ten kilometres, to four decimals.
fn scatter(degrees: f64, rng: &mut rand::rngs::StdRng) -> f64 {
    ((degrees + rng.random_range(-0.12..0.12)) * 10_000.0).round() / 10_000.0
}
