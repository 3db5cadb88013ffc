//! Creating and changing requesters.

use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::requester::Requester;
use crate::domain::{Refusal, limits};

/// # Errors
/// When the actor may not, or something about the requester is not acceptable.
pub fn put_requester(given: Given<'_>, requester: &Requester) -> Result<Outcome, Refusal> {
    given.lead()?;
    limits::external(&requester.external, "external")?;
    limits::length(&requester.name, "name", limits::NAME_MAX)?;
    limits::length(&requester.class, "class", limits::TAG_MAX)?;
    if let Some(site) = requester.site.filter(|site| !given.directory().sites.contains_key(site)) {
        let message = format!("There is no site {site}: choose a known one, or leave it out.");
        return Err(Refusal::invalid("unknown_site", "site", message));
    }
    let new = Requester { version: given.facts.replaced_version + 1, ..requester.clone() };
    Ok(draft::put_row(given, None, &new, Change::PutRequester(new.clone())))
}
