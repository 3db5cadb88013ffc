//! Canned replies as a composer offers them: which may be used here, and what one says with its variables filled in.

use crate::console::locale::Language;
use crate::console::pane::Context;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId};
use crate::domain::snippet::Snippet;
use crate::domain::ticket::Ticket;

/// The snippets of `me`, of the queue and of the desk, in this order; of two with one key the nearer one.
#[must_use]
pub fn usable(directory: &Directory, me: PersonId, queue: Option<QueueId>) -> Vec<&Snippet> {
    let rank = |snippet: &Snippet| (snippet.owner.is_none(), snippet.queue.is_none());
    let mut found: Vec<&Snippet> = directory
        .snippets
        .values()
        .filter(|snippet| snippet.active && snippet.owner.is_none_or(|owner| owner == me))
        .filter(|snippet| snippet.queue.is_none() || snippet.queue == queue)
        .collect();
    found.sort_by(|a, b| (&a.key, rank(a), a.id).cmp(&(&b.key, rank(b), b.id)));
    found.dedup_by(|later, first| later.key == first.key);
    found
}

/// The snippet's text in the requester's language, else in the console's, else in any, with its variables filled in.
#[must_use]
pub fn expanded(snippet: &Snippet, ticket: Option<&Ticket>, context: &Context<'_>) -> String {
    let wanted = ticket.and_then(|ticket| ticket.language.as_deref()).and_then(Language::parse).unwrap_or(context.locale.language);
    let text = [wanted, context.locale.language].iter().find_map(|language| snippet.texts.get(language.tag()));
    let Some(text) = text.or_else(|| snippet.texts.values().next()) else { return String::new() };
    fill(text, ticket, context)
}

/// `{{requester.name}}`, `{{ticket.number}}`, `{{agent.name}}` and their like; a variable that has no value here stays, so that
/// its author sees it before it is sent.
fn fill(text: &str, ticket: Option<&Ticket>, context: &Context<'_>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            continue;
        };
        match value(name.trim(), ticket, context) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&format!("{{{{{name}}}}}")),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn value(name: &str, ticket: Option<&Ticket>, context: &Context<'_>) -> Option<String> {
    match name {
        "agent.name" | "me.name" => return Some(context.me.name.clone()),
        "agent.handle" | "me.handle" => return Some(context.me.handle.clone()),
        _ => {}
    }
    let ticket = ticket?;
    let site = ticket.requester.site.as_ref();
    match name {
        "requester.name" => Some(ticket.requester.name.clone()),
        "ticket.number" => Some(ticket.number.to_string()),
        "ticket.subject" => Some(ticket.subject.clone()),
        "queue.name" => context.directory.queues.get(&ticket.queue).map(|queue| queue.name.clone()),
        "site.code" => site.map(|site| site.code.clone()),
        "site.name" => site.map(|site| site.name.clone()),
        name => match ticket.fields.get(name.strip_prefix("field.")?)? {
            serde_json::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::panes::sample::{Sample, person_id, queue_id, ticket};
    use crate::domain::ticket::Priority;

    fn snippet(n: u128, key: &str, owner: Option<u128>, queue: Option<u128>, texts: &[(&str, &str)]) -> Snippet {
        Snippet {
            id: uuid::Uuid::from_u128(n).into(),
            version: 1,
            key: key.into(),
            title: key.into(),
            owner: owner.map(person_id),
            queue: queue.map(queue_id),
            texts: texts.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect(),
            active: true,
        }
    }

    #[test]
    fn ones_own_go_before_the_queues_and_the_desks() {
        let mut sample = Sample::new(Language::English);
        for one in [
            snippet(1, "hello", None, None, &[]),
            snippet(2, "hello", None, Some(1), &[]),
            snippet(3, "hello", Some(1), None, &[]),
            snippet(4, "bye", Some(2), None, &[]),
            snippet(5, "vip", None, Some(3), &[]),
        ] {
            sample.directory.snippets.insert(one.id, one);
        }
        let found = usable(&sample.directory, person_id(1), Some(queue_id(1)));
        assert_eq!(found.iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>(), [3]);
        let found = usable(&sample.directory, person_id(3), Some(queue_id(3)));
        assert_eq!(found.iter().map(|one| one.id.0.as_u128()).collect::<Vec<_>>(), [1, 5]);
    }

    #[test]
    fn variables_are_filled_and_unknown_ones_stay_in_sight() {
        let sample = Sample::new(Language::English);
        let mut about = (*ticket(1042, 1, "Pump dark", Priority::High, None)).clone();
        about.language = Some("zh".into());
        let texts = [
            ("en", "Dear {{ requester.name }}, {{nothing}} #{{ticket.number}} {{unclosed"),
            ("zh-CN", "{{requester.name}}您好：{{agent.name}}"),
        ];
        let one = snippet(1, "hello", None, None, &texts);
        assert_eq!(expanded(&one, Some(&about), &sample.context()), "陈先生您好：张伟");
        about.language = None;
        assert_eq!(expanded(&one, Some(&about), &sample.context()), "Dear 陈先生, {{nothing}} #1042 {{unclosed");
    }
}
