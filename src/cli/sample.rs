//! Fills a desk with the sample: over its HTTP API, like any other client.

use crate::base::clock::Clock;
use crate::console::locale::Language;
use crate::demo::{DemoLanguage, SampleDesk, driver};

use super::embedded::Embedded;
use super::error::CliError;
use crate::server::routes::sessions::issue;

/// What the tokens made for the filling are called.
const DEVICE: &str = "sample";
const SEED: u64 = 1;
const TICKETS: usize = 2_000;

/// # Errors
/// When the server refuses or goes away.
pub async fn fill(own: &Embedded, language: Language) -> Result<(), CliError> {
    let Some(server) = &own.server else {
        return Err(CliError::failed("Another dutydesk has this machine's desk open: close it and try again."));
    };
    let language = match language {
        Language::English => DemoLanguage::English,
        Language::Chinese => DemoLanguage::Chinese,
    };
    let desk = SampleDesk::generate(language, SEED, TICKETS, Clock::System.now());
    let bar = super::demo::tickets_bar(TICKETS);
    let filled =
        driver::fill(&own.api, &desk, async |person| issue(&server.desk, person, DEVICE).await.ok(), |done| bar.set_position(done)).await;
    bar.finish_and_clear();
    // Nobody is left signed in by the filling.
    for person in &desk.people {
        for token in server.desk.store.tokens(person.id).await?.into_iter().filter(|token| token.device == DEVICE) {
            server.desk.store.revoke_token(&token.sha256).await?;
        }
    }
    Ok(filled.map(drop)?)
}
