//! What the console remembers between two runs: where the person was, and what they chose in passing. Where that is kept is
//! the command line's business; a console without a memory starts afresh.

use serde::{Deserialize, Serialize};

use super::find::history::History;
use super::locale::Language;
use crate::client::view::{Sort, View};
use crate::domain::id::{ConversationId, SavedViewId, TicketNumber};

/// Where the person was. Read once at the start, kept when it changed; a field that an older version wrote is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Session {
    /// Names of actions run from the palette, last first.
    pub recent_actions: Vec<String>,
    /// The tour was offered: it is not offered twice.
    pub tour_offered: bool,
    /// The step of the tour at which it was left; 0 when it was not begun, or is over.
    pub tour_step: usize,
    /// The pane in front, by its name in lower case.
    pub pane: String,
    /// The ticket shown last, and whether it was open over or beside that pane.
    pub ticket: Option<TicketNumber>,
    pub ticket_open: bool,
    /// Its tab, by its name in lower case.
    pub tab: String,
    /// The list: which, in which order, narrowed by what, and the ticket under the cursor.
    pub view: Option<View>,
    pub sort: Sort,
    pub filter: String,
    /// The saved view that was chosen.
    pub saved: Option<SavedViewId>,
    pub selected: Option<TicketNumber>,
    /// The conversation open in Chats.
    pub conversation: Option<ConversationId>,
    /// How the screen is divided; what is absent is usual.
    pub list_share: Option<u16>,
    pub zoomed: bool,
    pub rail_hidden: bool,
    pub preview_hidden: bool,
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

/// Keeps sessions and choices. What cannot be kept is logged, never shown.
pub trait Memory: Send + Sync {
    /// The last session on this profile; the default where there is none.
    fn session(&self) -> Session;
    fn keep(&self, session: &Session);

    /// As [`Memory::keep`], off the screen's path: a busy disk takes seconds to put a new file in the place of another.
    fn keep_beside(&self, session: &Session) {
        self.keep(session);
    }

    fn choose(&self, chosen: Chosen);

    /// Whether what is kept will be known next time: what is told once is told only then.
    fn remembers(&self) -> bool {
        true
    }
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

    fn remembers(&self) -> bool {
        false
    }
}
