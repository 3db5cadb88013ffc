//! A conversation of 10,000 messages in a real console: it opens at the newest, and earlier ones come as one scrolls.

use serde_json::json;

use super::desk::{Desk, QUEUE, console, http_bytes, open};
use super::pty::Terminal;

const MESSAGES: i64 = 10_000;
/// Messages that a console fetches at once.
const PAGE: i64 = 200;
const LOADING: &str = "loading older";

/// A ticket with so many messages, the last a moment ago.
fn long_ticket(desk: &Desk) -> String {
    let at = |n: i64| chrono::DateTime::from_timestamp(1_750_000_000 + n, 0).expect("a time of this century");
    let messages: Vec<_> = (1..=MESSAGES)
        .map(|n| json!({"person": if n % 2 == 0 { Some("li.na") } else { None }, "text": format!("saying {n}."), "internal": n % 4 == 0, "at": at(n)}))
        .collect();
    let ticket = json!({"type": "import_ticket", "external": "long", "queue": QUEUE, "subject": "Long", "requester": {"external": "shop:1"},
        "status": "open", "messages": messages, "created_at": at(0)});
    let body = json!({"key": "018f0000-0000-7000-8000-00000000aaaa", "command": ticket}).to_string();
    let (status, answer) = http_bytes(desk.server.address(), &desk.token, "POST", "/api/v1/import", ("application/jsonl", body.as_bytes()));
    assert_eq!(status, 200, "{answer}");
    answer["answers"][0]["result"]["ticket"].to_string()
}

#[test]
fn ten_thousand_messages_open_at_the_newest_and_earlier_ones_come_as_one_scrolls() {
    let desk = Desk::staffed("manual");
    let number = long_ticket(&desk);
    let bo = desk.machine("bo");
    let mut terminal = console(&bo, &[], 120, 40);
    // The first thing seen of it is its end.
    open(&mut terminal, &number, &format!("saying {MESSAGES}."));
    // By screenfuls beyond what was fetched at first: every message stands on some screen.
    let mut earliest = MESSAGES;
    while earliest > MESSAGES - 2 * PAGE - 50 {
        let before = earliest;
        let screen = earlier(&mut terminal, before);
        earliest = first(&screen).expect("messages");
    }
    terminal.send("gg");
    terminal.wait("earlier ones still", |screen| first(screen).is_some_and(|seq| seq < earliest));
    // Back at the end, what is said now arrives there.
    terminal.send("G");
    terminal.wait_for(&format!("saying {MESSAGES}."));
    desk.admin(&["ticket", "note", &number, "the newest of all"]);
    terminal.wait_for("the newest of all");
    assert!(terminal.quit().success());
}

/// Half a screenful up, until all of it stands there: nothing passed over, in order, each once. Again when those before were on their way still.
fn earlier(terminal: &mut Terminal, before: i64) -> String {
    loop {
        terminal.send("\x15");
        let moved = |screen: &str| {
            let seen = said(screen);
            let whole = seen.first().is_some_and(|first| *first < before) && seen.last().is_some_and(|last| *last >= before - 1);
            whole && seen.windows(2).all(|pair| pair[1] == pair[0] + 1)
        };
        let screen = terminal.wait(&format!("what comes before {before}"), |screen| moved(screen) || screen.contains(LOADING));
        if moved(&screen) {
            return screen;
        }
        terminal.wait_gone(LOADING);
    }
}

/// Numbers of the messages on the screen, from the top.
fn said(screen: &str) -> Vec<i64> {
    let numbers = screen.split("saying ").skip(1).filter_map(|rest| rest.split_once('.'));
    numbers.filter_map(|(number, _)| number.parse().ok()).collect()
}

fn first(screen: &str) -> Option<i64> {
    said(screen).first().copied()
}
