//! dutydesk: the terminal console for desks that are always on duty.
//!
//! # The map of the house
//!
//! | room | what it is for | may import |
//! |---|---|---|
//! | [`base`] | leaf helpers without one desk word | nothing of ours |
//! | [`domain`] | the desk's words and rules; pure | nothing of ours |
//! | [`wire`] | what travels over HTTP beside the domain's rows | domain |
//! | [`store`] | durable state behind one trait | domain, base |
//! | [`server`] | routes, execute (load facts, decide, commit), feed, jobs | store, wire, domain, base |
//! | [`client`] | HTTP API client, outbox, cache, sync: all a console needs, no screen | wire, domain, base |
//! | [`console`] | the terminal | client, domain, base |
//! | [`demo`] | the sample desk and its traffic: a client like any other | client, wire, domain, base |
//! | [`simulate`] | scenarios under a virtual clock: the real rules, played | domain, base |
//! | [`cli`] | one file per subcommand; the composition root | all |
//!
//! `tests/tidy.rs` keeps it so. Data flows one way round: key → command → outbox → server → rule → store → feed →
//! cache → view. Nothing else writes the cache, nothing else decides.

pub mod base;
pub mod cli;
pub mod client;
pub mod console;
pub mod demo;
pub mod domain;
pub mod server;
pub mod simulate;
pub mod store;
pub mod wire;
