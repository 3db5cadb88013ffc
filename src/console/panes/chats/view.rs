//! Draws the list of conversations, the open one, and the composer under it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::state::{ChatsPane, Focus};
use crate::base::text::{clean, cut, fit, width};
use crate::client::view::ConversationItem;
use crate::console::call_words;
use crate::console::conversation::stream::Look;
use crate::console::pane::Context;
use crate::console::panes::presence;
use crate::console::theme::Role;
use crate::console::widgets::{list, paint};
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::escalation::EscalationState;
use crate::domain::id::TicketNumber;
use crate::domain::person::Presence;

/// From here on list and conversation stand beside each other.
const WIDE: u16 = 60;

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
            let draft = context.drafts.any(items[*index].conversation.id);
            item_line(&items[*index], Some(*index) == selected, draft, cells, context)
        }
    });
    paint::lines(frame, area, lines);
}

fn item_line<'a>(item: &ConversationItem, selected: bool, draft: bool, cells: usize, context: &Context<'_>) -> Line<'a> {
    let theme = context.theme;
    let role = match () {
        () if selected => Role::Selected,
        () if item.muted => Role::Dim,
        () if item.unread > 0 => Role::Changed,
        () => Role::Text,
    };
    let count = if item.unread > 0 { format!(" {}", item.unread) } else { String::new() };
    let mentioned = if item.mentioned { " @" } else { "" };
    let draft = if draft { " ✎" } else { "" };
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
pub fn title(conversation: &Conversation, context: &Context<'_>) -> String {
    match conversation.kind {
        // An incident's channel begins with its ticket's number.
        ConversationKind::Channel => format!("#{}", clean(&conversation.title).trim_start_matches('#')),
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
    if pane.selected.is_none() {
        let key = if pane.items.is_some() { "chat-none" } else { "duty-loading" };
        paint::lines(frame, area, [Line::styled(cut(&locale.text(key), cells), theme.style(Role::Dim))]);
        return None;
    }
    let heading = pane.item().map_or_else(
        || locale.text("chat-being-made").into_owned(),
        |item| {
            let topic = item.conversation.topic.as_deref().map(clean).filter(|topic| !topic.is_empty());
            let title = title(&item.conversation, context);
            let muted = if item.muted { format!(" ({})", locale.text("chat-muted")) } else { String::new() };
            topic.map_or_else(|| format!("{title}{muted}"), |topic| format!("{title}{muted} · {topic}"))
        },
    );
    let role = if pane.focus == Focus::List { Role::Dim } else { Role::Title };
    paint::lines(frame, top, [Line::styled(cut(&heading, cells), theme.style(role))]);

    let calls: Vec<_> =
        pane.item().and_then(|item| item.conversation.ticket).map(|number| call_lines(number, cells, context)).unwrap_or_default();
    let (strip, area) = paint::take_top(area, u16::try_from(calls.len()).unwrap_or(0).min(area.height / 3));
    paint::lines(frame, strip, calls);
    let Some(composer) = &pane.composer else {
        draw_stream(pane, frame, area, context);
        return None;
    };
    let wanted = composer.height(area.width).min((area.height / 2).max(3));
    let (body, below) = if area.height > 4 { paint::take_bottom(area, wanted) } else { (area, Rect { height: 0, ..area }) };
    let (body, hint) = paint::take_bottom(body, u16::from(!pane.stream.at_end() && body.height > 1));
    draw_stream(pane, frame, body, context);
    paint::lines(frame, hint, [Line::styled(cut(&locale.text("chat-hint-back"), cells), theme.style(Role::Dim))]);
    composer.draw(frame, below, "", pane.focus == Focus::Composer, context)
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
    pane.stream.draw(frame, area, &Look { focused: pane.focus == Focus::Stream, tail: &[] }, context);
}
