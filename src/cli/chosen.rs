//! Writes what was chosen on the screen into `config.toml`, so that it is so the next time.

use std::path::Path;

use super::config_file;
use super::error::CliError;
use crate::console::memory::Chosen;

/// Keeps a choice in the settings in `folder`.
///
/// # Errors
/// When the file cannot be read or written.
pub fn choose_in(folder: &Path, chosen: &Chosen) -> Result<(), CliError> {
    match chosen {
        Chosen::Language(language) => config_file::set(folder, "language", Some(language.tag())),
        Chosen::Theme(name) => config_file::set(folder, "theme", Some(name)),
    }
}
