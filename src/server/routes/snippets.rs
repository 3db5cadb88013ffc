//! Canned replies: one's own and the desk's; filled for a ticket.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{acting, tickets, visible_ticket};
use crate::domain::command::{Command, CommandResult};
use crate::domain::id::{SnippetId, TicketNumber};
use crate::domain::snippet::expand::{About, expand};
use crate::domain::snippet::{Snippet, select};
use crate::domain::suggest;
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path, Query};
use crate::server::state::Desk;
use crate::wire::list::Items;
use crate::wire::problem::Problem;
use crate::wire::snippet::{SnippetFilled, SnippetInput};

/// Snippets one may use, by key: one's own and the desk's, those no longer in use left out.
#[utoipa::path(get, path = "/api/v1/snippets", tag = "snippets", responses((status = 200, body = Items<Snippet>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<Snippet>>> {
    let mine = |snippet: &&Snippet| snippet.active && snippet.owner.is_none_or(|owner| owner == who.person.id);
    let mut found: Vec<Snippet> = desk.directory().snippets.values().filter(mine).cloned().collect();
    found.sort_by(|a, b| (&a.key, a.id).cmp(&(&b.key, b.id)));
    Ok(Json(found.into()))
}

/// Create or replace a snippet: one's own, or the desk's by a lead.
#[utoipa::path(put, path = "/api/v1/snippets/{id}", tag = "snippets", params(("id" = Uuid, Path)), request_body = SnippetInput, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, description = "The key is taken", body = Problem), (status = 422, body = Problem)))]
pub async fn put(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<SnippetId>,
    headers: HeaderMap,
    Body(body): Body<SnippetInput>,
) -> ApiResult<Json<CommandResult>> {
    let SnippetInput { key, title, mine, queue, texts } = body;
    let queue = queue.as_deref().map(|key| tickets::queue_by_key(&desk.directory(), key)).transpose()?;
    let snippet = Snippet { id, version: 0, key, title, owner: mine.then_some(who.person.id), queue, texts, active: true };
    let command = Command::PutSnippet(Box::new(snippet));
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}

/// Use a snippet no more; it stays on record.
#[utoipa::path(delete, path = "/api/v1/snippets/{id}", tag = "snippets", params(("id" = Uuid, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(id): Path<SnippetId>,
    headers: HeaderMap,
) -> ApiResult<Json<CommandResult>> {
    let known = desk.directory().snippets.get(&id).cloned();
    let theirs = known.filter(|snippet| snippet.owner.is_none_or(|owner| owner == who.person.id));
    let snippet = theirs.ok_or_else(|| ApiProblem::not_found("This snippet"))?;
    let command = Command::PutSnippet(Box::new(Snippet { active: false, ..snippet }));
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct FillQuery {
    /// Instead of the ticket's or requester's language.
    language: Option<String>,
}

/// What a snippet says for a ticket: one's own before the queue's before the desk's, in the requester's language.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/snippets/{key}", tag = "snippets",
    params(("number" = i64, Path), ("key" = String, Path), FillQuery), responses(
    (status = 200, body = SnippetFilled), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn fill(
    State(desk): State<Desk>,
    who: SignedIn,
    Path((number, key)): Path<(TicketNumber, String)>,
    Query(query): Query<FillQuery>,
    headers: HeaderMap,
) -> ApiResult<Json<SnippetFilled>> {
    let ticket = visible_ticket(&desk, &who.person, number).await?;
    let directory = desk.directory();
    let snippets = directory.snippets.values();
    let Some(snippet) = select::by_key(snippets.clone(), &key, who.person.id, Some(ticket.queue)) else {
        let known = select::usable_by(snippets, who.person.id, Some(ticket.queue));
        let near = suggest::near(&key, known.into_iter().map(|snippet| snippet.key.as_str()));
        let missing = ApiProblem::not_found("This snippet");
        return Err(ApiProblem {
            detail: format!("There is no snippet {key:?} for this ticket.{near} GET /api/v1/snippets lists them."),
            ..missing
        });
    };
    let requester = desk.store.requester(ticket.requester.id).await?.and_then(|requester| requester.language);
    let wanted: Vec<&str> = [&query.language, &ticket.language, &requester].into_iter().filter_map(|tag| tag.as_deref()).collect();
    let (language, text) = select::text(snippet, &wanted).ok_or_else(|| ApiProblem::not_found("A text of this snippet"))?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).map(|host| format!("http://{host}"));
    let about = About {
        me: &who.person,
        ticket: Some(&ticket),
        queue: directory.queues.get(&ticket.queue),
        assignee: ticket.assignee.and_then(|id| directory.people.get(&id)),
        base_url: host.as_deref(),
        now: &desk.clock.now().format("%Y-%m-%d %H:%M UTC").to_string(),
    };
    let filled = expand(text, &about)?;
    Ok(Json(SnippetFilled { text: filled.text, language: language.to_owned(), empty: filled.empty }))
}
