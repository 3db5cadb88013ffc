//! Files become attachments of a message, in the message's own transaction: complete, the poster's own, and of one message only.

use super::{FILES_MAX, FileOwner, FilePlace, FileState, StoredFile};
use crate::domain::Refusal;
use crate::domain::command::{Change, Facts};
use crate::domain::conversation::Attachment;
use crate::domain::id::FileId;

/// What a message with files writes.
#[derive(Debug, Default)]
pub struct Attached {
    pub attachments: Vec<Attachment>,
    /// The files' rows, with their place.
    pub changes: Vec<Change>,
}

/// The attachments of a message at `place`, from the files its author uploaded.
///
/// # Errors
/// `too_many_files`, `unknown_file`, `file_incomplete` or `file_attached`.
pub fn attach(facts: &Facts, files: &[FileId], owner: FileOwner, place: FilePlace) -> Result<Attached, Refusal> {
    count(files.len())?;
    let mut attached = Attached::default();
    let mut seen = Vec::with_capacity(files.len());
    for id in files {
        if seen.contains(id) {
            continue;
        }
        seen.push(*id);
        let file = usable(facts, *id, owner, place)?;
        attached.attachments.push(file.attachment());
        attached.changes.push(Change::PutFile(StoredFile { place: Some(place), ..file.clone() }));
    }
    Ok(attached)
}

/// # Errors
/// `too_many_files` when they are.
pub fn count(files: usize) -> Result<(), Refusal> {
    if files > FILES_MAX {
        let message = format!("A message has at most {FILES_MAX} files: send the others with a second one.");
        return Err(Refusal::invalid("too_many_files", "files", message));
    }
    Ok(())
}

fn usable(facts: &Facts, id: FileId, owner: FileOwner, place: FilePlace) -> Result<&StoredFile, Refusal> {
    let mine = |file: &&StoredFile| file.id == id && file.owner == owner && file.state != FileState::Dropped;
    let Some(file) = facts.files.iter().find(mine) else {
        let message = format!("There is no file {id} of yours: upload it again.");
        return Err(Refusal::invalid("unknown_file", "files", message));
    };
    if file.state == FileState::Uploading {
        let message = format!("{:?} is not all here yet ({} of {} bytes): finish its upload first.", file.name, file.received, file.size);
        return Err(Refusal::conflict("file_incomplete", message));
    }
    if file.place.is_some_and(|at| at.message != place.message) {
        let message = format!("{:?} is attached to another message already: upload it again.", file.name);
        return Err(Refusal::conflict("file_attached", message));
    }
    Ok(file)
}

/// A message's text; where there is none, the names of its files stand for it.
#[must_use]
pub fn text_or_names(text: &str, attachments: &[Attachment]) -> String {
    if !text.trim().is_empty() || attachments.is_empty() {
        return text.to_owned();
    }
    attachments.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A requester's attachments: what the desk keeps is named by the desk's own rows, the rest stays a reference.
///
/// # Errors
/// As [`attach`].
pub fn received(facts: &Facts, given: &[Attachment], owner: FileOwner, place: FilePlace) -> Result<Attached, Refusal> {
    count(given.len())?;
    let mut all = Attached::default();
    for one in given {
        match one.file {
            Some(id) => {
                let attached = attach(facts, &[id], owner, place)?;
                all.attachments.extend(attached.attachments);
                all.changes.extend(attached.changes);
            }
            None => all.attachments.push(Attachment { name: super::name::clean(&one.name), ..one.clone() }),
        }
    }
    Ok(all)
}
