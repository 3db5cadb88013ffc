//! Help where the person is: what the pane is for, its keys as a list that runs them, and the same as a page to read.

use super::global::choices;
use super::model::{Model, Owner};
use super::update::absorb;
use crate::base::text;
use crate::console::action::{ACTIONS, Action, Scope};
use crate::console::effect::{Effect, Question, QuestionKind};
use crate::console::keymap::works_in;
use crate::console::overlay::{HelpPage, Overlay, Picker};
use crate::console::pane::PaneId;

/// Cells of a key in the list.
const KEY_CELLS: usize = 18;

/// What the pages of prose call the keys of these actions.
const NAMED: [(&str, Action); 29] = [
    ("left", Action::Left),
    ("right", Action::Right),
    ("down", Action::Down),
    ("up", Action::Up),
    ("open", Action::Open),
    ("plot", Action::NextFocus),
    ("undo", Action::Undo),
    ("filter", Action::Filter),
    ("load", Action::LoadNew),
    ("mark", Action::Mark),
    ("claim", Action::Claim),
    ("assign", Action::Assign),
    ("reply", Action::Reply),
    ("note", Action::Note),
    ("escalate", Action::Escalate),
    ("give", Action::GiveTo),
    ("who", Action::WhoNow),
    ("rebalance", Action::Rebalance),
    ("day", Action::DayScale),
    ("week", Action::WeekScale),
    ("month", Action::MonthScale),
    ("cover", Action::CoverShift),
    ("swap", Action::AskSwap),
    ("gaps", Action::GapsAhead),
    ("calendar", Action::MyCalendar),
    ("handovers", Action::Handovers),
    ("write", Action::Compose),
    ("unread", Action::NextUnread),
    ("begin", Action::NewChat),
];

/// A page of prose about the pane, with the keys as they are; what has no page of its own gets the general one.
fn page(model: &Model, pane: PaneId) -> String {
    let locale = &model.shared.locale;
    let own = format!("help-page-{}", format!("{pane:?}").to_lowercase());
    // What has no key here is found by its name.
    let key = |action| Some(model.keymap.shown(action, pane)).filter(|key| !key.is_empty());
    let shown = NAMED.map(|(name, action)| (name, key(action).or_else(|| key(Action::Palette)).unwrap_or_default()));
    let args = shown.each_ref().map(|(name, key)| (*name, key.as_str()));
    locale.with(if locale.find(&own).is_some() { &own } else { "help-page-any" }, &args)
}

/// What the pane is for, then the keys that work in it: typing narrows, Enter runs.
pub fn show(model: &mut Model) {
    let pane = model.focused();
    let prose = page(model, pane);
    let picker = Picker::new(choices(model, |spec| works_in(spec.scope, pane) && spec.action != Action::Help), &[]);
    let title = model.shared.locale.text("help-title").into_owned();
    model.overlays.push(Overlay::help(Owner::App, "help", title, HelpPage::new(&prose, picker)));
}

/// The keys of the pane as a page: first its own, then those of everywhere.
pub fn list(model: &mut Model) {
    let pane = model.focused();
    let lines = lines(model, pane);
    let question = Question { id: "hands-keys", title: "ask-keys-here", kind: QuestionKind::Review { lines, confirm: None } };
    absorb(model, Owner::App, vec![Effect::Ask(Box::new(question))]);
}

fn lines(model: &Model, pane: PaneId) -> Vec<String> {
    let locale = &model.shared.locale;
    let part = |everywhere: bool| {
        let here =
            move |spec: &&crate::console::action::ActionSpec| works_in(spec.scope, pane) && (spec.scope == Scope::Everywhere) == everywhere;
        ACTIONS.iter().filter(here).filter_map(|spec| {
            let key = model.keymap.keys_in(spec.action, pane);
            (!key.is_empty()).then(|| format!("  {} {}", text::fit(&key, KEY_CELLS), locale.text(spec.label)))
        })
    };
    let head = |key: &str| format!("# {}", locale.text(key));
    let (own, every) = (part(false), part(true));
    [head("keys-of-pane")].into_iter().chain(own).chain([String::new(), head("keys-everywhere")]).chain(every).collect()
}
