//! Presence in three channels: a mark, a word, a colour.

use crate::console::theme::Role;
use crate::domain::person::Presence;

/// One cell.
#[must_use]
pub fn mark(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "●",
        Presence::Busy => "◐",
        Presence::Away => "○",
        Presence::Offline => "·",
    }
}

/// Message key of the word.
#[must_use]
pub fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "duty-presence-available",
        Presence::Busy => "duty-presence-busy",
        Presence::Away => "duty-presence-away",
        Presence::Offline => "duty-presence-offline",
    }
}

#[must_use]
pub fn role(presence: Presence) -> Role {
    match presence {
        Presence::Available => Role::Good,
        Presence::Busy => Role::Warning,
        Presence::Away | Presence::Offline => Role::Dim,
    }
}
