//! Finding messages by what they say: words are asked for, what was found is listed, the chosen one is gone to.

use std::sync::Arc;

use crate::base::text::{clean, cut};
use crate::console::conversation::composer::Place;
use crate::console::conversation::look;
use crate::console::effect::{Answer, Choice, Effect, Load, Question, QuestionKind};
use crate::console::pane::Context;
use crate::domain::conversation::Message;
use crate::domain::id::{ConversationId, TicketNumber};

pub const WORDS: &str = "talk-find";
pub const FOUND: &str = "talk-found";
/// Cells of the line shown of a message that was found.
const LINE: usize = 64;

/// A message that was found, with where the words stand in its text, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub message: Arc<Message>,
    pub ranges: Vec<(usize, usize)>,
}

/// Asks for the words.
#[must_use]
pub fn ask(id: &'static str, title: &'static str) -> Effect {
    Effect::Ask(Box::new(Question { id, title, kind: QuestionKind::Prompt { text: String::new() } }))
}

/// Takes the words, and the choice among what was found.
pub fn answered(id: &str, answer: &Answer, place: &Place) -> Option<Vec<Effect>> {
    match (id, answer) {
        (WORDS, Answer::Text(words)) if !words.trim().is_empty() => {
            Some(vec![Effect::Load(Load::FindMessages { words: words.trim().to_owned(), within: place.target })])
        }
        (WORDS, _) => Some(Vec::new()),
        (FOUND, Answer::Picked(value)) => Some(gone_to(value).into_iter().collect()),
        _ => None,
    }
}

/// The list of what was found, newest first.
#[must_use]
pub fn list(words: &str, hits: &[Hit], whole: bool, context: &Context<'_>) -> Vec<Effect> {
    if hits.is_empty() {
        let key = if whole { "message-found-nothing" } else { "message-found-nothing-here" };
        return vec![Effect::Toast { key, args: vec![("words", words.to_owned())] }];
    }
    let choices = hits.iter().map(|hit| {
        let message = &hit.message;
        let at = context.instant(message.created_at);
        let ticket = message.ticket.map_or_else(String::new, |number| format!("#{number} "));
        let who = look::author(message, context);
        Choice {
            value: format!("{}|{}|{}|{words}", message.ticket.map_or(0, |number| number.0), message.conversation, message.seq),
            label: format!("{ticket}{who}: {}", excerpt(&message.text, &hit.ranges)),
            hint: at,
            disabled: None,
        }
    });
    let title = if whole { "message-found-title" } else { "message-found-title-here" };
    vec![Effect::Ask(Box::new(Question { id: FOUND, title, kind: QuestionKind::Pick { choices: choices.collect() } }))]
}

/// The line in which the words stand, set between brackets: a list has one colour for a row.
fn excerpt(text: &str, ranges: &[(usize, usize)]) -> String {
    let (start, end) = ranges.first().copied().unwrap_or((0, 0));
    let inside = |at: usize| text.is_char_boundary(at) && at <= text.len();
    if !inside(start) || !inside(end) || start >= end {
        return cut(&clean(text.lines().next().unwrap_or_default()), LINE);
    }
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    // The words come into sight even at the end of a long line.
    let before: Vec<char> = clean(&text[line_start..start]).chars().collect();
    let head: String = before[before.len().saturating_sub(24)..].iter().collect();
    let dots = if before.len() > 24 { "…" } else { "" };
    cut(&format!("{dots}{head}[{}]{}", clean(&text[start..end]), clean(&text[end..line_end])), LINE)
}

fn gone_to(value: &str) -> Option<Effect> {
    let mut parts = value.splitn(4, '|');
    let ticket = parts.next()?.parse::<i64>().ok().filter(|number| *number > 0).map(TicketNumber);
    let conversation: ConversationId = parts.next()?.parse().ok()?;
    let seq = parts.next()?.parse().ok()?;
    Some(Effect::JumpTo { ticket, conversation, seq, words: parts.next()?.to_owned() })
}
