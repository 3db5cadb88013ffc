//! Colleagues open what the desk gives them: otherwise it would take it back, and set them all away. Experts who are called in
//! come, before their call is passed on.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Colleagues, DriveError};
use crate::demo::SampleDesk;
use crate::domain::command::Command;
use crate::domain::escalation::{Escalation, EscalationState};
use crate::domain::id::{EscalationId, PersonId};
use crate::domain::person::Role;
use crate::wire::list::Items;
use crate::wire::ticket::TicketList;

/// How often colleagues look at what is new for them.
const PAUSE: Duration = Duration::from_secs(8);
/// Pages of 200 unsolved tickets that are looked at.
const PAGES: usize = 5;

/// Has colleagues accept what they are given, until `stop`. `except` is left alone: somebody real works as them.
pub async fn run_acceptance(desk: Arc<SampleDesk>, colleagues: Colleagues, except: Option<PersonId>, stop: CancellationToken) {
    let Some(admin) = desk.people.iter().find(|person| person.role == Role::Admin).map(|person| person.id) else { return };
    let mut seen = HashSet::new();
    let rounds = async {
        loop {
            if let Err(error) = accept_all(&colleagues, admin, except).await {
                tracing::debug!(%error, "colleagues look again later");
            }
            if let Err(error) = answer_calls(&colleagues, admin, except, &mut seen).await {
                tracing::debug!(%error, "experts look again later");
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = rounds => {}
        () = stop.cancelled() => {}
    }
}

async fn accept_all(colleagues: &Colleagues, admin: PersonId, except: Option<PersonId>) -> Result<(), DriveError> {
    let first = "/api/v1/tickets?status=new,open&limit=200";
    let mut path = first.to_owned();
    for _ in 0..PAGES {
        let page: TicketList = colleagues.get(admin, &path).await?;
        for ticket in page.tickets.into_iter().filter(|ticket| ticket.accept_by.is_some()) {
            let Some(person) = ticket.assignee.filter(|person| Some(*person) != except) else { continue };
            if let Err(error) = colleagues.command(person, Command::AcceptTicket { number: ticket.number }).await {
                tracing::debug!(%error, "a ticket was not accepted: it moved on meanwhile");
            }
        }
        let Some(next) = page.next else { break };
        path = format!("{first}&cursor={next}");
    }
    Ok(())
}

/// Experts accept a call when they see it the second time, and join when they have accepted it: so that both can be watched.
/// Some calls the traffic answers otherwise in between.
async fn answer_calls(
    colleagues: &Colleagues,
    admin: PersonId,
    except: Option<PersonId>,
    seen: &mut HashSet<EscalationId>,
) -> Result<(), DriveError> {
    let calls: Items<Escalation> = colleagues.get(admin, "/api/v1/escalations?all=true").await?;
    let open: HashSet<EscalationId> = calls.items.iter().map(|call| call.id).collect();
    for call in calls.items.iter().filter(|call| Some(call.expert) != except && seen.contains(&call.id)) {
        let (number, escalation) = (call.ticket, call.id);
        let command = match call.state {
            EscalationState::Asked => Command::AnswerEscalation { number, escalation, accept: true, reason: None },
            EscalationState::Accepted => Command::JoinEscalation { number, escalation },
            _ => continue,
        };
        if let Err(error) = colleagues.command(call.expert, command).await {
            tracing::debug!(%error, "a call was not answered: it moved on meanwhile");
        }
    }
    *seen = open;
    Ok(())
}
