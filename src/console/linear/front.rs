//! The front itself: where the person is, what a typed line does, what is told of the desk. Acts go through the model, as keys
//! and actions do, so that nothing is decided here.

use std::sync::Arc;
use std::time::Duration;

use super::super::DeskHandle;
use super::super::action::Action;
use super::super::app::{App, ExitReason, Msg};
use super::super::call_words;
use super::super::effect::Loaded;
use super::super::pane::PaneId;
use super::super::panes::queues::rail;
use super::commands::{self, COMMANDS, Verb};
use super::say;
use crate::client::view::{Link, Old, TicketQuery};
use crate::domain::conversation::Author;
use crate::domain::escalation::Escalation;
use crate::domain::id::{ConversationId, TicketNumber};

/// How long an answer is waited for; what comes later is told when it comes.
const PATIENCE: Duration = Duration::from_secs(4);

/// What numbers mean now.
pub(super) enum Numbered {
    Nothing,
    Tickets(Vec<TicketNumber>),
    Views(Vec<rail::Place>),
    Chats(Vec<ConversationId>),
}

/// The state.
pub struct Front {
    pub(super) app: App,
    pub(super) desk: Arc<dyn DeskHandle>,
    pub(super) query: TicketQuery,
    pub(super) index: usize,
    pub(super) numbered: Numbered,
    /// The ticket that is open, and the last of its messages that was told.
    pub(super) open: Option<(TicketNumber, i64)>,
    /// The ticket that was told last as the one of the list: acts go to it, whatever moved in the list since.
    pub(super) current: Option<TicketNumber>,
    pub(super) chat: Option<ConversationId>,
    /// Lines of a text that is being typed.
    pub(super) text: Vec<String>,
    pub(super) toast: Option<String>,
    pub(super) link: bool,
    pub(super) calls: Vec<Escalation>,
    /// What was said last, to be said again.
    pub(super) last: Vec<String>,
    pub(super) asked_again: bool,
}

impl Front {
    pub fn new(mut app: App, desk: Arc<dyn DeskHandle>) -> Self {
        app.model.screen.linear = true;
        Self {
            app,
            desk,
            query: TicketQuery::default(),
            index: 0,
            numbered: Numbered::Nothing,
            open: None,
            current: None,
            chat: None,
            text: Vec::new(),
            toast: None,
            link: true,
            calls: Vec::new(),
            last: Vec::new(),
            asked_again: true,
        }
    }

    pub(super) fn words(&self, key: &str) -> String {
        self.app.model.shared.locale.text(key).into_owned()
    }

    pub(super) fn with(&self, key: &str, args: &[(&str, &str)]) -> String {
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
        let mut said = self.follow().await;
        said.extend(self.told().await);
        self.asked_again = !said.is_empty();
        said
    }

    /// Keeps what was not sent, and ends.
    pub async fn finish(self) {
        self.app.finish().await;
    }

    pub(super) async fn settle(&mut self) {
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
        // What was told before is not told for this line; the same words may well come again.
        (self.app.model.toast, self.toast) = (None, None);
        let mut said = if self.app.model.overlays.last().is_some() { self.answer(line).await } else { self.command(line).await };
        said.extend(self.follow().await);
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
                return self.named(action).await;
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
            Verb::Filter => self.filter(rest).await,
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
                Some(action) => self.named(action).await,
                None => vec![self.with("linear-unknown", &[("text", rest)])],
            },
            Verb::Key => self.keys(rest).await,
            Verb::Page => self.read_page(),
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
    pub(super) async fn here(&mut self) -> Vec<String> {
        if self.app.model.overlays.last().is_some() {
            return self.asked();
        }
        let window = self.window(self.index, 1).await;
        self.index = self.index.min(window.total.saturating_sub(1));
        let context = self.app.model.shared.context();
        let view = rail::view_name(self.query.view, &context);
        self.current = window.rows.first().map(|ticket| ticket.number);
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

    /// The ticket that has the keys is the one that is open here, however it came to be: a notice, an act by name, a jump.
    async fn follow(&mut self) -> Vec<String> {
        let model = &self.app.model;
        let shown = model.shown_ticket.filter(|_| model.focused() == PaneId::Ticket);
        if shown == self.open.map(|(number, _)| number) {
            return Vec::new();
        }
        self.open = None;
        let Some(number) = shown else {
            self.take_cursor();
            return Vec::new();
        };
        let seen = self.detail(number).await.and_then(|detail| detail.messages.last().map(|message| message.seq));
        (self.open, self.chat) = (Some((number, seen.unwrap_or(0))), None);
        if self.current == shown { Vec::new() } else { vec![self.with("linear-open", &[("number", &number.to_string())])] }
    }

    /// What happened on the desk since the last time, one line each.
    async fn told(&mut self) -> Vec<String> {
        let mut said = Vec::new();
        let toast = self.app.model.toast.as_ref().map(|toast| toast.text.clone());
        if toast != self.toast {
            said.extend(toast.clone());
            self.toast = toast;
        }
        let live = self.app.model.shared.link.link.down().is_none();
        if live != self.link {
            self.link = live;
            said.push(match &self.app.model.shared.link.link {
                Link::Outdated { old: Old::Client, .. } => self.words("link-client-old-why"),
                Link::Outdated { old: Old::Server, .. } => self.words("link-server-old-why"),
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
