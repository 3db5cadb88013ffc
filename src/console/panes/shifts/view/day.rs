//! The day as a timeline: one line a person, bars by shift type with their code, the instant of now, gaps by rota.

use chrono::TimeDelta;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{nothing, rota_words, shown_rows, type_style};
use crate::base::text::{clean, cut, fit};
use crate::console::pane::Context;
use crate::console::panes::shifts::state::ShiftsPane;
use crate::console::panes::shifts::table::{Group, Row};
use crate::console::panes::shifts::words;
use crate::console::panes::times;
use crate::console::theme::Role;
use crate::console::widgets::paint;
use crate::console::widgets::timeline::{Axis, bar};
use crate::domain::id::PersonId;
use crate::domain::roster::{Gap, Shift};

/// By the place of the type in its rota: bars of different types differ without colour.
const DAY_FILLS: [char; 3] = ['━', '═', '─'];
const NIGHT_FILL: char = '▒';
const GAP_FILL: char = '!';
const LEAVE_FILL: char = '×';

pub fn draw(pane: &ShiftsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let (axis_row, body) = paint::take_top(area, 1);
    let names = (area.width / 5).clamp(8, 22).min(area.width);
    let (from, to) = pane.span(context);
    let axis = Axis { from: from.timestamp(), to: to.timestamp(), cells: area.width - names };
    paint::lines(frame, axis_row, [axis_line(pane, usize::from(names), axis, context)]);
    if pane.table.rows.is_empty() {
        let key = if context.directory.rotas.is_empty() { "shifts-no-rotas" } else { "shifts-filter-empty" };
        nothing(pane, frame, body, key, context);
        return;
    }
    let names = usize::from(names);
    let lines = shown_rows(pane, body.height).filter_map(|(selected, row)| match row {
        Row::Rota(group) => Some(rota_line(pane.table.groups.get(group)?, usize::from(body.width), context)),
        Row::Gaps(group) => Some(gap_line(&pane.table.groups.get(group)?.gaps, names, axis, context)),
        Row::Person(group, place) => {
            let group = pane.table.groups.get(group)?;
            Some(person_line(group, *group.people.get(place)?, selected, names, axis, context))
        }
    });
    paint::lines(frame, body, lines);
}

/// Hours, with the instant of now marked.
fn axis_line<'a>(pane: &ShiftsPane, names: usize, axis: Axis, context: &Context<'_>) -> Line<'a> {
    let style = context.theme.style(Role::Dim);
    let mut canvas = Canvas::new(axis.cells, ' ', style);
    let (from, _) = pane.span(context);
    let step = if axis.cells >= 120 {
        1
    } else if axis.cells >= 36 {
        2
    } else {
        6
    };
    for hour in (0..24).step_by(step) {
        let at = from + TimeDelta::hours(hour);
        // The mark of now would stand on a digit.
        let clear = |cell: u16| axis.cell(context.now.timestamp()).is_none_or(|now| now < cell || now > cell + 1);
        if let Some(cell) = axis.cell(at.timestamp()).filter(|cell| clear(*cell)) {
            canvas.put(cell, &format!("{:02}", times::hour(at, context.zone)), style);
        }
    }
    if let Some(cell) = axis.cell(context.now.timestamp()) {
        canvas.put(cell, "▼", context.theme.style(Role::NowLine));
    }
    let mut line = vec![Span::styled(fit("", names), style)];
    line.extend(canvas.spans());
    Line::from(line)
}

fn rota_line<'a>(group: &Group, cells: usize, context: &Context<'_>) -> Line<'a> {
    let Some(rota) = context.directory.rotas.get(&group.rota) else { return Line::default() };
    Line::styled(cut(&rota_words(rota, context), cells), context.theme.style(Role::Accent))
}

fn gap_line<'a>(gaps: &[Gap], names: usize, axis: Axis, context: &Context<'_>) -> Line<'a> {
    let style = context.theme.style(Role::Gap);
    let mut canvas = Canvas::new(axis.cells, ' ', context.theme.style(Role::Text));
    for gap in gaps {
        if let Some(range) = axis.range(gap.from.timestamp(), gap.to.timestamp()) {
            let long = context.locale.with("shifts-gap-of", &[("on", &gap.on_duty.to_string()), ("required", &gap.required.to_string())]);
            let labels = [format!("!{long}"), format!("!{}/{}", gap.on_duty, gap.required), "!".to_owned()];
            canvas.put(range.start, &bar(range.len(), &labels, GAP_FILL, false, false), style);
        }
    }
    let mut line = vec![Span::styled(fit(&format!("  ! {}", context.locale.text("shifts-gap")), names), style)];
    line.extend(canvas.spans());
    Line::from(line)
}

fn person_line<'a>(group: &Group, person: PersonId, selected: bool, names: usize, axis: Axis, context: &Context<'_>) -> Line<'a> {
    let theme = context.theme;
    let name = clean(&context.directory.person_name(person));
    let base = theme.style(match () {
        () if selected => Role::Selected,
        () if person == context.me.id => Role::Accent,
        () => Role::Text,
    });
    let mut canvas = Canvas::new(axis.cells, '·', theme.style(Role::Dim));
    for (from, to) in group.leave(person) {
        if let Some(range) = axis.range(from.timestamp(), to.timestamp()) {
            let label = context.locale.text("shifts-leave").into_owned();
            canvas.put(range.start, &bar(range.len(), &[label, String::new()], LEAVE_FILL, false, false), theme.style(Role::Dim));
        }
    }
    let now = axis.cell(context.now.timestamp());
    if let Some(now) = now {
        canvas.mark(now, &['·', LEAVE_FILL], "│", theme.style(Role::NowLine));
    }
    for shift in group.shifts(person) {
        put_shift(&mut canvas, shift, axis, now, context);
    }
    let marker = if selected { ">" } else { " " };
    let mut line = vec![Span::styled(fit(&format!("{marker} {name}"), names.saturating_sub(1)) + " ", base)];
    line.extend(canvas.spans());
    Line::from(line)
}

fn put_shift(canvas: &mut Canvas, shift: &Shift, axis: Axis, now: Option<u16>, context: &Context<'_>) {
    let Some(range) = axis.range(shift.from.timestamp(), shift.to.timestamp()) else { return };
    let kind = words::shift_type(shift.rota, &shift.code, context);
    let hours = times::span(shift.from, shift.to, context.zone);
    let code = clean(&shift.code);
    // A change shows at once which bars are not as planned.
    let changed = shift.change.is_some() && shift.code != crate::domain::roster::pattern::EXTRA_CODE;
    let code = if changed { format!("{code}'") } else { code };
    let full = kind.map(|kind| format!("{code} {} {hours}", clean(&kind.name)));
    let labels: Vec<_> = full.into_iter().chain([format!("{code} {hours}"), code]).collect();
    let (begins, ends) = (shift.from.timestamp() >= axis.from, shift.to.timestamp() <= axis.to);
    let types = context.directory.rotas.get(&shift.rota).map_or(&[][..], |rota| &rota.shift_types);
    let days = types.iter().filter(|kind| !kind.night).position(|kind| kind.code == shift.code).unwrap_or(0);
    let fill = if kind.is_some_and(|kind| kind.night) { NIGHT_FILL } else { DAY_FILLS[days % DAY_FILLS.len()] };
    let role = if shift.from <= context.now && context.now < shift.to { Role::OnDuty } else { Role::OffDuty };
    let style = type_style(kind, context.theme.style(role), context);
    canvas.put(range.start, &bar(range.len(), &labels, fill, begins, ends), style);
    if let Some(now) = now.filter(|now| range.contains(now)) {
        canvas.mark(now, &[DAY_FILLS[0], DAY_FILLS[1], DAY_FILLS[2], NIGHT_FILL], "┃", context.theme.style(Role::NowLine));
    }
}
