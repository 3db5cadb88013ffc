//! The HTTP API as a typed client: one connection pool, bearer token, problems as errors that know whether to retry.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::roster::generate::Proposal;
use crate::wire::command::{Answers, Submissions};
use crate::wire::duty::GenerateRoster;
use crate::wire::problem::Problem;

/// How long a plain request may take before the link counts as broken.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// An import commits up to thousands of rows, and the search for a roster tries a million moves, before they answer.
const LONG_TIMEOUT: Duration = Duration::from_secs(180);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether and when the same request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    Never,
    /// Not before this long from now.
    After(Duration),
    /// With a fresh token only.
    AfterSignIn,
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
            Self::Foreign { status, .. } if *status >= 500 => Retry::After(Duration::ZERO),
            Self::Foreign { .. } => Retry::Never,
            Self::Problem(problem, after) => match problem.status {
                401 => Retry::AfterSignIn,
                408 | 425 | 429 | 500..=599 => Retry::After(after.unwrap_or_default()),
                _ => Retry::Never,
            },
        }
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
        // A second installation answers an error, which is as good: somebody did it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self { http: Arc::default(), headers, base })
    }

    fn http(&self) -> &reqwest::Client {
        let builder = || {
            reqwest::Client::builder()
                .default_headers(self.headers.clone())
                .connect_timeout(CONNECT_TIMEOUT)
                .tcp_nodelay(true)
                .user_agent(concat!("dutydesk/", env!("CARGO_PKG_VERSION")))
        };
        // A system that trusts nobody still has its own machine to speak to; elsewhere the connection says what is wrong.
        self.http.get_or_init(|| builder().build().or_else(|_| builder().tls_certs_only([]).build()).unwrap_or_default())
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
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(|secs| secs.parse().ok());
        let body = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => Err(ApiError::Problem(Box::new(problem), after.map(Duration::from_secs))),
            Err(_) => Err(ApiError::Foreign { url: self.base.clone(), status: status.as_u16() }),
        }
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ApiError> {
        self.read(self.send(request.timeout(REQUEST_TIMEOUT)).await?).await
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
        let body = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        let body: &[u8] = if body.is_empty() { b"null" } else { &body };
        serde_json::from_slice(body).map_err(|_| ApiError::Foreign { url: self.base.clone(), status })
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
        self.send(self.request(Method::DELETE, path).timeout(REQUEST_TIMEOUT)).await.map(drop)
    }

    /// Hands commands to the server; refusals are answers, not errors.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn submit(&self, submissions: &Submissions) -> Result<Answers, ApiError> {
        self.post("/api/v1/commands", submissions).await
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

/// The innermost cause in words: the outer ones repeat the URL.
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.is_timeout() { "it took too long".to_owned() } else { cause.to_string() }
}
