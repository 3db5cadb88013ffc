//! A queue's SLA policy as people write it: TOML with keys, handles and titles instead of ids. What `queue policy` prints, it takes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use toml::Value;

use super::Global;
use super::error::CliError;
use super::{names, spec, submit};
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::queue::Queue;
use crate::domain::sla::policy::SlaPolicy;
use crate::domain::suggest;
use crate::wire::list::Items;
use crate::wire::webhook::WebhookView;

/// Every word that a policy may hold as a key: what is not here is a slip of the pen, and is told.
const WORDS: &[&str] = &[
    "calendar",
    "rules",
    "targets",
    "warn_percent",
    "steps",
    "priority",
    "class",
    "kind",
    "first_response_secs",
    "next_response_secs",
    "resolution_secs",
    "urgent",
    "high",
    "normal",
    "low",
    "key",
    "clocks",
    "at",
    "acts",
    "type",
    "percent",
    "secs",
    "person",
    "channel",
    "webhook",
];

#[derive(Debug, clap::Args)]
pub(super) struct Policy {
    /// The queue's key.
    key: String,
    /// Take the policy from this TOML file; open tickets are planned again.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Which ids go by which names, by the word that holds them.
type Names = HashMap<&'static str, Vec<(String, String)>>;

pub(super) async fn run(api: &Api, args: Policy, global: &Global) -> Result<(), CliError> {
    let queue = names::queue(api, &args.key).await?;
    match args.file {
        Some(path) => apply(api, queue, &path, global).await,
        None => show(api, &queue, global).await,
    }
}

async fn known(api: &Api, webhooks: bool) -> Result<Names, CliError> {
    let calendars = names::calendars(api).await?.into_iter().map(|row| (row.id.to_string(), row.key)).collect();
    let people = names::people(api).await?.into_iter().map(|row| (row.id.to_string(), row.handle)).collect();
    let channels = names::conversations(api).await?.into_iter().map(|row| (row.id.to_string(), row.title)).collect();
    let mut names = Names::from([("calendar", calendars), ("person", people), ("channel", channels)]);
    if webhooks {
        let found: Items<WebhookView> = api.get("/api/v1/webhooks").await?;
        names.insert("webhook", found.items.into_iter().map(|row| (row.id.to_string(), row.key)).collect());
    }
    Ok(names)
}

fn holds(value: &Value, word: &str) -> bool {
    match value {
        Value::Table(table) => table.contains_key(word) || table.values().any(|value| holds(value, word)),
        Value::Array(list) => list.iter().any(|value| holds(value, word)),
        _ => false,
    }
}

/// Changes each name within `value`; `change` is given the word that holds it.
fn rename(value: &mut Value, change: &impl Fn(&str, &str) -> Result<Option<String>, CliError>) -> Result<(), CliError> {
    match value {
        Value::Table(table) => {
            for (word, value) in table.iter_mut() {
                match value {
                    Value::String(text) => *text = change(word, text)?.unwrap_or_else(|| text.clone()),
                    value => rename(value, change)?,
                }
            }
        }
        Value::Array(list) => list.iter_mut().try_for_each(|value| rename(value, change))?,
        _ => {}
    }
    Ok(())
}

async fn show(api: &Api, queue: &Queue, global: &Global) -> Result<(), CliError> {
    if global.json {
        return global.out.json(&queue.sla);
    }
    let broken = |error: toml::ser::Error| CliError::failed(format!("The policy cannot be written as TOML: {error}."));
    let mut value = Value::try_from(&queue.sla).map_err(broken)?;
    if let Value::Table(table) = &mut value {
        table.remove("revision");
    }
    // Webhooks are an admin's: for anybody else they go by their ids.
    let names = known(api, false).await?;
    let named = |word: &str, id: &str| {
        Ok(names.get(word).and_then(|names| names.iter().find(|(known, _)| known == id)).map(|(_, name)| name.clone()))
    };
    rename(&mut value, &named)?;
    let text = toml::to_string(&value).map_err(broken)?;
    global.out.raw(&crate::base::text::clean_lines(&text))
}

fn unknown_word(value: &Value) -> Option<&str> {
    match value {
        Value::Table(table) => {
            table.iter().find_map(|(word, value)| if WORDS.contains(&word.as_str()) { unknown_word(value) } else { Some(word.as_str()) })
        }
        Value::Array(list) => list.iter().find_map(unknown_word),
        _ => None,
    }
}

async fn apply(api: &Api, queue: Queue, path: &Path, global: &Global) -> Result<(), CliError> {
    let (mut value, _): (Value, String) = spec::read(path)?;
    let file = path.display();
    if let Some(word) = unknown_word(&value) {
        let near = suggest::near(word, WORDS.iter().copied());
        return Err(CliError::usage(format!("{file}: {word:?} is no word of a policy: correct it.{near}")));
    }
    let names = known(api, holds(&value, "webhook")).await?;
    let id = |word: &str, name: &str| {
        let Some(names) = names.get(word) else { return Ok(None) };
        match names.iter().find(|(id, known)| known == name || id == name) {
            Some((id, _)) => Ok(Some(id.clone())),
            None => {
                let near = suggest::near(name, names.iter().map(|(_, name)| name.as_str()));
                Err(CliError::usage(format!("{file}: there is no {word} {name:?}: name one that the desk has.{near}")))
            }
        }
    };
    rename(&mut value, &id)?;
    let sla: SlaPolicy = value.try_into().map_err(|error| CliError::usage(format!("{file}: {error}")))?;
    if (SlaPolicy { revision: queue.sla.revision, ..sla.clone() }) == queue.sla {
        return global.out.done(&queue.sla, &format!("The policy of {} is as the file says already: nothing was changed.", queue.key));
    }
    let (version, key) = (queue.version, queue.key.clone());
    let result = submit::submit(api, Some(version), Command::PutQueue(Box::new(Queue { sla, ..queue }))).await?;
    global.out.done(&result, &format!("The policy of {key} is saved; its open tickets are planned again."))
}
