//! Everything between HTTP and the store: routes, [`execute`] (load facts, decide, commit), the feed, jobs.

pub mod admission;
pub mod attempts;
pub mod auth;
pub mod body;
pub mod description;
pub mod error;
mod examples;
pub mod execute;
pub mod extract;
pub mod feed;
pub mod files;
pub mod filtered;
pub mod handover;
pub mod here;
pub mod jobs;
pub mod metrics;
pub mod passwords;
pub mod planned;
pub mod presence;
pub mod protocol;
pub mod request_id;
pub mod router;
pub mod routes;
pub mod state;
pub mod stats;
pub mod status;
pub mod tokens;
pub mod webhook;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::ListenerExt;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use self::state::Desk;
use crate::base::clock::Clock;
use crate::store::{Store, StoreError};

/// How long open requests may take to finish once the server closes.
const GRACE: Duration = Duration::from_secs(10);
/// Connections that may wait to be taken: a herd that finds no place tries again a second later, and then three.
const BACKLOG: u32 = 4_096;

#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// `HOST:PORT`; port 0 takes a free one.
    pub listen: String,
    /// Where `POST /api/v1/admin/backup` may write; nowhere when absent.
    pub backup_folder: Option<PathBuf>,
    /// How long nothing is seen of somebody's console before the desk sets them away.
    pub away_after: Duration,
    /// Where it is reached from outside, for links in what it sends; paths alone without it.
    pub public_url: Option<String>,
    /// Where attachments are kept, and which are taken.
    pub files: files::FilesConfig,
}

/// [`ServerConfig::away_after`] where nobody says otherwise.
pub const AWAY_AFTER: Duration = Duration::from_secs(300);

/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot listen on {address}: the port is in use; choose another with --listen, or stop the program that has it")]
    PortTaken { address: String },
    #[error("cannot listen on {address}: {why}; write --listen as HOST:PORT, such as 127.0.0.1:7070")]
    Listen { address: String, why: String },
    /// The place for files cannot be used.
    #[error("{0}")]
    Files(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Listens on the first address that can be had.
async fn listen(address: &str) -> std::io::Result<TcpListener> {
    let mut last = std::io::Error::new(std::io::ErrorKind::InvalidInput, "no address");
    for address in tokio::net::lookup_host(address).await? {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // As the standard listener does, so that a restart need not wait for the last connections' end.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        match socket.bind(address).and_then(|()| socket.listen(BACKLOG)) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A server at work.
pub struct RunningServer {
    pub url: String,
    pub addr: SocketAddr,
    /// Makes the first administrator of an empty desk.
    pub setup_code: Option<String>,
    pub desk: Desk,
    tasks: JoinSet<()>,
}

impl std::fmt::Debug for RunningServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunningServer").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Starts serving `store`, and the jobs.
///
/// # Errors
/// When the address cannot be had or the store cannot be read.
pub async fn start(config: ServerConfig, store: Arc<dyn Store>, clock: Clock) -> Result<RunningServer, ServeError> {
    let listener = listen(&config.listen).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::PortTaken { address: config.listen.clone() },
        _ => ServeError::Listen { address: config.listen.clone(), why: error.to_string() },
    })?;
    let addr = listener.local_addr().map_err(|error| ServeError::Listen { address: config.listen.clone(), why: error.to_string() })?;
    let shutdown = CancellationToken::new();
    let away_after = chrono::TimeDelta::from_std(config.away_after).unwrap_or(chrono::TimeDelta::MAX);
    let files = files::Files::open(config.files).map_err(ServeError::Files)?;
    let desk = Desk::new(store, clock, config.backup_folder, away_after, config.public_url, files, shutdown.clone()).await?;
    let setup_code = desk.setup_code.lock().await.clone();
    let mut tasks = JoinSet::new();
    tasks.spawn(feed::hub::follow(desk.clone()));
    tasks.spawn(feed::receivers::follow(desk.clone()));
    tasks.spawn(here::follow(desk.clone()));
    jobs::start(&desk, &mut tasks);
    // What is sent is small and waited for: not held back until more comes.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let service = router::router(desk.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tasks.spawn(async move {
        let served = axum::serve(listener, service).with_graceful_shutdown(shutdown.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(%error, "the server stopped");
        }
    });
    Ok(RunningServer { url: format!("http://{addr}"), addr, setup_code, desk, tasks })
}

impl RunningServer {
    /// Takes no new work, finishes what was acknowledged, ends streams and jobs, closes the store.
    pub async fn shutdown(mut self) {
        self.desk.shutdown.cancel();
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!("requests were still open when the server closed");
            self.tasks.abort_all();
        }
        self.desk.store.close().await;
    }
}
