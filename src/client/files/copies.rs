//! The folder of fetched files: a copy each, found by the file's id, the longest unused ones gone first when it is full.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::domain::id::FileId;

/// Bytes of copies that are kept.
pub const COPIES_MAX: u64 = 512 * 1024 * 1024;

/// Where the copy of a file is, or goes: in a folder of its own, under its own name.
#[must_use]
pub fn place(folder: &Path, id: FileId, name: &str) -> PathBuf {
    folder.join(id.to_string()).join(crate::domain::file::name::clean(name))
}

/// Makes the folder of a copy; its owner's alone.
///
/// # Errors
/// When it cannot be made.
pub fn make_room(copy: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let folder = copy.parent().unwrap_or(copy);
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Notes that a copy was used at `now`.
pub fn touch(copy: &Path, now: SystemTime) {
    // A copy whose time cannot be set goes a little early.
    if let Ok(file) = std::fs::File::open(copy) {
        let _ = file.set_modified(now);
    }
}

/// Removes the longest unused copies until at most `max` bytes are left; `keep` stays.
pub fn trim(folder: &Path, max: u64, keep: &Path) {
    let mut copies = all(folder);
    copies.sort_by_key(|(_, _, used)| *used);
    let mut left: u64 = copies.iter().map(|(_, size, _)| size).sum();
    for (path, size, _) in copies {
        if left <= max {
            return;
        }
        if path != keep && std::fs::remove_file(&path).is_ok() {
            left -= size;
            let _ = path.parent().map(std::fs::remove_dir);
        }
    }
}

fn all(folder: &Path) -> Vec<(PathBuf, u64, SystemTime)> {
    let entries = |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect::<Vec<_>>();
    let files = entries(folder).into_iter().flat_map(|one| entries(&one));
    files
        .filter_map(|path| {
            let found = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some((path, found.len(), found.modified().unwrap_or(SystemTime::UNIX_EPOCH)))
        })
        .collect()
}

/// Bytes as people read them: `812 B`, `3.4 MB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    let (mut amount, mut unit) = (count as f64, 0);
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    while amount >= 1000.0 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{count} B") } else { format!("{amount:.1} {}", UNITS[unit]) }
}
