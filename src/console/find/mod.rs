//! Finding: what is typed against what there is. [`matcher`] knows how close texts are, [`shortlist`] narrows rows by it, [`finder`]
//! is the dialog of the palette and the jumps over the rows of [`stock`], [`target`] names where a choice leads, [`history`] keeps
//! what was typed before.
//!
//! It goes nowhere itself: what was chosen comes back as an answer, and the app goes there.

pub mod draw;
pub mod finder;
pub mod history;
pub mod matcher;
mod scope;
pub mod shortlist;
pub mod stock;
pub mod target;
#[cfg(test)]
mod tests;

pub use finder::Finder;
pub use scope::Scope;
