//! Writing in the open conversation: opens its composer with what was begun there, and does what it asks for.

use super::state::{ChatsPane, Focus};
use crate::console::conversation::composer::{Composer, Then, Writing, quote};
use crate::console::effect::Effect;
use crate::console::key::Key;
use crate::console::pane::Context;
use crate::domain::conversation::Visibility;

impl ChatsPane {
    /// Makes sure that the composer is the open conversation's.
    pub(super) fn prepare(&mut self, context: &Context<'_>) {
        let Some(place) = self.place() else {
            self.composer = None;
            return;
        };
        let here = self.composer.as_ref().is_some_and(|composer| composer.conversation() == place.conversation);
        if !here {
            let draft = context.drafts.get(place.conversation, Visibility::Internal).cloned();
            let writing = Writing { place, visibility: Visibility::Internal, answering: None, editing: None, draft, seen: None };
            self.composer = Some(Composer::new(writing));
        } else if let Some(composer) = &mut self.composer {
            // The list or the ticket may have come since: they say where messages go.
            composer.move_to(place);
        }
        self.find_answered(context);
    }

    /// An empty composer where a draft came meanwhile (a message was taken back) would write over it: it is made anew. Only before
    /// an event, when the drafts are those that the composer left.
    pub(super) fn take_draft(&mut self, context: &Context<'_>) {
        let comes =
            |composer: &Composer| composer.text().is_empty() && context.drafts.get(composer.conversation(), Visibility::Internal).is_some();
        if self.composer.as_ref().is_some_and(comes) {
            self.composer = None;
            self.prepare(context);
        }
    }

    /// Shows what the restored draft answers, once that is held.
    pub(super) fn find_answered(&mut self, context: &Context<'_>) {
        let Some(composer) = &mut self.composer else { return };
        if let Some(message) = composer.looks_for().and_then(|id| self.stream.message(id)) {
            composer.answer(Some(quote(message, context)));
        }
    }

    /// A key while the composer has focus.
    pub(super) fn compose_key(&mut self, key: Key, context: &Context<'_>) -> Vec<Effect> {
        self.prepare(context);
        let Some(composer) = &mut self.composer else { return Vec::new() };
        let (effects, then) = composer.key(key, context);
        match then {
            Then::Stay => {}
            Then::Left => self.focus = Focus::Stream,
            Then::Sent => self.stream.to_end(),
            Then::Next => self.focus = Focus::List,
        }
        effects
    }

    pub(super) fn paste(&mut self, text: &str, context: &Context<'_>) -> Vec<Effect> {
        self.prepare(context);
        self.composer.as_mut().map(|composer| composer.paste(text, context)).unwrap_or_default()
    }

    /// Writes, in answer to the marked message when `answering`.
    pub(super) fn write(&mut self, answering: bool, context: &Context<'_>) -> Vec<Effect> {
        self.prepare(context);
        let quoted = self.stream.selected().filter(|_| answering).map(|message| quote(message, context));
        if let (Some(composer), true) = (&mut self.composer, answering) {
            composer.answer(quoted);
        }
        self.focus_on(Focus::Composer)
    }
}
