//! One act on many marked tickets: which act, what it would change, the yes, the commands, the report; and the last one taken back.

mod ask;
mod report;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::report::Run;
use super::action::Action;
use super::effect::{Answer, Effect, Load, Loaded, Question, QuestionKind, Review};
use super::pane::Context;
use crate::domain::bulk::{BULK_MAX, BulkAct, Planned, World, plan, tally, undo};
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Ticket;

/// From so many tickets on, the number is typed to confirm.
const TYPED_FROM: usize = 11;

/// What is being waited for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Awaited {
    #[default]
    Nothing,
    /// The marked tickets.
    Tickets,
    /// The tickets to which an act is done again.
    Again,
    /// The ticket that the act names.
    Other,
    /// The tickets of the last act, to take it back.
    Undo,
}

/// Acts on many tickets.
#[derive(Default)]
pub struct BulkActions {
    numbers: Vec<TicketNumber>,
    tickets: Vec<Arc<Ticket>>,
    /// The act that a ticket's own key asked for.
    wanted: Option<Action>,
    awaited: Awaited,
    act: Option<BulkAct>,
    /// The first answer of an act that asks twice.
    first: String,
    plan: Vec<Planned>,
    /// A run that was queued, whose keys have not come back yet.
    queued: Option<Run>,
    last: Option<Run>,
    /// Runs that can be taken back, oldest first.
    done: Vec<Run>,
    /// How many runs there were: their names.
    runs: usize,
}

/// Runs kept to be taken back.
const DONE_MAX: usize = 20;

/// Whether an act on one ticket is done to all marked ones.
#[must_use]
pub fn takes(action: Action) -> bool {
    matches!(
        action,
        Action::BulkActs
            | Action::Assign
            | Action::Claim
            | Action::SetStatus
            | Action::SetPriority
            | Action::MoveQueue
            | Action::Tags
            | Action::LinkTicket
            | Action::Reply
            | Action::Note
    )
}

fn ask(id: &'static str, title: &'static str, kind: QuestionKind) -> Vec<Effect> {
    vec![Effect::Ask(Box::new(Question { id, title, kind }))]
}

fn toast(key: &'static str, args: Vec<(&'static str, String)>) -> Vec<Effect> {
    vec![Effect::Toast { key, args }]
}

impl BulkActions {
    /// Whether there is a last act to be seen again.
    #[must_use]
    pub fn has_last(&self) -> bool {
        self.last.is_some()
    }

    /// What the open question is about.
    #[must_use]
    pub fn about(&self, context: &Context<'_>) -> String {
        context.locale.count("bulk-about", self.numbers.len())
    }

    /// Starts `action` on these tickets; [`Action::BulkActs`] asks which act.
    pub fn start(&mut self, action: Action, numbers: Vec<TicketNumber>, context: &Context<'_>) -> Vec<Effect> {
        self.wanted = Some(action).filter(|action| *action != Action::BulkActs);
        if numbers.is_empty() {
            // Nothing is marked: only the last act can be looked at.
            (self.numbers, self.tickets) = (numbers, Vec::new());
            return self.ask_act(context);
        }
        if numbers.len() > BULK_MAX {
            return toast("toast-bulk-too-many", vec![("most", BULK_MAX.to_string())]);
        }
        self.awaited = Awaited::Tickets;
        self.numbers.clone_from(&numbers);
        vec![Effect::Load(Load::TicketsOf(numbers))]
    }

    /// Takes answers to what was asked and read.
    pub fn loaded(&mut self, loaded: Loaded, context: &Context<'_>) -> Vec<Effect> {
        match loaded {
            Loaded::TicketsOf(tickets) => self.read(tickets, context),
            Loaded::Queued(keys) => {
                let Some(mut run) = self.queued.take() else { return Vec::new() };
                run.keyed(keys);
                if !run.taken_back() && undo::possible(run.act()) {
                    self.done.push(run.clone());
                    self.done.drain(..self.done.len().saturating_sub(DONE_MAX));
                }
                self.last = Some(run);
                self.show_report(context)
            }
            Loaded::Outbox(entries) => {
                for run in self.done.iter_mut().chain(&mut self.last) {
                    run.follow(&entries);
                }
                Vec::new()
            }
            Loaded::Answer { id, answer } => self.answered(id, answer, context),
            _ => Vec::new(),
        }
    }

    fn read(&mut self, tickets: Vec<Arc<Ticket>>, context: &Context<'_>) -> Vec<Effect> {
        match std::mem::take(&mut self.awaited) {
            Awaited::Nothing => Vec::new(),
            Awaited::Tickets => {
                self.tickets = tickets;
                if self.tickets.is_empty() {
                    return toast("toast-bulk-gone", Vec::new());
                }
                match self.wanted.take() {
                    Some(action) => self.ask_value(action, context),
                    None => self.ask_act(context),
                }
            }
            Awaited::Again => {
                self.tickets = tickets;
                match self.act.take() {
                    Some(act) if !self.tickets.is_empty() => self.chosen(act, context),
                    _ => toast("toast-bulk-gone", Vec::new()),
                }
            }
            Awaited::Other => self.review(tickets.first().map(Arc::as_ref), context),
            Awaited::Undo => self.undo(&tickets, context),
        }
    }

    fn answered(&mut self, id: &'static str, answer: Answer, context: &Context<'_>) -> Vec<Effect> {
        match (id, answer) {
            ("many-review", Answer::Confirmed) => self.run(),
            ("many-undo", Answer::Confirmed) => {
                let numbers = self.done.last().map(Run::done).unwrap_or_default();
                self.awaited = Awaited::Undo;
                vec![Effect::Load(Load::TicketsOf(numbers))]
            }
            (_, Answer::Picked(value)) => self.picked(id, &value, context),
            (_, Answer::Text(text)) => self.text(id, &text, context),
            _ => Vec::new(),
        }
    }

    /// The act is known: what it names is read first, then its preview is shown.
    fn chosen(&mut self, act: BulkAct, context: &Context<'_>) -> Vec<Effect> {
        let other = act.other();
        self.act = Some(act);
        match other {
            Some(number) => {
                self.awaited = Awaited::Other;
                vec![Effect::Load(Load::TicketsOf(vec![number]))]
            }
            None => self.review(None, context),
        }
    }

    fn review(&mut self, other: Option<&Ticket>, context: &Context<'_>) -> Vec<Effect> {
        let Some(act) = &self.act else { return Vec::new() };
        let world = World { actor: context.me, directory: context.directory, now: context.now, other, new_id: context.new_id };
        self.plan = plan(act, self.tickets.iter().map(Arc::as_ref), &world);
        let (changes, _, _) = tally(&self.plan);
        let gone = self.numbers.len().saturating_sub(self.tickets.len());
        let lines = report::preview(act, &self.plan, gone, context);
        let confirm = (changes > 0)
            .then(|| Review { sentence: context.locale.count("bulk-confirm", changes), typed: (changes >= TYPED_FROM).then_some(changes) });
        ask("many-review", "ask-bulk-review", QuestionKind::Review { lines, confirm })
    }

    fn run(&mut self) -> Vec<Effect> {
        let Some(act) = self.act.take() else { return Vec::new() };
        let changing: Vec<Planned> = std::mem::take(&mut self.plan);
        let commands = changing.iter().filter(|planned| planned.changes()).map(|planned| {
            let base = matches!(act, BulkAct::Assign { .. } | BulkAct::Status { .. }).then_some(planned.version);
            (planned.command.clone(), base)
        });
        let effects = vec![Effect::SubmitAll(commands.collect())];
        self.runs += 1;
        self.queued = Some(Run::new(self.runs, act, &changing, &self.tickets));
        effects
    }

    /// The report of the last act, as far as it is.
    fn show_report(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(run) = &self.last else { return toast("toast-bulk-none", Vec::new()) };
        let mut effects = ask("many-report", "ask-bulk-report", QuestionKind::Review { lines: run.lines(context), confirm: None });
        effects.push(Effect::Load(Load::Outbox));
        effects
    }

    /// The lines of the open report.
    #[must_use]
    pub fn report(&self, context: &Context<'_>) -> Vec<String> {
        self.last.as_ref().map(|run| run.lines(context)).unwrap_or_default()
    }

    /// The name of the run on its way to the outbox, unless it takes another one back.
    #[must_use]
    pub fn queued(&self) -> Option<usize> {
        self.queued.as_ref().filter(|run| !run.taken_back()).map(Run::name)
    }

    /// The name of the run that [`BulkActions::ask_undo`] is about.
    #[must_use]
    pub fn undoable(&self) -> Option<usize> {
        self.done.last().map(Run::name)
    }

    /// Does to these tickets what was done to another one: with its preview, as any act on many.
    pub fn again(&mut self, act: BulkAct, numbers: Vec<TicketNumber>) -> Vec<Effect> {
        self.act = Some(act);
        self.awaited = Awaited::Again;
        self.numbers.clone_from(&numbers);
        vec![Effect::Load(Load::TicketsOf(numbers))]
    }

    /// Asks whether to take back the latest run that was not taken back yet.
    pub fn ask_undo(&self, context: &Context<'_>) -> Vec<Effect> {
        match self.done.last() {
            None if self.last.as_ref().is_some_and(Run::taken_back) => toast("toast-bulk-undone", Vec::new()),
            None if self.last.is_some() => toast("toast-bulk-not-undone", Vec::new()),
            None => toast("toast-bulk-none", Vec::new()),
            Some(run) => {
                let sentence = context.locale.count("bulk-undo-confirm", run.done().len());
                ask("many-undo", "ask-bulk-undo", QuestionKind::Confirm { sentence })
            }
        }
    }

    fn undo(&mut self, now: &[Arc<Ticket>], context: &Context<'_>) -> Vec<Effect> {
        let Some((back, commands)) = self.done.pop().map(|run| run.take_back(now)) else { return Vec::new() };
        if commands.is_empty() {
            self.last = Some(back);
            return self.show_report(context);
        }
        self.queued = Some(back);
        vec![Effect::SubmitAll(commands)]
    }
}
