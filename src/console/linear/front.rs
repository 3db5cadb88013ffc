//! The front itself: where the person is, what a typed line does, what is told of the desk. Acts go through the model, as keys
//! and actions do, so that nothing is decided here.

use std::sync::Arc;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::super::DeskHandle;
use super::super::action::Action;
use super::super::app::{App, ExitReason, Msg};
use super::super::call_words;
use super::super::effect::{Load, Loaded};
use super::super::key::{Key, KeyCode};
use super::super::panes::queues::rail;
use super::ask::{self, Typed};
use super::commands::{self, COMMANDS, Verb};
use super::{PAGE, say};
use crate::client::view::{Anchor, ConversationItem, Counts, Link, TicketDetail, TicketQuery, TicketWindow, View};
use crate::domain::conversation::Author;
use crate::domain::escalation::Escalation;
use crate::domain::id::{ConversationId, TicketNumber};

/// How long an answer is waited for; what comes later is told when it comes.
const PATIENCE: Duration = Duration::from_secs(4);
/// Tickets read at once.
const ROWS: usize = 10;
/// Messages read at once.
const MESSAGES: usize = 20;

/// What numbers mean now.
enum Numbered {
    Nothing,
    Tickets(Vec<TicketNumber>),
    Views(Vec<View>),
    Chats(Vec<ConversationId>),
}

/// The state.
pub struct Front {
    app: App,
    desk: Arc<dyn DeskHandle>,
    query: TicketQuery,
    index: usize,
    numbered: Numbered,
    /// The ticket that is open, and the last of its messages that was told.
    open: Option<(TicketNumber, i64)>,
    chat: Option<ConversationId>,
    /// Lines of a text that is being typed.
    text: Vec<String>,
    toast: Option<String>,
    link: bool,
    calls: Vec<Escalation>,
    /// What was said last, to be said again.
    last: Vec<String>,
    asked_again: bool,
}

impl Front {
    pub fn new(app: App, desk: Arc<dyn DeskHandle>) -> Self {
        Self {
            app,
            desk,
            query: TicketQuery::default(),
            index: 0,
            numbered: Numbered::Nothing,
            open: None,
            chat: None,
            text: Vec::new(),
            toast: None,
            link: true,
            calls: Vec::new(),
            last: Vec::new(),
            asked_again: true,
        }
    }

    fn words(&self, key: &str) -> String {
        self.app.model.shared.locale.text(key).into_owned()
    }

    fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
        self.app.model.shared.locale.with(key, args)
    }

    /// The first lines: who, where, how to go on.
    pub async fn start(&mut self) -> Vec<String> {
        self.settle().await;
        let name = crate::base::text::clean(&self.app.model.shared.me.name);
        let mut said = vec![self.with("linear-welcome", &[("name", &name)])];
        said.extend(self.here().await);
        said.extend(self.told().await);
        self.saying(said)
    }

    /// Whether the prompt is to be written: something was said since the last one.
    pub fn asks_again(&self) -> bool {
        self.asked_again
    }

    pub fn exit(&self) -> Option<ExitReason> {
        self.app.model.exit
    }

    /// Waits for news of the desk; what is to be told of it.
    pub async fn news(&mut self) -> Vec<String> {
        self.app.next_news().await;
        let said = self.told().await;
        self.asked_again = !said.is_empty();
        said
    }

    /// Keeps what was not sent, and ends.
    pub async fn finish(self) {
        self.app.finish().await;
    }

    async fn settle(&mut self) {
        // What takes longer is told when it comes.
        let _ = tokio::time::timeout(PATIENCE, self.app.run_until_idle()).await;
        self.app.copies.clear();
        self.app.model.ringing.clear();
        self.app.model.suspend = false;
        if let Some((owner, text)) = self.app.editing.take() {
            // Another program on the terminal is no line.
            self.app.handle(Msg::Loaded(owner, Loaded::Edited(Ok(text))));
        }
    }

    fn saying(&mut self, said: Vec<String>) -> Vec<String> {
        self.asked_again = true;
        if !said.is_empty() {
            self.last.clone_from(&said);
        }
        said
    }

    /// Takes a typed line; what is said to it.
    pub async fn line(&mut self, line: &str) -> Vec<String> {
        let mut said = if self.app.model.overlays.last().is_some() { self.answer(line).await } else { self.command(line).await };
        said.extend(self.told().await);
        self.saying(said)
    }

    async fn command(&mut self, line: &str) -> Vec<String> {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            return self.here().await;
        }
        if let Ok(number) = trimmed.parse::<usize>() {
            return self.number(number).await;
        }
        let Some((verb, rest)) = commands::parse(trimmed) else {
            if let Some(action) = commands::action(trimmed, &self.app.model.shared.locale) {
                return self.act(action, "").await;
            }
            return vec![match commands::nearest(trimmed) {
                Some(near) => self.with("linear-unknown-near", &[("text", trimmed), ("near", near)]),
                None => self.with("linear-unknown", &[("text", trimmed)]),
            }];
        };
        match verb {
            Verb::Help => self.help(),
            Verb::Next => self.step(1).await,
            Verb::Previous => self.step(-1).await,
            Verb::List => self.list().await,
            Verb::Views => self.views().await,
            Verb::Filter => {
                rest.clone_into(&mut self.query.filter);
                self.index = 0;
                self.list().await
            }
            Verb::Open => self.open_named(rest).await,
            Verb::Read => self.read().await,
            Verb::Back => self.back().await,
            Verb::Claim => self.act(Action::Claim, rest).await,
            Verb::Reply => self.act(Action::Reply, rest).await,
            Verb::Note => self.act(Action::Note, rest).await,
            Verb::Status => self.act(Action::SetStatus, rest).await,
            Verb::Priority => self.act(Action::SetPriority, rest).await,
            Verb::Assign => self.act(Action::Assign, rest).await,
            Verb::Tags => self.act(Action::Tags, rest).await,
            Verb::Release => self.act(Action::Release, rest).await,
            Verb::Escalate => self.act(Action::Escalate, rest).await,
            Verb::Answer => self.act(Action::AnswerEscalation, rest).await,
            Verb::Chats => self.chats().await,
            Verb::Say => self.say(rest).await,
            Verb::Duty => say::on_duty(&self.app.model.shared.context()),
            Verb::Shifts => say::shifts(&self.app.model.shared.context()),
            Verb::Notices => self.act(Action::Notices, rest).await,
            Verb::Outbox => self.act(Action::Outbox, rest).await,
            Verb::Presence => self.act(Action::SetPresence, rest).await,
            Verb::Language => {
                self.act(Action::SwitchLanguage, rest).await;
                self.here().await
            }
            Verb::Do => match commands::action(rest, &self.app.model.shared.locale) {
                Some(action) => self.act(action, "").await,
                None => vec![self.with("linear-unknown", &[("text", rest)])],
            },
            Verb::Key => self.keys(rest).await,
            Verb::Page => self.page(),
            Verb::Repeat => self.last.clone(),
            Verb::Quit => {
                self.app.act(Action::Quit);
                self.settle().await;
                self.asked()
            }
        }
    }

    fn help(&self) -> Vec<String> {
        let mut lines: Vec<_> = COMMANDS
            .iter()
            .map(|command| {
                let others = command.words[1..].join(", ");
                self.with("linear-help-line", &[("word", command.words[0]), ("does", &self.words(command.help)), ("others", &others)])
            })
            .collect();
        lines.push(self.words("linear-help-more"));
        lines
    }

    /// Where the person is: the open ticket, or the one of the list.
    async fn here(&mut self) -> Vec<String> {
        if self.app.model.overlays.last().is_some() {
            return self.asked();
        }
        let window = self.window(self.index, 1).await;
        self.index = self.index.min(window.total.saturating_sub(1));
        let context = self.app.model.shared.context();
        let view = rail::view_name(self.query.view, &context);
        match (self.open, window.rows.first()) {
            (Some((number, _)), _) => vec![self.with("linear-open", &[("number", &number.to_string())])],
            (None, Some(ticket)) => {
                let (place, total) = ((self.index + 1).to_string(), window.total.to_string());
                vec![self.with(
                    "linear-here",
                    &[("view", &view), ("place", &place), ("total", &total), ("ticket", &say::ticket(ticket, &context))],
                )]
            }
            (None, None) => vec![self.with("linear-empty", &[("view", &view)])],
        }
    }

    async fn window(&self, from: usize, rows: usize) -> TicketWindow {
        let load = Load::Tickets { query: self.query.clone(), anchor: Anchor::At(from), rows };
        match self.desk.load(load).await {
            Loaded::Tickets { window, .. } => window,
            _ => TicketWindow::default(),
        }
    }

    async fn step(&mut self, by: isize) -> Vec<String> {
        self.open = None;
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

    async fn list(&mut self) -> Vec<String> {
        self.open = None;
        let window = self.window(self.index, ROWS).await;
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

    async fn views(&mut self) -> Vec<String> {
        let counts = match self.desk.load(Load::Counts).await {
            Loaded::Counts(counts) => counts,
            _ => Counts::default(),
        };
        let items = rail::items(&counts, &self.app.model.shared.context());
        let mut lines: Vec<_> = items.iter().enumerate().map(|(n, item)| format!("{}. {}: {}", n + 1, item.name, item.count)).collect();
        lines.push(self.words("linear-ask-number"));
        self.numbered = Numbered::Views(items.into_iter().map(|item| item.view).collect());
        lines
    }

    async fn number(&mut self, n: usize) -> Vec<String> {
        let at = n.checked_sub(1);
        match &self.numbered {
            Numbered::Tickets(numbers) if let Some(number) = at.and_then(|at| numbers.get(at)).copied() => {
                self.index += at.unwrap_or(0);
                self.open(number).await
            }
            Numbered::Views(views) if let Some(view) = at.and_then(|at| views.get(at)).copied() => {
                (self.query, self.index) = (TicketQuery { view, ..TicketQuery::default() }, 0);
                self.list().await
            }
            Numbered::Chats(chats) if let Some(chat) = at.and_then(|at| chats.get(at)).copied() => self.open_chat(chat).await,
            // No list has it: a ticket's own number.
            _ => self.open_named(&n.to_string()).await,
        }
    }

    async fn open_named(&mut self, named: &str) -> Vec<String> {
        if named.is_empty() {
            let window = self.window(self.index, 1).await;
            let Some(ticket) = window.rows.first() else { return self.here().await };
            return self.open(ticket.number).await;
        }
        match named.trim_start_matches('#').parse::<TicketNumber>() {
            Ok(number) => self.open(number).await,
            Err(_) => vec![self.with("toast-not-a-number", &[("text", named)])],
        }
    }

    async fn detail(&self, number: TicketNumber) -> Option<Arc<TicketDetail>> {
        match self.desk.load(Load::Ticket(number)).await {
            Loaded::Ticket { detail, .. } => detail,
            _ => None,
        }
    }

    async fn open(&mut self, number: TicketNumber) -> Vec<String> {
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
    async fn read(&mut self) -> Vec<String> {
        if let Some(chat) = self.chat {
            return self.open_chat(chat).await;
        }
        let Some((number, _)) = self.open else { return self.open_named("").await };
        let Some(detail) = self.detail(number).await else { return Vec::new() };
        let context = self.app.model.shared.context();
        detail.messages.iter().flat_map(|message| say::message(message, &context)).collect()
    }

    async fn back(&mut self) -> Vec<String> {
        (self.open, self.chat) = (None, None);
        self.app.handle(Msg::Key(Key::plain(KeyCode::Escape)));
        self.settle().await;
        self.here().await
    }

    /// Does an act on the open ticket, or on the one of the list; `rest` is the text of it, or what is chosen.
    async fn act(&mut self, action: Action, rest: &str) -> Vec<String> {
        let about_ticket = action.spec().scope == super::super::action::Scope::OnTicket;
        if about_ticket && self.open.is_none() {
            let window = self.window(self.index, 1).await;
            if let Some(ticket) = window.rows.first() {
                self.app.open_ticket(ticket.number);
                self.settle().await;
            }
        }
        self.app.act(action);
        self.settle().await;
        if rest.is_empty() {
            return self.asked();
        }
        let Some(overlay) = self.app.model.overlays.last() else { return Vec::new() };
        if overlay.is_composer() {
            self.app.handle(Msg::Paste(rest.to_owned()));
            self.app.handle(Msg::Key(Key::ctrl('s')));
            self.settle().await;
            return if self.app.model.overlays.is_empty() { vec![self.words("linear-sent")] } else { self.asked() };
        }
        self.answer(rest).await
    }

    /// What the dialog on top asks; nothing without one.
    fn asked(&mut self) -> Vec<String> {
        if self.app.model.overlays.is_empty() {
            return Vec::new();
        }
        let page = self.page();
        let model = &self.app.model;
        model.overlays.last().map(|overlay| ask::said(overlay, &page, &model.shared.locale)).unwrap_or_default()
    }

    /// A line for the dialog on top.
    async fn answer(&mut self, line: &str) -> Vec<String> {
        let Some(overlay) = self.app.model.overlays.last() else { return Vec::new() };
        let before = overlay.id;
        let typed = ask::typed(overlay, line);
        let composing = overlay.is_composer();
        let keys = match typed {
            Typed::No(why) => return vec![self.words(why)],
            Typed::More(more) => {
                self.text.push(more);
                return Vec::new();
            }
            Typed::Keys(keys) => {
                let text = std::mem::take(&mut self.text).join("\n");
                if !text.is_empty() && composing {
                    self.app.handle(Msg::Paste(text));
                }
                keys
            }
            Typed::Text(text, keys) => {
                self.app.handle(Msg::Paste(text));
                keys
            }
            Typed::Instead(text, keys) => {
                self.app.handle(Msg::Key(Key::plain(KeyCode::End)));
                self.app.handle(Msg::Key(Key::ctrl('u')));
                self.app.handle(Msg::Paste(text));
                keys
            }
        };
        let sends = keys.last().is_some_and(|key| key.code != KeyCode::Escape);
        for key in keys {
            self.app.handle(Msg::Key(key));
        }
        self.settle().await;
        match self.app.model.overlays.last() {
            Some(overlay) if overlay.id == before && composing => Vec::new(),
            Some(_) => self.asked(),
            None => vec![self.words(if sends { "linear-done" } else { "linear-left" })],
        }
    }

    async fn chats(&mut self) -> Vec<String> {
        let items: Vec<ConversationItem> = match self.desk.load(Load::Conversations).await {
            Loaded::Conversations(items) => items,
            _ => Vec::new(),
        };
        let context = self.app.model.shared.context();
        let name = |item: &ConversationItem| super::super::panes::chats::view::title(&item.conversation, &context);
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

    async fn open_chat(&mut self, chat: ConversationId) -> Vec<String> {
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

    /// Says something in the open chat.
    async fn say(&mut self, text: &str) -> Vec<String> {
        if self.chat.is_none() || text.is_empty() {
            return vec![self.words("linear-say")];
        }
        self.app.act(Action::Compose);
        self.settle().await;
        self.app.handle(Msg::Paste(text.to_owned()));
        self.app.handle(Msg::Key(Key::ctrl('s')));
        self.settle().await;
        vec![self.words("linear-sent")]
    }

    /// Keys by name, as on the full screen; then what is there.
    async fn keys(&mut self, names: &str) -> Vec<String> {
        for name in names.split_whitespace() {
            match name.parse::<Key>() {
                Ok(key) => self.app.handle(Msg::Key(key)),
                Err(error) => return vec![error.to_string()],
            }
        }
        self.settle().await;
        if self.app.model.overlays.is_empty() { self.page() } else { self.asked() }
    }

    /// The full screen's page in lines, without its frames.
    fn page(&mut self) -> Vec<String> {
        let (width, height) = PAGE;
        let Ok(mut terminal) = Terminal::new(TestBackend::new(width, height));
        let Ok(drawn) = terminal.draw(|frame| {
            self.app.draw(frame);
        });
        let row = |y: u16| -> String {
            let cells = (0..width).map(|x| drawn.buffer[(x, y)].symbol());
            cells.flat_map(str::chars).map(|char| if ('\u{2500}'..='\u{259f}').contains(&char) { ' ' } else { char }).collect()
        };
        (0..height).map(row).map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|row| !row.is_empty()).collect()
    }

    /// What happened on the desk since the last time, one line each.
    async fn told(&mut self) -> Vec<String> {
        let mut said = Vec::new();
        let toast = self.app.model.toast.as_ref().map(|toast| toast.text.clone());
        if toast != self.toast {
            said.extend(toast.clone());
            self.toast = toast;
        }
        let live = !matches!(self.app.model.shared.link.link, Link::Offline { .. });
        if live != self.link {
            self.link = live;
            said.push(match &self.app.model.shared.link.link {
                Link::Offline { why, .. } => self.with("linear-offline", &[("why", &crate::base::text::clean(why))]),
                _ => self.words("linear-online"),
            });
        }
        let context = self.app.model.shared.context();
        let waiting: Vec<Escalation> = call_words::waiting_for_me(&context).cloned().collect();
        let new = waiting.iter().filter(|call| self.calls.iter().all(|known| known.id != call.id));
        said.extend(new.map(|call| call_words::invitation(call, "answer", &context)));
        self.calls = waiting;
        if let Some((number, seen)) = self.open
            && let Some(detail) = self.detail(number).await
        {
            let context = self.app.model.shared.context();
            let mine = |author: &Author| matches!(author, Author::Person { id } if *id == context.me.id);
            let new: Vec<_> = detail.messages.iter().filter(|message| message.seq > seen).collect();
            let others = new.iter().filter(|message| !mine(&message.author)).flat_map(|message| say::message(message, &context));
            let heading = context.locale.with("linear-new-message", &[("number", &number.to_string())]);
            for (n, line) in others.enumerate() {
                said.push(if n == 0 { format!("{heading} {line}") } else { line });
            }
            let last = new.iter().map(|message| message.seq).max().unwrap_or(seen);
            self.open = Some((number, last.max(seen)));
        }
        said
    }

    /// For tests.
    #[cfg(test)]
    pub fn model(&self) -> &super::super::app::Model {
        &self.app.model
    }
}
