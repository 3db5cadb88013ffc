//! Every route of the server: what it does, and how it refuses.

mod admin;
mod commands;
mod description;
mod directory;
mod duty;
mod edges;
mod intake;
mod notify;
mod sessions;
mod talk;
mod tickets;
mod webhooks;
