//! Week and month: people by day. A cell has the shift's code and marks: `*` night, `'` changed, `+` more than one, `×` leave,
//! `·` nothing; wide cells have the times too.

use chrono::{Datelike, NaiveDate, TimeDelta, Timelike};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{nothing, rota_words, shown_rows, type_style};
use crate::base::text::{clean, cut, fit, width};
use crate::console::pane::Context;
use crate::console::panes::shifts::state::{Scale, ShiftsPane};
use crate::console::panes::shifts::table::{Group, Row};
use crate::console::panes::times;
use crate::console::theme::Role;
use crate::console::widgets::paint;
use crate::domain::Timestamp;
use crate::domain::id::PersonId;
use crate::domain::roster::{Gap, Rota, Shift, ShiftType};

/// Cells of a day at most: wider ones only spread the table.
const MONTH_CELL_MAX: u16 = 6;
const WEEK_CELL_MAX: u16 = 22;

/// Which days stand where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// The first day on screen.
    pub first: NaiveDate,
    /// Days on screen.
    pub days: u16,
    /// Days of the span before and after those on screen.
    pub hidden: (u16, u16),
    pub names: u16,
    pub cell: u16,
    /// The selected day.
    pub cursor: Option<NaiveDate>,
}

impl Grid {
    /// `all` days from `first` across `cells`, around `cursor` where not all fit. No day is narrower than `least`.
    #[must_use]
    pub fn new(first: NaiveDate, all: u16, cells: u16, (least, most): (u16, u16), cursor: Option<NaiveDate>) -> Self {
        let names = (cells / 5).clamp(8, 22).min(cells);
        let cell = ((cells - names) / all.max(1)).clamp(least, most.max(least));
        let days = ((cells - names) / cell).min(all);
        let at = cursor.map_or(0, |day| u16::try_from((day - first).num_days().max(0)).unwrap_or(0)).min(all.saturating_sub(1));
        let skipped = at.checked_div(days).map_or(0, |page| (page * days).min(all - days));
        Self { first: first + TimeDelta::days(skipped.into()), days, hidden: (skipped, all - days - skipped), names, cell, cursor }
    }

    fn dates(&self) -> impl Iterator<Item = (u16, NaiveDate)> + use<> {
        let cell = self.cell;
        self.first
            .iter_days()
            .take(usize::from(self.days))
            .enumerate()
            .map(move |(place, date)| (u16::try_from(place).unwrap_or(0) * cell, date))
    }

    fn width(&self) -> u16 {
        self.days * self.cell
    }

    fn place(&self, date: NaiveDate) -> Option<u16> {
        let place = (date - self.first).num_days();
        (0..i64::from(self.days)).contains(&place).then(|| u16::try_from(place).unwrap_or(0) * self.cell)
    }
}

pub fn draw(pane: &ShiftsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let (head, body) = paint::take_top(area, 2);
    let (body, legend) = paint::take_bottom(body, u16::from(body.height > 6));
    let (first, last) = pane.days(context);
    let all = u16::try_from((last - first).num_days()).unwrap_or(7);
    let most = if pane.scale == Scale::Month { MONTH_CELL_MAX } else { WEEK_CELL_MAX };
    let rotas = || pane.table.groups.iter().filter_map(|group| context.directory.rotas.get(&group.rota));
    let grid = Grid::new(first, all, area.width, (least_cell(rotas()), most), Some(pane.day(context)));
    paint::lines(frame, head, header(&grid, context));
    if pane.table.rows.is_empty() {
        let key = if context.directory.rotas.is_empty() { "shifts-no-rotas" } else { "shifts-filter-empty" };
        nothing(pane, frame, body, key, context);
        return;
    }
    let lines = shown_rows(pane, body.height).filter_map(|(selected, row)| {
        let (Row::Rota(place) | Row::Gaps(place) | Row::Person(place, _)) = row;
        let group = pane.table.groups.get(place)?;
        let rota = context.directory.rotas.get(&group.rota)?;
        Some(match row {
            Row::Rota(_) => rota_line(rota, &grid, usize::from(body.width), context),
            Row::Gaps(_) => gap_line(&group.gaps, &grid, context),
            Row::Person(_, person) => person_line(group, rota, *group.people.get(person)?, selected, &grid, context),
        })
    });
    paint::lines(frame, body, lines);
    paint::lines(frame, legend, [legend_line(rotas(), usize::from(legend.width), context)]);
}

/// Room for the widest code and one mark.
#[must_use]
pub fn least_cell<'a>(rotas: impl Iterator<Item = &'a Rota>) -> u16 {
    let widest = rotas.flat_map(|rota| &rota.shift_types).map(|kind| width(&clean(&kind.code))).max().unwrap_or(1);
    u16::try_from(widest + 1).unwrap_or(2).clamp(2, 8)
}

/// Weekdays and days; today under a mark, the selected day between brackets or before `<`.
#[must_use]
pub fn header<'a>(grid: &Grid, context: &Context<'_>) -> [Line<'a>; 2] {
    let theme = context.theme;
    let (mut weekdays, mut numbers) =
        (Canvas::new(grid.width(), ' ', theme.style(Role::Dim)), Canvas::new(grid.width(), ' ', theme.style(Role::Dim)));
    let today = times::date_of(context.now, context.zone);
    let room = usize::from(grid.cell);
    for (at, date) in grid.dates() {
        let weekend = date.weekday().num_days_from_monday() >= 5;
        let role = if date == today {
            Role::Accent
        } else if weekend {
            Role::Dim
        } else {
            Role::Text
        };
        let long = times::weekday(context.locale, date);
        let short = context.locale.text(&format!("shifts-weekday-{}", date.weekday().number_from_monday())).into_owned();
        let name = if width(&long) < room { long } else { short };
        let name = match (date == today, room) {
            (true, 0..=3) => "▼".to_owned(),
            (true, _) if width(&name) + 1 < room => format!("▼{name}"),
            (true, _) => "▼".to_owned(),
            (false, _) => name,
        };
        weekdays.put(at, &name, theme.style(role));
        let chosen = grid.cursor == Some(date);
        let number = date.day().to_string();
        let number = if chosen && width(&number) + 2 <= room { format!("[{number}]") } else { number };
        // Numbers that touch cannot be told apart: every other one stands, and the chosen one alone.
        let beside = grid.cursor.is_some_and(|day| (day - date).num_days().abs() == 1 && day.day() >= 9);
        if room <= 2 && date.day() >= 10 && !chosen && (beside || date.day() % 2 == 1) {
            continue;
        }
        numbers.put(at, &number, theme.style(if chosen { Role::Selected } else { role }));
    }
    let names = usize::from(grid.names);
    let hidden = match grid.hidden {
        (0, 0) => String::new(),
        (before, after) => {
            let arrow = |days: u16, mark: &str| if days > 0 { mark.to_owned() } else { String::new() };
            format!("  {} {}", arrow(before, "<<"), arrow(after, ">>"))
        }
    };
    let line = |canvas: Canvas, head: &str| {
        let mut spans = vec![Span::styled(fit(head, names), theme.style(Role::Dim))];
        spans.extend(canvas.spans());
        Line::from(spans)
    };
    [line(weekdays, ""), line(numbers, &hidden)]
}

/// The rota's name; holidays of its calendar are marked above its people.
fn rota_line<'a>(rota: &Rota, grid: &Grid, cells: usize, context: &Context<'_>) -> Line<'a> {
    let style = context.theme.style(Role::Accent);
    let holidays = holidays(rota, grid, context);
    if holidays.is_empty() {
        return Line::styled(cut(&rota_words(rota, context), cells), style);
    }
    let places: Vec<u16> = holidays.into_iter().filter_map(|date| grid.place(date)).map(|at| grid.names + at).collect();
    let room = places.iter().min().map_or(cells, |first| usize::from(first.saturating_sub(1)));
    let mut canvas = Canvas::new(grid.names + grid.width(), ' ', style);
    canvas.put(0, &cut(&rota_words(rota, context), room), style);
    for at in places {
        canvas.put(at, &context.locale.text("shifts-holiday-mark"), style);
    }
    Line::from(canvas.spans())
}

fn holidays(rota: &Rota, grid: &Grid, context: &Context<'_>) -> Vec<NaiveDate> {
    let calendar = rota.holidays.and_then(|id| context.directory.calendars.get(&id));
    let days = calendar.map_or(&[][..], |calendar| &calendar.holidays).iter().map(|holiday| holiday.date);
    days.filter(|date| grid.place(*date).is_some()).collect()
}

/// On each day how many are missing at the worst.
#[must_use]
pub fn gap_line<'a>(gaps: &[Gap], grid: &Grid, context: &Context<'_>) -> Line<'a> {
    let style = context.theme.style(Role::Gap);
    let mut canvas = Canvas::new(grid.width(), ' ', context.theme.style(Role::Text));
    let room = usize::from(grid.cell).saturating_sub(1);
    for (at, date) in grid.dates() {
        let (from, to) = day_span(date, context);
        let worst = gaps.iter().filter(|gap| gap.from < to && from < gap.to).max_by_key(|gap| gap.required - gap.on_duty);
        let Some(gap) = worst else { continue };
        let hours = times::span(gap.from.max(from), gap.to.min(to), context.zone);
        let count = format!("!{}/{}", gap.on_duty, gap.required);
        let missing = format!("!{}", gap.required - gap.on_duty);
        let labels = [format!("{count} {hours}"), count, missing, "!".to_owned()];
        let label = labels.iter().find(|label| width(label) <= room.max(1)).map_or("!", String::as_str);
        canvas.put(at, label, style);
    }
    let names = usize::from(grid.names);
    let mut line = vec![Span::styled(fit(&format!("  ! {}", context.locale.text("shifts-gap")), names), style)];
    line.extend(canvas.spans());
    Line::from(line)
}

fn day_span(date: NaiveDate, context: &Context<'_>) -> (Timestamp, Timestamp) {
    (times::midnight(date, context.zone), times::midnight(date + TimeDelta::days(1), context.zone))
}

/// A person's codes, day by day.
#[must_use]
pub fn person_line<'a>(group: &Group, rota: &Rota, person: PersonId, selected: bool, grid: &Grid, context: &Context<'_>) -> Line<'a> {
    let theme = context.theme;
    let holidays = holidays(rota, grid, context);
    let mut canvas = Canvas::new(grid.width(), ' ', theme.style(Role::Text));
    for (at, date) in grid.dates() {
        let shifts: Vec<&Shift> = group.shifts(person).iter().filter(|shift| times::date_of(shift.from, context.zone) == date).collect();
        let (from, to) = day_span(date, context);
        let leave = group.leave(person).iter().any(|span| span.0 < to && from < span.1);
        let chosen = selected && grid.cursor == Some(date);
        let kind = shifts.first().and_then(|shift| rota.shift_types.iter().find(|kind| kind.code == shift.code));
        let free = date.weekday().num_days_from_monday() >= 5 || holidays.contains(&date);
        let on_duty = shifts.iter().any(|shift| shift.from <= context.now && context.now < shift.to);
        let role = match () {
            () if chosen => Role::Selected,
            () if on_duty => Role::OnDuty,
            () if shifts.is_empty() || free => Role::Dim,
            () => Role::Text,
        };
        let style = if chosen || shifts.is_empty() { theme.style(role) } else { type_style(kind, theme.style(role), context) };
        canvas.put(at, &day_cell(&shifts, leave, kind, chosen, usize::from(grid.cell), context), style);
    }
    let name = clean(&context.directory.person_name(person));
    let base = theme.style(match () {
        () if selected => Role::Selected,
        () if person == context.me.id => Role::Accent,
        () => Role::Text,
    });
    let marker = if selected { ">" } else { " " };
    let names = usize::from(grid.names);
    let mut line = vec![Span::styled(fit(&cut(&format!("{marker} {name}"), names.saturating_sub(1)), names), base)];
    line.extend(canvas.spans());
    Line::from(line)
}

/// What stands in a day's cell, at most `room` cells wide; the selected one ends in `<`.
fn day_cell(shifts: &[&Shift], leave: bool, kind: Option<&ShiftType>, chosen: bool, room: usize, context: &Context<'_>) -> String {
    let mark = if chosen { "<" } else { "" };
    let Some(shift) = shifts.first() else { return format!("{}{mark}", if leave { "×" } else { "·" }) };
    let code = clean(&shift.code);
    let marks: String = [
        (leave, '×'),
        (shifts.len() > 1, '+'),
        (shift.change.is_some() && shift.code != crate::domain::roster::pattern::EXTRA_CODE, '\''),
        (kind.is_some_and(|kind| kind.night), '*'),
    ]
    .iter()
    .filter(|(on, _)| *on)
    .map(|(_, mark)| *mark)
    .collect();
    let first: String = marks.chars().take(1).collect();
    let long = times::span(shift.from, shift.to, context.zone);
    // A blank parts neighbours; a code with its mark may stand close.
    let roomy = [
        Some(format!("{code}{marks} {long}")),
        whole_hours(shift, context).map(|hours| format!("{code}{marks} {hours}")),
        Some(format!("{code}{marks}")),
    ];
    let close = [format!("{code}{first}"), code.clone()];
    let fits = |label: &String, less: usize| width(label) + mark.len() + less <= room;
    let label = roomy
        .into_iter()
        .flatten()
        .find(|label| fits(label, usize::from(!chosen)))
        .or_else(|| close.into_iter().find(|label| fits(label, 0)));
    format!("{}{mark}", label.unwrap_or_else(|| cut(&code, room.saturating_sub(mark.len()))))
}

/// `07-15`, when neither end has minutes.
fn whole_hours(shift: &Shift, context: &Context<'_>) -> Option<String> {
    let (from, to) = (shift.from.with_timezone(&context.zone), shift.to.with_timezone(&context.zone));
    (from.minute() == 0 && to.minute() == 0).then(|| format!("{:02}-{:02}", from.hour(), to.hour()))
}

/// What codes and marks mean.
fn legend_line<'a, 'r>(rotas: impl Iterator<Item = &'r Rota>, cells: usize, context: &Context<'_>) -> Line<'a> {
    let kinds: Vec<&ShiftType> = rotas.flat_map(|rota| &rota.shift_types).collect();
    let marks = context.locale.text("shifts-legend").into_owned();
    // Names go before a type does.
    let long = legend_words(&marks, &kinds, true);
    let parts = if width(&long.join(" · ")) <= cells { long } else { legend_words(&marks, &kinds, false) };
    let mut text = String::new();
    for part in parts {
        let next = if text.is_empty() { part } else { format!("{text} · {part}") };
        if width(&next) > cells {
            break;
        }
        text = next;
    }
    Line::styled(text, context.theme.style(Role::Dim))
}

/// The marks, then each type once: `E Early 07:00-15:00`, or `E 07-15`.
fn legend_words(marks: &str, kinds: &[&ShiftType], named: bool) -> Vec<String> {
    let mut parts = vec![marks.to_owned()];
    for kind in kinds {
        let (code, star) = (clean(&kind.code), if kind.night { "*" } else { "" });
        let whole = kind.start.minute() == 0 && kind.end.minute() == 0;
        let format = if named || !whole { "%H:%M" } else { "%H" };
        let name = if named { format!(" {}", clean(&kind.name)) } else { String::new() };
        let words = format!("{code}{star}{name} {}-{}", kind.start.format(format), kind.end.format(format));
        if !parts.contains(&words) {
            parts.push(words);
        }
    }
    parts
}
