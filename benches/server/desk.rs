//! The server as a process of its own, and what the operating system says of it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::http::Wire;

/// The binary under test: `DUTYDESK_BENCH_BINARY`, to measure another build with the same bench, or this one.
fn binary() -> PathBuf {
    std::env::var_os("DUTYDESK_BENCH_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_dutydesk").into(), PathBuf::from)
}

/// Whether the long sizes are asked for.
pub fn full() -> bool {
    std::env::var("DUTYDESK_BENCH").is_ok_and(|word| word == "full")
}

/// A folder on the disk that the build lies on: what is durable there costs what it costs.
pub fn folder() -> tempfile::TempDir {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    tempfile::Builder::new().prefix("bench-").tempdir_in(place).expect("target can be written")
}

/// `dutydesk serve` over `desk.sqlite` in a folder; killed when dropped.
pub struct Server {
    child: Child,
    folder: PathBuf,
    /// `HOST:PORT`.
    pub address: String,
}

impl Server {
    pub fn start(folder: &Path) -> Self {
        Self::start_on(folder, "127.0.0.1:0")
    }

    fn start_on(folder: &Path, listen: &str) -> Self {
        let mut child = Command::new(binary())
            .args(["serve", "--listen", listen, "--database", &format!("sqlite:{}", folder.join("desk.sqlite").display())])
            .env("DUTYDESK_CONFIG_DIR", folder.join("config"))
            .env("DUTYDESK_DATA_DIR", folder.join("data"))
            .env("DUTYDESK_LOG", std::env::var("DUTYDESK_LOG").unwrap_or_else(|_| "warn".to_owned()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let url =
            lines.by_ref().map_while(Result::ok).find_map(|line| line.split_once("listening on ").map(|(_, url)| url.trim().to_owned()));
        std::thread::spawn(move || lines.for_each(drop));
        let address = url.expect("the server says where it listens").trim_start_matches("http://").to_owned();
        Self { child, folder: folder.to_owned(), address }
    }

    /// `kill -9`, and a new start on the same files and port.
    pub fn kill_and_start(&mut self) {
        self.kill();
        *self = Self::start_on(&self.folder.clone(), &self.address.clone());
    }

    pub fn kill(&mut self) {
        // Gone already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub async fn wire(&self, token: &str) -> Wire {
        Wire::open(&self.address, token).await.expect("the server takes connections")
    }

    /// Resident memory, in MB.
    pub fn memory(&self) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(f64::NAN);
        kib * 1_024.0 / 1e6
    }

    /// Time of the processor used so far.
    pub fn processor(&self) -> Duration {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let after = text.rsplit(')').next().unwrap_or_default();
        // utime and stime, in hundredths of a second on every Linux.
        let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where the feed stands: what a console that has caught up would go on from.
pub async fn head(server: &Server, token: &str) -> String {
    // The digest's cursor, without the digest's work: a snapshot's first line.
    let mut wire = server.wire(token).await;
    let answer = wire.get("/api/v1/snapshot").await.expect("a snapshot");
    let first = answer.body.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line: serde_json::Value = serde_json::from_slice(first).expect("a snapshot begins with its start");
    line["cursor"].as_str().expect("a cursor").to_owned()
}

/// Where the feed stands once it stands still: the jobs are done with what was written. At most a minute is waited for it.
pub async fn settled(server: &Server, token: &str) -> String {
    let mut last = head(server, token).await;
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = head(server, token).await;
        if now == last {
            break;
        }
        last = now;
    }
    last
}
