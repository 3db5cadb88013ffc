//! Keys of a composer: questions first, then the list of what may follow, then sending and leaving, then the text.

use super::{Composer, SNIPPETS, Then};
use crate::console::conversation::{slash, snippets};
use crate::console::effect::{Choice, Effect, Question, QuestionKind};
use crate::console::find::history::Recall;
use crate::console::key::{Key, KeyCode};
use crate::console::pane::Context;
use crate::console::widgets::editor::Taken;
use crate::domain::snippet::select;

impl Composer {
    /// Takes a key: what is to happen, and what follows.
    pub fn key(&mut self, key: Key, context: &Context<'_>) -> (Vec<Effect>, Then) {
        if self.asking.is_some() {
            return self.answer_key(key, context);
        }
        if self.recall_key(key, context) {
            return (Vec::new(), Then::Stay);
        }
        if self.popup.is_some()
            && let Some(done) = self.popup_key(key, context)
        {
            return done;
        }
        let stay = |effects| (effects, Then::Stay);
        match (key.ctrl, key.alt, key.shift, key.code) {
            (_, false, false, KeyCode::Enter) | (true, false, _, KeyCode::Char('s')) => self.send(context),
            (_, _, _, KeyCode::Escape) => (self.draft(context).into_iter().collect(), Then::Left),
            (_, _, true, KeyCode::Tab) => stay(self.cycle(context)),
            (false, false, false, KeyCode::Tab) => (Vec::new(), Then::Next),
            (true, false, _, KeyCode::Char('g')) => stay(vec![Effect::EditText(self.editor.text().to_owned())]),
            (true, false, _, KeyCode::Char('t')) => stay(vec![self.ask_snippet(context)]),
            _ => stay(self.text_key(key, context)),
        }
    }

    /// In a line of commands, up from the first choice brings back the last command, and down goes forth again.
    fn recall_key(&mut self, key: Key, context: &Context<'_>) -> bool {
        if key.ctrl || key.alt || key.shift || self.editing.is_some() || self.editor.text().contains('\n') {
            return false;
        }
        let line = slash::command_of(self.editor.text()).is_some() && self.place.ticket.is_some();
        let resting = self.popup.as_ref().is_none_or(super::popup::Popup::is_untouched);
        let older = match key.code {
            KeyCode::Up if line && resting => {
                if !self.recall.is_back() {
                    self.recall = Recall::new(context.history.of("slash"));
                }
                self.recall.back(self.editor.text())
            }
            KeyCode::Down if self.recall.is_back() => self.recall.forth(),
            _ => None,
        };
        let Some(older) = older else {
            if !matches!(key.code, KeyCode::Up | KeyCode::Down) {
                self.recall.rest();
            }
            return false;
        };
        self.editor.replace_all(&older);
        self.popup = None;
        true
    }

    fn text_key(&mut self, key: Key, context: &Context<'_>) -> Vec<Effect> {
        let (cells, rows) = self.extent.get();
        match self.editor.key(key, cells, rows) {
            Taken::Edited => self.edited(context),
            Taken::Copied(text) => vec![Effect::Copy(text)],
            Taken::Cut(text) => {
                let mut effects = self.edited(context);
                effects.push(Effect::Copy(text));
                effects
            }
            Taken::Moved => {
                self.popup = None;
                Vec::new()
            }
            Taken::No => Vec::new(),
        }
    }

    /// Keys while a list is offered; `None` for those it leaves to the text.
    fn popup_key(&mut self, key: Key, context: &Context<'_>) -> Option<(Vec<Effect>, Then)> {
        let popup = self.popup.as_mut()?;
        if key.alt || key.shift || (key.ctrl && !matches!(key.code, KeyCode::Char('n' | 'p'))) {
            return None;
        }
        match key.code {
            KeyCode::Down | KeyCode::Char('n') if key.ctrl || key.code == KeyCode::Down => popup.step(1),
            KeyCode::Up | KeyCode::Char('p') if key.ctrl || key.code == KeyCode::Up => popup.step(-1),
            KeyCode::Escape => self.popup = None,
            KeyCode::Tab => return Some((self.accept(context), Then::Stay)),
            KeyCode::Enter if popup.takes_enter() => return Some((self.accept(context), Then::Stay)),
            _ => return None,
        }
        Some((Vec::new(), Then::Stay))
    }

    /// Puts the marked choice for what was typed.
    fn accept(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(popup) = self.popup.take() else { return Vec::new() };
        let Some(item) = popup.items.get(popup.index) else { return Vec::new() };
        self.editor.replace_before(popup.start, &item.insert);
        self.edited(context)
    }

    fn ask_snippet(&self, context: &Context<'_>) -> Effect {
        let ticket = self.place.ticket.as_deref();
        let found = select::usable_by(context.directory.snippets.values(), context.me.id, ticket.map(|ticket| ticket.queue));
        if found.is_empty() {
            return Effect::Toast { key: "compose-no-snippet", args: Vec::new() };
        }
        let choices = found
            .into_iter()
            .map(|snippet| Choice {
                value: snippet.id.to_string(),
                label: format!("{}  {}", snippet.key, snippet.title),
                hint: crate::base::text::cut(&crate::base::text::clean(&snippets::filled(snippet, ticket, context).text), 60),
                disabled: None,
            })
            .collect();
        Effect::Ask(Box::new(Question { id: SNIPPETS, title: "compose-snippet-title", kind: QuestionKind::Pick { choices } }))
    }
}
