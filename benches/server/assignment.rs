//! Who gets a ticket: the decision alone, in this process, and from a ticket's arrival over HTTP until a console hears who has it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use dutydesk::base::clock::{Clock, new_id};
use dutydesk::domain::assignment::choose::{Asked, choose};
use dutydesk::domain::id::PersonId;
use dutydesk::domain::person::AgentState;
use dutydesk::domain::queue::Strategy;
use dutydesk::domain::roster::duty::DutyIndex;
use dutydesk::domain::row::RowKind;
use dutydesk::domain::ticket::Ticket;
use dutydesk::store::sqlite;
use dutydesk::wire::sync::Batch;

use super::creations;
use super::desk::{Server, folder, head};
use super::figures::{Goal, figure, percentile};
use super::seed::{Shape, seed};

const PEOPLE: usize = 500;
const ARRIVALS: u32 = 2_000;
const RATE: u32 = 200;
const DECISIONS: usize = 500;
const LONGEST: Duration = Duration::from_secs(30);

/// What a stream hears of assignments: the instant at which each ticket's row first has an assignee.
async fn assigned(mut events: super::http::Events, expected: usize) -> HashMap<i64, Instant> {
    let mut heard_of = HashMap::new();
    while heard_of.len() < expected {
        let Ok(Ok(heard)) = tokio::time::timeout(LONGEST, events.next()).await else { break };
        if !heard.is_batch() {
            continue;
        }
        let text = String::from_utf8_lossy(&heard.text);
        let Some(batch) = text.split_once("data: ").and_then(|(_, data)| serde_json::from_str::<Batch>(data.trim()).ok()) else { continue };
        for change in batch.changes.iter().filter(|change| change.kind == RowKind::Ticket) {
            let row: Option<Ticket> = change.row.as_ref().and_then(|row| serde_json::from_str(row.get()).ok());
            if let Some(ticket) = row.filter(|ticket| ticket.assignee.is_some()) {
                heard_of.entry(ticket.number.0).or_insert(heard.at);
            }
        }
    }
    heard_of
}

pub async fn run() {
    let folder = folder();
    let shape = Shape { queues: 1, agents: PEOPLE, on_duty: true, strategy: Strategy::LeastLoaded, capacity: 20, ..Shape::plain() };
    let seeded = seed(folder.path(), &shape, async |_, _| {}).await;
    let server = Server::start(folder.path());
    let cursor = head(&server, &seeded.admin.token).await;
    let events = server.wire(&seeded.admin.token).await.stream(&cursor).await.expect("a stream").expect("a good cursor");
    let hearing = tokio::spawn(assigned(events, ARRIVALS as usize));
    let begun = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    const LANES: u32 = 16;
    for lane in 0..LANES {
        let mut wire = server.wire(&seeded.admin.token).await;
        tasks.spawn(async move {
            let mut sent = Vec::new();
            for number in (lane..ARRIVALS).step_by(LANES as usize) {
                tokio::time::sleep_until((begun + Duration::from_secs(1) * number / RATE).into()).await;
                let at = Instant::now();
                let answer = wire.post("/api/v1/tickets", &creations::body(u64::from(number), "queue-0")).await.expect("an answer").json();
                sent.push((answer["ticket"].as_i64().expect("a number"), at));
            }
            sent
        });
    }
    let sent: Vec<(i64, Instant)> = tasks.join_all().await.into_iter().flatten().collect();
    let took = begun.elapsed().as_secs_f64();
    let heard = hearing.await.expect("the stream is heard");
    let mut times: Vec<Duration> = sent.iter().filter_map(|(number, at)| Some(heard.get(number)?.duration_since(*at))).collect();
    figure("arrivals a second, 500 people on duty", f64::from(ARRIVALS) / took, "/s", Goal::AtLeast(f64::from(RATE) * 0.98));
    figure("assigned", times.len() as f64, "of 2,000", Goal::AtLeast(f64::from(ARRIVALS)));
    figure("arrival -> a console hears who has it, p50", percentile(&mut times, 0.5), "ms", Goal::None);
    figure("arrival -> a console hears who has it, p99", percentile(&mut times, 0.99), "ms", Goal::AtMost(1_000.0));
    figure(
        "the server's processor a ticket, assignment included",
        server.processor().as_secs_f64() * 1e3 / f64::from(ARRIVALS),
        "ms",
        Goal::None,
    );
    drop(server);
    decisions(folder.path()).await;
}

/// The rule alone, on the desk as it stands after the arrivals.
async fn decisions(folder: &std::path::Path) {
    let store = sqlite::open(&folder.join("desk.sqlite"), Clock::System).await.expect("the desk");
    let store: &dyn dutydesk::store::Store = &*store;
    let directory = store.directory().await.expect("the directory");
    let states: HashMap<PersonId, AgentState> =
        store.agent_states().await.expect("states").into_iter().map(|state| (state.person, state)).collect();
    let ticket = store.ticket(dutydesk::domain::id::TicketNumber(1)).await.expect("the store").expect("the first ticket");
    let ticket = Ticket { assignee: None, ..ticket };
    let now = Clock::System.now();
    let duty = DutyIndex::at(&directory, now);
    let queue = &directory.queues[&ticket.queue];
    for strategy in [Strategy::LeastLoaded, Strategy::RoundRobin, Strategy::SkillFirst, Strategy::Sticky] {
        let queue = dutydesk::domain::queue::Queue { strategy, ..queue.clone() };
        let mut times = Vec::new();
        for _ in 0..DECISIONS {
            let begun = Instant::now();
            let asked =
                Asked { queue: &queue, ticket: &ticket, directory: &directory, duty: &duty, states: &states, last_served: None, now };
            let decision = choose(new_id().into(), asked);
            times.push(begun.elapsed());
            assert!(decision.chosen.is_some() && decision.candidates.len() == PEOPLE, "{} candidates", decision.candidates.len());
        }
        let name = format!("decision among 500 people on duty, {strategy:?}, p99");
        figure(&name, percentile(&mut times, 0.99), "ms", Goal::AtMost(1.0));
    }
}
