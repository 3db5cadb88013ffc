//! The desk in memory: lends a command's rules the rows they ask for, and applies what they return. Lean: the audit, decisions,
//! notices and messages are counted or dropped, because nothing of a simulation reads them.

use std::cell::Cell;
use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::assignment::Assignment;
use crate::domain::command::{Actor, Change, Command, Context, Facts, Needs, Outcome, decide, needs};
use crate::domain::conversation::Conversation;
use crate::domain::directory::Directory;
use crate::domain::escalation::Escalation;
use crate::domain::id::{IntakeChannelId, PersonId, RequesterId, TicketNumber};
use crate::domain::person::AgentStates;
use crate::domain::requester::Requester;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::row::Row;
use crate::domain::ticket::Ticket;
use crate::domain::{Refusal, Timestamp};

/// Ids made while it runs lie above those of the scenario's rows.
const FIRST_ID: u128 = 1 << 96;

/// What a command did to tickets.
#[derive(Debug, Default)]
pub struct Done {
    /// Tickets changed or made, as they were before.
    pub tickets: Vec<(TicketNumber, Option<Box<Ticket>>)>,
}

/// What was written and not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub commands: u64,
    pub messages: u64,
    pub notices: u64,
    pub decisions: u64,
}

/// Rows of a simulated desk.
pub struct Desk {
    pub directory: Directory,
    pub states: AgentStates,
    pub counted: Counted,
    /// By number, from 1. A place is empty only while a rule has its ticket.
    tickets: Vec<Option<Ticket>>,
    /// Of each ticket, the one without an end.
    assignments: Vec<Option<Assignment>>,
    requesters: HashMap<String, Requester>,
    threads: HashMap<(IntakeChannelId, String), TicketNumber>,
    conversations: HashMap<Uuid, Conversation>,
    escalations: HashMap<TicketNumber, Vec<Escalation>>,
    /// Who was given each requester's tickets last: two, because a ticket does not count for itself.
    served: HashMap<RequesterId, [Option<(TicketNumber, PersonId)>; 2]>,
    duty: Option<DutyIndex>,
    next_id: Cell<u128>,
}

fn place(number: TicketNumber) -> usize {
    usize::try_from(number.0 - 1).unwrap_or(usize::MAX)
}

impl Desk {
    #[must_use]
    pub fn new(directory: Directory) -> Self {
        Self {
            directory,
            states: AgentStates::default(),
            counted: Counted::default(),
            tickets: Vec::new(),
            assignments: Vec::new(),
            requesters: HashMap::new(),
            threads: HashMap::new(),
            conversations: HashMap::new(),
            escalations: HashMap::new(),
            served: HashMap::new(),
            duty: None,
            next_id: Cell::new(FIRST_ID),
        }
    }

    #[must_use]
    pub fn ticket(&self, number: TicketNumber) -> Option<&Ticket> {
        self.tickets.get(place(number))?.as_ref()
    }

    /// Every ticket, by number.
    pub fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets.iter().flatten()
    }

    #[must_use]
    pub fn fresh(&self) -> Uuid {
        self.next_id.set(self.next_id.get() + 1);
        Uuid::from_u128(self.next_id.get())
    }

    /// Decides and applies a command.
    ///
    /// # Errors
    /// The rule's own refusal; nothing is changed then.
    pub fn execute(&mut self, now: Timestamp, actor: &Actor, command: &Command) -> Result<Done, Refusal> {
        self.counted.commands += 1;
        let needs = needs(command, actor.person().map(|person| person.id));
        if !self.duty.as_ref().is_some_and(|duty| duty.holds(now)) {
            self.duty = Some(DutyIndex::at(&self.directory, now));
        }
        let facts = self.lend(&needs);
        let decided = {
            let new_id = || self.fresh();
            let (directory, duty) = (&self.directory, self.duty.as_ref());
            let context = Context { now, actor, source: "simulation", base_version: None, directory, duty, new_id: &new_id };
            decide(command, &facts, &context)
        };
        self.take_back(facts);
        decided.map(|outcome| self.apply(outcome))
    }

    /// The rows asked for, moved out rather than copied: a day has a hundred thousand commands.
    fn lend(&mut self, needs: &Needs) -> Facts {
        let next = TicketNumber(i64::try_from(self.tickets.len()).unwrap_or(i64::MAX) + 1);
        let number = needs.ticket.or_else(|| self.threads.get(needs.thread.as_ref()?).copied());
        let at = number.map(place);
        let mut facts = Facts { next_number: next, agent_states: std::mem::take(&mut self.states), ..Facts::default() };
        facts.ticket = at.and_then(|at| self.tickets.get_mut(at)?.take());
        facts.assignment = at.and_then(|at| self.assignments.get_mut(at)?.take());
        facts.other = needs.other.and_then(|other| self.ticket(other).cloned());
        if (needs.ticket_conversation || needs.sla_steps) && !self.conversations.is_empty() {
            let row = |ticket: &Option<Ticket>| ticket.as_ref().and_then(|ticket| self.conversations.get(&ticket.conversation.0).cloned());
            facts.conversation = row(&facts.ticket);
            facts.other_conversation = row(&facts.other);
        }
        if needs.escalations || needs.sla_steps {
            facts.escalations = number.and_then(|number| self.escalations.get(&number).cloned()).unwrap_or_default();
        }
        if needs.last_served
            && let Some(ticket) = &facts.ticket
        {
            let last = self.served.get(&ticket.requester.id).into_iter().flatten().flatten();
            facts.last_served = last.copied().find(|(number, _)| *number != ticket.number).map(|(_, person)| person);
        }
        facts.requester = needs.requester.as_ref().and_then(|external| self.requesters.get(external).cloned());
        facts
    }

    fn take_back(&mut self, facts: Facts) {
        self.states = facts.agent_states;
        if let Some(ticket) = facts.ticket {
            let at = place(ticket.number);
            self.tickets[at] = Some(ticket);
        }
        if let Some(assignment) = facts.assignment {
            let at = place(assignment.ticket);
            self.assignments[at] = Some(assignment);
        }
    }

    fn apply(&mut self, outcome: Outcome) -> Done {
        let mut done = Done::default();
        for change in outcome.changes {
            match change {
                Change::PutTicket { before, after } => {
                    let (number, at) = (after.number, place(after.number));
                    if at >= self.tickets.len() {
                        self.tickets.resize_with(at + 1, || None);
                        self.assignments.resize_with(at + 1, || None);
                    }
                    self.tickets[at] = Some(*after);
                    done.tickets.push((number, before));
                }
                Change::PutAssignment(row) => {
                    let at = place(row.ticket);
                    self.serve(&row);
                    self.assignments[at] = Some(row).filter(|row| row.ended_at.is_none());
                }
                Change::Put(Row::AgentState(row)) => drop(self.states.insert(row.person, row)),
                Change::Put(Row::Conversation(row)) => drop(self.conversations.insert(row.id.0, row)),
                Change::Put(Row::Escalation(row)) => {
                    let rows = self.escalations.entry(row.ticket).or_default();
                    rows.retain(|old| old.id != row.id);
                    rows.push(row);
                }
                Change::Put(Row::Notice(_)) => self.counted.notices += 1,
                Change::PutMessage { .. } => self.counted.messages += 1,
                Change::PutDecision(_) => self.counted.decisions += 1,
                Change::PutRequester(row) => drop(self.requesters.insert(row.external.clone(), row)),
                Change::PutMerge(_) => {}
                Change::MapThread { channel, thread, ticket } => drop(self.threads.insert((channel, thread), ticket)),
                // The scenario's own rows do not change while it plays, and nobody reads the rest.
                _ => {}
            }
        }
        done
    }

    /// Remembers the last two tickets of a requester that somebody was given, the later first.
    fn serve(&mut self, row: &Assignment) {
        let Some(requester) = self.ticket(row.ticket).map(|ticket| ticket.requester.id) else { return };
        if row.ended_at.is_some() {
            return;
        }
        let last = self.served.entry(requester).or_default();
        if last[0].is_none_or(|(number, _)| number != row.ticket) {
            last[1] = last[0];
        }
        last[0] = Some((row.ticket, row.person));
    }
}
