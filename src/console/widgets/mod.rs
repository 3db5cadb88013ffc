//! Small things to draw with, without one desk word: bars, timelines, list windows, an editor.
//!
//! They take numbers and texts that are already clean and translated, and return texts or ranges.

pub mod big_digits;
pub mod editor;
pub mod list;
pub mod load_bar;
pub mod marked;
pub mod paint;
pub mod plot;
pub mod timeline;
