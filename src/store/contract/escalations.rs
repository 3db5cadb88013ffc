//! What jobs and routes look for among calls for experts, and what a briefing reads.

use chrono::Duration;

use super::fixtures::*;
use crate::domain::command::Change;
use crate::domain::escalation::{Escalation, EscalationReason, EscalationState};
use crate::domain::id::{PersonId, TicketNumber};
use crate::domain::person::Role;
use crate::domain::requester::Site;
use crate::domain::row::Row;
use crate::domain::ticket::{SiteBrief, Status};
use crate::store::Store;

fn call(number: u64, expert: u64, state: EscalationState, due: Option<i64>) -> Escalation {
    Escalation {
        id: id(8, number),
        version: 1,
        ticket: TicketNumber(1),
        asked_by: id(2, 1),
        expert: id(2, expert),
        tier: 2,
        skill: None,
        code: EscalationReason::Other,
        reason: "pressure".into(),
        tried: String::new(),
        takes_over: false,
        state,
        result: None,
        verdict: None,
        asked_at: now(),
        accept_by: due.map(|secs| now() + Duration::seconds(secs)),
        follows: None,
        answered_at: None,
        joined_at: None,
        off_duty_at: None,
        ended_at: None,
    }
}

fn ids(calls: &[Escalation]) -> Vec<String> {
    calls.iter().map(|call| call.id.to_string()).collect()
}

/// Calls are due by their accept clock until they are answered, and an expert's calls are open until they leave.
pub(super) async fn finds_calls_for_jobs(store: &dyn Store) {
    let rows = [
        call(1, 5, EscalationState::Asked, Some(60)),
        call(2, 6, EscalationState::Asked, Some(30)),
        call(3, 5, EscalationState::Joined, None),
        call(4, 7, EscalationState::Declined, None),
        call(5, 5, EscalationState::Left, None),
        call(6, 8, EscalationState::Asked, None),
    ];
    let mut changes = vec![ticket_put(None, &ticket(1, id(1, 1)))];
    changes.extend(rows.iter().cloned().map(|row| Change::Put(Row::Escalation(row))));
    execute(store, changes).await;
    let due = async |secs| ids(&store.escalations_due(now() + Duration::seconds(secs), 10).await.unwrap());
    assert_eq!(due(29).await, Vec::<String>::new());
    assert_eq!(due(30).await, ids(&rows[1..2]));
    assert_eq!(due(60).await, ids(&[rows[1].clone(), rows[0].clone()]), "soonest first");
    assert_eq!(store.escalations_due(now() + Duration::seconds(60), 1).await.unwrap(), rows[1..2]);
    assert_eq!(store.next_escalation_due().await.unwrap(), Some(now() + Duration::seconds(30)));
    let experts: Vec<PersonId> = [5, 6, 8].map(|number| id(2, number)).into();
    assert_eq!(store.called_experts().await.unwrap(), experts);
    assert_eq!(store.open_escalations(id(2, 5), 10).await.unwrap(), [rows[0].clone(), rows[2].clone()]);
    assert_eq!(store.escalations(TicketNumber(1), 10).await.unwrap(), rows);
    // Answered: no clock; left: not open.
    let answered = Escalation { version: 2, state: EscalationState::Accepted, accept_by: None, ..rows[1].clone() };
    let left = Escalation { version: 2, state: EscalationState::Left, ..rows[2].clone() };
    execute(store, [answered, left].into_iter().map(|row| Change::Put(Row::Escalation(row))).collect()).await;
    assert_eq!(store.next_escalation_due().await.unwrap(), Some(now() + Duration::seconds(60)));
    assert_eq!(store.open_escalations(id(2, 5), 10).await.unwrap(), rows[..1]);
}

/// Newest first, of the queue or the site alone, and only what the viewer may see.
pub(super) async fn finds_tickets_for_briefings(store: &dyn Store) {
    let site = |number: u64| Site {
        id: id(9, number),
        version: 1,
        code: format!("S{number}"),
        name: format!("Shop {number}"),
        region: "North".into(),
        latitude: None,
        longitude: None,
    };
    let rows: Vec<_> = (1..=6)
        .map(|number| {
            let mut row = ticket(number, id(1, if number == 4 { 2 } else { 1 }));
            row.status = [Status::Open, Status::Solved, Status::Closed, Status::Solved, Status::Pending, Status::Closed]
                [usize::try_from(number).unwrap() - 1];
            let site = site(if number % 2 == 0 { 2 } else { 1 });
            row.requester.site = Some(SiteBrief { id: site.id, code: site.code, name: site.name, region: site.region });
            row
        })
        .collect();
    execute(store, rows.iter().map(|row| ticket_put(None, row)).collect()).await;
    let numbers = |tickets: Vec<crate::domain::ticket::Ticket>| tickets.into_iter().map(|row| row.number.0).collect::<Vec<_>>();
    let agent = person(1, Role::Agent, &[id(1, 1)]);
    let (lead, stranger) = (person(2, Role::Lead, &[]), person(3, Role::Agent, &[]));
    assert_eq!(numbers(store.solved_lately(&agent, id(1, 1), 10).await.unwrap()), [6, 3, 2]);
    assert_eq!(numbers(store.solved_lately(&agent, id(1, 1), 2).await.unwrap()), [6, 3]);
    assert_eq!(numbers(store.solved_lately(&agent, id(1, 2), 10).await.unwrap()), Vec::<i64>::new());
    assert_eq!(numbers(store.solved_lately(&lead, id(1, 2), 10).await.unwrap()), [4]);
    assert_eq!(numbers(store.site_tickets(&agent, site(2).id, 10).await.unwrap()), [6, 2]);
    assert_eq!(numbers(store.site_tickets(&lead, site(2).id, 2).await.unwrap()), [6, 4]);
    assert!(store.site_tickets(&stranger, site(1).id, 10).await.unwrap().is_empty());
}
