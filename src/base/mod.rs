//! Leaf helpers without one desk word.

pub mod clock;
pub mod text;
