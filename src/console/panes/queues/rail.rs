//! The rail: views first, then my queues, each with its count.

use crate::client::view::{Counts, View};
use crate::console::pane::Context;
use crate::console::words;
use crate::domain::access;
use crate::domain::queue::Queue;

const VIEWS: [View; 6] = [View::Mine, View::Unassigned, View::Breaching, View::Escalated, View::All, View::Solved];

/// Where the rail's cursor is.
#[derive(Default)]
pub struct Rail {
    index: usize,
}

/// One line of the rail.
pub struct RailItem {
    pub view: View,
    /// Clean.
    pub name: String,
    pub count: usize,
    /// Waiting and breaching of a queue.
    pub detail: Option<(usize, usize)>,
}

impl Rail {
    pub fn select(&mut self, view: View, context: &Context<'_>) {
        self.index = views(context).iter().position(|one| *one == view).unwrap_or(0);
    }

    /// Moves; gives the view that is now chosen, if it is another.
    pub fn step(&mut self, by: i64, context: &Context<'_>) -> Option<View> {
        let views = views(context);
        let last = i64::try_from(views.len().saturating_sub(1)).unwrap_or(0);
        let index = i64::try_from(self.index).unwrap_or(0).saturating_add(by).clamp(0, last);
        let index = usize::try_from(index).unwrap_or(0);
        (std::mem::replace(&mut self.index, index) != index).then(|| views[index])
    }
}

fn my_queues<'a>(context: &Context<'a>) -> Vec<&'a Queue> {
    let all = access::sees_all_queues(context.me);
    context.directory.queues_in_order().into_iter().filter(|queue| all || context.me.queues.contains(&queue.id)).collect()
}

fn views(context: &Context<'_>) -> Vec<View> {
    VIEWS.into_iter().chain(my_queues(context).into_iter().map(|queue| View::Queue(queue.id))).collect()
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

/// A view's name, clean.
pub fn view_name(view: View, context: &Context<'_>) -> String {
    match (view, view_key(view)) {
        (View::Queue(id), _) => words::queue(context.directory, id),
        (_, Some(key)) => context.locale.text(key).into_owned(),
        (_, None) => String::new(),
    }
}

/// All lines, views before queues.
pub fn items(counts: &Counts, context: &Context<'_>) -> Vec<RailItem> {
    views(context)
        .into_iter()
        .map(|view| {
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
            RailItem { view, name: view_name(view, context), count, detail }
        })
        .collect()
}
