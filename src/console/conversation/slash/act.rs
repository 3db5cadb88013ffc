//! From an act to commands on the ticket at hand.

use super::Act;
use crate::console::effect::Effect;
use crate::console::pane::Context;
use crate::domain::command::Command;
use crate::domain::escalation::Escalate;
use crate::domain::reminder::PutReminder;
use crate::domain::ticket::{Link, LinkKind, Ticket};

/// The commands that do `act` on `ticket`. A snippet is text and makes none.
#[must_use]
pub fn effects(act: &Act, ticket: &Ticket, context: &Context<'_>) -> Vec<Effect> {
    let number = ticket.number;
    let guarded = |command| vec![Effect::Submit { command: Box::new(command), base_version: Some(ticket.version) }];
    let free = |command| vec![Effect::Submit { command: Box::new(command), base_version: None }];
    match act {
        Act::Assign(person) => guarded(Command::AssignTicket { number, person: *person }),
        Act::Claim => guarded(Command::ClaimTicket { number }),
        Act::Release(reason) => guarded(Command::ReleaseTicket { number, reason: reason.clone() }),
        Act::Status(status) => guarded(Command::SetStatus { number, status: *status }),
        Act::Priority(priority) => free(Command::SetPriority { number, priority: *priority }),
        Act::Tag(tags) => tags.iter().flat_map(|tag| free(Command::AddTag { number, tag: tag.clone() })).collect(),
        Act::Untag(tags) => tags.iter().flat_map(|tag| free(Command::RemoveTag { number, tag: tag.clone() })).collect(),
        Act::Move(queue) => free(Command::MoveTicket { number, queue: *queue }),
        Act::Merge(into) => free(Command::MergeTicket { number, into: *into }),
        Act::Link(other) => free(Command::LinkTicket { number, link: Link { kind: LinkKind::RelatesTo, number: *other } }),
        Act::Escalate { tier, person, note } => {
            let call = Escalate::tier(number, (context.new_id)().into(), *tier, note.clone());
            free(Command::Escalate(Box::new(Escalate { person: *person, ..call })))
        }
        Act::Snippet(_) => Vec::new(),
        Act::Remind { at, text } => {
            let body = PutReminder { id: (context.new_id)().into(), at: *at, text: text.clone(), ticket: Some(number), conversation: None };
            let time = context.instant(*at);
            let mut effects = free(Command::PutReminder(Box::new(body)));
            effects.push(Effect::Toast { key: "toast-reminder", args: vec![("time", time)] });
            effects
        }
    }
}
