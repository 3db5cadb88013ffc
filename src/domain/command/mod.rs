//! What somebody wants done, and how it is decided.
//!
//! Screen, subcommand, API, import, job and demo all make a [`Command`]; [`needs()`] says which rows decide it,
//! [`decide()`] turns command and rows into an [`Outcome`] or a [`Refusal`](super::Refusal). One rule a file, under the noun it changes.

mod bodies;
mod body;
mod decide;
mod diff;
pub mod draft;
mod facts;
pub mod given;
pub mod needs;
mod outcome;
mod preview;

pub use super::ticket::split::SplitTicket;
pub use bodies::*;
pub use body::*;
pub use decide::decide;
pub use draft::{Draft, Entry};
pub use facts::{Actor, Context, Facts};
pub use given::Given;
pub use needs::{Needs, Replaces, needs};
pub use outcome::{Change, CommandResult, Outcome};
pub use preview::preview;

#[cfg(test)]
mod tests;
