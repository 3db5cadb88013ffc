//! A message that somebody sends until it stands on somebody else's screen, while a thousand other event streams are open.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use dutydesk::base::clock::new_id;
use dutydesk::client::api::Api;
use dutydesk::domain::command::{Command, MessageTarget, PostMessage, Submission};
use dutydesk::domain::conversation::Visibility;
use dutydesk::domain::id::TicketNumber;
use dutydesk::domain::person::Role;
use dutydesk::wire::command::{Answers, Submissions};
use futures::StreamExt;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::json;

use super::place::{Given, Place, binary};
use crate::data::{DeskData, Mix, desk};
use crate::figures::{Goal, figure, percentile};

const STREAMS: usize = 1_000;
const MESSAGES: usize = 60;
/// Between two messages: those who write are people.
const PAUSE: Duration = Duration::from_millis(150);
/// What a wait must end within; a failure, not a measure.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a terminal shows.
type Screen = Arc<(Mutex<vt100::Parser>, Condvar)>;

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has cells")
}

/// Waits until the screen shows a text; when that was.
fn shown(screen: &Screen, text: &str) -> Instant {
    let deadline = Instant::now() + PATIENCE;
    let mut parser = screen.0.lock().expect("no reader panics");
    loop {
        if parser.screen().contents().contains(text) {
            return Instant::now();
        }
        let left = deadline.saturating_duration_since(Instant::now());
        assert!(!left.is_zero(), "never saw {text:?} on:\n{}", parser.screen().contents());
        parser = screen.1.wait_timeout(parser, left).expect("no reader panics").0;
    }
}

/// Opens an event stream for good; its bytes go nowhere.
async fn listen(api: Api, cursor: String, opened: tokio::sync::mpsc::Sender<bool>) {
    let request = api.request(reqwest::Method::GET, "/api/v1/sync").query(&[("cursor", cursor)]).header("accept", "text/event-stream");
    let answer = api.send(request).await;
    // The receiver counts no further when it has what it waits for.
    let _ = opened.send(answer.is_ok()).await;
    if let Ok(answer) = answer {
        let mut bytes = answer.bytes_stream();
        while bytes.next().await.is_some_and(|part| part.is_ok()) {}
    }
}

async fn open_streams(place: &Place, data: &DeskData) -> usize {
    let digest: serde_json::Value = place.api(&data.keys.admin_token).get("/api/v1/digest").await.expect("the server answers");
    let cursor = digest["cursor"].as_str().unwrap_or_default().to_owned();
    let (sender, mut opened) = tokio::sync::mpsc::channel(STREAMS);
    for place_in_line in 0..STREAMS {
        let (_, token) = &data.keys.people[place_in_line % data.keys.people.len()];
        tokio::spawn(listen(place.api(token), cursor.clone(), sender.clone()));
    }
    drop(sender);
    let mut open = 0;
    for _ in 0..STREAMS {
        match tokio::time::timeout(PATIENCE, opened.recv()).await {
            Ok(Some(true)) => open += 1,
            Ok(Some(false)) => {}
            _ => break,
        }
    }
    open
}

async fn say(api: &Api, number: TicketNumber, text: String) {
    let post = PostMessage {
        target: MessageTarget::Ticket { number },
        message: new_id().into(),
        visibility: Visibility::Internal,
        text,
        reply_to: None,
        files: Vec::new(),
        seen: None,
        status: None,
    };
    let submission =
        Submission { key: new_id().into(), base_version: None, expires_at: None, command: Command::PostMessage(Box::new(post)) };
    let body = Submissions { commands: vec![submission], source: None };
    let answers: Answers = api.post("/api/v1/commands", &body).await.expect("the server takes a message");
    assert!(answers.answers.iter().all(|answer| answer.refusal.is_none()), "the message was refused: {answers:?}");
}

/// Over the largest desk alone.
pub fn painted(sizes: &[usize]) {
    let Some((size, data)) = sizes.last().and_then(|size| Some((*size, desk(Mix::Open, *size)?))) else { return };
    let place = Place::new(&data, Given { server: true, cache: true });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let open = runtime.block_on(open_streams(&place, &data));
    let number = TicketNumber(1);
    let restore = place.begin_with(&json!({ "ticket": number, "ticket-open": true }));
    std::process::Command::new("sh").args(["-c", &restore]).status().expect("sh runs");
    let pty = native_pty_system().openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 }).expect("a pseudo-terminal");
    let mut command = CommandBuilder::new(binary());
    command.cwd(std::env::temp_dir());
    command.env("TERM", "xterm-256color");
    for (name, value) in place.environment() {
        command.env(name, value);
    }
    let mut console = pty.slave.spawn_command(command).expect("the console starts");
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().expect("the terminal can be read");
    let mut writer = pty.master.take_writer().expect("the terminal can be written");
    let screen: Screen = Arc::new((Mutex::new(vt100::Parser::new(cells(40), cells(120), 0)), Condvar::new()));
    let seen = Arc::clone(&screen);
    std::thread::spawn(move || {
        let mut buffer = [0; 65_536];
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            seen.0.lock().expect("nobody panics").process(&buffer[..read]);
            seen.1.notify_all();
        }
    });
    shown(&screen, " live ");
    let sender = data.keys.people.iter().find(|(person, _)| person.role == Role::Lead).expect("a desk has a lead");
    let api = place.api(&sender.1);
    let mut samples = Vec::with_capacity(MESSAGES);
    for n in 0..MESSAGES + 3 {
        let text = format!("painted{n:05}.");
        let begun = Instant::now();
        let said = runtime.spawn({
            let (api, text) = (api.clone(), text.clone());
            async move { say(&api, number, text).await }
        });
        let took = shown(&screen, &text) - begun;
        runtime.block_on(said).expect("it was taken");
        // The first ones bring connections and statements up.
        if n >= 3 {
            samples.push(took);
        }
        std::thread::sleep(PAUSE);
    }
    let of = format!("sent by another to painted here, {open} other streams open, {size} open tickets");
    figure(&format!("{of}: p50 of {MESSAGES}"), percentile(&mut samples, 0.5), "ms", Goal::None);
    figure(&format!("{of}: p99 of {MESSAGES}"), percentile(&mut samples, 0.99), "ms", Goal::AtMost(150.0));
    // It may be gone already.
    let _ = writer.write_all(b"Q");
    let _ = console.kill();
    let _ = console.wait();
}
