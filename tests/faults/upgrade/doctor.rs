//! Another version of the server: everything goes to the real one, and its answers come back rewritten.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use dutydesk::wire::protocol::PROTOCOL_HEADER;
use serde_json::Value;

/// How answers are rewritten now.
#[derive(Clone, Copy)]
pub struct Treatment {
    /// What the server says it speaks; as the real one when absent.
    pub speaks: Option<&'static str>,
    /// Rewrites one row of sync, by its kind.
    pub row: fn(&str, &mut Value),
    /// What else a snapshot and each batch bring.
    pub more: fn() -> Vec<Value>,
}

impl Treatment {
    pub const NONE: Self = Self { speaks: None, row: |_, _| (), more: Vec::new };
}

pub struct Doctor {
    pub url: String,
    pub treatment: Mutex<Treatment>,
    pub requests: AtomicUsize,
    real: String,
    http: reqwest::Client,
}

impl Doctor {
    pub async fn before(real: &str, treatment: Treatment) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (treatment, requests) = (Mutex::new(treatment), AtomicUsize::new(0));
        let doctor = Arc::new(Self { url, treatment, requests, real: real.to_owned(), http: reqwest::Client::new() });
        let app = Router::new().fallback(forward).with_state(Arc::clone(&doctor));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        doctor
    }

    pub fn treat(&self, treatment: Treatment) {
        *self.treatment.lock().unwrap() = treatment;
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn rewrite(&self, path: &str, body: &[u8]) -> Vec<u8> {
        let Treatment { row, more, .. } = *self.treatment.lock().unwrap();
        if path == "/api/v1/snapshot" {
            let mut lines: Vec<Value> = body.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
            lines.iter_mut().for_each(|line| treat(line, row));
            let end = lines.pop().unwrap();
            let rows = end["rows"].as_u64().unwrap() + more().len() as u64;
            lines.extend(more().into_iter().map(|mut line| {
                line["type"] = "row".into();
                line
            }));
            lines.push(serde_json::json!({"type": "weather_report", "wind": 4}));
            lines.push(serde_json::json!({"type": "end", "rows": rows, "signed": true}));
            return lines.iter().flat_map(|line| format!("{line}\n").into_bytes()).collect();
        }
        let Ok(mut answer) = serde_json::from_slice::<Value>(body) else { return body.to_vec() };
        if path == "/api/v1/sync"
            && let Some(changes) = answer["changes"].as_array_mut()
            && !changes.is_empty()
        {
            changes.iter_mut().for_each(|change| treat(change, row));
            changes.extend(more());
            answer["weather"] = "fine".into();
        } else if path.ends_with("/messages") {
            answer["messages"].as_array_mut().into_iter().flatten().for_each(|message| row("message", message));
        } else if path.ends_with("/audit") {
            answer["items"].as_array_mut().into_iter().flatten().take(1).for_each(|entry| row("audit", entry));
        }
        answer.to_string().into_bytes()
    }
}

fn treat(change: &mut Value, with: fn(&str, &mut Value)) {
    let Some(kind) = change["kind"].as_str().map(str::to_owned) else { return };
    change["newer"] = 1.into();
    if let Some(row) = change.get_mut("row") {
        with(&kind, row);
    }
}

async fn forward(State(doctor): State<Arc<Doctor>>, request: Request) -> Response {
    doctor.requests.fetch_add(1, Ordering::SeqCst);
    let (parts, body) = request.into_parts();
    // Streams would have to be rewritten on their way: this server has none, so clients poll.
    let streams = parts.headers.get("accept").is_some_and(|kinds| kinds.as_bytes().starts_with(b"text/event-stream"));
    if streams {
        return Response::builder().header("content-type", "text/event-stream").body(Body::empty()).unwrap();
    }
    let url = format!("{}{}", doctor.real, parts.uri);
    let mut headers: HeaderMap = parts.headers;
    headers.remove("host");
    headers.remove("accept-encoding");
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let Ok(answer) = doctor.http.request(parts.method, url).headers(headers).body(body).send().await else {
        return Response::builder().status(StatusCode::BAD_GATEWAY).body(Body::empty()).unwrap();
    };
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers().iter().filter(|(name, _)| !matches!(name.as_str(), "content-length" | "transfer-encoding")) {
        response = response.header(name, value);
    }
    let bytes = answer.bytes().await.unwrap();
    let mut response = response.body(Body::from(doctor.rewrite(parts.uri.path(), &bytes))).unwrap();
    if let Some(speaks) = doctor.treatment.lock().unwrap().speaks {
        response.headers_mut().insert(PROTOCOL_HEADER, speaks.parse().unwrap());
    }
    response
}
