//! What is on record about a ticket: decisions, audit, clocks, assignments.

use clap::Subcommand;

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::ticket::clocks;
use crate::cli::words::{local, maybe_local, word_of};
use crate::client::api::Api;
use crate::domain::assignment::{Assignment, Candidate, Decision, Exclusion, ScorePart};
use crate::domain::audit::{AuditActor, AuditEntry, FieldChange};
use crate::domain::id::TicketNumber;
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::wire::list::Items;

#[derive(Debug, Subcommand)]
pub enum Record {
    /// Why the desk chose somebody, or nobody.
    Why {
        number: TicketNumber,
        /// Who would get it now, instead of what was decided.
        #[arg(long)]
        now: bool,
    },
    /// Every change, by whom and from where.
    Audit { number: TicketNumber },
    /// The SLA clocks: targets, when each ran and why, and the sums behind every due time.
    Clocks { number: TicketNumber },
    /// Who had it when.
    History { number: TicketNumber },
}

/// # Errors
/// See [`CliError`].
pub async fn run(record: Record, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match record {
        Record::Why { number, now: false } => why(&api, number, global).await,
        Record::Why { number, now: true } => {
            let decision = api.get::<Decision>(&format!("/api/v1/tickets/{number}/assignment-preview")).await?;
            if global.json { global.out.json(&decision) } else { explain(&decision, &names::people(&api).await?, true, global) }
        }
        Record::Audit { number } => {
            let entries = api.get::<Items<AuditEntry>>(&format!("/api/v1/tickets/{number}/audit")).await?.items;
            let people = people(&api, global).await?;
            let queues = if global.json { Vec::new() } else { names::queues(&api).await? };
            global.out.list(&entries, &["AT", "WHO", "FROM", "ACTION", "CHANGES"], |entry| {
                let who = match &entry.actor {
                    AuditActor::Person { id } => names::handle_of(&people, *id),
                    AuditActor::Intake { channel } => format!("intake {channel}"),
                    AuditActor::Desk { job } => format!("desk {job}"),
                };
                let mut changes: Vec<String> =
                    entry.changes.iter().filter(|change| change.field != "clocks").map(|told| change(told, &people, &queues)).collect();
                changes.extend(entry.reason.clone());
                vec![local(entry.at), who, entry.source.clone(), entry.action.clone(), changes.join("; ")]
            })
        }
        Record::Clocks { number } => clocks::run(number, global).await,
        Record::History { number } => {
            let assignments = api.get::<Items<Assignment>>(&format!("/api/v1/tickets/{number}/assignments")).await?.items;
            let people = people(&api, global).await?;
            global.out.list(&assignments, &["FROM", "TO", "PERSON", "REASON", "BY", "ENDED BY"], |assignment| {
                vec![
                    local(assignment.started_at),
                    maybe_local(assignment.ended_at),
                    names::handle_of(&people, assignment.person),
                    word_of(&assignment.reason),
                    assignment.by.map_or_else(|| "-".to_owned(), |id| names::handle_of(&people, id)),
                    assignment.end_reason.as_ref().map_or_else(|| "-".to_owned(), word_of),
                ]
            })
        }
    }
}

/// Handles are for people only: JSON needs no second request.
async fn people(api: &Api, global: &Global) -> Result<Vec<Person>, CliError> {
    if global.json { Ok(Vec::new()) } else { names::people(api).await }
}

async fn why(api: &Api, number: TicketNumber, global: &Global) -> Result<(), CliError> {
    let decisions = api.get::<Items<Decision>>(&format!("/api/v1/tickets/{number}/decisions")).await?.items;
    if global.json {
        return global.out.json(&Items { items: decisions });
    }
    let people = names::people(api).await?;
    if decisions.is_empty() {
        return global.out.line(&format!("The desk never chose anybody for #{number}."));
    }
    for decision in &decisions {
        explain(decision, &people, false, global)?;
    }
    Ok(())
}

/// One decision with everybody considered; `preview` when it was not made.
fn explain(decision: &Decision, people: &[Person], preview: bool, global: &Global) -> Result<(), CliError> {
    let verb = if preview { "would choose" } else { "chose" };
    let result = match (decision.chosen, &decision.waits) {
        (Some(id), _) => format!("{verb} @{}", names::handle_of(people, id)),
        (None, Some(waits)) => format!("{verb} nobody: {}", word_of(waits)),
        (None, None) => format!("{verb} nobody"),
    };
    global.out.line(&format!("{} {} {result}", local(decision.at), word_of(&decision.strategy)))?;
    let heads = ["PERSON", "OPEN", "CAPACITY", "COMPARED BY", "PASSED OVER"];
    global.out.list(&decision.candidates, &heads, |one| candidate(one, people))
}

fn candidate(one: &Candidate, people: &[Person]) -> Vec<String> {
    let excluded = one.excluded.as_ref().map(|why| match why {
        Exclusion::LacksSkill { skill } => format!("lacks {skill}"),
        Exclusion::LacksLanguage { language } => format!("does not speak {language}"),
        Exclusion::AtCapacity { open, capacity } => format!("holds {open} of {capacity}"),
        Exclusion::AtQueueCap { open, cap } => format!("holds {open} of {cap} of this queue"),
        why => word_of(why),
    });
    vec![
        names::handle_of(people, one.person),
        one.open.to_string(),
        one.capacity.to_string(),
        one.score.iter().map(|part| score_part(*part)).collect::<Vec<_>>().join(", "),
        excluded.unwrap_or_default(),
    ]
}

/// A part of a score, best first as the strategy compares.
fn score_part(part: ScorePart) -> String {
    match part {
        ScorePart::Sticky { served } => if served { "served them last" } else { "did not serve them last" }.to_owned(),
        ScorePart::Language { speaks } => if speaks { "speaks the language" } else { "another language" }.to_owned(),
        ScorePart::Skill { levels } => format!("skill {levels}"),
        ScorePart::Load { load } => format!("load {load:.2}"),
        ScorePart::LastAssigned { at } => format!("last assigned {}", at.map_or_else(|| "never".to_owned(), local)),
    }
}

/// One change in words: people by handle, queues by key. The clocks have a list of their own.
#[must_use]
pub fn change(change: &FieldChange, people: &[Person], queues: &[Queue]) -> String {
    let said = |value: &serde_json::Value| match value {
        serde_json::Value::Null => "-".to_owned(),
        serde_json::Value::String(text) => {
            let id: Option<uuid::Uuid> = text.parse().ok();
            let person = id.and_then(|id| people.iter().find(|person| person.id.0 == id)).map(|person| person.handle.clone());
            let queue = || id.and_then(|id| queues.iter().find(|queue| queue.id.0 == id)).map(|queue| queue.key.clone());
            person.or_else(queue).unwrap_or_else(|| text.clone())
        }
        other => other.to_string(),
    };
    format!("{}: {} -> {}", change.field, said(&change.from), said(&change.to))
}
