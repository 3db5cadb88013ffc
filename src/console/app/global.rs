//! Actions of the app itself: panes, palette, help, notices, outbox, presence, language, theme, quit.

use super::board;
use super::find;
use super::model::{ExitReason, Model, Owner};
use super::told;
pub(super) use super::update::act as act_here;
use super::update::{absorb, back, open_ticket, reveal, show};
use crate::client::view::OutboxEntry;
use crate::console::action::{ACTIONS, Action, Scope};
use crate::console::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind};
use crate::console::layout::Mode;
use crate::console::locale::{Language, Locale};
use crate::console::memory::Chosen;
use crate::console::notices;
use crate::console::overlay::{Overlay, Picker};
use crate::console::pane::{PaneEvent, PaneId};
use crate::console::tray;
use crate::console::words;
use crate::domain::command::Command;
use crate::domain::notice::Notice;
use crate::domain::person::Presence;

/// Does an action of the app; false when it is the pane's.
pub fn act(model: &mut Model, action: Action) -> bool {
    match action {
        Action::ShowQueues => show(model, PaneId::Queues),
        Action::ShowTicket => show(model, PaneId::Ticket),
        Action::ShowAssignment => show(model, PaneId::Assignment),
        Action::ShowShifts => show(model, PaneId::Shifts),
        Action::ShowChats => show(model, PaneId::Chats),
        Action::ShowOverview => show(model, PaneId::Overview),
        Action::Wallboard => board::enter(model, Mode::Wallboard),
        Action::Watch => board::enter(model, Mode::Watch),
        Action::Desk if model.layout.mode == Mode::Focus => super::focus::leave(model),
        Action::Desk => board::leave(model),
        Action::Back => return board::back(model) || back(model),
        Action::NextFocus | Action::PreviousFocus if model.visible().1.is_some() => {
            model.ticket_open = !model.ticket_open;
            if let (true, Some(number)) = (model.ticket_open, model.shown_ticket) {
                open_ticket(model, number);
            }
        }
        // With no ticket selected: whichever call waits.
        Action::AnswerCall | Action::AnswerEscalation => {
            let effects = model.ticket_actions.answer_call(&model.shared.context());
            absorb(model, Owner::TicketActions, effects);
        }
        Action::Notices => {
            model.notices_asked = true;
            model.effects.push((Owner::App, Effect::Load(Load::Notices)));
        }
        Action::Outbox => model.effects.push((Owner::App, Effect::Load(Load::Outbox))),
        Action::SetPresence => {
            let choices = [Presence::Available, Presence::Busy, Presence::Away, Presence::Offline]
                .map(|presence| choice(presence_word(presence), &model.shared.locale.text(words::presence(presence)), ""));
            ask(model, "presence", "ask-presence", QuestionKind::Pick { choices: choices.to_vec() });
        }
        Action::SwitchLanguage => {
            let next = match model.shared.locale.language {
                Language::English => Language::Chinese,
                Language::Chinese => Language::English,
            };
            model.shared.locale = Locale::new(next);
            model.memory.choose(Chosen::Language(next));
        }
        Action::SwitchTheme => {
            super::looks::pick(model);
        }
        Action::Search => {
            // The watch has the whole screen: the page would take keys without being seen.
            board::leave(model);
            let past = model.shared.history.of("search").to_vec();
            let effects = model.search.open(past);
            absorb(model, Owner::Search, effects);
        }
        Action::Redraw => model.redraw_all = true,
        Action::Quit => quit(model),
        other => return find::act(model, other) || told::act(model, other),
    }
    true
}

pub(super) fn choice(value: &str, label: &str, hint: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), hint: hint.to_owned(), disabled: None }
}

pub(super) fn ask(model: &mut Model, id: &'static str, title: &'static str, kind: QuestionKind) {
    absorb(model, Owner::App, vec![Effect::Ask(Box::new(Question { id, title, kind }))]);
}

fn quit(model: &mut Model) {
    let waiting = model.shared.link.waiting;
    if waiting == 0 {
        model.exit = Some(ExitReason::Quit);
        return;
    }
    let sentence = model.shared.locale.count("quit-with-outbox", waiting);
    ask(model, "quit", "ask-quit", QuestionKind::Confirm { sentence });
}

/// Actions as choices, with their keys, and why those that are not possible are not: what is particular to a place first.
pub(super) fn choices(model: &Model, which: impl Fn(&crate::console::action::ActionSpec) -> bool) -> Vec<Choice> {
    let spec = |choice: &Choice| ACTIONS.iter().find(|spec| spec.name == choice.value);
    let rows = find::actions(model).into_iter().map(|row| row.choice);
    let mut listed: Vec<_> = rows.filter(|choice| spec(choice).is_some_and(&which)).collect();
    listed.sort_by_key(|choice| spec(choice).is_some_and(|spec| spec.scope == Scope::Everywhere));
    listed
}

/// Answers to the app's own effects and questions.
pub fn loaded(model: &mut Model, loaded: Loaded) {
    let Some(loaded) = told::loaded(model, loaded).and_then(|loaded| find::loaded(model, loaded)) else { return };
    match loaded {
        Loaded::Notices(list) => told::take_notices(model, list),
        Loaded::Calls(calls) => {
            model.shared.calls = calls;
            board::calls(model);
        }
        Loaded::Drafts(drafts) => model.shared.drafts.load(drafts),
        Loaded::Outbox(entries) => show_outbox(model, entries),
        Loaded::Answer { id: "tour", answer: Answer::Picked(value) } => super::tour::chosen(model, &value),
        Loaded::Answer { id, answer: Answer::Picked(value) } => picked(model, id, &value),
        Loaded::Answer { id: "quit", answer: Answer::Confirmed } => model.exit = Some(ExitReason::Quit),
        _ => {}
    }
}

fn picked(model: &mut Model, id: &'static str, value: &str) {
    match id {
        "help" => {
            if let Some(spec) = ACTIONS.iter().find(|spec| spec.name == value) {
                find::ran(model, spec.action);
                act_here(model, spec.action, 1);
            }
        }
        "presence" => {
            if let Some(presence) = parse_presence(value) {
                submit(model, Command::SetPresence { presence });
            }
        }
        "theme" => super::looks::picked(model, value),
        "notices" => open_notice(model, value),
        "outbox" => {
            if let Some(key) = value.strip_prefix("answered:").and_then(|key| key.parse().ok()) {
                let effects = model.ticket_actions.ask_about(key);
                absorb(model, Owner::TicketActions, effects);
                return;
            }
            let key = value.strip_prefix("refused:").and_then(|key| key.parse().ok());
            if let Some(entry) = model.outbox.iter().find(|entry| Some(entry.key) == key) {
                let effects = model.ticket_actions.ask_refused(entry, &model.shared.context());
                absorb(model, Owner::TicketActions, effects);
            }
        }
        _ => {}
    }
}

pub(super) fn submit(model: &mut Model, command: Command) {
    model.effects.push((Owner::App, Effect::Submit { command: Box::new(command), base_version: None }));
}

fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "available",
        Presence::Busy => "busy",
        Presence::Away => "away",
        Presence::Offline => "offline",
    }
}

fn parse_presence(word: &str) -> Option<Presence> {
    [Presence::Available, Presence::Busy, Presence::Away, Presence::Offline].into_iter().find(|presence| presence_word(*presence) == word)
}

/// The list of notices.
pub(super) fn show_notices(model: &mut Model, list: Vec<Notice>) {
    let context = model.shared.context();
    let choice = |notice: &Notice| Choice {
        value: notice.id.to_string(),
        label: notices::line(notice, &context),
        hint: context.instant(notice.at),
        disabled: None,
    };
    let choices = list.iter().map(choice).collect();
    let title = context.locale.text("notices-title").into_owned();
    model.notices = list;
    model.overlays.push(Overlay::picker(Owner::App, "notices", title, Picker::new(choices, &[])));
}

/// Marks it read and goes where it leads: to its ticket, its conversation, or Shifts at the time it tells of.
fn open_notice(model: &mut Model, value: &str) {
    let Some(notice) = std::mem::take(&mut model.notices).into_iter().find(|notice| notice.id.to_string() == value) else { return };
    if !notice.read {
        submit(model, Command::DismissNotice { notice: notice.id });
    }
    if let Some(number) = notice.ticket {
        open_ticket(model, number);
    } else if let Some(handover) = notices::handover_of(&notice.kind) {
        show(model, PaneId::Shifts);
        super::update::to_pane(model, PaneId::Shifts, PaneEvent::OpenHandover(handover));
    } else if let Some(at) = notices::duty_at(&notice.kind, &model.shared.context()) {
        show(model, PaneId::Shifts);
        reveal(model, PaneId::Shifts, at);
    } else if let Some(conversation) = notice.conversation {
        absorb(model, Owner::App, vec![Effect::OpenConversation(conversation)]);
    }
}

/// Waiting and refused commands; a refused one keeps its text here until the person decides.
fn show_outbox(model: &mut Model, entries: Vec<OutboxEntry>) {
    let choices = tray::rows(&entries, &model.shared.context());
    let title = model.shared.locale.text("outbox-title").into_owned();
    model.outbox = entries;
    model.overlays.push(Overlay::picker(Owner::App, "outbox", title, Picker::new(choices, &[])));
}
