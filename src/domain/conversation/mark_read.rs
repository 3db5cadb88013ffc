//! How far a person has read: only forward. A ticket's conversation has no row until it is escalated, and can be read all the same.

use super::{ConversationKind, ReadMark};
use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::ConversationId;
use crate::domain::row::Row;
use crate::domain::{Refusal, access};

/// # Errors
/// When a conversation is not the actor's to read, or no person acts.
pub fn mark_read(given: Given<'_>, conversation: ConversationId, seq: i64) -> Result<Outcome, Refusal> {
    let person = given.person()?;
    let mut seq = seq.max(0);
    if let Some(row) = &given.facts.conversation {
        let admitted = access::admits(&access::conversation_audience(row), person) || row.kind == ConversationKind::Escalation;
        if !admitted {
            return Err(Refusal::not_found("The conversation"));
        }
        seq = seq.min(row.last_seq);
    }
    let old = given.facts.read_mark.as_ref();
    if old.map_or(0, |mark| mark.seq) >= seq {
        return Ok(draft::unchanged());
    }
    let mark = ReadMark {
        person: person.id,
        conversation,
        version: old.map_or(0, |mark| mark.version) + 1,
        seq,
        muted: old.is_some_and(|mark| mark.muted),
    };
    Ok(Outcome { changes: vec![Change::Put(Row::ReadMark(mark))], ..Outcome::default() })
}

/// Mutes a conversation for oneself, or hears it again.
///
/// # Errors
/// As [`mark_read`].
pub fn mute(given: Given<'_>, conversation: ConversationId, muted: bool) -> Result<Outcome, Refusal> {
    let person = given.person()?;
    let takes_part = given.facts.conversation.as_ref().is_some_and(|row| access::admits(&access::conversation_audience(row), person));
    let sees = given.facts.ticket.as_ref().is_some_and(|ticket| access::sees_ticket(person, ticket));
    if !takes_part && !sees {
        return Err(Refusal::not_found("The conversation"));
    }
    let old = given.facts.read_mark.as_ref();
    if old.is_some_and(|mark| mark.muted) == muted {
        return Ok(draft::unchanged());
    }
    let (version, seq) = old.map_or((0, 0), |mark| (mark.version, mark.seq));
    let mark = ReadMark { person: person.id, conversation, version: version + 1, seq, muted };
    Ok(Outcome { changes: vec![Change::Put(Row::ReadMark(mark))], ..Outcome::default() })
}
