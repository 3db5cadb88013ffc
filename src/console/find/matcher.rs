//! How close texts are to what was typed: the text itself before what spells it in pinyin, that before letters strewn over it.
//!
//! A [`Haystack`] holds texts made ready once; a [`Query`] is one typed line. Ranking reads no text that lacks a letter of the
//! query, and looks for strewn letters only where little else was found. Pure, and fit to run beside the screen.

use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::base::letters::{letter, letters};
use crate::base::pinyin;

/// Most rows that are put in order; nobody reads on after so many.
pub const BEST_MAX: usize = 500;
/// Strewn letters are looked for only when fewer than this were found otherwise.
const ENOUGH: usize = 100;
/// Most words of a query that count.
const WORDS_MAX: usize = 8;

/// How close one text is; the smaller the closer.
pub type Rank = u32;

/// The steps of closeness. Two fields: what is shown, and what it is also found by.
mod step {
    use super::Rank;
    pub const SAME: Rank = 0;
    pub const STARTS: Rank = 1;
    pub const STARTS_WORD: Rank = 2;
    pub const HOLDS: Rank = 3;
    pub const SPELLED_FROM_START: Rank = 4;
    pub const SPELLED: Rank = 5;
    pub const ALSO_STARTS: Rank = 6;
    pub const ALSO_SPELLED: Rank = 7;
    pub const ALSO_HOLDS: Rank = 8;
    pub const STREWN: Rank = 9;
    pub const ALSO_STREWN: Rank = 10;
}

/// Room below a step for the score of strewn letters.
const SCORES: Rank = 1 << 16;

/// One folded text.
struct Field {
    text: Box<str>,
    /// Absent for ASCII, whose bytes are its characters.
    chars: Option<Box<[char]>>,
    spelled: bool,
}

impl Field {
    fn new(text: &str) -> Self {
        let text = letters(text);
        let chars = (!text.is_ascii()).then(|| text.chars().collect::<Box<[char]>>());
        let spelled = chars.as_ref().is_some_and(|chars| chars.iter().any(|char| pinyin::letter_bits(*char) != 0));
        Self { text: text.into(), chars, spelled }
    }

    fn utf32(&self) -> Utf32Str<'_> {
        match &self.chars {
            Some(chars) => Utf32Str::Unicode(chars),
            None => Utf32Str::Ascii(self.text.as_bytes()),
        }
    }

    fn bits(&self) -> u64 {
        let spelled = self.chars.iter().filter(|_| self.spelled).flat_map(|chars| chars.iter());
        spelled.fold(bits(&self.text), |all, char| all | u64::from(pinyin::letter_bits(*char)))
    }
}

/// A bit for each letter and digit; other characters share the rest.
fn bits(text: &str) -> u64 {
    text.chars().fold(0, |bits, char| {
        bits | match char {
            'a'..='z' => 1 << (char as u32 - 'a' as u32),
            '0'..='9' => 1 << (26 + char as u32 - '0' as u32),
            _ => 1 << (36 + char as u32 % 28),
        }
    })
}

struct Hay {
    shown: Field,
    also: Field,
    bits: u64,
}

/// Texts to search, ready for it.
#[derive(Default)]
pub struct Haystack {
    items: Vec<Hay>,
}

/// One typed line: words that must all be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    words: Vec<Word>,
    bits: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    chars: Vec<char>,
}

impl Word {
    /// An ASCII text is found by an ASCII needle alone.
    fn utf32(&self) -> Utf32Str<'_> {
        if self.text.is_ascii() { Utf32Str::Ascii(self.text.as_bytes()) } else { Utf32Str::Unicode(&self.chars) }
    }
}

impl Query {
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let folded = letters(typed);
        let word = |word: &str| Word { text: word.to_owned(), chars: word.chars().collect() };
        let words: Vec<Word> = folded.split_whitespace().take(WORDS_MAX).map(word).collect();
        let bits = words.iter().fold(0, |all, word| all | bits(&word.text));
        Self { words, bits }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether whatever this finds, `older` found as well: it goes on from it.
    #[must_use]
    fn goes_on_from(&self, older: &Self) -> bool {
        older.bits & self.bits == older.bits
    }
}

/// What a ranking found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Closest first, each with its index; at most [`BEST_MAX`].
    pub best: Vec<(Rank, u32)>,
    /// How many there are in all.
    pub total: usize,
    /// Those that have the letters, for a query that goes on from this one.
    rest: Option<(Query, Vec<u32>)>,
}

impl Found {
    /// All of `count` texts, in their order: what an empty query finds.
    #[must_use]
    pub fn all(count: usize) -> Self {
        let best = (0..u32::try_from(count.min(BEST_MAX)).unwrap_or(0)).map(|index| (0, index)).collect();
        Self { best, total: count, rest: None }
    }
}

impl Haystack {
    /// `texts`: what is shown, and what else it is found by.
    pub fn new<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let hay = |(shown, also): (&str, &str)| {
            let (shown, also) = (Field::new(shown), Field::new(also));
            Hay { bits: shown.bits() | also.bits(), shown, also }
        };
        Self { items: texts.into_iter().map(hay).collect() }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// What is closest to `query`; those equally close keep their order. `before`: what an earlier query found here, from
    /// which this one may go on.
    #[must_use]
    pub fn rank(&self, query: &Query, before: Option<&Found>) -> Found {
        if query.is_empty() {
            return Found::all(self.items.len());
        }
        let has_letters = |index: &u32| self.items[*index as usize].bits & query.bits == query.bits;
        let known = before.and_then(|found| found.rest.as_ref()).filter(|(older, _)| query.goes_on_from(older));
        let rest: Vec<u32> = match known {
            Some((_, indexes)) => indexes.iter().copied().filter(has_letters).collect(),
            None => (0..u32::try_from(self.items.len()).unwrap_or(u32::MAX)).filter(has_letters).collect(),
        };
        let mut best: Vec<(Rank, u32)> = Vec::new();
        let mut others = Vec::new();
        for index in &rest {
            match self.items[*index as usize].near(query) {
                Some(step) => best.push((step * SCORES, *index)),
                None => others.push(*index),
            }
        }
        if best.len() < ENOUGH {
            let mut strewn = Strewn::default();
            let found = others.into_iter().filter_map(|index| Some((self.items[index as usize].strewn(query, &mut strewn)?, index)));
            best.extend(found);
        }
        let total = best.len();
        if total > BEST_MAX {
            best.select_nth_unstable(BEST_MAX);
            best.truncate(BEST_MAX);
        }
        best.sort_unstable();
        Found { best, total, rest: Some((query.clone(), rest)) }
    }
}

impl Hay {
    /// The step of the word that is farthest off; absent when one is not there as it was typed.
    fn near(&self, query: &Query) -> Option<Rank> {
        query.words.iter().try_fold(0, |worst, word| Some(worst.max(self.word(word)?)))
    }

    fn word(&self, word: &Word) -> Option<Rank> {
        if let Some(at) = self.shown.text.find(&word.text) {
            return Some(match at {
                0 if self.shown.text.len() == word.text.len() => step::SAME,
                0 => step::STARTS,
                _ if opens_word(&self.shown.text, at, &word.text) => step::STARTS_WORD,
                _ => step::HOLDS,
            });
        }
        let spelled = |field: &Field| field.chars.as_ref().filter(|_| field.spelled).and_then(|chars| pinyin::find(chars, &word.text));
        if let Some(range) = spelled(&self.shown) {
            return Some(if range.start == 0 { step::SPELLED_FROM_START } else { step::SPELLED });
        }
        let holds = self.also.text.find(&word.text);
        if holds.is_some_and(|at| opens_word(&self.also.text, at, &word.text)) {
            return Some(step::ALSO_STARTS);
        }
        // A name that is spelled is meant rather than letters in the midst of a word, such as a key's.
        spelled(&self.also).map(|_| step::ALSO_SPELLED).or(holds.map(|_| step::ALSO_HOLDS))
    }

    fn strewn(&self, query: &Query, strewn: &mut Strewn) -> Option<Rank> {
        let mut worst = (step::STREWN, u16::MAX);
        for word in &query.words {
            if self.word(word).is_some() {
                continue;
            }
            let needle = word.utf32();
            let shown = strewn.score(&self.shown, needle, &word.text).map(|score| (step::STREWN, score));
            let found = shown.or_else(|| strewn.score(&self.also, needle, &word.text).map(|score| (step::ALSO_STREWN, score)))?;
            worst = (worst.0.max(found.0), worst.1.min(found.1));
        }
        Some(worst.0 * SCORES + Rank::from(u16::MAX - worst.1))
    }
}

/// Whether what starts at `at`, or the same text farther on, starts a word.
fn opens_word(text: &str, at: usize, word: &str) -> bool {
    let opens = |at: usize| text[..at].chars().next_back().is_none_or(|char| !char.is_ascii_alphanumeric());
    opens(at) || text.match_indices(word).skip(1).any(|(at, _)| opens(at))
}

/// Letters strewn over a text in their order, as fuzzy finders take them.
struct Strewn(Matcher);

impl Default for Strewn {
    fn default() -> Self {
        let mut config = Config::DEFAULT;
        // Both sides are folded already.
        (config.ignore_case, config.normalize) = (false, false);
        Self(Matcher::new(config))
    }
}

impl Strewn {
    fn score(&mut self, field: &Field, needle: Utf32Str<'_>, typed: &str) -> Option<u16> {
        // A sign or a single letter anywhere says nothing.
        if field.text.is_empty() || typed.len() < 2 {
            return None;
        }
        self.0.fuzzy_match(field.utf32(), needle)
    }
}

/// Which characters of a text a query is found at, in order: what a list marks. Empty where it is found by something else.
#[must_use]
pub fn places(text: &str, query: &Query) -> Vec<usize> {
    let chars: Vec<char> = text.chars().map(letter).collect();
    let mut places = Vec::new();
    for word in &query.words {
        let all = || chars.windows(word.chars.len()).enumerate().filter(|(_, window)| *window == word.chars.as_slice());
        let opens = |at: usize| at == 0 || !chars[at - 1].is_ascii_alphanumeric();
        let whole = all().find(|(at, _)| opens(*at)).or_else(|| all().next()).map(|(at, window)| at..at + window.len());
        if let Some(range) = whole.or_else(|| pinyin::find(&chars, &word.text)) {
            places.extend(range);
            continue;
        }
        let mut found = Vec::new();
        let mut matcher = Strewn::default().0;
        let needle = word.utf32();
        if word.text.len() > 1 && matcher.fuzzy_indices(Utf32Str::Unicode(&chars), needle, &mut found).is_some() {
            places.extend(found.into_iter().map(|at| at as usize));
        }
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// How close a text is to a query, for short lists that are not kept ready: smaller is closer; absent when it is not found.
#[must_use]
pub fn closeness(shown: &str, also: &str, query: &Query) -> Option<Rank> {
    Haystack::new([(shown, also)]).rank(query, None).best.first().map(|(rank, _)| *rank)
}

/// The order of rankings joined: by closeness; of those equally close, what is possible first, then the first ranking.
#[must_use]
pub fn joined(rankings: &[&Found], possible: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let each = rankings.iter().enumerate().flat_map(|(part, found)| found.best.iter().map(move |(rank, index)| (*rank, part, *index)));
    let mut all: Vec<_> = each.map(|(rank, part, index)| (rank, !possible(part, index as usize), part, index)).collect();
    all.sort_unstable();
    all.into_iter().map(|(_, _, part, index)| (part, index as usize)).collect()
}
