//! The wallboard: numbers that are read from across the room. Each says in a word what it is, and by a `!` that it should be
//! nought.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::{about, clock_time, head, next_change, standing};
use crate::base::text::{cut, fit, width};
use crate::console::app::model::Model;
use crate::console::board::{Board, Page};
use crate::console::call_words;
use crate::console::config::Glyphs;
use crate::console::panes::overview::load;
use crate::console::theme::Role;
use crate::console::widgets::big_digits::{ROWS, big, scale_for};
use crate::console::widgets::{paint, plot};
use crate::console::words;
use crate::domain::escalation::EscalationState;
use crate::domain::stats::QueueHealth;
use crate::domain::stats::load::people;

/// Rows of the backlog's plot with its label, at least.
const PLOT_ROWS: u16 = 5;
/// Rows from which on it is kept room for.
const PLOT_FROM: u16 = 19;
/// Four numbers in a row from this width on, two otherwise.
const FOUR_FROM: u16 = 110;

struct Tile {
    number: u32,
    label: &'static str,
    /// Should be nought.
    bad: bool,
    role: Role,
}

pub fn draw(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let page = model.board.shown((area.width, area.height));
    let (top, rest) = paint::take_top(area, 1);
    let (body, bottom) = paint::take_bottom(rest, 1);
    let title = format!("{} · {}", model.shared.locale.text("wallboard-title"), about(model));
    paint::lines(frame, top, [head(model, &title, area.width)]);
    match page {
        Page::Numbers => numbers(model, frame, body),
        Page::Whole => {
            let rows = u16::try_from(model.board.rows(&model.shared.directory, &model.shared.me).len() + 2).unwrap_or(u16::MAX);
            let (upper, lower) = paint::take_bottom(body, rows.min(body.height / 3));
            numbers(model, frame, upper);
            queues(model, frame, lower);
        }
        Page::Queues => queues(model, frame, body),
        Page::People => people_page(model, frame, body),
    }
    paint::lines(frame, bottom, [foot(model, area)]);
}

fn foot(model: &Model, area: Rect) -> Line<'static> {
    let locale = &model.shared.locale;
    let pages = Board::pages((area.width, area.height)).len();
    let page = locale.with("wallboard-page", &[("page", &(model.board.page % pages + 1).to_string()), ("pages", &pages.to_string())]);
    let keys = locale.text(if model.board.kiosk { "wallboard-quit" } else { "wallboard-leave" });
    Line::styled(format!(" {page}  {keys}"), model.shared.theme.style(Role::Dim))
}

fn numbers(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let rows = model.board.rows(&model.shared.directory, &model.shared.me);
    let sum = |of: fn(&QueueHealth) -> u32| rows.iter().map(of).sum::<u32>();
    let on_duty = model.board.on_duty(&model.shared.directory, &model.shared.me).len();
    let tile = |label: &'static str, number: u32, role: Role| Tile {
        number,
        label,
        bad: number > 0,
        role: if number > 0 { role } else { Role::Good },
    };
    let on_duty = u32::try_from(on_duty).unwrap_or(u32::MAX);
    let tiles = [
        tile("wallboard-unassigned", sum(|row| row.waiting), Role::Accent),
        tile("wallboard-breaching", sum(|row| row.breaching), Role::Warning),
        tile("wallboard-late", sum(|row| row.late), Role::Danger),
        Tile {
            number: on_duty,
            label: "wallboard-on-duty",
            bad: on_duty == 0,
            role: if on_duty == 0 { Role::Danger } else { Role::OnDuty },
        },
    ];
    let columns: u16 = if area.width >= FOUR_FROM { 4 } else { 2 };
    let tile_rows = 4 / columns;
    let (area, lines) = paint::take_bottom(area, 2);
    // On the smallest screens the numbers go before the plot.
    let plot_rows = if area.height < PLOT_FROM { 0 } else { PLOT_ROWS };
    let room = area.height.saturating_sub(plot_rows) / tile_rows;
    let cells = usize::from(area.width / columns).saturating_sub(2);
    // All numbers are as large as the widest allows: sizes must not rank them.
    let scale = tiles.iter().map(|tile| scale_for(tile.number, cells, usize::from(room.saturating_sub(2)))).min().flatten();
    let height = scale.map_or(3, |scale| u16::try_from(ROWS * scale + 2).unwrap_or(room)).min(room.max(2));
    for (at, tile) in (0..4_u16).zip(&tiles) {
        let (column, row) = (at % columns, at / columns);
        let place = Rect { x: area.x + area.width * column / columns, y: area.y + height * row, width: area.width / columns, height };
        draw_tile(model, frame, place, tile, scale);
    }
    let used = (height * tile_rows).min(area.height);
    let (_, plot_area) = paint::take_top(area, used);
    backlog(model, frame, plot_area, sum(|row| row.unsolved));
    let asked = model.shared.calls.iter().filter(|call| call.state == EscalationState::Asked).count();
    let calls_role = if asked > 0 { Role::Warning } else { Role::Text };
    let calls = format!(" {}", model.shared.locale.count("wallboard-calls", asked));
    let said = [
        Line::styled(calls, model.shared.theme.style(calls_role).add_modifier(Modifier::BOLD)),
        Line::styled(format!(" {}", next_change(model)), model.shared.theme.style(Role::Text).add_modifier(Modifier::BOLD)),
    ];
    paint::lines(frame, lines, said);
}

fn draw_tile(model: &Model, frame: &mut Frame<'_>, area: Rect, tile: &Tile, scale: Option<usize>) {
    let style = model.shared.theme.style(tile.role);
    let fill = if model.screen.glyphs == Glyphs::Ascii { '#' } else { '█' };
    let mut lines: Vec<Line<'_>> = match scale {
        Some(scale) => big(tile.number, scale, fill).into_iter().map(|row| Line::styled(format!("  {row}"), style)).collect(),
        None => vec![Line::styled(format!("  {}", tile.number), style.add_modifier(Modifier::BOLD))],
    };
    let mark = if tile.bad { "! " } else { "" };
    let label = format!("  {mark}{}", model.shared.locale.text(tile.label));
    lines.push(Line::styled(cut(&label, usize::from(area.width)), style.add_modifier(Modifier::BOLD)));
    paint::lines(frame, area, lines);
}

/// The backlog of the last 24 hours, its numbers in words.
fn backlog(model: &Model, frame: &mut Frame<'_>, area: Rect, unsolved: u32) {
    if area.height < 2 {
        return;
    }
    let theme = &model.shared.theme;
    let values = model.board.backlog(&model.shared.directory, &model.shared.me);
    let name = model.shared.locale.text("wallboard-backlog").into_owned();
    let now = model.shared.locale.with("wallboard-backlog-now", &[("n", &unsolved.to_string())]);
    let (least, most) = (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
    let span = if values.is_empty() { String::new() } else { format!("  {least}-{most}") };
    let title = Line::from(vec![
        Span::styled(format!(" {name}{span}  "), theme.style(Role::Dim)),
        Span::styled(now, theme.style(Role::Text).add_modifier(Modifier::BOLD)),
    ]);
    let room = usize::from(area.width).saturating_sub(2);
    let rows = usize::from(area.height - 1).min(8);
    let cells = plot::cells_each(values.len(), room);
    let shown = &values[values.len().saturating_sub(room / cells)..];
    let plotted = plot::columns(shown, most, cells, rows).into_iter().map(|row| Line::styled(format!(" {row}"), theme.style(Role::Accent)));
    paint::lines(frame, area, std::iter::once(title).chain(plotted).collect::<Vec<_>>());
}

/// One cell of the table of queues.
struct Column {
    head: String,
    cells: usize,
}

fn queues(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let (theme, locale) = (&model.shared.theme, &model.shared.locale);
    let rows = model.board.rows(&model.shared.directory, &model.shared.me);
    let heads = [
        "wallboard-late",
        "wallboard-word-soon",
        "wallboard-waiting",
        "wallboard-duty",
        "wallboard-oldest",
        "wallboard-next",
        "wallboard-unsolved",
    ];
    let words = ["wallboard-word-late", "wallboard-word-soon", "wallboard-word-waits", "wallboard-word-calm"];
    let word_cells = words.iter().map(|key| width(&locale.text(key))).max().unwrap_or(4) + 1;
    let mut left = usize::from(area.width).saturating_sub(2 + word_cells + 16);
    // What is dropped on a narrow screen is dropped from the end.
    let columns: Vec<Column> = heads
        .iter()
        .map(|key| locale.text(key).into_owned())
        .map_while(|head| {
            let cells = width(&head).max(5) + 2;
            let fits = cells <= left;
            left = left.saturating_sub(cells);
            fits.then_some(Column { head, cells })
        })
        .collect();
    let name_cells = 16 + left.min(24);
    let dim = theme.style(Role::Dim);
    let mut head_line = format!(" {}{}", fit(&locale.text("wallboard-queue"), name_cells), " ".repeat(word_cells));
    for column in &columns {
        head_line.push_str(&right(&column.head, column.cells));
    }
    let mut lines = vec![Line::styled(head_line, dim)];
    for row in &rows {
        let (word, role) = standing(row);
        let since = |at: Option<crate::domain::Timestamp>| at.map(|at| clock_time(model, at).1).unwrap_or_default();
        let values = [
            row.late.to_string(),
            row.breaching.to_string(),
            row.waiting.to_string(),
            row.on_duty.to_string(),
            since(row.oldest_waiting),
            since(row.next_due),
            row.unsolved.to_string(),
        ];
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let name = words::queue(&model.shared.directory, row.queue);
        let mut spans = vec![
            Span::styled(format!(" {}", fit(&cut(&name, name_cells - 1), name_cells)), bold),
            Span::styled(fit(&locale.text(word), word_cells), theme.style(role).add_modifier(Modifier::BOLD)),
        ];
        for (place, (column, value)) in columns.iter().zip(&values).enumerate() {
            let style = match place {
                0 if row.late > 0 => theme.style(Role::Danger),
                1 if row.breaching > 0 => theme.style(Role::Warning),
                3 if row.on_duty == 0 => theme.style(Role::Warning),
                _ => theme.style(Role::Text),
            };
            spans.push(Span::styled(right(value, column.cells), style));
        }
        lines.push(Line::from(spans));
    }
    paint::lines(frame, area, lines);
}

fn right(text: &str, cells: usize) -> String {
    let text = cut(text, cells);
    format!("{}{text}", " ".repeat(cells.saturating_sub(width(&text))))
}

fn people_page(model: &Model, frame: &mut Frame<'_>, area: Rect) {
    let context = model.shared.context();
    let (theme, locale) = (&model.shared.theme, &model.shared.locale);
    let on_duty = model.board.on_duty(&model.shared.directory, &model.shared.me);
    let states = context.agent_states.iter().map(|(id, state)| (*id, state)).collect();
    let mut loads = people(context.directory, &states, None, |person| on_duty.contains(&person));
    loads.retain(|one| one.on_duty);
    let title = |text: String| Line::styled(format!(" {text}"), theme.style(Role::Title).add_modifier(Modifier::BOLD));
    let mut lines = vec![title(format!("{} ({})", locale.text("wallboard-on-duty"), loads.len()))];
    let below = 4 + model.shared.calls.len().min(5);
    let room = usize::from(area.height).saturating_sub(below + 1);
    if loads.is_empty() {
        lines.push(Line::styled(format!(" {}", locale.text("wallboard-nobody")), theme.style(Role::Danger)));
    }
    let cells = usize::from(area.width).min(100);
    lines.extend(loads.iter().take(room).map(|one| load::row(one, false, cells, &context)));
    if loads.len() > room {
        lines.push(Line::styled(format!(" +{}", loads.len() - room), theme.style(Role::Dim)));
    }
    lines.push(Line::raw(""));
    let asked = model.shared.calls.iter().filter(|call| call.state == EscalationState::Asked).count();
    lines.push(title(locale.count("wallboard-calls", asked)));
    for call in model.shared.calls.iter().take(5) {
        let said = format!("  {} #{} {}", call_words::glyph(call.state), call.ticket, call_words::line(call, &context));
        lines.push(Line::styled(cut(&said, usize::from(area.width)), theme.style(call_words::role(call.state))));
    }
    lines.push(title(next_change(model)));
    paint::lines(frame, area, lines);
}
