//! A server with people, a queue and a rota, made with the program's own subcommands; and its HTTP API, spoken by hand.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::pty::{Machine, Terminal};
use super::server::{Server, run};

pub const PASSWORD: &str = "correct horse battery";
/// The queue everybody works in.
pub const QUEUE: &str = "support";
const QUEUE_ID: &str = "018f0000-0000-7000-8000-000000000001";
/// Long polls before something that must come is given up.
const ROUNDS: usize = 12;

/// A server and its administrator's machine.
pub struct Desk {
    pub folder: tempfile::TempDir,
    pub server: Server,
    pub admin: Machine,
    pub token: String,
}

impl Desk {
    /// A desk with the administrator `ada` and the queue `support`, whose tickets are given by `strategy`.
    pub fn new(strategy: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = Server::start(folder.path());
        let admin = Machine::new();
        let code = server.setup.clone().expect("an empty desk prints a setup code");
        let login = ["login", &server.url, "--setup", &code, "--handle", "ada", "--name", "Ada", "--time-zone", "UTC", "--password-stdin"];
        ok(run(&admin, &login, &format!("{PASSWORD}\n")));
        let token = token(&server, "ada");
        let desk = Self { folder, server, admin, token };
        let queue =
            json!({ "id": QUEUE_ID, "version": 0, "key": QUEUE, "name": "Support 客服", "tier": 1, "strategy": strategy, "active": true });
        let (status, answer) = desk.http("PUT", &format!("/api/v1/queues/{QUEUE_ID}"), Some(&queue));
        assert_eq!(status, 200, "{answer}");
        desk
    }

    /// As [`Desk::new`], with the agents `li.na` and `bo`, who can sign in.
    pub fn staffed(strategy: &str) -> Self {
        let desk = Self::new(strategy);
        desk.import("people", "people.csv", "handle,name,queues,time zone\nli.na,李娜,support,Asia/Shanghai\nbo,Bo Berg,support,UTC\n");
        for handle in ["li.na", "bo"] {
            desk.admin_input(&["person", "password", handle, "--password-stdin"], &format!("{PASSWORD}\n"));
        }
        desk
    }

    /// Runs a subcommand as the administrator; it must succeed.
    pub fn admin(&self, args: &[&str]) -> String {
        self.admin_input(args, "")
    }

    pub fn admin_input(&self, args: &[&str], input: &str) -> String {
        ok(run(&self.admin, args, input))
    }

    /// As [`Desk::admin`], with `--json`.
    pub fn json(&self, args: &[&str]) -> Value {
        parse(&self.admin(&[args, &["--json"]].concat()))
    }

    /// Imports `text` as the file `name`.
    pub fn import(&self, kind: &str, name: &str, text: &str) -> Value {
        self.json(&["import", "--kind", kind, &self.file(name, text)])
    }

    /// Writes a file; gives its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("a file in a temporary folder");
        path.display().to_string()
    }

    /// Opens a ticket; gives its number.
    pub fn ticket(&self, subject: &str, text: &str) -> String {
        let made =
            self.json(&["ticket", "create", "--queue", QUEUE, "--subject", subject, "--requester", "chen", "--name", "Chen Wei", text]);
        made["ticket"].to_string()
    }

    pub fn show(&self, number: &str) -> Value {
        self.json(&["ticket", "show", number])
    }

    /// A machine on which `handle` is signed in.
    pub fn machine(&self, handle: &str) -> Machine {
        let machine = Machine::new();
        ok(run(&machine, &["login", &self.server.url, "--handle", handle, "--password-stdin"], &format!("{PASSWORD}\n")));
        machine
    }

    /// The API as the administrator.
    pub fn http(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        http(self.server.address(), &self.token, method, path, body)
    }

    /// Waits with the server's long poll until `found` finds what it looks for.
    pub fn until<T>(&self, what: &str, found: impl Fn() -> Option<T>) -> T {
        until(self.server.address(), &self.token, what, found)
    }
}

/// A console of the person signed in on `machine`, when it is live.
pub fn console(machine: &Machine, args: &[&str], columns: u16, rows: u16) -> Terminal {
    let terminal = Terminal::start(machine, args, columns, rows);
    terminal.wait("the link live", |screen| screen.lines().next().is_some_and(|line| line.contains(" live ") || line.contains(" 在线 ")));
    terminal
}

/// Opens a ticket by its number.
pub fn open(terminal: &mut Terminal, number: &str, seen: &str) {
    terminal.send("gt");
    terminal.wait_for("Go to a ticket");
    terminal.send(&format!("{number}\r"));
    terminal.wait_for(&format!("#{number} "));
    terminal.wait_for(seen);
}

/// Texts of a ticket's messages that hold `text`.
pub fn texts(ticket: &Value, text: &str) -> usize {
    let messages = ticket["messages"].as_array().expect("messages");
    messages.iter().filter(|message| message["text"].as_str().is_some_and(|said| said.contains(text))).count()
}

/// A new token of `handle`.
pub fn token(server: &Server, handle: &str) -> String {
    let sign_in = json!({ "handle": handle, "password": PASSWORD, "device": "test" });
    let (status, session) = http(server.address(), "", "POST", "/api/v1/sessions", Some(&sign_in));
    assert!(status < 300, "{session}");
    session["token"].as_str().expect("a token").to_owned()
}

pub fn until<T>(address: &str, token: &str, what: &str, found: impl Fn() -> Option<T>) -> T {
    for _ in 0..ROUNDS {
        let (_, digest) = http(address, token, "GET", "/api/v1/digest", None);
        // The cursor is taken first: what comes while we look ends the wait.
        if let Some(found) = found() {
            return found;
        }
        let cursor = digest["cursor"].as_str().expect("a cursor");
        http(address, token, "GET", &format!("/api/v1/sync?cursor={cursor}&wait=5"), None);
    }
    panic!("never came: {what}");
}

/// One request over a connection of its own.
pub fn http(address: &str, token: &str, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
    let body = body.map(Value::to_string).unwrap_or_default();
    http_bytes(address, token, method, path, ("application/json", body.as_bytes()))
}

/// As [`http`], with a body of any type.
pub fn http_bytes(address: &str, token: &str, method: &str, path: &str, (kind, body): (&str, &[u8])) -> (u16, Value) {
    let bearer = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\n{bearer}Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n");
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.write_all(&[head.as_bytes(), body].concat()).expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, if body.is_empty() { Value::Null } else { parse(body) })
}

pub fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("no JSON ({error}): {text}"))
}

/// The output of a run that succeeded.
pub fn ok((code, out, err): (i32, String, String)) -> String {
    assert_eq!(code, 0, "{out}{err}");
    out
}
