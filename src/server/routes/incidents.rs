//! Major incidents: declared, tied, told all at once. What goes out to requesters is previewed by the rule that sends it.

use std::collections::HashSet;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use super::{acting, visible_ticket};
use crate::base::clock::new_id;
use crate::domain::access;
use crate::domain::command::{Command, CommandResult, SendBroadcast};
use crate::domain::id::{BroadcastId, TicketNumber};
use crate::domain::incident::preview::{BroadcastPreview, BroadcastText, plan};
use crate::domain::incident::view::{BroadcastView, IncidentLine, IncidentView, TiedTicket, counts};
use crate::domain::incident::{broadcast as rule, refuse_plain};
use crate::server::auth::SignedIn;
use crate::server::error::{ApiProblem, ApiResult};
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::wire::incident::{BroadcastMade, DeclareIncident, LikenessAnswer, NewBroadcast, TieTo};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

/// Proposals shown at once.
const PROPOSALS_MAX: i64 = 200;

async fn act(desk: &Desk, who: SignedIn, headers: &HeaderMap, command: Command) -> ApiResult<Json<CommandResult>> {
    Ok(Json(perform(desk, &acting(who.person), idempotency_key(headers)?, None, command).await?))
}

/// Open major incidents one may see, newest first.
#[utoipa::path(get, path = "/api/v1/incidents", tag = "incidents", responses(
    (status = 200, body = Items<IncidentLine>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<IncidentLine>>> {
    let mut lines = Vec::new();
    for incident in desk.store.incidents().await?.into_iter().filter(|ticket| access::sees_ticket(&who.person, ticket)) {
        let tied = desk.store.tied(incident.number).await?;
        let unsolved = tied.iter().filter(|ticket| ticket.status.is_unsolved()).count();
        let proposals = desk.store.lookalikes(incident.number, PROPOSALS_MAX).await?.len();
        lines.push(IncidentLine { tied: tied.len(), unsolved, proposals, incident });
    }
    Ok(Json(lines.into()))
}

/// A major incident with what is tied to it, proposed and sent.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/incident", tag = "incidents", params(("number" = i64, Path)), responses(
    (status = 200, body = IncidentView), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn get(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<IncidentView>> {
    let incident = visible_ticket(&desk, &who.person, number).await?;
    let tied = desk.store.tied(number).await?;
    let (by_status, by_region) = counts(&tied);
    let seen = |ticket: &&crate::domain::ticket::Ticket| access::sees_ticket(&who.person, ticket);
    let proposals = desk.store.lookalikes(number, PROPOSALS_MAX).await?;
    Ok(Json(IncidentView {
        by_status,
        by_region,
        tied: tied.iter().filter(seen).map(TiedTicket::of).collect(),
        proposals: proposals.iter().filter(seen).map(|ticket| TiedTicket::proposed(ticket, &incident)).collect(),
        broadcasts: desk.store.broadcasts(number).await?,
        incident: Box::new(incident),
    }))
}

/// Declare a major incident, or change the schedule of its updates.
#[utoipa::path(put, path = "/api/v1/tickets/{number}/incident", tag = "incidents", params(("number" = i64, Path)), request_body = DeclareIncident, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, description = "It is finished, or tied to another", body = Problem), (status = 422, body = Problem)))]
pub async fn declare(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<DeclareIncident>,
) -> ApiResult<Json<CommandResult>> {
    let channel = body.channel.unwrap_or_else(|| new_id().into());
    act(&desk, who, &headers, Command::DeclareMajor { number, update_every_secs: body.update_every_secs, channel }).await
}

/// Stand it down: an ordinary ticket again.
#[utoipa::path(delete, path = "/api/v1/tickets/{number}/incident", tag = "incidents", params(("number" = i64, Path)), responses(
    (status = 204, description = "Stood down"), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn stand_down(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    let _done = act(&desk, who, &headers, Command::StandDown { number }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tie a ticket to a major incident.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/tie", tag = "incidents", params(("number" = i64, Path)), request_body = TieTo, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, description = "It is no major incident, or the ticket is tied elsewhere", body = Problem), (status = 422, body = Problem)))]
pub async fn tie(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<TieTo>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::TieTicket { number, incident: body.incident }).await
}

/// Untie a ticket from its incident.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/untie", tag = "incidents", params(("number" = i64, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn untie(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::UntieTicket { number }).await
}

/// Answer the proposal that a ticket looks like an incident.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/likeness", tag = "incidents", params(("number" = i64, Path)), request_body = LikenessAnswer, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, description = "Nothing is proposed", body = Problem)))]
pub async fn likeness(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<LikenessAnswer>,
) -> ApiResult<Json<CommandResult>> {
    act(&desk, who, &headers, Command::AnswerLikeness { number, accept: body.accept }).await
}

/// Who would get a broadcast, and what; nothing is sent.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/incident/preview", tag = "incidents", params(("number" = i64, Path)), request_body = BroadcastText, responses(
    (status = 200, body = BroadcastPreview), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, description = "It is no major incident", body = Problem), (status = 422, body = Problem)))]
pub async fn preview(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    Body(body): Body<BroadcastText>,
) -> ApiResult<Json<BroadcastPreview>> {
    let incident = visible_ticket(&desk, &who.person, number).await?;
    refuse_plain(&incident)?;
    rule::check(&body)?;
    let tied = desk.store.tied(number).await?;
    let mut preview = plan(&body, &incident, &tied, who.person.id, &desk.directory());
    // Tickets of other queues are counted and named by their number alone.
    let unseen: HashSet<TicketNumber> =
        tied.iter().filter(|ticket| !access::sees_ticket(&who.person, ticket)).map(|ticket| ticket.number).collect();
    for target in preview.targets.iter_mut().filter(|target| unseen.contains(&target.ticket)) {
        target.text = body.chosen(target.language.as_deref()).to_owned();
        (target.subject, target.requester) = (String::new(), String::new());
    }
    Ok(Json(preview))
}

/// Answer the requesters of all its tickets at once; each gets exactly one message.
#[utoipa::path(post, path = "/api/v1/tickets/{number}/incident/broadcasts", tag = "incidents", params(("number" = i64, Path)), request_body = NewBroadcast, responses(
    (status = 201, body = BroadcastMade), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, description = "It is no major incident, nobody would get it, or the preview is stale", body = Problem), (status = 422, body = Problem)))]
pub async fn broadcast(
    State(desk): State<Desk>,
    who: SignedIn,
    Path(number): Path<TicketNumber>,
    headers: HeaderMap,
    Body(body): Body<NewBroadcast>,
) -> ApiResult<(StatusCode, Json<BroadcastMade>)> {
    let broadcast: BroadcastId = idempotency_key(&headers)?.map_or_else(new_id, |key| key.0).into();
    let NewBroadcast { body, expected } = body;
    let command = Command::SendBroadcast(Box::new(SendBroadcast { number, broadcast, body, expected }));
    let _done = act(&desk, who, &headers, command).await?;
    Ok((StatusCode::CREATED, Json(BroadcastMade { broadcast, incident: number })))
}

/// How far a broadcast is, ticket by ticket.
#[utoipa::path(get, path = "/api/v1/broadcasts/{id}", tag = "incidents", params(("id" = Uuid, Path)), responses(
    (status = 200, body = BroadcastView), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn progress(State(desk): State<Desk>, who: SignedIn, Path(id): Path<BroadcastId>) -> ApiResult<Json<BroadcastView>> {
    let Some(found) = desk.store.broadcast(id).await? else { return Err(ApiProblem::not_found("The broadcast")) };
    visible_ticket(&desk, &who.person, found.broadcast.incident).await.map_err(|_| ApiProblem::not_found("The broadcast"))?;
    Ok(Json(found))
}
