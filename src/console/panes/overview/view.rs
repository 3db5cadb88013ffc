//! The pane's frame: span and queue above, the sums, then all charts where there is room, otherwise the one with the keys.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Borders};

use super::state::{Chart, OverviewPane};
use super::{flow, heat, load, places, waits};
use crate::base::text::{clean, cut};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::paint;
use crate::console::words;
use crate::domain::stats::{Overview, Range};

/// From here on all charts are shown at once.
const WIDE: (u16, u16) = (110, 30);
/// From here on in three columns.
const VERY_WIDE: u16 = 180;

pub fn draw(pane: &OverviewPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    pane.seen.set(true);
    let (head, body) = paint::take_top(area, 2);
    let sums = pane.figures.as_ref().map(|figures| sums(figures, context)).unwrap_or_default();
    paint::lines(frame, head, [span_line(pane, area.width, context), Line::raw(cut(&sums, usize::from(area.width)))]);
    let Some(figures) = &pane.figures else {
        let text = match &pane.why {
            Some(why) => context.locale.with("overview-none", &[("why", &clean(why))]),
            None => context.locale.text("overview-loading").into_owned(),
        };
        let lines = crate::base::text::wrap(&text, usize::from(area.width)).into_iter().map(Line::raw);
        paint::lines(frame, body, lines.collect::<Vec<_>>());
        return;
    };
    if area.width < WIDE.0 || area.height < WIDE.1 {
        let (tabs, body) = paint::take_top(body, 1);
        paint::lines(frame, tabs, [tabs_line(pane, context)]);
        chart(pane, pane.chart, figures, frame, body, context);
        return;
    }
    for (chart_id, place) in Chart::ALL.into_iter().zip(grid(body)) {
        let focused = chart_id == pane.chart;
        let style = context.theme.style(if focused { Role::BorderFocused } else { Role::Border });
        let title = format!("{}{} ", if focused { ">" } else { " " }, context.locale.text(chart_id.title()));
        let block = Block::new().borders(Borders::TOP).border_style(style).title(Line::styled(title, style));
        let inner = block.inner(place);
        frame.render_widget(block, place);
        chart(pane, chart_id, figures, frame, Rect { width: inner.width.saturating_sub(1), ..inner }, context);
    }
}

/// Six places, filled by rows.
/// The chart under a cell, where all are on the screen.
pub fn chart_at(area: Rect, at: Position) -> Option<Chart> {
    let all = area.width >= WIDE.0 && area.height >= WIDE.1;
    let place = grid(paint::take_top(area, 2).1).into_iter().position(|place| place.contains(at))?;
    Chart::ALL.get(place).copied().filter(|_| all)
}

fn grid(body: Rect) -> Vec<Rect> {
    let columns: u16 = if body.width >= VERY_WIDE { 3 } else { 2 };
    let rows = 6 / columns;
    let at = |index: u16| {
        let (column, row) = (index % columns, index / columns);
        let (left, right) = (body.width * column / columns, body.width * (column + 1) / columns);
        let (top, bottom) = (body.height * row / rows, body.height * (row + 1) / rows);
        Rect { x: body.x + left, y: body.y + top, width: right - left, height: bottom - top }
    };
    (0..6).map(at).collect()
}

fn chart(pane: &OverviewPane, chart: Chart, figures: &Overview, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    match chart {
        Chart::Flow => flow::flow(pane, figures, frame, area, context),
        Chart::Backlog => flow::backlog(pane, figures, frame, area, context),
        Chart::Response => waits::draw(pane, figures, frame, area, context),
        Chart::Load => load::draw(pane, figures, frame, area, context),
        Chart::Heat => heat::draw(pane, figures, frame, area, context),
        Chart::Places => places::draw(pane, figures, frame, area, context),
    }
}

/// The spans with the chosen one in brackets, the queue, and how old the figures are.
fn span_line<'a>(pane: &OverviewPane, width: u16, context: &Context<'_>) -> Line<'a> {
    let (theme, locale) = (context.theme, context.locale);
    let mut spans = Vec::new();
    for range in Range::ALL {
        let name = locale.text(&format!("overview-range-{range}")).into_owned();
        let here = range == pane.range;
        let text = if here { format!("[{name}]") } else { format!(" {name} ") };
        spans.push(Span::styled(text, theme.style(if here { Role::Accent } else { Role::Dim })));
    }
    let queue = pane.queue.map_or_else(|| locale.text("overview-all-queues").into_owned(), |id| words::queue(context.directory, id));
    spans.push(Span::styled(format!("  {}", cut(&queue, 30)), theme.style(Role::Title)));
    if let Some(figures) = &pane.figures {
        let at = context.instant(figures.at);
        let (text, role) = match &pane.why {
            Some(_) => {
                let age = locale.span((context.now - figures.at).num_seconds().max(0));
                (locale.with("overview-stale", &[("at", &at), ("span", &age)]), Role::Warning)
            }
            None => (locale.with("overview-at", &[("at", &at)]), Role::Dim),
        };
        let used: usize = spans.iter().map(Span::width).sum();
        spans.push(Span::styled(format!("  {}", cut(&text, usize::from(width).saturating_sub(used + 2))), theme.style(role)));
    }
    Line::from(spans)
}

fn tabs_line<'a>(pane: &OverviewPane, context: &Context<'_>) -> Line<'a> {
    let place = Chart::ALL.iter().position(|chart| *chart == pane.chart).unwrap_or(0) + 1;
    let style = context.theme.style(Role::Title).add_modifier(Modifier::BOLD);
    let name = format!("{} ", context.locale.text(pane.chart.title()));
    Line::from(vec![Span::styled(name, style), Span::styled(format!("({place}/6)"), context.theme.style(Role::Dim))])
}

fn sums(figures: &Overview, context: &Context<'_>) -> String {
    let (mut arrived, mut solved) = (0_u64, 0_u64);
    for step in &figures.steps {
        arrived += u64::from(step.arrived);
        solved += u64::from(step.solved);
    }
    let sum = |of: fn(&crate::domain::stats::QueueHealth) -> u32| figures.queues.iter().map(of).sum::<u32>().to_string();
    let args = [
        ("arrived", arrived.to_string()),
        ("solved", solved.to_string()),
        ("unsolved", sum(|queue| queue.unsolved)),
        ("waiting", sum(|queue| queue.waiting)),
        ("late", sum(|queue| queue.late)),
    ];
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    context.locale.with("overview-sums", &args)
}
