//! Draws the timeline: title, summary, axis, a line a person, and a sentence about the selected one.

use chrono::{Datelike, TimeDelta};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::plan::Row;
use super::state::{Note, Scale, ShiftsPane};
use crate::base::text::{clean, cut, fit, width};
use crate::console::pane::Context;
use crate::console::panes::{presence, times};
use crate::console::theme::Role;
use crate::console::widgets::timeline::{Axis, bar};
use crate::console::widgets::{list, paint};
use crate::domain::Timestamp;
use crate::domain::id::{PersonId, RotaId};
use crate::domain::person::Presence;
use crate::domain::roster::{Gap, Shift, ShiftType};

const DAY_FILL: char = '━';
const NIGHT_FILL: char = '▒';
const GAP_FILL: char = '!';

pub fn draw(pane: &ShiftsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let (title, area) = paint::take_top(area, 1);
    let (summary, area) = paint::take_top(area, u16::from(area.height > 3));
    let (axis_row, area) = paint::take_top(area, u16::from(area.height > 1));
    let (body, detail) = paint::take_bottom(area, u16::from(area.height > 2));
    paint::lines(frame, title, [title_line(pane, usize::from(title.width), context)]);
    paint::lines(frame, summary, [summary_line(pane, usize::from(summary.width), context)]);
    let names = (area.width / 5).clamp(8, 22).min(area.width);
    let (from, to) = pane.span(context);
    let axis = Axis { from: from.timestamp(), to: to.timestamp(), cells: area.width - names };
    paint::lines(frame, axis_row, [axis_line(pane, usize::from(names), axis, context)]);
    pane.page.set(usize::from(body.height));
    let cells = usize::from(body.width);
    if pane.rows.is_empty() {
        let key = if pane.planned.is_some() { "shifts-no-rotas" } else { "duty-loading" };
        paint::lines(frame, body, [Line::styled(cut(&format!("  {}", context.locale.text(key)), cells), context.theme.style(Role::Dim))]);
        return;
    }
    let selected =
        pane.rows.iter().position(|row| matches!(row, Row::Person { rota, person, .. } if pane.cursor == Some((*rota, *person))));
    let shown = list::page(pane.rows.len(), selected.unwrap_or(0), usize::from(body.height));
    let rows = shown.filter_map(|index| pane.rows.get(index).map(|row| (Some(index) == selected, row)));
    let lines = rows.map(|(selected, row)| match row {
        Row::Rota(rota) => rota_line(*rota, cells, context),
        Row::Gaps(gaps) => gap_line(gaps, usize::from(names), axis, context),
        Row::Person { rota, person, shifts } => person_line(*rota, *person, shifts, selected, usize::from(names), axis, context),
    });
    paint::lines(frame, body, lines);
    paint::lines(frame, detail, [detail_line(pane, usize::from(detail.width), context)]);
}

fn title_line<'a>(pane: &ShiftsPane, cells: usize, context: &Context<'_>) -> Line<'a> {
    let locale = context.locale;
    let (from, to) = pane.span(context);
    let (first, last) = (times::date_of(from, context.zone), times::date_of(to - TimeDelta::seconds(1), context.zone));
    let dates =
        if first == last { times::date(locale, first) } else { format!("{} - {}", times::date(locale, first), times::date(locale, last)) };
    let scales = [(Scale::Day, "shifts-day"), (Scale::Week, "shifts-week")].map(|(scale, key)| {
        let word = locale.text(key);
        if scale == pane.scale { format!("[{word}]") } else { format!(" {word} ") }
    });
    let zone = if cells < 60 { times::offset(context.now, context.zone) } else { times::zone(context.now, context.zone) };
    Line::styled(cut(&format!("{}{}  {dates}  {zone}", scales[0], scales[1]), cells), context.theme.style(Role::Title))
}

fn summary_line<'a>(pane: &ShiftsPane, cells: usize, context: &Context<'_>) -> Line<'a> {
    let (locale, theme) = (context.locale, context.theme);
    let Some(summary) = &pane.summary else { return Line::default() };
    let handover = summary.handover.map_or_else(
        || locale.text("shifts-no-handover").into_owned(),
        |at| locale.with("shifts-handover", &[("time", &times::moment(locale, at, context.now, context.zone))]),
    );
    let on_duty = locale.count("shifts-on-duty", summary.on_duty);
    let gaps = locale.count("shifts-gaps-ahead", summary.gaps);
    let people = if summary.on_duty == 0 { Role::Danger } else { Role::Text };
    let gap_role = if summary.gaps == 0 { Role::Good } else { Role::Danger };
    let room = cells.saturating_sub(width(&on_duty) + width(&handover) + 6);
    Line::from(vec![
        Span::styled(on_duty, theme.style(people)),
        Span::styled(format!(" · {handover} · "), theme.style(Role::Dim)),
        Span::styled(cut(&gaps, room), theme.style(gap_role)),
    ])
}

/// Hours or days, with the instant of now marked.
fn axis_line<'a>(pane: &ShiftsPane, names: usize, axis: Axis, context: &Context<'_>) -> Line<'a> {
    let mut canvas = Canvas::new(axis.cells, ' ', context.theme.style(Role::Dim));
    let style = context.theme.style(Role::Dim);
    let (from, to) = pane.span(context);
    match pane.scale {
        Scale::Day => {
            let step = if axis.cells >= 120 {
                1
            } else if axis.cells >= 36 {
                2
            } else {
                6
            };
            for hour in (0..24).step_by(step) {
                let at = from + TimeDelta::hours(hour);
                if let Some(cell) = axis.cell(at.timestamp()) {
                    canvas.put(cell, &format!("{:02}", times::hour(at, context.zone)), style);
                }
            }
        }
        Scale::Week => {
            let today = times::date_of(context.now, context.zone);
            let first = times::date_of(from, context.zone);
            for date in first.iter_days().take_while(|date| times::midnight(*date, context.zone) < to) {
                let label = format!("|{} {}", times::weekday(context.locale, date), date.day());
                let role = if date == today { Role::Accent } else { Role::Dim };
                if let Some(cell) = axis.cell(times::midnight(date, context.zone).timestamp()) {
                    canvas.put(cell, &cut(&label, usize::from(axis.cells / 7).max(1)), context.theme.style(role));
                }
            }
        }
    }
    if let Some(cell) = axis.cell(context.now.timestamp()) {
        canvas.put(cell, "▼", context.theme.style(Role::NowLine));
    }
    let mut line = vec![Span::styled(fit("", names), style)];
    line.extend(canvas.spans());
    Line::from(line)
}

fn rota_line<'a>(rota: RotaId, cells: usize, context: &Context<'_>) -> Line<'a> {
    let Some(rota) = context.directory.rotas.get(&rota) else { return Line::default() };
    let tier = context.locale.with("assignment-tier", &[("tier", &rota.tier.to_string())]);
    let text = format!("{} · {tier} · {}", clean(&rota.name), clean(&rota.time_zone));
    Line::styled(cut(&text, cells), context.theme.style(Role::Accent))
}

fn gap_line<'a>(gaps: &[Gap], names: usize, axis: Axis, context: &Context<'_>) -> Line<'a> {
    let style = context.theme.style(Role::Gap);
    let mut canvas = Canvas::new(axis.cells, ' ', context.theme.style(Role::Text));
    for gap in gaps {
        if let Some(range) = axis.range(gap.from.timestamp(), gap.to.timestamp()) {
            let labels = [format!("!{}/{}", gap.on_duty, gap.required), format!("{}", gap.on_duty)];
            canvas.put(range.start, &bar(range.len(), &labels, GAP_FILL, false, false), style);
        }
    }
    let mut line = vec![Span::styled(fit(&format!("  ! {}", context.locale.text("shifts-gap")), names), style)];
    line.extend(canvas.spans());
    Line::from(line)
}

fn person_line<'a>(
    rota: RotaId,
    person: PersonId,
    shifts: &[Shift],
    selected: bool,
    names: usize,
    axis: Axis,
    context: &Context<'_>,
) -> Line<'a> {
    let theme = context.theme;
    let mine = person == context.me.id;
    let name = clean(&context.directory.person_name(person));
    let base = theme.style(match () {
        () if selected => Role::Selected,
        () if mine => Role::Accent,
        () => Role::Text,
    });
    let mut canvas = Canvas::new(axis.cells, '·', theme.style(Role::Dim));
    let now = axis.cell(context.now.timestamp());
    if let Some(now) = now {
        canvas.put(now, "│", theme.style(Role::NowLine));
    }
    for shift in shifts {
        let Some(range) = axis.range(shift.from.timestamp(), shift.to.timestamp()) else { continue };
        let kind = shift_type(rota, &shift.code, context);
        let night = kind.is_some_and(|kind| kind.night);
        let hours = times::span(shift.from, shift.to, context.zone);
        let code = clean(&shift.code);
        let full = kind.map(|kind| format!("{code} {} {hours}", clean(&kind.name)));
        let labels: Vec<_> = full.into_iter().chain([format!("{code} {hours}"), code]).collect();
        let (begins, ends) = (shift.from.timestamp() >= axis.from, shift.to.timestamp() <= axis.to);
        let fill = if night { NIGHT_FILL } else { DAY_FILL };
        let role = if shift.from <= context.now && context.now < shift.to { Role::OnDuty } else { Role::OffDuty };
        canvas.put(range.start, &bar(range.len(), &labels, fill, begins, ends), theme.style(role));
        if let Some(now) = now.filter(|now| range.contains(now)) {
            canvas.mark(now, &[DAY_FILL, NIGHT_FILL], "┃", theme.style(Role::NowLine));
        }
    }
    let marker = if selected { ">" } else { " " };
    let mut line = vec![Span::styled(fit(&format!("{marker} {name}"), names.saturating_sub(1)) + " ", base)];
    line.extend(canvas.spans());
    Line::from(line)
}

fn shift_type<'a>(rota: RotaId, code: &str, context: &Context<'a>) -> Option<&'a ShiftType> {
    context.directory.rotas.get(&rota)?.shift_types.iter().find(|kind| kind.code == code)
}

fn detail_line<'a>(pane: &ShiftsPane, cells: usize, context: &Context<'_>) -> Line<'a> {
    let (text, role) = match &pane.note {
        Some(Note::Mine(shift)) => (context.locale.with("shifts-mine", &[("shift", &shift_words(shift, context))]), Role::Accent),
        Some(Note::Gap(gap)) => (gap_words(gap, context), Role::Gap),
        None => (person_words(pane, context), Role::Text),
    };
    Line::styled(cut(&text, cells), context.theme.style(role))
}

/// `tomorrow 07:00-15:00 Early, Payments rota`.
fn shift_words(shift: &Shift, context: &Context<'_>) -> String {
    let rota = context.directory.rotas.get(&shift.rota);
    let name = rota.map_or_else(String::new, |rota| clean(&rota.name));
    let kind = shift_type(shift.rota, &shift.code, context).map_or_else(
        || if shift.change.is_some() { context.locale.text("shifts-extra").into_owned() } else { clean(&shift.code) },
        |kind| clean(&kind.name),
    );
    let day = day_of(shift.from, context);
    let span = times::span(shift.from, shift.to, context.zone);
    context.locale.with("shifts-shift", &[("day", &day), ("span", &span), ("kind", &kind), ("rota", &name)])
}

fn day_of(at: Timestamp, context: &Context<'_>) -> String {
    times::day(context.locale, times::date_of(at, context.zone), times::date_of(context.now, context.zone))
}

fn gap_words(gap: &Gap, context: &Context<'_>) -> String {
    let rota = context.directory.rotas.get(&gap.rota);
    let name = rota.map_or_else(String::new, |rota| clean(&rota.name));
    let lead = rota.and_then(|rota| rota.lead).map(|lead| clean(&context.directory.person_name(lead)));
    let until = if times::date_of(gap.to, context.zone) == times::date_of(gap.from, context.zone) {
        times::clock(gap.to, context.zone)
    } else {
        format!("{} {}", day_of(gap.to, context), times::clock(gap.to, context.zone))
    };
    let span = format!("{} {} - {until}", day_of(gap.from, context), times::clock(gap.from, context.zone));
    let (on_duty, required) = (gap.on_duty.to_string(), gap.required.to_string());
    let args = [("rota", name.as_str()), ("span", &span), ("on", &on_duty), ("required", &required)];
    let text = context.locale.with("shifts-gap-detail", &args);
    lead.map_or_else(|| text.clone(), |lead| format!("{text} · {}", context.locale.with("shifts-lead", &[("name", &lead)])))
}

/// Who is selected, how present, and the first shift on screen with what changed it.
fn person_words(pane: &ShiftsPane, context: &Context<'_>) -> String {
    let Some((rota, id)) = pane.cursor else { return String::new() };
    let state = context.agent_states.get(&id).map_or(Presence::Offline, |state| state.presence);
    let mut words = vec![
        clean(&context.directory.person_name(id)),
        format!("{} {}", presence::mark(state), context.locale.text(presence::word(state))),
    ];
    let shifts = pane.rows.iter().find_map(|row| match row {
        Row::Person { rota: of, person, shifts } if (*of, *person) == (rota, id) => Some(shifts),
        _ => None,
    });
    let shift = shifts.and_then(|shifts| shifts.iter().find(|shift| shift.to > context.now).or(shifts.last()));
    match shift {
        Some(shift) => {
            words.push(shift_words(shift, context));
            let reason = shift.change.and_then(|id| context.directory.roster_changes.get(&id)).map(|change| clean(&change.reason));
            words.extend(reason.filter(|reason| !reason.is_empty()));
        }
        None => words.push(context.locale.text("shifts-none-here").into_owned()),
    }
    words.join(" · ")
}

/// A row of cells to which texts are put over one another.
struct Canvas {
    /// A wide character takes its first cell; the second is empty.
    cells: Vec<(String, Style)>,
}

impl Canvas {
    fn new(cells: u16, fill: char, style: Style) -> Self {
        Self { cells: vec![(fill.to_string(), style); usize::from(cells)] }
    }

    fn put(&mut self, at: u16, text: &str, style: Style) {
        let mut at = usize::from(at);
        for char in text.chars() {
            let char = char.to_string();
            let wide = width(&char);
            if wide == 0 {
                continue;
            }
            if at + wide > self.cells.len() {
                return;
            }
            // What is left of a wide character that is written over becomes blank.
            if self.cells[at].0.is_empty() && at > 0 {
                self.cells[at - 1].0 = " ".to_owned();
            }
            if let Some(after) = self.cells.get_mut(at + wide).filter(|(text, _)| text.is_empty()) {
                after.0 = " ".to_owned();
            }
            self.cells[at] = (char, style);
            for rest in &mut self.cells[at + 1..at + wide] {
                *rest = (String::new(), style);
            }
            at += wide;
        }
    }

    /// Puts a mark where only filling stands.
    fn mark(&mut self, at: u16, fills: &[char], mark: &str, style: Style) {
        if let Some(cell) = self.cells.get_mut(usize::from(at)).filter(|(text, _)| text.starts_with(fills)) {
            *cell = (mark.to_owned(), style);
        }
    }

    fn spans<'a>(self) -> Vec<Span<'a>> {
        let mut spans: Vec<(String, Style)> = Vec::new();
        for (text, style) in self.cells {
            match spans.last_mut() {
                Some((last, of)) if *of == style => last.push_str(&text),
                _ => spans.push((text, style)),
            }
        }
        spans.into_iter().map(|(text, style)| Span::styled(text, style)).collect()
    }
}
