//! Links that break: a proxy that does what networks do, real clients and consoles behind it, a day without any link, and what
//! becomes of what the server refuses.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and prints its counts, its helpers too")]

mod clients;
mod offline_day;
mod proxy;
mod runs;
mod terminal;
mod told;
mod tray;

#[expect(dead_code, reason = "shared with the tests of the server")]
#[path = "../../it/desk.rs"]
mod desk;
