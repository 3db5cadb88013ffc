//! One rota: its pattern, shift types, limits and requirements, two weeks of its people, and how evenly the burden lies.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::grid::{self, Grid};
use super::rota_words;
use crate::base::text::{clean, cut, fit, wrap};
use crate::console::pane::Context;
use crate::console::panes::shifts::acts::effects::breach_words;
use crate::console::panes::shifts::rotas::page::{DAYS, RotaPage};
use crate::console::panes::shifts::rotas::text;
use crate::console::panes::shifts::state::ShiftsPane;
use crate::console::panes::shifts::words;
use crate::console::theme::Role;
use crate::console::widgets::paint;
use crate::domain::roster::Rota;

/// Breaches told one by one.
const BREACHES: usize = 5;
/// Cells of a day at most.
const CELL_MAX: u16 = 8;

pub fn draw(pane: &ShiftsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    pane.page.set(usize::from(area.height));
    let Some(page) = &pane.rota_page else { return };
    let Some(rota) = context.directory.rotas.get(&page.rota) else { return };
    let lines = lines(page, rota, area.width, context);
    let top = pane.scroll.min(lines.len().saturating_sub(usize::from(area.height)));
    paint::lines(frame, area, lines.into_iter().skip(top));
}

fn lines<'a>(page: &RotaPage, rota: &Rota, cells: u16, context: &Context<'_>) -> Vec<Line<'a>> {
    let (locale, theme) = (context.locale, context.theme);
    let mut lines = vec![Line::styled(cut(&rota_words(rota, context), usize::from(cells)), theme.style(Role::Accent))];
    lines.extend(facts(rota, usize::from(cells), context));
    lines.push(Line::default());
    lines.extend(two_weeks(&page.weeks, rota, page.first, cells, context));
    lines.push(Line::default());
    if page.breaches.is_empty() && rota.limits.any() {
        lines.push(Line::styled(locale.text("shifts-limits-hold").into_owned(), theme.style(Role::Good)));
    }
    for breach in page.breaches.iter().take(BREACHES) {
        lines.push(Line::styled(cut(&format!("! {}", breach_words(breach, context)), usize::from(cells)), theme.style(Role::Warning)));
    }
    if page.breaches.len() > BREACHES {
        let more = locale.count("shifts-more-breaches", page.breaches.len() - BREACHES);
        lines.push(Line::styled(more, theme.style(Role::Warning)));
    }
    lines.extend(fairness(page, usize::from(cells), context));
    lines
}

/// Label and text of each part, wrapped behind the label.
fn facts<'a>(rota: &Rota, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
    let directory = context.directory;
    let lead = rota.lead.map_or_else(|| "-".to_owned(), |lead| directory.person_name(lead));
    let starts = rota.starts_on.to_string();
    let facts = [
        (
            "shifts-field-pattern",
            format!("{}  {}", text::show_pattern(&rota.pattern), context.locale.with("shifts-from", &[("day", &starts)])),
        ),
        ("shifts-field-types", text::show_shift_types(&rota.shift_types)),
        ("shifts-field-required", text::show_requirements(&rota.required, context.locale.language)),
        ("shifts-field-limits", text::show_limits(&rota.limits, context.locale.language)),
        ("shifts-field-queues", text::show_queues(&rota.queues, directory)),
        ("shifts-field-lead", lead),
        ("shifts-field-approval", context.locale.text(if rota.swap_approval { "shifts-yes" } else { "shifts-no" }).into_owned()),
    ];
    let head = (cells / 5).clamp(8, 22);
    let mut lines = Vec::new();
    for (key, value) in facts {
        let value = clean(&value);
        let value = if value.is_empty() { "-".to_owned() } else { value };
        for (place, part) in wrap(&value, cells.saturating_sub(head).max(1)).into_iter().enumerate() {
            let label = if place == 0 { context.locale.text(key).into_owned() } else { String::new() };
            let label = fit(&cut(&label, head.saturating_sub(1)), head);
            lines.push(Line::from(vec![Span::styled(label, context.theme.style(Role::Dim)), Span::raw(part)]));
        }
    }
    lines
}

/// Two weeks of a rota's people.
#[must_use]
pub fn two_weeks<'a>(
    group: &crate::console::panes::shifts::table::Group,
    rota: &Rota,
    first: chrono::NaiveDate,
    cells: u16,
    context: &Context<'_>,
) -> Vec<Line<'a>> {
    let grid = Grid::new(first, DAYS, cells, (grid::least_cell(std::iter::once(rota)), CELL_MAX), None);
    let mut lines: Vec<Line<'a>> = grid::header(&grid, context).into();
    if !group.gaps.is_empty() {
        lines.push(grid::gap_line(&group.gaps, &grid, context));
    }
    lines.extend(group.people.iter().map(|person| grid::person_line(group, rota, *person, false, &grid, context)));
    lines
}

/// Hours, nights, weekends and holidays of each, most burdened first.
fn fairness<'a>(page: &RotaPage, cells: usize, context: &Context<'_>) -> Vec<Line<'a>> {
    let (locale, theme) = (context.locale, context.theme);
    let report = &page.fairness;
    let names = (cells / 5).clamp(8, 22);
    let columns = |texts: [String; 6]| {
        let body: String =
            texts.iter().map(|text| format!("{}{}", " ".repeat(10usize.saturating_sub(crate::base::text::width(text))), text)).collect();
        body
    };
    let heads =
        ["hours", "more", "shifts", "nights", "weekends", "holidays"].map(|name| locale.text(&format!("shifts-fair-{name}")).into_owned());
    let title = locale.with("shifts-fair-title", &[("deviation", &format!("{:.1}", report.deviation_minutes / 60.0))]);
    let mut lines = vec![
        Line::styled(cut(&title, cells), theme.style(Role::Accent)),
        Line::styled(cut(&format!("{}{}", fit("", names), columns(heads)), cells), theme.style(Role::Dim)),
    ];
    for row in &report.rows {
        let off = row.minutes_off_mean;
        let sign = if off < 0 { "-" } else { "+" };
        let texts = [
            words::hours(row.minutes),
            format!("{sign}{}", words::hours(off.abs())),
            row.shifts.to_string(),
            row.night_shifts.to_string(),
            row.weekend_shifts.to_string(),
            row.holiday_shifts.to_string(),
        ];
        let name = clean(&context.directory.person_name(row.person));
        let line = format!("{}{}", fit(&cut(&name, names.saturating_sub(1)), names), columns(texts));
        lines.push(Line::raw(cut(&line, cells)));
    }
    lines
}
