//! Counts, undo, repeat, and going back: what a key does with what was done before.

use super::model::{Model, Owner, Typed};
use super::tour::TourState;
use super::update::{absorb, act as act_here, open_ticket, show, toast};
use super::{help, tour};
use crate::client::drafts::Draft;
use crate::client::view::Link;
use crate::console::action::Action;
use crate::console::effect::{Effect, Loaded};
use crate::console::jumps::{Jumps, Place};
use crate::console::key::{Key, KeyCode};
use crate::console::keymap::Lookup;
use crate::console::layout::Mode;
use crate::console::pane::{PaneEvent, PaneId};
use crate::console::ticket_actions;
use crate::console::undo::{Act, Entry, Repeat, UndoStack, remembers, undoing, words};
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::id::{CommandKey, ConversationId};
use crate::domain::ticket::Ticket;
use crate::domain::undo::possible;

/// A typed count never asks for more.
const COUNT_MAX: usize = 9_999;
/// An action that is done step by step is not done more often.
const TIMES_MAX: usize = 200;

/// What the hands know of what was done.
#[derive(Default)]
pub struct Hands {
    pub undo: UndoStack,
    /// The act being taken back: whether it was ever sent is not known yet.
    undoing: Option<Vec<Act>>,
    pub last: Option<Repeat>,
    pub jumps: Jumps,
    pub tour: Option<TourState>,
}

/// Says at the start what is wrong with the keys, and offers the tour once.
pub fn started(model: &mut Model, keys_wrong: Option<String>) {
    tour::offer(model);
    if let Some(why) = keys_wrong {
        toast(model, "toast-keys-default", &[("why", why)]);
        // Long enough to be read: it is a sentence and a file.
        if let Some(toast) = &mut model.toast {
            toast.until = model.shared.now + chrono::Duration::seconds(20);
        }
    }
}

/// What an action does with a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// It knows itself.
    Itself,
    /// The line of this number.
    Line,
    /// It is done so many times.
    Times,
    Nothing,
}

fn takes(action: Action) -> Takes {
    use Action as A;
    match action {
        A::Down | A::Up | A::HalfPageDown | A::HalfPageUp | A::PageDown | A::PageUp | A::Left | A::Right | A::Repeat => Takes::Itself,
        A::First | A::Last => Takes::Line,
        A::Narrower | A::Wider | A::Mark | A::NextTab | A::PreviousTab | A::NextUnread | A::NextGap | A::JumpBack | A::JumpForward => {
            Takes::Times
        }
        _ => Takes::Nothing,
    }
}

/// Whether a count before it means something.
#[must_use]
pub fn takes_count(action: Action) -> bool {
    takes(action) != Takes::Nothing
}

/// Takes a digit of a count; false when the key is something else. A digit that has a meaning of its own begins no count: `0` or
/// Alt does (`0 3 j`, `alt-3 j`); once begun, every digit goes on with it.
pub fn counts(model: &mut Model, key: Key) -> bool {
    let KeyCode::Char(char) = key.code else { return false };
    let Some(digit) = char.to_digit(10).filter(|_| !key.ctrl && model.typed.keys.is_empty()) else { return false };
    let begun = model.typed.count;
    if begun.is_none() && model.keymap.lookup(model.focused(), &[key]) != Lookup::Nothing {
        return false;
    }
    model.typed.count = Some((begun.unwrap_or(0) * 10 + digit as usize).min(COUNT_MAX));
    model.typed.since.get_or_insert(model.shared.now);
    true
}

/// Does an action that was typed, with its count if one was.
pub fn counted(model: &mut Model, action: Action, count: Option<usize>) {
    let Some(count) = count.filter(|count| *count > 0) else { return act_here(model, action, 1) };
    match takes(action) {
        Takes::Itself => act_here(model, action, count),
        Takes::Line => {
            act_here(model, Action::First, 1);
            if count > 1 {
                act_here(model, Action::Down, count - 1);
            }
        }
        Takes::Times => {
            for _ in 0..count.min(TIMES_MAX) {
                act_here(model, action, 1);
            }
        }
        Takes::Nothing => {
            let label = model.shared.locale.text(action.spec().label).into_owned();
            toast(model, "toast-count-ignored", &[("n", count.to_string()), ("what", label)]);
            act_here(model, action, 1);
        }
    }
}

/// Why one of these actions is not possible now, as a message key.
#[must_use]
pub fn disabled(model: &Model, action: Action) -> Option<&'static str> {
    let hands = &model.hands;
    match action {
        Action::Undo if hands.undo.top().is_none() => Some("disabled-nothing-to-undo"),
        Action::Repeat if hands.last.is_none() => Some("disabled-nothing-to-repeat"),
        Action::JumpBack if !hands.jumps.can_go_back() => Some("disabled-no-way-back"),
        Action::JumpForward if !hands.jumps.can_go_forward() => Some("disabled-no-way-forward"),
        _ => None,
    }
}

/// Does one of these actions; false when it is another's.
pub fn act(model: &mut Model, action: Action, count: usize) -> bool {
    match action {
        Action::Undo => undo(model),
        Action::Repeat => repeat(model, count),
        Action::JumpBack => {
            if let Some(place) = model.hands.jumps.back() {
                go(model, &place);
            }
        }
        Action::JumpForward => {
            if let Some(place) = model.hands.jumps.forward() {
                go(model, &place);
            }
        }
        Action::Tour => tour::key(model),
        Action::Help => help::show(model),
        Action::KeysHere => help::list(model),
        _ => return false,
    }
    true
}

/// After each message: where the person is now, and what the tour has seen.
pub fn settle(model: &mut Model) {
    if let Some(place) = place(model) {
        model.hands.jumps.visit(place);
    }
    tour::watch(model);
}

fn place(model: &Model) -> Option<Place> {
    let open = (model.focused() == PaneId::Ticket).then_some(model.shown_ticket).flatten();
    Some(Place { front: model.front, open, spot: model.pane(model.front)?.spot()? })
}

fn go(model: &mut Model, place: &Place) {
    // A place is one of the panes: what has the whole screen gives way.
    super::board::leave(model);
    if model.layout.mode == Mode::Focus {
        super::focus::leave(model);
    }
    if model.front != place.front {
        show(model, place.front);
    }
    model.ticket_open = false;
    let context = model.shared.context();
    if let Some(pane) = model.panes.iter_mut().find(|pane| pane.id() == place.front) {
        let effects = pane.return_to(&place.spot, &context);
        absorb(model, Owner::Pane(place.front), effects);
    }
    match place.open {
        Some(number) => open_ticket(model, number),
        None => super::update::to_pane(model, place.front, PaneEvent::Shown),
    }
}

/// Answers to this file's effects.
pub fn loaded(model: &mut Model, loaded: Loaded) {
    match loaded {
        Loaded::Submitted { commands, before, keys, bulk } => {
            let act = |(command, key): (Command, CommandKey)| {
                let before = before.iter().find(|ticket| Some(ticket.number) == command.ticket()).cloned();
                Act { command, before, key }
            };
            let acts: Vec<_> = commands.into_iter().zip(keys).filter(|(command, _)| remembers(command)).map(act).collect();
            submitted(model, acts, bulk);
        }
        Loaded::TakenBack { gone, pending, now } => {
            if let Some(acts) = model.hands.undoing.take() {
                taken_back(model, acts, &gone, &pending, &now);
            }
        }
        Loaded::NotQueued { post, before } => {
            let act = Act { command: Command::PostMessage(post.clone()), before, key: CommandKey::default() };
            draft_again(model, std::slice::from_ref(&act), &post);
        }
        _ => {}
    }
}

/// Something was done: it can be taken back and done again.
fn submitted(model: &mut Model, acts: Vec<Act>, bulk: bool) {
    let commands: Vec<_> = acts.iter().map(|act| act.command.clone()).collect();
    let run = model.bulk.queued();
    let inverse = bulk && commands.first().is_some_and(possible);
    if inverse && run.is_none() {
        // A run that takes another one back is none to be taken back or done again.
        return;
    }
    let goes_on = super::focus::claimed(model, &acts);
    if let Some(repeat) = Repeat::of(&commands, bulk).filter(|_| !goes_on) {
        model.hands.last = Some(repeat);
    }
    tour::done(model, &commands);
    if let Some(name) = run.filter(|_| inverse) {
        model.hands.undo.push(Entry::Bulk(name));
        return;
    }
    tell(model, &acts);
    model.hands.undo.push(Entry::Acts(acts));
}

/// `#1042 Priority -> high · z undoes`; a merge and a message say so themselves, but for one that waits.
fn tell(model: &mut Model, acts: &[Act]) {
    // In lines the act says itself that it is done.
    if model.screen.linear {
        return;
    }
    let context = model.shared.context();
    let key = model.keymap.shown(Action::Undo, model.focused());
    let numbers: Vec<_> = acts.iter().filter_map(|act| act.command.ticket()).collect();
    let (Some(number), false) = (numbers.first(), key.is_empty()) else { return };
    let what = words::act(acts.iter().map(|act| &act.command), &context);
    let waits = !matches!(context.link.link, Link::Live);
    match acts.first().map(|act| &act.command) {
        Some(Command::MergeTicket { .. }) => {}
        Some(Command::PostMessage(_)) if !waits => {}
        Some(Command::PostMessage(_)) => toast(model, "toast-message-waits", &[("number", number.to_string()), ("key", key)]),
        _ => toast(model, "toast-done-undo", &[("number", number.to_string()), ("what", what), ("key", key)]),
    }
}

fn undo(model: &mut Model) {
    if model.hands.undoing.is_some() {
        return;
    }
    while let Some(entry) = model.hands.undo.pop() {
        match entry {
            Entry::Bulk(name) if model.bulk.undoable() == Some(name) => {
                // It asks first, and may be left as it is.
                model.hands.undo.push(Entry::Bulk(name));
                let effects = model.bulk.ask_undo(&model.shared.context());
                return absorb(model, Owner::Bulk, effects);
            }
            Entry::Bulk(_) => {}
            Entry::Acts(acts) if acts.iter().any(loses_text) => {
                let number = acts.iter().find_map(|act| act.command.ticket()).map(|number| number.to_string()).unwrap_or_default();
                return toast(model, "toast-undo-no-place", &[("number", number)]);
            }
            Entry::Acts(acts) => {
                let keys = acts.iter().map(|act| act.key).collect();
                let mut numbers: Vec<_> = acts.iter().filter_map(|act| act.command.ticket()).collect();
                numbers.dedup();
                model.hands.undoing = Some(acts);
                return model.effects.push((Owner::Hands, Effect::TakeBack { keys, numbers }));
            }
        }
    }
    toast(model, "disabled-nothing-to-undo", &[]);
}

fn taken_back(model: &mut Model, acts: Vec<Act>, gone: &[CommandKey], pending: &[CommandKey], now: &[std::sync::Arc<Ticket>]) {
    let context = model.shared.context();
    let found = undoing(&acts, gone, pending, now, context.me.id);
    let number = acts.iter().find_map(|act| act.command.ticket()).map(|number| number.to_string()).unwrap_or_default();
    let what = words::act(acts.iter().map(|act| &act.command), &context);
    let args = [("number", number), ("what", what)];
    // The last one first: each goes before what is there.
    for post in &found.unsent {
        draft_again(model, &acts, post);
    }
    let files = found.unsent.iter().any(|post| !post.files.is_empty());
    let key = match () {
        () if !found.changed.is_empty() => "toast-undo-changed",
        () if found.sent > 0 => "toast-undo-sent",
        () if files => "toast-undo-unsent-files",
        () if !found.unsent.is_empty() => "toast-undo-unsent",
        () if found.waiting > 0 && found.commands.is_empty() => {
            model.hands.undo.push(Entry::Acts(acts));
            return toast(model, "toast-undo-on-its-way", &args);
        }
        () if found.commands.is_empty() && found.gone == 0 => "toast-undo-not-done",
        () => "toast-undone",
    };
    if !found.commands.is_empty() {
        model.effects.push((Owner::Hands, Effect::SubmitAll(found.commands)));
    }
    toast(model, key, &args);
}

/// Where a message would be written again; absent when its ticket was not held here.
fn place_of(act: &Act) -> Option<ConversationId> {
    let Command::PostMessage(post) = &act.command else { return None };
    match &post.target {
        MessageTarget::Conversation { id } => Some(*id),
        MessageTarget::Ticket { .. } => act.before.as_ref().map(|ticket| ticket.conversation),
    }
}

/// A message that could not become a draft is not taken out of the outbox.
fn loses_text(act: &Act) -> bool {
    matches!(act.command, Command::PostMessage(_)) && place_of(act).is_none()
}

/// A message that never left is a draft again, before what was begun there since.
fn draft_again(model: &mut Model, acts: &[Act], post: &PostMessage) {
    let same = |act: &&Act| matches!(&act.command, Command::PostMessage(one) if one.message == post.message);
    let Some(conversation) = acts.iter().find(same).and_then(place_of) else { return };
    let begun = model.shared.drafts.get(conversation, post.visibility);
    let text = begun.map_or_else(|| post.text.clone(), |begun| format!("{}\n\n{}", post.text, begun.text));
    let written_as = begun.map_or(post.visibility, |begun| begun.written_as);
    let reply_to = post.reply_to.or(begun.and_then(|begun| begun.reply_to));
    let changed_at = model.shared.now;
    let draft = Draft { conversation, visibility: post.visibility, text, written_as, reply_to, changed_at };
    model.shared.drafts.put(draft, changed_at);
}

/// The last act once more: on what is marked, on the next so many rows, or on the selected ticket.
fn repeat(model: &mut Model, count: usize) {
    let (Some(last), Some(pane)) = (model.hands.last.clone(), model.pane(model.focused())) else { return };
    let (marked, selected) = (pane.marked(), pane.selected_ticket());
    let numbers = if marked.is_empty() && count > 1 { pane.following(count) } else { marked };
    if !numbers.is_empty() {
        return match last.on_many(model.shared.me.id) {
            Some(act) => {
                let effects = model.bulk.again(act, numbers);
                absorb(model, Owner::Bulk, effects);
            }
            None => toast(model, "toast-repeat-one-by-one", &[]),
        };
    }
    let Some(ticket) = selected else { return toast(model, "disabled-no-ticket", &[]) };
    if let Some(why) = ticket_actions::disabled(Action::SetPriority, &ticket, &model.shared.context()) {
        return toast(model, why, &[]);
    }
    if let Some(post) = last.message() {
        return write_again(model, &ticket, post);
    }
    let base = |command: &Command| {
        use Command as C;
        let compared = matches!(command, C::ClaimTicket { .. } | C::AssignTicket { .. } | C::ReleaseTicket { .. } | C::SetStatus { .. });
        compared.then_some(ticket.version)
    };
    let mut commands: Vec<_> = last.on(ticket.number).into_iter().map(|command| (base(&command), command)).collect();
    let effect = match (commands.pop(), commands.is_empty()) {
        (None, _) => return toast(model, "toast-repeat-not-here", &[]),
        (Some((base_version, command)), true) => Effect::Submit { command: Box::new(command), base_version },
        (Some(end), false) => Effect::SubmitAll(commands.into_iter().chain([end]).map(|(base, command)| (command, base)).collect()),
    };
    absorb(model, Owner::TicketActions, vec![effect]);
}

/// The same words in the composer of another ticket, unsent: what goes to people is read before it goes.
fn write_again(model: &mut Model, ticket: &Ticket, post: &PostMessage) {
    let (conversation, visibility) = (ticket.conversation, post.visibility);
    if model.shared.drafts.get(conversation, visibility).is_none() {
        let (text, changed_at) = (post.text.clone(), model.shared.now);
        let draft = Draft { conversation, visibility, text, written_as: visibility, reply_to: None, changed_at };
        model.shared.drafts.put(draft, model.shared.now);
    }
    let action = if visibility == Visibility::Public { Action::Reply } else { Action::Note };
    act_here(model, action, 1);
}

/// Forgets what was typed of a sequence or a count; false when nothing was.
pub fn forget_typed(model: &mut Model) -> bool {
    let typed = std::mem::take(&mut model.typed);
    let Typed { keys, count, .. } = typed;
    !keys.is_empty() || count.is_some()
}

/// What the repeat key would do, in a few words.
#[must_use]
pub fn repeat_words(model: &Model) -> Option<String> {
    let last = model.hands.last.as_ref()?;
    Some(words::act(last.commands(), &model.shared.context()))
}
