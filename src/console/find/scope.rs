//! What is searched, and the sign that chooses it while typing.

use crate::console::key::{Key, KeyCode};
use crate::console::keymap::fold_full_width;

/// What a finder looks among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Actions,
    /// Tickets, people, queues, views, sites, conversations and panes.
    Anything,
    Tickets,
    People,
    /// Views and queues.
    Queues,
    Sites,
    Chats,
}

/// The sign before what is typed, as the best palettes have it.
pub const SIGNS: [(char, Scope); 6] =
    [('>', Scope::Actions), ('#', Scope::Tickets), ('@', Scope::People), ('/', Scope::Queues), ('!', Scope::Sites), ('&', Scope::Chats)];

impl Scope {
    /// Message key of the dialog's title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Actions => "palette-title",
            Self::Anything => "find-title-anything",
            Self::Tickets => "find-title-ticket",
            Self::People => "find-title-person",
            Self::Queues => "find-title-queue",
            Self::Sites => "find-title-site",
            Self::Chats => "find-title-chat",
        }
    }

    /// The sign shown before what is typed.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Actions => ">",
            Self::Anything => "*",
            Self::Tickets => "#",
            Self::People => "@",
            Self::Queues => "/",
            Self::Sites => "!",
            Self::Chats => "&",
        }
    }

    #[must_use]
    pub fn has_tickets(self) -> bool {
        matches!(self, Self::Tickets | Self::Anything)
    }

    #[must_use]
    pub fn has_chats(self) -> bool {
        matches!(self, Self::Chats | Self::Anything)
    }
}

/// What is searched for a typed line, and the words of it. A colon before a number is the old way to a line: `:123`.
#[must_use]
pub fn read(home: Scope, typed: &str) -> (Scope, &str) {
    let typed = typed.trim_start();
    let Some(first) = typed.chars().next() else { return (home, typed) };
    let rest = &typed[first.len_utf8()..];
    // An input method types the signs full-width, and `/` as `、`.
    let KeyCode::Char(sign) = fold_full_width(Key::char(first)).code else { return (home, typed) };
    match SIGNS.iter().find(|(known, _)| *known == sign) {
        Some((_, scope)) => (*scope, rest.trim_start()),
        None if sign == ':' => (home, rest.trim_start()),
        None => (home, typed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_choose_what_is_searched() {
        assert_eq!(read(Scope::Actions, "claim"), (Scope::Actions, "claim"));
        assert_eq!(read(Scope::Actions, "@ li"), (Scope::People, "li"));
        assert_eq!(read(Scope::Actions, "＠李"), (Scope::People, "李"));
        assert_eq!(read(Scope::Actions, "、退款"), (Scope::Queues, "退款"));
        assert_eq!(read(Scope::People, ">help"), (Scope::Actions, "help"));
        assert_eq!(read(Scope::Anything, ":123"), (Scope::Anything, "123"));
        assert_eq!(read(Scope::Sites, ""), (Scope::Sites, ""));
    }
}
