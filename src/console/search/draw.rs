//! The page on the screen. Reads only.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Block;
use unicode_segmentation::UnicodeSegmentation;

use super::{Row, SearchLayer};
use crate::base::text::{clean, cut, fit, width};
use crate::console::conversation::look;
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::{list, paint};
use crate::console::words;
use crate::domain::search::{HitKind, SearchIn};

/// Cells of who wrote a message.
const WHO: usize = 14;

/// Where the list stands on a page of `area`: inside the border, under the words and the state.
pub(super) fn rows_in(area: Rect) -> Rect {
    Rect { x: area.x + 1, y: area.y + 3, width: area.width.saturating_sub(2), height: area.height.saturating_sub(4) }
}

impl SearchLayer {
    /// Draws over `area`; returns the caret's place.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        if area.width < 20 || area.height < 6 {
            return None;
        }
        paint::clear(frame, area);
        let locale = context.locale;
        let hint = locale.text(if self.typing { "search-keys-typing" } else { "search-keys-list" });
        let hint = Line::styled(format!(" {} ", cut(&hint, usize::from(area.width) - 4)), context.theme.style(Role::Dim));
        let block = Block::bordered().border_style(context.theme.style(Role::BorderFocused)).title(self.title(context)).title_bottom(hint);
        let inner = block.inner(area);
        frame.render_widget(block, area);
        let mark = if self.typing { "/ " } else { "  " };
        frame.render_widget(Line::styled(mark, context.theme.style(Role::Key)), Rect { width: 2, height: 1, ..inner });
        let caret = self.input.draw(frame, Rect { x: inner.x + 2, width: inner.width - 2, height: 1, ..inner });
        let state = cut(&self.state(context), usize::from(inner.width));
        frame.render_widget(Line::styled(state, context.theme.style(Role::Dim)), Rect { y: inner.y + 1, height: 1, ..inner });
        let below = rows_in(area);
        let shown = list::page(self.rows.len(), self.selected, usize::from(below.height));
        let lines = shown.map(|at| line(&self.rows[at], at == self.selected, usize::from(below.width), context));
        paint::lines(frame, below, lines);
        caret.filter(|_| self.typing)
    }

    fn title(&self, context: &Context<'_>) -> Line<'static> {
        let parts = [
            (None, "search-in-all"),
            (Some(SearchIn::Tickets), "search-in-tickets"),
            (Some(SearchIn::Messages), "search-in-messages"),
            (Some(SearchIn::Notes), "search-in-notes"),
        ];
        let mut spans = vec![Span::styled(format!(" {} ", context.locale.text("search-title")), context.theme.style(Role::Title))];
        for (part, key) in parts {
            let (open, close, role) = if part == self.within { ("[", "]", Role::Selected) } else { (" ", " ", Role::Dim) };
            spans.push(Span::styled(format!("{open}{}{close}", context.locale.text(key)), context.theme.style(role)));
        }
        spans.push(Span::raw(" "));
        Line::from(spans)
    }

    /// What was searched, and how much was found: of what is on this machine, or of all history.
    fn state(&self, context: &Context<'_>) -> String {
        let locale = context.locale;
        if self.input.value().trim().is_empty() {
            return locale.text("search-how").into_owned();
        }
        let found = self.found().len();
        let more = if self.history.next.is_some() || (!self.history.came && self.here.next.is_some()) { "+" } else { "" };
        let n = format!("{found}{more}");
        if let Some(why) = &self.history.why_not {
            return locale.with("search-state-here", &[("n", &n), ("why", &clean(why))]);
        }
        let key = match (self.stale, self.history.came, self.history.complete) {
            (true, _, _) => "search-state-looking",
            (false, false, _) => "search-state-asking",
            (false, true, false) => "search-state-taking",
            (false, true, true) if found == 0 => "search-state-nothing",
            (false, true, true) => "search-state-whole",
        };
        locale.with(key, &[("n", &n)])
    }
}

fn line(row: &Row, selected: bool, cells: usize, context: &Context<'_>) -> Line<'static> {
    let style = |role| context.theme.style(role);
    let mark = Span::styled(if selected { "> " } else { "  " }, style(Role::Selected));
    let at = context.instant(row.hit.at);
    let body = if selected { style(Role::Selected) } else { style(Role::Text) };
    let mut spans = vec![mark];
    let room = cells.saturating_sub(2 + width(&at) + 1);
    let used = if row.head { head(row, room, body, &mut spans, context) } else { said(row, room, body, &mut spans, context) };
    spans.push(Span::raw(" ".repeat(room.saturating_sub(used) + 1)));
    spans.push(Span::styled(at, style(Role::Dim)));
    Line::from(spans)
}

/// A group's head: the ticket with its subject, or where people talk. Returns the cells it took.
fn head(row: &Row, room: usize, body: Style, spans: &mut Vec<Span<'static>>, context: &Context<'_>) -> usize {
    let hit = &row.hit;
    let Some(number) = hit.ticket else {
        let others = hit.people.iter().filter(|person| **person != context.me.id).map(|person| words::person(context.directory, *person));
        let title = if hit.title.is_empty() { others.collect::<Vec<_>>().join(", ") } else { format!("# {}", clean(&hit.title)) };
        let title = cut(&title, room);
        let used = width(&title);
        spans.push(Span::styled(title, body.add_modifier(Modifier::BOLD)));
        return used;
    };
    let status = hit.status.map(|status| context.locale.text(words::status(status)).into_owned()).unwrap_or_default();
    let first = format!("#{number} {status}  ");
    let mut used = width(&first);
    spans.push(Span::styled(first, context.theme.style(Role::Accent)));
    if hit.kind != HitKind::Ticket || hit.line != hit.title {
        let subject = cut(&clean(&hit.title), room.saturating_sub(used));
        used += width(&subject);
        spans.push(Span::styled(subject, body.add_modifier(Modifier::BOLD)));
        if hit.kind != HitKind::Ticket {
            return used;
        }
        spans.push(Span::raw("  "));
        used += 2;
    }
    used += marked(&hit.line, &hit.ranges, room.saturating_sub(used), body.add_modifier(Modifier::BOLD), spans, context);
    if hit.line == hit.title {
        let who = look::name(&hit.author, context);
        let who = cut(&who, room.saturating_sub(used + 2));
        used += 2 + width(&who);
        spans.push(Span::styled(format!("  {who}"), context.theme.style(Role::Dim)));
    }
    used
}

/// A message: who, and its line. Returns the cells it took.
fn said(row: &Row, room: usize, body: Style, spans: &mut Vec<Span<'static>>, context: &Context<'_>) -> usize {
    let hit = &row.hit;
    let note = if hit.kind == HitKind::Note { "#" } else { " " };
    let who = format!("  {note}{} ", fit(&look::name(&hit.author, context), WHO));
    let used = width(&who);
    spans.push(Span::styled(who, context.theme.style(if hit.kind == HitKind::Note { Role::Internal } else { Role::Dim })));
    used + marked(&hit.line, &hit.ranges, room.saturating_sub(used), body, spans, context)
}

/// A line with its matches set apart, cut so that the first of them is in sight. Returns the cells it took.
fn marked(line: &str, ranges: &[(usize, usize)], room: usize, body: Style, spans: &mut Vec<Span<'static>>, context: &Context<'_>) -> usize {
    let found = body.patch(context.theme.style(Role::Match)).add_modifier(Modifier::REVERSED);
    let mut used = 0;
    let mut put = |text: String, style: Style| {
        let text = cut(&text, room - used);
        used += width(&text);
        if !text.is_empty() {
            spans.push(Span::styled(text, style));
        }
    };
    let mut at = 0;
    for (from, to) in ranges {
        let (Some(before), Some(there)) = (line.get(at..*from), line.get(*from..*to)) else { continue };
        let before = clean(before);
        put(if at == 0 { tail(&before, room / 3) } else { before }, body);
        put(clean(there), found);
        at = *to;
    }
    put(clean(line.get(at..).unwrap_or_default()), body);
    used
}

/// The end of a text, with `…` where something was cut.
fn tail(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut used = 1;
    let mut from = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += width(grapheme);
        if used > cells {
            break;
        }
        from = at;
    }
    format!("…{}", &text[from..])
}
