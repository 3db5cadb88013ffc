//! Who asks, and the variables of what they ask: thousands, each made anew from their number when needed.

use chrono::{DateTime, Utc};
use rand::RngExt;
use rand::rngs::StdRng;

use super::content::{Class, Content, QueueContent, SiteKind};
use super::desk::SampleDesk;
use super::fill::Variables;
use super::seed::{pick, rng_for};
use crate::domain::command::RequesterInput;
use crate::domain::requester::Site;

/// Staff who ask, per site.
const STAFF_PER_SITE: u64 = 4;
const SUPPLIERS: u64 = 1_150;
const CUSTOMERS: u64 = 9_000;

/// A requester of a queue's class, and the site they ask about.
pub(super) fn draw<'a>(desk: &'a SampleDesk, queue: &QueueContent, rng: &mut StdRng) -> (RequesterInput, &'a Site) {
    let site = draw_site(desk, queue.site, rng);
    let requester = match queue.class {
        Class::Site => {
            let staff = rng.random_range(0..STAFF_PER_SITE);
            let mut requester = described(desk, "site", &format!("site:{}-{staff}", site.code.to_lowercase()));
            requester.site = Some(site.code.clone());
            requester
        }
        Class::Supplier => described(desk, "supplier", &format!("supplier:{:04}", rng.random_range(0..SUPPLIERS))),
        Class::Customer => described(desk, "customer", &format!("customer:{:05}", rng.random_range(0..CUSTOMERS))),
    };
    (requester, site)
}

fn draw_site<'a>(desk: &'a SampleDesk, kind: SiteKind, rng: &mut StdRng) -> &'a Site {
    &desk.sites[*pick(rng, desk.sites_of(kind))]
}

/// The requester with this external id: always the same name, address and number.
fn described(desk: &SampleDesk, class: &str, external: &str) -> RequesterInput {
    let mut rng = rng_for(desk.seed, external, 0);
    let people = &desk.content.people;
    let mut parts = Variables::default();
    parts.set("given", pick(&mut rng, &people.given).as_str());
    parts.set("family", pick(&mut rng, &people.family).as_str());
    RequesterInput {
        external: external.to_string(),
        name: Some(parts.fill(&people.full_name)),
        email: rng.random_bool(0.6).then(|| format!("{}@mail.example", external.replace(':', "."))),
        phone: rng.random_bool(0.7).then(|| format!("+00 555 {:07}", rng.random_range(0..10_000_000))),
        class: Some(class.to_string()),
        site: None,
        language: Some(desk.language.tag().to_string()),
    }
}

/// Every variable the content may name.
pub(super) fn variables(content: &Content, queue: &QueueContent, site: &Site, at: DateTime<Utc>, rng: &mut StdRng) -> Variables {
    let words = &content.words;
    let mut set = Variables::default();
    set.set("site", site.name.as_str());
    set.set("code", site.code.as_str());
    set.set("region", site.region.as_str());
    set.set("order", rng.random_range(20_000_000..99_999_999_u32).to_string());
    set.set("tracking", format!("LX{:09}", rng.random_range(0..1_000_000_000_u32)));
    set.set("serial", format!("K{}-{:05}", rng.random_range(2..9), rng.random_range(0..100_000_u32)));
    set.set("batch", format!("B{}{:03}", rng.random_range(24..27), rng.random_range(1..366)));
    set.set("pump", rng.random_range(1..=12).to_string());
    set.set("tank", rng.random_range(1..=5).to_string());
    set.set("till", rng.random_range(1..=6).to_string());
    set.set("card", format!("{:04}", rng.random_range(0..10_000)));
    set.set("amount", format!("{}.{:02}", rng.random_range(12..640), rng.random_range(0..100)));
    set.set("litres", format!("{}.{:02}", rng.random_range(18..72), rng.random_range(0..100)));
    set.set("count", rng.random_range(3..48).to_string());
    set.set("minutes", rng.random_range(12..75).to_string());
    set.set("hours", rng.random_range(3..48).to_string());
    set.set("days", rng.random_range(3..15).to_string());
    set.set("percent", rng.random_range(2..35).to_string());
    set.set("temp", format!("{}.{}", rng.random_range(7..14), rng.random_range(0..10)));
    set.set("time", format!("{:02}:{:02}", rng.random_range(0..24), rng.random_range(0..60)));
    set.set("date", (at - chrono::Duration::hours(rng.random_range(2..90))).format(&words.date).to_string());
    set.set("supplier", pick(rng, &words.suppliers).as_str());
    set.set("country", pick(rng, &words.countries).as_str());
    set.set("courier", pick(rng, &words.couriers).as_str());
    set.set("product", pick(rng, &queue.products).as_str());
    set
}
