//! The rail: views first, then saved views, then my queues, each with its count.

use super::views::{SavedCounts, seen};
use crate::base::text;
use crate::client::view::{Counts, View};
use crate::console::pane::Context;
use crate::console::words;
use crate::domain::access;
use crate::domain::id::SavedViewId;
use crate::domain::queue::Queue;
use crate::domain::saved_view::SharedWith;

const VIEWS: [View; 6] = [View::Mine, View::Unassigned, View::Breaching, View::Escalated, View::All, View::Solved];

/// What a line of the rail shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    View(View),
    Saved(SavedViewId),
}

/// Where the rail's cursor is.
#[derive(Default)]
pub struct Rail {
    index: usize,
}

/// One line of the rail.
pub struct RailItem {
    pub place: Place,
    /// Clean.
    pub name: String,
    pub count: String,
    /// Something in it is pressing.
    pub urgent: bool,
}

impl Rail {
    pub fn select(&mut self, place: Place, context: &Context<'_>) {
        self.index = places(context).iter().position(|one| *one == place).unwrap_or(0);
    }

    /// Moves; gives the line that is now chosen, if it is another.
    pub fn step(&mut self, by: i64, context: &Context<'_>) -> Option<Place> {
        let places = places(context);
        let last = i64::try_from(places.len().saturating_sub(1)).unwrap_or(0);
        let index = i64::try_from(self.index).unwrap_or(0).saturating_add(by).clamp(0, last);
        let index = usize::try_from(index).unwrap_or(0);
        (std::mem::replace(&mut self.index, index) != index).then(|| places[index])
    }
}

pub fn my_queues<'a>(context: &Context<'a>) -> Vec<&'a Queue> {
    let all = access::sees_all_queues(context.me);
    context.directory.queues_in_order().into_iter().filter(|queue| all || context.me.queues.contains(&queue.id)).collect()
}

/// All lines, in their order.
pub fn places(context: &Context<'_>) -> Vec<Place> {
    let saved = seen(context).into_iter().map(|view| Place::Saved(view.id));
    let queues = my_queues(context).into_iter().map(|queue| Place::View(View::Queue(queue.id)));
    VIEWS.into_iter().map(Place::View).chain(saved).chain(queues).collect()
}

/// Message key of a view; queues have names of their own.
pub fn view_key(view: View) -> Option<&'static str> {
    match view {
        View::Mine => Some("view-mine"),
        View::Unassigned => Some("view-unassigned"),
        View::Breaching => Some("view-breaching"),
        View::Escalated => Some("view-escalated"),
        View::All => Some("view-all"),
        View::Solved => Some("view-solved"),
        View::Queue(_) => None,
    }
}

/// A view as one word: its key, or the queue's id.
pub fn view_word(view: View) -> String {
    match (view, view_key(view)) {
        (View::Queue(id), _) => id.to_string(),
        (_, key) => key.unwrap_or_default().to_owned(),
    }
}

/// Reads [`view_word`].
pub fn view_of_word(word: &str) -> Option<View> {
    VIEWS.into_iter().find(|view| view_key(*view) == Some(word)).or_else(|| word.parse().ok().map(View::Queue))
}

/// A view's name, clean.
pub fn view_name(view: View, context: &Context<'_>) -> String {
    match (view, view_key(view)) {
        (View::Queue(id), _) => words::queue(context.directory, id),
        (_, Some(key)) => context.locale.text(key).into_owned(),
        (_, None) => String::new(),
    }
}

/// All lines with their counts.
pub fn items(counts: &Counts, saved: &SavedCounts, context: &Context<'_>) -> Vec<RailItem> {
    places(context)
        .into_iter()
        .map(|place| match place {
            Place::View(view) => view_item(view, counts, context),
            Place::Saved(id) => {
                let view = &context.directory.saved_views[&id];
                // Shared ones are told from one's own by a mark.
                let mark = if view.shared == SharedWith::Nobody { "·" } else { "+" };
                RailItem { place, name: format!("{mark} {}", text::clean(&view.name)), count: saved.said(id), urgent: false }
            }
        })
        .collect()
}

fn view_item(view: View, counts: &Counts, context: &Context<'_>) -> RailItem {
    let (count, detail) = match view {
        View::Mine => (counts.mine, None),
        View::Unassigned => (counts.unassigned, None),
        View::Breaching => (counts.breaching, None),
        View::Escalated => (counts.escalated, None),
        View::All => (counts.all, None),
        View::Solved => (counts.solved, None),
        View::Queue(id) => {
            let count = counts.queues.get(&id).copied().unwrap_or_default();
            (count.unsolved, Some((count.waiting, count.breaching)))
        }
    };
    let said = match detail {
        // Waiting and breaching are said by marks, so that a row without colour tells as much.
        Some((waiting, breaching)) if waiting > 0 || breaching > 0 => format!("{count} +{waiting} !{breaching}"),
        _ => count.to_string(),
    };
    let urgent = detail.is_some_and(|(_, breaching)| breaching > 0) || (view == View::Breaching && count > 0);
    RailItem { place: Place::View(view), name: view_name(view, context), count: said, urgent }
}
