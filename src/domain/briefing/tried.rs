//! What was tried before: nobody should be asked to do it again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{EXCERPT_CHARS, Material, excerpt};
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::escalation::{Escalation, Verdict};
use crate::domain::id::PersonId;

/// Internal notes that are shown: the last ones.
const NOTES_MAX: usize = 6;

/// Where it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TriedIn {
    /// When an expert was called.
    Call,
    /// An expert's verdict.
    Verdict { result: Option<Verdict> },
    /// An expert declined, and said why.
    Declined,
    /// An internal note.
    Note { seq: i64 },
}

/// One thing that was tried, or said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Tried {
    pub at: DateTime<Utc>,
    pub person: PersonId,
    pub name: String,
    #[serde(rename = "in")]
    pub within: TriedIn,
    pub text: String,
}

/// Oldest first.
pub(super) fn tried(material: &Material<'_>, messages: &[&Message]) -> Vec<Tried> {
    let made = |at, person, within, text: &str| {
        let name = material.directory.person_name(person);
        Tried { at, person, name, within, text: excerpt(text, 2 * EXCERPT_CHARS) }
    };
    let mut found: Vec<Tried> = Vec::new();
    for call in material.calls {
        // Those that follow one another carry the same words.
        if !call.tried.is_empty() && call.follows.is_none() {
            found.push(made(call.asked_at, call.asked_by, TriedIn::Call, &call.tried));
        }
        if let Some((within, text)) = answer(call) {
            found.push(made(call.ended_at.unwrap_or(call.asked_at), call.expert, within, text));
        }
    }
    let notes = messages.iter().rev().filter_map(|message| match message.author {
        Author::Person { id } if message.visibility != Visibility::Public => {
            Some(made(message.created_at, id, TriedIn::Note { seq: message.seq }, &message.text))
        }
        _ => None,
    });
    found.extend(notes.take(NOTES_MAX));
    found.sort_by_key(|one| one.at);
    found
}

fn answer(call: &Escalation) -> Option<(TriedIn, &str)> {
    use crate::domain::escalation::EscalationState as S;
    let words = call.verdict.as_deref()?;
    match call.state {
        S::Left => Some((TriedIn::Verdict { result: call.result }, words)),
        S::Declined => Some((TriedIn::Declined, words)),
        _ => None,
    }
}
