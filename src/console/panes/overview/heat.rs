//! When tickets arrive, by weekday and hour: a number where it fits, a shade where not, the marked cell in words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::state::{Chart, OverviewPane};
use crate::base::text::{cut, fit};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::{paint, plot};
use crate::domain::stats::Overview;
use crate::domain::stats::heat::cell;

/// Cells of a weekday's name.
const DAY: usize = 5;

pub fn draw(pane: &OverviewPane, figures: &Overview, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let of = |day: usize, hour: usize| figures.heat.get(cell(day, hour)).copied().unwrap_or(0);
    let most = figures.heat.iter().copied().max().unwrap_or(0);
    let cells = (usize::from(area.width).saturating_sub(DAY) / 24).clamp(1, 5);
    let focused = pane.chart == Chart::Heat;
    let dim = context.theme.style(Role::Dim);
    let hours = (0..24).step_by(if cells < 3 { 3 } else { 1 }).fold(" ".repeat(DAY), |line, hour| {
        let wide = if cells < 3 { cells * 3 } else { cells };
        line + &fit(&format!("{hour:02}"), wide)
    });
    let mut lines = vec![Line::styled(hours, dim)];
    for day in 0..7 {
        let name = context.locale.text(&format!("overview-weekday-{day}")).into_owned();
        let mut spans = vec![Span::styled(fit(&cut(&name, DAY - 1), DAY), dim)];
        for hour in 0..24 {
            let value = of(day, hour);
            let marked = focused && (day, hour) == pane.cell;
            spans.push(Span::styled(shown(value, most, cells), style(value, most, marked, context)));
        }
        lines.push(Line::from(spans));
    }
    let (day, hour) = pane.cell;
    let args = [
        ("day", context.locale.text(&format!("overview-weekday-{day}")).into_owned()),
        ("from", format!("{hour:02}:00")),
        ("to", format!("{:02}:00", (hour + 1) % 24)),
        ("count", of(day, hour).to_string()),
    ];
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let said = context.locale.with("overview-heat-cell", &args);
    let scale = context.locale.with("overview-heat-most", &[("count", &most.to_string())]);
    let role = if focused { Role::Text } else { Role::Dim };
    lines.push(Line::styled(cut(&said, usize::from(area.width)), context.theme.style(role)));
    lines.push(Line::styled(cut(&scale, usize::from(area.width)), dim));
    paint::lines(frame, area, lines);
}

/// A shade, and its number where that fits behind it.
fn shown(value: u32, most: u32, cells: usize) -> String {
    let shade = plot::shade(value, most);
    let number = value.to_string();
    if cells < 3 {
        return String::from(shade).repeat(cells);
    }
    let number = if value == 0 || number.len() > cells - 1 { String::from(shade).repeat(cells - 2) } else { number };
    fit(&format!("{shade}{number}"), cells)
}

fn style(value: u32, most: u32, marked: bool, context: &Context<'_>) -> ratatui::style::Style {
    let role = match plot::level(value, most) {
        0 => Role::Dim,
        1 | 2 => Role::Text,
        3 => Role::Warning,
        _ => Role::Danger,
    };
    let style = context.theme.style(role);
    if marked { style.add_modifier(Modifier::REVERSED) } else { style }
}
