//! iCalendar (RFC 5545): shifts written for programs that subscribe to them, and other people's calendars read as plain
//! events. Decides nothing: what an event means on the desk is said by who reads it.

pub mod read;
#[cfg(test)]
mod tests;
pub mod write;
