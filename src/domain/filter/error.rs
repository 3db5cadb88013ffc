//! What is wrong with a filter: what, where, and the nearest word that would do.

use super::{FILTER_MAX, TERMS_MAX};

/// What is wrong with one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No such field.
    Field,
    /// The field has no such value.
    Value,
    /// The value is missing.
    Missing,
    /// A quotation mark without its other.
    Quote,
    /// No time that can be read.
    Time,
    /// No number that can be read.
    Number,
    /// Too many terms.
    Many,
    /// Too long.
    Long,
}

/// Where a filter cannot be read, and what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    pub fault: Fault,
    /// The field's name; empty where there is none.
    pub field: String,
    /// What was typed.
    pub word: String,
    /// Characters before it, from 0.
    pub at: usize,
    /// Words that would do, nearest first; may be empty.
    pub near: Vec<String>,
}

impl FilterError {
    pub(super) fn new(fault: Fault, field: &str, word: &str, at: usize) -> Self {
        Self { fault, field: field.to_owned(), word: word.to_owned(), at, near: Vec::new() }
    }

    pub(super) fn near(mut self, near: Vec<String>) -> Self {
        self.near = near;
        self
    }
}

impl std::error::Error for FilterError {}

impl std::fmt::Display for FilterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (field, word) = (&self.field, &self.word);
        write!(f, "Column {} of the filter: ", self.at + 1)?;
        match self.fault {
            Fault::Field => write!(f, "there is no field `{word}`; quote it to search for the text."),
            Fault::Value => write!(f, "`{field}` has no value `{word}`."),
            Fault::Missing => write!(f, "`{field}:` needs a value."),
            Fault::Quote => write!(f, "the quotation mark before `{word}` is not closed."),
            Fault::Time => {
                write!(f, "`{word}` is no time: write a span such as <30m or >=2h, a date such as 2026-11-20.., today, or none.")
            }
            Fault::Number => write!(f, "`{word}` is no number: write 3, >=3 or 3..5."),
            Fault::Many => write!(f, "more than {TERMS_MAX} terms: leave some out."),
            Fault::Long => write!(f, "more than {FILTER_MAX} characters: shorten it."),
        }?;
        if self.near.is_empty() { Ok(()) } else { write!(f, " Did you mean {}?", self.near.join(", ")) }
    }
}
