//! The terminal: raw bytes in, whole frames out, and the state it was found in given back, whatever happens.

mod decode;
mod edit;
mod guard;
mod notify;
mod output;
mod reader;
mod scheme;
mod screen;

pub use screen::{Event, Screen, TerminalError};
