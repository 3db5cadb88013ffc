//! The lists: one line an item, columns by the room there is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::nothing;
use crate::base::text::{clean, cut, fit};
use crate::console::pane::Context;
use crate::console::panes::shifts::items::Item;
use crate::console::panes::shifts::state::{ShiftsPane, View};
use crate::console::panes::shifts::words;
use crate::console::panes::{presence, times};
use crate::console::theme::Role;
use crate::console::widgets::{list, paint};
use crate::domain::id::{RosterChangeId, RosterPlanId, RotaId};
use crate::domain::person::Presence;
use crate::domain::roster::{ChangeState, Gap, PlanState, Shift};

/// A column: its text, its cells and its role.
type Column = (String, usize, Role);

pub fn draw(pane: &ShiftsPane, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    let (head, body) = paint::take_top(area, 1);
    pane.page.set(usize::from(body.height));
    if pane.items.is_empty() {
        let key = match pane.view {
            View::Mine => "shifts-empty-mine",
            View::Gaps => "shifts-empty-gaps",
            View::Waiting => "shifts-empty-waiting",
            View::Who => "shifts-empty-who",
            View::Plans => "shifts-empty-plans",
            View::Handovers => "handover-none",
            _ => "shifts-no-rotas",
        };
        nothing(pane, frame, body, key, context);
        return;
    }
    let cells = usize::from(area.width);
    paint::lines(frame, head, [Line::styled(row(&heads(pane.view, cells, context), cells), context.theme.style(Role::Dim))]);
    let shown = list::page(pane.items.len(), pane.at, usize::from(body.height));
    let lines = shown.filter_map(|index| {
        let columns = columns(pane, pane.items.get(index)?, cells, context);
        Some(line(&columns, index == pane.at, cells, context))
    });
    paint::lines(frame, body, lines);
}

fn line<'a>(columns: &[Column], selected: bool, cells: usize, context: &Context<'_>) -> Line<'a> {
    if selected {
        return Line::styled(format!(">{}", row(columns, cells).chars().skip(1).collect::<String>()), context.theme.style(Role::Selected));
    }
    let mut used = 2;
    let mut spans = vec![Span::raw("  ")];
    for (text, width, role) in columns {
        let width = (*width).min(cells.saturating_sub(used));
        used += width;
        spans.push(Span::styled(column(text, width), context.theme.style(*role)));
    }
    Line::from(spans)
}

/// A column with a blank behind it.
fn column(text: &str, width: usize) -> String {
    fit(&cut(text, width.saturating_sub(1)), width)
}

fn row(columns: &[Column], cells: usize) -> String {
    let body: String = columns.iter().map(|(text, width, _)| column(text, *width)).collect();
    cut(&format!("  {body}"), cells)
}

/// The widths of a view's columns; the last takes what is left.
fn widths(view: View, cells: usize) -> Vec<usize> {
    let wide = cells >= 110;
    let mut widths = match view {
        View::Mine => vec![if wide { 18 } else { 14 }, 13, if wide { 20 } else { 14 }, if wide { 24 } else { 16 }],
        View::Gaps => vec![if wide { 44 } else { 36 }, if wide { 28 } else { 20 }, 11],
        View::Who => vec![if wide { 32 } else { 20 }, 12, if wide { 26 } else { 15 }, if wide { 24 } else { 16 }],
        View::Waiting => vec![if wide { 30 } else { 18 }],
        View::Rotas => vec![if wide { 22 } else { 10 }, if wide { 28 } else { 16 }, 5, 7, 8, if wide { 24 } else { 15 }],
        View::Plans => vec![12, if wide { 26 } else { 16 }, if wide { 36 } else { 30 }, 7],
        View::Handovers => vec![if wide { 24 } else { 12 }, if wide { 30 } else { 26 }, if wide { 12 } else { 9 }, 6],
        View::Roster | View::Rota(_) | View::Handover(_) | View::Form => Vec::new(),
    };
    let used: usize = widths.iter().sum();
    widths.push(cells.saturating_sub(used + 2));
    widths
}

fn heads(view: View, cells: usize, context: &Context<'_>) -> Vec<Column> {
    let keys: &[&str] = match view {
        View::Mine => &["shifts-head-day", "shifts-head-time", "shifts-head-shift", "shifts-head-rota", "shifts-head-change"],
        View::Gaps => &["shifts-head-when", "shifts-head-rota", "shifts-head-on-duty", "shifts-head-lead"],
        View::Who => &["shifts-head-who", "shifts-head-presence", "shifts-head-shift", "shifts-head-rota", "shifts-head-queues"],
        View::Waiting => &["shifts-head-state", "shifts-head-change"],
        View::Rotas => &[
            "shifts-head-key",
            "shifts-head-name",
            "shifts-head-tier",
            "shifts-head-members",
            "shifts-head-cycle",
            "shifts-head-zone",
            "shifts-head-queues",
        ],
        View::Plans => &["shifts-head-state", "shifts-head-rota", "shifts-head-days", "shifts-head-members", "shifts-head-made"],
        View::Handovers => &["shifts-head-rota", "handover-head-shift", "shifts-head-state", "handover-head-work", "handover-head-people"],
        View::Roster | View::Rota(_) | View::Handover(_) | View::Form => &[],
    };
    let texts = keys.iter().map(|key| context.locale.text(key).into_owned());
    texts.zip(widths(view, cells)).map(|(text, width)| (text, width, Role::Dim)).collect()
}

fn columns(pane: &ShiftsPane, item: &Item, cells: usize, context: &Context<'_>) -> Vec<Column> {
    let texts = match item {
        Item::Shift(shift) if pane.view == View::Mine => mine(shift, context),
        Item::Shift(shift) => who(shift, context),
        Item::Gap(gap) => gap_columns(gap, context),
        Item::Change(id) => change(*id, context),
        Item::Rota(id) => rota(*id, context),
        Item::Plan(id) => plan(*id, context),
        Item::Handover(id) => crate::console::panes::shifts::handover::columns(*id, context),
    };
    texts.into_iter().zip(widths(pane.view, cells)).map(|((text, role), width)| (text, width, role)).collect()
}

fn mine(shift: &Shift, context: &Context<'_>) -> Vec<(String, Role)> {
    let running = shift.from <= context.now;
    let kind = words::kind(shift, context);
    let night = words::shift_type(shift.rota, &shift.code, context).is_some_and(|kind| kind.night);
    let change = words::behind(shift, context);
    let change = if running { [context.locale.text("shifts-running").into_owned(), change].join(" ") } else { change };
    vec![
        (words::day_of(shift.from, context), if running { Role::OnDuty } else { Role::Text }),
        (times::span(shift.from, shift.to, context.zone), Role::Text),
        (format!("{} {kind}{}", clean(&shift.code), if night { " *" } else { "" }), Role::Text),
        (words::rota_name(shift.rota, context), Role::Dim),
        (change.trim().to_owned(), Role::Accent),
    ]
}

fn who(shift: &Shift, context: &Context<'_>) -> Vec<(String, Role)> {
    let person = context.directory.people.get(&shift.person);
    let handle = person.map_or_else(String::new, |person| clean(&person.handle));
    let name = clean(&context.directory.person_name(shift.person));
    let presence = context.agent_states.get(&shift.person).map_or(Presence::Offline, |state| state.presence);
    let rota = context.directory.rotas.get(&shift.rota);
    let queues = rota.map_or_else(Vec::new, |rota| rota.queues.clone());
    let queues: Vec<String> =
        queues.iter().filter_map(|queue| context.directory.queues.get(queue)).map(|queue| clean(&queue.name)).collect();
    let span = times::span(shift.from, shift.to, context.zone);
    vec![
        (format!("{name} @{handle}"), Role::Text),
        (format!("{} {}", presence::mark(presence), context.locale.text(presence::word(presence))), presence::role(presence)),
        (format!("{} {span}", clean(&shift.code)), Role::Text),
        (rota.map_or_else(String::new, |rota| format!("{} T{}", clean(&rota.name), rota.tier)), Role::Text),
        (queues.join(", "), Role::Dim),
    ]
}

fn gap_columns(gap: &Gap, context: &Context<'_>) -> Vec<(String, Role)> {
    let lead = context.directory.rotas.get(&gap.rota).and_then(|rota| rota.lead);
    vec![
        (format!("! {}", words::span(gap.from, gap.to, context)), Role::Gap),
        (words::rota_name(gap.rota, context), Role::Text),
        (context.locale.with("shifts-gap-of", &[("on", &gap.on_duty.to_string()), ("required", &gap.required.to_string())]), Role::Text),
        (lead.map_or_else(String::new, |lead| clean(&context.directory.person_name(lead))), Role::Dim),
    ]
}

fn change(id: RosterChangeId, context: &Context<'_>) -> Vec<(String, Role)> {
    let Some(change) = context.directory.roster_changes.get(&id) else { return Vec::new() };
    let mine = crate::console::panes::shifts::items::mine_to_answer(change, context);
    let role = match change.state {
        _ if mine => Role::Warning,
        ChangeState::Declined => Role::Danger,
        ChangeState::InForce => Role::Dim,
        _ => Role::Text,
    };
    let mark = if mine { "? " } else { "" };
    vec![
        (format!("{mark}{}", words::change_state(change, context)), role),
        (words::change(change, context).trim_end_matches(['.', '。']).to_owned(), Role::Text),
    ]
}

fn rota(id: RotaId, context: &Context<'_>) -> Vec<(String, Role)> {
    let Some(rota) = context.directory.rotas.get(&id) else { return Vec::new() };
    let role = if rota.active { Role::Text } else { Role::Dim };
    let queues: Vec<String> =
        rota.queues.iter().filter_map(|queue| context.directory.queues.get(queue)).map(|queue| clean(&queue.name)).collect();
    let name = clean(&rota.name);
    let name = if rota.active { name } else { format!("{name} ({})", context.locale.text("shifts-inactive")) };
    vec![
        (clean(&rota.key), role),
        (name, role),
        (format!("T{}", rota.tier), role),
        (rota.members.len().to_string(), role),
        (context.locale.count("shifts-days", rota.pattern.len()), role),
        (clean(&rota.time_zone), Role::Dim),
        (queues.join(", "), Role::Dim),
    ]
}

fn plan(id: RosterPlanId, context: &Context<'_>) -> Vec<(String, Role)> {
    let Some(plan) = context.directory.roster_plans.get(&id) else { return Vec::new() };
    let role = match plan.state {
        PlanState::Proposed => Role::Warning,
        PlanState::Published => Role::Good,
        PlanState::Withdrawn => Role::Dim,
    };
    vec![
        (context.locale.text(words::plan_state(plan.state)).into_owned(), role),
        (words::rota_name(plan.rota, context), Role::Text),
        (words::plan_days(plan, context), Role::Text),
        (plan.rows.len().to_string(), Role::Text),
        (times::moment(context.locale, plan.created_at, context.now, context.zone), Role::Dim),
    ]
}
