//! How consoles follow the desk: snapshot, batches (long poll and stream), digest.

pub mod batch;
pub mod cursor;
pub mod digest;
mod encoded;
pub mod hub;
pub mod receivers;
pub mod snapshot;
pub mod stream;
