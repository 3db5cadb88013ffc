//! A TCP proxy on loopback between clients and the real server that does to them what networks do.
//!
//! It knows where requests end, so that it can cut, repeat or answer them; what comes back it treats as bytes. It runs on threads
//! of its own, so that tests of processes can use it as well, and counts every fault that it did: none done is none tested.

mod connection;
pub mod fault;
mod request;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use connection::Connection;
use fault::{Die, Fault, Page};
use request::Request;

/// How long to wait for a fault to have been done; a failure, not a measure.
const PATIENCE: Duration = Duration::from_secs(60);

/// What every exchange gets.
#[derive(Debug)]
enum Plan {
    Same(Fault),
    Mix(Die),
}

/// What connections share with the test.
#[derive(Debug)]
struct Control {
    target: SocketAddr,
    plan: Mutex<Plan>,
    /// Black holes so far: connections from before one are dead.
    holes: AtomicU64,
    /// Connections from before a change are cut.
    cut: watch::Sender<u64>,
    done: watch::Sender<BTreeMap<&'static str, u64>>,
    die: Die,
}

impl Control {
    fn count(&self, name: &'static str) {
        self.done.send_modify(|done| *done.entry(name).or_default() += 1);
    }

    /// What happens to this request; a fault that is about commands or streams lets others pass.
    fn pick(&self, request: &Request) -> Fault {
        let fault = match &*self.plan.lock().expect("no holder panics") {
            Plan::Same(fault) => *fault,
            Plan::Mix(die) => die.fault(),
        };
        if let Fault::Narrow { over } = fault {
            return if request.bytes.len() > over { Fault::Page(Page::TooLarge) } else { Fault::Clear };
        }
        let concerned = match fault {
            Fault::CutBeforeReply | Fault::Replay => request.commands(),
            Fault::Buffering => request.streams(),
            _ => true,
        };
        if concerned { fault } else { Fault::Clear }
    }

    fn black(&self) -> bool {
        matches!(&*self.plan.lock().expect("no holder panics"), Plan::Same(Fault::BlackHole))
    }
}

/// See the module. Ends when dropped.
#[derive(Debug)]
pub struct Proxy {
    pub url: String,
    control: Arc<Control>,
    runtime: Option<Runtime>,
}

impl Proxy {
    /// Before the server at `url` (`http://127.0.0.1:PORT`); `seed` is for jitter and mixes.
    pub fn start(url: &str, seed: u64) -> Self {
        let target = url.trim_start_matches("http://").parse().expect("an address on loopback");
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("threads");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let url = format!("http://{}", listener.local_addr().expect("a bound socket"));
        let control = Arc::new(Control {
            target,
            plan: Mutex::new(Plan::Same(Fault::Clear)),
            holes: AtomicU64::new(0),
            cut: watch::Sender::new(0),
            done: watch::Sender::default(),
            die: Die::new(seed),
        });
        let accepting = Arc::clone(&control);
        runtime.spawn(async move {
            let listener = TcpListener::from_std(listener).expect("a socket");
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(Connection::run(Arc::clone(&accepting), client));
            }
        });
        Self { url, control, runtime: Some(runtime) }
    }

    /// From now on everything gets this fault. What is open is cut, so that it meets the fault when it comes again; but a black
    /// hole leaves it open and dead, and [`Fault::Clear`] leaves it as it is.
    pub fn set(&self, fault: Fault) {
        *self.control.plan.lock().expect("no holder panics") = Plan::Same(fault);
        match fault {
            Fault::Clear => {}
            Fault::BlackHole => {
                self.control.holes.fetch_add(1, Ordering::SeqCst);
            }
            _ => self.control.cut.send_modify(|cut| *cut += 1),
        }
    }

    /// From now on every exchange gets a fault by the seed, or none.
    pub fn mix(&self, seed: u64) {
        *self.control.plan.lock().expect("no holder panics") = Plan::Mix(Die::new(seed));
        self.control.cut.send_modify(|cut| *cut += 1);
    }

    /// Faults done so far, by name.
    pub fn done(&self) -> BTreeMap<&'static str, u64> {
        self.control.done.borrow().clone()
    }

    /// Waits until a fault was done so many times.
    pub async fn until(&self, fault: Fault, times: u64) {
        let mut done = self.control.done.subscribe();
        let enough = done.wait_for(|done| done.get(fault.name()).is_some_and(|count| *count >= times));
        let enough = tokio::time::timeout(PATIENCE, enough).await;
        assert!(enough.is_ok(), "{} was not done {times} times: {:?}", fault.name(), self.done());
    }

    /// As [`Proxy::until`], for tests without a runtime.
    pub fn wait(&self, fault: Fault, times: u64) {
        self.runtime.as_ref().expect("it runs").block_on(self.until(fault, times));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
