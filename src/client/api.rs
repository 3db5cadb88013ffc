//! The HTTP API as a typed client: one connection pool, bearer token, problems as errors that know whether to retry.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::base::text;
use crate::domain::roster::generate::Proposal;
use crate::wire::TIME_HEADER;
use crate::wire::command::{Answers, Submissions};
use crate::wire::duty::GenerateRoster;
use crate::wire::problem::Problem;
use crate::wire::protocol::{PROTOCOL, PROTOCOL_HEADER, PROTOCOL_OLDEST, PROTOCOL_UNSAID, Spoken};

/// Which of the two must be updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    /// This dutydesk.
    Client,
    Server,
}

/// How long a plain request may take before the link counts as broken.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// An import commits up to thousands of rows, and the search for a roster tries a million moves, before they answer.
const LONG_TIMEOUT: Duration = Duration::from_secs(180);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A link so slow counts as working: commands get this much more time by their size, in bytes a second.
const SLOWEST: u64 = 4 * 1024;
/// What is read of an answer that is no success: longer ones are no problem documents.
const PROBLEM_MAX: usize = 64 * 1024;
/// No answer of ours is as long: what is has no end, or is none.
pub(super) const ANSWER_MAX: usize = 256 * 1024 * 1024;
/// The longest time for which a server can ask not to be asked again: a proxy's mistake must not end a link for a day.
const RETRY_AFTER_MAX: u64 = 300;

/// Whether and when the same request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    Never,
    /// Not before this long from now.
    After(Duration),
    /// With a fresh token only.
    AfterSignIn,
    /// When somebody has updated one of the two: asking in between is for finding that out.
    AfterUpdate,
}

/// Why a request brought no answer of use.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error("the server address `{0}` is not a URL: write it as http://HOST:PORT or https://HOST")]
    Address(String),
    /// No connection, cut off, timed out.
    #[error("the server at {url} does not answer: {why}")]
    Unreachable {
        url: String,
        why: String,
        /// Bytes may have left this machine: what was asked may have been done.
        sent: bool,
    },
    /// The server said no, in its own words.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>, Option<Duration>),
    /// Client and server are too far apart to understand each other.
    #[error("{why}")]
    Outdated { old: Old, why: String },
    /// Something else answered: a proxy's page, another program.
    #[error("the server at {url} answered {status} with something that is not dutydesk's: is the address right, or a proxy in between?")]
    Foreign { url: String, status: u16 },
}

impl ApiError {
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Address(_) => Retry::Never,
            Self::Unreachable { .. } => Retry::After(Duration::ZERO),
            Self::Outdated { .. } => Retry::AfterUpdate,
            Self::Foreign { status, .. } if *status >= 500 => Retry::After(Duration::ZERO),
            Self::Foreign { .. } => Retry::Never,
            Self::Problem(problem, after) => match problem.status {
                401 => Retry::AfterSignIn,
                408 | 425 | 429 | 500..=599 => Retry::After(after.unwrap_or_default()),
                _ => Retry::Never,
            },
        }
    }

    /// What an answer that is no success says; `after`: its `Retry-After` in seconds. Whoever wrote it, its words are clean.
    #[must_use]
    pub fn answered(url: &str, status: u16, after: Option<u64>, body: &[u8]) -> Self {
        // Other programs speak RFC 9457 as well, with codes of their own: theirs must not refuse anybody's command.
        let ours = |problem: &Problem| problem.status == status && problem.kind == format!("about:blank#{}", problem.code);
        let Some(problem) = serde_json::from_slice::<Problem>(body).ok().filter(ours) else {
            return Self::Foreign { url: url.to_owned(), status };
        };
        if problem.code == "client_too_old" {
            return Self::Outdated { old: Old::Client, why: text::clean(&problem.detail) };
        }
        let problem = Problem { title: text::clean(&problem.title), detail: text::clean(&problem.detail), ..problem };
        Self::Problem(Box::new(problem), after.map(|secs| Duration::from_secs(secs.min(RETRY_AFTER_MAX))))
    }

    /// The server cannot go on from this cursor: it is too old, or of a desk since restored.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Problem(problem, _) if problem.status == 410)
    }

    /// Whether nobody can have read what was asked: there was no connection.
    #[must_use]
    pub fn never_arrived(&self) -> bool {
        matches!(self, Self::Address(_) | Self::Unreachable { sent: false, .. })
    }

    /// The problem's stable code, when the server gave one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Problem(problem, _) => Some(&problem.code),
            Self::Outdated { old: Old::Client, .. } => Some("client_too_old"),
            Self::Outdated { old: Old::Server, .. } => Some("server_too_old"),
            _ => None,
        }
    }
}

/// The server's API for one person (or nobody, before sign-in).
#[derive(Clone, Debug)]
pub struct Api {
    /// Made for the first request: it reads every certificate that the system trusts, which a console's first screen need not wait for.
    http: Arc<OnceLock<reqwest::Client>>,
    headers: HeaderMap,
    base: String,
    patience: Duration,
}

impl Api {
    /// `base` as `http://127.0.0.1:7070`; `token` as given at sign-in.
    ///
    /// # Errors
    /// When `base` is not a URL, or the token holds characters no header can.
    pub fn new(base: &str, token: Option<&str>) -> Result<Self, ApiError> {
        let base = base.trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base).map_err(|_| ApiError::Address(base.clone()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(ApiError::Address(base));
        }
        let mut headers = HeaderMap::new();
        if let Some(token) = token {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| ApiError::Address(base.clone()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        headers.insert(PROTOCOL_HEADER, HeaderValue::from(PROTOCOL));
        // A second installation answers an error, which is as good: somebody did it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self { http: Arc::default(), headers, base, patience: REQUEST_TIMEOUT })
    }

    /// With another limit for plain requests than 30 seconds; tests are hastier.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// How long a plain request may take, and how long a download may be silent.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.patience
    }

    fn http(&self) -> &reqwest::Client {
        let builder = || {
            reqwest::Client::builder()
                .default_headers(self.headers.clone())
                .connect_timeout(CONNECT_TIMEOUT)
                .tcp_nodelay(true)
                // No server of ours sends anybody elsewhere. Somebody in between who does (a captive portal) would be handed what
                // is to be sent, or make a POST a GET.
                .redirect(reqwest::redirect::Policy::none())
                .user_agent(concat!("dutydesk/", env!("CARGO_PKG_VERSION")))
        };
        // A system that trusts nobody still has its own machine to speak to; elsewhere the connection says what is wrong.
        self.http.get_or_init(|| {
            builder()
                .build()
                .or_else(|_| builder().tls_certs_only([]).build())
                .expect("a client that trusts nobody needs nothing of the system")
        })
    }

    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A request to `path` (`/api/v1/…`), for callers that need headers or streams; send it with [`Api::send`].
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http().request(method, format!("{}{path}", self.base))
    }

    /// Sends, and turns whatever is not a success into an error.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, ApiError> {
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        let status = response.status();
        let spoken = spoken(response.headers());
        // A refusal for our age is told in the server's own words below.
        if status != StatusCode::UPGRADE_REQUIRED
            && let Some(error) = spoken.and_then(|spoken| self.outdated(spoken))
        {
            return Err(error);
        }
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(|secs| secs.parse().ok());
        let body = self.body(response, Some(PROBLEM_MAX), self.patience).await?.unwrap_or_default();
        Err(ApiError::answered(&self.base, status.as_u16(), after, &body))
    }

    /// As [`Api::send`], for an answer whose body may last: its head must come `within` that time.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn open(&self, request: RequestBuilder, within: Duration) -> Result<Response, ApiError> {
        tokio::time::timeout(within, self.send(request)).await.unwrap_or_else(|_| Err(self.too_long()))
    }

    /// The whole body, of which each part must come within `silence`; `None` when it is longer than `max`.
    ///
    /// # Errors
    /// When it breaks off or stops.
    pub(super) async fn body(&self, mut response: Response, max: Option<usize>, silence: Duration) -> Result<Option<Vec<u8>>, ApiError> {
        let mut body = Vec::new();
        loop {
            let part = tokio::time::timeout(silence, response.chunk()).await.map_err(|_| self.too_long())?;
            let Some(part) = part.map_err(|error| self.unreachable(&error))? else { return Ok(Some(body)) };
            body.extend_from_slice(&part);
            if max.is_some_and(|max| body.len() > max) {
                return Ok(None);
            }
        }
    }

    fn too_long(&self) -> ApiError {
        ApiError::Unreachable { url: self.base.clone(), why: "it took too long".to_owned(), sent: true }
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ApiError> {
        self.read(self.send(request.timeout(self.patience)).await?).await
    }

    /// The JSON of an answer that [`Api::send`] gave.
    ///
    /// # Errors
    /// When it is something else.
    pub async fn read_json<T: DeserializeOwned>(&self, response: Response) -> Result<T, ApiError> {
        self.read(response).await
    }

    async fn read<T: DeserializeOwned>(&self, response: Response) -> Result<T, ApiError> {
        let status = response.status().as_u16();
        let newer = spoken(response.headers()).filter(|spoken| spoken.newest > PROTOCOL);
        let body = self.body(response, Some(ANSWER_MAX), self.patience).await?;
        let body = body.ok_or_else(|| ApiError::Foreign { url: self.base.clone(), status })?;
        let body: &[u8] = if body.is_empty() { b"null" } else { &body };
        serde_json::from_slice(body).map_err(|_| match newer {
            Some(spoken) => self.unreadable(spoken),
            None => ApiError::Foreign { url: self.base.clone(), status },
        })
    }

    /// Whether this server and this client are too far apart.
    fn outdated(&self, server: Spoken) -> Option<ApiError> {
        let (url, ours) = (&self.base, env!("CARGO_PKG_VERSION"));
        if server.newest < PROTOCOL_OLDEST {
            let why = format!(
                "The server at {url} speaks protocol {}, and this dutydesk {ours} needs at least {PROTOCOL_OLDEST}: update the server. \
                 What waits here to be sent is kept.",
                server.newest
            );
            return Some(ApiError::Outdated { old: Old::Server, why });
        }
        (server.oldest > PROTOCOL).then(|| {
            let why = format!(
                "The server at {url} speaks protocol {} to {}, and this dutydesk {ours} speaks {PROTOCOL}: update dutydesk on this \
                 machine. What waits here to be sent is kept.",
                server.oldest, server.newest
            );
            ApiError::Outdated { old: Old::Client, why }
        })
    }

    /// An answer that a newer server words in a way this version cannot read.
    fn unreadable(&self, server: Spoken) -> ApiError {
        let why = format!(
            "The server at {} is newer (protocol {}) than this dutydesk {} (protocol {PROTOCOL}) and answered what this one cannot read: \
             update dutydesk on this machine.",
            self.base,
            server.newest,
            env!("CARGO_PKG_VERSION")
        );
        ApiError::Outdated { old: Old::Client, why }
    }

    /// # Errors
    /// See [`ApiError`].
    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        self.json(self.request(Method::GET, path).header(ACCEPT, "application/json")).await
    }

    /// Any method with a JSON body; an empty answer reads as `()`.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn call<B: Serialize + Sync + ?Sized, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &B,
    ) -> Result<T, ApiError> {
        self.json(self.request(method, path).json(body)).await
    }

    /// # Errors
    /// See [`ApiError`].
    pub async fn post<B: Serialize + Sync + ?Sized, T: DeserializeOwned>(&self, path: &str, body: &B) -> Result<T, ApiError> {
        self.call(Method::POST, path, body).await
    }

    /// # Errors
    /// See [`ApiError`].
    pub async fn delete(&self, path: &str) -> Result<(), ApiError> {
        self.send(self.request(Method::DELETE, path).timeout(self.patience)).await.map(drop)
    }

    /// Hands commands to the server; refusals are answers, not errors.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn submit(&self, submissions: &Submissions) -> Result<Answers, ApiError> {
        // A long text over a thin link takes its time, each time anew: it must be able to arrive at all.
        let body = serde_json::to_vec(submissions).map_err(|_| ApiError::Address(self.base.clone()))?;
        let thin = Duration::from_secs(u64::try_from(body.len()).unwrap_or(u64::MAX) / SLOWEST);
        let request = self.request(Method::POST, "/api/v1/commands").header(CONTENT_TYPE, "application/json").body(body);
        self.read(self.send(request.timeout(self.patience + thin)).await?).await
    }

    /// Hands many commands to the server as JSON Lines, one submission a line; for admins. Refusals are answers, not errors.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn import(&self, lines: bytes::Bytes) -> Result<Answers, ApiError> {
        let request = self.request(Method::POST, "/api/v1/import").header(CONTENT_TYPE, "application/jsonl").body(lines);
        self.read(self.send(request.timeout(LONG_TIMEOUT)).await?).await
    }

    /// A proposed roster of the rota with this key: a search that may take longer than other requests.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn generate(&self, rota: &str, wanted: &GenerateRoster) -> Result<Proposal, ApiError> {
        let request = self.request(Method::POST, &format!("/api/v1/rotas/{rota}/generate")).json(wanted);
        self.read(self.send(request.timeout(LONG_TIMEOUT)).await?).await
    }

    /// As [`Api::call`], for somebody else than this client was made for: many people share one connection pool.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn call_as<B: Serialize + Sync + ?Sized, T: DeserializeOwned>(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<T, ApiError> {
        let request = self.request(method, path).bearer_auth(token);
        self.json(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    fn unreachable(&self, error: &reqwest::Error) -> ApiError {
        ApiError::Unreachable { url: self.base.clone(), why: reason(error), sent: !error.is_connect() }
    }
}

/// What a server speaks, by its answer's headers; `None` when it is none of ours that answered.
fn spoken(headers: &HeaderMap) -> Option<Spoken> {
    match headers.get(PROTOCOL_HEADER) {
        Some(value) => Spoken::parse(value.to_str().ok()?),
        None => headers.contains_key(TIME_HEADER).then_some(Spoken { newest: PROTOCOL_UNSAID, oldest: PROTOCOL_UNSAID }),
    }
}

/// The innermost cause in words: the outer ones repeat the URL.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.is_timeout() { "it took too long".to_owned() } else { text::clean(&cause.to_string()) }
}
