//! Somebody who means harm, or a rule with a mistake: a second open assignment of a ticket, handed straight to the store. The schema
//! itself must refuse it.

use dutydesk::base::clock::{Clock, new_id};
use dutydesk::domain::assignment::{Assignment, AssignmentReason};
use dutydesk::domain::command::{Change, Command, Facts, Needs, Outcome, Submission};
use dutydesk::domain::id::{CommandKey, TicketNumber};
use dutydesk::store::{Store, Work, sqlite};
use dutydesk::wire::command::Submissions;

use super::desk::TestDesk;
use super::dice::Dice;
use super::writer;
use crate::check::{self, Evidence, Findings};

/// A desk whose one ticket is somebody's, when a rogue opens an assignment of somebody else: whether it was let, and what the checker
/// says.
pub async fn two_assignments() -> (bool, Findings) {
    let mut desk = TestDesk::new(2).await;
    let (mut dice, key) = (Dice::new(3), CommandKey(new_id()));
    let number = TicketNumber(1);
    for (who, key, command) in [
        (&desk.lead, key, writer::create(key, desk.queues[1], &mut dice)),
        (&desk.agents[0], CommandKey(new_id()), Command::ClaimTicket { number }),
    ] {
        let submission = Submission { key, base_version: None, expires_at: None, command };
        let answers = who.api(&desk.server.url).submit(&Submissions { commands: vec![submission], source: None }).await.expect("taken");
        assert!(answers.answers[0].refusal.is_none(), "{answers:?}");
    }
    desk.server.kill();
    let store = sqlite::open(&desk.database(), Clock::System).await.expect("the stopped desk");
    let now = Clock::System.now();
    let assignment = Assignment {
        id: new_id().into(),
        ticket: number,
        person: desk.agents[1].person.id,
        reason: AssignmentReason::Claimed,
        by: None,
        decision: None,
        started_at: now,
        ended_at: None,
        end_reason: None,
    };
    let decide = move |_: &Facts| Ok(Outcome { changes: vec![Change::PutAssignment(assignment.clone())], ..Outcome::default() });
    let work = Work { idempotency: None, needs: Needs::default(), decide: Box::new(decide), now };
    let let_in = store.execute(work).await.expect("the store answers").answer.is_ok();
    store.close().await;
    let findings = check::run(&Evidence { database: desk.database(), ..Evidence::default() }).await;
    (let_in, findings)
}

#[tokio::test]
async fn the_schema_refuses_a_second_assignee_whoever_asks() {
    let (let_in, findings) = two_assignments().await;
    println!("rogue: {findings}");
    assert!(!let_in, "a second assignment was let in");
    findings.assert_clean(&["assignments", "audit"]);
}
