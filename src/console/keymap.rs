//! From keys to actions: sequences, what shadows what, and which keys to show.
//!
//! A key that the person chose goes before every default; a binding of a pane or a ticket before one of everywhere. Two bindings
//! that could both be meant are a conflict, found when the keymap is made: all of them, not only the first.

use std::cell::RefCell;
use std::collections::HashMap;

use super::action::{ACTIONS, Action, Scope};
use super::key::{Key, KeyCode, KeyError};
use super::pane::PaneId;
use crate::domain::suggest;

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

/// Something wrong with the keys that a person chose.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    #[error("`{action}`: {error}")]
    Key { action: String, error: KeyError },
    #[error("there is no action `{name}`.{near} `dutydesk keys` lists them all.")]
    Unknown { name: String, near: String },
    #[error("`{action}`: `{key}` never arrives here: {why}")]
    Taken { action: String, key: String, why: String },
    /// Two actions on the same keys, or one whose keys another's begin with.
    #[error("`{keys}` is bound to both `{first}` and `{second}` {place}; bind one of them to another key, or to none with `= []`")]
    Conflict { keys: String, first: &'static str, second: &'static str, place: String },
}

impl KeymapError {
    /// The actions at fault, by name.
    #[must_use]
    pub fn actions(&self) -> Vec<&str> {
        match self {
            Self::Key { action, .. } | Self::Taken { action, .. } => vec![action],
            Self::Unknown { name, .. } => vec![name],
            Self::Conflict { first, second, .. } => vec![first, second],
        }
    }
}

/// All that is wrong with a keymap, at once.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct KeymapErrors(pub Vec<KeymapError>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Binding {
    keys: Vec<Key>,
    action: Action,
    scope: Scope,
    /// Chosen by the person: it goes before every default, also before those that a later version brings.
    own: bool,
}

impl Binding {
    /// What goes first: the person's keys before defaults, those of a place before those of everywhere.
    fn rank(&self) -> (bool, bool) {
        (!self.own, self.scope == Scope::Everywhere)
    }
}

/// A default key that a key of the person's own took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Displaced {
    pub keys: String,
    pub action: &'static str,
    /// The action that has the keys now.
    pub by: &'static str,
    /// No key of it is left.
    pub last: bool,
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
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<Binding>,
    /// What [`Keymap::shown`] said: every frame asks for the same dozen again, and each goes through all bindings.
    shown: RefCell<HashMap<(Action, PaneId), String>>,
}

impl PartialEq for Keymap {
    fn eq(&self, other: &Self) -> bool {
        self.bindings == other.bindings
    }
}

impl Eq for Keymap {}

impl Keymap {
    /// The default keys, with those of the named actions replaced (`("ticket.claim", ["C"])`); no keys unbind it.
    ///
    /// # Errors
    /// All at once: unknown actions, unreadable keys, keys that never arrive, two actions on the same keys in one place.
    pub fn new(overrides: &[(String, Vec<String>)]) -> Result<Self, KeymapErrors> {
        let mut wrong = Vec::new();
        for (name, _) in overrides {
            if ACTIONS.iter().all(|spec| spec.name != name) {
                let near = suggest::near(name, ACTIONS.iter().map(|spec| spec.name));
                wrong.push(KeymapError::Unknown { name: name.clone(), near });
            }
        }
        let mut bindings = Vec::new();
        for spec in ACTIONS {
            let chosen = overrides.iter().find(|(name, _)| name == spec.name).map(|(_, keys)| keys);
            let texts: Vec<&str> = chosen.map_or_else(|| spec.keys.to_vec(), |keys| keys.iter().map(String::as_str).collect());
            for text in texts {
                match read(text) {
                    Err(error) => wrong.push(KeymapError::Key { action: spec.name.to_owned(), error }),
                    Ok(keys) => {
                        if let Some((key, why)) = keys.iter().find_map(|key| Some((key, never(*key)?))).filter(|_| chosen.is_some()) {
                            wrong.push(KeymapError::Taken { action: spec.name.to_owned(), key: key.to_string(), why });
                        }
                        bindings.push(Binding { keys, action: spec.action, scope: spec.scope, own: chosen.is_some() });
                    }
                }
            }
        }
        let keymap = Self { bindings, shown: RefCell::default() };
        wrong.extend(keymap.conflicts());
        if wrong.is_empty() { Ok(keymap) } else { Err(KeymapErrors(wrong)) }
    }

    /// Bindings of the same rank in one place of which one starts with the other.
    fn conflicts(&self) -> Vec<KeymapError> {
        let mut found = Vec::new();
        for (index, a) in self.bindings.iter().enumerate() {
            for b in &self.bindings[index + 1..] {
                let meet = PANES.iter().any(|pane| works_in(a.scope, *pane) && works_in(b.scope, *pane));
                let same = a.action == b.action && a.keys == b.keys;
                if a.rank() == b.rank() && meet && !same && (a.keys.starts_with(&b.keys) || b.keys.starts_with(&a.keys)) {
                    let keys = show(if a.keys.len() < b.keys.len() { &a.keys } else { &b.keys });
                    let place = meeting_place(a.scope, b.scope);
                    found.push(KeymapError::Conflict { keys, first: a.action.spec().name, second: b.action.spec().name, place });
                }
            }
        }
        found
    }

    /// Default keys that the person's own took somewhere, so that they can be told.
    #[must_use]
    pub fn displaced(&self) -> Vec<Displaced> {
        let mut found: Vec<Displaced> = Vec::new();
        for binding in self.bindings.iter().filter(|binding| !binding.own) {
            for pane in PANES.into_iter().filter(|pane| works_in(binding.scope, *pane)) {
                let took = self.bindings.iter().find(|own| {
                    let overlaps = own.keys.starts_with(&binding.keys) || binding.keys.starts_with(&own.keys);
                    own.own && works_in(own.scope, pane) && overlaps
                });
                let told = found.iter().any(|one| one.action == binding.action.spec().name && one.keys == show(&binding.keys));
                if let Some(took) = took.filter(|_| !told) {
                    let last = self.all_shown(binding.action).is_empty();
                    let (action, by) = (binding.action.spec().name, took.action.spec().name);
                    found.push(Displaced { keys: show(&binding.keys), action, by, last });
                }
            }
        }
        found
    }

    /// What `typed` means in `pane`.
    #[must_use]
    pub fn lookup(&self, pane: PaneId, typed: &[Key]) -> Lookup {
        let here = || self.bindings.iter().filter(|binding| binding.keys.starts_with(typed) && works_in(binding.scope, pane));
        let exact = here().filter(|binding| binding.keys.len() == typed.len()).min_by_key(|binding| binding.rank());
        // A longer sequence is waited for only where it goes before what the keys mean by themselves.
        let goes_before = |binding: &&Binding| exact.is_none_or(|exact| binding.rank() < exact.rank());
        let longer = here().filter(|binding| binding.keys.len() > typed.len()).filter(goes_before);
        let next: Vec<_> = longer.map(|binding| (binding.keys[typed.len()], binding.action)).collect();
        match (exact, next.is_empty()) {
            (_, false) => Lookup::Prefix(next),
            (Some(binding), true) => Lookup::Found(binding.action),
            (None, true) => Lookup::Nothing,
        }
    }

    /// The first key of an action as people read it, `g t`; empty when it has none, or another action shadows it in `pane`.
    #[must_use]
    pub fn shown(&self, action: Action, pane: PaneId) -> String {
        let works = |binding: &&Binding| binding.action == action && self.lookup(pane, &binding.keys) == Lookup::Found(action);
        let find = || self.bindings.iter().find(works).map(|binding| show(&binding.keys)).unwrap_or_default();
        self.shown.borrow_mut().entry((action, pane)).or_insert_with(find).clone()
    }

    /// The keys of an action that work in `pane`.
    #[must_use]
    pub fn keys_in(&self, action: Action, pane: PaneId) -> String {
        let works = |binding: &&Binding| binding.action == action && self.lookup(pane, &binding.keys) == Lookup::Found(action);
        self.bindings.iter().filter(works).map(|binding| show(&binding.keys)).collect::<Vec<_>>().join(", ")
    }

    /// All keys of an action that work somewhere: `j, down`.
    #[must_use]
    pub fn all_shown(&self, action: Action) -> String {
        let works = |binding: &&Binding| PANES.iter().any(|pane| self.lookup(*pane, &binding.keys) == Lookup::Found(action));
        let own = self.bindings.iter().filter(|binding| binding.action == action);
        own.filter(works).map(|binding| show(&binding.keys)).collect::<Vec<_>>().join(", ")
    }
}

/// The panes in the order of their number keys.
pub const PANES: [PaneId; 6] = [PaneId::Queues, PaneId::Ticket, PaneId::Assignment, PaneId::Shifts, PaneId::Chats, PaneId::Overview];

/// A sequence as it is written: keys with spaces between them.
///
/// # Errors
/// When a key cannot be read, or there is none.
pub fn read(text: &str) -> Result<Vec<Key>, KeyError> {
    let keys = text.split_whitespace().map(str::parse).collect::<Result<Vec<Key>, _>>()?;
    if keys.is_empty() { Err(KeyError(text.to_owned())) } else { Ok(keys) }
}

/// Why a key cannot be bound, if it cannot.
fn never(key: Key) -> Option<String> {
    let KeyCode::Char(char) = key.code else { return None };
    let same_as = |name: &str| Some(format!("terminals send `{name}` for it; bind that"));
    match (key.ctrl, char) {
        (true, 'z') => Some("it suspends the program".to_owned()),
        (true, 'i') => same_as("tab"),
        (true, 'm') => same_as("enter"),
        (true, '[') => same_as("esc"),
        (true, upper) if upper.is_uppercase() => Some(format!("write `ctrl-{}`", upper.to_lowercase())),
        (false, lower) if key.shift && lower.is_alphabetic() => Some(format!("write `{}`", lower.to_uppercase())),
        _ => None,
    }
}

/// Where two actions meet, in words.
fn meeting_place(a: Scope, b: Scope) -> String {
    if (a, b) == (Scope::Everywhere, Scope::Everywhere) {
        return "everywhere".to_owned();
    }
    let panes = PANES.into_iter().filter(|pane| works_in(a, *pane) && works_in(b, *pane));
    format!("in {}", panes.map(|pane| format!("{pane:?}")).collect::<Vec<_>>().join(", "))
}

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

    fn chosen(pairs: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
        pairs.iter().map(|(name, keys)| ((*name).to_owned(), keys.iter().map(|key| (*key).to_owned()).collect())).collect()
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let pairs: [(&str, &[&str]); 6] = [
            ("ticket.claim", &["C"]),
            ("ticket.assign", &["C"]),
            ("ticket.clam", &["x"]),
            ("quit", &["ctrl-nokey"]),
            ("help", &["ctrl-z", "shift-a"]),
            ("notices", &["", "Q"]),
        ];
        let KeymapErrors(wrong) = Keymap::new(&chosen(&pairs)).unwrap_err();
        let told: Vec<_> = wrong.iter().map(ToString::to_string).collect();
        assert_eq!(wrong.len(), 6, "{told:#?}");
        assert!(told[0].contains("ticket.clam") && told[0].contains("Did you mean ticket.claim"), "{}", told[0]);
        let conflict = told.iter().find(|line| line.contains("both")).unwrap();
        assert!(conflict.starts_with("`C` is bound to both `ticket.claim` and `ticket.assign` in Queues, Ticket"), "{conflict}");
        assert!(told.iter().any(|line| line.contains("ctrl-nokey") && line.contains("pageup")), "{told:#?}");
        assert!(told.iter().any(|line| line.contains("suspends")) && told.iter().any(|line| line.contains("write `A`")), "{told:#?}");
    }

    #[test]
    fn keys_of_ones_own_go_before_defaults_whatever_those_are() {
        let keymap = Keymap::new(&chosen(&[("ticket.claim", &["a"]), ("quit", &["x", "g"]), ("goto.ticket", &["j x"])])).unwrap();
        assert_eq!(keymap.lookup(PaneId::Queues, &keys("a")), Lookup::Found(Action::Claim));
        assert_eq!(keymap.lookup(PaneId::Ticket, &keys("x")), Lookup::Found(Action::Quit), "before a pane's default, too");
        assert_eq!(keymap.lookup(PaneId::Queues, &keys("g")), Lookup::Found(Action::Quit), "before the sequences it begins");
        assert!(matches!(keymap.lookup(PaneId::Chats, &keys("j")), Lookup::Prefix(_)), "the start of one's own sequence waits");
        assert_eq!(keymap.lookup(PaneId::Chats, &keys("down")), Lookup::Found(Action::Down));
        let lost = keymap.displaced();
        let of = |action: &str| lost.iter().find(|one| one.action == action).unwrap();
        assert_eq!((of("ticket.assign").by, of("ticket.assign").last), ("ticket.claim", true));
        assert_eq!((of("move.down").by, of("move.down").last), ("goto.ticket", false));
        assert!(Keymap::new(&[]).unwrap().displaced().is_empty());
    }

    #[test]
    fn an_action_can_have_no_key() {
        let keymap = Keymap::new(&chosen(&[("quit", &[])])).unwrap();
        assert_eq!(keymap.lookup(PaneId::Queues, &keys("Q")), Lookup::Nothing);
        assert_eq!(keymap.shown(Action::Quit, PaneId::Queues), "");
    }

    #[test]
    fn full_width_keys_mean_their_ascii_ones() {
        for (typed, meant) in [('ｊ', 'j'), ('：', ':'), ('／', '/'), ('？', '?'), ('、', '/'), ('。', '.'), ('x', 'x')] {
            assert_eq!(fold_full_width(Key::char(typed)), Key::char(meant));
        }
    }
}
