//! Rows narrowed by typing: the widget inside every picker. Rows lie in pools that are made ready once and can be ranked beside
//! the screen; a few in front stand first whatever was typed.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::matcher::{Found, Haystack, Query, joined};
use crate::base::text;
use crate::console::effect::Choice;

/// Rows from which on a ranking leaves the screen's path.
pub const LARGE: usize = 4_000;

/// One thing to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    pub choice: Choice,
    /// What it is, where a list mixes kinds: `person`; empty elsewhere.
    pub kind: String,
    /// Another name, shown where that is what was found: the label in the other language.
    pub other: String,
    /// Found by this as well, and never shown.
    pub also: String,
}

impl Row {
    /// A row found by its label and its hint; texts are cleaned.
    #[must_use]
    pub fn new(choice: Choice) -> Self {
        let choice = Choice {
            label: text::clean(&choice.label),
            hint: text::clean(&choice.hint),
            disabled: choice.disabled.as_deref().map(text::clean),
            ..choice
        };
        Self { also: choice.hint.clone(), choice, kind: String::new(), other: String::new() }
    }

    #[must_use]
    pub fn also(mut self, words: &str) -> Self {
        self.also.push(' ');
        self.also.push_str(&text::clean(words));
        self
    }
}

/// Rows that are searched together.
#[derive(Default)]
pub struct Pool {
    rows: Vec<Row>,
    ready: OnceLock<Haystack>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pool({} rows)", self.rows.len())
    }
}

impl Pool {
    #[must_use]
    pub fn new(rows: Vec<Row>) -> Arc<Self> {
        Arc::new(Self { rows, ready: OnceLock::new() })
    }

    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    fn rank(&self, query: &Query, before: Option<&Found>) -> Found {
        if query.is_empty() {
            // Nothing to make ready for.
            return Found::all(self.rows.len());
        }
        let ready = self.ready.get_or_init(|| {
            let also: Vec<String> = self.rows.iter().map(|row| format!("{} {}", row.other, row.also)).collect();
            Haystack::new(self.rows.iter().zip(&also).map(|(row, also)| (row.choice.label.as_str(), also.as_str())))
        });
        ready.rank(query, before)
    }
}

/// A ranking to be made; cheap to hand to another thread.
#[derive(Clone, Debug)]
pub struct Job {
    pools: Vec<Arc<Pool>>,
    query: Query,
    before: Vec<Found>,
    /// Which ranking it is: a later one makes it stale.
    pub stamp: u64,
}

impl PartialEq for Job {
    fn eq(&self, other: &Self) -> bool {
        (self.stamp, &self.query) == (other.stamp, &other.query)
    }
}

impl Job {
    /// Does it.
    #[must_use]
    pub fn run(self) -> Ranked {
        let found = self.pools.iter().enumerate().map(|(index, pool)| pool.rank(&self.query, self.before.get(index))).collect();
        Ranked { stamp: self.stamp, found }
    }
}

/// What a [`Job`] found.
#[derive(Clone, Debug)]
pub struct Ranked {
    stamp: u64,
    found: Vec<Found>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Shortlist {
    pools: Vec<Arc<Pool>>,
    query: Query,
    found: Vec<Found>,
    /// Rows before all others.
    front: Vec<Row>,
    /// Pool and place of the others, closest first.
    order: Vec<(usize, usize)>,
    selected: usize,
    stamp: u64,
    /// A ranking is under way.
    busy: bool,
    /// What is wanted changed meanwhile.
    stale: bool,
}

impl Shortlist {
    #[must_use]
    pub fn new(pools: Vec<Arc<Pool>>) -> Self {
        let mut list = Self { pools, ..Self::default() };
        list.found = list.pools.iter().map(|pool| pool.rank(&list.query, None)).collect();
        list.put_in_order();
        list
    }

    /// Narrows by another query, with other rows in front. A job when there are so many rows that it is to be done elsewhere:
    /// until [`Shortlist::ranked`] the rows stay as they were.
    pub fn narrow(&mut self, query: Query, front: Vec<Row>) -> Option<Job> {
        let grown = query == self.query;
        (self.query, self.front) = (query, front);
        if !grown {
            self.selected = 0;
        }
        self.rank_again()
    }

    /// Puts other pools in; what was found in those that stay is kept.
    pub fn put(&mut self, pools: Vec<Arc<Pool>>, query: Query, front: Vec<Row>) -> Option<Job> {
        let same = |a: &Arc<Pool>, b: &Arc<Pool>| Arc::ptr_eq(a, b);
        let kept = pools.iter().map(|pool| self.pools.iter().position(|old| same(old, pool)).and_then(|at| self.found.get(at).cloned()));
        self.found = kept.map(Option::unwrap_or_default).collect();
        let chosen = self.selected_row().map(|row| row.choice.value.clone()).filter(|_| self.selected > 0 && query == self.query);
        self.pools = pools;
        self.order.clear();
        let job = self.narrow(query, front);
        let at = chosen.and_then(|value| (0..self.len()).find(|index| self.row(*index).is_some_and(|row| row.choice.value == value)));
        self.selected = at.unwrap_or(self.selected);
        job
    }

    fn rank_again(&mut self) -> Option<Job> {
        let large = self.pools.iter().map(|pool| pool.rows.len()).sum::<usize>() >= LARGE && !self.query.is_empty();
        if !large {
            (self.busy, self.stale) = (false, false);
            self.stamp += 1;
            self.found = self.pools.iter().enumerate().map(|(index, pool)| pool.rank(&self.query, self.found.get(index))).collect();
            self.put_in_order();
            return None;
        }
        if self.busy {
            self.stale = true;
            return None;
        }
        self.busy = true;
        self.stamp += 1;
        Some(Job { pools: self.pools.clone(), query: self.query.clone(), before: self.found.clone(), stamp: self.stamp })
    }

    /// Takes what a job found; the next job when more was typed meanwhile.
    pub fn ranked(&mut self, ranked: Ranked) -> Option<Job> {
        if ranked.stamp != self.stamp || !self.busy {
            return None;
        }
        self.busy = false;
        if ranked.found.len() == self.pools.len() {
            self.found = ranked.found;
        }
        if std::mem::take(&mut self.stale) {
            return self.rank_again();
        }
        self.put_in_order();
        None
    }

    /// Whether the rows on screen are those of another query.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.busy
    }

    fn put_in_order(&mut self) {
        let chosen = self.selected_row().map(|row| row.choice.value.clone()).filter(|_| self.selected > 0);
        let (pools, front) = (&self.pools, &self.front);
        let possible = |pool: usize, index: usize| pools[pool].rows.get(index).is_some_and(|row| row.choice.disabled.is_none());
        self.order = joined(&self.found.iter().collect::<Vec<_>>(), possible);
        self.order.retain(|(pool, index)| {
            pools[*pool].rows.get(*index).is_some_and(|row| front.iter().all(|first| first.choice.value != row.choice.value))
        });
        let at = chosen.and_then(|value| (0..self.len()).find(|index| self.row(*index).is_some_and(|row| row.choice.value == value)));
        self.selected = at.unwrap_or(self.selected).min(self.len().saturating_sub(1));
    }

    /// Rows that can be shown.
    #[must_use]
    pub fn len(&self) -> usize {
        self.front.len() + self.order.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rows were found, and among how many.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let all = self.pools.iter().map(|pool| pool.rows.len()).sum();
        (self.found.iter().map(|found| found.total).sum(), all)
    }

    /// What can be chosen now, in its order.
    pub fn choices(&self) -> impl Iterator<Item = &Choice> {
        (0..self.len()).filter_map(|index| self.row(index)).map(|row| &row.choice)
    }

    #[must_use]
    pub fn row(&self, index: usize) -> Option<&Row> {
        match index.checked_sub(self.front.len()) {
            None => self.front.get(index),
            Some(rest) => self.order.get(rest).and_then(|(pool, index)| self.pools.get(*pool)?.rows.get(*index)),
        }
    }

    #[must_use]
    pub fn selected(&self) -> usize {
        self.selected
    }

    #[must_use]
    pub fn selected_row(&self) -> Option<&Row> {
        self.row(self.selected)
    }

    pub fn step(&mut self, by: isize) {
        self.selected = self.selected.saturating_add_signed(by).min(self.len().saturating_sub(1));
    }

    /// Selects what a press into the line `row` of an area of so many points at, whose first line is what is typed; false when
    /// nothing stands there.
    pub fn press(&mut self, row: usize, height: usize) -> bool {
        let rows = height.saturating_sub(1).max(1);
        let index = row.checked_sub(1).filter(|place| *place < rows).map(|place| self.selected / rows * rows + place);
        let there = index.filter(|index| *index < self.len());
        self.selected = there.unwrap_or(self.selected);
        there.is_some()
    }

    pub fn select(&mut self, index: usize) {
        self.selected = index.min(self.len().saturating_sub(1));
    }

    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The row of a value, wherever it lies.
    #[must_use]
    pub fn of_value(&self, value: &str) -> Option<&Row> {
        self.pools.iter().flat_map(|pool| &pool.rows).find(|row| row.choice.value == value)
    }
}
