//! One's own reminders, and what was promised in a ticket.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use chrono_tz::Tz;

use super::{acting, rows_of, visible_ticket};
use crate::domain::access;
use crate::domain::command::{Command, CommandResult};
use crate::domain::follow_up::proposals;
use crate::domain::id::{FollowUpId, PersonId, ReminderId, TicketNumber};
use crate::domain::reminder::{PutReminder, Reminder};
use crate::domain::row::RowKind;
use crate::domain::ticket::FollowUp;
use crate::server::auth::SignedIn;
use crate::server::error::ApiResult;
use crate::server::execute::{idempotency_key, perform};
use crate::server::extract::{Body, Path};
use crate::server::state::Desk;
use crate::wire::handover::{FollowUpInput, FollowUps, ReminderInput};
use crate::wire::list::Items;
use crate::wire::problem::Problem;

const ANSWERED_MAX: i64 = 500;
/// Messages looked through for promises.
const MESSAGES_MAX: i64 = 200;

/// One's own reminders that wait, soonest first.
#[utoipa::path(get, path = "/api/v1/reminders", tag = "reminders", responses((status = 200, body = Items<Reminder>), (status = 401, body = Problem)))]
pub async fn list(State(desk): State<Desk>, who: SignedIn) -> ApiResult<Json<Items<Reminder>>> {
    let page = desk.store.snapshot(&who.person, RowKind::Reminder, None, ANSWERED_MAX).await?;
    let mut reminders: Vec<Reminder> = rows_of(page)?;
    reminders.sort_by_key(|row| row.at);
    Ok(Json(reminders.into()))
}

/// Make a reminder under an id of one's own making, or move one that waits. It is told once, never early.
#[utoipa::path(put, path = "/api/v1/reminders/{id}", tag = "reminders", params(("id" = Uuid, Path)), request_body = ReminderInput, responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
pub async fn put(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(id): Path<ReminderId>,
    Body(body): Body<ReminderInput>,
) -> ApiResult<Json<CommandResult>> {
    let ReminderInput { at, text, ticket, conversation } = body;
    let command = Command::PutReminder(Box::new(PutReminder { id, at, text, ticket, conversation }));
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, command).await?))
}

/// Cancel a reminder of one's own.
#[utoipa::path(delete, path = "/api/v1/reminders/{id}", tag = "reminders", params(("id" = Uuid, Path)), responses(
    (status = 200, body = CommandResult), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn cancel(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path(id): Path<ReminderId>,
) -> ApiResult<Json<CommandResult>> {
    Ok(Json(perform(&desk, &acting(who.person), idempotency_key(&headers)?, None, Command::CancelReminder { id }).await?))
}

/// What was promised in a ticket: set by people, and found in its last public replies.
#[utoipa::path(get, path = "/api/v1/tickets/{number}/follow-ups", tag = "tickets", params(("number" = i64, Path)), responses(
    (status = 200, body = FollowUps), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn follow_ups(State(desk): State<Desk>, who: SignedIn, Path(number): Path<TicketNumber>) -> ApiResult<Json<FollowUps>> {
    let ticket = visible_ticket(&desk, &who.person, number).await?;
    let after = (ticket.message_count - MESSAGES_MAX).max(0);
    let mut messages = desk.store.messages(ticket.conversation, after, MESSAGES_MAX).await?;
    messages.retain(|message| access::reads_tier(&who.person, message.visibility.tier()));
    let zone: Tz = who.person.time_zone.parse().unwrap_or_default();
    let found = proposals(&ticket, &messages, zone);
    Ok(Json(FollowUps { set: ticket.follow_ups, found }))
}

/// Make or change a promise under an id of one's own making, or settle it with `done`.
#[utoipa::path(put, path = "/api/v1/tickets/{number}/follow-ups/{id}", tag = "tickets", params(("number" = i64, Path), ("id" = Uuid, Path)),
    request_body = FollowUpInput, responses((status = 200, body = CommandResult), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn put_follow_up(
    State(desk): State<Desk>,
    who: SignedIn,
    headers: HeaderMap,
    Path((number, id)): Path<(TicketNumber, FollowUpId)>,
    Body(body): Body<FollowUpInput>,
) -> ApiResult<Json<CommandResult>> {
    let FollowUpInput { at, text, message, done } = body;
    let actor = acting(who.person);
    let key = idempotency_key(&headers)?;
    let follow_up = FollowUp { id, at, text, by: PersonId::default(), message, done: false, told: false };
    let result = perform(&desk, &actor, key, None, Command::PutFollowUp { number, follow_up }).await?;
    if !done {
        return Ok(Json(result));
    }
    // Settled under no key of its own: a second time changes nothing.
    Ok(Json(perform(&desk, &actor, None, None, Command::SettleFollowUp { number, id, done }).await?))
}
