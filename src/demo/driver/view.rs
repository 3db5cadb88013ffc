//! What the traffic knows of the desk, read over HTTP.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Colleagues, DriveError};
use crate::demo::traffic::{TrafficView, ViewEscalation, ViewTicket};
use crate::domain::Timestamp;
use crate::domain::escalation::{Escalation, EscalationState};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::person::{AgentState, Person, Presence, Role};
use crate::domain::roster::Shift;
use crate::wire::list::Items;
use crate::wire::ticket::TicketList;

/// Threads whose ticket is remembered.
const THREADS_MAX: usize = 1_000;
/// Pages of 200 unsolved tickets that are looked at.
const PAGES: usize = 2;

/// Looks at the desk as its admin.
pub(super) struct Watcher {
    pub(super) admin: PersonId,
    /// Left alone: somebody real works as them.
    pub(super) except: Option<PersonId>,
    handles: HashMap<PersonId, String>,
    experts: HashSet<PersonId>,
    threads: HashMap<TicketNumber, String>,
    order: VecDeque<TicketNumber>,
}

/// Everybody on duty with their presence.
pub(super) struct Duty(pub(super) Vec<(PersonId, Presence)>);

impl Watcher {
    pub(super) fn new(people: &[Person], admin: PersonId, except: Option<PersonId>) -> Self {
        let experts = people.iter().filter(|person| matches!(person.role, Role::Expert | Role::Lead));
        Self {
            admin,
            except,
            handles: people.iter().map(|person| (person.id, person.handle.clone())).collect(),
            experts: experts.map(|person| person.id).collect(),
            threads: HashMap::new(),
            order: VecDeque::new(),
        }
    }

    /// The ticket that a thread of the traffic's own opened.
    pub(super) fn opened(&mut self, number: TicketNumber, thread: String) {
        if self.threads.insert(number, thread).is_none() {
            self.order.push_back(number);
        }
        if self.order.len() > THREADS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.threads.remove(&oldest);
        }
    }

    fn handle(&self, person: PersonId) -> Option<String> {
        self.handles.get(&person).filter(|_| Some(person) != self.except).cloned()
    }

    pub(super) async fn duty(&self, colleagues: &Colleagues) -> Result<Duty, DriveError> {
        let shifts: Items<Shift> = colleagues.get(self.admin, "/api/v1/on-duty").await?;
        let states: Items<AgentState> = colleagues.get(self.admin, "/api/v1/agent-states").await?;
        let presences: HashMap<PersonId, Presence> = states.items.iter().map(|state| (state.person, state.presence)).collect();
        let mut people: Vec<PersonId> = shifts.items.iter().map(|shift| shift.person).collect();
        people.sort_unstable();
        people.dedup();
        Ok(Duty(people.into_iter().map(|person| (person, presences.get(&person).copied().unwrap_or_default())).collect()))
    }

    /// The view before a draw.
    pub(super) async fn look(&self, colleagues: &Colleagues, duty: &Duty, now: Timestamp) -> Result<TrafficView, DriveError> {
        let with = |presences: &[Presence]| {
            let fits = duty.0.iter().filter(|(_, presence)| presences.contains(presence));
            fits.filter_map(|(person, _)| self.handle(*person)).collect::<Vec<_>>()
        };
        Ok(TrafficView {
            now,
            tickets: self.tickets(colleagues).await?,
            available: with(&[Presence::Available]),
            away: with(&[Presence::Away, Presence::Busy]),
            escalations: self.escalations(colleagues, duty).await?,
        })
    }

    async fn tickets(&self, colleagues: &Colleagues) -> Result<Vec<ViewTicket>, DriveError> {
        let mut path = "/api/v1/tickets?status=new,open,pending,on_hold&limit=200".to_owned();
        let mut found = Vec::new();
        for _ in 0..PAGES {
            let page: TicketList = colleagues.get(self.admin, &path).await?;
            found.extend(page.tickets.into_iter().map(|ticket| ViewTicket {
                number: ticket.number,
                thread: self.threads.get(&ticket.number).cloned(),
                assignee: ticket.assignee.and_then(|person| self.handle(person)),
                awaits_reply: ticket.awaits_reply,
                status: ticket.status,
            }));
            let Some(next) = page.next else { break };
            path = format!("/api/v1/tickets?status=new,open,pending,on_hold&limit=200&cursor={next}");
        }
        Ok(found)
    }

    /// The calls of those on duty: each sees their own.
    async fn escalations(&self, colleagues: &Colleagues, duty: &Duty) -> Result<Vec<ViewEscalation>, DriveError> {
        let mut found = Vec::new();
        for (person, _) in duty.0.iter().filter(|(person, _)| self.experts.contains(person)) {
            let Some(expert) = self.handle(*person) else { continue };
            let calls: Items<Escalation> = colleagues.get(*person, "/api/v1/escalations").await?;
            found.extend(calls.items.into_iter().map(|call| ViewEscalation {
                id: call.id,
                number: call.ticket,
                expert: expert.clone(),
                accepted: matches!(call.state, EscalationState::Accepted | EscalationState::Joined),
            }));
        }
        Ok(found)
    }
}
