//! Reports as lines for a terminal: the table of variants side by side, and the curves of backlog and staffing.

use super::report::{Percentiles, Report, Sample};
use super::span::words as span_words;
use super::words::Words;
use crate::base::text::{cut, fit, width};

const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Rows of a curve.
const HEIGHT: usize = 6;
/// Columns of a curve at most.
const COLUMNS_MAX: usize = 144;
const LABEL_MIN: usize = 8;

fn title(report: &Report, words: &Words) -> String {
    report.name_zh.clone().filter(|_| words.chinese).unwrap_or_else(|| report.name.clone())
}

fn right(text: &str, cells: usize) -> String {
    format!("{}{}", " ".repeat(cells.saturating_sub(width(text))), text)
}

/// One line of the table: its label and a cell for each report.
type Row = (String, Vec<String>);

fn times<'a>(rows: &mut Vec<Row>, label: &str, words: &Words, reports: &'a [Report], of: impl Fn(&'a Report) -> &'a Percentiles) {
    let mut row = |name: &str, part: fn(&Percentiles) -> i64| {
        rows.push((format!("{label}, {name}"), reports.iter().map(|report| span_words(part(of(report)))).collect()));
    };
    row(words.median, |times| times.median);
    row("p90", |times| times.p90);
    row("p99", |times| times.p99);
}

/// The variants side by side. Columns are as wide as their texts.
#[must_use]
pub fn table(reports: &[Report], words: &Words) -> Vec<String> {
    let mut rows: Vec<Row> = Vec::new();
    times(&mut rows, words.time_to_assign, words, reports, |report| &report.time_to_assign_s);
    times(&mut rows, words.first_response, words, reports, |report| &report.first_response_s);
    times(&mut rows, words.resolution, words, reports, |report| &report.resolution_s);
    let mut row = |label: &str, of: &dyn Fn(&Report) -> String| rows.push((label.to_owned(), reports.iter().map(of).collect()));
    row(words.breaches, &|report| report.breaches.to_string());
    row(words.backlog_max, &|report| report.backlog_max.to_string());
    row(words.backlog_end, &|report| report.backlog_end.to_string());
    row(words.tickets, &|report| report.tickets.to_string());
    row(words.people, &|report| report.people.to_string());
    row(words.given, &|report| format!("{:.1}", report.load.given_mean));
    row(words.given_max, &|report| report.load.given_max.to_string());
    row(words.busy, &|report| format!("{:.0} %", report.load.busy * 100.0));
    row(words.fairness, &|report| format!("{:.2}", report.fairness));
    row(words.returned, &|report| report.returned.to_string());
    row(words.wall, &|report| format!("{} ms", report.wall_ms));
    let label = rows.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    let cells: Vec<usize> = reports
        .iter()
        .enumerate()
        .map(|(place, report)| rows.iter().map(|(_, cells)| width(&cells[place])).max().unwrap_or(0).max(width(&title(report, words))))
        .collect();
    let line = |head: &str, texts: &[String]| {
        let texts = texts.iter().zip(&cells).map(|(text, cells)| format!("  {}", right(text, *cells)));
        format!("{}{}", fit(head, label), texts.collect::<String>())
    };
    let heads: Vec<String> = reports.iter().map(|report| title(report, words)).collect();
    let mut lines = vec![line("", &heads)];
    lines.extend(rows.iter().map(|(label, cells)| line(label, cells)));
    lines
}

/// Values squeezed into columns: the most of those that fall into one.
fn squeeze(values: &[u32], columns: usize) -> Vec<u32> {
    let columns = columns.min(values.len()).max(1);
    let part =
        |column: usize| (column * values.len() / columns)..((column + 1) * values.len() / columns).max(column * values.len() / columns + 1);
    (0..columns).map(|column| values.get(part(column)).unwrap_or_default().iter().copied().max().unwrap_or(0)).collect()
}

/// Columns of block characters, highest row first; `top` fills them.
fn curve(values: &[u32], top: u32, height: usize) -> Vec<String> {
    let eighths = |value: u32| (u64::from(value) * height as u64 * 8).div_ceil(u64::from(top.max(1)));
    let row = |row: usize| {
        let below = (row * 8) as u64;
        values.iter().map(|value| BLOCKS[usize::try_from(eighths(*value).saturating_sub(below).min(8)).unwrap_or(8)]).collect::<String>()
    };
    (0..height).rev().map(row).collect()
}

/// The hours below a curve: a mark at each midnight, and the hour every six hours where there is room.
fn axis(samples: &[Sample], columns: usize) -> String {
    let mut line: Vec<char> = vec![' '; columns];
    let minutes = samples.last().map_or(1, |sample| sample.minute).max(1);
    let place = |minute: i64| usize::try_from(minute * i64::try_from(columns).unwrap_or(1) / minutes).unwrap_or(usize::MAX);
    let step = if place(360) >= 4 { 360 } else { 1_440 };
    let mut minute = 0;
    while minute < minutes {
        let text = if step == 1_440 { "|".to_owned() } else { format!("{:02}", minute / 60 % 24) };
        for (offset, char) in text.chars().enumerate() {
            if let Some(cell) = line.get_mut(place(minute) + offset) {
                *cell = char;
            }
        }
        minute += step;
    }
    line.into_iter().collect::<String>().trim_end().to_owned()
}

/// Backlog and people on duty of each variant over time, in at most `cells` cells. Variants share one scale, so that curves compare.
#[must_use]
pub fn curves(reports: &[Report], words: &Words, cells: usize) -> Vec<String> {
    let top = reports.iter().flat_map(|report| &report.backlog).map(|sample| sample.backlog).max().unwrap_or(0);
    let staff = reports.iter().flat_map(|report| &report.backlog).map(|sample| sample.on_duty).max().unwrap_or(0);
    let label = [top, staff].iter().map(|value| value.to_string().len()).max().unwrap_or(0).max(LABEL_MIN);
    let columns = cells.saturating_sub(label + 2).clamp(24, COLUMNS_MAX);
    let mut lines = Vec::new();
    for report in reports {
        let backlog = squeeze(&report.backlog.iter().map(|sample| sample.backlog).collect::<Vec<_>>(), columns);
        let people = squeeze(&report.backlog.iter().map(|sample| sample.on_duty).collect::<Vec<_>>(), columns);
        let minutes = report.backlog.last().map_or(0, |sample| sample.minute) / i64::try_from(backlog.len()).unwrap_or(1).max(1);
        let head = format!("{} · {} · {} {minutes} {}", title(report, words), words.backlog, words.each_cell, words.minutes);
        lines.push(String::new());
        lines.push(cut(&head, cells));
        for (place, row) in curve(&backlog, top, HEIGHT).into_iter().enumerate() {
            let mark = if place == 0 { top.to_string() } else { String::new() };
            lines.push(format!("{} {}", right(&mark, label), row.trim_end()));
        }
        lines.push(format!("{} {}", " ".repeat(label), axis(&report.backlog, backlog.len())));
        lines.push(words.staffing.to_owned());
        for (place, row) in curve(&people, staff, 3).into_iter().enumerate() {
            let mark = if place == 0 { staff.to_string() } else { String::new() };
            lines.push(format!("{} {}", right(&mark, label), row.trim_end()));
        }
    }
    lines
}
