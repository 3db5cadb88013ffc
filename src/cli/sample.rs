//! Fills a desk with the sample: over its HTTP API, like any other client.

use crate::base::clock::Clock;
use crate::client::api::Api;
use crate::console::locale::Language;
use crate::demo::{DemoLanguage, SampleDesk, driver};

use super::error::CliError;

const SEED: u64 = 1;
const TICKETS: usize = 2_000;

/// # Errors
/// When the server refuses or goes away.
pub async fn fill(api: &Api, language: Language) -> Result<(), CliError> {
    let language = match language {
        Language::English => DemoLanguage::English,
        Language::Chinese => DemoLanguage::Chinese,
    };
    let desk = SampleDesk::generate(language, SEED, TICKETS, Clock::System.now());
    let bar = super::demo::tickets_bar(TICKETS);
    let filled = driver::fill(api, &desk, async |_| None, |done| bar.set_position(done)).await;
    bar.finish_and_clear();
    Ok(filled.map(drop)?)
}
