//! Frames on their way out: gathered whole, then written at once inside a synchronized update.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a frame starts and ends with: the terminal shows it at once, or ignores the marks.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
const ROOM: usize = 256 * 1024;

/// Gathers what the backend writes; only [`FrameWriter::commit`] reaches the terminal.
#[derive(Clone, Debug)]
pub struct FrameWriter {
    gathered: Arc<Mutex<Gathered>>,
}

#[derive(Debug)]
struct Gathered {
    bytes: Vec<u8>,
    /// How the last frame ended.
    end: Vec<u8>,
}

/// As much of a frame's end as a frame without a change is long.
const END_KEPT: usize = 64;

impl Default for FrameWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl FrameWriter {
    #[must_use]
    pub fn new() -> Self {
        Self { gathered: Arc::new(Mutex::new(Gathered { bytes: Vec::with_capacity(ROOM), end: Vec::new() })) }
    }

    fn lock(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the gathered frame in one piece; nothing, where nothing changed.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn commit(&self, terminal: &mut impl Write) -> io::Result<()> {
        let mut gathered = self.lock();
        let Gathered { bytes, end } = &mut *gathered;
        // The backend writes its resets and the cursor even when no cell changed: what the last frame ended with changes nothing.
        if bytes.is_empty() || end.ends_with(bytes) {
            bytes.clear();
            return Ok(());
        }
        *end = bytes[bytes.len().saturating_sub(END_KEPT)..].to_vec();
        bytes.splice(0..0, BEGIN.iter().copied());
        bytes.extend_from_slice(END);
        let written = terminal.write_all(bytes);
        bytes.clear();
        written
    }
}

impl Write for FrameWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.lock().bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// The backend flushes within a frame: that is not yet the time.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_one_synchronized_write() {
        let mut writer = FrameWriter::new();
        writer.write_all(b"abc").unwrap();
        writer.flush().unwrap();
        let mut file = tempfile::tempfile().unwrap();
        writer.commit(&mut file).unwrap();
        writer.commit(&mut file).unwrap();
        use std::io::{Read, Seek};
        let mut text = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "\x1b[?2026habc\x1b[?2026l");
    }
}
