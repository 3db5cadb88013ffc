//! Terms as SQLite's FTS5 takes them, for the server's store and the console's cache alike: two columns of terms with spaces
//! between, under the tokenizer `ascii`, which parts nothing but these spaces.
//!
//! `terms` has every term in its place, English words as stems; `exact` the words whose stem is another, in no place, so that
//! an unfinished word is found by its own letters.

use std::fmt::Write;

use super::{Query, Term, terms};

/// Stands between texts that are no neighbours: nobody can look for it.
const APART: &str = "¶";

/// The two columns of one document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    pub terms: String,
    pub exact: String,
}

impl Columns {
    /// Of texts that are no neighbours of each other.
    #[must_use]
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut columns = Self::default();
        for text in texts.into_iter().filter(|text| !text.is_empty()) {
            if !columns.terms.is_empty() {
                put(&mut columns.terms, APART);
            }
            for term in terms(text) {
                put(&mut columns.terms, term.key());
                if term.stem.is_some() {
                    put(&mut columns.exact, &term.word);
                }
            }
        }
        columns
    }

    /// The same for the same columns: what did not change need not be written again (FNV-1a).
    #[must_use]
    pub fn mark(&self) -> i64 {
        let bytes = self.terms.bytes().chain([b'\n']).chain(self.exact.bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)).cast_signed()
    }
}

fn put(column: &mut String, term: &str) {
    if !column.is_empty() {
        column.push(' ');
    }
    column.push_str(term);
}

/// What `MATCH` takes; absent when nothing is looked for. Terms hold letters and digits alone, so that nothing typed is syntax.
#[must_use]
pub fn expression(query: &Query) -> Option<String> {
    let mut out = String::new();
    for unit in &query.units {
        if !out.is_empty() {
            out.push_str(" AND ");
        }
        let keys: Vec<&str> = unit.terms.iter().map(Term::key).collect();
        let whole = keys.join(" ");
        let Some(last) = unit.terms.last().filter(|_| unit.open) else {
            // Writing to a string does not fail.
            let _ = write!(out, "terms : \"{whole}\"");
            continue;
        };
        let begun = keys[..keys.len() - 1].iter().copied().chain([last.word.as_str()]).collect::<Vec<_>>().join(" ");
        if last.dense {
            let _ = write!(out, "terms : \"{begun}\" *");
        } else if unit.terms.len() == 1 {
            let _ = write!(out, "(terms : \"{whole}\" OR terms : \"{begun}\" * OR exact : \"{begun}\" *)");
        } else {
            let _ = write!(out, "(terms : \"{whole}\" OR terms : \"{begun}\" *)");
        }
    }
    (!out.is_empty()).then_some(out)
}
