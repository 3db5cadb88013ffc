//! Draws the list of conversations, the open one, and the composer under it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::compose::{candidates, mention};
use super::state::{ChatsPane, Focus};
use crate::base::text::{clean, cut, fit, width};
use crate::client::view::{ConversationItem, Link};
use crate::console::call_words;
use crate::console::pane::Context;
use crate::console::panes::presence;
use crate::console::theme::Role;
use crate::console::widgets::text_box::TextBox;
use crate::console::widgets::{list, paint};
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::escalation::EscalationState;
use crate::domain::id::TicketNumber;
use crate::domain::person::Presence;

/// From here on list and conversation stand beside each other.
const WIDE: u16 = 60;
/// Most lines of the composer.
const COMPOSER_MAX: u16 = 6;

pub fn draw(pane: &ChatsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
    if area.width >= WIDE {
        let (left, right) = paint::split_left(area, (area.width / 4).clamp(20, 36));
        draw_list(pane, frame, left, context);
        let right = paint::divider(frame, right, context.theme.style(Role::Border));
        return draw_conversation(pane, frame, right, context);
    }
    if pane.focus == Focus::List {
        draw_list(pane, frame, area, context);
        return None;
    }
    draw_conversation(pane, frame, area, context)
}

/// A line of the list: a section's heading, or a conversation by its place.
enum ListRow {
    Section(&'static str),
    Item(usize),
}

fn draw_list(pane: &ChatsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let (locale, theme) = (context.locale, context.theme);
    let cells = usize::from(area.width);
    let items = pane.items.as_deref().unwrap_or_default();
    if items.is_empty() {
        let key = if pane.items.is_some() { "chat-empty" } else { "duty-loading" };
        let lines = crate::base::text::wrap(&locale.text(key), cells);
        paint::lines(frame, area, lines.into_iter().map(|line| Line::styled(line, theme.style(Role::Dim))));
        return;
    }
    let mut rows = Vec::new();
    let mut section = None;
    for (index, item) in items.iter().enumerate() {
        let key = match item.conversation.kind {
            ConversationKind::Channel => "chat-channels",
            ConversationKind::Direct => "chat-direct",
            ConversationKind::Escalation => "chat-escalations",
        };
        if section != Some(key) {
            section = Some(key);
            rows.push(ListRow::Section(key));
        }
        rows.push(ListRow::Item(index));
    }
    let selected = pane.index();
    let at = rows.iter().position(|row| matches!(row, ListRow::Item(index) if Some(*index) == selected)).unwrap_or(0);
    let shown = list::page(rows.len(), at, usize::from(area.height));
    let lines = rows[shown].iter().map(|row| match row {
        ListRow::Section(key) => {
            let role = if pane.focus == Focus::List { Role::Title } else { Role::Dim };
            Line::styled(cut(&locale.text(key), cells), theme.style(role))
        }
        ListRow::Item(index) => {
            let draft = pane.drafts.get(&items[*index].conversation.id).is_some_and(|draft| !draft.is_empty());
            item_line(&items[*index], Some(*index) == selected, draft, cells, context)
        }
    });
    paint::lines(frame, area, lines);
}

fn item_line<'a>(item: &ConversationItem, selected: bool, draft: bool, cells: usize, context: &Context<'_>) -> Line<'a> {
    let theme = context.theme;
    let role = match () {
        () if selected => Role::Selected,
        () if item.unread > 0 => Role::Changed,
        () => Role::Text,
    };
    let count = if item.unread > 0 { format!(" {}", item.unread) } else { String::new() };
    let mentioned = if item.mentioned { " @" } else { "" };
    let draft = if draft { " …" } else { "" };
    let room = cells.saturating_sub(width(&count) + mentioned.len() + width(draft));
    let call = item.conversation.ticket.and_then(|number| call_words::mark(number, context)).map(|(mark, _)| format!("{mark} "));
    let text = format!("{} {}{}", if selected { ">" } else { " " }, call.unwrap_or_default(), title(&item.conversation, context));
    Line::from(vec![
        Span::styled(fit(&text, room), theme.style(role)),
        Span::styled(draft, theme.style(Role::Dim)),
        Span::styled(mentioned, theme.style(Role::Mention)),
        Span::styled(count, theme.style(Role::Changed)),
    ])
}

/// What a conversation is called in the list.
fn title(conversation: &Conversation, context: &Context<'_>) -> String {
    match conversation.kind {
        ConversationKind::Channel => format!("#{}", clean(&conversation.title)),
        ConversationKind::Escalation => {
            let number = conversation.ticket.map_or_else(String::new, |number| format!("#{number} "));
            format!("{number}{}", clean(&conversation.title))
        }
        ConversationKind::Direct => {
            let others: Vec<_> = conversation.members.iter().filter(|id| **id != context.me.id).collect();
            let names: Vec<_> = others.iter().map(|id| clean(&context.directory.person_name(**id))).collect();
            let state = match others[..] {
                [one] => context.agent_states.get(one).map_or(Presence::Offline, |state| state.presence),
                _ => return names.join(", "),
            };
            format!("{} {}", presence::mark(state), names.join(", "))
        }
    }
}

fn draw_conversation(pane: &ChatsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
    let (locale, theme) = (context.locale, context.theme);
    let (top, area) = paint::take_top(area, 1);
    let cells = usize::from(area.width);
    let Some(selected) = pane.selected else {
        let key = if pane.items.is_some() { "chat-none" } else { "duty-loading" };
        paint::lines(frame, area, [Line::styled(cut(&locale.text(key), cells), theme.style(Role::Dim))]);
        return None;
    };
    let heading = pane.item().map_or_else(
        || locale.text("chat-being-made").into_owned(),
        |item| {
            let topic = item.conversation.topic.as_deref().map(clean).filter(|topic| !topic.is_empty());
            let title = title(&item.conversation, context);
            topic.map_or_else(|| title.clone(), |topic| format!("{title} · {topic}"))
        },
    );
    let role = if pane.focus == Focus::List { Role::Dim } else { Role::Title };
    paint::lines(frame, top, [Line::styled(cut(&heading, cells), theme.style(role))]);

    let calls: Vec<_> =
        pane.item().and_then(|item| item.conversation.ticket).map(|number| call_lines(number, cells, context)).unwrap_or_default();
    let (strip, area) = paint::take_top(area, u16::try_from(calls.len()).unwrap_or(0).min(area.height / 3));
    paint::lines(frame, strip, calls);
    let empty = TextBox::default();
    let draft = pane.drafts.get(&selected).unwrap_or(&empty);
    let laid = draft.lay_out(cells.saturating_sub(2));
    let wanted = u16::try_from(laid.lines.len()).unwrap_or(COMPOSER_MAX).min(COMPOSER_MAX).min(area.height / 2);
    let (area, composer) = paint::take_bottom(area, wanted);
    let (body, hint) = paint::take_bottom(area, u16::from(area.height > 1));
    draw_stream(pane, frame, body, context);
    paint::lines(frame, hint, [hint_line(pane, draft, cells, context)]);
    draw_composer(pane, frame, composer, &laid, context)
}

/// Calls into the ticket of a conversation, as they stand; who is called themselves reads the invitation.
fn call_lines(number: TicketNumber, cells: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let calls = context.calls.iter().filter(|call| call.ticket == number);
    let lines = calls.flat_map(|call| {
        if call.expert == context.me.id && call.state == EscalationState::Asked {
            let said = call_words::invitation(call, "E", context);
            let style = context.theme.style(Role::Danger);
            return crate::base::text::wrap(&said, cells.max(1)).into_iter().map(|line| Line::styled(line, style)).collect::<Vec<_>>();
        }
        let said = format!("{} {}", call_words::glyph(call.state), call_words::line(call, context));
        vec![Line::styled(cut(&said, cells), context.theme.style(call_words::role(call.state)))]
    });
    lines.collect()
}

fn draw_stream(pane: &ChatsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let (locale, theme) = (context.locale, context.theme);
    pane.page.set(usize::from(area.height));
    let cells = usize::from(area.width);
    let Some(detail) = &pane.detail else {
        let key = if pane.missing { "chat-missing" } else { "duty-loading" };
        let lines = crate::base::text::wrap(&locale.text(key), cells);
        paint::lines(frame, area, lines.into_iter().map(|line| Line::styled(line, theme.style(Role::Dim))));
        return;
    };
    if detail.messages.is_empty() {
        paint::lines(frame, area, [Line::styled(cut(&locale.text("chat-no-messages"), cells), theme.style(Role::Dim))]);
        return;
    }
    let mut laid = pane.laid.borrow_mut();
    laid.refresh(detail, pane.fence.unwrap_or(detail.read_seq), cells, context);
    paint::lines(frame, area, laid.window(pane.back, usize::from(area.height)).iter().cloned());
}

/// The line above the composer: candidates while a mention is typed, else what keys do.
fn hint_line<'a>(pane: &ChatsPane, draft: &TextBox, cells: usize, context: &Context<'_>) -> Line<'a> {
    let (locale, theme) = (context.locale, context.theme);
    if pane.focus == Focus::Composer {
        let chosen = pane.completion.as_ref().map(|completion| completion.handles.join("  "));
        let typed = || {
            let (_, typed) = mention(draft.before())?;
            let people = candidates(typed, context);
            let names: Vec<_> = people.iter().map(|person| format!("@{} {}", clean(&person.handle), clean(&person.name))).collect();
            (!names.is_empty()).then(|| names.join("  "))
        };
        if let Some(names) = chosen.or_else(typed) {
            return Line::styled(cut(&names, cells), theme.style(Role::Mention));
        }
    }
    let key = match (&context.link.link, pane.focus) {
        _ if pane.back > 0 => "chat-hint-back",
        (Link::Offline { .. }, _) => "chat-hint-offline",
        (_, Focus::Composer) => "chat-hint-compose",
        _ => "chat-hint-read",
    };
    let words = fit(&format!("─ {} ", locale.text(key)), cells.min(width(&locale.text(key)) + 3));
    let dashes = "─".repeat(cells.saturating_sub(width(&words)));
    Line::styled(format!("{words}{dashes}"), theme.style(Role::Border))
}

fn draw_composer(
    pane: &ChatsPane,
    frame: &mut Frame<'_>,
    area: Rect,
    laid: &crate::console::widgets::text_box::Laid,
    context: &Context<'_>,
) -> Option<Position> {
    let focused = pane.focus == Focus::Composer;
    let style = context.theme.style(if focused { Role::Text } else { Role::Dim });
    let height = usize::from(area.height);
    let first = (laid.caret.0 + 1).saturating_sub(height);
    let lines = laid.lines.iter().skip(first).enumerate().map(|(row, line)| {
        let mark = if row + first == 0 { "> " } else { "  " };
        Line::styled(format!("{mark}{line}"), style)
    });
    paint::lines(frame, area, lines);
    if !focused || area.is_empty() {
        return None;
    }
    let column = u16::try_from(laid.caret.1 + 2).unwrap_or(u16::MAX).min(area.width - 1);
    let row = u16::try_from(laid.caret.0 - first).unwrap_or(0).min(area.height - 1);
    Some(Position { x: area.x + column, y: area.y + row })
}
