//! The terminal: raw bytes in, whole frames out, and the state it was found in given back, whatever happens.

mod clipboard;
mod decode;
mod edit;
pub mod guard;
mod kind;
mod notify;
mod output;
mod pace;
pub mod probe;
mod reader;
mod scheme;
mod screen;

pub use clipboard::Copied;
pub use kind::Kind;
pub use pace::{Pace, low_bandwidth};
pub use screen::{Event, Screen, TerminalError};

/// For tests of frames as bytes.
#[cfg(test)]
pub mod testing {
    pub use super::output::FrameWriter;
}
