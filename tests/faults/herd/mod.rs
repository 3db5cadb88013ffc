//! A herd: many consoles lose their server at once and come back to the next one, while somebody goes on working. The figures with
//! 5,000 of them are `cargo bench --bench server -- herd`; here it is shown that nobody is left out, and how they are let in.

use std::time::Duration;

use dutydesk::base::backoff::Backoff;
use dutydesk::base::clock::new_id;
use dutydesk::client::api::{Api, ApiError, Retry};
use dutydesk::domain::command::{Command, CreateTicket, RequesterInput, Submission};
use dutydesk::domain::id::QueueId;
use dutydesk::domain::ticket::{Kind, Priority};
use dutydesk::wire::command::Submissions;
use dutydesk::wire::sync::Batch;
use futures::StreamExt;
use reqwest::Method;

use crate::kill::desk::TestDesk;

/// Consoles, each a connection of its own.
const CONSOLES: usize = 200;
/// Tries of one console, and how long one may last: a herd that is not back by then never will be.
const TRIES: usize = 60;
const LONGEST: Duration = Duration::from_secs(60);
/// Commands of the one who works on.
const COMMANDS: usize = 20;

fn create(queue: QueueId) -> Submission {
    let command = Command::CreateTicket(Box::new(CreateTicket {
        queue,
        subject: "Pump 4".to_owned(),
        text: "It does not start.".to_owned(),
        message: new_id().into(),
        requester: RequesterInput { external: "shop:1".to_owned(), ..RequesterInput::default() },
        kind: Kind::default(),
        priority: Priority::Normal,
        tags: Vec::new(),
        fields: std::collections::BTreeMap::new(),
    }));
    Submission { key: new_id().into(), base_version: None, expires_at: None, command }
}

/// Sends until it is acknowledged.
async fn acknowledged(api: &Api, submission: Submission) {
    let mut backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(1));
    for _ in 0..TRIES {
        match api.submit(&Submissions { source: None, commands: vec![submission.clone()] }).await {
            Ok(answers) => {
                assert!(answers.answers[0].refusal.is_none(), "{:?}", answers.answers[0].refusal);
                return;
            }
            Err(error) => tokio::time::sleep(backoff.next(intended(&error), rand::random())).await,
        }
    }
    panic!("a command was never acknowledged");
}

/// A failure that a herd may meet: no connection, or being told when to come back.
fn intended(error: &ApiError) -> Duration {
    match error {
        ApiError::Unreachable { .. } => Duration::ZERO,
        ApiError::Problem(problem, Some(after)) if problem.status == 503 => {
            assert!(*after >= Duration::from_secs(1), "told to come back at once: {problem:?}");
            *after
        }
        other => panic!("not what a herd should meet: {other} ({:?})", other.retry() == Retry::Never),
    }
}

/// Opens a stream from `cursor` and follows it to the end of what was missed.
async fn caught_up(api: Api, cursor: String) -> String {
    let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(2));
    for _ in 0..TRIES {
        let request = api.request(Method::GET, &format!("/api/v1/sync?cursor={cursor}")).header("accept", "text/event-stream");
        match api.send(request).await {
            Ok(response) => {
                let mut events = eventsource_stream::Eventsource::eventsource(response.bytes_stream());
                while let Some(Ok(event)) = events.next().await {
                    let batch: Option<Batch> = (event.event == "batch").then(|| serde_json::from_str(&event.data).expect("a batch"));
                    if let Some(batch) = batch.filter(|batch| !batch.more) {
                        return batch.to;
                    }
                }
            }
            Err(error) => tokio::time::sleep(backoff.next(intended(&error), rand::random())).await,
        }
    }
    panic!("a console never came back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_come_back_and_work_goes_on_meanwhile() {
    let mut desk = TestDesk::new(8).await;
    let cursor = desk.cursor().await;
    let admin = desk.admin.api(&desk.server.url);
    // Missed by all, and on the disk alone once the server is killed.
    for _ in 0..COMMANDS {
        acknowledged(&admin, create(desk.queues[1])).await;
    }
    desk.server.kill();
    let mut herd = tokio::task::JoinSet::new();
    for number in 0..CONSOLES {
        // The herd is at the door before it opens.
        let who = &desk.agents[number % desk.agents.len()];
        herd.spawn(tokio::time::timeout(LONGEST, caught_up(who.api(&desk.server.url), cursor.clone())));
    }
    let queue = desk.queues[1];
    let work = tokio::spawn(async move {
        for _ in 0..COMMANDS {
            acknowledged(&admin, create(queue)).await;
        }
    });
    desk.server.start_again(&[]);
    let back = herd.join_all().await;
    assert!(back.iter().all(Result::is_ok), "{} of {CONSOLES} came back", back.iter().filter(|one| one.is_ok()).count());
    work.await.expect("all commands are acknowledged");
    let again = caught_up(desk.admin.api(&desk.server.url), cursor.clone()).await;
    assert_ne!(again, cursor);
}
