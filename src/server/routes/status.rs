//! The requester's page, no part of the API: whoever has the address reads the ticket's public progress, and rates it when it is solved. No sign-in: the
//! key is 122 random bits, looked up by an index; how long a look-up takes tells nothing that helps to guess one.

use std::net::SocketAddr;

use axum::Form;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::craft::whole;
use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command, Submission};
use crate::domain::conversation::interleave::interleave;
use crate::domain::conversation::{Author, Message};
use crate::domain::ticket::Ticket;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{Source, execute};
use crate::server::extract::{Path, Query};
use crate::server::state::Desk;
use crate::server::status::{Page, Tongue, missing, page};

/// Messages shown of one conversation.
const MESSAGES_MAX: i64 = 2_000;
/// A chain of merges is followed so far.
const MERGES_MAX: usize = 20;
/// Nothing is loaded from anywhere, nothing runs, nobody frames it; the form comes back here.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

#[derive(Deserialize)]
pub struct StatusQuery {
    /// `en` or `zh-CN`; the ticket's language or the browser's when absent.
    lang: Option<String>,
    /// Set after a rating was taken.
    #[serde(default)]
    thanks: Option<String>,
}

/// The form's fields.
#[derive(Deserialize)]
pub struct RatingForm {
    /// 1 (bad) to 5 (good).
    score: u8,
    #[serde(default)]
    words: String,
}

fn answer(status: StatusCode, text: String) -> Response {
    let mut response = (status, Html(text)).into_response();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn tongue(query: Option<&str>, ticket: Option<&Ticket>, headers: &HeaderMap) -> Tongue {
    let own = ticket.and_then(|ticket| ticket.language.as_deref());
    let browser = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    query.and_then(Tongue::parse).or_else(|| own.and_then(Tongue::parse)).or_else(|| browser.and_then(Tongue::accepted)).unwrap_or_default()
}

/// The ticket of a key, and the one it was merged into in the end. Misses count against the address.
async fn find(desk: &Desk, key: &str, peer: SocketAddr) -> ApiResult<Option<(Ticket, Ticket)>> {
    let (name, now) = (format!("status {}", peer.ip()), desk.clock.now());
    if let Some(seconds) = desk.attempts.blocked(&[&name], now) {
        let wait = format!("Too many wrong addresses: try again in {seconds} seconds.");
        return Err(ApiProblem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts", wait).retry_after(seconds));
    }
    let well_formed = key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    let found = if well_formed { desk.store.ticket_by_status_key(key).await? } else { None };
    let Some(own) = found else {
        desk.attempts.failed(&[&name], now);
        return Ok(None);
    };
    let mut last = own.clone();
    for _ in 0..MERGES_MAX {
        let Some(into) = last.merged_into else { break };
        let Some(next) = desk.store.ticket(into).await? else { break };
        last = next;
    }
    Ok(Some((own, last)))
}

/// What the requester of `own` reads: everything of `last` when it is theirs as well; of somebody else's ticket only how it stands,
/// and what was said in their own.
async fn readable(desk: &Desk, own: &Ticket, last: &Ticket) -> ApiResult<Vec<Message>> {
    if own.requester.id != last.requester.id {
        return Ok(whole(desk, own.conversation, MESSAGES_MAX).await?);
    }
    let mut streams = vec![whole(desk, last.conversation, MESSAGES_MAX).await?];
    // Another requester's ticket that was merged in is not for these eyes, nor what they write now.
    let mut strangers = Vec::new();
    for merged in &last.merged {
        match desk.store.ticket(merged.number).await? {
            Some(ticket) if ticket.requester.id != last.requester.id => strangers.push(ticket.requester.id),
            Some(_) => streams.push(whole(desk, merged.conversation, MESSAGES_MAX).await?),
            None => {}
        }
    }
    let mut messages = interleave(streams);
    messages.retain(|message| !matches!(message.author, Author::Requester { id, .. } if strangers.contains(&id)));
    Ok(messages)
}

/// A ticket's public progress as a page for its requester. No sign-in: the address is the secret.
pub async fn show(
    State(desk): State<Desk>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(key): Path<String>,
    Query(query): Query<StatusQuery>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let Some((own, last)) = find(&desk, &key, peer).await? else {
        return Ok(answer(StatusCode::NOT_FOUND, missing(tongue(query.lang.as_deref(), None, &headers))));
    };
    let messages = readable(&desk, &own, &last).await?;
    let mut shown = Page::new(&last, &messages, &desk.directory(), desk.clock.now());
    let same = own.requester.id == last.requester.id;
    if !same {
        shown.subject.clone_from(&own.subject);
        (shown.rates, shown.rating) = (false, None);
    }
    shown.thanks = query.thanks.is_some();
    Ok(answer(StatusCode::OK, page(&shown, tongue(query.lang.as_deref(), Some(&own), &headers))))
}

/// Rate a solved ticket: the page's form. Leads back to the page.
pub async fn rate(
    State(desk): State<Desk>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path(key): Path<String>,
    Query(query): Query<StatusQuery>,
    headers: HeaderMap,
    form: Result<Form<RatingForm>, axum::extract::rejection::FormRejection>,
) -> ApiResult<Response> {
    let tongue = |ticket| tongue(query.lang.as_deref(), ticket, &headers);
    let Some((own, last)) = find(&desk, &key, peer).await? else {
        return Ok(answer(StatusCode::NOT_FOUND, missing(tongue(None))));
    };
    if own.requester.id != last.requester.id {
        return Err(ApiProblem::new(
            StatusCode::CONFLICT,
            "ticket_merged",
            "This request goes on in another one: it cannot be rated here.",
        ));
    }
    let Ok(Form(RatingForm { score, words })) = form else {
        return Err(ApiProblem::invalid("score", "Choose a score from 1 to 5."));
    };
    let command = Command::RateTicket { number: last.number, score, words };
    let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command };
    execute(&desk, &Actor::Desk { job: "status_page" }, Source::Intake, submission).await?.answer?;
    // Relative: the page may be reached under another path.
    let back = format!("?lang={}&thanks=1", tongue(Some(&own)).words().tag);
    let mut response = answer(StatusCode::SEE_OTHER, String::new());
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_str(&back).map_err(|error| ApiProblem::failed(&error))?);
    Ok(response)
}
