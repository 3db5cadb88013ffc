//! Solved tickets that look like this one: scored by shared words, site, tags, kind, queue and requester, each named in `why`.
//!
//! A word counts the more the fewer of the candidates have it, so that "pump" says little in a queue of pumps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{TicketLine, excerpt, line};
use crate::domain::access;
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::person::Person;
use crate::domain::ticket::{Status, Ticket};
use crate::domain::words::words;

/// Of 100: how much each part can give.
const WORDS: f64 = 65.0;
const SITE: f64 = 10.0;
const TAGS: f64 = 10.0;
const KIND: f64 = 5.0;
const QUEUE: f64 = 5.0;
const REQUESTER: f64 = 5.0;
/// A word of the text alone counts half a word of the subject.
const TEXT_SHARE: f64 = 0.5;
/// Below it nothing is shown: it would be noise.
const SCORE_MIN: f64 = 20.0;
const WORDS_SHOWN: usize = 6;
const SOLUTION_CHARS: usize = 300;

/// What two tickets have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Likeness {
    /// Rarest first.
    Words {
        words: Vec<String>,
    },
    SameSite,
    Tags {
        tags: Vec<String>,
    },
    SameKind,
    SameQueue,
    SameRequester,
}

/// A solved ticket like this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Similar {
    #[serde(flatten)]
    pub ticket: TicketLine,
    /// 20 to 100.
    pub score: u32,
    pub why: Vec<Likeness>,
    /// The last answer of its conversation: most often what solved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solution: Option<String>,
}

/// The most similar of `candidates`, best first, newer first among equals. Tickets without a word or a tag in common are not
/// similar, whatever else they share; nor are merged ones, which were not solved as themselves.
#[must_use]
pub fn rank(ticket: &Ticket, text: &str, candidates: &[Ticket], limit: usize) -> Vec<Similar> {
    let fits = |other: &&Ticket| {
        other.number != ticket.number && matches!(other.status, Status::Solved | Status::Closed) && other.merged_into.is_none()
    };
    let candidates: BTreeMap<_, _> = candidates.iter().filter(fits).map(|other| (other.number, other)).collect();
    let subjects: Vec<(&Ticket, BTreeSet<String>)> = candidates.into_values().map(|other| (other, words(&other.subject))).collect();
    let asked = Asked::new(ticket, text, &subjects);
    let mut found: Vec<(f64, Similar)> = subjects.iter().filter_map(|(other, theirs)| asked.compare(other, theirs)).collect();
    found.sort_by(|(a, left), (b, right)| b.total_cmp(a).then(right.ticket.number.cmp(&left.ticket.number)));
    found.into_iter().take(limit).map(|(_, similar)| similar).collect()
}

/// The ticket that others are compared with.
struct Asked<'a> {
    ticket: &'a Ticket,
    subject: BTreeSet<String>,
    /// Words of the text that the subject lacks.
    text: BTreeSet<String>,
    frequency: BTreeMap<&'a str, u32>,
    candidates: f64,
}

impl<'a> Asked<'a> {
    fn new(ticket: &'a Ticket, text: &str, subjects: &'a [(&Ticket, BTreeSet<String>)]) -> Self {
        let mut frequency: BTreeMap<&str, u32> = BTreeMap::new();
        for word in subjects.iter().flat_map(|(_, words)| words) {
            *frequency.entry(word).or_default() += 1;
        }
        let subject = words(&ticket.subject);
        let text = words(text).difference(&subject).cloned().collect();
        let candidates = u32::try_from(subjects.len()).map_or(f64::MAX, f64::from);
        Self { ticket, subject, text, frequency, candidates }
    }

    fn weight(&self, word: &str) -> f64 {
        let known = self.frequency.get(word).copied().unwrap_or(0);
        (1.0 + (self.candidates + 1.0) / f64::from(known + 1)).ln()
    }

    fn sum<'w>(&self, words: impl Iterator<Item = &'w String>) -> f64 {
        words.map(|word| self.weight(word)).sum()
    }

    fn compare(&self, other: &Ticket, theirs: &BTreeSet<String>) -> Option<(f64, Similar)> {
        let mut why = Vec::new();
        let mut score = 0.0;
        let (in_subject, in_text) = (self.subject.intersection(theirs), self.text.intersection(theirs));
        let mut shared: Vec<&String> = in_subject.clone().chain(in_text.clone()).collect();
        if !shared.is_empty() {
            let common = self.sum(in_subject) + TEXT_SHARE * self.sum(in_text);
            // A ticket whose subject says nothing is compared by its text alone.
            let own = self.sum(self.subject.iter()).max(TEXT_SHARE * self.sum(self.text.iter()).min(common));
            let whole = (own * self.sum(theirs.iter())).sqrt();
            score += WORDS * if whole > 0.0 { (common / whole).min(1.0) } else { 0.0 };
            shared.sort_by(|a, b| self.weight(b).total_cmp(&self.weight(a)).then_with(|| a.cmp(b)));
            why.push(Likeness::Words { words: shared.into_iter().take(WORDS_SHOWN).cloned().collect() });
        }
        let tags: Vec<String> = self.ticket.tags.iter().filter(|tag| other.tags.contains(tag)).cloned().collect();
        if why.is_empty() && tags.is_empty() {
            return None;
        }
        let site = |ticket: &Ticket| ticket.requester.site.as_ref().map(|site| site.id);
        if site(self.ticket).is_some() && site(self.ticket) == site(other) {
            score += SITE;
            why.push(Likeness::SameSite);
        }
        if !tags.is_empty() {
            let most = self.ticket.tags.len().max(other.tags.len());
            score += TAGS * ratio(tags.len(), most);
            why.push(Likeness::Tags { tags });
        }
        let same = [
            (self.ticket.kind == other.kind, KIND, Likeness::SameKind),
            (self.ticket.queue == other.queue, QUEUE, Likeness::SameQueue),
            (self.ticket.requester.id == other.requester.id, REQUESTER, Likeness::SameRequester),
        ];
        for (_, points, likeness) in same.into_iter().filter(|(same, ..)| *same) {
            score += points;
            why.push(likeness);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
        let rounded = score.round() as u32;
        (score >= SCORE_MIN).then(|| (score, Similar { ticket: line(other), score: rounded, why, solution: None }))
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    let number = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
    number(part) / number(whole.max(1))
}

/// The last answer to the requester among a solved ticket's last messages, else the last note that `reader` may read.
#[must_use]
pub fn solution(reader: &Person, messages: &[Message]) -> Option<String> {
    let said = || {
        let readable = |one: &&Message| !one.withheld && access::reads_tier(reader, one.visibility.tier());
        messages.iter().rev().filter(readable).filter(|one| matches!(one.author, Author::Person { .. }))
    };
    let found = said().find(|message| message.visibility == Visibility::Public).or_else(|| said().next());
    found.map(|message| excerpt(&message.text, SOLUTION_CHARS)).filter(|text| !text.is_empty())
}
