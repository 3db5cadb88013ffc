//! A server that holds a feed and misbehaves on order.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures::StreamExt;
use tokio::sync::Notify;
use tokio_stream::wrappers::UnboundedReceiverStream;

use crate::base::clock::Clock;
use crate::client::api::Api;
use crate::client::cache::tests::{me, now, ticket};
use crate::client::core::Timing;
use crate::client::desk::{DeskClient, DeskOptions};
use crate::client::sync::digest::Summer;
use crate::domain::command::{CommandResult, Submission};
use crate::domain::id::CommandKey;
use crate::domain::person::{Person, Role};
use crate::domain::row::Row;
use crate::domain::ticket::Ticket;
use crate::wire::command::{Answer, Answers, Submissions};
use crate::wire::problem::Problem;
use crate::wire::sync::{Batch, ChangeOp, Digest, RowChange, SnapshotLine};

/// How a request to sync goes wrong.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    Html502,
    Gone,
    SignedOut,
    RetryAfter(u64),
}

#[derive(Default)]
pub struct Told {
    pub snapshots: u32,
    pub streams: u32,
    pub polls: u32,
    pub digests: u32,
    pub commands: Vec<Vec<Submission>>,
}

#[derive(Default)]
pub struct Fake {
    pub rows: Mutex<Vec<Ticket>>,
    pub feed: Mutex<Vec<Ticket>>,
    pub trouble: Mutex<VecDeque<Trouble>>,
    pub command_trouble: Mutex<VecDeque<Trouble>>,
    /// Streams end at once.
    pub streams_die: Mutex<bool>,
    /// Answers to this many posts of commands are lost after the effect.
    pub lose_answers: Mutex<u32>,
    pub answered: Mutex<HashMap<CommandKey, u32>>,
    pub told: Mutex<Told>,
    news: Notify,
}

fn problem(status: u16, code: &str) -> Response {
    let problem = Problem {
        kind: format!("about:blank#{code}"),
        title: code.to_owned(),
        status,
        detail: format!("{code}."),
        code: code.to_owned(),
        field: None,
        request_id: None,
    };
    (StatusCode::from_u16(status).unwrap(), Json(problem)).into_response()
}

impl Trouble {
    fn response(self) -> Response {
        match self {
            Self::Html502 => (StatusCode::BAD_GATEWAY, "<html>Bad Gateway</html>").into_response(),
            Self::Gone => problem(410, "cursor_too_old"),
            Self::SignedOut => problem(401, "not_signed_in"),
            Self::RetryAfter(secs) => {
                let mut response = problem(503, "busy");
                response.headers_mut().insert(header::RETRY_AFTER, secs.into());
                response
            }
        }
    }
}

impl Fake {
    pub fn push(&self, row: Ticket) {
        let mut rows = self.rows.lock().unwrap();
        rows.retain(|old| old.number != row.number);
        rows.push(row.clone());
        self.feed.lock().unwrap().push(row);
        self.news.notify_waiters();
    }

    fn batch(&self, from: usize) -> Batch {
        let feed = self.feed.lock().unwrap();
        let changes = feed[from.min(feed.len())..].iter().map(|row| RowChange { op: ChangeOp::Put, ..change(row) }).collect();
        Batch { from: from.to_string(), to: feed.len().to_string(), more: false, now: now(), changes, here: None, skipped: 0 }
    }

    async fn news_after(&self, from: usize) -> Batch {
        loop {
            let news = self.news.notified();
            tokio::pin!(news);
            news.as_mut().enable();
            let batch = self.batch(from);
            if !batch.changes.is_empty() {
                return batch;
            }
            news.await;
        }
    }

    /// Serves until the test's runtime ends; returns the address.
    pub async fn serve(self: &Arc<Self>) -> String {
        let router = Router::new()
            .route("/api/v1/snapshot", get(snapshot))
            .route("/api/v1/sync", get(sync))
            .route("/api/v1/digest", get(digest))
            .route("/api/v1/commands", post(commands))
            .with_state(Arc::clone(self));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    /// A started client of this server, hasty by default.
    pub async fn client(self: &Arc<Self>, folder: &std::path::Path, timing: Timing) -> DeskClient {
        let options = options(Some(&self.serve().await), folder, timing);
        let client = DeskClient::open(options).await.unwrap();
        client.start();
        client
    }
}

pub fn options(url: Option<&str>, folder: &std::path::Path, timing: Timing) -> DeskOptions {
    let person = Person {
        id: me(),
        version: 1,
        handle: "mei".to_owned(),
        name: "Mei".to_owned(),
        role: Role::Agent,
        tier: 1,
        skills: Vec::new(),
        languages: Vec::new(),
        capacity: 5,
        time_zone: "UTC".to_owned(),
        email: None,
        region: None,
        queues: Vec::new(),
        active: true,
    };
    DeskOptions {
        api: url.map(|url| Api::new(url, Some("t")).unwrap()),
        cache_path: folder.join("desk.sqlite"),
        me: person,
        clock: Clock::manual(now()),
        timing,
    }
}

pub fn hasty() -> Timing {
    Timing { backoff: Duration::from_millis(2), backoff_max: Duration::from_millis(10), ..Timing::default() }
}

fn change(row: &Ticket) -> RowChange {
    crate::client::cache::tests::put(&Row::Ticket(Box::new(row.clone())))
}

async fn snapshot(State(fake): State<Arc<Fake>>) -> Response {
    fake.told.lock().unwrap().snapshots += 1;
    let rows = fake.rows.lock().unwrap().clone();
    let cursor = fake.feed.lock().unwrap().len().to_string();
    let mut lines = vec![SnapshotLine::Start { cursor, now: now(), epoch: None }];
    lines.extend(rows.iter().map(|row| {
        let change = change(row);
        SnapshotLine::Row { kind: change.kind, id: change.id, version: change.version, row: change.row.unwrap() }
    }));
    lines.push(SnapshotLine::End { rows: rows.len() as u64 });
    lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect::<String>().into_response()
}

async fn sync(State(fake): State<Arc<Fake>>, Query(query): Query<HashMap<String, String>>, headers: HeaderMap) -> Response {
    let trouble = fake.trouble.lock().unwrap().pop_front();
    let streamed = headers.get(header::ACCEPT).is_some_and(|accept| accept == "text/event-stream");
    {
        let mut told = fake.told.lock().unwrap();
        *(if streamed { &mut told.streams } else { &mut told.polls }) += 1;
    }
    if let Some(trouble) = trouble {
        return trouble.response();
    }
    let mut from: usize = query["cursor"].parse().unwrap();
    if !streamed {
        return Json(fake.news_after(from).await).into_response();
    }
    let (events, receiver) = tokio::sync::mpsc::unbounded_channel();
    if !*fake.streams_die.lock().unwrap() {
        events.send(Bytes::from(": hello\n\n")).unwrap();
        tokio::spawn(async move {
            loop {
                let batch = fake.news_after(from).await;
                from = batch.to.parse().unwrap();
                let event = format!("event: batch\ndata: {}\n\n", serde_json::to_string(&batch).unwrap());
                if events.send(Bytes::from(event)).is_err() {
                    break;
                }
            }
        });
    }
    let body = Body::from_stream(UnboundedReceiverStream::new(receiver).map(Ok::<_, std::convert::Infallible>));
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

async fn digest(State(fake): State<Arc<Fake>>) -> Json<Digest> {
    fake.told.lock().unwrap().digests += 1;
    let mut sum = Summer::default();
    for row in fake.rows.lock().unwrap().iter() {
        sum.add(&row.number.to_string(), row.version);
    }
    let cursor = fake.feed.lock().unwrap().len().to_string();
    Json(Digest { cursor, kinds: [("ticket".to_owned(), sum.finish())].into() })
}

async fn commands(State(fake): State<Arc<Fake>>, Json(sent): Json<Submissions>) -> Response {
    fake.told.lock().unwrap().commands.push(sent.commands.clone());
    if let Some(trouble) = fake.command_trouble.lock().unwrap().pop_front() {
        return trouble.response();
    }
    let mut answers = Vec::new();
    for submission in sent.commands {
        let times = {
            let mut answered = fake.answered.lock().unwrap();
            let times = answered.entry(submission.key).or_default();
            *times += 1;
            *times
        };
        let number = submission.command.ticket().unwrap();
        if times == 1 {
            fake.push(ticket(number.0, 2));
        }
        let result = CommandResult { ticket: Some(number), version: Some(2), ..CommandResult::default() };
        answers.push(Answer { key: submission.key, cursor: "x".to_owned(), result: Some(result), refusal: None, replayed: times > 1 });
    }
    let mut lose = fake.lose_answers.lock().unwrap();
    if *lose > 0 {
        *lose -= 1;
        return Trouble::Html502.response();
    }
    Json(Answers { answers }).into_response()
}
