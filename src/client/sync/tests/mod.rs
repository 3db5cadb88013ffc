//! Applying batches, and the link against a server that misbehaves on order.

pub(crate) mod apply;
mod fake;
mod link;
