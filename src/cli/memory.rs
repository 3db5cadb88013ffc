//! What the console remembers, on disk: the session beside the cache, one file for each profile and person, replaced as a whole so
//! that a console that is killed leaves the last whole one; choices in `config.toml`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::setup::Choices;
use crate::console::memory::{Chosen, Memory, Session};
use crate::domain::id::PersonId;

/// A session file holds names and numbers; anything longer is not one.
const BYTES_MAX: u64 = 1024 * 1024;

/// Keeps one person's session in a folder.
#[derive(Clone, Debug)]
pub struct FileMemory {
    path: PathBuf,
    /// The last session is not taken up; the next one is kept.
    fresh: bool,
    choices: Choices,
    /// Counts what was to be kept, and which of it is on disk: an older one never goes over a newer one.
    given: Arc<AtomicU64>,
    written: Arc<Mutex<u64>>,
}

impl FileMemory {
    /// `folder`: of the profile's cache, private to this account.
    #[must_use]
    pub fn new(folder: &Path, me: PersonId, fresh: bool, choices: Choices) -> Self {
        Self { path: folder.join(format!("{me}.session.json")), fresh, choices, given: Arc::default(), written: Arc::default() }
    }

    fn read(&self) -> Option<Session> {
        let metadata = std::fs::metadata(&self.path).ok()?;
        if metadata.len() > BYTES_MAX {
            return None;
        }
        let json = std::fs::read(&self.path).ok()?;
        // One that another version wrote and this one cannot read is none.
        serde_json::from_slice(&json).inspect_err(|error| tracing::warn!("{} is not a session: {error}", self.path.display())).ok()
    }

    fn write_as(&self, session: &Session, place: u64) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if *written > place {
            return;
        }
        *written = place;
        if let Err(error) = self.write(session) {
            tracing::warn!("{} cannot be written: {error}", self.path.display());
        }
    }

    fn write(&self, session: &Session) -> std::io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("."));
        // Born readable by its owner alone, in the same folder: the last step is a rename.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(&serde_json::to_vec(session)?)?;
        file.persist(&self.path)?;
        Ok(())
    }
}

impl Memory for FileMemory {
    fn session(&self) -> Session {
        if self.fresh { Session::default() } else { self.read().unwrap_or_default() }
    }

    fn keep(&self, session: &Session) {
        let place = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        self.write_as(session, place);
    }

    fn keep_beside(&self, session: &Session) {
        let place = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        let (memory, kept) = (self.clone(), session.clone());
        let begun = std::thread::Builder::new().name("session".to_owned()).spawn(move || memory.write_as(&kept, place));
        if begun.is_err() {
            self.write_as(session, place);
        }
    }

    fn choose(&self, chosen: Chosen) {
        self.choices.keep(&chosen);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::setup::Given;
    use crate::client::view::{Sort, View};
    use crate::domain::id::TicketNumber;

    fn choices(folder: &Path) -> Choices {
        Choices::new(folder.to_owned(), Given::default())
    }

    fn session() -> Session {
        Session {
            pane: "queues".into(),
            ticket: Some(TicketNumber(42)),
            view: Some(View::Queue(uuid::Uuid::from_u128(7).into())),
            sort: Sort::Newest,
            filter: "泵 pump".into(),
            ..Session::default()
        }
    }

    #[test]
    fn a_session_comes_back_to_the_same_person_only() {
        let folder = tempfile::tempdir().unwrap();
        let (me, other) = (uuid::Uuid::from_u128(1).into(), uuid::Uuid::from_u128(2).into());
        let memory = FileMemory::new(folder.path(), me, false, choices(folder.path()));
        assert_eq!(memory.session(), Session::default());
        memory.keep(&session());
        assert_eq!(FileMemory::new(folder.path(), me, false, choices(folder.path())).session(), session());
        assert_eq!(FileMemory::new(folder.path(), other, false, choices(folder.path())).session(), Session::default());
        assert_eq!(
            FileMemory::new(folder.path(), me, true, choices(folder.path())).session(),
            Session::default(),
            "a fresh start was asked for"
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn what_is_no_session_is_none_and_what_is_unknown_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let memory = FileMemory::new(folder.path(), uuid::Uuid::from_u128(1).into(), false, choices(folder.path()));
        std::fs::write(&memory.path, b"{\"pane\":").unwrap();
        assert_eq!(memory.session(), Session::default());
        std::fs::write(&memory.path, b"{\"pane\":\"chats\",\"of-tomorrow\":3}").unwrap();
        assert_eq!(memory.session(), Session { pane: "chats".into(), ..Session::default() });
    }

    #[test]
    fn a_folder_that_is_gone_costs_the_session_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let memory = FileMemory::new(&folder.path().join("gone"), uuid::Uuid::from_u128(1).into(), false, choices(folder.path()));
        memory.keep(&session());
        assert_eq!(memory.session(), Session::default());
    }
}
