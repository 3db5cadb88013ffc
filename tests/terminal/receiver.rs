//! What the requester's own system hears of the desk: a listener that keeps every call of a channel's webhook.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::desk::parse;

/// How long to wait for a call that must come; a failure, not a measure.
const PATIENCE: Duration = Duration::from_secs(40);

/// Calls in the order in which they came.
pub struct Receiver {
    pub url: String,
    calls: Arc<(Mutex<Vec<String>>, Condvar)>,
}

impl Receiver {
    pub fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/calls", listener.local_addr().expect("a bound port"));
        let calls = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let shared = Arc::clone(&calls);
        // Ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if let Some(body) = take(stream) {
                    shared.0.lock().expect("no listener panics").push(body);
                    shared.1.notify_all();
                }
            }
        });
        Self { url, calls }
    }

    /// Waits for a call that `wanted` takes.
    pub fn wait(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        let mut calls = self.calls.0.lock().expect("no listener panics");
        loop {
            if let Some(found) = calls.iter().map(|body| parse(body)).find(|body| wanted(body)) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the requester never heard {what}; heard: {calls:#?}");
            calls = self.calls.1.wait_timeout(calls, left).expect("no listener panics").0;
        }
    }

    /// Waits for a public message that holds `text`.
    pub fn wait_said(&self, text: &str) -> Value {
        self.wait(text, |call| call["event"] == "message" && call["message"]["text"].as_str().is_some_and(|said| said.contains(text)))
    }

    /// The bodies so far, as they came.
    pub fn bodies(&self) -> Vec<String> {
        self.calls.0.lock().expect("no listener panics").clone()
    }
}

/// Reads one call and answers it; its body.
fn take(mut stream: TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(given) = line.strip_prefix("content-length:") {
            length = given.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").ok()?;
    String::from_utf8(body).ok()
}
