//! Acts, fields and values of the audit as people read them. What has no word yet is shown as it is written.
//!
//! Fields that only follow from another one (clocks from messages, due times from clocks) are left out: the API has them all.

use chrono::DateTime;
use serde_json::Value;

use super::pane::Context;
use super::words;
use crate::base::text;
use crate::domain::audit::{AuditActor, FieldChange};
use crate::domain::ticket::{FollowUp, Link, MergedTicket, Rating};

/// Fields that follow from others.
const DERIVED: [&str; 11] = [
    "message_count",
    "clocks",
    "due_at",
    "assigned_at",
    "accepted_at",
    "solved_at",
    "conversation",
    "awaits_reply",
    "updated_at",
    "status_key",
    "sla_mark",
];

/// The word of a family for a name such as `claim_ticket`; the clean name itself where there is none.
fn word(context: &Context<'_>, family: &str, name: &str) -> String {
    context.locale.find(&format!("{family}-{}", name.replace('_', "-"))).unwrap_or_else(|| text::clean(name))
}

/// What a command does: `set_status` is `status change`.
#[must_use]
pub fn command(context: &Context<'_>, name: &str) -> String {
    word(context, "command", name)
}

/// From where somebody acted.
#[must_use]
pub fn source(context: &Context<'_>, name: &str) -> String {
    word(context, "source", name)
}

/// What a requester is: `site`, `customer`. Desks name classes of their own.
#[must_use]
pub fn requester_class(context: &Context<'_>, name: &str) -> String {
    word(context, "requester-class", name)
}

/// Who acted, clean.
#[must_use]
pub fn actor(context: &Context<'_>, actor: &AuditActor) -> String {
    match actor {
        AuditActor::Person { id } => words::person(context.directory, *id),
        AuditActor::Intake { channel } => text::clean(channel),
        AuditActor::Desk { job } => self::job(context, job),
    }
}

/// A job of the desk.
#[must_use]
pub fn job(context: &Context<'_>, name: &str) -> String {
    word(context, "job", name)
}

/// One field's change in a line; none for a field that only follows from another.
#[must_use]
pub fn change(context: &Context<'_>, change: &FieldChange) -> Option<String> {
    if DERIVED.contains(&change.field.as_str()) {
        return None;
    }
    let field = word(context, "audit-field", &change.field);
    let [from, to] = [&change.from, &change.to].map(|one| value(context, &change.field, one));
    Some(if change.from.is_null() || from == to { format!("{field}: {to}") } else { format!("{field}: {from} -> {to}") })
}

/// A field's value: names for ids, words for states, times in the person's zone.
#[must_use]
pub fn value(context: &Context<'_>, field: &str, value: &Value) -> String {
    let known = |key: &str| context.locale.text(key).into_owned();
    let parsed = match field {
        "status" => read(value).map(|status| known(words::status(status))),
        "priority" => read(value).map(|priority| known(words::priority(priority))),
        "kind" => read(value).map(|kind| known(words::kind(kind))),
        "waits" => value.as_str().map(|waits| word(context, "assignment-waits", waits)),
        "links" => read::<Vec<Link>>(value).map(|links| {
            links.iter().map(|link| format!("{} #{}", known(words::link(link.kind)), link.number)).collect::<Vec<_>>().join(", ")
        }),
        "escalation" => value.as_str().map(|state| word(context, "escalation", state)),
        "merged" => {
            read::<Vec<MergedTicket>>(value).map(|all| all.iter().map(|one| format!("#{}", one.number)).collect::<Vec<_>>().join(", "))
        }
        "rating" => read::<Rating>(value).map(|one| {
            format!("{} {}", context.locale.with("rating-score", &[("score", &one.score.to_string())]), text::clean(&one.words))
        }),
        "split_into" | "split_from" | "incident" | "looks_like" | "merged_into" => value.as_i64().map(|number| format!("#{number}")),
        "follow_ups" => read::<Vec<FollowUp>>(value).map(|all| all.iter().map(|one| promise(context, one)).collect::<Vec<_>>().join(", ")),
        "requester" => value.get("name").and_then(Value::as_str).map(text::clean),
        _ => None,
    };
    parsed.filter(|parsed| !parsed.is_empty()).unwrap_or_else(|| plain(context, value))
}

/// `[ ] 11-22 15:00 send the part`.
fn promise(context: &Context<'_>, one: &FollowUp) -> String {
    let state = context.locale.text(if one.done { "promise-kept" } else { "promise-open" });
    format!("{state} {} {}", context.instant(one.at), text::clean(&one.text))
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn plain(context: &Context<'_>, value: &Value) -> String {
    match value {
        Value::Null => context.locale.text("value-none").into_owned(),
        Value::Bool(yes) => context.locale.text(if *yes { "confirm-yes" } else { "confirm-no" }).into_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(written) => named(context, written),
        Value::Array(all) if all.is_empty() => context.locale.text("value-none").into_owned(),
        Value::Array(all) => all.iter().map(|one| plain(context, one)).collect::<Vec<_>>().join(", "),
        Value::Object(all) if all.is_empty() => context.locale.text("value-none").into_owned(),
        Value::Object(all) => {
            all.iter().map(|(name, one)| format!("{} = {}", text::clean(name), plain(context, one))).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Ids are people or queues, instants are times; other text is clean text.
fn named(context: &Context<'_>, written: &str) -> String {
    let directory = context.directory;
    let person = written.parse().ok().and_then(|id| directory.people.get(&id)).map(|person| text::clean(&person.name));
    let queue = || written.parse().ok().and_then(|id| directory.queues.get(&id)).map(|queue| text::clean(&queue.name));
    let rota = || written.parse().ok().and_then(|id| directory.rotas.get(&id)).map(|rota| text::clean(&rota.name));
    let time = || {
        let at = DateTime::parse_from_rfc3339(written).ok()?;
        Some(context.instant(at.to_utc()))
    };
    person.or_else(queue).or_else(rota).or_else(time).unwrap_or_else(|| text::clean(written))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::console::locale::Language;
    use crate::console::panes::sample::{Sample, person_id};

    fn said(language: Language, field: &str, from: Value, to: Value) -> Option<String> {
        change(&Sample::new(language).context(), &FieldChange { field: field.into(), from, to })
    }

    #[test]
    fn ids_states_and_absence_are_worded() {
        let me = person_id(1).to_string();
        assert_eq!(said(Language::English, "assignee", Value::Null, json!(me)).unwrap(), "assignee: 张伟");
        assert_eq!(said(Language::English, "status", json!("open"), json!("on_hold")).unwrap(), "status: Open -> On hold");
        assert_eq!(said(Language::Chinese, "tags", json!(["a", "b"]), Value::Null).unwrap(), "标签: a, b -> 无");
        assert_eq!(said(Language::English, "message_count", json!(1), json!(2)), None);
    }

    #[test]
    fn what_has_no_word_is_shown_clean() {
        assert_eq!(
            said(Language::English, "shoe\u{1b}size", json!(1), json!({"a": true})).unwrap(),
            format!("{}: 1 -> a = Yes", text::clean("shoe\u{1b}size"))
        );
    }

    /// Every act and every field of a ticket has words in both languages: nobody reads `put_queue` or `sla_mark`.
    #[test]
    fn every_act_and_field_has_its_words() {
        let acts = include_str!("../domain/command/body.rs").lines().filter_map(|line| {
            let (_, rest) = line.split_once("=> \"")?;
            rest.strip_suffix("\",")
        });
        let ticket = include_str!("../domain/ticket/mod.rs").split_once("pub struct Ticket {").unwrap().1;
        let fields = ticket.split_once("\n}").unwrap().0.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next());
        let fields = fields.filter(|field| !DERIVED.contains(field) && *field != "version");
        let wanted = acts.map(|act| ("command", act)).chain(fields.map(|field| ("audit-field", field)));
        let wanted: Vec<_> = wanted.map(|(family, name)| format!("{family}-{}", name.replace('_', "-"))).collect();
        assert!(wanted.len() > 80, "{}", wanted.len());
        for language in Language::ALL {
            let sample = Sample::new(language);
            let missing: Vec<_> = wanted.iter().filter(|key| sample.locale.find(key).is_none()).collect();
            assert_eq!(missing, Vec::<&String>::new(), "{}", language.tag());
        }
    }
}
