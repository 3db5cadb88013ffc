//! Files as the one handle gives them: attach, watch, fetch.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::SystemTime;

use super::local::{Local, inspect};
use super::{FileError, FileItem, Transfer, copies, fetch, uploads};
use crate::base::clock::new_id;
use crate::client::core::Core;
use crate::client::desk::DeskClient;
use crate::client::error::ClientError;
use crate::client::view::Changed;
use crate::domain::id::{FileId, TicketNumber};
use crate::wire::file::AttachedFile;
use crate::wire::list::Items;

/// Bytes between two tellings of progress.
const TELL_EVERY: u64 = 256 * 1024;

impl Core {
    /// Notes how far a transfer is, and tells now and then.
    pub(crate) fn transferred(&self, transfer: Transfer) {
        let mut known = self.transfers.lock().unwrap_or_else(PoisonError::into_inner);
        let file = transfer.file;
        let told = known.get(&file).map(|known| known.done / TELL_EVERY);
        let news = told != Some(transfer.done / TELL_EVERY);
        known.insert(file, transfer);
        drop(known);
        if news {
            self.tell(Changed { files: vec![file], ..Changed::default() });
        }
    }

    pub(crate) fn transfer(&self, file: FileId) -> Option<Transfer> {
        self.transfers.lock().unwrap_or_else(PoisonError::into_inner).get(&file).cloned()
    }

    pub(crate) fn transfer_over(&self, file: FileId) {
        self.transfers.lock().unwrap_or_else(PoisonError::into_inner).remove(&file);
        self.tell(Changed { files: vec![file], ..Changed::default() });
    }
}

impl DeskClient {
    /// Takes a file of this machine to be sent: on disk as an intent when this returns, sent in the background, told by
    /// [`DeskClient::changes`]. Name the id in [`PostMessage::files`](crate::domain::command::PostMessage): the message goes when the file is whole.
    ///
    /// # Errors
    /// When it cannot be read, or the cache cannot be written.
    pub async fn attach(&self, path: &Path) -> Result<Local, ClientError> {
        let local = inspect(new_id().into(), path).await?;
        uploads::add(&self.core.cache, &local).await?;
        self.core.uploads_wake.notify_one();
        self.core.tell(Changed { files: vec![local.id], ..Changed::default() });
        Ok(local)
    }

    /// Takes an attached file back before its message was sent.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub async fn detach(&self, file: FileId) -> Result<(), ClientError> {
        uploads::remove(&self.core.cache, file).await?;
        self.core.transfer_over(file);
        Ok(())
    }

    /// Files on their way up or down, and uploads that failed.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn transfers(&self) -> Result<Vec<Transfer>, ClientError> {
        let mut all = uploads::open(&self.core.cache).await?;
        let live = self.core.transfers.lock().unwrap_or_else(PoisonError::into_inner);
        for transfer in &mut all {
            if let Some(now) = live.get(&transfer.file) {
                transfer.done = now.done;
            }
        }
        all.extend(live.values().filter(|one| !one.up).cloned());
        Ok(all)
    }

    /// The attachments of a ticket, oldest first: as its messages name them, with what the server adds where there is a link.
    /// The sentence says why only the cache was asked.
    ///
    /// # Errors
    /// When the ticket cannot be read.
    pub async fn ticket_files(&self, number: TicketNumber) -> Result<(Vec<FileItem>, Option<String>), ClientError> {
        let Some(detail) = self.ticket(number).await? else { return Err(ClientError::NoTicket(number.0)) };
        let named = detail.messages.iter().flat_map(|message| message.attachments.iter().map(|one| FileItem::of(one, message)));
        let mut items: Vec<FileItem> = named.collect();
        let asked = match self.api() {
            Ok(api) => api.get::<Items<AttachedFile>>(&format!("/api/v1/tickets/{number}/files")).await.map_err(ClientError::from),
            Err(error) => Err(error),
        };
        let kept = match asked {
            Ok(kept) => kept.items,
            Err(error) => return Ok((items, Some(error.to_string()))),
        };
        items.retain(|item| item.file.is_none());
        items.extend(kept.into_iter().map(|AttachedFile { file, author, visibility, at, .. }| FileItem {
            file: Some(file.id),
            url: String::new(),
            name: file.name,
            media_type: file.media_type,
            size: file.size,
            lies: file.lies,
            author,
            visibility,
            at,
        }));
        items.sort_by_key(|item| item.at);
        Ok((items, None))
    }

    /// Where copies of files are.
    fn copies(&self) -> PathBuf {
        self.core.cache.path().parent().unwrap_or(Path::new(".")).join("files")
    }

    /// A copy of a file on this machine: the one that is here, or fetched now; where it broke off it goes on.
    ///
    /// # Errors
    /// When there is no link and no copy, or the server or the disk refuse.
    pub async fn download(&self, file: FileId, name: &str, size: u64) -> Result<PathBuf, ClientError> {
        let folder = self.copies();
        let copy = copies::place(&folder, file, name);
        let now = SystemTime::from(self.core.clock.now());
        if !copy.is_file() {
            let api = self.api()?;
            copies::make_room(&copy).map_err(|error| FileError::disk(&copy, &error))?;
            let progress = |done, all: Option<u64>| {
                let size = all.unwrap_or(size);
                self.core.transferred(Transfer { file, name: name.to_owned(), done, size, up: false, failed: None });
            };
            let fetched = fetch::fetch(api, file, &copy, &progress).await;
            self.core.transfer_over(file);
            fetched?;
        }
        copies::touch(&copy, now);
        let kept = copy.clone();
        // Nobody waits for room to be made.
        tokio::task::spawn_blocking(move || copies::trim(&folder, copies::COPIES_MAX, &kept));
        Ok(copy)
    }

    /// As [`DeskClient::download`], then copied to a chosen place, which is replaced whole or not at all.
    ///
    /// # Errors
    /// As [`DeskClient::download`].
    pub async fn save(&self, file: FileId, name: &str, size: u64, to: &Path) -> Result<PathBuf, ClientError> {
        let copy = self.download(file, name, size).await?;
        let to = if to.is_dir() { to.join(crate::domain::file::name::clean(name)) } else { to.to_owned() };
        let (from, into) = (copy, to.clone());
        let work = tokio::task::spawn_blocking(move || {
            let folder = into.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let mut whole = tempfile::NamedTempFile::new_in(folder)?;
            std::io::copy(&mut std::fs::File::open(from)?, &mut whole)?;
            whole.persist(&into).map(drop).map_err(|error| error.error)
        });
        let done = work.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        done.map_err(|error| FileError::disk(&to, &error))?;
        Ok(to)
    }
}
