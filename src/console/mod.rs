//! The terminal. An Elm-style core: [`Pane::update`] changes state and returns [`Effect`]s as data, [`Pane::draw`] only
//! reads; the loop runs effects and brings their answers back as [`Loaded`]. Nothing here knows the protocol.

pub mod action;
pub mod effect;
pub mod first_run;
pub mod key;
pub mod locale;
pub mod pane;
pub mod theme;

pub use effect::{Effect, Load, Loaded};
pub use pane::{Pane, PaneId};
