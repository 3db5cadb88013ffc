//! What the console remembers between two runs: where the person was, and what they chose in passing. Where that is kept is
//! the command line's business; a console without a memory starts afresh.

use serde::{Deserialize, Serialize};

use super::find::history::History;
use super::locale::Language;

/// Where the person was. Read once at the start, kept when it changed; a field that an older version wrote is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Session {
    /// Names of actions run from the palette, last first.
    pub recent_actions: Vec<String>,
    /// Where jumps led, last first.
    pub recent_places: Vec<String>,
    /// What was typed in prompts, filters and searches.
    pub history: History,
}

/// Something chosen on the screen that is a setting: it goes into `config.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    Language(Language),
    Theme(String),
}

/// Keeps sessions and choices. Calls return at once; what cannot be kept is logged, never shown.
pub trait Memory: Send + Sync {
    /// The last session on this profile; the default where there is none.
    fn session(&self) -> Session;
    fn keep(&self, session: &Session);
    fn choose(&self, chosen: Chosen);
}

/// Remembers nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMemory;

impl Memory for NoMemory {
    fn session(&self) -> Session {
        Session::default()
    }

    fn keep(&self, _session: &Session) {}

    fn choose(&self, _chosen: Chosen) {}
}
