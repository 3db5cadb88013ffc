//! The server of a world: the real desk behind the real router, called in process. It has no task that runs by itself.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::{Method, Request as HttpRequest, header};
use dutydesk::base::clock::Clock;
use dutydesk::server::files::{Files, FilesConfig};
use dutydesk::server::presence::Connected;
use dutydesk::server::router::router;
use dutydesk::server::state::Desk;
use dutydesk::server::{AWAY_AFTER, feed};
use dutydesk::store::{Store, sqlite};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// A request as it goes over the wire.
#[derive(Clone, Debug, Hash)]
pub struct Request {
    pub post: bool,
    pub path: String,
    pub token: String,
    pub body: String,
}

/// An answer as it comes back.
#[derive(Clone, Debug, Hash)]
pub struct Answer {
    /// The step in which it was made.
    pub step: u64,
    pub status: u16,
    pub retry_after: Option<u64>,
    pub body: String,
}

struct Up {
    desk: Desk,
    router: Router,
    /// Somebody holds a stream open: the hub keeps entries.
    listener: Option<Connected>,
}

pub struct Server {
    pub path: PathBuf,
    pub clock: Clock,
    up: Option<Up>,
}

impl Server {
    pub fn new(path: PathBuf, clock: Clock) -> Self {
        Self { path, clock, up: None }
    }

    pub async fn open(&mut self) {
        let store = sqlite::open(&self.path, self.clock.clone()).await.unwrap();
        let away_after = chrono::TimeDelta::from_std(AWAY_AFTER).unwrap();
        let files = Files::open(FilesConfig::memory()).unwrap();
        let store: Arc<dyn Store> = store;
        let desk = Desk::new(store, self.clock.clone(), None, away_after, None, files, CancellationToken::new()).await.unwrap();
        self.up = Some(Up { router: router(desk.clone()), desk, listener: None });
    }

    /// What was committed stays; what was in memory is gone.
    pub async fn close(&mut self) {
        let Some(up) = self.up.take() else { return };
        drop(up.listener);
        up.desk.store.close().await;
    }

    pub fn is_up(&self) -> bool {
        self.up.is_some()
    }

    pub fn desk(&self) -> &Desk {
        &self.up.as_ref().expect("asked while the server is up").desk
    }

    /// The hub reads what was committed; whether somebody listens decides if it keeps it.
    pub async fn follow(&mut self, listened: Option<dutydesk::domain::id::PersonId>) {
        let clock = self.clock.clone();
        let Some(up) = &mut self.up else { return };
        up.listener = listened.map(|person| up.desk.presences.connect(person, &clock));
        feed::hub::catch_up(&up.desk).await.unwrap();
    }

    async fn call(&self, request: Request) -> (u16, Option<u64>, Body) {
        let up = self.up.as_ref().expect("asked while the server is up");
        let built = HttpRequest::builder()
            .method(if request.post { Method::POST } else { Method::GET })
            .uri(request.path)
            .header(header::AUTHORIZATION, format!("Bearer {}", request.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(request.body))
            .unwrap();
        let response = up.router.clone().oneshot(built).await.unwrap();
        let after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        (response.status().as_u16(), after, response.into_body())
    }

    pub async fn ask(&self, request: Request) -> Answer {
        let (status, retry_after, body) = self.call(request).await;
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { step: 0, status, retry_after, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// An answer that is read while it is made.
    pub async fn stream(&self, request: Request) -> Result<BodyDataStream, u16> {
        let (status, _, body) = self.call(request).await;
        if status == 200 { Ok(body.into_data_stream()) } else { Err(status) }
    }
}
