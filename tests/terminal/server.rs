//! `dutydesk serve` as a real process on loopback.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::pty::{Machine, binary};

/// A running server process; killed when dropped.
pub struct Server {
    child: Child,
    pub url: String,
    /// The code for the first administrator, on an empty desk.
    pub setup: Option<String>,
}

impl Server {
    /// Starts on a free port over a database file below `folder`.
    pub fn start(folder: &Path) -> Self {
        Self::start_at(folder, "127.0.0.1:0")
    }

    pub fn start_at(folder: &Path, listen: &str) -> Self {
        let database = folder.join("desk.sqlite");
        let mut child = Command::new(binary())
            .args(["serve", "--listen", listen, "--database", &format!("sqlite:{}", database.display())])
            .env("DUTYDESK_CONFIG_DIR", folder.join("config"))
            .env("DUTYDESK_DATA_DIR", folder.join("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut url = None;
        let mut setup = None;
        for line in lines.by_ref() {
            let line = line.expect("the server writes UTF-8");
            if let Some((_, rest)) = line.split_once("--setup ") {
                setup = rest.split_whitespace().next().map(str::to_owned);
            }
            if let Some((_, rest)) = line.split_once("listening on ") {
                url = Some(rest.trim().to_owned());
                break;
            }
        }
        // Keep reading, so that the server never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url: url.expect("the server says where it listens"), setup }
    }

    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Kills without warning, as a power cut to the process would.
    pub fn kill(&mut self) {
        self.child.kill().expect("the server can be killed");
        self.child.wait().expect("the server ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone after `kill`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs `dutydesk ARGS` on `machine` to its end: exit code, standard output, standard error.
pub fn run(machine: &Machine, args: &[&str], input: &str) -> (i32, String, String) {
    use std::io::Write;
    let mut command = Command::new(binary());
    command.args(args).env_clear().current_dir(machine.home.path());
    for (name, value) in machine.environment() {
        command.env(name, value);
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("the program takes input");
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}
