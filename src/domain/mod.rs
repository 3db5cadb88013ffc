//! The desk's words and rules. Pure: no I/O, no clock, no randomness, no async; time and ids are passed in.
//!
//! A [`Command`](command::Command) is decided by [`decide`](command::decide) over [`Facts`](command::Facts) and gives an
//! [`Outcome`](command::Outcome) (changed rows, audit) or a [`Refusal`]. Rows are written to the store, sent over the wire and
//! kept in the cache in the one shape given here.

pub mod access;
pub mod assignment;
pub mod audit;
pub mod briefing;
pub mod bulk;
pub mod calendar;
pub mod command;
pub mod conversation;
pub mod directory;
pub mod escalation;
pub mod file;
pub mod filter;
pub mod follow_up;
pub mod handover;
pub mod here;
pub mod id;
pub mod incident;
pub mod limits;
pub mod notice;
pub mod person;
pub mod queue;
pub mod refusal;
pub mod reminder;
pub mod requester;
pub mod roster;
pub mod row;
pub mod saved_view;
pub mod search;
pub mod sla;
pub mod snippet;
pub mod stats;
pub mod suggest;
#[cfg(test)]
pub mod testing;
pub mod ticket;
pub mod timeline;
pub mod undo;
pub mod webhook;
pub mod when;
pub mod words;

pub use refusal::Refusal;

/// An instant, in UTC. Rules never ask for the current one: they are told.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
