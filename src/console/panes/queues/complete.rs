//! What can be completed in the filter: fields, then their values; queues, people, tags that were seen. The words are those of the
//! person's language.

use std::collections::BTreeSet;

use crate::base::{pinyin, text};
use crate::console::locale::Language;
use crate::console::pane::Context;
use crate::domain::filter::complete::{Spot, Typing, as_value, spot};
use crate::domain::filter::words::{FIELDS, FLAGS, Field, KINDS, PRIORITIES, STATUSES, Word};

/// Candidates offered at once.
pub const OFFERED: usize = 8;

/// Whether what was typed may mean a name.
pub type Matcher = fn(typed: &str, name: &str) -> bool;

/// Occurs in it, case and width aside, or spells a part of it in pinyin.
pub fn means(typed: &str, name: &str) -> bool {
    text::fold(name).contains(&text::fold(typed)) || (!name.is_ascii() && pinyin::spelled(name, typed))
}

/// Something that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What the typed text gives way to.
    pub insert: String,
    /// Clean.
    pub label: String,
    /// Clean; the same in other words.
    pub hint: String,
}

/// What is offered, and where it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Popup {
    pub candidates: Vec<Candidate>,
    /// Chosen by the arrows; taken by Enter then. Tab takes it, or the first.
    pub selected: Option<usize>,
    /// Characters before what gives way.
    pub start: usize,
}

impl Popup {
    /// Moves the choice; above the first is none.
    pub fn step(&mut self, down: bool) {
        let last = self.candidates.len().saturating_sub(1);
        self.selected = match (self.selected, down) {
            (None, true) => Some(0),
            (None | Some(0), false) => None,
            (Some(at), true) => Some((at + 1).min(last)),
            (Some(at), false) => Some(at - 1),
        };
    }
}

/// What can be completed at the caret of `filter`; absent when nothing can.
pub fn popup(filter: &str, caret: usize, tags: &BTreeSet<String>, matches: Matcher, context: &Context<'_>) -> Option<Popup> {
    let spot = spot(filter, caret)?;
    let mut candidates = match spot.typing {
        Typing::Word => words(&spot, context),
        Typing::Value { field, short } => Offer { spot: &spot, short, matches, context }.values(field, tags),
    };
    // What begins as it was typed comes first.
    let typed = text::fold(&spot.typed);
    candidates.sort_by_key(|one| !text::fold(&one.label).starts_with(&typed));
    candidates.truncate(OFFERED);
    // The only one offered stands there already.
    let there = matches!(candidates.as_slice(), [one] if one.insert.trim_end() == spot.typed);
    (!candidates.is_empty() && !there).then_some(Popup { candidates, selected: None, start: spot.start })
}

/// A word in the person's language, and its hint in the other one. ASCII that was typed asks for English.
fn in_language<T>(word: &Word<T>, typed: &str, context: &Context<'_>) -> (&'static str, &'static str) {
    let chinese = word.chinese.first().copied().unwrap_or(word.english);
    let wants_chinese = context.locale.language == Language::Chinese && (typed.is_empty() || !typed.is_ascii());
    if wants_chinese { (chinese, word.english) } else { (word.english, chinese) }
}

fn begins(typed: &str, word: &str) -> bool {
    text::fold(word).starts_with(&text::fold(typed))
}

/// Fields and flags that begin so, in either language.
fn words(spot: &Spot, context: &Context<'_>) -> Vec<Candidate> {
    let typed = spot.typed.as_str();
    let fields = FIELDS.iter().filter(|word| begins(typed, word.english) || word.chinese.iter().any(|one| begins(typed, one)));
    let mut found: Vec<Candidate> = fields
        .map(|word| {
            let (name, other) = in_language(word, typed, context);
            Candidate { insert: format!("{name}:"), label: format!("{name}:"), hint: other.to_owned() }
        })
        .collect();
    if typed.chars().count() > 1 {
        let flags = FLAGS.iter().filter(|word| begins(typed, word.english) || word.chinese.iter().any(|one| begins(typed, one)));
        found.extend(flags.map(|word| {
            let (name, other) = in_language(word, typed, context);
            let is = if name.is_ascii() { "is" } else { "是" };
            Candidate { insert: format!("{is}:{name} "), label: format!("{is}:{name}"), hint: other.to_owned() }
        }));
    }
    found
}

/// Values for one place.
struct Offer<'a, 'c> {
    spot: &'a Spot,
    short: bool,
    matches: Matcher,
    context: &'a Context<'c>,
}

impl Offer<'_, '_> {
    fn one(&self, value: &str, hint: &str) -> Option<Candidate> {
        let typed = &self.spot.typed;
        let sign = if self.short { "" } else { "@" };
        let bare = typed.strip_prefix('@').unwrap_or(typed);
        let fits = bare.is_empty() || (self.matches)(bare, value.trim_start_matches('@')) || (self.matches)(bare, hint);
        let value = value.strip_prefix('@').map_or_else(|| as_value(value), |handle| format!("{sign}{handle}"));
        fits.then(|| Candidate { insert: format!("{value} "), label: text::clean(&value), hint: text::clean(hint) })
    }

    fn table<T>(&self, table: &'static [Word<T>]) -> Vec<Candidate> {
        let pairs = table.iter().map(|word| in_language(word, &self.spot.typed, self.context));
        pairs.filter_map(|(value, hint)| self.one(value, hint)).collect()
    }

    fn plain(&self, values: &[&str]) -> Vec<Candidate> {
        values.iter().filter_map(|value| self.one(value, "")).collect()
    }

    fn people(&self, nobody: bool) -> Vec<Candidate> {
        let mut people: Vec<_> = self.context.directory.people.values().filter(|person| person.active).collect();
        people.sort_by(|a, b| a.handle.cmp(&b.handle));
        let special = ["@me", "@none"].into_iter().take(1 + usize::from(nobody));
        let mut found: Vec<Candidate> = special.filter_map(|word| self.one(word, "")).collect();
        found.extend(people.into_iter().filter_map(|person| self.one(&format!("@{}", person.handle), &person.name)));
        found
    }

    fn values(&self, field: Field, tags: &BTreeSet<String>) -> Vec<Candidate> {
        let directory = self.context.directory;
        match field {
            Field::Status => self.table(STATUSES),
            Field::Priority => self.table(PRIORITIES),
            Field::Kind => self.table(KINDS),
            Field::Is => self.table(FLAGS),
            Field::Queue => directory.queues_in_order().into_iter().filter_map(|queue| self.one(&queue.key, &queue.name)).collect(),
            Field::Assignee | Field::With => self.people(true),
            Field::Expert => self.people(false),
            Field::Tag => tags.iter().filter_map(|tag| self.one(tag, "")).collect(),
            Field::Site => {
                let mut sites: Vec<_> = directory.sites.values().collect();
                sites.sort_by(|a, b| a.code.cmp(&b.code));
                sites.into_iter().filter_map(|site| self.one(&site.code, &site.name)).take(OFFERED * 4).collect()
            }
            Field::Region => {
                let regions: BTreeSet<&str> = directory.sites.values().map(|site| site.region.as_str()).collect();
                regions.into_iter().filter_map(|region| self.one(region, "")).collect()
            }
            Field::Language => {
                let languages: BTreeSet<&str> =
                    directory.people.values().flat_map(|person| &person.languages).map(String::as_str).collect();
                languages.into_iter().filter_map(|language| self.one(language, "")).collect()
            }
            Field::Class => self.plain(&["customer", "supplier", "site", "employee"]),
            Field::Tier => self.plain(&["1", "2", "3"]),
            Field::Incident => self.plain(&["any", "none"]),
            Field::Older | Field::Newer => self.plain(&["30m", "2h", "8h", "1d", "1w"]),
            Field::Due => self.plain(&["<15m", "<1h", "today", "tomorrow", "none"]),
            Field::FollowUp => self.plain(&["<1h", "today", "tomorrow", "any"]),
            Field::Created | Field::Updated | Field::Assigned | Field::Solved => {
                self.plain(&["<30m", "<2h", "today", "yesterday", ">1d", ">1w"])
            }
            Field::Rating => self.plain(&["<=2", ">=4"]),
            Field::Messages => self.plain(&[">=5", ">=10"]),
            Field::Requester | Field::Number => Vec::new(),
        }
    }
}
