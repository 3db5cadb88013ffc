//! Where one can be: lists, tickets and conversations, read from the cache.

use std::sync::Arc;

use super::super::action::Action;
use super::super::app::Msg;
use super::super::call_words;
use super::super::effect::{Load, Loaded};
use super::super::key::{Key, KeyCode};
use super::super::pane::{Pane, PaneId};
use super::super::panes::chats::view::title;
use super::super::panes::queues::{SavedCounts, explain, rail};
use super::ask::{clearing, is_clear};
use super::front::{Front, Numbered};
use super::say;
use crate::client::view::{Anchor, ConversationItem, Counts, TicketDetail, TicketQuery, TicketWindow, View};
use crate::domain::conversation::Visibility;
use crate::domain::filter::parse;
use crate::domain::id::{ConversationId, TicketNumber};

/// Tickets read at once.
const ROWS: usize = 10;
/// Messages read at once.
const MESSAGES: usize = 20;

impl Front {
    pub(super) async fn window(&self, from: usize, rows: usize) -> TicketWindow {
        let load = Load::Tickets { query: self.query.clone(), anchor: Anchor::At(from), rows };
        match self.desk.load(load).await {
            Loaded::Tickets { window, .. } => window,
            _ => TicketWindow::default(),
        }
    }

    /// Back to the list, here and in the model.
    fn leave(&mut self) {
        (self.open, self.chat) = (None, None);
        self.app.leave_ticket();
    }

    /// The ticket that acts are about: the open one, else the one that was told as the list's.
    pub(super) async fn about(&self) -> Option<TicketNumber> {
        match self.open.map(|(number, _)| number).or(self.current) {
            Some(number) => Some(number),
            None => self.window(self.index, 1).await.rows.first().map(|ticket| ticket.number),
        }
    }

    /// Narrows the list, when all of the text can be read.
    pub(super) async fn filter(&mut self, text: &str) -> Vec<String> {
        let parsed = parse(text, &self.app.model.shared.directory);
        if let Some(error) = parsed.errors.first() {
            return vec![explain(error, &self.app.model.shared.locale)];
        }
        (self.query.filter, self.index) = (parsed.filter.to_string(), 0);
        self.list().await
    }

    pub(super) async fn step(&mut self, by: isize) -> Vec<String> {
        self.leave();
        let wanted = self.index.saturating_add_signed(by);
        let total = self.window(0, 1).await.total;
        if wanted >= total || (by < 0 && self.index == 0) {
            let mut said = vec![self.words(if by < 0 { "linear-first" } else { "linear-last" })];
            said.extend(self.here().await);
            return said;
        }
        self.index = wanted;
        self.here().await
    }

    pub(super) async fn list(&mut self) -> Vec<String> {
        self.leave();
        let window = self.window(self.index, ROWS).await;
        self.current = window.rows.first().map(|ticket| ticket.number);
        let context = self.app.model.shared.context();
        let view = rail::view_name(self.query.view, &context);
        let mut lines = vec![self.with("linear-list", &[("view", &view), ("total", &window.total.to_string())])];
        lines.extend(window.rows.iter().enumerate().map(|(n, ticket)| format!("{}. {}", n + 1, say::ticket(ticket, &context))));
        if window.start + window.rows.len() < window.total {
            lines.push(self.words("linear-more"));
        }
        self.numbered = Numbered::Tickets(window.rows.iter().map(|ticket| ticket.number).collect());
        lines
    }

    pub(super) async fn views(&mut self) -> Vec<String> {
        let counts = match self.desk.load(Load::Counts).await {
            Loaded::Counts(counts) => counts,
            _ => Counts::default(),
        };
        let items = rail::items(&counts, &SavedCounts::default(), &self.app.model.shared.context());
        let mut lines: Vec<_> = items.iter().enumerate().map(|(n, item)| format!("{}. {}: {}", n + 1, item.name, item.count)).collect();
        lines.push(self.words("linear-ask-number"));
        self.numbered = Numbered::Views(items.into_iter().map(|item| item.place).collect());
        lines
    }

    /// What a line of the rail lists.
    fn query_of(&self, place: rail::Place) -> TicketQuery {
        let saved = |id| self.app.model.shared.directory.saved_views.get(&id);
        match place {
            rail::Place::View(view) => TicketQuery { view, ..TicketQuery::default() },
            rail::Place::Saved(id) => saved(id).map_or_else(TicketQuery::default, |saved| TicketQuery {
                view: View::All,
                sort: saved.sort,
                filter: saved.filter.clone(),
            }),
        }
    }

    pub(super) async fn number(&mut self, n: usize) -> Vec<String> {
        let at = n.checked_sub(1);
        match &self.numbered {
            Numbered::Tickets(numbers) if let Some(number) = at.and_then(|at| numbers.get(at)).copied() => {
                self.index += at.unwrap_or(0);
                self.open(number).await
            }
            Numbered::Views(views) if let Some(view) = at.and_then(|at| views.get(at)).copied() => {
                (self.query, self.index) = (self.query_of(view), 0);
                self.list().await
            }
            Numbered::Chats(chats) if let Some(chat) = at.and_then(|at| chats.get(at)).copied() => self.open_chat(chat).await,
            // No list has it: a ticket's own number.
            _ => self.open_named(&n.to_string()).await,
        }
    }

    pub(super) async fn open_named(&mut self, named: &str) -> Vec<String> {
        if named.is_empty() {
            let Some(number) = self.about().await else { return self.here().await };
            return self.open(number).await;
        }
        match named.trim_start_matches('#').parse::<TicketNumber>() {
            Ok(number) => self.open(number).await,
            Err(_) => vec![self.with("toast-not-a-number", &[("text", named)])],
        }
    }

    pub(super) async fn detail(&self, number: TicketNumber) -> Option<Arc<TicketDetail>> {
        match self.desk.load(Load::Ticket(number)).await {
            Loaded::Ticket { detail, .. } => detail,
            _ => None,
        }
    }

    pub(super) async fn open(&mut self, number: TicketNumber) -> Vec<String> {
        let Some(detail) = self.detail(number).await else {
            return vec![self.with("linear-no-ticket", &[("number", &number.to_string())])];
        };
        self.chat = None;
        self.app.open_ticket(number);
        self.settle().await;
        self.open = Some((number, detail.messages.last().map_or(0, |message| message.seq)));
        let context = self.app.model.shared.context();
        let mut lines = say::head(&detail, &context);
        lines.extend(detail.escalations.iter().map(|call| call_words::line(call, &context)));
        let skipped = detail.messages.len().saturating_sub(MESSAGES);
        lines.extend((skipped > 0).then(|| self.app.model.shared.locale.count("linear-skipped", skipped)));
        lines.extend(detail.messages.iter().skip(skipped).flat_map(|message| say::message(message, &context)));
        lines
    }

    /// All messages of what is open.
    pub(super) async fn read(&mut self) -> Vec<String> {
        if let Some(chat) = self.chat {
            return self.open_chat(chat).await;
        }
        let Some((number, _)) = self.open else { return self.open_named("").await };
        let Some(detail) = self.detail(number).await else { return Vec::new() };
        let context = self.app.model.shared.context();
        detail.messages.iter().flat_map(|message| say::message(message, &context)).collect()
    }

    pub(super) async fn back(&mut self) -> Vec<String> {
        self.app.handle(Msg::Key(Key::plain(KeyCode::Escape)));
        self.settle().await;
        self.leave();
        self.here().await
    }

    pub(super) async fn chats(&mut self) -> Vec<String> {
        let items: Vec<ConversationItem> = match self.desk.load(Load::Conversations).await {
            Loaded::Conversations(items) => items,
            _ => Vec::new(),
        };
        let context = self.app.model.shared.context();
        let name = |item: &ConversationItem| title(&item.conversation, &context);
        let line = |(n, item): (usize, &ConversationItem)| {
            let unread = usize::try_from(item.unread).unwrap_or(0);
            let unread = if unread > 0 { context.locale.count("linear-unread", unread) } else { String::new() };
            format!("{}. {}{unread}", n + 1, name(item))
        };
        let mut lines: Vec<_> = items.iter().enumerate().map(line).collect();
        lines.push(self.words(if items.is_empty() { "picker-empty" } else { "linear-ask-number" }));
        self.numbered = Numbered::Chats(items.iter().map(|item| item.conversation.id).collect());
        lines
    }

    pub(super) async fn open_chat(&mut self, chat: ConversationId) -> Vec<String> {
        let Loaded::Conversation { detail: Some(detail), .. } = self.desk.load(Load::Conversation(chat)).await else {
            return vec![self.words("picker-empty")];
        };
        (self.open, self.chat) = (None, Some(chat));
        self.app.open_conversation(chat);
        self.settle().await;
        let context = self.app.model.shared.context();
        let skipped = detail.messages.len().saturating_sub(MESSAGES);
        let mut lines: Vec<_> = detail.messages.iter().skip(skipped).flat_map(|message| say::message(message, &context)).collect();
        lines.push(self.words("linear-say"));
        lines
    }

    /// Says something in the open chat. What was begun there and not sent is never sent along unheard: `.` sends it, `clear`
    /// forgets it.
    pub(super) async fn say(&mut self, text: &str) -> Vec<String> {
        let Some(chat) = self.chat.filter(|_| !text.is_empty()) else { return vec![self.words("linear-say")] };
        let begun = self.begun(chat);
        let clears = begun.is_some() && is_clear(text);
        if let Some(begun) = begun.as_ref().filter(|_| text != "." && !clears) {
            return vec![self.with("linear-now", &[("text", begun)]), self.words("linear-say-begun")];
        }
        // Keys may have led to another conversation meanwhile.
        self.app.open_conversation(chat);
        self.settle().await;
        self.app.act(Action::Compose);
        self.settle().await;
        if clears {
            for key in clearing() {
                self.app.handle(Msg::Key(key));
            }
            self.app.handle(Msg::Key(Key::plain(KeyCode::Escape)));
            self.settle().await;
            return vec![self.words("linear-done")];
        }
        let writes = self.app.model.focused() == PaneId::Chats && self.app.model.pane(PaneId::Chats).is_some_and(Pane::captures_text);
        if writes && begun.is_none() {
            self.app.handle(Msg::Paste(text.to_owned()));
        }
        if !writes || self.begun(chat).is_none() {
            return self.told_or_page();
        }
        self.app.handle(Msg::Key(Key::ctrl('s')));
        self.settle().await;
        if self.begun(chat).is_some() { self.told_or_page() } else { vec![self.words("linear-sent")] }
    }

    /// What was begun in a conversation and not sent.
    fn begun(&self, chat: ConversationId) -> Option<String> {
        self.app.model.shared.drafts.get(chat, Visibility::Internal).map(|draft| draft.text.clone())
    }
}
