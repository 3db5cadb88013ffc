//! Text as full-text search sees it: a stream of terms, the same for what is written and for what is looked for.
//!
//! Widths, case and diacritics are folded. Chinese, kana and hangul have no spaces, so each character makes a term with its
//! neighbour (`加油机` gives `加油`, `油机` and, at the end of the run, `机`): whatever stands next to each other is found, however
//! few characters. English words also have their stem. Letters and digits part (`PO-2291` gives `po`, `2291`); what is written
//! without a space is looked for side by side, so that order numbers and addresses are found whole and by their parts.
//! Pure; knows no engine but for [`fts5`].

pub mod fts5;
mod query;
#[cfg(test)]
mod tests;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use query::Query;

/// Characters of a word that count: what is longer is no word.
const WORD_MAX: usize = 40;
/// Letters from which a word has a stem.
const STEM_MIN: usize = 3;

/// One term with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Folded: a word, a number, two neighbouring characters, or the last character of a run.
    pub word: String,
    /// An English word's stem, where it is another.
    pub stem: Option<String>,
    /// Of a script without spaces.
    pub dense: bool,
    /// Bytes of the text it came from: from, the end of its first character, to.
    pub from: usize,
    pub first: usize,
    pub to: usize,
}

impl Term {
    /// What the index keeps.
    #[must_use]
    pub fn key(&self) -> &str {
        self.stem.as_deref().unwrap_or(&self.word)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Dense,
    Digit,
    Letter,
    Gap,
}

/// The terms of a text, in order.
#[must_use]
pub fn terms(text: &str) -> Vec<Term> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut reader = Reader { stemmer: &stemmer, found: Vec::with_capacity(text.len() / 5), word: String::new(), letters: 0, of: None };
    for (at, char) in text.char_indices() {
        let to = at + char.len_utf8();
        if char.is_ascii() {
            reader.take(char.to_ascii_lowercase(), at, to);
        } else if is_dense(char) {
            reader.take(char, at, to);
        } else if !is_invisible(char) {
            for folded in std::iter::once(char).nfkd().filter(|one| !is_combining_mark(*one)).flat_map(char::to_lowercase) {
                reader.take(folded, at, to);
            }
        }
    }
    reader.close();
    reader.found
}

struct Reader<'a> {
    stemmer: &'a Stemmer,
    found: Vec<Term>,
    /// Being read, with how many characters it has.
    word: String,
    letters: usize,
    /// Class and bytes of what is being read: from, the end of the first character, to.
    of: Option<(Class, usize, usize, usize)>,
}

impl Reader<'_> {
    fn take(&mut self, char: char, at: usize, to: usize) {
        let class = class(char);
        if let Some((open, _, _, end)) = &mut self.of {
            match (*open == class, class) {
                (true, Class::Dense) => {
                    self.word.push(char);
                    *end = to;
                    self.close();
                }
                (true, _) => {
                    if self.letters < WORD_MAX {
                        self.word.push(char);
                    }
                    self.letters += 1;
                    *end = to;
                    return;
                }
                (false, _) => self.close(),
            }
        }
        if class != Class::Gap {
            self.word.push(char);
            self.letters = 1;
            self.of = Some((class, at, to, to));
        }
    }

    fn close(&mut self) {
        let word = std::mem::take(&mut self.word);
        let Some((class, from, first, to)) = self.of.take() else { return };
        let english = class == Class::Letter && self.letters >= STEM_MIN && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let stem = english.then(|| self.stemmer.stem(&word).into_owned()).filter(|stem| *stem != word);
        self.found.push(Term { word, stem, dense: class == Class::Dense, from, first, to });
    }
}

fn class(char: char) -> Class {
    if is_dense(char) {
        Class::Dense
    } else if char.is_numeric() {
        Class::Digit
    } else if char.is_alphabetic() {
        Class::Letter
    } else {
        Class::Gap
    }
}

/// Chinese characters, kana, bopomofo and hangul: written without spaces, or read by the syllable.
fn is_dense(char: char) -> bool {
    matches!(char,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}'
        | '\u{3105}'..='\u{312f}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{20000}'..='\u{3ffff}')
}

/// What parts no word although it stands in it: soft hyphens, zero-width characters and marks of direction.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
