//! The palette and the jumps: opens finders, and goes where their choices lead.

use std::sync::Arc;

use super::global::{act_here, choice};
use super::model::{Model, Owner};
use super::update::{absorb, disabled, open_ticket, reveal, show, to_pane, toast};
use crate::base::text::clean;
use crate::client::view::{TicketWindow, View};
use crate::console::action::Action;
use crate::console::effect::{Answer, Choice, Effect, Load, Loaded};
use crate::console::find::shortlist::{Pool, Row};
use crate::console::find::stock::{self, Stock};
use crate::console::find::target::Target;
use crate::console::find::{Finder, Scope};
use crate::console::locale::Language;
use crate::console::overlay::{Overlay, Picker};
use crate::console::pane::{Context, PaneEvent, PaneId};
use crate::console::words;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::filter::complete::as_value;
use crate::domain::id::PersonId;
use crate::domain::person::{Person, Presence};
use crate::domain::roster::pattern;

/// Actions and places remembered.
const RECENT_MAX: usize = 20;
/// Tickets shown on a person's card.
const HELD_MAX: usize = 30;
/// The answer of a palette or a jump; of a person's card.
const FIND: &str = "find";
const CARD: &str = "card";

/// What is made once for many finders: sites may be many thousands.
#[derive(Debug, Default)]
pub struct Finding {
    sites: Option<(Arc<Directory>, Language, Arc<Pool>)>,
}

/// Opens the finder of an action; false when it is none.
pub fn act(model: &mut Model, action: Action) -> bool {
    let scope = match action {
        Action::Palette => Scope::Actions,
        Action::GoToAnything => Scope::Anything,
        Action::GoToTicket => Scope::Tickets,
        Action::GoToPerson => Scope::People,
        Action::GoToQueue => Scope::Queues,
        Action::GoToSite => Scope::Sites,
        Action::GoToChat => Scope::Chats,
        _ => return false,
    };
    open(model, scope);
    true
}

fn open(model: &mut Model, scope: Scope) {
    let rows = actions(model);
    let sites = sites(model);
    let before = if scope == Scope::Actions { &model.session.recent_actions } else { &model.session.recent_places };
    let context = model.shared.context();
    let mut finder = Finder::new(scope, Stock::new(rows, sites, &context), before.clone());
    let effects = finder.start(&context);
    let title = context.locale.text(scope.title()).into_owned();
    model.overlays.push(Overlay::finder(Owner::App, FIND, title, finder));
    absorb(model, Owner::App, effects);
}

/// Rows of all actions, as they are possible here and now.
pub fn actions(model: &Model) -> Vec<Row> {
    stock::actions(&model.shared.locale, &model.keymap, |action| disabled(model, action))
}

fn sites(model: &mut Model) -> Arc<Pool> {
    let (directory, language) = (&model.shared.directory, model.shared.locale.language);
    let known = model.finding.sites.as_ref().filter(|(of, spoken, _)| Arc::ptr_eq(of, directory) && *spoken == language);
    if let Some((_, _, pool)) = known {
        return Arc::clone(pool);
    }
    let pool = Pool::new(stock::sites(&model.shared.context()));
    model.finding.sites = Some((Arc::clone(directory), language, Arc::clone(&pool)));
    pool
}

/// Takes answers of what is opened here; gives back what is not.
pub fn loaded(model: &mut Model, loaded: Loaded) -> Option<Loaded> {
    match loaded {
        Loaded::Answer { id: FIND, answer: Answer::Picked(value) } => {
            if let Some(target) = Target::parse(&value) {
                go(model, target);
            }
        }
        Loaded::Answer { id: CARD, answer: Answer::Picked(value) } => card_picked(model, &value),
        Loaded::Holding { person, window } => show_card(model, person, &window),
        other => return Some(other),
    }
    None
}

/// Goes where a choice leads, and remembers it.
fn go(model: &mut Model, target: Target) {
    let recent = if let Target::Action(_) = target { &mut model.session.recent_actions } else { &mut model.session.recent_places };
    remember_first(recent, target.value());
    match target {
        Target::Action(action) => act_here(model, action, 1),
        Target::Ticket(number) => open_ticket(model, number),
        Target::Person(person) => model.effects.push((Owner::App, Effect::Load(Load::Holding(person)))),
        Target::Queue(queue) => show_tickets(model, View::Queue(queue), ""),
        Target::View(view) => show_tickets(model, view, ""),
        Target::Site(site) => {
            // Its code alone may well be in many a subject.
            let filter = model.shared.directory.sites.get(&site).map(|site| format!("site:{}", as_value(&clean(&site.code))));
            if let Some(filter) = filter {
                show_tickets(model, View::All, &filter);
            }
        }
        Target::Conversation(id) => absorb(model, Owner::App, vec![Effect::OpenConversation(id)]),
    }
}

fn remember_first(list: &mut Vec<String>, value: String) {
    list.retain(|old| *old != value);
    list.insert(0, value);
    list.truncate(RECENT_MAX);
}

/// Remembers an action run from a searchable list.
pub fn ran(model: &mut Model, action: Action) {
    remember_first(&mut model.session.recent_actions, Target::Action(action).value());
}

/// Keeps what was typed, for prompts to bring back.
pub fn remember(model: &mut Model, what: &str, text: &str) {
    if model.session.history.push(what, text) {
        model.shared.history = model.session.history.clone();
    }
}

/// Shows the tickets of a view, narrowed by a filter, in Queues.
fn show_tickets(model: &mut Model, view: View, filter: &str) {
    absorb(model, Owner::App, vec![Effect::ShowTickets { view, filter: filter.to_owned() }]);
}

/// Who a person is now, what they hold, and how to reach them.
fn show_card(model: &mut Model, id: PersonId, held: &TicketWindow) {
    if !model.overlays.is_empty() {
        // Another dialog was opened meanwhile: what is typed there is not to go here.
        return;
    }
    let context = model.shared.context();
    let Some(person) = context.directory.people.get(&id) else { return };
    let locale = context.locale;
    let mut rows = Vec::new();
    if id != context.me.id {
        rows.push(Row::new(choice(&format!("write:{id}"), &locale.text("find-card-write"), "")));
    }
    if let Some((at, said)) = duty(person, &context) {
        rows.push(Row::new(choice(&format!("shift:{}", at.timestamp()), &said, &locale.text("find-card-shift"))));
    }
    for ticket in held.rows.iter().take(HELD_MAX) {
        let row = stock::ticket(ticket, &context);
        let due = ticket.due_at.map(|due| words::due(locale, due, context.now).0).unwrap_or_default();
        let hint = format!("{}  {due}", locale.text(words::status(ticket.status)));
        rows.push(Row { choice: Choice { hint, ..row.choice }, ..row });
    }
    if held.rows.len() > HELD_MAX {
        let more = (held.rows.len() - HELD_MAX).to_string();
        rows.push(Row::new(Choice {
            disabled: Some(String::new()),
            ..choice("more", &locale.with("find-card-more", &[("n", &more)]), "")
        }));
    }
    let title = format!("{} ({})", clean(&person.name), clean(&person.handle));
    let about = about(person, held.total, &context);
    let mut overlay = Overlay::picker(Owner::App, CARD, title, Picker::of_rows(rows, &[]));
    overlay.about = about;
    model.overlays.push(overlay);
}

/// One line on a person: tier, presence, load, the time where they are, what they know.
fn about(person: &Person, held: usize, context: &Context<'_>) -> String {
    let locale = context.locale;
    let presence = context.agent_states.get(&person.id).map_or(Presence::Offline, |state| state.presence);
    let mut parts = vec![
        format!("T{}", person.tier),
        locale.text(words::presence(presence)).into_owned(),
        locale.with("find-card-load", &[("held", &held.to_string()), ("capacity", &person.capacity.to_string())]),
    ];
    if let Ok(zone) = person.time_zone.parse::<chrono_tz::Tz>()
        && zone != context.zone
    {
        let time = context.now.with_timezone(&zone).format("%H:%M").to_string();
        parts.push(locale.with("find-card-time", &[("time", &time)]));
    }
    parts.extend(person.skills.iter().map(|skill| format!("{} {}", skill.name, skill.level)));
    clean(&parts.join(" · "))
}

/// When a person is on duty, now or next, and the instant to show.
fn duty(person: &Person, context: &Context<'_>) -> Option<(Timestamp, String)> {
    let time = |at| context.instant(at);
    let rota = |id| context.directory.rotas.get(&id).map(|rota| clean(&rota.name)).unwrap_or_default();
    let now = pattern::on_duty(context.directory, context.now).into_iter().find(|shift| shift.person == person.id);
    if let Some(shift) = now {
        let said = context.locale.with("find-card-on-duty", &[("time", &time(shift.to)), ("rota", &rota(shift.rota))]);
        return Some((shift.from.max(context.now), said));
    }
    let next = pattern::next_shift(context.directory, person.id, context.now)?;
    Some((next.from, context.locale.with("find-card-next", &[("time", &time(next.from)), ("rota", &rota(next.rota))])))
}

fn card_picked(model: &mut Model, value: &str) {
    match value.split_once(':') {
        Some(("write", person)) => {
            show(model, PaneId::Chats);
            // As if they had been chosen there: the pane finds the conversation, or makes one.
            let answer = Loaded::Answer { id: "chat-new", answer: Answer::Picked(person.to_owned()) };
            to_pane(model, PaneId::Chats, PaneEvent::Loaded(answer));
        }
        Some(("shift", at)) => {
            let at = at.parse().ok().and_then(|seconds| Timestamp::from_timestamp(seconds, 0));
            show(model, PaneId::Shifts);
            if let Some(at) = at {
                reveal(model, PaneId::Shifts, at);
            }
        }
        _ => match Target::parse(value) {
            Some(target) => go(model, target),
            None => toast(model, "picker-nothing", &[]),
        },
    }
}
