//! One message in, changed state and effects out. No I/O: what must happen outside waits in [`Model::effects`].

use chrono::Duration;

use super::hands;
use super::model::{ExitReason, Model, Msg, Owner, Toast};
use super::{board, global};
use crate::base::text;
use crate::client::view::Link;
use crate::console::action::{Action, Scope};
use crate::console::bulk;
use crate::console::config::{ScreenConfig, Setup};
use crate::console::effect::{Answer, Effect, Load, Loaded};
use crate::console::key::{Key, KeyCode};
use crate::console::keymap::{Keymap, Lookup, TICKET_PANES, fold_full_width};
use crate::console::layout::Mode;
use crate::console::locale::Locale;
use crate::console::overlay::{Outcome, Overlay};
use crate::console::pane::{PaneEvent, PaneId};
use crate::domain::Timestamp;
use crate::domain::id::TicketNumber;

const TOAST_SECS: i64 = 5;

/// How long a line usually stays.
pub fn toast_time() -> Duration {
    Duration::seconds(TOAST_SECS)
}

/// The one way in which the model changes.
pub fn update(model: &mut Model, msg: Msg) {
    model.shared.now = model.shared.clock.now();
    match msg {
        Msg::Key(key) => {
            model.last_key = model.shared.now;
            on_key(model, key);
        }
        Msg::Paste(pasted) => on_paste(model, &pasted),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            model.redraw_all = true;
            all_panes(model, &PaneEvent::Tick);
            let effects = model.files.resized(model.size);
            absorb(model, Owner::Files, effects);
        }
        Msg::Focus(focused) => {
            model.focused_terminal = focused;
            if focused && !super::told::settings(model).when_focused {
                model.alerts.clear();
            }
        }
        Msg::Changed { changed, directory, agent_states, me, here } => {
            model.shared.here = here;
            model.shared.directory = directory;
            model.shared.agent_states = agent_states;
            model.shared.me = *me;
            if changed.all || changed.directory {
                model.asked.settings = None;
            }
            if let Some(number) = changed.assigned_to_me.first() {
                toast(model, "toast-assigned-to-me", &[("number", number.to_string())]);
            }
            if changed.all || changed.escalations {
                model.effects.push((Owner::App, Effect::Load(Load::Calls)));
            }
            if changed.outbox && model.bulk.has_last() {
                model.effects.push((Owner::Bulk, Effect::Load(Load::Outbox)));
            }
            if changed.all || changed.notices {
                model.effects.push((Owner::App, Effect::Load(Load::Notices)));
            }
            let effects = model.files.changed(&changed);
            absorb(model, Owner::Files, effects);
            board::changed(model, &changed);
            if changed.all || changed.outbox || !changed.tickets.is_empty() {
                super::focus::changed(model);
            }
            all_panes(model, &PaneEvent::Changed(changed));
        }
        Msg::Link(link) => {
            if link.link == Link::SignedOut {
                model.exit = Some(ExitReason::SignedOut);
            }
            if link.refused > model.shared.link.refused {
                on_refused(model);
                super::focus::refused(model);
            }
            board::link(model, &link);
            model.shared.link = link;
        }
        Msg::Mouse(mouse) => super::mouse::take(model, mouse),
        Msg::Setup(setup) => set_up(model, setup),
        Msg::Scheme(scheme) => super::looks::told(model, scheme),
        Msg::Loaded(owner, loaded) => deliver(model, owner, loaded),
        Msg::Failed(why) => toast(model, "toast-failed", &[("why", why)]),
        Msg::Tick => {
            if model.toast.as_ref().is_some_and(|toast| toast.until <= model.shared.now) {
                model.toast = None;
            }
            board::tick(model);
            all_panes(model, &PaneEvent::Tick);
        }
    }
    super::looks::follow(model);
    super::told::ring(model);
    follow_selection(model);
    if model.shared.drafts.due().is_some_and(|due| due <= model.shared.now) {
        keep_drafts(model);
    }
    super::presence::tell(model);
    hands::settle(model);
    super::session::observe(model);
}

/// Something was refused: told, and where that needs a decision, asked; but never over what the person is doing.
fn on_refused(model: &mut Model) {
    let key = model.keymap.shown(Action::Outbox, model.focused());
    toast(model, "toast-refused", &[("key", key)]);
    let layer = !model.overlays.is_empty() || model.search.is_open() || model.files.is_open() || model.layout.mode == Mode::Wallboard;
    if !layer && !model.pane(model.focused()).is_some_and(crate::console::Pane::captures_text) {
        model.effects.push((Owner::TicketActions, Effect::Load(Load::Outbox)));
    }
}

/// Has what changed among the unsent texts written down.
pub fn keep_drafts(model: &mut Model) {
    let changed = model.shared.drafts.take_changed(model.shared.now);
    if !changed.is_empty() {
        model.effects.push((Owner::App, Effect::KeepDrafts(changed)));
    }
}

/// Starts: the first pane comes to the front.
pub fn start(model: &mut Model) {
    board::start(model);
    super::session::recall(model);
    to_pane(model, model.front, PaneEvent::Shown);
    super::session::reopen(model);
    model.effects.push((Owner::App, Effect::Load(Load::Notices)));
    model.effects.push((Owner::App, Effect::Load(Load::Calls)));
    model.effects.push((Owner::App, Effect::Load(Load::Drafts)));
    let front = model.front;
    for id in crate::console::keymap::PANES.into_iter().filter(|id| *id != front) {
        // Badges of panes behind (unread messages) are to be right from the start.
        to_pane(model, id, PaneEvent::Changed(std::sync::Arc::new(crate::client::view::Changed { all: true, ..Default::default() })));
    }
}

/// Takes another setup over; one that cannot be used changes nothing.
fn set_up(model: &mut Model, setup: Result<Box<Setup>, String>) {
    let taken = setup.and_then(|setup| Keymap::new(&setup.keys).map(|keymap| (setup, keymap)).map_err(|error| error.to_string()));
    match taken {
        Ok((setup, keymap)) => {
            let before = (model.shared.locale.language, model.screen.clone(), model.keymap.clone());
            let Setup { language, wardrobe, screen, keys_wrong, .. } = *setup;
            if language != model.shared.locale.language {
                model.shared.locale = Locale::new(language);
            }
            if screen.mouse != model.screen.mouse {
                model.mouse_switched = None;
            }
            // Lines or a screen: that was decided at the start.
            model.screen = ScreenConfig { linear: model.screen.linear, ..screen };
            // What is in use goes on where the keys are wrong.
            if keys_wrong.is_none() {
                model.keymap = keymap;
            }
            let looks = super::looks::replace(model, wardrobe);
            // What the person chose on the screen comes back as a saved file: nothing new to them.
            if looks || before != (language, model.screen.clone(), model.keymap.clone()) {
                model.redraw_all = true;
                toast(model, "toast-setup", &[]);
            }
            if let Some(why) = keys_wrong {
                toast(model, "toast-keys-wrong", &[("why", why)]);
            }
        }
        Err(why) => toast(model, "toast-failed", &[("why", why)]),
    }
}

fn on_key(model: &mut Model, key: Key) {
    if key == Key::ctrl('z') {
        model.suspend = true;
        return;
    }
    if model.too_small() {
        if fold_full_width(key) == Key::char('Q') {
            model.exit = Some(ExitReason::Quit);
        }
        return;
    }
    let context = model.shared.context();
    if let Some(overlay) = model.overlays.last_mut() {
        let (owner, outcome) = (overlay.owner, overlay.key(key, &context));
        settle(model, owner, outcome);
        return;
    }
    if model.files.is_open() {
        let effects = model.files.key(key, model.size, &model.shared.context());
        absorb(model, Owner::Files, effects);
        return;
    }
    if board::key(model, key) {
        return;
    }
    if model.search.is_open() {
        let effects = model.search.key(key, model.size);
        absorb(model, Owner::Search, effects);
        return;
    }
    let focused = model.focused();
    if model.pane(focused).is_some_and(crate::console::Pane::captures_text) && !leaves_text(key) && model.layout.mode != Mode::Watch {
        to_pane(model, focused, PaneEvent::Key(key));
        return;
    }
    on_command_key(model, fold_full_width(key));
}

/// Does what a dialog made of a key or a click.
pub fn settle(model: &mut Model, owner: Owner, outcome: Outcome) {
    match outcome {
        Outcome::Stay => {}
        Outcome::Done(answer) => close_overlay(model, answer),
        Outcome::Wants { effects, closes } => {
            if closes {
                model.overlays.pop();
            }
            let effects = model.ticket_actions.check(effects);
            absorb(model, owner, effects);
        }
    }
}

/// Chords that work while a pane captures text.
fn leaves_text(key: Key) -> bool {
    matches!(key.code, KeyCode::F(_)) || (key.ctrl && matches!(key.code, KeyCode::Char('l')))
}

/// A key that is not text: a count, a sequence, an action.
fn on_command_key(model: &mut Model, key: Key) {
    let pane = model.focused();
    if key.code == KeyCode::Escape && hands::forget_typed(model) {
        return;
    }
    if hands::counts(model, key) {
        return;
    }
    model.typed.keys.push(key);
    match model.keymap.lookup(pane, &model.typed.keys) {
        Lookup::Found(action) => {
            let count = std::mem::take(&mut model.typed).count;
            hands::counted(model, action, count);
        }
        Lookup::Prefix(_) => {
            model.typed.since.get_or_insert(model.shared.now);
        }
        Lookup::Nothing => {
            model.typed = super::model::Typed::default();
            if matches!(key.code, KeyCode::Char(char) if !char.is_ascii()) {
                toast(model, "toast-input-method", &[]);
            }
        }
    }
}

/// Does an action where the keys are, however it was asked for: key, palette or help.
pub fn act(model: &mut Model, action: Action, count: usize) {
    if board::act(model, action, count) {
        return;
    }
    let pane = model.focused();
    super::tour::seen(model, action);
    if let Some(why) = disabled(model, action) {
        toast(model, why, &[]);
        return;
    }
    super::focus::begins(model, action);
    let marked = model.pane(pane).map(crate::console::Pane::marked).unwrap_or_default();
    if hands::act(model, action, count) {
        return;
    }
    if action == Action::BulkActs || (!marked.is_empty() && bulk::takes(action)) {
        let effects = model.bulk.start(action, marked, &model.shared.context());
        absorb(model, Owner::Bulk, effects);
        return;
    }
    if action.spec().scope == Scope::OnTicket
        && let Some(ticket) = model.pane(pane).and_then(crate::console::Pane::selected_ticket)
    {
        if action == Action::Promises {
            super::told::promises_of(model, ticket.number);
            return;
        }
        if matches!(action, Action::Why | Action::Clocks | Action::Timeline) {
            // The reasons, the clocks and the timeline are tabs of the ticket itself.
            open_ticket(model, ticket.number);
            to_pane(model, PaneId::Ticket, PaneEvent::Action(action, count));
            return;
        }
        if action == Action::IncidentMenu {
            let effects = model.incidents.start(ticket, &model.shared.context());
            absorb(model, Owner::Incidents, effects);
            return;
        }
        if action == Action::Files {
            let effects = model.files.open(ticket.number);
            absorb(model, Owner::Files, effects);
            return;
        }
        let begun = crate::console::ticket_actions::begun(action, &ticket, &model.shared.context());
        let marked = model.pane(pane).and_then(crate::console::Pane::selected_message);
        // What was begun as an answer goes on as one.
        let of_draft = || begun.and_then(|draft| draft.reply_to).and_then(|id| model.pane(PaneId::Ticket)?.message(id));
        model.ticket_actions.answering = marked.or_else(of_draft);
        let effects = model.ticket_actions.start(action, ticket, &model.shared.context());
        absorb(model, Owner::TicketActions, effects);
        return;
    }
    if !super::arrange::act(model, action, count) && !super::focus::act(model, action) && !global::act(model, action) {
        to_pane(model, pane, PaneEvent::Action(action, count));
    }
}

/// Why an action is not possible here and now, as a message key.
#[must_use]
pub fn disabled(model: &Model, action: Action) -> Option<&'static str> {
    let pane = model.focused();
    let context = model.shared.context();
    if let Some(why) = hands::disabled(model, action) {
        return Some(why);
    }
    if !crate::console::keymap::works_in(action.spec().scope, pane) {
        return Some("disabled-other-pane");
    }
    let shown = model.pane(pane)?;
    if action.spec().scope == Scope::OnTicket && (TICKET_PANES.contains(&pane)) {
        if let Some(ticket) = shown.selected_ticket() {
            return crate::console::ticket_actions::disabled(action, &ticket, &context);
        }
        // Who is called answers wherever they are: the list may well be empty.
        if action == Action::AnswerEscalation {
            return None;
        }
        if pane != PaneId::Assignment {
            return Some("disabled-no-ticket");
        }
    }
    shown.disabled(action, &context)
}

fn on_paste(model: &mut Model, pasted: &str) {
    let focused = model.focused();
    let context = model.shared.context();
    if let Some(overlay) = model.overlays.last_mut() {
        let (owner, effects) = (overlay.owner, overlay.paste(pasted, &context));
        absorb(model, owner, effects);
    } else if model.files.is_open() {
        model.files.paste(pasted);
    } else if model.search.is_open() {
        let effects = model.search.paste(pasted);
        absorb(model, Owner::Search, effects);
    } else if !board::is_shown(model) && model.pane(focused).is_some_and(crate::console::Pane::captures_text) {
        to_pane(model, focused, PaneEvent::Paste(pasted.to_owned()));
    } else {
        // Pasted text is never keys.
        toast(model, "toast-paste-nowhere", &[]);
    }
}

fn close_overlay(model: &mut Model, answer: Answer) {
    let Some(overlay) = model.overlays.pop() else { return };
    if let Answer::Text(text) = &answer
        && crate::console::find::history::keeps(overlay.id)
    {
        super::find::remember(model, overlay.id, text);
    }
    deliver(model, overlay.owner, Loaded::Answer { id: overlay.id, answer });
}

fn deliver(model: &mut Model, owner: Owner, loaded: Loaded) {
    let context = model.shared.context();
    if let Some(overlay) = model.overlays.last_mut().filter(|overlay| overlay.wants(owner, &loaded)) {
        let effects = overlay.loaded(loaded, &context);
        absorb(model, owner, effects);
        return;
    }
    super::session::answered(model, &loaded);
    match owner {
        Owner::App => global::loaded(model, loaded),
        Owner::Focus => super::focus::loaded(model, loaded),
        Owner::TicketActions => {
            let effects = model.ticket_actions.loaded(loaded, &model.shared.context());
            absorb(model, owner, effects);
        }
        Owner::Bulk => {
            let effects = model.bulk.loaded(loaded, &model.shared.context());
            absorb(model, owner, effects);
            refresh_report(model);
        }
        Owner::Incidents => {
            let effects = model.incidents.loaded(loaded, &model.shared.context());
            absorb(model, owner, effects);
        }
        Owner::Files => {
            if let Loaded::File(loaded) = loaded {
                let effects = model.files.loaded(*loaded, &model.shared.context());
                absorb(model, owner, effects);
            }
        }
        Owner::Hands => hands::loaded(model, loaded),
        Owner::Board => board::loaded(model, loaded),
        Owner::Pane(id) => to_pane(model, id, PaneEvent::Loaded(loaded)),
        Owner::Search => {
            if let Loaded::Search(loaded) = loaded {
                model.search.loaded(*loaded);
            }
        }
    }
}

/// The report of a bulk act that is open, as far as the act is now.
fn refresh_report(model: &mut Model) {
    let lines = model.bulk.report(&model.shared.context());
    if let Some(overlay) = model.overlays.last_mut().filter(|overlay| overlay.id == "many-report") {
        overlay.set_lines(&lines);
    }
}

/// Hands an event to a pane and takes up what it wants.
pub fn to_pane(model: &mut Model, id: PaneId, event: PaneEvent) {
    let context = model.shared.context();
    let Some(pane) = model.panes.iter_mut().find(|pane| pane.id() == id) else { return };
    let effects = pane.update(event, &context);
    absorb(model, Owner::Pane(id), effects);
}

/// Shows a time in a pane that lays time out.
pub fn reveal(model: &mut Model, id: PaneId, at: Timestamp) {
    let context = model.shared.context();
    if let Some(pane) = model.panes.iter_mut().find(|pane| pane.id() == id) {
        pane.reveal(at, &context);
    }
}

fn all_panes(model: &mut Model, event: &PaneEvent) {
    for id in crate::console::keymap::PANES {
        to_pane(model, id, event.clone());
    }
}

/// Does at once what is the model's own; the rest waits for the loop.
pub fn absorb(model: &mut Model, owner: Owner, effects: Vec<Effect>) {
    for effect in effects {
        match effect {
            Effect::OpenTicket(number) => open_ticket(model, number),
            Effect::OpenConversation(id) => {
                show(model, PaneId::Chats);
                to_pane(model, PaneId::Chats, PaneEvent::OpenConversation(id));
            }
            Effect::JumpTo { ticket, conversation, seq, words } => {
                let pane = if let Some(number) = ticket.filter(|_| owner == Owner::Search || model.focused() != PaneId::Chats) {
                    open_ticket(model, number);
                    PaneId::Ticket
                } else {
                    show(model, PaneId::Chats);
                    to_pane(model, PaneId::Chats, PaneEvent::OpenConversation(conversation));
                    PaneId::Chats
                };
                to_pane(model, pane, PaneEvent::JumpTo { conversation, seq, words });
            }
            Effect::Show(pane) => show(model, pane),
            Effect::ShowTickets { view, filter } => {
                show(model, PaneId::Queues);
                to_pane(model, PaneId::Queues, PaneEvent::ShowTickets { view, filter });
            }
            Effect::Toast { key, args } => toast(model, key, &args),
            Effect::Ask(question) => {
                let about = match owner {
                    Owner::TicketActions => model.ticket_actions.about(),
                    Owner::Incidents => model.incidents.about(),
                    Owner::Bulk => model.bulk.about(&model.shared.context()),
                    _ => String::new(),
                };
                let title = model.shared.locale.text(question.title).into_owned();
                let mut overlay = Overlay::new(owner, *question, title, &about);
                overlay.remember(&model.shared.history);
                model.overlays.push(overlay);
            }
            Effect::Draft(draft) => model.shared.drafts.put(*draft, model.shared.now),
            Effect::Redraw => model.redraw_all = true,
            Effect::Remember { what, text } => super::find::remember(model, what, &text),
            Effect::Quit => model.exit = Some(ExitReason::Quit),
            outward => model.effects.push((owner, outward)),
        }
    }
}

/// Brings a pane to the front.
pub fn show(model: &mut Model, pane: PaneId) {
    if model.pane(pane).is_none() {
        return;
    }
    board::leave(model);
    if pane == PaneId::Ticket && model.front != PaneId::Ticket {
        model.before = model.front;
    }
    model.front = pane;
    model.ticket_open = false;
    if model.layout.mode == Mode::Focus {
        model.layout.mode = Mode::Desk;
    }
    to_pane(model, pane, PaneEvent::Shown);
}

/// Shows a ticket over or beside the front pane and gives it the keys.
pub fn open_ticket(model: &mut Model, number: TicketNumber) {
    board::leave(model);
    model.ticket_open = model.front != PaneId::Ticket;
    model.shown_ticket = Some(number);
    to_pane(model, PaneId::Ticket, PaneEvent::OpenTicket(number));
    to_pane(model, PaneId::Ticket, PaneEvent::Shown);
}

/// One step back: from an open ticket to its list, from the Ticket pane to the pane before. False when there is no step.
pub fn back(model: &mut Model) -> bool {
    if model.layout.mode == Mode::Focus {
        super::focus::leave(model);
        true
    } else if model.ticket_open {
        model.ticket_open = false;
        true
    } else if model.front == PaneId::Ticket {
        let before = model.before;
        show(model, before);
        true
    } else {
        false
    }
}

/// The ticket beside the list is the one under the cursor.
fn follow_selection(model: &mut Model) {
    if model.ticket_open || model.visible() != (PaneId::Queues, Some(PaneId::Ticket)) {
        return;
    }
    let selected = model.pane(PaneId::Queues).and_then(crate::console::Pane::selected_ticket).map(|ticket| ticket.number);
    if let Some(number) = selected.filter(|number| model.shown_ticket != Some(*number)) {
        model.shown_ticket = Some(number);
        to_pane(model, PaneId::Ticket, PaneEvent::OpenTicket(number));
    }
}

/// Shows a line for some seconds; arguments are cleaned.
pub fn toast(model: &mut Model, key: &str, args: &[(&'static str, String)]) {
    let clean: Vec<_> = args.iter().map(|(name, value)| (*name, text::clean(value))).collect();
    let args: Vec<_> = clean.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let text = model.shared.locale.with(key, &args);
    model.toast = Some(Toast { text, until: model.shared.now + toast_time() });
}
