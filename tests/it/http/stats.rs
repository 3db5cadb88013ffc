//! Figures: whose they are, and what they say.

use chrono::Duration;
use dutydesk::domain::stats::{Overview, Range};

use crate::desk::{TestDesk, Who, assert_refused};

async fn figures(who: &Who, query: &str) -> Overview {
    who.api.get(&format!("/api/v1/stats/overview{query}")).await.unwrap()
}

fn arrived(overview: &Overview) -> u32 {
    overview.steps.iter().map(|step| step.arrived).sum()
}

#[tokio::test]
async fn figures_tell_of_the_queues_one_works_in_and_no_other() {
    let desk = TestDesk::new().await;
    for text in ["Pump 1", "Pump 2"] {
        desk.lead.open("pumps", text).await;
    }
    desk.lead.open("web", "Page").await;
    let (ann, zoe, lead, vic) =
        (figures(&desk.ann, "").await, figures(&desk.zoe, "").await, figures(&desk.lead, "").await, figures(&desk.vic, "").await);
    assert_eq!([arrived(&ann), arrived(&zoe), arrived(&lead), arrived(&vic)], [2, 1, 3, 3]);
    assert_eq!(ann.queues.iter().map(|one| (one.queue, one.unsolved)).collect::<Vec<_>>(), [(desk.pumps, 2)]);
    assert_eq!(zoe.heat.iter().sum::<u32>(), 1);
    assert!(zoe.people.iter().all(|one| one.person == desk.zoe.person.id), "{:?}", zoe.people);
    assert_eq!(arrived(&figures(&desk.lead, "?queue=web&range=28d").await), 1);
    assert_refused(desk.ann.get("/api/v1/stats/overview?queue=web").await, 404, "not_found");
    assert_refused(desk.ann.get("/api/v1/stats/overview?queue=nothing").await, 404, "not_found");
    assert_refused(desk.ann.get("/api/v1/stats/overview?zone=Mars").await, 422, "invalid");
    assert_refused(desk.ann.get("/api/v1/stats/overview?range=year").await, 400, "invalid");
    assert_refused(desk.nobody().get::<Overview>("/api/v1/stats/overview").await, 401, "not_signed_in");
}

/// Taking part in a ticket of another queue shows that ticket, and no figures of its queue.
#[tokio::test]
async fn who_takes_part_in_one_ticket_learns_nothing_of_its_queue() {
    let desk = TestDesk::new().await;
    let number = desk.lead.open("web", "Page").await;
    desk.lead.post(&format!("/api/v1/tickets/{number}/assign"), serde_json::json!({"person": desk.ann.person.id})).await.unwrap();
    desk.ann.get(&format!("/api/v1/tickets/{number}")).await.unwrap();
    assert_eq!(arrived(&figures(&desk.ann, "").await), 0);
    assert_refused(desk.ann.get("/api/v1/stats/overview?queue=web").await, 404, "not_found");
}

#[tokio::test]
async fn they_are_counted_once_a_minute() {
    let desk = TestDesk::new().await;
    desk.lead.open("pumps", "Pump 1").await;
    let first = figures(&desk.ann, "").await;
    desk.lead.open("pumps", "Pump 2").await;
    let again = figures(&desk.bob, "").await;
    assert_eq!((first.at, arrived(&again)), (again.at, 1), "the same question in the same minute has the same answer");
    assert_eq!(arrived(&figures(&desk.ann, "?range=today").await), 2, "another question is counted anew");
    desk.clock.advance(Duration::seconds(60));
    let later = figures(&desk.ann, "").await;
    assert_eq!((arrived(&later), later.range, later.steps.len()), (2, Range::Day, 24));
}
