//! The layer on the screen. Reads only.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Paragraph};
use ratatui_image::Image;

use super::attach::{Attach, Step, folder};
use super::open::Opened;
use super::pager::Pager;
use super::{FilesLayer, Shown, Top};
use crate::base::text;
use crate::client::files::copies::bytes;
use crate::client::files::{FileItem, Transfer};
use crate::console::conversation::look;
use crate::console::find::matcher::{Query, places};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::marked::spans as marked_spans;
use crate::console::words;
use crate::domain::conversation::{Author, Visibility};

impl FilesLayer {
    /// Draws over `area`; returns the caret's place.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
        let shown = self.shown.as_ref()?;
        if area.width < 4 || area.height < 4 {
            return None;
        }
        frame.render_widget(Clear, area);
        let (title, hint, role) = frame_words(shown, context);
        let style = context.theme.style(role);
        let hint = Line::styled(format!(" {} ", text::cut(&hint, usize::from(area.width) - 4)), context.theme.style(Role::Dim));
        let title = Line::styled(format!(" {} ", text::cut(&title, usize::from(area.width) - 4)), style);
        let block = Block::bordered().border_style(style).title(title).title_bottom(hint);
        let inner = block.inner(area);
        frame.render_widget(block, area);
        match &shown.top {
            Top::Nothing => list(shown, frame, inner, context),
            Top::Loading(item) => loading(shown, item, frame, inner, context),
            Top::Picture(item, opened) => picture(item, opened, frame, inner, context),
            Top::Text(_, pager) => return pages(pager, frame, inner, context),
            Top::Bytes(item, lines) => dump(item, lines, frame, inner, context),
            Top::Save(item, prompt) => {
                list(shown, frame, inner, context);
                let ask = context.locale.with("files-save-as", &[("name", &text::clean(&item.name))]);
                return line_at_bottom(frame, inner, &ask, prompt, context);
            }
            Top::Attach(attach) => return attaching(attach, frame, inner, context),
        }
        None
    }
}

fn frame_words(shown: &Shown, context: &Context<'_>) -> (String, String, Role) {
    let locale = context.locale;
    let number = format!("#{}", shown.ticket);
    let named = |item: &FileItem| format!("{}  {}  {}", text::clean(&item.name), text::clean(&item.media_type), bytes(item.bytes()));
    let word = |key: &str| locale.text(key).into_owned();
    let (title, hint, role) = match &shown.top {
        Top::Nothing | Top::Loading(_) | Top::Save(..) => {
            (locale.with("files-title", &[("number", &number)]), "files-keys", Role::BorderFocused)
        }
        Top::Picture(item, _) | Top::Bytes(item, _) => (named(item), "files-view-keys", Role::BorderFocused),
        Top::Text(item, _) => (named(item), "files-pager-keys", Role::BorderFocused),
        Top::Attach(attach) => {
            let key = if matches!(attach.step, Step::Path { .. }) { "files-path-keys" } else { "files-say-keys" };
            let role = if attach.visibility == Visibility::Public { Role::Public } else { Role::Internal };
            (locale.with("files-attach", &[("number", &number)]), key, role)
        }
    };
    (title, word(hint), role)
}

fn who(item: &FileItem, context: &Context<'_>) -> String {
    match &item.author {
        Author::Person { id } => words::person(context.directory, *id),
        Author::Requester { name, .. } => text::clean(name),
        Author::System => "-".to_owned(),
    }
}

/// Files listed at once in an area of so many lines: what is on its way and why the list is old stand below.
pub fn list_rows(shown: &Shown, height: u16) -> usize {
    usize::from(height).saturating_sub(shown.transfers.len() + usize::from(shown.note.is_some())).max(1)
}

fn list(shown: &Shown, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let width = usize::from(area.width);
    let style = |role| context.theme.style(role);
    let mut lines: Vec<Line<'_>> = Vec::new();
    let moving = shown.transfers.iter().map(|transfer| progress(transfer, width, context));
    let rows = list_rows(shown, area.height);
    if shown.files.is_empty() {
        let key = if shown.loaded { "files-none" } else { "files-loading" };
        lines.push(Line::styled(context.locale.text(key).into_owned(), style(Role::Dim)));
    }
    let first = (shown.selected / rows) * rows;
    for (index, item) in shown.files.iter().enumerate().skip(first).take(rows) {
        lines.push(row(item, index == shown.selected, width, context));
    }
    if let Some(note) = &shown.note {
        lines.push(Line::styled(text::cut(&text::clean(note), width), style(Role::Warning)));
    }
    lines.extend(moving);
    frame.render_widget(Paragraph::new(lines), area);
}

fn row(item: &FileItem, selected: bool, width: usize, context: &Context<'_>) -> Line<'static> {
    let style = |role| context.theme.style(role);
    let (mark, _, role) = look::written(item.visibility);
    let kind = if item.lies {
        context.locale.with("files-lies", &[("type", &text::clean(&item.media_type))])
    } else if item.file.is_none() {
        context.locale.text("files-elsewhere").into_owned()
    } else {
        text::clean(&item.media_type)
    };
    let at = context.instant(item.at);
    // Name takes what the others leave: type up to 24, size 10, who up to 16, when 11.
    let (type_cells, who_cells) = ((width / 5).clamp(10, 24), (width / 7).clamp(8, 16));
    let name = width.saturating_sub(2 + 2 + 1 + type_cells + 12 + who_cells + 12).max(8);
    Line::from(vec![
        Span::styled(if selected { "> " } else { "  " }, style(Role::Selected)),
        Span::styled(format!("{mark} "), style(role)),
        Span::styled(text::fit(&text::clean(&item.name), name), style(if selected { Role::Selected } else { Role::Text })),
        Span::raw(" "),
        Span::styled(text::fit(&kind, type_cells), style(if item.lies { Role::Warning } else { Role::Dim })),
        Span::raw(format!(" {:>10} ", bytes(item.bytes()))),
        Span::raw(text::fit(&who(item, context), who_cells)),
        Span::styled(format!(" {at}"), style(Role::Dim)),
    ])
}

fn progress(transfer: &Transfer, width: usize, context: &Context<'_>) -> Line<'static> {
    const CELLS: u64 = 20;
    if let Some(why) = &transfer.failed {
        let said = format!("! {}: {}", text::clean(&transfer.name), text::clean(why));
        return Line::styled(text::cut(&said, width), context.theme.style(Role::Danger));
    }
    let filled = (transfer.done.min(transfer.size) * CELLS).checked_div(transfer.size).unwrap_or(CELLS);
    let bar: String = (0..CELLS).map(|cell| if cell < filled { '#' } else { '.' }).collect();
    let arrow = if transfer.up { "^" } else { "v" };
    let said = format!("{arrow} [{bar}] {} / {}  {}", bytes(transfer.done), bytes(transfer.size), text::clean(&transfer.name));
    Line::styled(text::cut(&said, width), context.theme.style(Role::Accent))
}

fn loading(shown: &Shown, item: &FileItem, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let mut lines = vec![Line::raw(text::cut(&text::clean(&item.name), usize::from(area.width)))];
    let own = shown.transfers.iter().find(|transfer| Some(transfer.file) == item.file);
    lines.push(own.map_or_else(
        || Line::styled(context.locale.text("files-loading").into_owned(), context.theme.style(Role::Dim)),
        |transfer| progress(transfer, usize::from(area.width), context),
    ));
    frame.render_widget(Paragraph::new(lines), area);
}

fn picture(item: &FileItem, opened: &Opened, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let Opened::Picture { shown, width, height } = opened else { return };
    let size = shown.size();
    let at = Rect { width: size.width.min(area.width), height: size.height.min(area.height.saturating_sub(1)), ..area };
    frame.render_widget(Image::new(shown), at);
    let mut said = format!("{width} x {height}");
    if item.lies {
        said = format!("{said}  {}", context.locale.with("files-lies", &[("type", &text::clean(&item.media_type))]));
    }
    let last = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
    frame.render_widget(Line::styled(said, context.theme.style(Role::Dim)), last);
}

fn pages(pager: &Pager, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
    let (body, foot) = (Rect { height: area.height - 1, ..area }, Rect { y: area.bottom() - 1, height: 1, ..area });
    let room = usize::from(area.width).saturating_sub(pager.gutter()).max(1);
    let rows = usize::from(body.height);
    let mut lines: Vec<Line<'static>> = Vec::new();
    for line in &pager.page.lines {
        if lines.len() >= rows {
            break;
        }
        let number = Span::styled(pager.number(line), context.theme.style(Role::Dim));
        if pager.wraps {
            let parts = text::wrap(&line.text, room);
            let blank = " ".repeat(pager.gutter());
            for (index, part) in parts.into_iter().enumerate() {
                let gutter = if index == 0 { number.clone() } else { Span::raw(blank.clone()) };
                lines.push(Line::from_iter(std::iter::once(gutter).chain(found(&part, &pager.needle, context))));
            }
        } else {
            let moved = skip(&line.text, pager.left);
            let cut = text::cut(moved, room);
            lines.push(Line::from_iter(std::iter::once(number).chain(found(&cut, &pager.needle, context))));
        }
    }
    lines.truncate(rows);
    frame.render_widget(Paragraph::new(lines), body);
    if let Some(typing) = &pager.typing {
        frame.render_widget(Line::styled("/", context.theme.style(Role::Key)), foot);
        return typing.draw(frame, Rect { x: foot.x + 1, width: foot.width - 1, ..foot });
    }
    let mut said = format!("{}%  {}", pager.percent(), bytes(pager.page.size));
    if !pager.needle.is_empty() {
        said = format!("{said}  /{}", pager.needle);
    }
    if pager.busy {
        said.push_str("  …");
    }
    let note = pager.note.as_ref().map(|note| format!("  {}", text::clean(note))).unwrap_or_default();
    let spans = vec![Span::styled(said, context.theme.style(Role::Dim)), Span::styled(note, context.theme.style(Role::Warning))];
    frame.render_widget(Line::from(spans), foot);
    None
}

/// The text after its first `cells`.
fn skip(line: &str, cells: usize) -> &str {
    use unicode_segmentation::UnicodeSegmentation;
    let mut used = 0;
    for (index, grapheme) in line.grapheme_indices(true) {
        if used >= cells {
            return &line[index..];
        }
        used += text::width(grapheme);
    }
    if cells == 0 { line } else { "" }
}

/// A line with what was searched for marked.
fn found(line: &str, needle: &str, context: &Context<'_>) -> Vec<Span<'static>> {
    let plain = || vec![Span::raw(line.to_owned())];
    if needle.is_empty() {
        return plain();
    }
    let (folded, needle) = (text::fold(line), text::fold(needle));
    // Folding may change lengths: then nothing is marked rather than the wrong place.
    if folded.len() != line.len() {
        return plain();
    }
    let style: Style = context.theme.style(Role::Match);
    let (mut spans, mut from) = (Vec::new(), 0);
    while let Some(at) = folded[from..].find(&needle).map(|at| at + from) {
        let end = at + needle.len();
        let (Some(before), Some(hit)) = (line.get(from..at), line.get(at..end)) else { return plain() };
        spans.push(Span::raw(before.to_owned()));
        spans.push(Span::styled(hit.to_owned(), style));
        from = end;
    }
    spans.push(Span::raw(line[from..].to_owned()));
    spans
}

fn dump(item: &FileItem, lines: &[String], frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let at = context.instant(item.at);
    let facts = format!("{}  {}  {at}", who(item, context), bytes(item.bytes()));
    let mut shown = vec![Line::styled(facts, context.theme.style(Role::Dim)), Line::raw("")];
    shown.extend(lines.iter().take(usize::from(area.height).saturating_sub(2)).map(|line| Line::raw(line.clone())));
    frame.render_widget(Paragraph::new(shown), area);
}

fn line_at_bottom(
    frame: &mut Frame<'_>,
    area: Rect,
    ask: &str,
    prompt: &crate::console::overlay::Prompt,
    context: &Context<'_>,
) -> Option<Position> {
    let ask = format!("{} ", text::cut(ask, usize::from(area.width) / 2));
    let cells = u16::try_from(text::width(&ask)).unwrap_or(0).min(area.width);
    let line = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
    frame.render_widget(Clear, line);
    frame.render_widget(Line::styled(ask, context.theme.style(Role::Key)), line);
    prompt.draw(frame, Rect { x: line.x + cells, width: line.width - cells, ..line })
}

fn attaching(attach: &Attach, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
    let style = |role| context.theme.style(role);
    let width = usize::from(area.width);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for file in &attach.files {
        let said = format!("+ {}  {}  {}", file.name, file.media_type, bytes(file.size));
        lines.push(Line::styled(text::cut(&text::clean(&said), width), style(Role::Accent)));
    }
    let (ask, prompt) = match &attach.step {
        Step::Path { prompt, found, marked, note, busy, .. } => {
            if let Some(note) = note {
                lines.push(Line::styled(text::cut(&text::clean(note), width), style(Role::Danger)));
            } else if *busy {
                lines.push(Line::styled(context.locale.text("files-reading").into_owned(), style(Role::Dim)));
            }
            let room = usize::from(area.height).saturating_sub(lines.len() + 1);
            // The folder stands in the line below; a list of names is read faster.
            let folder = folder(prompt.value()).map_or(0, str::len);
            let typed = Query::new(prompt.value().get(folder..).unwrap_or_default());
            let first = marked.map_or(0, |index| index / room.max(1) * room.max(1));
            lines.extend(found.iter().enumerate().skip(first).take(room).map(|(index, path)| {
                let name = path.get(folder..).unwrap_or(path);
                let (mark, role) = if *marked == Some(index) { ("> ", Role::Selected) } else { ("  ", Role::Text) };
                let mut spans = vec![Span::styled(mark, style(Role::Selected))];
                spans.extend(marked_spans(name, width.saturating_sub(2), &places(name, &typed), style(role), style(Role::Match)));
                Line::from(spans)
            }));
            (context.locale.text("files-path").into_owned(), prompt)
        }
        Step::Say { prompt } => {
            let (key, role) =
                if attach.visibility == Visibility::Public { ("files-public", Role::Public) } else { ("files-internal", Role::Internal) };
            lines.push(Line::styled(context.locale.text(key).into_owned(), style(role)));
            (context.locale.text("files-say").into_owned(), prompt)
        }
    };
    frame.render_widget(Paragraph::new(lines), area);
    line_at_bottom(frame, area, &ask, prompt, context)
}
