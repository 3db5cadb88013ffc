//! Subcommands as scripts use them: exit codes, one clear sentence for each mistake, imports that can be repeated.

use std::fs;

use crate::pty::Machine;
use crate::server::{Server, run};

const PASSWORD: &str = "correct horse battery";

/// A desk with its first administrator signed in on `machine`.
fn desk(machine: &Machine) -> Server {
    let server = Server::start(machine.home.path());
    let code = server.setup.clone().expect("an empty desk gives a code");
    let login = ["login", &server.url, "--setup", &code, "--handle", "ada", "--name", "Ada", "--password-stdin"];
    assert_eq!(run(machine, &login, PASSWORD).0, 0);
    server
}

fn queue(machine: &Machine, server: &Server) {
    let queue =
        r#"{"id":"00000000-0000-7000-8000-000000000001","version":0,"key":"complaints","name":"Complaints","tier":1,"active":true}"#;
    let api = dutydesk::client::api::Api::new(&server.url, Some(&token(machine))).expect("an address");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let body: serde_json::Value = serde_json::from_str(queue).expect("JSON");
    let put = api.call::<_, serde_json::Value>(reqwest::Method::PUT, "/api/v1/queues/00000000-0000-7000-8000-000000000001", &body);
    runtime.block_on(put).expect("the queue is made");
}

fn token(machine: &Machine) -> String {
    let tokens = fs::read_to_string(machine.home.path().join("config/tokens.toml")).expect("signed in");
    let start = tokens.find("dd_").expect("a token");
    tokens[start..].chars().take_while(|char| *char != '"').collect()
}

/// Runs and expects a failure: its exit code and one sentence.
fn fails(machine: &Machine, args: &[&str], input: &str, code: i32, says: &str) {
    let (exit, _, error) = run(machine, args, input);
    assert_eq!(exit, code, "{args:?}: {error}");
    assert!(error.contains(says), "{args:?} said: {error}");
    assert_eq!(error.trim_end().lines().count(), 1, "{args:?} said: {error}");
}

#[test]
fn mistakes_get_one_sentence_and_their_exit_code() {
    let machine = Machine::new();
    fails(&machine, &["ticket", "list"], "", 7, "dutydesk login");
    fails(&machine, &["--server", "http://127.0.0.1:9", "--token", "dd_x", "ticket", "list"], "", 6, "does not answer");
    let mut server = desk(&machine);
    let other = Machine::new();
    fails(&other, &["login", &server.url, "--handle", "ada", "--password-stdin"], "wrong password", 7, "wrong");
    fails(&machine, &["ticket", "show", "4711"], "", 4, "does not exist");
    let database = format!("sqlite:{}", other.home.path().join("other.sqlite").display());
    fails(&other, &["serve", "--listen", server.address(), "--database", &database], "", 1, "port is in use");
    fails(&machine, &["--theme", "sunset"], "", 2, "terminal");
    server.kill();
    fails(&machine, &["ticket", "list"], "", 6, "does not answer");
    fs::write(machine.home.path().join("config/config.toml"), "theme = 7").expect("written");
    fails(&machine, &["ticket", "list"], "", 1, "config.toml");
}

#[test]
fn an_import_reports_bad_rows_and_changes_nothing_the_second_time() {
    let machine = Machine::new();
    let server = desk(&machine);
    queue(&machine, &server);
    let file = machine.home.path().join("complaints.csv");
    fs::write(&file, "标题,内容,优先级\n加油机无法启动,三号机黑屏，请处理。,high\nCard refused,The card was refused twice.,sky-high\n")
        .expect("written");
    let file = file.display().to_string();
    let (exit, _, error) = run(&machine, &["import", &file, "--queue", "complaints"], "");
    assert_eq!(exit, 3, "{error}");
    assert!(error.contains("complaints.csv:3:"), "{error}");
    let (_, first, _) = run(&machine, &["ticket", "list", "--json"], "");
    let _ = run(&machine, &["import", &file, "--queue", "complaints"], "");
    let (_, second, _) = run(&machine, &["ticket", "list", "--json"], "");
    let count = |json: &str| serde_json::from_str::<serde_json::Value>(json).expect("JSON")["items"].as_array().map(Vec::len);
    assert_eq!(count(&first), Some(1));
    assert_eq!(count(&second), Some(1));
    assert_eq!(run(&machine, &["ticket", "reply", "1", "马上处理。"], "").0, 0);
    let (_, shown, _) = run(&machine, &["ticket", "show", "1"], "");
    assert!(shown.contains("加油机无法启动") && shown.contains("马上处理"), "{shown}");
}
