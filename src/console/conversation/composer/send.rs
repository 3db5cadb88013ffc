//! Sending: a command is done, a message is posted. What would reach more people than it was written for, or says a
//! colleague's handle to the requester, is asked about first; so is what cannot be undone.

use super::{Composer, Then};
use crate::base::text;
use crate::console::action::Action;
use crate::console::conversation::look::{self, closeness};
use crate::console::conversation::slash::{self, Act, act, parse};
use crate::console::conversation::snippets;
use crate::console::effect::Effect;
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::domain::command::{Command, PostMessage};
use crate::domain::conversation::Visibility;
use crate::domain::conversation::mention::{self, Named};
use crate::domain::id::MessageId;

/// Most characters of a message.
pub const TEXT_MAX: usize = 65_536;

/// A question before something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asking {
    /// In words, clean.
    pub sentence: String,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Send,
    Act(Act),
}

impl Composer {
    /// Sends what is there, or asks first.
    pub(super) fn send(&mut self, context: &Context<'_>) -> (Vec<Effect>, Then) {
        let stay = (Vec::new(), Then::Stay);
        if self.editor.text().trim().is_empty() {
            return stay;
        }
        if self.editing.is_none()
            && let (Some(ticket), Some(line)) = (&self.place.ticket, slash::command_of(self.editor.text()))
        {
            let names = parse::Names {
                directory: context.directory,
                me: context.me,
                queue: Some(ticket.queue),
                now: context.now,
                zone: context.zone,
            };
            return match slash::parse(line, names) {
                Ok(act) => {
                    let said = Effect::Remember { what: "slash", text: self.editor.text().trim().to_owned() };
                    let (mut effects, then) = self.ask_or_act(act, context);
                    effects.push(said);
                    (effects, then)
                }
                Err(error) => {
                    self.problem = Some(text::clean(&error.sentence(context.locale)));
                    stay
                }
            };
        }
        let characters = self.editor.text().chars().count();
        if characters > TEXT_MAX {
            let args = [("n", characters.to_string()), ("max", TEXT_MAX.to_string())];
            let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            self.problem = Some(context.locale.with("chat-too-long", &args));
            return stay;
        }
        match self.doubt(context) {
            Some(sentence) => {
                self.asking = Some(Asking { sentence, what: What::Send });
                stay
            }
            None => self.post(context),
        }
    }

    /// Why sending should be asked about.
    fn doubt(&self, context: &Context<'_>) -> Option<String> {
        let locale = context.locale;
        if self.editing.is_some() {
            return None;
        }
        let mut sentences = Vec::new();
        if closeness(self.visibility) < closeness(self.written_as) {
            let (_, from, _) = look::written(self.written_as);
            let (_, to, _) = look::written(self.visibility);
            let key = if self.visibility == Visibility::Public { "compose-wider-public" } else { "compose-wider" };
            sentences.push(locale.with(key, &[("from", &locale.text(from)), ("to", &locale.text(to))]));
        }
        if self.visibility == Visibility::Public {
            let named = mention::named(self.editor.text(), context.directory);
            let handle = |one: &Named| match one {
                Named::Person(id) => context.directory.people.get(id).map(|one| &one.handle),
                Named::Rota(id) => context.directory.rotas.get(id).map(|one| &one.key),
                Named::Queue(id) => context.directory.queues.get(id).map(|one| &one.key),
            };
            let handles: Vec<_> = named.iter().filter_map(handle).map(|handle| format!("@{handle}")).collect();
            if !handles.is_empty() {
                sentences.push(locale.with("compose-names-colleagues", &[("handles", &text::clean(&handles.join(" ")))]));
            }
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    fn ask_or_act(&mut self, act: Act, context: &Context<'_>) -> (Vec<Effect>, Then) {
        if let (Act::Merge(into), Some(ticket)) = (&act, &self.place.ticket) {
            let key = Action::UndoMerge.spec().keys.first().copied().unwrap_or_default();
            let (number, into) = (ticket.number.to_string(), into.to_string());
            let sentence = context.locale.with("compose-merge-confirm", &[("number", &number), ("into", &into), ("key", key)]);
            self.asking = Some(Asking { sentence, what: What::Act(act) });
            return (Vec::new(), Then::Stay);
        }
        self.act(&act, context)
    }

    fn act(&mut self, act: &Act, context: &Context<'_>) -> (Vec<Effect>, Then) {
        if let Act::Snippet(id) = act {
            let Some(snippet) = context.directory.snippets.get(id) else { return (Vec::new(), Then::Stay) };
            let filled = snippets::filled(snippet, self.place.ticket.as_deref(), context);
            self.editor.replace_all(&filled.text);
            return (self.put_snippet(&filled, context), Then::Stay);
        }
        let Some(ticket) = self.place.ticket.clone() else { return (Vec::new(), Then::Stay) };
        let mut effects = act::effects(act, &ticket, context);
        effects.push(Effect::Draft(Box::new(self.draft_of("", context))));
        self.editor.take();
        (effects, Then::Sent)
    }

    fn post(&mut self, context: &Context<'_>) -> (Vec<Effect>, Then) {
        let target = self.place.target;
        if let Some(message) = self.editing.take() {
            let text = self.editor.take();
            let command = Command::EditMessage { target, message: message.id, text };
            return (vec![submit(command)], Then::Sent);
        }
        let forgotten = Effect::Draft(Box::new(self.draft_of("", context)));
        let text = slash::literal(&self.editor.take()).to_owned();
        let message = MessageId((context.new_id)());
        let post = PostMessage {
            reply_to: self.answering.take().map(|quote| quote.message),
            seen: self.seen.filter(|_| self.visibility == Visibility::Public),
            ..PostMessage::new(target, message, self.visibility, text)
        };
        self.written_as = self.visibility;
        (vec![submit(Command::PostMessage(Box::new(post))), forgotten], Then::Sent)
    }

    /// Keys while a question is open: only a clear yes does it.
    pub(super) fn answer_key(&mut self, key: Key, context: &Context<'_>) -> (Vec<Effect>, Then) {
        match key.code {
            KeyCode::Char('y' | 'Y') if !key.ctrl && !key.alt => match self.asking.take().map(|asking| asking.what) {
                Some(What::Send) => self.post(context),
                Some(What::Act(act)) => self.act(&act, context),
                None => (Vec::new(), Then::Stay),
            },
            KeyCode::Char('n' | 'N') | KeyCode::Escape => {
                self.asking = None;
                (Vec::new(), Then::Stay)
            }
            _ => (Vec::new(), Then::Stay),
        }
    }
}

fn submit(command: Command) -> Effect {
    Effect::Submit { command: Box::new(command), base_version: None }
}
