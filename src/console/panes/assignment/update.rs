//! What events do: moves, loads, and the commands that give tickets.

use super::eligible;
use super::moves::Moves;
use super::roll::{Grouping, roll};
use super::settings::{self, Settings};
use super::state::{AssignmentPane, Focus, Layer};
use crate::base::text::clean;
use crate::client::view::Changed;
use crate::console::action::Action;
use crate::console::effect::{Answer, Choice, Effect, Load, Loaded, Question, QuestionKind};
use crate::console::pane::{Context, PaneEvent};
use crate::console::widgets::list;
use crate::domain::command::Command;
use crate::domain::id::{PersonId, QueueId, TicketNumber};
use crate::domain::queue::Queue;

/// Rows of the pool that are read: more than anybody dispatches by hand in one sitting.
pub const POOL_ROWS: usize = 200;

const GIVE: &str = "assignment-give";
const REBALANCE: &str = "assignment-rebalance";
const SETTINGS: &str = "assignment-settings";

impl AssignmentPane {
    pub(super) fn take(&mut self, event: PaneEvent, context: &Context<'_>) -> Vec<Effect> {
        match event {
            PaneEvent::Shown => {
                self.put_roll(roll(self.grouping, context));
                self.loads()
            }
            PaneEvent::OpenTicket(_)
            | PaneEvent::OpenConversation(_)
            | PaneEvent::JumpTo { .. }
            | PaneEvent::OpenHandover(_)
            | PaneEvent::ShowTickets { .. } => Vec::new(),
            PaneEvent::Tick => {
                self.put_roll(roll(self.grouping, context));
                if self.outdated && self.seen.get() { self.loads() } else { Vec::new() }
            }
            PaneEvent::Changed(changed) => self.changed(&changed, context),
            PaneEvent::Loaded(loaded) => self.loaded(loaded, context),
            PaneEvent::Action(action, count) => self.act(action, count, context),
            PaneEvent::Key(_) | PaneEvent::Paste(_) => Vec::new(),
        }
    }

    fn changed(&mut self, changed: &Changed, context: &Context<'_>) -> Vec<Effect> {
        if changed.all || changed.directory || changed.agent_states {
            self.put_roll(roll(self.grouping, context));
        }
        if !(changed.all || changed.outbox || !changed.tickets.is_empty()) {
            return Vec::new();
        }
        if self.seen.take() {
            return self.loads();
        }
        // Nobody looks: the badge has to be right, and the rest once somebody does.
        self.outdated = true;
        vec![Effect::Load(Load::Pool { queue: None, rows: 0 })]
    }

    /// Reads everything on screen.
    fn loads(&mut self) -> Vec<Effect> {
        self.outdated = false;
        let mut effects = vec![Effect::Load(Load::Pool { queue: None, rows: POOL_ROWS })];
        effects.extend(self.layers.iter().filter_map(|layer| {
            Some(Effect::Load(match layer {
                Layer::Holding(person) => Load::Holding(*person),
                Layer::Why(number) => Load::History(*number),
                Layer::WhoNow(number) => Load::WhoNow(*number),
                // A list that changes under the cursor while it is being marked would be approved unread.
                Layer::Rebalance(_) | Layer::Settings(_) => return None,
            }))
        }));
        effects
    }

    fn loaded(&mut self, loaded: Loaded, context: &Context<'_>) -> Vec<Effect> {
        match loaded {
            Loaded::Pool { queue: None, window } if window.rows.is_empty() && window.total > 0 => self.pool.count(window.total),
            Loaded::Pool { queue: None, window } => self.pool.put(window),
            Loaded::Holding { person, window } if self.layers.contains(&Layer::Holding(person)) => self.held.put(window),
            Loaded::History { number, history } if self.layers.contains(&Layer::Why(number)) => {
                self.history = Some((number, history));
            }
            Loaded::WhoNow { number, decision } if self.layers.contains(&Layer::WhoNow(number)) => {
                self.who_now = Some((number, decision));
            }
            Loaded::Rebalance { queue, moves } if self.layers.contains(&Layer::Rebalance(queue)) => self.moves.put(moves),
            Loaded::Answer { id: settings::ASK, answer } => {
                return self.settings.as_mut().map(|form| form.answered(&answer, context)).unwrap_or_default();
            }
            Loaded::Answer { id: REBALANCE, answer: Answer::Picked(queue) } => {
                return queue.parse().map(|queue| self.rebalance(queue)).unwrap_or_default();
            }
            Loaded::Answer { id: SETTINGS, answer: Answer::Picked(queue) } => {
                if let Ok(queue) = queue.parse() {
                    self.show_settings(queue);
                }
            }
            Loaded::Answer { id: GIVE, answer } => return self.answered(answer, context),
            _ => {}
        }
        Vec::new()
    }

    fn answered(&mut self, answer: Answer, context: &Context<'_>) -> Vec<Effect> {
        let Some((number, version)) = self.asked_for.take() else { return Vec::new() };
        let Answer::Picked(value) = answer else { return Vec::new() };
        value.parse().map(|person| give(number, version, person, context)).unwrap_or_default()
    }

    fn act(&mut self, action: Action, count: usize, context: &Context<'_>) -> Vec<Effect> {
        let count = isize::try_from(count.max(1)).unwrap_or(isize::MAX);
        let page = isize::try_from(self.page.get().max(2)).unwrap_or(isize::MAX);
        match action {
            Action::Down => self.step(count),
            Action::Up => self.step(-count),
            Action::HalfPageDown => self.step((page / 2).saturating_mul(count)),
            Action::HalfPageUp => self.step(-(page / 2).saturating_mul(count)),
            Action::PageDown => self.step(page.saturating_mul(count)),
            Action::PageUp => self.step(-page.saturating_mul(count)),
            Action::First => self.step(isize::MIN + 1),
            Action::Last => self.step(isize::MAX),
            Action::NextFocus | Action::PreviousFocus => {
                self.focus = if self.focus == Focus::People { Focus::Tickets } else { Focus::People };
            }
            Action::Left => self.focus = Focus::People,
            Action::Right => self.focus = Focus::Tickets,
            Action::NextTab | Action::PreviousTab => self.regroup(context),
            Action::Back => {
                self.layers.pop();
            }
            Action::Open => return self.open(context),
            Action::Why => return self.why(),
            Action::WhoNow => return self.ask_who_now(),
            Action::Rebalance => {
                return match self.queue() {
                    Some(queue) => self.rebalance(queue),
                    None => ask_queue(REBALANCE, "assignment-rebalance-queue", context),
                };
            }
            Action::QueueSettings => match self.queue() {
                Some(queue) => self.show_settings(queue),
                None => return ask_queue(SETTINGS, "assignment-settings-queue", context),
            },
            Action::GiveTo if self.on_moves() => self.moves.toggle(),
            Action::GiveTo => return self.give_to_selected(context),
            Action::Assign => return self.ask(context),
            Action::Claim => return self.claim(),
            Action::CopyNumber => return self.ticket().map(|ticket| Effect::Copy(ticket.number.to_string())).into_iter().collect(),
            _ => {}
        }
        Vec::new()
    }

    fn step(&mut self, by: isize) {
        match (self.focus, self.layers.last()) {
            (Focus::People, _) => {
                let people = self.people();
                let index = self.person.and_then(|person| people.iter().position(|other| *other == person));
                self.person = list::step(index, by, people.len()).and_then(|index| people.get(index)).copied();
            }
            (Focus::Tickets, None) => self.pool.step(by),
            (Focus::Tickets, Some(Layer::Holding(_))) => self.held.step(by),
            (Focus::Tickets, Some(Layer::Rebalance(_))) => self.moves.step(by),
            (Focus::Tickets, Some(Layer::Settings(_))) => {
                if let Some(form) = &mut self.settings {
                    form.step(by);
                }
            }
            (Focus::Tickets, Some(Layer::Why(_) | Layer::WhoNow(_))) => {
                self.why_top = self.why_top.saturating_add_signed(by).min(self.why_rest.get())
            }
        }
    }

    /// The other grouping, with the cursor on the same person.
    fn regroup(&mut self, context: &Context<'_>) {
        self.grouping = if self.grouping == Grouping::Queue { Grouping::Tier } else { Grouping::Queue };
        let person = self.person.map(|(_, person)| person);
        self.put_roll(roll(self.grouping, context));
        let same = self.people().into_iter().find(|(_, other)| Some(*other) == person);
        self.person = same.or(self.person);
    }

    fn open(&mut self, context: &Context<'_>) -> Vec<Effect> {
        match (self.focus, self.layers.last()) {
            (Focus::People, _) => self.why(),
            (Focus::Tickets, Some(Layer::Settings(_))) => self.settings.as_mut().map(|form| form.open(context)).unwrap_or_default(),
            (Focus::Tickets, Some(Layer::Rebalance(_))) => {
                let effects = self.moves.apply(context);
                // One that was proposed against is not to be done twice.
                if effects.len() > 1 {
                    self.layers.pop();
                }
                effects
            }
            (Focus::Tickets, Some(Layer::Why(number) | Layer::WhoNow(number))) => vec![Effect::OpenTicket(*number)],
            (Focus::Tickets, _) => self.ticket().map(|ticket| Effect::OpenTicket(ticket.number)).into_iter().collect(),
        }
    }

    fn why(&mut self) -> Vec<Effect> {
        if self.focus == Focus::People {
            let Some((_, person)) = self.person else { return Vec::new() };
            self.layers = vec![Layer::Holding(person)];
            self.held = super::tickets::TicketList::default();
            self.focus = Focus::Tickets;
            return vec![Effect::Load(Load::Holding(person))];
        }
        if matches!(self.layers.last(), Some(Layer::Why(_))) {
            return Vec::new();
        }
        let Some(number) = self.ticket().map(|ticket| ticket.number) else { return Vec::new() };
        self.layers.push(Layer::Why(number));
        self.history = None;
        self.why_top = 0;
        vec![Effect::Load(Load::History(number))]
    }

    fn ask_who_now(&mut self) -> Vec<Effect> {
        let Some(number) = self.ticket().map(|ticket| ticket.number) else { return Vec::new() };
        if self.layers.last() != Some(&Layer::WhoNow(number)) {
            self.layers.push(Layer::WhoNow(number));
        }
        (self.who_now, self.why_top, self.focus) = (None, 0, Focus::Tickets);
        vec![Effect::Load(Load::WhoNow(number))]
    }

    fn rebalance(&mut self, queue: QueueId) -> Vec<Effect> {
        self.layers = vec![Layer::Rebalance(queue)];
        (self.moves, self.focus) = (Moves::default(), Focus::Tickets);
        vec![Effect::Load(Load::Rebalance(queue))]
    }

    fn show_settings(&mut self, queue: QueueId) {
        self.layers = vec![Layer::Settings(queue)];
        (self.settings, self.focus) = (Some(Settings::new(queue)), Focus::Tickets);
    }

    fn give_to_selected(&mut self, context: &Context<'_>) -> Vec<Effect> {
        match (self.ticket(), self.person) {
            (Some(ticket), Some((_, person))) => give(ticket.number, ticket.version, person, context),
            _ => self.ask(context),
        }
    }

    fn ask(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(ticket) = self.ticket() else { return Vec::new() };
        let choices = eligible::choices(ticket, context);
        self.asked_for = Some((ticket.number, ticket.version));
        vec![Effect::Ask(Box::new(Question { id: GIVE, title: "assignment-give-title", kind: QuestionKind::Pick { choices } }))]
    }

    fn claim(&self) -> Vec<Effect> {
        let Some(ticket) = self.ticket() else { return Vec::new() };
        let command = Box::new(Command::ClaimTicket { number: ticket.number });
        vec![Effect::Submit { command, base_version: Some(ticket.version) }]
    }
}

fn ask_queue(id: &'static str, title: &'static str, context: &Context<'_>) -> Vec<Effect> {
    let queues = context.directory.queues_in_order().into_iter().filter(|queue| queue.active);
    let choice = |queue: &Queue| Choice { value: queue.id.to_string(), label: clean(&queue.name), hint: clean(&queue.key), disabled: None };
    let choices = queues.map(choice).collect();
    vec![Effect::Ask(Box::new(Question { id, title, kind: QuestionKind::Pick { choices } }))]
}

fn give(number: TicketNumber, version: i64, person: PersonId, context: &Context<'_>) -> Vec<Effect> {
    let name = clean(&context.directory.person_name(person));
    vec![
        Effect::Submit { command: Box::new(Command::AssignTicket { number, person }), base_version: Some(version) },
        Effect::Toast { key: "assignment-given", args: vec![("number", number.to_string()), ("name", name)] },
    ]
}
