//! Attempts to break the desk's promises: killed processes, broken links, simulated networks, and a checker that reads
//! what is left.
//!
//! Everything here runs in a short form with `cargo test`; `DUTYDESK_FAULTS=long` runs the long one (docs/reliability.md).

mod check;
#[path = "../fixtures/mod.rs"]
mod fixtures;
mod fuzz;
mod herd;
mod history;
mod kill;
mod net;
mod process;
// Ids come from a seed in debug builds only.
#[cfg(debug_assertions)]
mod sim;
mod upgrade;
