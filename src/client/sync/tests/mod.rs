//! Applying batches, and the link against a server that misbehaves on order.

mod apply;
mod fake;
mod link;
