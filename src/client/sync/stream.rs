//! The two ways in which batches come: a stream of events, and long polls.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use eventsource_stream::Eventsource;
use futures::{Stream, StreamExt};
use reqwest::Method;
use reqwest::header::ACCEPT;
use tokio::sync::watch;

use crate::client::api::{ANSWER_MAX, Api, ApiError};
use crate::domain::here::HereNews;
use crate::wire::sync::Batch;

/// What a stream tells.
pub(super) enum Heard {
    Batch(Batch),
    Here(HereNews),
}

type Events = Pin<Box<dyn Stream<Item = Result<Heard, String>> + Send>>;

/// An open event stream.
pub(super) struct EventStream {
    events: Events,
    greeted: watch::Receiver<bool>,
    fell_silent: Arc<AtomicBool>,
}

impl EventStream {
    /// Opens the stream from `cursor`; who calls sets a limit. No byte for `silence` (heartbeats count) ends it.
    pub async fn open(api: &Api, cursor: &str, silence: Duration) -> Result<Self, ApiError> {
        let request = api.request(Method::GET, "/api/v1/sync").query(&[("cursor", cursor)]).header(ACCEPT, "text/event-stream");
        let response = api.send(request).await?;
        let status = response.status().as_u16();
        let kind = response.headers().get(reqwest::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("text/event-stream") {
            return Err(ApiError::Foreign { url: api.base().to_owned(), status });
        }
        let (seen, greeted) = watch::channel(false);
        let fell_silent = Arc::new(AtomicBool::new(false));
        let silent = Arc::clone(&fell_silent);
        let bytes = tokio_stream::StreamExt::timeout(response.bytes_stream(), silence).map(move |next| match next {
            Ok(Ok(bytes)) => {
                seen.send_if_modified(|seen| !std::mem::replace(seen, true));
                Ok(bytes)
            }
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => {
                silent.store(true, Ordering::SeqCst);
                Err("nothing was heard for too long".to_owned())
            }
        });
        let events = bytes.eventsource().filter_map(|event| async {
            match event {
                Ok(event) if event.event == "batch" => {
                    Some(serde_json::from_str(&event.data).map(Heard::Batch).map_err(|error| format!("a batch cannot be read: {error}")))
                }
                // Whose words cannot be read is not known to be here; nothing else depends on it.
                Ok(event) if event.event == "here" => serde_json::from_str(&event.data).ok().map(|news| Ok(Heard::Here(news))),
                Ok(_) => None,
                Err(error) => Some(Err(error.to_string())),
            }
        });
        Ok(Self { events: Box::pin(events), greeted, fell_silent })
    }

    /// What comes next; `None` when the server ended the stream.
    pub async fn next(&mut self) -> Option<Result<Heard, String>> {
        self.events.next().await
    }

    /// Whether it ended by silence: nobody closed it.
    pub fn fell_silent(&self) -> bool {
        self.fell_silent.load(Ordering::SeqCst)
    }

    /// Whether anything came at all: a proxy that holds a stream back until it ends lets nothing through.
    pub fn any_byte(&self) -> bool {
        *self.greeted.borrow()
    }

    /// For [`first_byte`].
    pub fn greeted(&self) -> watch::Receiver<bool> {
        self.greeted.clone()
    }
}

/// Waits for the first byte of a stream; for ever where it ends without one.
pub(super) async fn first_byte(greeted: &mut watch::Receiver<bool>) {
    if greeted.wait_for(|greeted| *greeted).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// One long poll; `here` is the mark of the last news of who is where.
pub(super) async fn poll(api: &Api, cursor: &str, here: i64, wait: Duration) -> Result<Batch, ApiError> {
    // Beyond what the server is asked to wait. A long batch over a thin link takes as long as it takes, while it comes.
    let grace = api.patience() / 2;
    let request = api
        .request(Method::GET, "/api/v1/sync")
        .query(&[("cursor", cursor), ("wait", &wait.as_secs().to_string()), ("here", &here.to_string())])
        .header(ACCEPT, "application/json");
    let response = api.open(request, wait + grace).await?;
    let status = response.status().as_u16();
    let foreign = || ApiError::Foreign { url: api.base().to_owned(), status };
    let body = api.body(response, Some(ANSWER_MAX), grace).await?.ok_or_else(foreign)?;
    serde_json::from_slice(&body).map_err(|_| foreign())
}
