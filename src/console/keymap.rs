//! From keys to actions: sequences, what shadows what, and which keys to show.
//!
//! A binding of a pane or a ticket goes before one of everywhere. Two bindings that could both be meant are a conflict,
//! found when the keymap is made.

use super::action::{ACTIONS, Action, Scope};
use super::key::{Key, KeyCode, KeyError};
use super::pane::PaneId;

/// Panes in which a ticket can be selected.
pub const TICKET_PANES: [PaneId; 3] = [PaneId::Queues, PaneId::Ticket, PaneId::Assignment];

/// Whether an action of `scope` works in `pane`.
#[must_use]
pub fn works_in(scope: Scope, pane: PaneId) -> bool {
    match scope {
        Scope::Everywhere => true,
        Scope::In(one) => one == pane,
        Scope::OnTicket => TICKET_PANES.contains(&pane),
        Scope::OnMessage => matches!(pane, PaneId::Ticket | PaneId::Chats),
    }
}

/// A keymap that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("there is no action `{0}`; `dutydesk` lists them in the palette (ctrl-k)")]
    Unknown(String),
    #[error("`{keys}` is bound to both `{first}` and `{second}`; bind one of them to another key")]
    Conflict { keys: String, first: &'static str, second: &'static str },
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Binding {
    keys: Vec<Key>,
    action: Action,
    scope: Scope,
}

/// What typed keys mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    Found(Action),
    /// The start of these: the next key, and what it does.
    Prefix(Vec<(Key, Action)>),
    Nothing,
}

/// All bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Keymap {
    /// The default keys, with those of the named actions replaced (`("ticket.claim", ["C"])`).
    ///
    /// # Errors
    /// On an unknown action, an unreadable key, or two actions on the same keys in one place.
    pub fn new(overrides: &[(String, Vec<String>)]) -> Result<Self, KeymapError> {
        if let Some((name, _)) = overrides.iter().find(|(name, _)| ACTIONS.iter().all(|spec| spec.name != name)) {
            return Err(KeymapError::Unknown(name.clone()));
        }
        let mut bindings = Vec::new();
        for spec in ACTIONS {
            let own = overrides.iter().find(|(name, _)| name == spec.name).map(|(_, keys)| keys.iter().map(String::as_str).collect());
            let keys: Vec<&str> = own.unwrap_or_else(|| spec.keys.to_vec());
            for text in keys {
                let keys = text.split(' ').map(str::parse).collect::<Result<Vec<Key>, _>>()?;
                bindings.push(Binding { keys, action: spec.action, scope: spec.scope });
            }
        }
        let keymap = Self { bindings };
        keymap.check()?;
        Ok(keymap)
    }

    /// No two bindings of the same rank in one pane may start with each other.
    fn check(&self) -> Result<(), KeymapError> {
        for (index, a) in self.bindings.iter().enumerate() {
            for b in &self.bindings[index + 1..] {
                let same_rank = (a.scope == Scope::Everywhere) == (b.scope == Scope::Everywhere);
                let meet = PANES.iter().any(|pane| works_in(a.scope, *pane) && works_in(b.scope, *pane));
                if same_rank && meet && (a.keys.starts_with(&b.keys) || b.keys.starts_with(&a.keys)) {
                    let keys = show(if a.keys.len() < b.keys.len() { &a.keys } else { &b.keys });
                    return Err(KeymapError::Conflict { keys, first: a.action.spec().name, second: b.action.spec().name });
                }
            }
        }
        Ok(())
    }

    /// What `typed` means in `pane`.
    #[must_use]
    pub fn lookup(&self, pane: PaneId, typed: &[Key]) -> Lookup {
        let here = || self.bindings.iter().filter(|binding| works_in(binding.scope, pane) && binding.keys.starts_with(typed));
        let exact = here().filter(|binding| binding.keys.len() == typed.len()).min_by_key(|binding| binding.scope == Scope::Everywhere);
        if let Some(binding) = exact {
            return Lookup::Found(binding.action);
        }
        let next: Vec<_> = here().map(|binding| (binding.keys[typed.len()], binding.action)).collect();
        if next.is_empty() { Lookup::Nothing } else { Lookup::Prefix(next) }
    }

    /// The first key of an action as people read it, `g t`; empty when it has none, or another action shadows it in `pane`.
    #[must_use]
    pub fn shown(&self, action: Action, pane: PaneId) -> String {
        self.bindings
            .iter()
            .find(|binding| binding.action == action && self.lookup(pane, &binding.keys) == Lookup::Found(action))
            .map(|binding| show(&binding.keys))
            .unwrap_or_default()
    }

    /// All keys of an action: `j, down`.
    #[must_use]
    pub fn all_shown(&self, action: Action) -> String {
        self.bindings.iter().filter(|binding| binding.action == action).map(|binding| show(&binding.keys)).collect::<Vec<_>>().join(", ")
    }
}

/// The panes in the order of their number keys.
pub const PANES: [PaneId; 5] = [PaneId::Queues, PaneId::Ticket, PaneId::Assignment, PaneId::Shifts, PaneId::Chats];

fn show(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

/// The ASCII key meant by a key typed while a Chinese input method is on: `ｊ` is `j`, `、` is `/`.
#[must_use]
pub fn fold_full_width(key: Key) -> Key {
    let KeyCode::Char(char) = key.code else { return key };
    let folded = match char {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(char as u32 - 0xfee0).unwrap_or(char),
        '、' => '/',
        '。' => '.',
        '【' => '[',
        '】' => ']',
        '\u{3000}' => ' ',
        _ => char,
    };
    Key { code: KeyCode::Char(folded), ..key }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        text.split(' ').map(|key| key.parse().unwrap()).collect()
    }

    #[test]
    fn the_default_keys_have_no_conflict() {
        Keymap::new(&[]).unwrap();
    }

    #[test]
    fn sequences_wait_for_their_end() {
        let keymap = Keymap::new(&[]).unwrap();
        let Lookup::Prefix(next) = keymap.lookup(PaneId::Queues, &keys("g")) else { panic!("g alone waits") };
        for (key, action) in [("g", Action::First), ("t", Action::GoToTicket), ("f", Action::Promises), ("l", Action::StatusLink)] {
            assert!(next.contains(&(key.parse().unwrap(), action)), "{key}: {next:?}");
        }
        assert_eq!(keymap.lookup(PaneId::Queues, &keys("g g")), Lookup::Found(Action::First));
        assert_eq!(keymap.lookup(PaneId::Queues, &keys("g x")), Lookup::Nothing);
    }

    #[test]
    fn a_pane_goes_before_everywhere_and_keys_differ_by_pane() {
        let keymap = Keymap::new(&[("ticket.new".into(), vec!["j".into()])]).unwrap();
        assert_eq!(keymap.lookup(PaneId::Queues, &keys("j")), Lookup::Found(Action::NewTicket));
        assert_eq!(keymap.lookup(PaneId::Chats, &keys("j")), Lookup::Found(Action::Down));
        assert_eq!(keymap.shown(Action::Down, PaneId::Queues), "down");
        assert_eq!(keymap.lookup(PaneId::Shifts, &keys("m")), Lookup::Found(Action::MonthScale));
        assert_eq!(keymap.lookup(PaneId::Ticket, &keys("m")), Lookup::Found(Action::Merge));
    }

    #[test]
    fn conflicts_unknown_actions_and_keys_are_told() {
        let with = |name: &str, key: &str| Keymap::new(&[(name.to_owned(), vec![key.to_owned()])]).unwrap_err();
        assert_eq!(with("ticket.claim", "a"), KeymapError::Conflict { keys: "a".into(), first: "ticket.claim", second: "ticket.assign" });
        assert!(matches!(with("quit", "g"), KeymapError::Conflict { .. }), "a prefix of other keys is a conflict");
        assert!(matches!(with("nothing", "a"), KeymapError::Unknown(_)));
        assert!(matches!(with("quit", "ctrl-nokey"), KeymapError::Key(_)));
    }

    #[test]
    fn full_width_keys_mean_their_ascii_ones() {
        for (typed, meant) in [('ｊ', 'j'), ('：', ':'), ('／', '/'), ('？', '?'), ('、', '/'), ('。', '.'), ('x', 'x')] {
            assert_eq!(fold_full_width(Key::char(typed)), Key::char(meant));
        }
    }
}
