//! Each acknowledged command is in the database with exactly the effect that it names, by who asked for it.

use dutydesk::domain::audit::AuditActor;
use dutydesk::domain::command::{Command, MessageTarget};
use serde_json::{Value, json};

use super::Findings;
use super::audit::{Step, Steps};
use super::desk::Desk;
use super::effects::Effect;

const RULE: &str = "acknowledged";

pub fn check(desk: &Desk, steps: &Steps, effects: &[Effect<'_>], findings: &mut Findings) {
    for effect in effects {
        findings.fact(RULE, refused_too_soon(effect).err());
    }
    for effect in effects.iter().filter(|effect| effect.result().is_some()) {
        findings.fact(RULE, message(desk, effect).err());
        findings.fact(RULE, change(desk, steps, effect).err());
    }
}

/// What was still wanted is not refused as if it were not.
fn refused_too_soon(effect: &Effect<'_>) -> Result<(), String> {
    let (Some(Err(refusal)), Some(at), Some(until)) = (effect.stored, effect.stored_at, effect.submission().expires_at) else {
        return Ok(());
    };
    if refusal.code == "expired" && at <= until.timestamp_millis() {
        return Err(format!("{} was wanted until {until} and was refused as expired before that", effect.words()));
    }
    Ok(())
}

/// A message that was taken is there, with its text, where it belongs.
fn message(desk: &Desk, effect: &Effect<'_>) -> Result<(), String> {
    let Some((id, text)) = effect.message() else { return Ok(()) };
    let words = effect.words();
    let Some(found) = desk.messages.get(&id.to_string()) else {
        return Err(format!("{words} was acknowledged, but its message {id} is lost"));
    };
    if found.text != text {
        return Err(format!("{words} was acknowledged, but its message {id} has another text: {:?}", found.text));
    }
    let in_ticket = |number: i64| {
        let ticket = desk.tickets.get(&number);
        ticket.is_some_and(|row| row.ticket.conversation == found.conversation && found.ticket == Some(row.ticket.number))
    };
    let at_home = match effect.command() {
        Command::CreateTicket(_) => effect.changed().is_none_or(|result| result.ticket.is_some_and(|number| in_ticket(number.0))),
        Command::PostMessage(post) => match post.target {
            MessageTarget::Ticket { number } => in_ticket(number.0),
            MessageTarget::Conversation { id } => found.conversation == id,
        },
        _ => true,
    };
    at_home.then_some(()).ok_or_else(|| format!("{words} was acknowledged, but its message {id} is in another conversation"))
}

/// The version that the answer names is of this command, by this person, and sets what the command says.
fn change(desk: &Desk, steps: &Steps, effect: &Effect<'_>) -> Result<(), String> {
    let Some((number, version)) = effect.made() else { return Ok(()) };
    let words = effect.words();
    let place = usize::try_from(version - 1).unwrap_or(usize::MAX);
    let Some(step) = steps.get(&number).and_then(|steps| steps.get(place)) else {
        return Err(format!("{words} was acknowledged with version {version} of ticket #{number}, which the desk has lost"));
    };
    if step.action != effect.command().name() {
        return Err(format!("{words} was acknowledged with version {version} of ticket #{number}, which is of {}", step.action));
    }
    if let Some(person) = desk.who(effect.client)
        && step.actor != (AuditActor::Person { id: person.id })
    {
        return Err(format!("{words} was done in the name of {:?}", step.actor));
    }
    if let Some(expires_at) = effect.submission().expires_at.filter(|at| step.at > at.timestamp_millis()) {
        return Err(format!("{words} was wanted until {expires_at} and was done after that"));
    }
    if says(effect.command(), step) {
        return Ok(());
    }
    Err(format!("{words} made version {version} of ticket #{number}, which sets {:?}", Value::Object(step.to.clone())))
}

/// Whether the step sets what the command wants.
fn says(command: &Command, step: &Step) -> bool {
    let to = |field: &str| step.to.get(field);
    let actor = match &step.actor {
        AuditActor::Person { id } => json!(id),
        _ => Value::Null,
    };
    let tagged = |tag: &str| to("tags").and_then(Value::as_array).is_some_and(|tags| tags.iter().any(|one| one == tag));
    match command {
        Command::CreateTicket(create) => to("queue") == Some(&json!(create.queue)) && to("priority") == Some(&json!(create.priority)),
        Command::PostMessage(_) => to("message_count").is_some(),
        Command::ClaimTicket { .. } => to("assignee") == Some(&actor),
        Command::AssignTicket { person, .. } => to("assignee") == Some(&json!(person)),
        Command::ReleaseTicket { .. } => to("assignee") == Some(&Value::Null),
        Command::SetStatus { status, .. } => to("status") == Some(&json!(status)),
        Command::SetPriority { priority, .. } => to("priority") == Some(&json!(priority)),
        Command::SetSubject { subject, .. } => to("subject") == Some(&json!(subject.trim())),
        Command::AddTag { tag, .. } => tagged(tag),
        Command::RemoveTag { tag, .. } => to("tags").is_some() && !tagged(tag),
        _ => true,
    }
}
