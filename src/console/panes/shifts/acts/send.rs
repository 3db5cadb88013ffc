//! The last step of every act: the rules are asked on the spot, a sentence says what will happen, and a yes sends it.

use super::{Flow, effects};
use crate::console::effect::{Effect, QuestionKind};
use crate::console::pane::Context;
use crate::console::panes::shifts::state::{ShiftsPane, View};
use crate::domain::Refusal;
use crate::domain::command::{self, Actor, Command, Facts};
use crate::domain::roster::{RosterChange, RosterChangeKind};

/// What the rules say to a command now. The desk decides again when it gets there.
pub fn refusal(command: &Command, context: &Context<'_>) -> Option<Refusal> {
    let directory = context.directory;
    let replaced = match command {
        Command::PutRosterChange(change) => directory.roster_changes.get(&change.id).map(|old| old.version),
        Command::PutRosterPlan(plan) => directory.roster_plans.get(&plan.id).map(|old| old.version),
        Command::PutRota(rota) => directory.rotas.get(&rota.id).map(|old| old.version),
        _ => None,
    };
    let facts = Facts { replaced_version: replaced.unwrap_or(0), ..Facts::default() };
    let actor = Actor::Person(context.me.clone());
    let given = command::Context {
        now: context.now,
        actor: &actor,
        source: "console",
        base_version: None,
        directory,
        duty: None,
        new_id: context.new_id,
    };
    command::decide(command, &facts, &given).err()
}

impl ShiftsPane {
    pub(super) fn sure_change(&mut self, change: RosterChange, context: &Context<'_>) -> Vec<Effect> {
        let done = match change.kind {
            RosterChangeKind::Leave => "shifts-done-leave",
            RosterChangeKind::Cover => "shifts-done-cover",
            RosterChangeKind::Extra => "shifts-done-extra",
            RosterChangeKind::Cancel => "shifts-done-cancelled",
            RosterChangeKind::Swap => "shifts-done-asked",
        };
        self.sure(Command::PutRosterChange(change), done, context)
    }

    /// Refuses at once what the desk would refuse; asks for a yes else.
    pub(in crate::console::panes::shifts) fn sure(&mut self, command: Command, done: &'static str, context: &Context<'_>) -> Vec<Effect> {
        if let Some(refusal) = refusal(&command, context) {
            return vec![Effect::Toast { key: "shifts-refused", args: vec![("why", refusal.message)] }];
        }
        let sentence = effects::sentence(&command, context);
        self.ask(Flow::Sure { command: Box::new(command), done }, "shifts-ask-sure", QuestionKind::Confirm { sentence })
    }

    pub(super) fn send(&mut self, command: Box<Command>, done: &'static str, context: &Context<'_>) -> Vec<Effect> {
        if let Command::PutRota(rota) = &*command {
            self.form = None;
            self.open(View::Rota(rota.id), context);
        }
        if matches!(&*command, Command::PutRosterPlan(_)) {
            self.plan = None;
        }
        vec![Effect::Submit { command, base_version: None }, Effect::Toast { key: done, args: Vec::new() }]
    }
}
