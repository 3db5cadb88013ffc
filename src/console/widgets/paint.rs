//! Lines onto the screen, never outside their area.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Clear;

use crate::base::text::width;

/// Draws lines from the top of `area`, cut at its right and lower edge.
pub fn lines<'a>(frame: &mut Frame<'_>, area: Rect, lines: impl IntoIterator<Item = Line<'a>>) {
    let area = area.intersection(frame.area());
    for (row, line) in area.rows().zip(lines) {
        frame.buffer_mut().set_line(row.x, row.y, &line, row.width);
    }
}

/// Empties `area` for a box that lies over what is there: a wide character that the box would cut in half goes as a whole.
pub fn clear(frame: &mut Frame<'_>, area: Rect) {
    let area = area.intersection(frame.area());
    if let Some(x) = area.x.checked_sub(1) {
        for y in area.y..area.bottom() {
            let cell = &mut frame.buffer_mut()[(x, y)];
            if width(cell.symbol()) > 1 {
                cell.set_symbol(" ");
            }
        }
    }
    frame.render_widget(Clear, area);
}

/// A line down the left edge of `area`; returns what remains beside it and one blank column.
#[must_use]
pub fn divider(frame: &mut Frame<'_>, area: Rect, style: Style) -> Rect {
    let area = area.intersection(frame.area());
    for row in area.rows().filter(|row| row.width > 0) {
        frame.buffer_mut().set_string(row.x, row.y, "│", style);
    }
    let used = area.width.min(2);
    Rect { x: area.x + used, width: area.width - used, ..area }
}

/// `area` without its first `rows` rows, and those rows.
#[must_use]
pub fn take_top(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// `area` without its last `rows` rows, and those rows.
#[must_use]
pub fn take_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: area.height - rows, ..area }, Rect { y: area.y + area.height - rows, height: rows, ..area })
}

/// `area` cut in two beside each other, the left one `cells` wide.
#[must_use]
pub fn split_left(area: Rect, cells: u16) -> (Rect, Rect) {
    let cells = cells.min(area.width);
    (Rect { width: cells, ..area }, Rect { x: area.x + cells, width: area.width - cells, ..area })
}
