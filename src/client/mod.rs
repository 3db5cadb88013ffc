//! All a console needs, without a screen: the HTTP API client, the cache, the outbox, the sync loop, and [`view`]: the
//! shapes in which screens read the desk. [`desk::DeskClient`] is the one handle to all of it.
//!
//! Only `sync/apply` writes the cache's rows. Commands go through the outbox; a waiting command is an overlay on what the
//! cache shows, which goes when sync has passed the place of its effect.

pub mod api;
mod bulk;
pub mod cache;
pub mod calls;
pub(crate) mod core;
mod craft;
pub mod desk;
pub mod drafts;
pub mod duty;
pub mod error;
pub mod files;
pub mod here;
pub mod incidents;
pub mod outbox;
pub mod overlay;
pub mod search;
pub mod stats;
pub mod steps;
pub mod sync;
pub mod talk;
mod tray;
pub mod view;
