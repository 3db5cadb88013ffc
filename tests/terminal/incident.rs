//! A broadcast whose server is killed in the middle; and acts on many tickets from the command line.

use serde_json::json;

use super::desk::{Desk, http, parse, texts, until};
use super::server::{Server, run};

const TIED: usize = 120;

/// A desk with a major incident to which so many tickets are tied: the incident's number, and theirs.
fn incident(desk: &Desk, count: usize) -> (String, Vec<String>) {
    let incident = desk.ticket("Card payments time out", "everywhere");
    desk.admin(&["incident", "declare", &incident, "--update-every", "30"]);
    let tied: Vec<String> = (0..count)
        .map(|n| {
            let body =
                json!({"queue": super::desk::QUEUE, "text": format!("till {n} is dead"), "requester": {"external": format!("shop:{n}")}});
            desk.http("POST", "/api/v1/tickets", Some(&body)).1["ticket"].to_string()
        })
        .collect();
    let list = tied.join(",");
    let report = desk.json(&["ticket", "bulk", "-n", &list, "--tie", &incident]);
    assert_eq!(report["items"].as_array().expect("items").iter().filter(|line| line["state"] == "done").count(), count);
    (incident, tied)
}

#[test]
fn each_requester_is_answered_once_though_the_server_is_killed() {
    let mut desk = Desk::new("manual");
    let (incident, tied) = incident(&desk, TIED);
    let preview = desk.json(&["incident", "broadcast", &incident, "We work on it", "--preview"]);
    assert_eq!(preview["count"].as_u64(), Some(TIED as u64 + 1));
    let sent = desk.json(&["incident", "broadcast", &incident, "We work on it"]);
    let broadcast = sent["broadcast"].as_str().unwrap().to_owned();
    desk.server.kill();
    let address = desk.server.address().to_owned();
    desk.server = Server::start_at(desk.folder.path(), &address);
    let path = format!("/api/v1/broadcasts/{broadcast}");
    let view = until(&address, &desk.token, "the broadcast to be done", || {
        let (_, view) = http(&address, &desk.token, "GET", &path, None);
        (view["left"] == 0).then_some(view)
    });
    assert_eq!((view["sent"].as_u64(), view["refused"].as_u64()), (Some(TIED as u64 + 1), Some(0)), "{view}");
    for number in tied.iter().chain([&incident]) {
        assert_eq!(texts(&desk.show(number), "We work on it"), 1, "#{number}");
    }
}

#[test]
fn many_tickets_are_previewed_changed_and_reported() {
    let desk = Desk::new("manual");
    let numbers: Vec<String> = (0..3).map(|n| desk.ticket(&format!("till {n}"), "dead")).collect();
    let list = numbers.join(",");
    let preview = desk.json(&["ticket", "bulk", "-n", &list, "--set-status", "pending", "--dry-run"]);
    assert!(preview["items"].as_array().unwrap().iter().all(|line| line["state"] == "changes"), "{preview}");
    assert_eq!(desk.show(&numbers[0])["status"], "new");
    desk.admin(&["ticket", "bulk", "--queue", super::desk::QUEUE, "--set-status", "pending"]);
    assert_eq!(desk.show(&numbers[2])["status"], "pending");
    // One that is not there is told, and the others are done.
    let (code, out, err) = run(&desk.admin, &["ticket", "bulk", "-n", "-", "--add-tag", "storm", "--json"], &format!("{} 999", numbers[0]));
    assert_eq!(code, 3, "{out}{err}");
    let report = parse(&out);
    assert_eq!((&report["items"][0]["state"], &report["items"][1]["state"]), (&json!("done"), &json!("refused")));
    let (code, _, err) = run(&desk.admin, &["ticket", "bulk", "--set-status", "solved"], "");
    assert_eq!(code, 2, "{err}");
}
