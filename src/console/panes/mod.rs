//! The live panes: a folder each, one line each here.

pub mod assignment;

mod duty;
mod presence;
pub mod shifts;
mod times;

