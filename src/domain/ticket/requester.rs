//! Finding or making the requester a ticket is from.

use super::{RequesterBrief, SiteBrief};
use crate::domain::command::{Change, Given, RequesterInput};
use crate::domain::directory::Directory;
use crate::domain::id::SiteId;
use crate::domain::requester::Requester;
use crate::domain::{Refusal, limits, suggest};

/// The requester, and whether their row has to be written first.
pub struct Resolved {
    pub requester: Requester,
    pub change: Option<Change>,
}

fn site(input: &RequesterInput, directory: &Directory) -> Result<Option<SiteId>, Refusal> {
    let Some(code) = input.site.as_deref().filter(|code| !code.trim().is_empty()) else { return Ok(None) };
    if let Some(site) = directory.site_by_code(code) {
        return Ok(Some(site.id));
    }
    let near = suggest::near(code, directory.sites.values().map(|site| site.code.as_str()));
    let message = format!("There is no site with the code {code:?}: use a known code, or leave it out.{near}");
    Err(Refusal::invalid("unknown_site", "requester.site", message))
}

fn known(text: Option<&String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The requester known by the input's external id, brought up to date, or a new one.
///
/// # Errors
/// When the external id is not acceptable or the site is unknown.
pub fn resolve(given: Given<'_>, input: &RequesterInput) -> Result<Resolved, Refusal> {
    limits::external(&input.external, "requester.external")?;
    for (text, field) in [(&input.name, "requester.name"), (&input.email, "requester.email"), (&input.phone, "requester.phone")] {
        if let Some(text) = text.as_deref().filter(|text| !text.trim().is_empty()) {
            limits::length(text, field, limits::NAME_MAX)?;
        }
    }
    let site = site(input, given.directory())?;
    let (name, class) = (known(input.name.as_ref()), known(input.class.as_ref()));
    let (email, phone, language) = (known(input.email.as_ref()), known(input.phone.as_ref()), known(input.language.as_ref()));
    let Some(old) = &given.facts.requester else {
        let requester = Requester {
            id: given.fresh(),
            version: 1,
            external: input.external.clone(),
            name: name.unwrap_or_else(|| input.external.clone()),
            email,
            phone,
            class: class.unwrap_or_else(|| "customer".to_owned()),
            site,
            language,
            created_at: given.now(),
        };
        let change = Some(Change::PutRequester(requester.clone()));
        return Ok(Resolved { requester, change });
    };
    let mut requester = Requester {
        name: name.unwrap_or_else(|| old.name.clone()),
        class: class.unwrap_or_else(|| old.class.clone()),
        email: email.or_else(|| old.email.clone()),
        phone: phone.or_else(|| old.phone.clone()),
        site: site.or(old.site),
        language: language.or_else(|| old.language.clone()),
        ..old.clone()
    };
    let changed = requester != *old;
    requester.version += i64::from(changed);
    let change = changed.then(|| Change::PutRequester(requester.clone()));
    Ok(Resolved { requester, change })
}

/// What a ticket keeps of its requester.
#[must_use]
pub fn brief(requester: &Requester, directory: &Directory) -> RequesterBrief {
    let site = requester.site.and_then(|id| directory.sites.get(&id));
    let site = site.map(|site| SiteBrief { id: site.id, code: site.code.clone(), name: site.name.clone(), region: site.region.clone() });
    RequesterBrief { class: Some(requester.class.clone()), id: requester.id, name: requester.name.clone(), site }
}
