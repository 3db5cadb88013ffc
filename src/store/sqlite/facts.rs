//! Loads the rows that decide a command, in the transaction that will write its outcome.

use serde::de::DeserializeOwned;
use sqlx::SqliteConnection;

use super::tables::table_name;
use super::writer::Writing;
use super::{incidents, tickets};
use crate::domain::Timestamp;
use crate::domain::command::needs::SINCE_MAX;
use crate::domain::command::{Facts, Needs, Outcome, Replaces};
use crate::domain::conversation::Message;
use crate::domain::id::{ConversationId, IntakeChannelId, PersonId, TicketNumber};
use crate::domain::queue::Queue;
use crate::domain::sla::fire::wants;
use crate::domain::ticket::Ticket;
use crate::domain::ticket::merge::Merge;
use crate::store::StoreError;
use crate::store::audience::{Standing, needed};

/// Messages after another one that a rule looks at.
const LATER_MAX: i64 = 1_000;

/// One row's JSON, read.
pub(super) async fn one<T: DeserializeOwned>(
    connection: &mut SqliteConnection,
    sql: &'static str,
    value: impl Into<String>,
) -> Result<Option<T>, StoreError> {
    let data: Option<String> = sqlx::query_scalar(sql).bind(value.into()).fetch_optional(connection).await.map_err(StoreError::Database)?;
    data.map(|data| serde_json::from_str(&data).map_err(StoreError::Corrupt)).transpose()
}

/// Many rows' JSON, read.
pub(super) fn parse_all<T: DeserializeOwned>(rows: Vec<String>) -> Result<Vec<T>, StoreError> {
    rows.iter().map(|data| serde_json::from_str(data).map_err(StoreError::Corrupt)).collect()
}

pub(super) async fn ticket(connection: &mut SqliteConnection, number: TicketNumber) -> Result<Option<Ticket>, StoreError> {
    let data: Option<String> = sqlx::query_scalar("SELECT data FROM tickets WHERE number = ?")
        .bind(number.0)
        .fetch_optional(connection)
        .await
        .map_err(StoreError::Database)?;
    data.map(|data| serde_json::from_str(&data).map_err(StoreError::Corrupt)).transpose()
}

/// The ticket of an intake thread; where it was merged, the one that took it in.
pub(super) async fn thread_ticket(
    connection: &mut SqliteConnection,
    channel: IntakeChannelId,
    thread: &str,
) -> Result<Option<Ticket>, StoreError> {
    let number: Option<i64> = sqlx::query_scalar("SELECT ticket FROM threads WHERE channel = ? AND thread = ?")
        .bind(channel.to_string())
        .bind(thread)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::Database)?;
    let Some(number) = number else { return Ok(None) };
    let mut seen = vec![TicketNumber(number)];
    let mut found = ticket(&mut *connection, TicketNumber(number)).await?;
    while let Some(next) = found.as_ref().and_then(|ticket| ticket.merged_into) {
        // Tickets merged into each other would lead round for ever.
        if seen.contains(&next) {
            break;
        }
        seen.push(next);
        found = ticket(&mut *connection, next).await?;
    }
    Ok(found)
}

/// What the due steps of a ticket need besides, by the policy of its queue; `None` when nothing.
async fn wanted_by_steps(
    connection: &mut SqliteConnection,
    needs: &Needs,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Option<Needs>, StoreError> {
    let queue: Option<Queue> = one(connection, "SELECT data FROM queues WHERE id = ?", ticket.queue.to_string()).await?;
    Ok(queue.map(|queue| {
        let wants = wants(&queue.sla, ticket, now);
        Needs {
            channels: wants.channels,
            escalations: wants.experts,
            ticket_conversation: wants.experts,
            all_agent_states: wants.experts,
            ..needs.clone()
        }
    }))
}

/// Reads what `needs` names.
pub(super) async fn load(
    connection: &mut SqliteConnection,
    needs: &Needs,
    now: Timestamp,
    writing: &mut Writing,
) -> Result<Facts, StoreError> {
    let mut facts = Facts { next_number: TicketNumber(writing.next_number), ..Facts::default() };
    facts.ticket = load_ticket(connection, needs).await?;
    load_incident(connection, needs, &mut facts).await?;
    let wanted = match &facts.ticket {
        Some(ticket) if needs.sla_steps => wanted_by_steps(connection, needs, ticket, now).await?,
        _ => None,
    };
    let needs = wanted.as_ref().unwrap_or(needs);
    for id in &needs.channels {
        if let Some(row) = one(connection, "SELECT data FROM conversations WHERE id = ?", id.to_string()).await? {
            facts.channels.insert(*id, row);
        }
    }
    if let Some(found) = facts.ticket.clone() {
        let number = found.number.to_string();
        let sql = "SELECT data FROM assignments WHERE ticket = CAST(? AS BIGINT) AND ended_at IS NULL";
        facts.assignment = one(connection, sql, number).await?;
        if needs.escalations {
            let sql = "SELECT data FROM escalations WHERE ticket = ? ORDER BY id";
            let rows = sqlx::query_scalar(sql).bind(found.number.0).fetch_all(&mut *connection).await.map_err(StoreError::Database)?;
            facts.escalations = parse_all(rows)?;
        }
        if let Some(seen) = needs.since_seen {
            let sql = "SELECT data FROM messages WHERE conversation = ? AND seq > ? ORDER BY seq DESC LIMIT ?";
            let rows = sqlx::query_scalar(sql).bind(found.conversation.to_string()).bind(seen).bind(SINCE_MAX);
            facts.since_seen = parse_all(rows.fetch_all(&mut *connection).await.map_err(StoreError::Database)?)?;
        }
        if needs.last_served {
            facts.last_served = tickets::last_served(connection, found.requester.id, found.number).await?;
        }
    }
    if needs.merge {
        load_merge(connection, &mut facts).await?;
    }
    load_agent_states(connection, needs, writing, &mut facts).await?;
    load_conversation(connection, needs, &mut facts).await?;
    if let Some(external) = &needs.requester {
        facts.requester = one(connection, "SELECT data FROM requesters WHERE external = ?", external).await?;
    }
    if let Some(notice) = needs.notice {
        facts.notice = one(connection, "SELECT data FROM notices WHERE id = ?", notice.to_string()).await?;
    }
    if let Some(id) = needs.reminder {
        facts.reminder = one(connection, "SELECT data FROM reminders WHERE id = ?", id.to_string()).await?;
    }
    if let Some(id) = needs.handover {
        facts.handover = one(connection, "SELECT data FROM handovers WHERE id = ?", id.to_string()).await?;
    }
    if let Some(ticket) = facts.ticket.as_ref().filter(|_| needs.nobody_notices) {
        let sql = "SELECT data FROM notices WHERE is_read = 0 AND topic = ?";
        let topic = format!("nobody_eligible:{}", ticket.queue);
        facts.nobody_notices =
            parse_all(sqlx::query_scalar(sql).bind(topic).fetch_all(&mut *connection).await.map_err(StoreError::Database)?)?;
    }
    if let Some(channel) = needs.intake_channel {
        facts.intake_channel = one(connection, "SELECT data FROM intake_channels WHERE id = ?", channel.to_string()).await?;
    }
    load_message(connection, needs, &mut facts).await?;
    for id in &needs.files {
        facts.files.extend(super::files::row(connection, *id).await?);
    }
    if let Some((kind, id)) = &needs.replaces {
        facts.replaced_version = replaced_version(connection, *kind, id).await?;
    }
    Ok(facts)
}

/// The ticket's merge, with the ticket it went into, that one's escalations and its messages since.
async fn load_merge(connection: &mut SqliteConnection, facts: &mut Facts) -> Result<(), StoreError> {
    let Some(number) = facts.ticket.as_ref().map(|ticket| ticket.number) else { return Ok(()) };
    let sql = "SELECT data FROM merges WHERE ticket = CAST(? AS BIGINT)";
    let Some(merge): Option<Merge> = one(connection, sql, number.to_string()).await? else { return Ok(()) };
    facts.other = ticket(connection, merge.into).await?;
    let sql = "SELECT data FROM escalations WHERE ticket = ? ORDER BY id";
    let rows = sqlx::query_scalar(sql).bind(merge.into.0).fetch_all(&mut *connection).await.map_err(StoreError::Database)?;
    facts.escalations = parse_all(rows)?;
    if let Some(target) = &facts.other {
        facts.later = later(connection, target.conversation, merge.target_seq).await?;
    }
    facts.merge = Some(merge);
    Ok(())
}

/// The messages of a conversation after one of them.
async fn later(connection: &mut SqliteConnection, conversation: ConversationId, seq: i64) -> Result<Vec<Message>, StoreError> {
    let sql = "SELECT data FROM messages WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?";
    let query = sqlx::query_scalar(sql).bind(conversation.to_string()).bind(seq).bind(LATER_MAX);
    parse_all(query.fetch_all(connection).await.map_err(StoreError::Database)?)
}

async fn load_ticket(connection: &mut SqliteConnection, needs: &Needs) -> Result<Option<Ticket>, StoreError> {
    if let Some((channel, thread)) = &needs.thread {
        thread_ticket(connection, *channel, thread).await
    } else if let Some(external) = &needs.ticket_external {
        one(connection, "SELECT data FROM tickets WHERE external = ?", external).await
    } else if let Some(number) = needs.ticket {
        ticket(connection, number).await
    } else if let Some(conversation) = needs.conversation {
        // A ticket's own conversation brings its ticket.
        one(connection, "SELECT data FROM tickets WHERE conversation = ?", conversation.to_string()).await
    } else {
        Ok(None)
    }
}

/// The other ticket, and what belongs to major incidents.
async fn load_incident(connection: &mut SqliteConnection, needs: &Needs, facts: &mut Facts) -> Result<(), StoreError> {
    let own = facts.ticket.as_ref().filter(|_| needs.own_incident).and_then(|ticket| ticket.incident.or(ticket.looks_like));
    if let Some(number) = needs.other.or(own) {
        facts.other = ticket(connection, number).await?;
    }
    if needs.incident_channel {
        let channels = [&facts.other, &facts.ticket].into_iter().flatten().filter_map(|ticket| ticket.major.as_ref()?.channel);
        for id in channels.collect::<Vec<_>>() {
            if let Some(row) = one(connection, "SELECT data FROM conversations WHERE id = ?", id.to_string()).await? {
                facts.channels.insert(id, row);
            }
        }
    }
    if needs.majors {
        facts.majors = incidents::majors(connection).await?;
    }
    if let Some(found) = facts.ticket.as_ref().filter(|_| needs.tied) {
        facts.tied = incidents::tied_to(connection, found.number).await?;
    }
    if let Some(id) = needs.broadcast {
        facts.broadcast = one(connection, "SELECT data FROM broadcasts WHERE id = ?", id.to_string()).await?;
        if let Some(found) = &facts.ticket {
            facts.target = incidents::target(connection, id, found.number).await?;
        }
    }
    Ok(())
}

async fn load_agent_states(
    connection: &mut SqliteConnection,
    needs: &Needs,
    writing: &mut Writing,
    facts: &mut Facts,
) -> Result<(), StoreError> {
    let assignees = [&facts.ticket, &facts.other].into_iter().flatten().filter_map(|ticket| ticket.assignee);
    let people: Vec<PersonId> = needs.agent_states.iter().copied().chain(assignees).collect();
    if !needs.all_agent_states && people.is_empty() {
        return Ok(());
    }
    let all = writing.states(connection).await?;
    facts.agent_states =
        if needs.all_agent_states { all.clone() } else { people.iter().filter_map(|person| all.get(person)).cloned().collect() };
    Ok(())
}

async fn load_conversation(connection: &mut SqliteConnection, needs: &Needs, facts: &mut Facts) -> Result<(), StoreError> {
    let own = facts.ticket.as_ref().filter(|_| needs.ticket_conversation).map(|ticket| ticket.conversation);
    if let Some(id) = needs.conversation.or(own) {
        facts.conversation = one(connection, "SELECT data FROM conversations WHERE id = ?", id.to_string()).await?;
    }
    if let Some(other) = facts.other.as_ref().filter(|_| needs.ticket_conversation) {
        facts.other_conversation = one(connection, "SELECT data FROM conversations WHERE id = ?", other.conversation.to_string()).await?;
    }
    if let Some((person, conversation)) = needs.read_mark {
        let id = crate::domain::row::read_mark_id(person, conversation);
        facts.read_mark = one(connection, "SELECT data FROM read_marks WHERE id = ?", id).await?;
    }
    Ok(())
}

async fn load_message(connection: &mut SqliteConnection, needs: &Needs, facts: &mut Facts) -> Result<(), StoreError> {
    if let Some(id) = needs.message_row {
        facts.message_row = one(connection, "SELECT data FROM messages WHERE id = ?", id.to_string()).await?;
        if let Some((place, seq)) = facts.message_row.as_ref().filter(|_| needs.later).map(|row| (row.conversation, row.seq)) {
            facts.later = later(connection, place, seq).await?;
        }
    }
    let found: Option<String> = if let Some((channel, external)) = &needs.message_external {
        sqlx::query_scalar("SELECT message FROM message_externals WHERE channel = ? AND external = ?")
            .bind(channel.to_string())
            .bind(external)
            .fetch_optional(&mut *connection)
            .await
    } else if let Some(id) = needs.message {
        sqlx::query_scalar("SELECT id FROM messages WHERE id = ?").bind(id.to_string()).fetch_optional(&mut *connection).await
    } else {
        return Ok(());
    }
    .map_err(StoreError::Database)?;
    facts.message = found.and_then(|id| id.parse().ok());
    Ok(())
}

async fn replaced_version(connection: &mut SqliteConnection, kind: Replaces, id: &str) -> Result<i64, StoreError> {
    let (table, column) = match kind {
        Replaces::Row(kind @ crate::domain::row::RowKind::Ticket) => (table_name(kind), "CAST(number AS TEXT)"),
        Replaces::Row(kind) => (table_name(kind), "id"),
        Replaces::Requester => ("requesters", "id"),
        Replaces::IntakeChannel => ("intake_channels", "id"),
        Replaces::Webhook => ("webhooks", "id"),
    };
    // Both words are ours; nothing from outside reaches the text.
    let sql = sqlx::AssertSqlSafe(format!("SELECT version FROM {table} WHERE {column} = ?"));
    let found: Option<i64> = sqlx::query_scalar(sql).bind(id).fetch_optional(connection).await.map_err(StoreError::Database)?;
    Ok(found.unwrap_or(0))
}

/// Reads the standing rows on which the audiences of `outcome` depend.
pub(super) async fn standing(connection: &mut SqliteConnection, outcome: &Outcome) -> Result<Standing, StoreError> {
    let needed = needed(outcome);
    let mut standing = Standing::default();
    for id in needed.conversations {
        if let Some(row) = one(connection, "SELECT data FROM conversations WHERE id = ?", id.to_string()).await? {
            standing.conversations.insert(id, row);
        }
    }
    for number in needed.tickets {
        if let Some(row) = ticket(connection, number).await? {
            standing.tickets.insert(number, row);
        }
    }
    for number in needed.escalations {
        let sql = "SELECT data FROM escalations WHERE ticket = ?";
        let rows = sqlx::query_scalar(sql).bind(number.0).fetch_all(&mut *connection).await.map_err(StoreError::Database)?;
        standing.escalations.insert(number, parse_all(rows)?);
    }
    Ok(standing)
}
