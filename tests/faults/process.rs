//! `dutydesk serve` as a real process on loopback that can be killed, stopped and started again on the same files.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server process; killed when dropped.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    child: Child,
    pub url: String,
    /// The code for the first administrator, on an empty desk.
    pub setup: Option<String>,
}

/// The binary under test.
pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_dutydesk"))
}

/// Sends a signal by name (`STOP`, `CONT`, `KILL`) to a process.
pub fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args([format!("-{name}"), pid.to_string()]).status().expect("kill runs");
    assert!(status.success(), "kill -{name} {pid} failed");
}

impl Server {
    /// Starts over the database `desk.sqlite` in `folder`, on `listen` (`127.0.0.1:0` for a free port), with more environment.
    pub fn start(folder: &Path, listen: &str, environment: &[(&str, &str)]) -> Self {
        Self::start_by(Command::new(binary()), folder, listen, environment)
    }

    /// As [`Server::start`], by another program that ends up running the binary under test (`unshare … dutydesk`).
    pub fn start_by(command: Command, folder: &Path, listen: &str, environment: &[(&str, &str)]) -> Self {
        let mut child = Self::spawn(command, folder, listen, environment);
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let (mut url, mut setup) = (None, None);
        for line in lines.by_ref().map_while(Result::ok) {
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
        Self { folder: folder.to_owned(), child, url: url.expect("the server says where it listens"), setup }
    }

    fn spawn(mut command: Command, folder: &Path, listen: &str, environment: &[(&str, &str)]) -> Child {
        let log = OpenOptions::new().create(true).append(true).open(folder.join("server.log")).expect("the log can be written");
        command
            .args(["serve", "--listen", listen, "--database", &format!("sqlite:{}", folder.join("desk.sqlite").display())])
            .env("DUTYDESK_CONFIG_DIR", folder.join("config"))
            .env("DUTYDESK_DATA_DIR", folder.join("data"))
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the server starts")
    }

    /// Starts the same desk after [`Server::kill`], and kills it that long after, wherever its start has got to.
    pub fn start_in_vain(&self, environment: &[(&str, &str)], after: Duration) {
        let mut child = Self::spawn(Command::new(binary()), &self.folder, self.address(), environment);
        std::thread::sleep(after);
        // Gone already is as good.
        let _ = child.kill();
        let _ = child.wait();
    }

    /// Starts the same desk again on the same port, after [`Server::kill`].
    pub fn start_again(&mut self, environment: &[(&str, &str)]) {
        *self = Self::start(&self.folder.clone(), self.address(), environment);
    }

    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }

    /// `kill -9`: what was in the process is gone, what was with the operating system stays.
    pub fn kill(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
