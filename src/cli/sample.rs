//! Fills a desk with the sample: over its HTTP API, like any other client.

use crate::base::clock::Clock;
use crate::client::api::Api;
use crate::console::locale::Language;
use crate::demo::{DemoLanguage, SampleDesk, driver};

use super::Global;
use super::error::CliError;

const SEED: u64 = 1;
const TICKETS: usize = 2_000;

/// # Errors
/// When the server refuses or goes away.
pub async fn fill(api: &Api, language: Language, global: &Global) -> Result<(), CliError> {
    let language = match language {
        Language::English => DemoLanguage::English,
        Language::Chinese => DemoLanguage::Chinese,
    };
    let desk = SampleDesk::generate(language, SEED, TICKETS, Clock::System.now());
    let bar = global.out.progress(TICKETS as u64);
    let filled = driver::fill(api, &desk, async |_| None, |done| bar.set_position(done)).await;
    bar.finish_and_clear();
    filled.map(drop).map_err(|error| CliError::failed(format!("The sample desk could not be loaded: {error}.")))
}
