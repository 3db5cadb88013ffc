//! The composer: one message being written, for whom, and in answer to what. [`keys`] takes keys, [`popup`] offers what may
//! follow, [`send`] asks before a text reaches more people than it was written for, [`draw`] draws.
//!
//! It changes nothing itself: what is to happen comes back as effects.

mod draw;
mod keys;
pub mod popup;
mod send;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::sync::Arc;

use crate::base::text;
use crate::client::drafts::Draft;
use crate::client::view::{Anchor, TicketQuery, View};
use crate::console::effect::{Answer, Effect, Load, Loaded};
use crate::console::find::history::Recall;
use crate::console::pane::Context;
use crate::console::widgets::editor::Editor;
use crate::domain::access;
use crate::domain::command::MessageTarget;
use crate::domain::conversation::{Message, Visibility};
use crate::domain::id::{ConversationId, MessageId, TicketNumber};
use crate::domain::snippet::expand::Expanded;
use crate::domain::ticket::Ticket;

use super::look::closeness;
use popup::Popup;
use send::Asking;

/// The question with which a composer asks for a snippet.
pub const SNIPPETS: &str = "composer-snippet";
/// Tickets offered after `#`.
const TICKETS_MAX: usize = 8;

/// Where a message goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub target: MessageTarget,
    /// Under which its drafts are kept; a ticket's own conversation.
    pub conversation: ConversationId,
    /// Commands act on it.
    pub ticket: Option<Arc<Ticket>>,
}

/// The message that is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub message: MessageId,
    pub who: String,
    /// Its first line, clean.
    pub line: String,
}

/// How an answered message is shown over the answer.
#[must_use]
pub fn quote(message: &Message, context: &Context<'_>) -> Quote {
    let line = text::clean_lines(&message.text).lines().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
    Quote { message: message.id, who: super::look::author(message, context), line }
}

/// What a composer is opened for.
#[derive(Clone, Debug, PartialEq)]
pub struct Writing {
    pub place: Place,
    pub visibility: Visibility,
    pub answering: Option<Quote>,
    /// One's own message that is changed instead of a new one written.
    pub editing: Option<Arc<Message>>,
    /// What was begun here before.
    pub draft: Option<Draft>,
    /// `seq` of the last message that was on screen.
    pub seen: Option<i64>,
}

/// What follows a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Stay,
    /// Escape: the text stays as a draft.
    Left,
    Sent,
    /// Tab with nothing to complete.
    Next,
}

/// See the module.
#[derive(Debug)]
pub struct Composer {
    place: Place,
    editor: Editor,
    visibility: Visibility,
    written_as: Visibility,
    answering: Option<Quote>,
    /// What the restored draft answers, until that message is at hand.
    answers: Option<MessageId>,
    editing: Option<Arc<Message>>,
    seen: Option<i64>,
    popup: Option<Popup>,
    asking: Option<Asking>,
    /// Why it was not sent, in words.
    problem: Option<String>,
    /// Found for what was typed after `#`.
    tickets: Vec<(TicketNumber, String)>,
    tickets_for: Option<String>,
    /// Commands typed before.
    recall: Recall,
    /// Cells and rows of the last drawing, and its first row.
    extent: Cell<(usize, usize)>,
    first: Cell<usize>,
}

impl Composer {
    #[must_use]
    pub fn new(writing: Writing) -> Self {
        let Writing { place, visibility, answering, editing, draft, seen } = writing;
        let text = match (&editing, &draft) {
            (Some(message), _) => message.text.as_str(),
            (None, Some(draft)) => draft.text.as_str(),
            (None, None) => "",
        };
        let written_as = draft.as_ref().map_or(visibility, |draft| draft.written_as);
        let answers = draft.as_ref().and_then(|draft| draft.reply_to).filter(|_| answering.is_none());
        let editor = Editor::new(text);
        let (popup, asking, problem) = (None, None, None);
        let (tickets, tickets_for, extent, first) = (Vec::new(), None, Cell::new((80, 6)), Cell::new(0));
        Self {
            place,
            editor,
            visibility,
            written_as,
            answering,
            answers,
            editing,
            seen,
            popup,
            asking,
            problem,
            tickets,
            tickets_for,
            recall: Recall::default(),
            extent,
            first,
        }
    }

    #[must_use]
    pub fn text(&self) -> &str {
        self.editor.text()
    }

    /// What it asks before it sends.
    #[must_use]
    pub fn asked(&self) -> Option<&str> {
        self.asking.as_ref().map(|asking| asking.sentence.as_str())
    }

    /// Why it was not sent, in words.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    #[must_use]
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        self.place.conversation
    }

    /// Where it goes, as is known now.
    pub fn move_to(&mut self, place: Place) {
        self.place = place;
    }

    /// The next message answers this one; absent: none.
    pub fn answer(&mut self, quote: Option<Quote>) {
        (self.answering, self.answers) = (quote, None);
    }

    /// The message that the restored draft answers, while it is not shown.
    #[must_use]
    pub fn looks_for(&self) -> Option<MessageId> {
        self.answers
    }

    /// Pasted text, which never acts as keys.
    pub fn paste(&mut self, pasted: &str, context: &Context<'_>) -> Vec<Effect> {
        if self.asking.is_some() {
            return Vec::new();
        }
        if !self.editor.insert(pasted) {
            let n = (pasted.chars().count() + self.editor.text().chars().count()).to_string();
            self.problem = Some(context.locale.with("chat-too-long", &[("n", &n), ("max", &send::TEXT_MAX.to_string())]));
            return Vec::new();
        }
        self.edited(context)
    }

    /// Takes answers to what it asked for; false when it is not for a composer.
    pub fn wants(loaded: &Loaded) -> bool {
        matches!(loaded, Loaded::Edited(_) | Loaded::Tickets { .. } | Loaded::Answer { id: SNIPPETS, .. })
    }

    /// See [`Composer::wants`].
    pub fn loaded(&mut self, loaded: Loaded, context: &Context<'_>) -> Vec<Effect> {
        match loaded {
            Loaded::Edited(Ok(text)) => {
                self.editor.replace_all(&text);
                self.edited(context)
            }
            Loaded::Edited(Err(why)) => {
                self.problem = Some(context.locale.with("compose-editor-failed", &[("why", &text::clean(&why))]));
                Vec::new()
            }
            Loaded::Tickets { query, window } if self.tickets_for.as_ref() == Some(&query.filter) => {
                self.tickets = window.rows.iter().map(|ticket| (ticket.number, text::clean(&ticket.subject))).collect();
                self.offer(context);
                Vec::new()
            }
            Loaded::Answer { id: SNIPPETS, answer: Answer::Picked(id) } => {
                let snippet = context.directory.snippets.values().find(|snippet| snippet.id.to_string() == id);
                let Some(snippet) = snippet else { return Vec::new() };
                let filled = super::snippets::filled(snippet, self.place.ticket.as_deref(), context);
                self.editor.insert(&filled.text);
                self.put_snippet(&filled, context)
            }
            _ => Vec::new(),
        }
    }

    /// After the text changed.
    fn edited(&mut self, context: &Context<'_>) -> Vec<Effect> {
        self.problem = None;
        if self.editor.is_empty() || closeness(self.visibility) > closeness(self.written_as) {
            self.written_as = self.visibility;
        }
        let mut effects: Vec<Effect> = self.draft(context).into_iter().collect();
        effects.extend(self.offer(context));
        effects
    }

    /// After a snippet came into the text: what says nothing in it is told.
    fn put_snippet(&mut self, filled: &Expanded, context: &Context<'_>) -> Vec<Effect> {
        let effects = self.edited(context);
        if !filled.empty.is_empty() {
            self.problem = Some(context.locale.with("compose-snippet-empty", &[("names", &filled.empty.join(", "))]));
        }
        effects
    }

    /// What it holds, to be kept.
    fn draft(&self, context: &Context<'_>) -> Option<Effect> {
        self.editing.is_none().then(|| Effect::Draft(Box::new(self.draft_of(self.editor.text(), context))))
    }

    fn draft_of(&self, text: &str, context: &Context<'_>) -> Draft {
        Draft {
            conversation: self.place.conversation,
            visibility: self.visibility,
            text: text.to_owned(),
            written_as: self.written_as,
            reply_to: self.answering.as_ref().map(|quote| quote.message).or(self.answers),
            changed_at: context.now,
        }
    }

    /// Looks what may follow the caret; asks for tickets when they are wanted.
    fn offer(&mut self, context: &Context<'_>) -> Option<Effect> {
        let commands = self.place.ticket.as_ref().filter(|_| self.editing.is_none());
        let wanted = popup::at(self.editor.before(), commands.map(|ticket| &**ticket), &self.tickets, context);
        let typed = popup::ticket_typed(self.editor.before(), commands.is_some());
        // The choice stays where it was while the list is the same.
        let kept = self.popup.take().filter(|old| wanted.as_ref().is_some_and(|new| new.items == old.items && new.start == old.start));
        self.popup = kept.or(wanted);
        let typed = typed.filter(|typed| self.tickets_for.as_ref() != Some(typed))?;
        self.tickets_for = Some(typed.clone());
        let query = TicketQuery { view: View::All, filter: typed, ..TicketQuery::default() };
        Some(Effect::Load(Load::Tickets { query, anchor: Anchor::At(0), rows: TICKETS_MAX }))
    }

    /// To the next group of readers this person may write to.
    fn cycle(&mut self, context: &Context<'_>) -> Vec<Effect> {
        if self.place.ticket.is_none() || self.editing.is_some() {
            return Vec::new();
        }
        let all = [Visibility::Public, Visibility::Internal, Visibility::Tier2, Visibility::Tier3];
        let allowed: Vec<Visibility> =
            all.into_iter().filter(|one| one.tier() == 1 || access::reads_tier(context.me, one.tier())).collect();
        let here = allowed.iter().position(|one| *one == self.visibility).unwrap_or(0);
        let other = |one: Visibility| context.drafts.get(self.place.conversation, one);
        let next = (1..allowed.len()).map(|step| allowed[(here + step) % allowed.len()]);
        // What was begun for others is not overwritten.
        let Some(next) = next.into_iter().find(|one| self.editor.is_empty() || other(*one).is_none()) else {
            self.problem = Some(context.locale.text("compose-draft-there").into_owned());
            return Vec::new();
        };
        let found = other(next).cloned();
        let mut effects = vec![Effect::Draft(Box::new(self.draft_of("", context)))];
        self.visibility = next;
        match found {
            Some(draft) => {
                self.editor = Editor::new(&draft.text);
                self.written_as = draft.written_as;
            }
            None => effects.extend(self.edited(context)),
        }
        effects
    }
}
