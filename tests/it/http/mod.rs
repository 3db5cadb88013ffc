//! Every route of the server: what it does, and how it refuses.

mod admin;
mod commands;
mod craft;
mod description;
mod directory;
mod duty;
mod edges;
mod escalations;
mod files;
mod here;
mod incidents;
mod intake;
mod messages;
mod notify;
mod sessions;
mod stats;
mod talk;
mod tickets;
mod webhooks;
