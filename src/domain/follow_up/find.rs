//! Finds promises with dates in what the desk wrote to a requester, in English and Chinese. Only proposes: a person confirms.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Timestamp;
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::id::MessageId;
use crate::domain::ticket::Ticket;
use crate::domain::when::{self, Lead, Said};

/// Characters looked at: what was promised stands in what people read.
const LOOKED_AT: usize = 10_000;
const TEXT_MAX: usize = 200;

/// How sure the desk is that this is a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// A time, and neither a word of promising nor one of a limit.
    Low,
    /// One of the two.
    Medium,
    /// Somebody will do something by a time.
    High,
}

/// A promise as found in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Found {
    pub at: chrono::DateTime<chrono::Utc>,
    /// The sentence, shortened.
    pub text: String,
    pub confidence: Confidence,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
}

const ENGLISH_PROMISES: &[&str] = &[
    "will ",
    "'ll ",
    "we are going to",
    "i am going to",
    "get back to you",
    "promise",
    "expect",
    "you should have",
    "follow up",
    "update you",
    "keep you posted",
    "deliver",
    "ship",
    "fixed",
    "resolved",
    "done",
];
const CHINESE_PROMISES: &[&str] = &[
    "会", "将", "给您", "给你", "回复", "答复", "处理", "解决", "完成", "修复", "送达", "发货", "联系", "反馈", "更新", "保证", "承诺",
    "预计",
];
/// Somebody else's doing, or a question.
const ENGLISH_NOT: &[&str] = &["could you", "can you", "please", "did you", "would you", "opening hours", "between"];
const CHINESE_NOT: &[&str] = &["请您", "请在", "请于", "麻烦您", "吗", "营业时间"];

/// The promises in a text written at `written`, in the order of the text: at most one a sentence, the latest time of it.
#[must_use]
pub fn find(text: &str, written: Timestamp, zone: Tz) -> Vec<Found> {
    let text: String = text.chars().take(LOOKED_AT).collect();
    sentences(&text).into_iter().filter_map(|sentence| in_sentence(sentence, written, zone)).collect()
}

/// What the public replies of a ticket promise and nobody has set or refused yet: those that are likely, newest message first.
#[must_use]
pub fn proposals<'a>(ticket: &Ticket, messages: impl IntoIterator<Item = &'a Message>, zone: Tz) -> Vec<Found> {
    let mut found = Vec::new();
    for message in messages {
        let ours = matches!(message.author, Author::Person { .. }) && message.visibility == Visibility::Public;
        if !ours || ticket.follow_ups.iter().any(|one| one.message == Some(message.id)) {
            continue;
        }
        let promises = find(&message.text, message.created_at, zone).into_iter().filter(|one| one.confidence >= Confidence::Medium);
        found.extend(promises.map(|one| (message.seq, Found { message: Some(message.id), ..one })));
    }
    found.sort_by_key(|(seq, one)| (std::cmp::Reverse(*seq), one.at));
    found.into_iter().map(|(_, one)| one).collect()
}

/// Sentences: an end mark, or a line's end; a point within a number or an abbreviation such as `p.m.` is none.
fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = matches!(char, '\n' | '!' | '?' | '。' | '！' | '？' | '；' | ';')
            || (char == '.' && next.is_none_or(char::is_whitespace) && !text[start..at].to_ascii_lowercase().ends_with(".m"));
        if ends {
            let end = at + char.len_utf8();
            found.push(text[start..end].trim());
            start = end;
        }
    }
    found.push(text[start..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

fn in_sentence(sentence: &str, written: Timestamp, zone: Tz) -> Option<Found> {
    let chars = when::fold(sentence);
    let lower: String = chars.iter().collect();
    let mut best: Option<(Timestamp, Lead)> = None;
    let mut at = 0;
    while at < chars.len() {
        if within_word(&chars, at) {
            at += 1;
            continue;
        }
        let Some(said) = when::read(&chars[at..]).filter(is_deadline) else {
            at += 1;
            continue;
        };
        if let Some(due) = said.resolve(written, zone, true).filter(|due| *due > written && (*due - written).num_days() < 366) {
            best = best.max_by_time(due, said.lead);
        }
        at += said.len.max(1);
    }
    let (at, lead) = best?;
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(ENGLISH_NOT) || has(CHINESE_NOT) || lower.ends_with('?') {
        return None;
    }
    let promises = has(ENGLISH_PROMISES) || has(CHINESE_PROMISES);
    let limited = matches!(lead, Lead::By | Lead::Before | Lead::After);
    let confidence = match (promises, limited) {
        (true, true) => Confidence::High,
        (false, false) => Confidence::Low,
        _ => Confidence::Medium,
    };
    Some(Found { at, text: sentence.chars().take(TEXT_MAX).collect(), confidence, message: None })
}

trait Latest {
    fn max_by_time(self, at: Timestamp, lead: Lead) -> Self;
}

impl Latest for Option<(Timestamp, Lead)> {
    fn max_by_time(self, at: Timestamp, lead: Lead) -> Self {
        Some(self.filter(|(known, _)| *known >= at).unwrap_or((at, lead)))
    }
}

/// In the midst of a Latin word or a number nothing begins.
fn within_word(chars: &[char], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| chars[before]) else { return false };
    let here = chars[at];
    (before.is_ascii_alphanumeric() && here.is_ascii_alphanumeric()) || (matches!(before, ':' | '.' | '-' | '/') && here.is_ascii_digit())
}

/// A span needs a word with it ("within 24 hours", "24小时内"): "it took 2 hours" promises nothing.
fn is_deadline(said: &Said) -> bool {
    said.span.is_none() || said.lead != Lead::Plain
}
