//! The terminal. An Elm-style core: [`Pane::update`] changes state and returns [`Effect`]s as data, [`Pane::draw`] only
//! reads; the loop runs effects and brings their answers back as [`Loaded`]. Nothing here knows the protocol.

pub mod action;
mod alert;
pub mod app;
pub mod audit_words;
pub mod bulk;
pub mod call_words;
pub mod calls;
pub mod config;
pub mod conversation;
pub mod desk_handle;
pub mod effect;
pub mod escalate_ask;
pub mod experts;
pub mod files;
pub mod first_run;
pub mod here_words;
pub mod incidents;
pub mod key;
pub mod keymap;
pub mod layout;
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
pub mod widgets;
pub mod words;

#[cfg(test)]
mod call_tests;
#[cfg(test)]
mod here_tests;
#[cfg(test)]
mod locale_tests;
#[cfg(test)]
mod screen_tests;
#[cfg(test)]
pub mod testing;

pub use app::{ConsoleError, ConsoleOptions, ExitReason, ask_first_run, run};
pub use desk_handle::DeskHandle;
pub use effect::{Effect, Load, Loaded};
pub use pane::{Pane, PaneId};
