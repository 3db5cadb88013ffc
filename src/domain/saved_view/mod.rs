//! Saved views: a filter with a name and an order, one's own or shared with everybody or with a queue's people.

pub mod put;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{self, Audience};
use super::id::{PersonId, QueueId, SavedViewId};
use super::person::Person;

/// The order of a list of tickets; ties by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Soonest due first, those without a due time last.
    #[default]
    Due,
    /// Most urgent first, then soonest due.
    Priority,
    /// Last changed first.
    Updated,
    /// Newest number first.
    Newest,
}

/// Who sees a saved view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(tag = "with", rename_all = "snake_case")]
pub enum SharedWith {
    /// Its owner alone.
    #[default]
    Nobody,
    /// Those who see the queue's tickets.
    Queue {
        queue: QueueId,
    },
    Everybody,
}

/// A filter that was given a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SavedView {
    pub id: SavedViewId,
    pub version: i64,
    /// Who made it.
    pub owner: PersonId,
    #[serde(default)]
    pub shared: SharedWith,
    /// 1 to 200 characters; unique among those of one owner and sharing.
    pub name: String,
    /// As typed: see `docs/filter.md`. `@me` is whoever looks.
    pub filter: String,
    #[serde(default)]
    pub sort: Sort,
    /// Place in lists, ascending; ties by name.
    #[serde(default)]
    pub position: i32,
    /// Deleted ones stay on record.
    pub active: bool,
}

impl SavedView {
    /// Who is told of it, and holds it.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self.shared {
            _ if !self.active => Audience::Nobody,
            SharedWith::Nobody => Audience::People(vec![self.owner]),
            SharedWith::Queue { queue } => Audience::Queue { queue, people: vec![self.owner] },
            SharedWith::Everybody => Audience::Desk,
        }
    }

    /// Whether `person` may see it.
    #[must_use]
    pub fn is_seen_by(&self, person: &Person) -> bool {
        access::admits(&self.audience(), person)
    }

    /// Whether `person` may change or delete it: their own, and what is shared by those who lead.
    #[must_use]
    pub fn may_change(&self, person: &Person) -> bool {
        access::may_work(person) && (self.owner == person.id || (self.shared != SharedWith::Nobody && access::may_lead(person)))
    }
}

/// Saved views in the order of lists: one's own, a queue's, everybody's.
#[must_use]
pub fn in_order<'a>(views: impl Iterator<Item = &'a SavedView>) -> Vec<&'a SavedView> {
    let rank = |view: &SavedView| match view.shared {
        SharedWith::Nobody => 0,
        SharedWith::Queue { .. } => 1,
        SharedWith::Everybody => 2,
    };
    let mut found: Vec<_> = views.filter(|view| view.active).collect();
    found.sort_by(|a, b| (rank(a), a.position, &a.name, a.id).cmp(&(rank(b), b.position, &b.name, b.id)));
    found
}
