//! Saved views on the screen: choosing, saving, sharing, changing, deleting; and how many tickets each holds.

use std::cell::Cell;
use std::collections::HashMap;

use chrono::Duration;

use super::{Queues, rail};
use crate::client::view::{Sort, View};
use crate::console::effect::{Answer, Choice, Effect, Load, Question, QuestionKind};
use crate::console::pane::Context;
use crate::domain::Timestamp;
use crate::domain::command::Command;
use crate::domain::id::SavedViewId;
use crate::domain::saved_view::{SavedView, SharedWith, in_order};

const PICK: &str = "views/pick";
const NAME: &str = "views/name";
const FILTER: &str = "views/filter";
const SHARE: &str = "views/share";
const DELETE: &str = "views/delete";

/// Between two counts: each reads all tickets once.
const COUNT_EVERY_SECS: i64 = 10;

/// What the list shows: kept between two runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub view: View,
    pub sort: Sort,
    /// As typed.
    pub filter: String,
    pub saved: Option<SavedViewId>,
}

/// Counts of saved views: made only while they are shown, and not with every change.
pub struct SavedCounts {
    counts: HashMap<SavedViewId, usize>,
    stale: bool,
    counted_at: Option<Timestamp>,
    /// The rail was on screen at the last draw.
    pub shown: Cell<bool>,
}

impl Default for SavedCounts {
    fn default() -> Self {
        Self { counts: HashMap::new(), stale: true, counted_at: None, shown: Cell::new(true) }
    }
}

impl SavedCounts {
    pub fn outdate(&mut self) {
        self.stale = true;
    }

    /// `12`, `~12` when tickets have changed since, `…` when never counted.
    pub fn said(&self, id: SavedViewId) -> String {
        match self.counts.get(&id) {
            Some(count) if self.stale => format!("~{count}"),
            Some(count) => count.to_string(),
            None => "…".to_owned(),
        }
    }

    /// When they may be counted again; absent when nobody would see it.
    pub fn due(&self, context: &Context<'_>) -> Option<Timestamp> {
        let wanted = self.stale && self.shown.get() && !seen(context).is_empty();
        wanted.then(|| self.counted_at.map_or(context.now, |at| at + Duration::seconds(COUNT_EVERY_SECS)))
    }

    pub fn count(&mut self, context: &Context<'_>) -> Option<Effect> {
        self.due(context).filter(|due| *due <= context.now)?;
        (self.stale, self.counted_at) = (false, Some(context.now));
        // Until it is drawn again, nobody sees it.
        self.shown.set(false);
        let filters = seen(context).into_iter().map(|view| (view.id, view.filter.clone())).collect();
        Some(Effect::Load(Load::FilterCounts(filters)))
    }

    pub fn take(&mut self, counts: Vec<(SavedViewId, usize)>) {
        self.counts.extend(counts);
    }
}

/// Saved views in the order of the rail.
pub fn seen<'a>(context: &Context<'a>) -> Vec<&'a SavedView> {
    in_order(context.directory.saved_views.values())
}

/// A view as terms of a filter, for saving what is on screen.
fn as_terms(view: View, context: &Context<'_>) -> String {
    match view {
        View::Mine => "assignee:@me is:unsolved".to_owned(),
        View::Unassigned => "is:waiting".to_owned(),
        View::Breaching => "is:breaching".to_owned(),
        View::Escalated => "is:escalated".to_owned(),
        View::All => String::new(),
        View::Solved => "status:solved".to_owned(),
        View::Queue(id) => context.directory.queues.get(&id).map_or_else(String::new, |queue| format!("queue:{}", queue.key)),
    }
}

fn ask(id: &'static str, title: &'static str, kind: QuestionKind) -> Vec<Effect> {
    vec![Effect::Ask(Box::new(Question { id, title, kind }))]
}

fn choice(value: String, label: String, hint: String) -> Choice {
    Choice { value, label, hint, disabled: None }
}

fn toast(key: &'static str, name: &str) -> Effect {
    Effect::Toast { key, args: vec![("name", name.to_owned())] }
}

impl Queues {
    /// Shows what was kept.
    pub fn restore(&mut self, place: &Place, context: &Context<'_>) -> Vec<Effect> {
        self.saved = place.saved;
        let filter = self.bar.set(&place.filter, context);
        self.list.change(|query| (query.view, query.sort, query.filter) = (place.view, place.sort, filter))
    }

    /// The chosen saved view, when it is there.
    pub(super) fn saved_view<'a>(&self, context: &Context<'a>) -> Option<&'a SavedView> {
        context.directory.saved_views.get(&self.saved?)
    }

    /// Shows a saved view.
    pub fn show_saved(&mut self, id: SavedViewId, context: &Context<'_>) -> Vec<Effect> {
        let Some(view) = context.directory.saved_views.get(&id) else { return Vec::new() };
        self.list.unmark_all();
        self.restore(&Place { view: View::All, sort: view.sort, filter: view.filter.clone(), saved: Some(id) }, context)
    }

    /// Out of the filter, and of the saved view with it.
    pub(super) fn clear_filter(&mut self, context: &Context<'_>) -> Vec<Effect> {
        self.saved = None;
        let filter = self.bar.set("", context);
        self.list.change(|query| query.filter = filter)
    }

    pub(super) fn pick_view(context: &Context<'_>) -> Vec<Effect> {
        let own = |place: &rail::Place| match place {
            rail::Place::View(view) => (format!("view:{}", rail::view_word(*view)), rail::view_name(*view, context), String::new()),
            rail::Place::Saved(id) => {
                let view = &context.directory.saved_views[id];
                (format!("saved:{id}"), view.name.clone(), view.filter.clone())
            }
        };
        let choices = rail::places(context).iter().map(own).map(|(value, label, hint)| choice(value, label, hint)).collect();
        ask(PICK, "view-pick-title", QuestionKind::Pick { choices })
    }

    /// Asks for the name first.
    pub(super) fn save_view(&mut self, context: &Context<'_>) -> Vec<Effect> {
        if let Some(error) = &self.bar.error {
            return vec![Effect::Toast {
                key: "view-filter-wrong",
                args: vec![("why", super::filter_bar::explain(error, context.locale))],
            }];
        }
        let query = self.list.query();
        let base = if self.saved.is_some() { String::new() } else { as_terms(query.view, context) };
        let filter = format!("{base} {}", self.bar.prompt.value()).trim().to_owned();
        self.saving = Some(SavedView {
            id: (context.new_id)().into(),
            version: 0,
            owner: context.me.id,
            shared: SharedWith::Nobody,
            name: String::new(),
            filter,
            sort: query.sort,
            position: 0,
            active: true,
        });
        ask(NAME, "view-name-title", QuestionKind::Prompt { text: String::new() })
    }

    /// Name, filter and sharing, each as it is now.
    pub(super) fn edit_view(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(view) = self.saved_view(context) else { return Vec::new() };
        self.saving = Some(SavedView { filter: self.bar.prompt.value().to_owned(), sort: self.list.query().sort, ..view.clone() });
        ask(NAME, "view-name-title", QuestionKind::Prompt { text: view.name.clone() })
    }

    pub(super) fn delete_view(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(view) = self.saved_view(context) else { return Vec::new() };
        self.saving = Some(SavedView { active: false, ..view.clone() });
        let sentence = context.locale.with("view-delete-sentence", &[("name", &crate::base::text::clean(&view.name))]);
        ask(DELETE, "view-delete-title", QuestionKind::Confirm { sentence })
    }

    /// Answers to what was asked here; `None` when it was asked elsewhere.
    pub(super) fn view_answer(&mut self, id: &str, answer: &Answer, context: &Context<'_>) -> Option<Vec<Effect>> {
        Some(match (id, answer) {
            (PICK, Answer::Picked(value)) => self.picked(value, context),
            (NAME, Answer::Text(name)) if !name.trim().is_empty() => {
                let view = self.saving.as_mut()?;
                name.trim().clone_into(&mut view.name);
                let text = view.filter.clone();
                ask(FILTER, "view-filter-title", QuestionKind::Prompt { text })
            }
            (FILTER, Answer::Text(text)) => {
                let view = self.saving.as_mut()?;
                text.trim().clone_into(&mut view.filter);
                match crate::domain::filter::parse(text, context.directory).whole() {
                    Ok(_) => self.ask_share(context),
                    Err(error) => {
                        let why = super::filter_bar::explain(&error, context.locale);
                        let mut effects = vec![Effect::Toast { key: "view-filter-wrong", args: vec![("why", why)] }];
                        effects.extend(ask(FILTER, "view-filter-title", QuestionKind::Prompt { text: text.clone() }));
                        effects
                    }
                }
            }
            (SHARE, Answer::Picked(value)) => self.shared(value, context),
            (DELETE, Answer::Confirmed) => {
                let view = self.saving.take()?;
                let mut effects = vec![toast("view-deleted", &view.name), submit(view)];
                effects.extend(self.clear_filter(context));
                effects
            }
            (PICK | NAME | FILTER | SHARE | DELETE, _) => {
                self.saving = None;
                Vec::new()
            }
            _ => return None,
        })
    }

    /// With whom: as it is shared now comes first.
    fn ask_share(&self, context: &Context<'_>) -> Vec<Effect> {
        let now = self.saving.as_ref().map(|view| view.shared).unwrap_or_default();
        let all = [SharedWith::Nobody, SharedWith::Everybody];
        let queues = rail::my_queues(context).into_iter().map(|queue| SharedWith::Queue { queue: queue.id });
        let mut all: Vec<SharedWith> = all.into_iter().chain(queues).collect();
        all.sort_by_key(|shared| *shared != now);
        let choices = all.into_iter().map(|shared| {
            let label = match shared {
                SharedWith::Nobody => context.locale.text("view-share-nobody").into_owned(),
                SharedWith::Everybody => context.locale.text("view-share-everybody").into_owned(),
                SharedWith::Queue { queue } => {
                    context.locale.with("view-share-queue", &[("queue", &crate::console::words::queue(context.directory, queue))])
                }
            };
            choice(share_word(shared), label, String::new())
        });
        ask(SHARE, "view-share-title", QuestionKind::Pick { choices: choices.collect() })
    }

    fn shared(&mut self, value: &str, context: &Context<'_>) -> Vec<Effect> {
        let Some(mut view) = self.saving.take() else { return Vec::new() };
        view.shared = match value {
            "nobody" => SharedWith::Nobody,
            "everybody" => SharedWith::Everybody,
            id => id.parse().map(|queue| SharedWith::Queue { queue }).unwrap_or_default(),
        };
        let place = Place { view: View::All, sort: view.sort, filter: view.filter.clone(), saved: Some(view.id) };
        let mut effects = vec![toast("view-saved", &view.name), submit(view)];
        effects.extend(self.restore(&place, context));
        effects
    }

    fn picked(&mut self, value: &str, context: &Context<'_>) -> Vec<Effect> {
        match value.split_once(':') {
            Some(("saved", id)) => id.parse().map(|id| self.show_saved(id, context)).unwrap_or_default(),
            Some(("view", word)) => rail::view_of_word(word).map(|view| self.show(view, context)).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

fn share_word(shared: SharedWith) -> String {
    match shared {
        SharedWith::Nobody => "nobody".to_owned(),
        SharedWith::Everybody => "everybody".to_owned(),
        SharedWith::Queue { queue } => queue.to_string(),
    }
}

fn submit(view: SavedView) -> Effect {
    Effect::Submit { command: Box::new(Command::PutSavedView(Box::new(view))), base_version: None }
}
