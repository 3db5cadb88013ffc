//! Creating and changing sites.

use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::requester::Site;
use crate::domain::row::Row;
use crate::domain::{Refusal, limits};

/// # Errors
/// When the actor may not, or something about the site is not acceptable.
pub fn put_site(given: Given<'_>, site: &Site) -> Result<Outcome, Refusal> {
    given.lead()?;
    limits::external(&site.code, "code")?;
    limits::length(&site.name, "name", limits::NAME_MAX)?;
    limits::length(&site.region, "region", limits::NAME_MAX)?;
    for (degrees, limit, field) in [(site.latitude, 90.0, "latitude"), (site.longitude, 180.0, "longitude")] {
        if let Some(degrees) = degrees.filter(|degrees| !(-limit..=limit).contains(degrees)) {
            let message = format!("A {field} of {degrees} does not exist: use {} to {limit} degrees.", -limit);
            return Err(Refusal::invalid("degrees_invalid", field, message));
        }
    }
    let new = Site { version: given.facts.replaced_version + 1, ..site.clone() };
    let old = given.directory().sites.get(&site.id);
    Ok(draft::put_row(given, old, &new, Change::Put(Row::Site(new.clone()))))
}
