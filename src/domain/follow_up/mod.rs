//! What was promised to a requester, and by when: set by hand, or found in what was written and then confirmed.

pub mod find;
pub mod put;
#[cfg(test)]
mod tests;

pub use find::{Confidence, Found, find, proposals};
