//! What the layer asks of the desk and of this machine, as data, with the answers.

use std::path::PathBuf;

use super::{Fetched, Graphics};
use crate::base::lines::{From, Mark, Page};
use crate::client::files::local::Local;
use crate::client::files::{FileItem, Transfer};
use crate::domain::id::TicketNumber;

/// What to do with a file once it is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// Show it in so many cells.
    View {
        width: u16,
        height: u16,
        graphics: Graphics,
    },
    CopyPath,
    /// With the desktop's own program.
    Outside,
    Save(String),
}

/// A read.
#[derive(Clone, Debug, PartialEq)]
pub enum FileLoad {
    List(TicketNumber),
    Transfers,
    Fetch {
        item: FileItem,
        then: Then,
    },
    Page {
        path: PathBuf,
        from: From,
        rows: usize,
        mark: Mark,
    },
    /// The next line with a text, then the page from there.
    Find {
        path: PathBuf,
        offset: u64,
        needle: String,
        forward: bool,
        rows: usize,
        mark: Mark,
    },
    /// Paths that what was typed may go on to.
    Paths(String),
    Attach(String),
}

/// An answer.
#[derive(Clone, Debug)]
pub enum FileLoaded {
    /// The second: why it is only what the cache knows.
    List(TicketNumber, Vec<FileItem>, Option<String>),
    Transfers(Vec<Transfer>),
    Fetched(FileItem, Then, Result<Fetched, String>),
    /// Absent: nothing was found.
    Page(Result<Option<(Page, Mark)>, String>),
    Paths(String, Vec<String>),
    Attached(Result<Local, String>),
}

/// Answers what needs no desk: pages, searches, paths.
pub async fn here(load: FileLoad) -> Option<FileLoaded> {
    let work = tokio::task::spawn_blocking(move || match load {
        FileLoad::Page { path, from, rows, mark } => Some(FileLoaded::Page(page(&path, from, rows, mark).map(Some))),
        FileLoad::Find { path, offset, needle, forward, rows, mark } => {
            let found = crate::base::lines::find(&path, offset, &needle, forward).map_err(|error| error.to_string());
            Some(FileLoaded::Page(match found {
                Ok(Some(at)) => page(&path, From::At(at), rows, mark).map(Some),
                Ok(None) => Ok(None),
                Err(why) => Err(why),
            }))
        }
        FileLoad::Paths(typed) => {
            let found = super::attach::paths(&typed);
            Some(FileLoaded::Paths(typed, found))
        }
        _ => None,
    });
    work.await.ok().flatten()
}

fn page(path: &std::path::Path, from: From, rows: usize, mut mark: Mark) -> Result<(Page, Mark), String> {
    let page = crate::base::lines::page(path, from, rows, &mut mark).map_err(|error| error.to_string())?;
    Ok((page, mark))
}
