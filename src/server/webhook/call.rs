//! One call to a webhook: a signed POST, and what became of it. Never follows redirects, never goes through a proxy, and
//! reads no more of the answer than fits into an error message.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};

use super::address::{Forbidden, PublicOnly, check_literal};
use super::sign::sign;
use crate::base::text::clean;
use crate::domain::Timestamp;
use crate::domain::webhook::{Delivery, Webhook};

/// From the look-up to the answer's head.
const TIMEOUT: Duration = Duration::from_secs(10);
/// What is kept of an error's body.
const ANSWER_BYTES_MAX: usize = 1024;
const ANSWER_CHARS_MAX: usize = 200;
/// A receiver may ask for more time, within reason.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);

/// A call that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// For people.
    pub why: String,
    /// Trying again is of no use: the receiver is gone for good.
    pub for_good: bool,
    /// The receiver asked not to be called before this has passed.
    pub after: Duration,
}

impl Failure {
    pub fn again(why: impl Into<String>) -> Self {
        Self { why: why.into(), for_good: false, after: Duration::ZERO }
    }

    pub fn for_good(why: impl Into<String>) -> Self {
        Self { for_good: true, ..Self::again(why) }
    }
}

/// One client that reaches the public internet alone, and one for webhooks that are allowed more.
#[derive(Debug)]
pub struct Clients {
    public: Client,
    any: Client,
}

impl Clients {
    pub(super) fn new() -> Result<Self, String> {
        // A second installation answers an error, which is as good: somebody did it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .no_gzip()
                .timeout(TIMEOUT)
                .pool_idle_timeout(Duration::from_secs(30))
                .user_agent(concat!("dutydesk/", env!("CARGO_PKG_VERSION")))
        };
        let made = |result: reqwest::Result<Client>| result.map_err(|error| format!("this machine cannot make calls: {}", reason(&error)));
        Ok(Self { public: made(builder().dns_resolver(PublicOnly).build())?, any: made(builder().build())? })
    }

    /// POSTs the delivery's body as it stands, signed for `now`.
    ///
    /// # Errors
    /// Whatever is not an answer of the 200s.
    pub async fn call(&self, webhook: &Webhook, delivery: &Delivery, now: Timestamp) -> Result<(), Failure> {
        let url: Url = webhook.url.parse().map_err(|_| Failure::for_good(format!("{:?} is not an address", webhook.url)))?;
        if !webhook.allow_private {
            check_literal(&url).map_err(|forbidden| Failure::again(forbidden.to_string()))?;
        }
        let client = if webhook.allow_private { &self.any } else { &self.public };
        let (id, timestamp) = (delivery.id.to_string(), now.timestamp());
        let request = client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", sign(&webhook.secret, &id, timestamp, &delivery.body))
            .header("webhook-id", id)
            .body(delivery.body.clone());
        let response = request.send().await.map_err(|error| Failure::again(reason(&error.without_url())))?;
        if response.status().is_success() { Ok(()) } else { Err(refused(response).await) }
    }
}

async fn refused(mut response: Response) -> Failure {
    let status = response.status();
    if status.is_redirection() {
        return Failure::again(format!("it answered {status}; redirects are not followed: give the webhook the address it leads to"));
    }
    let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(|secs| secs.parse().ok());
    let mut body = Vec::new();
    while body.len() < ANSWER_BYTES_MAX
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk[..chunk.len().min(ANSWER_BYTES_MAX - body.len())]);
    }
    let said: String = clean(&String::from_utf8_lossy(&body)).chars().take(ANSWER_CHARS_MAX).collect();
    let why = if said.is_empty() { format!("it answered {status}") } else { format!("it answered {status}: {said}") };
    let after = Duration::from_secs(after.unwrap_or(0)).min(RETRY_AFTER_MAX);
    Failure { why, for_good: status == StatusCode::GONE, after }
}

/// What went wrong, from the innermost cause: the outer ones repeat the address, which may hold a secret.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} seconds", TIMEOUT.as_secs());
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
        if cause.downcast_ref::<Forbidden>().is_some() {
            break;
        }
    }
    clean(&cause.to_string())
}
