//! Draws a composer: the frame says who will read it, the list of what may follow stands over it, the terminal's own cursor at
//! the caret, where input methods look for it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear};

use super::Composer;
use super::popup::Popup;
use crate::base::text::{clean_lines, cut, width, wrap};
use crate::client::view::Link;
use crate::console::conversation::look;
use crate::console::find::matcher::{Query, places};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::{marked, paint};

/// Most rows of text shown at once.
const ROWS_MAX: usize = 10;
/// Most rows that show what a choice stands for.
const PREVIEW_MAX: usize = 5;

impl Composer {
    /// Rows it wants, frame included, when it is `cells` wide.
    #[must_use]
    pub fn height(&self, cells: u16) -> u16 {
        let inner = usize::from(cells.saturating_sub(2)).max(2);
        let rows = self.editor.lay_out(inner.saturating_sub(1)).rows.len().clamp(1, ROWS_MAX);
        let above = usize::from(self.answering.is_some()) + self.told(inner).len();
        u16::try_from(rows + above + 2).unwrap_or(u16::MAX)
    }

    /// A question or a problem, in lines.
    fn told(&self, cells: usize) -> Vec<String> {
        let sentence = self.asking.as_ref().map(|asking| &asking.sentence).or(self.problem.as_ref());
        sentence.map(|sentence| wrap(sentence, cells)).unwrap_or_default()
    }

    /// Draws into `area`; `about` names where it goes, `focused` whether it has the keys. Returns the caret's place.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, about: &str, focused: bool, context: &Context<'_>) -> Option<Position> {
        let (theme, locale) = (context.theme, context.locale);
        if area.width < 4 || area.height < 3 {
            return None;
        }
        let (mark, word, role) = look::written(self.visibility);
        let style = theme.style(if focused { role } else { Role::Border });
        let words = if self.place.ticket.is_some() {
            format!(" {mark} {} ", locale.text(look::sentence(self.visibility)))
        } else {
            format!(" {mark} {} ", locale.text(if self.editing.is_some() { "compose-edit" } else { word }))
        };
        let mut title = vec![Span::styled(words, style)];
        if !about.is_empty() {
            title.push(Span::raw(format!("{about} ")));
        }
        let key = match (&self.asking, &context.link.link) {
            (Some(_), _) => "compose-keys-asking",
            (None, Link::Offline { .. } | Link::Outdated { .. }) => "chat-hint-offline",
            (None, _) if !focused => "compose-keys-idle",
            (None, _) if self.place.ticket.is_some() => "compose-keys-ticket",
            (None, _) => "compose-keys",
        };
        let hint = cut(&locale.text(key), usize::from(area.width.saturating_sub(4)));
        let foot = Line::styled(format!(" {hint} "), theme.style(Role::Dim));
        let block = Block::bordered().border_style(style).title(Line::from(title)).title_bottom(foot);
        let inner = block.inner(area);
        frame.render_widget(Clear, area);
        frame.render_widget(block, area);
        let inner = self.draw_above(frame, inner, context);
        let caret = self.draw_text(frame, inner, focused, context);
        if let (true, Some(popup)) = (focused, &self.popup) {
            draw_popup(popup, frame, area, context);
        }
        caret.filter(|_| focused)
    }

    /// What is answered and what is asked, over the text.
    fn draw_above(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Rect {
        let cells = usize::from(area.width);
        let mut lines = Vec::new();
        if let Some(quote) = &self.answering {
            let line = context.locale.with("compose-answers", &[("who", &quote.who), ("line", &quote.line)]);
            lines.push(Line::styled(cut(&line, cells), context.theme.style(Role::Dim)));
        }
        let role = if self.asking.is_some() { Role::Danger } else { Role::Warning };
        lines.extend(self.told(cells).into_iter().map(|line| Line::styled(line, context.theme.style(role))));
        let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height.saturating_sub(1));
        let (top, rest) = paint::take_top(area, rows);
        paint::lines(frame, top, lines);
        rest
    }

    fn draw_text(&self, frame: &mut Frame<'_>, area: Rect, focused: bool, context: &Context<'_>) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        // The caret may stand right after the last cell.
        let cells = usize::from(area.width).saturating_sub(1);
        let rows = usize::from(area.height);
        self.extent.set((cells, rows));
        let laid = self.editor.lay_out(cells);
        let most = laid.rows.len().saturating_sub(rows);
        let first = self.first.get().min(most).min(laid.caret.0).max((laid.caret.0 + 1).saturating_sub(rows));
        self.first.set(first);
        let plain = context.theme.style(if focused { Role::Text } else { Role::Dim });
        let marked = plain.add_modifier(Modifier::REVERSED);
        let text = self.editor.text();
        let selection = self.editor.selection().unwrap_or(0..0);
        let lines = laid.rows.iter().skip(first).map(|row| {
            let (from, to) = (selection.start.clamp(row.start, row.end), selection.end.clamp(row.start, row.end));
            let parts = [(row.start..from, plain), (from..to, marked), (to..row.end, plain)];
            Line::from_iter(parts.into_iter().map(|(part, style)| Span::styled(text[part].to_owned(), style)))
        });
        paint::lines(frame, area, lines);
        let column = u16::try_from(laid.caret.1).unwrap_or(u16::MAX).min(area.width - 1);
        let row = u16::try_from(laid.caret.0 - first).unwrap_or(u16::MAX).min(area.height - 1);
        Some(Position { x: area.x + column, y: area.y + row })
    }
}

/// Over the composer, as far as there is room.
fn draw_popup(popup: &Popup, frame: &mut Frame<'_>, below: Rect, context: &Context<'_>) {
    let theme = context.theme;
    let label = popup.items.iter().map(|item| width(&item.label)).max().unwrap_or(0);
    let hint = popup.items.iter().map(|item| width(&item.hint)).max().unwrap_or(0);
    let preview = popup.items.get(popup.index).map(|item| item.preview.as_str()).filter(|preview| !preview.is_empty());
    let most = usize::from(below.width.saturating_sub(2)).max(1);
    let cells = (label + hint + 5).max(if preview.is_some() { 60 } else { 0 }).min(most);
    let query = Query::new(popup.typed());
    let mut lines: Vec<Line<'_>> = popup
        .items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let (mark, role) = if index == popup.index { (">", Role::Selected) } else { (" ", Role::Text) };
            let room = cells.saturating_sub(label + 4);
            let (name, found) = (label.min(cells.saturating_sub(3)), theme.style(Role::Match));
            let mut spans = vec![Span::styled(format!("{mark} "), theme.style(role))];
            spans.extend(marked::spans(&item.label, name, &places(&item.label, &query), theme.style(role), found));
            spans.push(Span::raw(" "));
            spans.extend(marked::spans(&item.hint, room, &places(&item.hint, &query), theme.style(Role::Dim), found));
            Line::from(spans)
        })
        .collect();
    if let Some(preview) = preview {
        let shown = wrap(&clean_lines(preview), cells.saturating_sub(2).max(2));
        lines.extend(shown.into_iter().take(PREVIEW_MAX).map(|line| Line::styled(format!("  {line}"), theme.style(Role::Accent))));
    }
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(below.y.saturating_sub(frame.area().y));
    if height < 3 {
        return;
    }
    let area = Rect { x: below.x, y: below.y - height, width: u16::try_from(cells + 2).unwrap_or(below.width).min(below.width), height };
    let block = Block::bordered().border_style(theme.style(Role::BorderFocused));
    let inner = block.inner(area);
    frame.render_widget(Clear, area);
    frame.render_widget(block, area);
    paint::lines(frame, inner, lines);
}
