//! What travels over HTTP beside the domain's own rows, one file per resource; serde and OpenAPI, and
//! iCalendar for calendar programs.

pub mod command;
pub mod conversation;
pub mod craft;
pub mod desk;
pub mod duty;
pub mod file;
pub mod handover;
pub mod here;
pub mod ical;
pub mod incident;
pub mod list;
pub mod message;
pub mod problem;
pub mod protocol;
pub mod search;
pub mod session;
pub mod snippet;
pub mod sync;
pub mod ticket;
pub mod view;
pub mod webhook;

pub use protocol::{PROTOCOL, PROTOCOL_OLDEST};

/// The header that says how far the server's clock is: milliseconds since 1970, on every answer.
pub const TIME_HEADER: &str = "x-dutydesk-time";
