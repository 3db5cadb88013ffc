//! All a console needs, without a screen: the HTTP API client, the cache, the outbox, the sync loop, and [`view`]: the
//! shapes in which screens read the desk.
//!
//! Only `sync/apply` writes the cache. Commands go through the outbox; a waiting command is an overlay on what the
//! cache shows, which goes when sync has passed the place of its effect.

pub mod api;
pub mod view;
