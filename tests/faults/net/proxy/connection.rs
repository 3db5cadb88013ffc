//! One client's connection through the proxy: requests go up one by one, each with its fault; what comes back goes down as bytes.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Notify;

use super::Control;
use super::fault::Fault;
use super::request::Request;

/// What a buffering proxy holds back.
const HELD: usize = 64 * 1024;
/// Bytes that go one by one; the rest of a long answer goes in halves of this.
const SLICED: usize = 16 * 1024;
/// A tick of a thin link, in milliseconds.
const TICK: u64 = 50;

/// See the module.
pub struct Connection {
    control: Arc<Control>,
    /// What happens to the exchange that runs.
    fault: Mutex<Fault>,
    /// Bytes of its answer that went down.
    passed: Mutex<usize>,
    /// Something of an answer came from the server.
    answered: Notify,
    down: tokio::sync::Mutex<OwnedWriteHalf>,
    /// Black holes before it was opened.
    holes: u64,
}

/// How a connection ends.
enum End {
    Close,
    Reset,
}

impl Connection {
    /// Serves a client until either side ends.
    pub async fn run(control: Arc<Control>, client: TcpStream) {
        let mut cut = control.cut.subscribe();
        cut.mark_unchanged();
        let holes = control.holes.load(Ordering::SeqCst);
        let Ok(server) = TcpStream::connect(control.target).await else { return };
        // A socket that cannot do it only is slower.
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let (from_client, down) = client.into_split();
        let (from_server, up) = server.into_split();
        let (fault, passed) = (Mutex::new(Fault::Clear), Mutex::new(0));
        let this = Self { control, fault, passed, answered: Notify::new(), down: tokio::sync::Mutex::new(down), holes };
        let end = tokio::select! {
            end = this.requests(from_client, up) => end.unwrap_or(End::Close),
            end = this.answers(from_server) => end.unwrap_or(End::Close),
            _ = cut.changed() => End::Close,
        };
        let down = this.down.into_inner();
        if matches!(end, End::Reset) {
            // With no linger and no shutdown, closing sends RST.
            let _ = down.as_ref().set_zero_linger();
            down.forget();
        }
    }

    fn fault(&self) -> Fault {
        *self.fault.lock().expect("no holder panics")
    }

    /// Opened before a black hole, or within one.
    fn dead(&self) -> bool {
        self.control.black() || self.control.holes.load(Ordering::SeqCst) > self.holes
    }

    /// Requests, one after another.
    async fn requests(&self, mut client: OwnedReadHalf, mut up: OwnedWriteHalf) -> io::Result<End> {
        let mut kept = Vec::new();
        while let Some(request) = Request::read(&mut client, &mut kept).await? {
            let fault = if self.dead() { Fault::BlackHole } else { self.control.pick(&request) };
            *self.fault.lock().expect("no holder panics") = fault;
            *self.passed.lock().expect("no holder panics") = 0;
            match fault {
                Fault::BlackHole => {
                    self.control.count(fault.name());
                    // Reads on, so that the client's end is noticed at last.
                    tokio::io::copy(&mut client, &mut tokio::io::sink()).await?;
                    return Ok(End::Close);
                }
                Fault::Page(page) => {
                    let mut down = self.down.lock().await;
                    down.write_all(page.answer().as_bytes()).await?;
                    self.control.count(fault.name());
                    return Ok(End::Close);
                }
                Fault::SlowLoris => return self.dribble().await,
                Fault::Reset { after: 0 } => {
                    self.control.count(fault.name());
                    return Ok(End::Reset);
                }
                Fault::CutBeforeReply => {
                    // An earlier answer is none to this.
                    let _ = self.answered.notified().now_or_never();
                    up.write_all(&request.bytes).await?;
                    self.answered.notified().await;
                    self.control.count(fault.name());
                    return Ok(End::Close);
                }
                Fault::Replay => {
                    up.write_all(&request.bytes).await?;
                    self.replay(&request).await?;
                }
                fault => self.pass(&request.bytes, &mut up, fault).await?,
            }
        }
        Ok(End::Close)
    }

    /// The same bytes once more over a connection of their own, while the first is being answered; nobody hears the answer.
    async fn replay(&self, request: &Request) -> io::Result<()> {
        let mut again = TcpStream::connect(self.control.target).await?;
        again.write_all(&request.bytes).await?;
        let mut first = [0];
        again.read_exact(&mut first).await?;
        self.control.count(Fault::Replay.name());
        Ok(())
    }

    /// Promises an answer, and gives it byte by byte, much too slowly.
    async fn dribble(&self) -> io::Result<End> {
        let mut down = self.down.lock().await;
        down.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n[").await?;
        self.control.count(Fault::SlowLoris.name());
        loop {
            tokio::time::sleep(Duration::from_millis(100)).await;
            down.write_all(b" ").await?;
        }
    }

    /// What the server answers, as it comes.
    async fn answers(&self, mut server: OwnedReadHalf) -> io::Result<End> {
        let mut part = vec![0; 16 * 1024];
        let mut held = Vec::new();
        loop {
            let read = server.read(&mut part).await?;
            if self.dead() {
                // Nobody hears of it, nor of its end.
                std::future::pending::<()>().await;
            }
            self.answered.notify_one();
            let bytes = &part[..read];
            match self.fault() {
                Fault::CutBeforeReply | Fault::Page(_) | Fault::BlackHole => std::future::pending().await,
                Fault::Buffering => {
                    if read > 0 && held.is_empty() {
                        self.control.count(Fault::Buffering.name());
                    }
                    held.extend_from_slice(bytes);
                    if read > 0 && held.len() < HELD {
                        continue;
                    }
                    self.down.lock().await.write_all(&held).await?;
                    held.clear();
                }
                Fault::Reset { after } => {
                    if self.within(bytes, after).await? {
                        self.control.count(Fault::Reset { after }.name());
                        return Ok(End::Reset);
                    }
                }
                Fault::Stall { after } => {
                    if self.within(bytes, after).await? {
                        self.control.count(Fault::Stall { after }.name());
                        std::future::pending::<()>().await;
                    }
                }
                fault => self.pass(bytes, &mut *self.down.lock().await, fault).await?,
            }
            if read == 0 {
                return Ok(End::Close);
            }
        }
    }

    /// Passes what is still within the first `after` bytes of an answer; true when that is over.
    async fn within(&self, bytes: &[u8], after: usize) -> io::Result<bool> {
        let before = *self.passed.lock().expect("no holder panics");
        let room = after.saturating_sub(before).min(bytes.len());
        self.down.lock().await.write_all(&bytes[..room]).await?;
        *self.passed.lock().expect("no holder panics") = before + room;
        Ok(room < bytes.len())
    }

    /// Passes bytes, as slowly as the fault says.
    async fn pass(&self, bytes: &[u8], to: &mut OwnedWriteHalf, fault: Fault) -> io::Result<()> {
        match fault {
            Fault::Latency { millis, jitter } => {
                let more = self.control.die.throw(jitter + 1);
                tokio::time::sleep(Duration::from_millis(millis + more)).await;
                to.write_all(bytes).await?;
            }
            Fault::Bandwidth { bytes: rate } => {
                let at_once = usize::try_from(rate * TICK / 1_000).expect("small").max(1);
                for part in bytes.chunks(at_once) {
                    tokio::time::sleep(Duration::from_millis(TICK)).await;
                    to.write_all(part).await?;
                }
            }
            Fault::Slices => {
                let (first, rest) = bytes.split_at(bytes.len().min(SLICED));
                for byte in first.chunks(1).chain(rest.chunks(SLICED / 2)) {
                    to.write_all(byte).await?;
                }
            }
            _ => return to.write_all(bytes).await,
        }
        if !bytes.is_empty() {
            self.control.count(fault.name());
        }
        Ok(())
    }
}
