//! SLA clocks over HTTP: the ledger, steps that reach a webhook, and edits of policy and calendar that plan open tickets again.

use dutydesk::base::clock::new_id;
use dutydesk::domain::calendar::{BusinessHours, Calendar};
use dutydesk::domain::command::Command;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::notice::{Notice, NoticeKind};
use dutydesk::domain::queue::Queue;
use dutydesk::domain::sla::ClockKind;
use dutydesk::domain::sla::intervals::{ClockRecord, ClockState};
use dutydesk::domain::sla::ledger::{ClockCause, ClockEventKind};
use dutydesk::domain::sla::policy::{SlaStep, StepAct, StepAt};
use dutydesk::domain::ticket::Status;
use dutydesk::domain::webhook::Webhook;
use dutydesk::wire::list::Items;

use crate::desk::{TestDesk, Who, assert_refused};

async fn record(who: &Who, number: TicketNumber) -> ClockRecord {
    who.api.get(&format!("/api/v1/tickets/{number}/clocks")).await.unwrap()
}

async fn edit(desk: &TestDesk, change: impl FnOnce(&mut Queue)) {
    let queues: Items<Queue> = desk.lead.api.get("/api/v1/queues").await.unwrap();
    let mut queue = queues.items.into_iter().find(|queue| queue.id == desk.pumps).unwrap();
    change(&mut queue);
    desk.lead.act(Command::PutQueue(Box::new(queue))).await.unwrap();
}

fn resolution(record: &ClockRecord) -> &dutydesk::domain::sla::Clock {
    record.clocks.iter().find(|clock| clock.kind == ClockKind::Resolution).unwrap()
}

/// Around the clock but for these hours of every day.
fn calendar(from: &str, to: &str) -> Calendar {
    use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    Calendar {
        id: new_id().into(),
        version: 0,
        key: "office".into(),
        name: "Office".into(),
        time_zone: "UTC".into(),
        hours: vec![BusinessHours {
            weekdays: vec![Mon, Tue, Wed, Thu, Fri, Sat, Sun],
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        }],
        holidays: Vec::new(),
        active: true,
        editions: Vec::new(),
    }
}

#[tokio::test]
async fn the_record_lists_intervals_with_their_causes() {
    let desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.pass(600).await;
    desk.ann.act(Command::SetStatus { number, status: Status::Pending }).await.unwrap();
    desk.pass(300).await;
    let shown = record(&desk.ann, number).await;
    let spans: Vec<_> = shown.intervals.iter().filter(|one| one.clock == ClockKind::Resolution).collect();
    assert_eq!((spans[0].state, spans[0].spent_ms, &spans[0].why), (ClockState::Running, 600_000, &ClockCause::Arrived));
    assert_eq!((spans[1].state, spans[1].to, spans[1].spent_ms), (ClockState::Paused, None, 600_000));
    assert_eq!(spans[1].why, ClockCause::Status { status: Status::Pending });
    // The first answer is owed all the while.
    let first: Vec<_> = shown.intervals.iter().filter(|one| one.clock == ClockKind::FirstResponse).collect();
    assert_eq!((first.len(), first[0].spent_ms), (1, 900_000));
    assert_refused(desk.zoe.get(&format!("/api/v1/tickets/{number}/clocks")).await, 404, "not_found");
}

#[tokio::test]
async fn a_step_calls_a_webhook_and_a_person_once() {
    let mut desk = TestDesk::new().await;
    let webhook = Webhook {
        id: new_id().into(),
        version: 0,
        key: "phone".into(),
        name: "Phone".into(),
        url: "https://phone.invalid/".into(),
        secret: "0123456789abcdef".into(),
        allow_private: false,
        active: true,
        events: Vec::new(),
        person: None,
        queue: None,
    };
    desk.admin.act(Command::PutWebhook(Box::new(webhook.clone()))).await.unwrap();
    let bob = desk.bob.person.id;
    edit(&desk, |queue| {
        queue.sla.steps = vec![SlaStep {
            key: "page".into(),
            clocks: vec![ClockKind::FirstResponse],
            at: StepAt::AfterBreach { secs: 60 },
            acts: vec![StepAct::CallWebhook { webhook: webhook.id }, StepAct::NotifyPerson { person: bob }],
        }];
    })
    .await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    desk.stop().await;
    desk.clock.advance(chrono::Duration::seconds(1_090));
    desk.start_again().await;
    let told = NoticeKind::SlaStep { step: "page".into(), clock: ClockKind::FirstResponse };
    let count = async |desk: &TestDesk| {
        let notices: Items<Notice> = desk.bob.api.get("/api/v1/notices").await.unwrap();
        notices.items.iter().filter(|notice| notice.kind == told).count()
    };
    desk.bob.until("the step", async || (count(&desk).await > 0).then_some(())).await;
    let late = |record: &ClockRecord| {
        let fired = record.events.iter().filter_map(|event| match &event.event {
            ClockEventKind::Fired { step, late_ms, .. } => Some((step.clone(), *late_ms)),
            _ => None,
        });
        fired.collect::<Vec<_>>()
    };
    let expected = [("breach".to_owned(), 90_000), ("page".to_owned(), 30_000)];
    assert_eq!(late(&record(&desk.ann, number).await), expected);
    desk.stop().await;
    desk.start_again().await;
    // Something else comes due: by then the job has looked at this ticket too.
    let marker = desk.ann.open("pumps", "marker").await;
    desk.pass(1_000).await;
    desk.bob
        .until("the marker", async || {
            let shown = record(&desk.ann, marker).await;
            shown.events.iter().any(|event| matches!(event.event, ClockEventKind::Fired { .. })).then_some(())
        })
        .await;
    assert_eq!(late(&record(&desk.ann, number).await), expected);
    assert_eq!(count(&desk).await, 1);
    desk.stop().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.path("desk.sqlite")).read_only(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let bodies: Vec<String> = sqlx::query_scalar("SELECT data FROM deliveries").fetch_all(&pool).await.unwrap();
    let bodies: Vec<_> = bodies.iter().filter(|body| body.contains(&format!("\\\"number\\\":{number}"))).collect();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    assert!(bodies[0].contains("sla_step"));
}

#[tokio::test]
async fn edits_of_policy_and_calendar_plan_open_tickets_again() {
    let mut desk = TestDesk::new().await;
    let number = desk.ann.open("pumps", "Pump 4").await;
    let start = desk.clock.now();
    assert_eq!(resolution(&record(&desk.ann, number).await).due_at, start + chrono::Duration::seconds(100_000));
    // 03:00 of a day: the office opens at 09:00 and closes at 17:00.
    let office = calendar("09:00:00", "17:00:00");
    desk.lead.act(Command::PutCalendar(Box::new(office.clone()))).await.unwrap();
    edit(&desk, |queue| {
        queue.sla.calendar = Some(office.id);
        for targets in queue.sla.targets.values_mut() {
            targets.resolution_secs = Some(4 * 3_600);
        }
    })
    .await;
    let planned = async |desk: &TestDesk, hour: i64| {
        let due = start + chrono::Duration::hours(hour);
        desk.lead.until("the plan", async || Some(record(&desk.ann, number).await).filter(|shown| resolution(shown).due_at == due)).await
    };
    planned(&desk, 10).await;
    // The server is down while the clock moves to 11:00, two hours into the day.
    desk.stop().await;
    desk.clock.advance(chrono::Duration::hours(8));
    desk.start_again().await;
    let earlier = Calendar { hours: calendar("06:00:00", "12:00:00").hours, ..office };
    desk.lead.act(Command::PutCalendar(Box::new(earlier))).await.unwrap();
    // Two hours are spent, one is left of this day, one is of the next from 06:00.
    let shown = planned(&desk, 28).await;
    assert_eq!(resolution(&shown).spent_ms, 2 * 3_600_000);
    let causes: Vec<_> =
        shown.events.iter().filter(|event| event.clock == ClockKind::Resolution).map(|event| event.cause.clone()).collect();
    assert_eq!(causes[0], ClockCause::Arrived);
    assert!(causes[1..].contains(&ClockCause::Policy));
}
