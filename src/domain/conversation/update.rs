//! A channel's name and topic.

use super::{
    Conversation, ConversationKind,
    create::{TITLE_MAX, TOPIC_MAX},
};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::row::Row;
use crate::domain::{Refusal, access, limits};

/// # Errors
/// When the actor does not take part, it is no channel, or name or topic are not acceptable.
pub fn update(given: Given<'_>, title: Option<&str>, topic: Option<&str>) -> Result<Outcome, Refusal> {
    let person = given.worker()?;
    let row = given.facts.conversation.as_ref().filter(|row| access::admits(&access::conversation_audience(row), person));
    let row = row.ok_or_else(|| Refusal::not_found("The conversation"))?;
    if row.kind != ConversationKind::Channel {
        return Err(Refusal::conflict("not_a_channel", "Only channels have a name and a topic."));
    }
    let mut after = Conversation { version: row.version + 1, ..row.clone() };
    if let Some(title) = title {
        limits::length(title, "title", TITLE_MAX)?;
        title.trim().clone_into(&mut after.title);
    }
    if let Some(topic) = topic {
        let topic = topic.trim();
        if !topic.is_empty() {
            limits::length(topic, "topic", TOPIC_MAX)?;
        }
        after.topic = (!topic.is_empty()).then(|| topic.to_owned());
    }
    if (&after.title, &after.topic) == (&row.title, &row.topic) {
        return Ok(draft::unchanged());
    }
    Ok(draft::put_row(given, Some(row), &after, Change::Put(Row::Conversation(after.clone()))))
}
