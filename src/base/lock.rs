//! A lock on a file, which says that something is in use: it ends with its holder, and with the process.

use std::fs::{File, TryLockError};

/// Held while it lives.
#[derive(Debug)]
pub struct FileLock(File);

impl FileLock {
    /// Takes `file` for this holder, without waiting.
    ///
    /// # Errors
    /// [`TryLockError::WouldBlock`] while another holder has it; else what the system says of a file that cannot be locked.
    pub fn take(file: File) -> Result<Self, TryLockError> {
        file.try_lock()?;
        Ok(Self(file))
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Closing alone is not enough: a child between fork and exec holds a copy of the descriptor, and with it the lock.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_descriptor_does_not_keep_what_was_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let open = || File::create(folder.path().join("lock")).unwrap();
        let held = FileLock::take(open()).unwrap();
        let copy = held.0.try_clone().unwrap();
        assert!(matches!(FileLock::take(open()), Err(TryLockError::WouldBlock)));
        drop(held);
        let again = FileLock::take(open());
        assert!(again.is_ok(), "{again:?}");
        drop(copy);
        assert!(matches!(FileLock::take(open()), Err(TryLockError::WouldBlock)), "a copy that is closed takes nothing away");
    }
}
