//! What the words of a filter are looked for in, held in memory while somebody types one: the searched text of every cached ticket,
//! and the list that the rest of the filter leaves. A key then costs a pass over some megabytes of text and not a pass over the table.
//!
//! What is held follows the rows: tickets that were written since are read again, one by one, before the next search.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use memchr::memmem::Finder;
use sqlx::SqliteConnection;

use crate::client::error::CacheError;
use crate::client::view::TicketQuery;
use crate::domain::filter::text::fold;
use crate::domain::filter::{Filter, Test};
use crate::domain::id::TicketNumber;

use super::Cache;

/// Between the texts of two tickets: no letter, so that nobody writes it; one that holds it all the same is found by the table.
const BETWEEN: char = '\u{1e}';
/// Tickets read in one statement.
const AT_ONCE: i64 = 16_384;
/// Tickets written since that are read one by one; from more on all are read anew.
const WRITTEN_MAX: usize = 2_000;
/// Lists read without a filter after which the text is given back.
const UNUSED_MAX: u32 = 200;

/// Farthest apart that numbers of one set may be.
const SPAN_MAX: i64 = 1 << 27;

/// A set of ticket numbers, one bit for each that there may be: they are given one after the other, so there are few gaps.
#[derive(Debug)]
pub(super) struct Numbers {
    first: i64,
    bits: Vec<u64>,
}

impl Numbers {
    /// An empty set for numbers from `first` to `last`.
    fn between(first: i64, last: i64) -> Self {
        let count = usize::try_from(last - first + 1).unwrap_or(0);
        Self { first, bits: vec![0; count.div_ceil(64)] }
    }

    /// The set of these; `None` where they lie too far apart.
    pub fn of(numbers: &[i64]) -> Option<Self> {
        let (first, last) = (numbers.iter().copied().min().unwrap_or(0), numbers.iter().copied().max().unwrap_or(0));
        if last.checked_sub(first)? > SPAN_MAX {
            return None;
        }
        let mut set = Self::between(first, last);
        numbers.iter().for_each(|number| set.put(*number));
        Some(set)
    }

    fn put(&mut self, number: i64) {
        let bit = usize::try_from(number - self.first).unwrap_or(0);
        self.bits[bit / 64] |= 1 << (bit % 64);
    }

    pub fn has(&self, number: i64) -> bool {
        let bit = number.checked_sub(self.first).and_then(|bit| usize::try_from(bit).ok());
        bit.is_some_and(|bit| self.bits.get(bit / 64).is_some_and(|bits| bits & (1 << (bit % 64)) != 0))
    }
}

/// The texts of all tickets, by number.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Ascending.
    numbers: Vec<i64>,
    /// Where each ticket's text ends; the next begins one byte later.
    ends: Vec<usize>,
    text: String,
    /// Written since these were read; `None`: gone.
    written: HashMap<i64, Option<String>>,
}

/// Tickets in the order of a list, before the words narrow them.
#[derive(Clone, Debug)]
struct Base {
    query: TicketQuery,
    generation: u64,
    minute: i64,
    numbers: Arc<Vec<i64>>,
}

/// What is held between two keys.
#[derive(Debug, Default)]
pub(super) struct Typing {
    words: Option<Arc<Words>>,
    /// Written since `words` were read, or began to be.
    stale: HashSet<i64>,
    base: Option<Base>,
    unused: u32,
    /// They are being read now.
    reading: bool,
    /// Counts how often all were forgotten: what was begun before is not kept.
    forgotten: u64,
}

impl Typing {
    fn forget(&mut self) {
        (self.words, self.base) = (None, None);
        self.stale = HashSet::new();
        self.forgotten += 1;
    }
}

/// The words of a filter, folded, each with whether it must be absent; and the filter without them.
pub(super) fn split(filter: &Filter) -> (Vec<(bool, String)>, Filter) {
    let mut words = Vec::new();
    let mut rest = Filter::default();
    for term in &filter.terms {
        match &term.test {
            Test::Words(text) => words.push((term.negated, fold(text))),
            _ => rest.terms.push(term.clone()),
        }
    }
    (words, rest)
}

fn holds(text: &str, wanted: &[(bool, String)]) -> bool {
    wanted.iter().all(|(negated, word)| text.contains(word.as_str()) != *negated)
}

impl Words {
    /// Takes a stretch of tickets behind those that are here. False when the texts cannot be told apart.
    fn take(&mut self, numbers: &[i64], texts: &str) -> bool {
        if !self.text.is_empty() || !self.numbers.is_empty() {
            self.text.push(BETWEEN);
        }
        let from = self.text.len();
        self.text.push_str(texts);
        self.numbers.extend(numbers);
        self.ends.extend(texts.match_indices(BETWEEN).map(|(at, _)| from + at));
        self.ends.push(self.text.len());
        self.ends.len() == self.numbers.len()
    }

    fn text_of(&self, place: usize) -> &str {
        let from = if place == 0 { 0 } else { self.ends[place - 1] + BETWEEN.len_utf8() };
        &self.text[from..self.ends[place]]
    }

    /// Those of `base` whose text holds what is wanted, in the order of `base`.
    pub fn narrow(&self, base: &[i64], wanted: &[(bool, String)]) -> Vec<i64> {
        let Some((&first, &last)) = self.numbers.first().zip(self.numbers.last()) else {
            return base.iter().copied().filter(|number| self.written_holds(*number, wanted).unwrap_or(false)).collect();
        };
        let mut found = Numbers::between(first, last);
        self.each_with(wanted, |place| found.put(self.numbers[place]));
        let admits = |number: &i64| self.written_holds(*number, wanted).unwrap_or_else(|| found.has(*number));
        base.iter().copied().filter(admits).collect()
    }

    /// Tells of each text that holds what is wanted, by its place: the first word that must be there is looked for in all texts at once,
    /// the others where it was found.
    fn each_with(&self, wanted: &[(bool, String)], mut found: impl FnMut(usize)) {
        let mut finders: Vec<_> = wanted.iter().map(|(negated, word)| (*negated, Finder::new(word))).collect();
        let first = finders.iter().position(|(negated, _)| !negated).map(|at| finders.remove(at).1);
        let others = |place: usize| {
            let text = self.text_of(place).as_bytes();
            finders.iter().all(|(negated, word)| word.find(text).is_some() != *negated)
        };
        let Some(first) = first else {
            (0..self.numbers.len()).filter(|place| others(*place)).for_each(found);
            return;
        };
        let (text, mut at, mut place) = (self.text.as_bytes(), 0, 0);
        while let Some(hit) = text.get(at..).and_then(|rest| first.find(rest)) {
            let hit = at + hit;
            // The next one mostly, where it is a frequent word.
            let near = self.ends[place..].iter().take(8).take_while(|end| **end < hit).count();
            place += near;
            if near == 8 {
                place += self.ends[place..].partition_point(|end| *end < hit);
            }
            let Some(end) = self.ends.get(place) else { break };
            if hit + first.needle().len() > *end {
                // It would reach into the next text.
                at = hit + 1;
                continue;
            }
            if others(place) {
                found(place);
            }
            at = end + BETWEEN.len_utf8();
            place += 1;
        }
    }

    /// By its text as written since; `None`: it was not.
    fn written_holds(&self, number: i64, wanted: &[(bool, String)]) -> Option<bool> {
        if self.written.is_empty() {
            return None;
        }
        self.written.get(&number).map(|text| text.as_ref().is_some_and(|text| holds(text, wanted)))
    }

    async fn read(connection: &mut SqliteConnection) -> Result<Option<Self>, CacheError> {
        let mut words = Self::default();
        let sql = "SELECT json_group_array(number), group_concat(search, char(30)) FROM
                   (SELECT number, search FROM tickets WHERE number > ? ORDER BY number LIMIT ?)";
        loop {
            let last = words.numbers.last().copied().unwrap_or(i64::MIN);
            let (numbers, texts): (String, Option<String>) =
                sqlx::query_as(sql).bind(last).bind(AT_ONCE).fetch_one(&mut *connection).await?;
            let numbers: Vec<i64> = serde_json::from_str(&numbers)?;
            let Some(texts) = texts.filter(|_| !numbers.is_empty()) else { break };
            if !words.take(&numbers, &texts) {
                return Ok(None);
            }
        }
        // Far apart: what numbers have to do with places is lost.
        let span = words.numbers.first().zip(words.numbers.last()).map_or(0, |(first, last)| last - first);
        if usize::try_from(span).unwrap_or(usize::MAX) > words.numbers.len().saturating_mul(64) + 1_000_000 {
            return Ok(None);
        }
        Ok(Some(words))
    }
}

impl Cache {
    fn typing(&self) -> MutexGuard<'_, Typing> {
        self.inner.typing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells that rows were committed, of tickets only these: remembered lists are stale.
    pub(crate) fn changed_in(&self, tickets: &[TicketNumber]) {
        let mut typing = self.typing();
        if typing.words.is_some() || typing.reading {
            typing.stale.extend(tickets.iter().map(|number| number.0));
        }
        drop(typing);
        self.inner.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// Forgets all texts: more was written than is worth following.
    pub(super) fn words_gone(&self) {
        self.typing().forget();
    }

    /// A list was read without a filter: after many, nobody types one any more.
    pub(super) fn words_unused(&self) {
        let mut typing = self.typing();
        typing.unused = typing.unused.saturating_add(1);
        if typing.unused == UNUSED_MAX {
            typing.forget();
        }
    }

    /// The texts as they stand; `None` when the table must be asked.
    pub(super) async fn words(&self) -> Result<Option<Arc<Words>>, CacheError> {
        // One at a time: what one has noted as stale is not in the texts yet when another looks.
        let _turn = self.inner.words_turn.lock().await;
        let (held, stale, forgotten) = {
            let mut typing = self.typing();
            (typing.unused, typing.reading) = (0, true);
            // From here on, what is written is noted again: it may be in what is read now, or not.
            let stale = std::mem::take(&mut typing.stale);
            (typing.words.clone().filter(|words| stale.len() + words.written.len() <= WRITTEN_MAX), stale, typing.forgotten)
        };
        let read = match held {
            Some(words) if stale.is_empty() => Ok(Some(words)),
            Some(words) => self.follow(words, &stale).await,
            None => self.read_words().await,
        };
        let mut typing = self.typing();
        typing.reading = false;
        if read.is_err() {
            typing.forget();
        }
        if typing.forgotten == forgotten {
            typing.words = read.as_ref().ok().cloned().flatten();
        }
        drop(typing);
        read
    }

    async fn read_words(&self) -> Result<Option<Arc<Words>>, CacheError> {
        let mut tx = self.readers().begin().await?;
        Ok(Words::read(&mut tx).await?.map(Arc::new))
    }

    /// With the texts of tickets that were written since.
    async fn follow(&self, mut words: Arc<Words>, stale: &HashSet<i64>) -> Result<Option<Arc<Words>>, CacheError> {
        let wanted = serde_json::to_string(stale)?;
        let sql = "SELECT number, search FROM tickets WHERE number IN (SELECT value FROM json_each(?))";
        let found: Vec<(i64, String)> = sqlx::query_as(sql).bind(wanted).fetch_all(self.readers()).await?;
        self.typing().words = None;
        // Nobody else holds them, but for a search that is still on its way.
        let Some(changed) = Arc::get_mut(&mut words) else { return self.read_words().await };
        changed.written.extend(stale.iter().map(|number| (*number, None)));
        changed.written.extend(found.into_iter().map(|(number, text)| (number, Some(text))));
        Ok(Some(words))
    }

    /// The list of `query` before words narrow it, when it was read at this generation and minute.
    pub(super) fn base(&self, query: &TicketQuery, generation: u64, minute: i64) -> Option<Arc<Vec<i64>>> {
        let base = self.typing().base.clone()?;
        (base.query == *query && base.generation == generation && base.minute == minute).then_some(base.numbers)
    }

    pub(super) fn keep_base(&self, query: TicketQuery, generation: u64, minute: i64, numbers: Arc<Vec<i64>>) {
        self.typing().base = Some(Base { query, generation, minute, numbers });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let mut words = Words::default();
        assert!(words.take(&[3, 4], "3\npump\u{1e}4\n加油机"));
        assert!(words.take(&[9], "9\npump and till"));
        words
    }

    fn wanted(words: &[&str]) -> Vec<(bool, String)> {
        words.iter().map(|word| (word.starts_with('-'), word.trim_start_matches('-').to_owned())).collect()
    }

    #[test]
    fn words_narrow_a_list_in_its_order() {
        let words = words();
        assert_eq!(words.narrow(&[9, 4, 3], &wanted(&["pump"])), [9, 3]);
        assert_eq!(words.narrow(&[9, 4, 3], &wanted(&["油机"])), [4]);
        assert_eq!(words.narrow(&[3, 4, 9], &wanted(&["pump", "-till"])), [3]);
        assert_eq!(words.narrow(&[4], &wanted(&["pump"])), Vec::<i64>::new(), "of the list alone");
        assert_eq!(words.narrow(&[1, 5, 99, 3], &wanted(&["p"])), [3], "what is not held is not found");
        assert_eq!(words.narrow(&[3], &wanted(&["pump\u{1e}4"])), Vec::<i64>::new(), "no text reaches into the next");
    }

    #[test]
    fn what_was_written_since_goes_before_what_was_read() {
        let mut words = words();
        words.written.insert(3, Some("3\ntill".to_owned()));
        words.written.insert(9, None);
        words.written.insert(12, Some("12\npump".to_owned()));
        assert_eq!(words.narrow(&[12, 9, 3], &wanted(&["pump"])), [12]);
        assert_eq!(words.narrow(&[12, 9, 3], &wanted(&["till"])), [3]);
        assert_eq!(Words { written: words.written, ..Words::default() }.narrow(&[12, 3], &wanted(&["till"])), [3]);
    }

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        // Far more texts than are gone through one by one, with hits next to each other and far apart.
        let held = |number: i64| if number % 50 < 3 { "ab ab" } else { "b" };
        let numbers: Vec<i64> = (10..600).collect();
        let mut words = Words::default();
        assert!(words.take(&numbers, &numbers.iter().map(|number| held(*number)).collect::<Vec<_>>().join("\u{1e}")));
        let by_each =
            |wanted: &[(bool, String)]| -> Vec<i64> { numbers.iter().copied().filter(|number| holds(held(*number), wanted)).collect() };
        for looked_for in [&["ab"][..], &["b"], &["-ab"], &["b", "-a"], &["ab ab", "b"], &["nowhere"], &["-a", "-b"], &[""], &[]] {
            let wanted = wanted(looked_for);
            assert_eq!(words.narrow(&numbers, &wanted), by_each(&wanted), "{looked_for:?}");
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set = Numbers::of(&[5, 64, 70]).unwrap();
        assert_eq!((0..200).filter(|number| set.has(*number)).collect::<Vec<_>>(), [5, 64, 70]);
        assert!(!set.has(i64::MIN) && !set.has(i64::MAX));
        assert!(Numbers::of(&[i64::MIN, i64::MAX]).is_none() && Numbers::of(&[1, i64::MAX]).is_none());
        assert!(!Numbers::of(&[]).unwrap().has(1));
    }

    #[test]
    fn texts_that_cannot_be_told_apart_are_refused() {
        assert!(!Words::default().take(&[1], "one\u{1e}two"));
    }
}
