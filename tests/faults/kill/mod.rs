//! Killed, stopped and starved processes: a real server and real consoles, each with files of its own, while writers write.

mod clocks;
mod console;
pub mod desk;
pub mod dice;
mod disk;
mod killer;
mod lost;
mod mutations;
mod rogue;
pub mod run;
pub mod tests;
pub mod writer;
mod wrong_order;
