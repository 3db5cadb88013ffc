//! How late the steps of SLA clocks are: many armed, some of them due while it is measured.

use std::time::Duration;

use chrono::TimeDelta;
use dutydesk::base::clock::{Clock, new_id};
use dutydesk::domain::command::{Command, CreateTicket, RequesterInput};
use dutydesk::domain::ticket::{Kind, Priority};

use super::desk::{Server, folder, full};
use super::figures::{Goal, figure, percentile};
use super::seed::{Shape, seed};

/// Steps that come due one after the other, and those that do in the same second.
const SPREAD: i64 = 3_000;
const TOGETHER: i64 = 1_000;
/// The span in which they do, in seconds from the start on.
const FROM: i64 = 6;
const SPAN: i64 = 15;
const FIRST_RESPONSE: i64 = 36_000;

fn create(number: i64, queue: dutydesk::domain::id::QueueId) -> Command {
    Command::CreateTicket(Box::new(CreateTicket {
        queue,
        subject: format!("Pump {number}"),
        text: "The display is dark.".to_owned(),
        message: new_id().into(),
        requester: RequesterInput { external: format!("shop:{}", number % 5_000), ..RequesterInput::default() },
        kind: Kind::default(),
        priority: Priority::default(),
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
    }))
}

pub async fn run() {
    let armed: i64 = if full() { 100_000 } else { 40_000 };
    let folder = folder();
    let shape = Shape { targets: (FIRST_RESPONSE, 864_000), ..Shape::plain() };
    let begun = Clock::System.now();
    // What is measured comes last and is written last, so that it is due after the start, however long the writing took.
    let seeded = seed(folder.path(), &shape, async |seed, seeded| {
        let queue = seeded.queues[0].id;
        seed.admin((0..armed).map(|number| create(number, queue)).collect()).await;
        // Their warning is due at 80 % of the target: they were made that long ago, less when they shall be due.
        let first = Clock::System.now() + TimeDelta::seconds(FROM) - TimeDelta::seconds(FIRST_RESPONSE * 8 / 10);
        let at = |number: i64| first + TimeDelta::milliseconds(SPAN * 1_000 * number.min(SPREAD) / SPREAD);
        seed.at((0..SPREAD + TOGETHER).map(|number| (at(number), create(armed + number, queue))).collect()).await;
    })
    .await;
    figure("armed and written", (Clock::System.now() - begun).as_seconds_f64(), "s", Goal::None);
    let server = Server::start(folder.path());
    let before = server.processor();
    tokio::time::sleep(Duration::from_secs((FROM + SPAN + 5).unsigned_abs())).await;
    let spent = (server.processor() - before).as_secs_f64() * 1e3 / (SPREAD + TOGETHER) as f64;
    let mut wire = server.wire(&seeded.admin.token).await;
    let (mut spread, mut together, mut early) = (Vec::new(), Vec::new(), 0);
    for number in armed..armed + SPREAD + TOGETHER {
        let record = wire.get(&format!("/api/v1/tickets/{}/clocks", number + 1)).await.expect("an answer").json();
        for event in record["events"].as_array().into_iter().flatten().map(|event| &event["event"]) {
            if let (Some("fired"), Some(late)) = (event["type"].as_str(), event["late_ms"].as_i64()) {
                early += i64::from(late < 0);
                let times = if number < armed + SPREAD { &mut spread } else { &mut together };
                times.push(Duration::from_millis(late.max(0).unsigned_abs()));
            }
        }
    }
    let armed = armed + SPREAD + TOGETHER;
    figure(
        &format!("steps fired, {armed} tickets armed"),
        (spread.len() + together.len()) as f64,
        "of 4,000",
        Goal::AtLeast((SPREAD + TOGETHER) as f64),
    );
    figure("fired early", early as f64, "", Goal::AtMost(0.0));
    figure("a step's lateness, 200 a second, p50", percentile(&mut spread, 0.5), "ms", Goal::None);
    figure("a step's lateness, 200 a second, p99", percentile(&mut spread, 0.99), "ms", Goal::AtMost(2_000.0));
    figure("a step's lateness, 1,000 in one instant, p99", percentile(&mut together, 0.99), "ms", Goal::AtMost(2_000.0));
    figure("the server's processor a step", spent, "ms", Goal::None);
}
