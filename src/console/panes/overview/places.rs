//! Where work comes from: a map of the sites that have coordinates, and the ranked list, which says it all in words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::canvas::{Canvas, Points};

use super::state::{Chart, OverviewPane, PlaceRow, place_rows};
use crate::base::text::{clean, cut, fit, width};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::{list, paint};
use crate::domain::stats::Overview;

/// The map takes its half from here on.
const MAP_FROM: u16 = 56;
/// Numbers in a list narrower than this have their words in its head alone.
const WORDS_FROM: usize = 56;

pub fn draw(pane: &OverviewPane, figures: &Overview, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let rows = place_rows(figures);
    if rows.is_empty() {
        paint::lines(frame, area, [Line::styled(context.locale.text("overview-no-places").into_owned(), context.theme.style(Role::Dim))]);
        return;
    }
    let mut listed = area;
    if area.width >= MAP_FROM && area.height >= 6 {
        let (map_area, rest) = paint::split_left(area, area.width / 2);
        map(figures, frame, Rect { width: map_area.width.saturating_sub(1), ..map_area }, context);
        listed = rest;
    }
    if usize::from(listed.width) < WORDS_FROM {
        let (head, rest) = paint::take_top(listed, 1);
        let text = context.locale.text("overview-place-head").into_owned();
        let gap = " ".repeat(usize::from(head.width).saturating_sub(width(&text)));
        paint::lines(frame, head, [Line::styled(format!("{gap}{text}"), context.theme.style(Role::Dim))]);
        listed = rest;
    }
    let selected = pane.place.min(rows.len() - 1);
    let focused = pane.chart == Chart::Places;
    let shown = list::page(rows.len(), selected, usize::from(listed.height));
    let lines = shown.filter_map(|at| Some(row(figures, *rows.get(at)?, focused && at == selected, usize::from(listed.width), context)));
    paint::lines(frame, listed, lines.collect::<Vec<_>>());
}

/// `>1 Beijing HOT  3 late, 12 open, 9 in 24 h`; a site is indented under its rank by code.
fn row<'a>(figures: &Overview, row: PlaceRow, selected: bool, cells: usize, context: &Context<'_>) -> Line<'a> {
    let (name, late, open, day, hot) = match row {
        PlaceRow::Region(at) => {
            let one = &figures.regions[at];
            (format!("{}. {}", at + 1, clean(&one.region)), one.late, one.open, one.arrived, one.hot)
        }
        PlaceRow::Site(at) => {
            let one = &figures.places[at];
            (format!("  {} {}", clean(&one.code), clean(&one.name)), one.late, one.open, one.arrived, one.hot)
        }
    };
    let hot = if hot { format!(" {}", context.locale.text("overview-hot")) } else { String::new() };
    let args = [("late", late.to_string()), ("open", open.to_string()), ("day", day.to_string())];
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let figures = context.locale.with(if cells < WORDS_FROM { "overview-place-short" } else { "overview-place" }, &args);
    let room = cells.saturating_sub(width(&figures) + width(&hot) + 2);
    let role = if late > 0 { Role::Danger } else { Role::Text };
    let style = context.theme.style(if selected { Role::Selected } else { Role::Text });
    let mark = if selected { ">" } else { " " };
    Line::from(vec![
        Span::styled(format!("{mark}{}", fit(&cut(&name, room), room)), style),
        Span::styled(hot, context.theme.style(Role::Warning)),
        Span::styled(format!(" {figures}"), context.theme.style(role)),
    ])
}

/// Sites as dots, regions by rank and name; hot ones with a `!`.
fn map(figures: &Overview, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let dots: Vec<(f64, f64)> = figures.places.iter().filter_map(|place| Some((place.longitude?, place.latitude?))).collect();
    let labels: Vec<(f64, f64, String, bool)> = figures
        .regions
        .iter()
        .enumerate()
        .filter_map(|(rank, region)| {
            let hot = region.hot || region.late > 0;
            let mark = if region.hot { "!" } else { "" };
            let label = format!("{mark}{} {} {}", rank + 1, cut(&clean(&region.region), 10), region.arrived);
            Some((region.longitude?, region.latitude?, label, hot))
        })
        .collect();
    let all = || dots.iter().copied().chain(labels.iter().map(|(x, y, ..)| (*x, *y)));
    let Some((left, right)) = bounds(all().map(|(x, _)| x)) else {
        let text = context.locale.text("overview-no-coordinates").into_owned();
        let lines = crate::base::text::wrap(&text, usize::from(area.width)).into_iter();
        paint::lines(frame, area, lines.map(|line| Line::styled(line, context.theme.style(Role::Dim))).collect::<Vec<_>>());
        return;
    };
    let Some((bottom, top)) = bounds(all().map(|(_, y)| y)) else { return };
    // Labels begin at their place and run to the right: room for the eastern ones.
    let labels_room = (right - left) * 16.0 / f64::from(area.width.max(17) - 16);
    let (quiet, loud) = (context.theme.style(Role::Dim), context.theme.style(Role::Danger));
    let plain = context.theme.style(Role::Text);
    let canvas = Canvas::default().marker(Marker::Dot).x_bounds([left, right + labels_room]).y_bounds([bottom, top]).paint(|painter| {
        painter.draw(&Points { coords: &dots, color: quiet.fg.unwrap_or_default() });
        painter.layer();
        // The quiet ones first: what is hot lies above.
        for (x, y, label, hot) in labels.iter().rev() {
            painter.print(*x, *y, Line::styled(label.clone(), if *hot { loud } else { plain }));
        }
    });
    frame.render_widget(canvas, area);
}

/// The least and the most, with a margin; none without values.
fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let (least, most) = values.fold(None, |found: Option<(f64, f64)>, value| {
        Some(found.map_or((value, value), |(least, most)| (least.min(value), most.max(value))))
    })?;
    let margin = ((most - least) * 0.05).max(0.2);
    Some((least - margin, most + margin))
}
