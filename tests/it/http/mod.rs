//! Every route of the server: what it does, and how it refuses.

mod admin;
mod commands;
mod description;
mod directory;
mod duty;
mod edges;
mod escalations;
mod here;
mod intake;
mod sessions;
mod talk;
mod tickets;
mod webhooks;
