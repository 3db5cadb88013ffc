//! The files of a ticket, over the panes: the list, viewers for pictures, text and bytes, saving, and attaching. A layer that
//! takes every key while it is open; what it wants from outside are effects, answered as [`FileLoaded`].

mod attach;
mod draw;
pub mod graphics;
pub mod load;
mod mouse;
pub mod open;
mod pager;
#[cfg(test)]
mod tests;
mod update;

use std::path::PathBuf;

pub use attach::expand;
pub use graphics::Graphics;
pub use load::{FileLoad, FileLoaded, Then};
pub use open::Opened;

use self::attach::Attach;
use self::pager::Pager;
use super::overlay::Prompt;
use crate::client::files::{FileItem, Transfer};
use crate::domain::id::TicketNumber;

/// What is on top of the list.
enum Top {
    Nothing,
    /// On its way here.
    Loading(FileItem),
    Picture(FileItem, Opened),
    Text(FileItem, Box<Pager>),
    /// Facts and the first bytes.
    Bytes(FileItem, Vec<String>),
    /// Where to save it.
    Save(FileItem, Prompt),
    Attach(Box<Attach>),
}

struct Shown {
    ticket: TicketNumber,
    files: Vec<FileItem>,
    /// Why the list is not the server's.
    note: Option<String>,
    loaded: bool,
    selected: usize,
    transfers: Vec<Transfer>,
    top: Top,
}

/// The layer.
pub struct FilesLayer {
    /// How this terminal shows pictures.
    pub graphics: Graphics,
    shown: Option<Shown>,
}

impl Default for FilesLayer {
    fn default() -> Self {
        Self { graphics: Graphics::half_blocks(), shown: None }
    }
}

impl FilesLayer {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.shown.is_some()
    }
}

/// A file that is here, and what it was fetched for.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub path: PathBuf,
    pub opened: Option<Opened>,
}
