//! Draws the pane: title and summary above, the view, and a sentence about what is selected below.

mod canvas;
mod day;
mod form;
pub mod grid;
mod lists;
mod page;

use chrono::TimeDelta;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};

use super::items::Item;
use super::state::{Note, Scale, ShiftsPane, View};
use super::table::Row;
use super::words;
use crate::base::text::{clean, cut, width, wrap};
use crate::console::pane::Context;
use crate::console::panes::{presence, times};
use crate::console::theme::Role;
use crate::console::widgets::{list, paint};
use crate::domain::person::Presence;
use crate::domain::roster::{Rota, ShiftType};

/// Rows from which the sentence below gets two lines.
const ROOMY: u16 = 18;

/// Where the pane's parts are.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    pub title: Rect,
    summary: Rect,
    pub body: Rect,
    detail: Rect,
}

#[must_use]
pub fn parts(area: Rect) -> Parts {
    let detail_rows = if area.height >= ROOMY { 2 } else { u16::from(area.height > 4) };
    let (title, area) = paint::take_top(area, 1);
    let (summary, area) = paint::take_top(area, u16::from(area.height > 3));
    let (body, detail) = paint::take_bottom(area, detail_rows);
    Parts { title, summary, body, detail }
}

/// The scales as the title begins with them.
fn scales(pane: &ShiftsPane, context: &Context<'_>) -> [(Scale, String); 3] {
    [(Scale::Day, "shifts-day"), (Scale::Week, "shifts-week"), (Scale::Month, "shifts-month")].map(|(scale, key)| {
        let word = context.locale.text(key);
        let here = pane.view == View::Roster && scale == pane.scale;
        (scale, if here { format!("[{word}]") } else { format!(" {word} ") })
    })
}

/// The scale whose word is at this column of the title.
#[must_use]
pub fn scale_at(pane: &ShiftsPane, column: u16, context: &Context<'_>) -> Option<Scale> {
    let mut end = 0;
    scales(pane, context).into_iter().find_map(|(scale, word)| {
        end += width(&word);
        (usize::from(column) < end).then_some(scale)
    })
}

/// The row of the roster at this line of the body.
#[must_use]
pub fn roster_row(pane: &ShiftsPane, body: Rect, line: u16) -> Option<Row> {
    let head = if pane.scale == Scale::Day { 1 } else { 2 };
    let (_, rows) = paint::take_top(body, head);
    let (rows, _) = if pane.scale == Scale::Day { (rows, rows) } else { paint::take_bottom(rows, u16::from(rows.height > 6)) };
    let place = usize::from(line.checked_sub(head)?);
    (place < usize::from(rows.height)).then(|| shown_rows(pane, rows.height).nth(place).map(|(_, row)| row)).flatten()
}

pub fn draw(pane: &ShiftsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) -> Option<Position> {
    if let (View::Form, Some(rota_form)) = (pane.view, &pane.form) {
        return form::draw(rota_form, frame, area, context);
    }
    let Parts { title, summary, body, detail } = parts(area);
    let detail_rows = detail.height;
    paint::lines(frame, title, [title_line(pane, usize::from(title.width), context)]);
    paint::lines(frame, summary, [summary_line(pane, usize::from(summary.width), context)]);
    match (pane.view, pane.scale) {
        (View::Roster, Scale::Day) => day::draw(pane, frame, body, context),
        (View::Roster, _) => grid::draw(pane, frame, body, context),
        (View::Handover(id), _) => super::handover::draw(pane, id, frame, body, context),
        (View::Rota(_), _) => page::draw(pane, frame, body, context),
        _ => lists::draw(pane, frame, body, context),
    }
    let (text, role) = detail_words(pane, context);
    let lines = wrap(&text, usize::from(detail.width.max(1)));
    let last = usize::from(detail_rows).min(lines.len());
    let lines = lines.iter().take(last).enumerate().map(|(place, line)| {
        let more = place + 1 == last && last < lines.len();
        let line = if more { cut(&format!("{line} {}", lines[last]), usize::from(detail.width)) } else { line.clone() };
        Line::styled(line, context.theme.style(role))
    });
    paint::lines(frame, detail, lines);
    None
}

/// What stands where there is nothing to show.
fn nothing(pane: &ShiftsPane, frame: &mut Frame<'_>, area: Rect, key: &str, context: &Context<'_>) {
    let key = if pane.planned.is_some() { key } else { "duty-loading" };
    let text = cut(&format!("  {}", context.locale.text(key)), usize::from(area.width));
    paint::lines(frame, area, [Line::styled(text, context.theme.style(Role::Dim))]);
}

/// The rows of the roster on screen, each with whether it is the selected one.
fn shown_rows(pane: &ShiftsPane, height: u16) -> impl Iterator<Item = (bool, Row)> + '_ {
    pane.page.set(usize::from(height));
    let rows = &pane.table.rows;
    let selected = rows.iter().position(|row| pane.table.person(*row).is_some_and(|one| pane.cursor == Some(one)));
    // At the top of a page the first line is its rota's, however far down the rota began.
    let shown = list::page(rows.len(), selected.unwrap_or(0), usize::from(height));
    shown.filter_map(move |index| rows.get(index).map(|row| (Some(index) == selected, *row)))
}

fn title_line<'a>(pane: &ShiftsPane, cells: usize, context: &Context<'_>) -> Line<'a> {
    let locale = context.locale;
    let roster = pane.view == View::Roster;
    let mut left = scales(pane, context).map(|(_, word)| word).concat();
    left.push(' ');
    if roster {
        left.push_str(&span_words(pane, context));
    } else {
        left.push_str(&format!("[{}]", view_words(pane, context)));
    }
    let filter = pane.filter.words(context);
    if !filter.is_empty() {
        left.push_str(&format!(" · {}", locale.with("shifts-only", &[("what", &filter)])));
    }
    if let Some(plan) = pane.plan.filter(|_| roster).and_then(|id| context.directory.roster_plans.get(&id)) {
        left.push_str(&format!(" · {}", locale.text(words::plan_state(plan.state))));
    }
    let waiting = pane.summary.as_ref().map_or(0, |summary| summary.waiting);
    let mut spans = vec![Span::styled(left, context.theme.style(Role::Title))];
    if waiting > 0 {
        spans.push(Span::styled(format!(" · {}", locale.count("shifts-waiting", waiting)), context.theme.style(Role::Warning)));
    }
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    let (long, short) = (times::zone(context.now, context.zone), times::offset(context.now, context.zone));
    let zone = if used + 2 + width(&long) <= cells { long } else { short };
    if used + 2 + width(&zone) <= cells {
        spans.push(Span::styled(format!("  {zone}"), context.theme.style(Role::Dim)));
    }
    Line::from(spans)
}

/// The days on screen.
fn span_words(pane: &ShiftsPane, context: &Context<'_>) -> String {
    let locale = context.locale;
    let (from, to) = pane.span(context);
    let (first, last) = (times::date_of(from, context.zone), times::date_of(to - TimeDelta::seconds(1), context.zone));
    if pane.scale == Scale::Month {
        use chrono::Datelike;
        let month = locale.text(&format!("duty-month-{}", first.month()));
        return locale.with("shifts-month-of", &[("month", &month), ("year", &first.year().to_string())]);
    }
    if first == last { times::date(locale, first) } else { format!("{} - {}", times::date(locale, first), times::date(locale, last)) }
}

fn view_words(pane: &ShiftsPane, context: &Context<'_>) -> String {
    let locale = context.locale;
    match pane.view {
        View::Roster => String::new(),
        View::Mine => locale.text("shifts-view-mine").into_owned(),
        View::Gaps => locale.text("shifts-view-gaps").into_owned(),
        View::Waiting => locale.text("shifts-view-waiting").into_owned(),
        View::Who => {
            let at = pane.who_at.unwrap_or(context.now);
            let when = format!("{} {}", words::day_of(at, context), times::clock(at, context.zone));
            locale.with("shifts-view-who", &[("when", &when)])
        }
        View::Rotas | View::Form => locale.text("shifts-view-rotas").into_owned(),
        View::Rota(rota) => words::rota_name(rota, context),
        View::Plans => locale.text("shifts-view-plans").into_owned(),
        View::Handovers | View::Handover(_) => locale.text("handover-view").into_owned(),
    }
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

fn rota_words(rota: &Rota, context: &Context<'_>) -> String {
    let tier = context.locale.with("assignment-tier", &[("tier", &rota.tier.to_string())]);
    format!("{} · {tier} · {}", clean(&rota.name), clean(&rota.time_zone))
}

/// The style of a shift: its type's own colour, where it has one and the theme has colours.
fn type_style(kind: Option<&ShiftType>, base: Style, context: &Context<'_>) -> Style {
    let colour = kind.and_then(|kind| kind.colour.as_deref()).filter(|_| context.theme.name != "mono");
    colour.and_then(|word| word.parse::<Color>().ok()).map_or(base, |colour| base.fg(colour))
}

fn detail_words(pane: &ShiftsPane, context: &Context<'_>) -> (String, Role) {
    let locale = context.locale;
    if pane.searching {
        return (locale.text("shifts-generating").into_owned(), Role::Accent);
    }
    match (pane.view, pane.item(), &pane.note) {
        (View::Roster, _, Some(Note::Mine(shift))) => {
            (locale.with("shifts-mine", &[("shift", &words::shift(shift, context))]), Role::Accent)
        }
        (View::Roster, _, Some(Note::Gap(gap))) | (View::Gaps, Some(Item::Gap(gap)), _) => {
            let lead = context.directory.rotas.get(&gap.rota).and_then(|rota| rota.lead);
            let lead = lead.map(|lead| locale.with("shifts-lead", &[("name", &clean(&context.directory.person_name(lead)))]));
            ([Some(words::gap(gap, context)), lead].into_iter().flatten().collect::<Vec<_>>().join(" · "), Role::Gap)
        }
        (View::Roster, ..) => (person_words(pane, context), Role::Text),
        (View::Mine, Some(Item::Shift(shift)), _) => {
            let parts = [words::shift(shift, context), words::behind(shift, context)];
            (parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "), Role::Text)
        }
        (View::Waiting, Some(Item::Change(id)), _) => {
            let change = context.directory.roster_changes.get(id);
            let words = change.map(|change| {
                format!("{} · {}", words::change(change, context).trim_end_matches(['.', '。']), words::change_state(change, context))
            });
            (words.unwrap_or_default(), Role::Text)
        }
        (View::Plans, Some(Item::Plan(id)), _) => {
            let plan = context.directory.roster_plans.get(id);
            let by = plan.and_then(|plan| plan.made_by).map(|by| clean(&context.directory.person_name(by))).unwrap_or_default();
            let reason = plan.map(|plan| clean(&plan.reason)).unwrap_or_default();
            ([reason, by].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "), Role::Text)
        }
        _ => (String::new(), Role::Text),
    }
}

/// Who is selected, how present, and their shift there with what changed it.
fn person_words(pane: &ShiftsPane, context: &Context<'_>) -> String {
    let Some((rota, id)) = pane.cursor else { return String::new() };
    let state = context.agent_states.get(&id).map_or(Presence::Offline, |state| state.presence);
    let mut words = vec![
        clean(&context.directory.person_name(id)),
        format!("{} {}", presence::mark(state), context.locale.text(presence::word(state))),
    ];
    let shifts = pane.chosen(context);
    let day = pane.day(context);
    let shown: Vec<_> = if pane.scale == Scale::Day {
        shifts.iter().find(|shift| shift.to > context.now).or(shifts.last()).into_iter().collect()
    } else {
        words.push(times::day(context.locale, day, times::date_of(context.now, context.zone)));
        shifts.iter().collect()
    };
    for shift in &shown {
        words.push(if pane.scale == Scale::Day {
            words::shift(shift, context)
        } else {
            format!("{} {}", times::span(shift.from, shift.to, context.zone), words::kind(shift, context))
        });
        words.extend(Some(words::behind(shift, context)).filter(|words| !words.is_empty()));
    }
    let (from, to) = if pane.scale == Scale::Day {
        pane.span(context)
    } else {
        (times::midnight(day, context.zone), times::midnight(day + TimeDelta::days(1), context.zone))
    };
    let group = pane.table.group(rota);
    let leave = group.is_some_and(|group| group.leave(id).iter().any(|span| span.0 < to && from < span.1));
    if leave {
        words.push(context.locale.text("shifts-on-leave").into_owned());
    }
    if pane.scale != Scale::Day {
        let gap = group.and_then(|group| group.gaps.iter().find(|gap| gap.from < to && from < gap.to));
        words.extend(gap.map(|gap| words::gap(gap, context)));
    }
    if shown.is_empty() && !leave {
        words.push(context.locale.text("shifts-none-here").into_owned());
    }
    words.join(" · ")
}
