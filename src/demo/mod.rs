//! The sample desk and its traffic: a client like any other.
//!
//! Everything here is made from a seed and an instant handed in, so that the same seed is the same desk.
//! The texts are data (`content/<language>/`), written for this project.

pub mod content;
pub mod desk;
pub mod driver;
mod duty;
mod fill;
mod intake;
mod language;
mod people;
mod requesters;
mod rotas;
mod seed;
mod sites;
pub mod snippets;
mod talk;
#[cfg(test)]
mod tests;
pub mod tickets;
pub mod traffic;

pub use desk::SampleDesk;
pub use language::DemoLanguage;
pub use talk::SampleConversation;
pub use tickets::Tickets;
pub use traffic::{Act, Traffic, TrafficView, ViewEscalation, ViewTicket};
