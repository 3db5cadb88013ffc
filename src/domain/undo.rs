//! Taking an act back: the command that undoes another on a ticket which is still as the act left it.

use serde_json::Value;

use super::command::Command;
use super::id::{PersonId, TicketNumber};
use super::ticket::{Status, Ticket};

/// What taking back does to one ticket.
#[derive(Clone, Debug, PartialEq)]
pub enum Back {
    /// This command, against the version at hand.
    Command { command: Box<Command>, version: i64 },
    /// It is as it was before.
    NotDone,
    /// Somebody changed it since: it stays.
    Changed,
}

/// Whether a command has an inverse at all: what was written to people has none.
#[must_use]
pub fn possible(command: &Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::ClaimTicket { .. }
            | C::AssignTicket { .. }
            | C::ReleaseTicket { .. }
            | C::SetStatus { .. }
            | C::SetPriority { .. }
            | C::SetSubject { .. }
            | C::SetField { .. }
            | C::MoveTicket { .. }
            | C::AddTag { .. }
            | C::RemoveTag { .. }
            | C::AddParticipant { .. }
            | C::RemoveParticipant { .. }
            | C::LinkTicket { .. }
            | C::UnlinkTicket { .. }
            | C::TieTicket { .. }
            | C::UntieTicket { .. }
            | C::MergeTicket { .. }
    )
}

/// How `me` takes `command` back on a ticket that was `before` and is `now`.
#[must_use]
pub fn back(command: &Command, before: &Ticket, now: &Ticket, me: PersonId) -> Back {
    let Some((was, is, inverse)) = owner(command, before, now, me).or_else(|| edit(command, before, now)) else { return Back::NotDone };
    match (was, is) {
        (true, _) => Back::NotDone,
        (false, true) => Back::Command { command: Box::new(inverse), version: now.version },
        (false, false) => Back::Changed,
    }
}

/// Whether it is as before, whether it is as the act left it, and the inverse.
type Inverse = (bool, bool, Command);

/// Acts on who has the ticket.
fn owner(command: &Command, before: &Ticket, now: &Ticket, me: PersonId) -> Option<Inverse> {
    let number = before.number;
    let after = match command {
        Command::ClaimTicket { .. } => Some(me),
        Command::AssignTicket { person, .. } => Some(*person),
        Command::ReleaseTicket { .. } => None,
        _ => return None,
    };
    let inverse = match before.assignee {
        Some(person) => Command::AssignTicket { number, person },
        None => Command::ReleaseTicket { number, reason: Some("taken back".to_owned()) },
    };
    Some((now.assignee == before.assignee, now.assignee == after, inverse))
}

/// Acts on what it says and where it lies.
fn edit(command: &Command, before: &Ticket, now: &Ticket) -> Option<Inverse> {
    let number = before.number;
    Some(match command {
        Command::SetStatus { status, .. } => {
            // Nothing becomes new again.
            let to = if before.status == Status::New { Status::Open } else { before.status };
            (now.status == before.status, now.status == *status, Command::SetStatus { number, status: to })
        }
        Command::SetPriority { priority, .. } => {
            let inverse = Command::SetPriority { number, priority: before.priority };
            (now.priority == before.priority, now.priority == *priority, inverse)
        }
        Command::SetSubject { subject, .. } => {
            let inverse = Command::SetSubject { number, subject: before.subject.clone() };
            (now.subject == before.subject, now.subject == subject.trim(), inverse)
        }
        Command::SetField { name, value, .. } => {
            let name = name.trim();
            let (old, new) = (before.fields.get(name), now.fields.get(name));
            let inverse = Command::SetField { number, name: name.to_owned(), value: old.cloned().unwrap_or(Value::Null) };
            (old == new, new == Some(value).filter(|value| !value.is_null()), inverse)
        }
        Command::MoveTicket { queue, .. } => {
            (now.queue == before.queue, now.queue == *queue, Command::MoveTicket { number, queue: before.queue })
        }
        Command::AddTag { tag, .. } => {
            let has = |ticket: &Ticket| ticket.tags.contains(tag);
            (has(before) == has(now), has(now), Command::RemoveTag { number, tag: tag.clone() })
        }
        Command::RemoveTag { tag, .. } => {
            let has = |ticket: &Ticket| ticket.tags.contains(tag);
            (has(before) == has(now), !has(now), Command::AddTag { number, tag: tag.clone() })
        }
        Command::AddParticipant { person, .. } => {
            let has = |ticket: &Ticket| ticket.participants.contains(person);
            (has(before) == has(now), has(now), Command::RemoveParticipant { number, person: *person })
        }
        Command::RemoveParticipant { person, .. } => {
            let has = |ticket: &Ticket| ticket.participants.contains(person);
            (has(before) == has(now), !has(now), Command::AddParticipant { number, person: *person })
        }
        Command::LinkTicket { link, .. } => {
            let has = |ticket: &Ticket| ticket.links.contains(link);
            (has(before) == has(now), has(now), Command::UnlinkTicket { number, link: *link })
        }
        Command::UnlinkTicket { link, .. } => {
            let has = |ticket: &Ticket| ticket.links.contains(link);
            (has(before) == has(now), !has(now), Command::LinkTicket { number, link: *link })
        }
        Command::TieTicket { incident, .. } => {
            (now.incident == before.incident, now.incident == Some(*incident), Command::UntieTicket { number })
        }
        Command::UntieTicket { .. } => {
            let inverse = Command::TieTicket { number, incident: before.incident? };
            (now.incident == before.incident, now.incident.is_none(), inverse)
        }
        Command::MergeTicket { into, .. } => {
            (now.merged_into == before.merged_into, now.merged_into == Some(*into), Command::UndoMerge { number })
        }
        _ => return None,
    })
}

/// The same act on another ticket; `None` for what is about one ticket alone.
#[must_use]
pub fn again(command: &Command, number: TicketNumber) -> Option<Command> {
    let mut command = command.clone();
    match &mut command {
        Command::ClaimTicket { number: of }
        | Command::AssignTicket { number: of, .. }
        | Command::ReleaseTicket { number: of, .. }
        | Command::SetStatus { number: of, .. }
        | Command::SetPriority { number: of, .. }
        | Command::SetField { number: of, .. }
        | Command::MoveTicket { number: of, .. }
        | Command::AddTag { number: of, .. }
        | Command::RemoveTag { number: of, .. }
        | Command::AddParticipant { number: of, .. }
        | Command::RemoveParticipant { number: of, .. }
        | Command::LinkTicket { number: of, .. }
        | Command::UnlinkTicket { number: of, .. }
        | Command::TieTicket { number: of, .. }
        | Command::UntieTicket { number: of } => *of = number,
        _ => return None,
    }
    // No ticket is linked with itself, or tied to itself.
    let itself = match &command {
        Command::LinkTicket { link, .. } => link.number == number,
        Command::TieTicket { incident, .. } => *incident == number,
        _ => false,
    };
    (!itself).then_some(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{ANA, BEN, Desk, LEA, WEB, id};
    use crate::domain::ticket::{Link, LinkKind, Priority};

    /// Does the act, takes it back, and compares.
    fn round(command: &Command) -> (Ticket, Ticket, Ticket) {
        let mut desk = Desk::new();
        desk.create();
        desk.create();
        let lead = desk.who(LEA);
        let before = desk.ticket(1).clone();
        desk.run(&lead, command).unwrap();
        let done = desk.ticket(1).clone();
        let Back::Command { command: inverse, version } = back(command, &before, &done, id(LEA)) else {
            panic!("{command:?} has no way back")
        };
        assert_eq!(back(command, &before, &before, id(LEA)), Back::NotDone);
        desk.base_version = Some(version);
        desk.run(&lead, &inverse).unwrap();
        (before, done, desk.ticket(1).clone())
    }

    #[test]
    fn each_act_has_its_inverse() {
        let number = TicketNumber(1);
        let link = Link { kind: LinkKind::RelatesTo, number: TicketNumber(2) };
        for command in [
            Command::ClaimTicket { number },
            Command::AssignTicket { number, person: id(ANA) },
            Command::SetStatus { number, status: Status::Pending },
            Command::SetPriority { number, priority: Priority::Urgent },
            Command::SetSubject { number, subject: "another".into() },
            Command::SetField { number, name: "serial".into(), value: "7".into() },
            Command::MoveTicket { number, queue: id(WEB) },
            Command::AddTag { number, tag: "storm".into() },
            Command::AddParticipant { number, person: id(BEN) },
            Command::LinkTicket { number, link },
        ] {
            assert!(possible(&command));
            let (before, done, after) = round(&command);
            assert_ne!(before, done, "{command:?}");
            let plain = |ticket: &Ticket| {
                let ticket = ticket.clone();
                (
                    ticket.assignee,
                    ticket.priority,
                    ticket.subject,
                    ticket.fields,
                    ticket.queue,
                    ticket.tags,
                    ticket.participants,
                    ticket.links,
                )
            };
            assert_eq!(plain(&before), plain(&after), "{command:?}");
        }
    }

    #[test]
    fn what_somebody_changed_since_stays() {
        let mut desk = Desk::new();
        desk.create();
        let before = desk.ticket(1).clone();
        let number = TicketNumber(1);
        let claim = Command::ClaimTicket { number };
        let others = Ticket { assignee: Some(id(BEN)), ..before.clone() };
        assert_eq!(back(&claim, &before, &others, id(ANA)), Back::Changed);
        let release = Command::ReleaseTicket { number, reason: None };
        let mine = Ticket { assignee: Some(id(ANA)), ..before.clone() };
        assert_eq!(back(&release, &mine, &others, id(ANA)), Back::Changed, "the desk gave it to somebody meanwhile");
        let Back::Command { command, .. } = back(&release, &mine, &before, id(ANA)) else { panic!() };
        assert_eq!(*command, Command::AssignTicket { number, person: id(ANA) });
        let field = |value: Value| Command::SetField { number, name: "a".into(), value };
        let with = |value: &str| Ticket { fields: [("a".to_owned(), Value::from(value))].into(), ..before.clone() };
        assert_eq!(back(&field(Value::Null), &with("x"), &with("y"), id(ANA)), Back::Changed);
        let Back::Command { command, .. } = back(&field(Value::Null), &with("x"), &before, id(ANA)) else { panic!() };
        assert_eq!(*command, field("x".into()));
    }

    #[test]
    fn an_act_is_done_again_to_another_ticket_but_never_to_itself() {
        let other = TicketNumber(9);
        let again = |command: Command| super::again(&command, other);
        let number = TicketNumber(1);
        assert_eq!(again(Command::ClaimTicket { number }), Some(Command::ClaimTicket { number: other }));
        let link = Link { kind: LinkKind::Blocks, number: other };
        assert_eq!(again(Command::LinkTicket { number, link }), None);
        assert_eq!(again(Command::MergeTicket { number, into: TicketNumber(2) }), None);
    }
}
