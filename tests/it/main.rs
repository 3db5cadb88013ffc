//! The server over real HTTP, black box: every route, sync, and the desk's own work.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod desk;
#[path = "../fixtures/mod.rs"]
mod fixtures;
mod http;
mod sync;
