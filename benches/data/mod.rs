//! Desks of a given size for benches, and what a console has cached of them: made once by the real rules, from a seed, over real HTTP
//! into a real store (imports take the store's bulk path), kept under `target/bench-data` and only ever copied from there.
//!
//! A desk has sixty people, queues, rotas, sites, channels, and tickets of fourteen days with what was said, who had them and the
//! audit of it; every other ticket is in English, the others in Chinese.

mod make;
mod tickets;

use std::path::{Path, PathBuf};

use dutydesk::domain::person::Person;
use serde::{Deserialize, Serialize};

/// Raised when the same seed makes other rows: older files are made anew.
const VERSION: u32 = 1;
const SEED: u64 = 6;
/// From this size on a desk takes many minutes and gigabytes, so it is made only when asked for.
const FULL_FROM: usize = 1_000_000;

/// What the tickets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// As a desk's are: about half of them unsolved, a third solved, a fifth closed.
    Lived,
    /// All of them unsolved, so that a console of somebody who sees every queue holds them all.
    Open,
}

impl Mix {
    fn word(self) -> &'static str {
        match self {
            Self::Lived => "lived",
            Self::Open => "open",
        }
    }
}

/// Who can sign in to a desk, each with a token that it knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Keys {
    /// Sees every queue.
    pub admin: Person,
    pub admin_token: String,
    /// The sample desk's people.
    pub people: Vec<(Person, String)>,
}

/// A desk's files. They are the originals: serve copies.
#[derive(Clone, Debug)]
pub struct DeskData {
    pub database: PathBuf,
    /// The admin's cache of it, as a console that has synced and closed leaves it.
    pub cache: PathBuf,
    pub keys: Keys,
}

impl DeskData {
    /// Copies the database to `desk.sqlite` in `folder`, where a server may change it.
    ///
    /// # Panics
    /// When it cannot be copied.
    pub fn copy_database(&self, folder: &Path) -> PathBuf {
        let copy = folder.join("desk.sqlite");
        std::fs::copy(&self.database, &copy).expect("the database is copied");
        copy
    }
}

/// `target/bench-data` of this checkout.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join("bench-data")
}

/// The desk of so many tickets, made now if it is not there yet. `None`: it is so large that it must be asked for.
///
/// # Panics
/// When it cannot be made.
pub fn desk(mix: Mix, tickets: usize) -> Option<DeskData> {
    let name = format!("{}-{tickets}-v{VERSION}", mix.word());
    let file = |end: &str| folder().join(format!("{name}.{end}"));
    let keys = file("json");
    if !keys.is_file() {
        if tickets >= FULL_FROM && std::env::var("DUTYDESK_BENCH").as_deref() != Ok("full") {
            return None;
        }
        std::fs::create_dir_all(folder()).expect("target/bench-data is made");
        let make = || make::make(mix, tickets, &file("sqlite"), &file("cache.sqlite"), &keys);
        // It runs on a runtime of its own, also for who has one.
        std::thread::scope(|scope| scope.spawn(make).join()).expect("the desk is made");
    }
    let keys = std::fs::read(keys).expect("the keys are read");
    let keys = serde_json::from_slice(&keys).expect("the keys are as they were written");
    Some(DeskData { database: file("sqlite"), cache: file("cache.sqlite"), keys })
}
