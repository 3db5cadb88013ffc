//! What somebody looks for: words that all must occur, in any order; `"side by side"` between quotes. The last word may be
//! unfinished, so that searching while typing finds something.

use super::{Term, terms};

/// Words that count.
const UNITS_MAX: usize = 8;
/// Terms of one word or phrase that count.
const TERMS_MAX: usize = 32;
/// Characters from which a word may be unfinished: one letter would find half of everything.
const UNFINISHED_MIN: usize = 2;

/// Terms that must stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub terms: Vec<Term>,
    /// The last term may go on: an unfinished word, or one character of a script without spaces.
    pub open: bool,
}

/// A search, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub(super) units: Vec<Unit>,
}

impl Query {
    /// Reads what was typed; never fails. Punctuation alone looks for nothing.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let mut units = Vec::new();
        let mut piece = String::new();
        let mut quoted = false;
        for char in typed.chars() {
            let quote = matches!(char, '"' | '“' | '”' | '「' | '」' | '＂');
            if quote || (!quoted && parts(char)) {
                units.extend(Unit::new(&piece, false));
                piece.clear();
            } else {
                piece.push(char);
            }
            quoted ^= quote;
        }
        units.extend(Unit::new(&piece, !quoted));
        units.truncate(UNITS_MAX);
        Self { units }
    }

    /// It looks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    /// Whether everything it looks for stands in `text`.
    #[must_use]
    pub fn finds(&self, text: &str) -> bool {
        let text = terms(text);
        self.units.iter().all(|unit| unit.places(&text).next().is_some())
    }

    /// Where what it looks for stands in `text`, each word for itself: byte ranges in order and apart, at most `max`.
    #[must_use]
    pub fn ranges(&self, text: &str, max: usize) -> Vec<(usize, usize)> {
        if self.is_empty() || text.is_empty() {
            return Vec::new();
        }
        let text = terms(text);
        let mut found: Vec<(usize, usize)> = self.units.iter().flat_map(|unit| unit.places(&text).take(max)).collect();
        found.sort_unstable();
        let mut apart: Vec<(usize, usize)> = Vec::with_capacity(found.len());
        for (from, to) in found {
            match apart.last_mut() {
                Some(last) if from < last.1 => last.1 = last.1.max(to),
                _ => apart.push((from, to)),
            }
        }
        apart.truncate(max);
        apart
    }
}

/// What stands between words. What joins the parts of one (`PO-2291`, `a.b@c.example`) does not.
fn parts(char: char) -> bool {
    char.is_whitespace()
        || matches!(
            char,
            ',' | ';' | '!' | '?' | '(' | ')' | '，' | '；' | '！' | '？' | '（' | '）' | '、' | '。' | '【' | '】' | '《' | '》'
        )
}

impl Unit {
    fn new(piece: &str, last: bool) -> Option<Self> {
        let mut terms = terms(piece);
        terms.truncate(TERMS_MAX);
        let end = terms.last()?;
        let mut open = last && !end.dense && end.word.chars().count() >= UNFINISHED_MIN;
        if end.dense && end.first == end.to {
            // The last character of a run stands in the pair before it; alone it may begin any pair.
            let paired = terms.iter().rev().nth(1).is_some_and(|before| before.dense && before.to == end.to);
            if paired {
                terms.pop();
            } else {
                open = true;
            }
        }
        Some(Self { terms, open })
    }

    /// Where it stands among the terms of a text.
    fn places<'a>(&'a self, text: &'a [Term]) -> impl Iterator<Item = (usize, usize)> + 'a {
        text.windows(self.terms.len()).filter_map(move |window| {
            let last = self.terms.len() - 1;
            let same = window.iter().zip(&self.terms).enumerate().all(|(at, (there, wanted))| {
                there.key() == wanted.key()
                    || (self.open && at == last && (there.word.starts_with(&wanted.word) || there.key().starts_with(&wanted.word)))
            });
            let (from, end) = (window[0].from, &window[last]);
            // One character that begins a pair is that character alone.
            let to = if self.open && end.dense { end.first } else { end.to };
            same.then_some((from, to))
        })
    }
}
