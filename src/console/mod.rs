//! The terminal. An Elm-style core: [`Pane::update`] changes state and returns [`Effect`]s as data, [`Pane::draw`] only
//! reads; the loop runs effects and brings their answers back as [`Loaded`]. Nothing here knows the protocol.

pub mod action;
mod alert;
pub mod app;
pub mod audit_words;
pub mod board;
pub mod bulk;
pub mod call_words;
pub mod calls;
pub mod cells;
pub mod config;
pub mod conversation;
pub mod desk_handle;
pub mod desk_line_words;
pub mod effect;
pub mod escalate_ask;
pub mod experts;
pub mod files;
pub mod find;
pub mod first_run;
pub mod glyphs;
pub mod here_words;
pub mod incidents;
pub mod jumps;
pub mod key;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod linear;
pub mod locale;
pub mod memory;
pub mod mouse;
pub mod notices;
pub mod overlay;
pub mod pane;
pub mod panes;
pub mod people_choices;
pub mod refusal_words;
pub mod reply_check;
pub mod search;
pub mod terminal;
pub mod theme;
pub mod ticket_actions;
mod ticket_craft;
pub mod tour;
mod tray;
pub mod undo;
pub mod widgets;
pub mod words;

#[cfg(test)]
mod bytes_tests;
#[cfg(test)]
mod call_tests;
#[cfg(test)]
mod caret_tests;
#[cfg(test)]
mod emulator;
#[cfg(test)]
mod fuzz_tests;
#[cfg(test)]
mod hands_tests;
#[cfg(test)]
mod here_tests;
#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod locale_tests;
#[cfg(test)]
mod looks_tests;
#[cfg(test)]
mod screen_tests;
#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tray_tests;
#[cfg(test)]
mod wild;

pub use app::{ConsoleError, ConsoleOptions, ExitReason, ask_first_run, run};
pub use desk_handle::DeskHandle;
pub use effect::{Effect, Load, Loaded};
pub use pane::{Pane, PaneId};
