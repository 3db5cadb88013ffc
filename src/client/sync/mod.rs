//! How the cache comes to equal what the server lets its person see: a snapshot, then batches, then a digest to prove it.

pub mod apply;
mod bulk;
pub mod digest;
pub mod fetch;
mod newer;
pub mod run;
pub mod snapshot;
mod stream;
mod tally;
#[cfg(test)]
pub(crate) mod tests;
