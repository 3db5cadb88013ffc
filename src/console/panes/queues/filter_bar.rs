//! The filter as it is typed: its text, what is wrong with it, what could be completed. What cannot be read of it is left out of the
//! list until it can.

use std::collections::BTreeSet;

use super::complete::{Popup, means, popup};
use crate::console::key::{Key, KeyCode};
use crate::console::locale::Locale;
use crate::console::overlay::Prompt;
use crate::console::pane::Context;
use crate::domain::filter::{Fault, FilterError, parse};

/// Tags that are remembered for completion.
const TAGS_MAX: usize = 500;

/// What a key did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The text may be another now.
    Changed,
    /// Only what is offered, or nothing.
    Kept,
    /// Back to the list, with the filter.
    Leave,
    /// Back to the list, without it.
    Cancel,
}

/// The filter's line.
pub struct FilterBar {
    pub prompt: Prompt,
    pub popup: Option<Popup>,
    pub error: Option<FilterError>,
    /// What it finds changes with the time.
    pub moves: bool,
    tags: BTreeSet<String>,
}

impl Default for FilterBar {
    fn default() -> Self {
        Self { prompt: Prompt::new(String::new()), popup: None, error: None, moves: false, tags: BTreeSet::new() }
    }
}

impl FilterBar {
    pub fn set(&mut self, text: &str, context: &Context<'_>) -> String {
        self.prompt = Prompt::new(text.to_owned());
        self.popup = None;
        self.read(context)
    }

    /// The filter as the list takes it: all of it that can be read, in its one form.
    pub fn read(&mut self, context: &Context<'_>) -> String {
        let parsed = parse(self.prompt.value(), context.directory);
        self.moves = parsed.filter.moves_with_time();
        self.error = parsed.errors.into_iter().next();
        parsed.filter.to_string()
    }

    pub fn see_tags<'a>(&mut self, tags: impl Iterator<Item = &'a String>) {
        for tag in tags {
            if self.tags.len() < TAGS_MAX && !self.tags.contains(tag) {
                self.tags.insert(tag.clone());
            }
        }
    }

    pub fn offer(&mut self, context: &Context<'_>) {
        self.popup = popup(self.prompt.value(), self.prompt.caret(), &self.tags, means, context);
    }

    pub fn key(&mut self, key: Key, context: &Context<'_>) -> Typed {
        let chosen = self.popup.as_ref().and_then(|popup| popup.selected);
        match key.code {
            KeyCode::Tab if self.popup.is_some() => self.take(chosen.unwrap_or(0), context),
            KeyCode::Enter if chosen.is_some() => self.take(chosen.unwrap_or(0), context),
            KeyCode::Escape if chosen.is_some() => {
                self.popup = None;
                Typed::Kept
            }
            KeyCode::Escape => Typed::Cancel,
            KeyCode::Down | KeyCode::Up if self.popup.is_some() => {
                self.popup.iter_mut().for_each(|popup| popup.step(key.code == KeyCode::Down));
                Typed::Kept
            }
            KeyCode::Enter | KeyCode::Down => Typed::Leave,
            _ if self.prompt.edit(key) => {
                self.offer(context);
                Typed::Changed
            }
            _ => Typed::Kept,
        }
    }

    /// Puts a candidate where it belongs; after a field its values are offered.
    fn take(&mut self, index: usize, context: &Context<'_>) -> Typed {
        let Some(popup) = self.popup.take() else { return Typed::Kept };
        let Some(candidate) = popup.candidates.get(index) else { return Typed::Kept };
        let text: Vec<char> = self.prompt.value().chars().collect();
        let caret = self.prompt.caret().min(text.len());
        let head: String = text[..popup.start.min(caret)].iter().collect::<String>() + &candidate.insert;
        let tail: String = text[caret..].iter().collect();
        let tail = if head.ends_with(' ') { tail.trim_start().to_owned() } else { tail };
        let place = head.chars().count();
        self.prompt.replace(head + &tail, place);
        self.offer(context);
        Typed::Changed
    }
}

/// What is wrong with a filter, in the words of the language.
pub fn explain(error: &FilterError, locale: &Locale) -> String {
    let key = match error.fault {
        Fault::Field => "filter-error-field",
        Fault::Value => "filter-error-value",
        Fault::Missing => "filter-error-missing",
        Fault::Quote => "filter-error-quote",
        Fault::Time => "filter-error-time",
        Fault::Number => "filter-error-number",
        Fault::Many => "filter-error-many",
        Fault::Long => "filter-error-long",
    };
    let column = (error.at + 1).to_string();
    let said = locale.with(key, &[("column", &column), ("word", &error.word), ("field", &error.field)]);
    if error.near.is_empty() { said } else { format!("{said} {}", locale.with("filter-error-near", &[("words", &error.near.join(", "))])) }
}
