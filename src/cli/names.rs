//! Names as people type them, turned into rows: queue keys, handles, rota keys, conversation titles. What is not there
//! exits as not found, with the names that are near.

use crate::client::api::Api;
use crate::domain::calendar::Calendar;
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::directory::Directory;
use crate::domain::id::{ConversationId, PersonId, QueueId, RotaId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::roster::{RosterChange, RosterPlan, Rota};
use crate::domain::suggest;
use crate::domain::ticket::Ticket;
use crate::wire::list::Items;

use super::error::CliError;

/// A path with a query, percent-encoded; absent values are left out.
#[must_use]
pub fn with_query(path: &str, pairs: &[(&str, Option<String>)]) -> String {
    let given = pairs.iter().filter_map(|(name, value)| value.as_ref().map(|value| (*name, value.as_str())));
    // The host is of no matter: only the encoded query is taken.
    let url = reqwest::Url::parse_with_params("http://desk", given).expect("a constant URL with encoded pairs is a URL");
    match url.query() {
        Some(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// That something named on the command line is not there, with the names that are near.
pub fn missing<'a>(what: &str, typed: &str, list: &str, names: impl Iterator<Item = &'a str>) -> CliError {
    CliError::not_found(format!("There is no {what} {typed:?}: see `dutydesk {list} list`.{}", suggest::near(typed, names)))
}

/// # Errors
/// See [`CliError`].
pub async fn queues(api: &Api) -> Result<Vec<Queue>, CliError> {
    Ok(api.get::<Items<Queue>>("/api/v1/queues").await?.items)
}

/// The queue with this key.
///
/// # Errors
/// When there is none.
pub async fn queue(api: &Api, key: &str) -> Result<Queue, CliError> {
    let mut queues = queues(api).await?;
    match queues.iter().position(|queue| queue.key == key) {
        Some(at) => Ok(queues.swap_remove(at)),
        None => Err(missing("queue", key, "queue", queues.iter().map(|queue| queue.key.as_str()))),
    }
}

/// # Errors
/// See [`CliError`].
pub async fn people(api: &Api) -> Result<Vec<Person>, CliError> {
    Ok(api.get::<Items<Person>>("/api/v1/people").await?.items)
}

/// Oneself.
///
/// # Errors
/// See [`CliError`].
pub async fn me(api: &Api) -> Result<Person, CliError> {
    Ok(api.get("/api/v1/people/me").await?)
}

/// The person with this handle (`@` allowed), or oneself for `me`.
///
/// # Errors
/// When there is none.
pub async fn person(api: &Api, handle: &str) -> Result<Person, CliError> {
    let handle = handle.trim_start_matches('@');
    if handle == "me" {
        return me(api).await;
    }
    let mut people = people(api).await?;
    match people.iter().position(|person| person.handle == handle) {
        Some(at) => Ok(people.swap_remove(at)),
        None => Err(missing("person", handle, "person", people.iter().map(|person| person.handle.as_str()))),
    }
}

/// # Errors
/// See [`CliError`].
pub async fn rotas(api: &Api) -> Result<Vec<Rota>, CliError> {
    Ok(api.get::<Items<Rota>>("/api/v1/rotas").await?.items)
}

/// The rota with this key.
///
/// # Errors
/// When there is none.
pub async fn rota(api: &Api, key: &str) -> Result<Rota, CliError> {
    let mut rotas = rotas(api).await?;
    match rotas.iter().position(|rota| rota.key == key) {
        Some(at) => Ok(rotas.swap_remove(at)),
        None => Err(missing("rota", key, "rota", rotas.iter().map(|rota| rota.key.as_str()))),
    }
}

/// # Errors
/// See [`CliError`].
pub async fn calendars(api: &Api) -> Result<Vec<Calendar>, CliError> {
    Ok(api.get::<Items<Calendar>>("/api/v1/calendars").await?.items)
}

/// The calendar with this key.
///
/// # Errors
/// When there is none.
pub async fn calendar(api: &Api, key: &str) -> Result<Calendar, CliError> {
    let mut calendars = calendars(api).await?;
    match calendars.iter().position(|calendar| calendar.key == key) {
        Some(at) => Ok(calendars.swap_remove(at)),
        None => Err(missing("calendar", key, "calendar", calendars.iter().map(|calendar| calendar.key.as_str()))),
    }
}

/// What the rules of rosters need: people, queues, rotas, calendars, plans, and all changes ever made.
///
/// # Errors
/// See [`CliError`].
pub async fn directory(api: &Api) -> Result<Directory, CliError> {
    let plans = api.get::<Items<RosterPlan>>("/api/v1/roster-plans").await?.items;
    let changes = api.get::<Items<RosterChange>>("/api/v1/roster-changes?from=1970-01-01T00:00:00Z&cancelled=true").await?.items;
    Ok(Directory {
        people: people(api).await?.into_iter().map(|row| (row.id, row)).collect(),
        queues: queues(api).await?.into_iter().map(|row| (row.id, row)).collect(),
        rotas: rotas(api).await?.into_iter().map(|row| (row.id, row)).collect(),
        calendars: calendars(api).await?.into_iter().map(|row| (row.id, row)).collect(),
        roster_plans: plans.into_iter().map(|row| (row.id, row)).collect(),
        roster_changes: changes.into_iter().map(|row| (row.id, row)).collect(),
        ..Directory::default()
    })
}

/// # Errors
/// See [`CliError`].
pub async fn conversations(api: &Api) -> Result<Vec<Conversation>, CliError> {
    Ok(api.get::<Items<Conversation>>("/api/v1/conversations").await?.items)
}

/// The conversation with this id or title (`#` allowed), or the direct one with `@handle`.
///
/// # Errors
/// When there is none, or several have the title.
pub async fn conversation(api: &Api, typed: &str) -> Result<Conversation, CliError> {
    if let Ok(id) = typed.parse::<ConversationId>() {
        return Ok(api.get(&format!("/api/v1/conversations/{id}")).await?);
    }
    let all = conversations(api).await?;
    if typed.starts_with('@') {
        let (me, other) = (me(api).await?.id, person(api, typed).await?.id);
        let between = |one: &Conversation| {
            one.kind == ConversationKind::Direct && one.members.len() == 2 && [me, other].iter().all(|id| one.members.contains(id))
        };
        let none = || CliError::not_found(format!("You have no conversation with {typed}: start one with `dutydesk chat new {typed}`."));
        return all.into_iter().find(between).ok_or_else(none);
    }
    let title = typed.trim_start_matches('#');
    let mut found: Vec<&Conversation> = all.iter().filter(|one| one.title == title).collect();
    match (found.pop(), found.len()) {
        (Some(one), 0) => Ok(one.clone()),
        (Some(_), others) => {
            Err(CliError::usage(format!("{} conversations are called {title:?}: give the id from `dutydesk chat list`.", others + 1)))
        }
        (None, _) => Err(missing("conversation", typed, "chat", all.iter().map(|one| one.title.as_str()))),
    }
}

/// A ticket by its number.
///
/// # Errors
/// When there is none, or one may not see it.
pub async fn ticket(api: &Api, number: TicketNumber) -> Result<Ticket, CliError> {
    Ok(api.get(&format!("/api/v1/tickets/{number}")).await?)
}

/// A person's handle, for output.
#[must_use]
pub fn handle_of(people: &[Person], id: PersonId) -> String {
    people.iter().find(|person| person.id == id).map_or_else(|| id.to_string(), |person| person.handle.clone())
}

/// A queue's key, for output.
#[must_use]
pub fn key_of(queues: &[Queue], id: QueueId) -> String {
    queues.iter().find(|queue| queue.id == id).map_or_else(|| id.to_string(), |queue| queue.key.clone())
}

/// A rota's key, for output.
#[must_use]
pub fn rota_of(rotas: &[Rota], id: RotaId) -> String {
    rotas.iter().find(|rota| rota.id == id).map_or_else(|| id.to_string(), |rota| rota.key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded_and_absent_values_left_out() {
        let path = with_query("/x", &[("q", Some("加油 & 100%".to_owned())), ("tag", None)]);
        assert_eq!(path, "/x?q=%E5%8A%A0%E6%B2%B9+%26+100%25");
        assert_eq!(with_query("/x", &[("tag", None)]), "/x");
    }
}
