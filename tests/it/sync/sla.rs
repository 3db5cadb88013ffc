//! SLA steps fire once each, by a clock that the test moves, and stay fired over a restart.

use dutydesk::domain::command::Command;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::notice::{Notice, NoticeKind};
use dutydesk::domain::sla::ClockKind;
use dutydesk::domain::ticket::Ticket;
use dutydesk::wire::list::Items;

use crate::desk::{TestDesk, Who};

async fn told(who: &Who, number: TicketNumber, kind: NoticeKind) -> usize {
    let notices: Items<Notice> = who.api.get("/api/v1/notices").await.unwrap();
    notices.items.iter().filter(|notice| notice.ticket == Some(number) && notice.kind == kind).count()
}

async fn wait(desk: &TestDesk, number: TicketNumber, what: &str, fired: impl Fn(&Ticket) -> bool) -> Ticket {
    desk.lead.until(what, async || Some(desk.lead.ticket(number).await).filter(|ticket| fired(ticket))).await
}

fn warned(ticket: &Ticket) -> bool {
    ticket.clocks.iter().any(|clock| clock.kind == ClockKind::FirstResponse && clock.warned_at.is_some())
}

fn breached(ticket: &Ticket) -> bool {
    ticket.clocks.iter().any(|clock| clock.kind == ClockKind::FirstResponse && clock.breached_at.is_some())
}

/// Waits until the jobs have looked at the desk since the clock was moved: a second ticket's step has fired.
async fn jobs_ran(desk: &TestDesk) {
    let marker = desk.zoe.open("web", "marker").await;
    desk.pass(801).await;
    wait(desk, marker, "the marker's warning", warned).await;
}

#[tokio::test]
async fn warning_and_breach_fire_exactly_once_and_a_restart_fires_neither_again() {
    let mut desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.ann.act(Command::ClaimTicket { number }).await.unwrap();
    // Claiming is no answer: the first response is still owed. 1000 seconds, warned of at 800.
    desk.pass(799).await;
    assert!(!warned(&desk.ann.ticket(number).await));
    desk.pass(1).await;
    wait(&desk, number, "the warning", warned).await;
    assert_eq!(told(&desk.ann, number, NoticeKind::SlaWarning).await, 1);
    desk.pass(200).await;
    let ticket = wait(&desk, number, "the breach", breached).await;
    assert_eq!(told(&desk.ann, number, NoticeKind::SlaBreached).await, 1);
    assert_eq!(told(&desk.lead, number, NoticeKind::SlaBreached).await, 1);
    desk.stop().await;
    desk.start_again().await;
    jobs_ran(&desk).await;
    assert_eq!(desk.ann.ticket(number).await.clocks, ticket.clocks);
    assert_eq!(told(&desk.ann, number, NoticeKind::SlaWarning).await, 1);
    assert_eq!(told(&desk.ann, number, NoticeKind::SlaBreached).await, 1);
    assert_eq!(told(&desk.lead, number, NoticeKind::SlaBreached).await, 1);
}

#[tokio::test]
async fn steps_that_came_due_while_the_server_was_down_fire_when_it_is_back() {
    let mut desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.ann.act(Command::ClaimTicket { number }).await.unwrap();
    desk.stop().await;
    desk.clock.advance(chrono::Duration::seconds(5_000));
    desk.start_again().await;
    wait(&desk, number, "the breach", breached).await;
    assert_eq!(told(&desk.ann, number, NoticeKind::SlaWarning).await, 0, "a warning would come too late to help");
    assert_eq!(told(&desk.ann, number, NoticeKind::SlaBreached).await, 1);
}
