//! The live panes: a folder each, one line each here.

pub mod assignment;
pub mod chats;
pub mod shifts;

mod duty;
mod presence;
mod times;

#[cfg(test)]
mod sample;
