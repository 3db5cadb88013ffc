//! Charts over time: what arrived and was solved, and what was left. Columns, their scale at the left, times below, and the marked
//! step in words.

use chrono_tz::Tz;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::state::{Chart, OverviewPane};
use crate::base::text::{cut, fit, width};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::{paint, plot};
use crate::domain::Timestamp;
use crate::domain::stats::{Overview, Range, Step};

/// Cells at the left, for names and scales.
const LABELS: usize = 9;

/// A row of columns: its name, its values, how many rows it has.
pub struct Series<'a> {
    pub name: String,
    pub values: Vec<u32>,
    pub role: Role,
    pub rows: usize,
    /// The scale's end in words.
    pub most: String,
    pub top: &'a str,
}

/// Where a step begins, in the words of its range.
pub fn step_time(at: Timestamp, range: Range, zone: Tz) -> String {
    let format = match range {
        Range::Today | Range::Day => "%H:%M",
        Range::Week => "%m-%d %H:%M",
        Range::Month => "%m-%d",
    };
    at.with_timezone(&zone).format(format).to_string()
}

pub fn flow(pane: &OverviewPane, figures: &Overview, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let arrived: Vec<u32> = figures.steps.iter().map(|step| step.arrived).collect();
    let solved: Vec<u32> = figures.steps.iter().map(|step| step.solved).collect();
    // One scale for both: the eye compares them.
    let most = arrived.iter().chain(&solved).copied().max().unwrap_or(0);
    let rows = usize::from(area.height.saturating_sub(2)) / 2;
    let name = |key: &str| context.locale.text(key).into_owned();
    let series = [
        Series { name: name("overview-arrived"), values: arrived, role: Role::Warning, rows, most: most.to_string(), top: "+" },
        Series { name: name("overview-solved"), values: solved, role: Role::Good, rows, most: most.to_string(), top: "-" },
    ];
    let words = |step: &Step, from: &str| {
        let args = [
            ("from", from.to_owned()),
            ("arrived", step.arrived.to_string()),
            ("solved", step.solved.to_string()),
            ("left", step.backlog.to_string()),
        ];
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        context.locale.with("overview-step", &args)
    };
    over_time(pane, figures, &series, most, Chart::Flow, &words, (frame, area), context);
}

pub fn backlog(pane: &OverviewPane, figures: &Overview, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let values: Vec<u32> = figures.steps.iter().map(|step| step.backlog).collect();
    let most = values.iter().copied().max().unwrap_or(0);
    let rows = usize::from(area.height.saturating_sub(2));
    let name = context.locale.text("overview-left").into_owned();
    let series = [Series { name, values, role: Role::Accent, rows, most: most.to_string(), top: "" }];
    let words = |step: &Step, from: &str| context.locale.with("overview-step-left", &[("from", from), ("left", &step.backlog.to_string())]);
    over_time(pane, figures, &series, most, Chart::Backlog, &words, (frame, area), context);
}

/// Series over one another on the same steps, the times, and the marked step in words.
#[expect(clippy::too_many_arguments, reason = "what a chart is made of")]
pub fn over_time(
    pane: &OverviewPane,
    figures: &Overview,
    series: &[Series<'_>],
    most: u32,
    chart: Chart,
    words: &dyn Fn(&Step, &str) -> String,
    (frame, area): (&mut Frame<'_>, Rect),
    context: &Context<'_>,
) {
    let room = usize::from(area.width).saturating_sub(LABELS);
    let cells = plot::cells_each(figures.steps.len(), room);
    // Where there is no room for all, the oldest steps are left out.
    let first = figures.steps.len().saturating_sub(room / cells);
    let marked = pane.marked_step(figures).filter(|_| pane.chart == chart);
    let mut lines: Vec<Line<'_>> = Vec::new();
    for one in series {
        let rows = plot::columns(one.values.get(first..).unwrap_or(&[]), most, cells, one.rows);
        for (row, text) in rows.into_iter().enumerate() {
            let label = match row {
                0 => format!("{}{} ", one.top, one.most),
                1 => format!("{} ", one.name),
                _ => String::new(),
            };
            let label = if one.rows == 1 { format!("{}{} {} ", one.top, one.most, one.name) } else { label };
            let label = fit(&cut(&label, LABELS), LABELS);
            lines.push(Line::from(vec![
                Span::styled(label, context.theme.style(Role::Dim)),
                Span::styled(text, context.theme.style(one.role)),
            ]));
        }
    }
    lines.push(times(figures, first, cells, room, marked, context));
    let said = pane.marked_step(figures).and_then(|at| figures.steps.get(at)).map(|step| {
        let from = step_time(step.from, figures.range, zone_of(figures, context));
        words(step, &from)
    });
    let role = if marked.is_some() { Role::Text } else { Role::Dim };
    lines.push(Line::styled(cut(&said.unwrap_or_default(), usize::from(area.width)), context.theme.style(role)));
    paint::lines(frame, area, lines);
}

/// The zone in which the figures were counted.
pub fn zone_of(figures: &Overview, context: &Context<'_>) -> Tz {
    figures.zone.parse().unwrap_or(context.zone)
}

/// Times where they fit, and a `^` under the marked step.
fn times<'a>(figures: &Overview, first: usize, cells: usize, room: usize, marked: Option<usize>, context: &Context<'_>) -> Line<'a> {
    let zone = zone_of(figures, context);
    let mut line = " ".repeat(LABELS);
    let mut column = 0;
    let mut free_from = 0;
    let mark = marked.and_then(|at| at.checked_sub(first)).map(|at| at * cells);
    let mut before = String::new();
    for step in figures.steps.iter().skip(first) {
        let time = match figures.range {
            Range::Today | Range::Day => step.from.with_timezone(&zone).format("%H").to_string(),
            Range::Week | Range::Month => step.from.with_timezone(&zone).format("%m-%d").to_string(),
        };
        let fits = column >= free_from && column + width(&time) < room;
        // The same day is written once; the mark has its place kept.
        let clear = mark.is_none_or(|mark| mark + 1 < column || mark > column + width(&time));
        if fits && clear && time != before {
            line.push_str(&" ".repeat((LABELS + column).saturating_sub(width(&line))));
            line.push_str(&time);
            free_from = column + width(&time) + 1;
            before = time;
        } else if mark == Some(column) {
            line.push_str(&" ".repeat((LABELS + column).saturating_sub(width(&line))));
            line.push('^');
            free_from = column + 2;
        }
        column += cells;
    }
    Line::styled(line, context.theme.style(Role::Dim))
}
