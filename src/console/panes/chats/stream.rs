//! Lays a conversation out in lines once, and keeps them until the conversation, the width or the day changes.

use std::sync::Arc;

use chrono::NaiveDate;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::base::text::{clean, clean_lines, wrap};
use crate::client::view::ConversationDetail;
use crate::console::locale::Language;
use crate::console::pane::Context;
use crate::console::panes::times;
use crate::console::theme::Role;
use crate::domain::conversation::{Author, Message, Visibility};

/// Lines, and what they were made of.
#[derive(Debug, Default)]
pub struct Laid {
    key: Option<Key>,
    lines: Vec<Line<'static>>,
}

#[derive(Debug)]
struct Key {
    detail: Arc<ConversationDetail>,
    cells: usize,
    fence: i64,
    language: Language,
    theme: String,
    today: NaiveDate,
}

impl Laid {
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// `rows` lines that end `back` lines before the last.
    #[must_use]
    pub fn window(&self, back: usize, rows: usize) -> &[Line<'static>] {
        let end = self.lines.len() - back.min(self.lines.len().saturating_sub(rows)).min(self.lines.len());
        &self.lines[end.saturating_sub(rows)..end]
    }

    /// Lays out again when something differs.
    pub fn refresh(&mut self, detail: &Arc<ConversationDetail>, fence: i64, cells: usize, context: &Context<'_>) {
        let today = times::date_of(context.now, context.zone);
        let language = context.locale.language;
        let fresh = self.key.as_ref().is_some_and(|key| {
            Arc::ptr_eq(&key.detail, detail)
                && (key.cells, key.fence, key.language, key.today) == (cells, fence, language, today)
                && key.theme == context.theme.name
        });
        if fresh {
            return;
        }
        self.lines = lines(detail, fence, cells, context);
        self.key = Some(Key { detail: Arc::clone(detail), cells, fence, language, theme: context.theme.name.clone(), today });
    }
}

fn lines(detail: &ConversationDetail, fence: i64, cells: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let (locale, theme) = (context.locale, context.theme);
    let today = times::date_of(context.now, context.zone);
    let mut lines = Vec::new();
    if !detail.complete {
        lines.push(Line::styled(locale.text("chat-earlier").into_owned(), theme.style(Role::Dim)));
    }
    let mut day = None;
    let mut fenced = fence == 0;
    for message in &detail.messages {
        let on = times::date_of(message.created_at, context.zone);
        if day != Some(on) {
            day = Some(on);
            lines.push(Line::styled(rule(&times::day(locale, on, today), cells), theme.style(Role::Dim)));
        }
        let own = message.author == Author::Person { id: context.me.id };
        if !fenced && message.seq > fence && !own {
            fenced = true;
            lines.push(Line::styled(rule(&locale.text("chat-new-line"), cells), theme.style(Role::Changed)));
        }
        lines.extend(message_lines(message, own, cells, context));
    }
    lines
}

/// `--- words ---` over the width.
fn rule(words: &str, cells: usize) -> String {
    let side = cells.saturating_sub(crate::base::text::width(words) + 2) / 2;
    let dashes = "─".repeat(side.min(12));
    format!("{dashes} {words} {dashes}")
}

fn message_lines(message: &Message, own: bool, cells: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let (locale, theme) = (context.locale, context.theme);
    let (name, role) = match &message.author {
        Author::Person { id } => (clean(&context.directory.person_name(*id)), if own { Role::Accent } else { Role::Title }),
        Author::Requester { name, .. } => (clean(name), Role::Requester),
        Author::System => (locale.text("chat-system").into_owned(), Role::System),
    };
    let mut head = vec![
        Span::styled(format!("{} ", times::clock(message.created_at, context.zone)), theme.style(Role::Dim)),
        Span::styled(name, theme.style(role)),
    ];
    if own {
        head.push(Span::styled(format!(" {}", locale.text("chat-you")), theme.style(Role::Dim)));
    }
    // What the requester wrote themselves is not news to them.
    let to_requester = message.visibility == Visibility::Public && matches!(message.author, Author::Person { .. });
    if message.ticket.is_some() && to_requester {
        head.push(Span::styled(format!(" {}", locale.text("chat-public")), theme.style(Role::Public)));
    }
    if message.mentions.contains(&context.me.id) {
        head.push(Span::styled(" @", theme.style(Role::Mention)));
    }
    let body = theme.style(if message.author == Author::System { Role::System } else { Role::Text });
    let mut lines = vec![Line::from(head)];
    for line in wrap(&clean_lines(&message.text), cells.saturating_sub(6)) {
        lines.push(mentions(&line, message, body, context));
    }
    lines.extend(message.attachments.iter().map(|attachment| {
        Line::styled(format!("      {} {}", locale.text("chat-attachment"), clean(&attachment.name)), theme.style(Role::Dim))
    }));
    lines
}

/// One line of text with its `@handles` set apart; mine strongest.
fn mentions(line: &str, message: &Message, body: Style, context: &Context<'_>) -> Line<'static> {
    let mut spans = vec![Span::styled("      ".to_owned(), body)];
    let mut rest = line;
    while let Some(at) = rest.find('@') {
        let word: usize =
            rest[at + 1..].chars().take_while(|char| char.is_ascii_alphanumeric() || "._-".contains(*char)).map(char::len_utf8).sum();
        let handle = rest[at + 1..at + 1 + word].trim_end_matches(['.', '-']);
        let end = at + 1 + handle.len();
        let known = message.mentions.iter().filter_map(|id| context.directory.people.get(id)).find(|person| person.handle == handle);
        let style = match known {
            Some(person) if person.id == context.me.id => context.theme.style(Role::Mention),
            Some(_) => context.theme.style(Role::Accent),
            None => body,
        };
        spans.push(Span::styled(rest[..at].to_owned(), body));
        spans.push(Span::styled(rest[at..end].to_owned(), style));
        rest = &rest[end..];
    }
    spans.push(Span::styled(rest.to_owned(), body));
    Line::from(spans)
}
