//! Versions that meet: older and newer clients and servers, migrations killed half-way, backups taken under load.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod backup;
mod cache;
mod doctor;
mod migrations;
mod newer_server;
mod older_client;
mod place;
