//! Leaf helpers without one desk word.

pub mod backoff;
pub mod clock;
pub mod lines;
pub mod terms;
pub mod text;
