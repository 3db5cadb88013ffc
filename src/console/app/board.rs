//! Wallboard and watch in the model: entering and leaving, what is read for them, what their keys do.

use chrono::Duration;

use super::model::{ExitReason, Model, Owner};
use super::update::{absorb, open_ticket, toast};
use crate::client::view::{Anchor, Changed, Link, LinkStatus, Sort, TicketQuery, View};
use crate::console::action::{Action, Scope};
use crate::console::board::{Board, CALMER, Column, Standing};
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::key::{Key, KeyCode};
use crate::console::layout::Mode;
use crate::console::pane::PaneId;
use crate::domain::Timestamp;
use crate::domain::stats::Range;

/// Most urgent tickets of the watch.
const URGENT: usize = 60;
/// Tickets looked through for what happened just before.
const RECENT: usize = 200;
/// How often figures and duties are looked at anew.
const REFRESH_SECS: i64 = 60;

/// Wallboard or watch has the screen.
pub fn is_shown(model: &Model) -> bool {
    matches!(model.layout.mode, Mode::Wallboard | Mode::Watch)
}

/// The console starts: as a wallboard, when it was asked to.
pub fn start(model: &mut Model) {
    if model.board.kiosk {
        enter(model, Mode::Wallboard);
    }
}

/// Shows the wallboard or the watch.
pub fn enter(model: &mut Model, mode: Mode) {
    model.layout.mode = mode;
    model.board.returning = false;
    model.typed = super::model::Typed::default();
    model.redraw_all = true;
    if mode == Mode::Watch && !model.board.watching {
        model.board.watching = true;
        model.board.stream.begin(model.shared.now);
        let calls = model.shared.calls.clone();
        model.board.stream.calls(&calls);
        let query = TicketQuery { view: View::All, sort: Sort::Updated, ..TicketQuery::default() };
        model.effects.push((Owner::Board, Effect::Load(Load::Tickets { query, anchor: Anchor::At(0), rows: RECENT })));
    }
    model.board.turns_at = None;
    turn_later(model);
    refresh(model);
}

/// Back to the panes; a console that was started as a wallboard has none.
pub fn leave(model: &mut Model) {
    model.board.returning = false;
    if is_shown(model) && !model.board.kiosk {
        model.layout.mode = Mode::Desk;
        model.redraw_all = true;
    }
}

/// One step back, when that leads to or out of the watch.
pub fn back(model: &mut Model) -> bool {
    if model.board.returning && model.focused() == PaneId::Ticket {
        model.ticket_open = false;
        enter(model, Mode::Watch);
        return true;
    }
    false
}

/// Reads all that is shown.
fn refresh(model: &mut Model) {
    let now = model.shared.now;
    model.board.refreshed_at = Some(now);
    model.board.standing = Some(Standing::at(&model.shared.directory, now));
    model.effects.push((Owner::Board, Effect::Load(Load::QueueHealth)));
    match model.layout.mode {
        Mode::Wallboard => {
            for queue in model.board.figures_wanted(&model.shared.directory, &model.shared.me) {
                model.effects.push((Owner::Board, Effect::Load(Load::Figures { range: Range::Day, queue })));
            }
        }
        Mode::Watch => read_urgent(model),
        Mode::Desk | Mode::Focus => {}
    }
}

fn read_urgent(model: &mut Model) {
    let query = TicketQuery { view: View::All, sort: Sort::Due, ..TicketQuery::default() };
    model.effects.push((Owner::Board, Effect::Load(Load::Tickets { query, anchor: Anchor::At(0), rows: URGENT })));
}

/// Reads what changed, one read after another: of those that wait only the newest is kept, and it names other tickets.
fn read_changed(model: &mut Model) {
    if !model.board.changed.is_empty() && !std::mem::replace(&mut model.board.reading_changed, true) {
        let numbers = std::mem::take(&mut model.board.changed).into_iter().collect();
        model.effects.push((Owner::Board, Effect::Load(Load::TicketsOf(numbers))));
    }
}

/// The cache changed.
pub fn changed(model: &mut Model, changed: &Changed) {
    if model.board.watching && !changed.tickets.is_empty() {
        model.board.changed.extend(changed.tickets.iter().rev().take(RECENT));
        read_changed(model);
    }
    if !is_shown(model) {
        return;
    }
    if changed.all || changed.directory {
        refresh(model);
    } else if !changed.tickets.is_empty() {
        model.effects.push((Owner::Board, Effect::Load(Load::QueueHealth)));
        if model.layout.mode == Mode::Watch {
            read_urgent(model);
        }
    }
}

/// Calls for experts were read anew.
pub fn calls(model: &mut Model) {
    if model.board.watching {
        let calls = model.shared.calls.clone();
        let fresh = model.board.stream.calls(&calls);
        keep_mark(model, fresh);
    }
}

/// The link is about to be another one than the model's.
pub fn link(model: &mut Model, new: &LinkStatus) {
    if !model.board.watching {
        return;
    }
    // On the way back the link is neither lost nor live for a while.
    let news = match &new.link {
        Link::Offline { .. } | Link::Outdated { .. } if !model.board.link_lost => Some(false),
        Link::Live if model.board.link_lost => Some(true),
        _ => None,
    };
    if let Some(live) = news {
        model.board.link_lost = !live;
        let fresh = model.board.stream.link(live, model.shared.now);
        keep_mark(model, fresh);
    }
}

/// A deadline passed: the page turns, figures and duties are looked at anew.
pub fn tick(model: &mut Model) {
    if !is_shown(model) {
        return;
    }
    if model.board.turns_at.is_some_and(|at| at <= model.shared.now) {
        turn(model, 1);
    }
    let old = |at: Timestamp| model.shared.now - at >= Duration::seconds(REFRESH_SECS);
    if model.board.refreshed_at.is_none_or(old) {
        refresh(model);
    }
}

/// When the page of the wallboard turns.
pub fn next_tick(model: &Model) -> Option<Timestamp> {
    model.board.turns_at.filter(|_| model.layout.mode == Mode::Wallboard)
}

fn turn(model: &mut Model, by: isize) {
    let pages = Board::pages(model.size).len();
    let here = model.board.page % pages;
    model.board.page = (here + pages).saturating_add_signed(by) % pages;
    turn_later(model);
}

fn turn_later(model: &mut Model) {
    let stays = model.board.start.rotate * if model.screen.reduced_motion { CALMER } else { 1 };
    // No time at all: pages turn by key only.
    model.board.turns_at = (stays > Duration::zero()).then(|| model.shared.now + stays);
}

/// A key on the wallboard. False when the key is not its own.
pub fn key(model: &mut Model, key: Key) -> bool {
    if model.layout.mode != Mode::Wallboard {
        return false;
    }
    if !model.board.kiosk {
        leave(model);
        return true;
    }
    match key.code {
        KeyCode::Char('c') if key.ctrl => model.exit = Some(ExitReason::Quit),
        KeyCode::Char('q' | 'Q') | KeyCode::Escape => model.exit = Some(ExitReason::Quit),
        KeyCode::Char(' ' | 'l') | KeyCode::Right | KeyCode::Tab | KeyCode::Enter => turn(model, 1),
        KeyCode::Char('h') | KeyCode::Left => turn(model, -1),
        _ => {}
    }
    true
}

/// An action in the watch. False when it is done as everywhere.
pub fn act(model: &mut Model, action: Action, count: usize) -> bool {
    if model.layout.mode != Mode::Watch {
        return false;
    }
    let by = i64::try_from(count).unwrap_or(1);
    match action {
        Action::Down => step(model, by),
        Action::Up => step(model, -by),
        Action::HalfPageDown | Action::PageDown => step(model, 10 * by),
        Action::HalfPageUp | Action::PageUp => step(model, -10 * by),
        Action::First => step(model, i64::MIN / 2),
        Action::Last => step(model, i64::MAX / 2),
        Action::NextFocus | Action::Right => model.board.column = model.board.column.step(1),
        Action::PreviousFocus | Action::Left => model.board.column = model.board.column.step(-1),
        Action::Open => open(model),
        Action::Back => leave(model),
        // What is done again is done to a ticket, and none of the panes' is seen.
        _ if action.spec().scope == Scope::Everywhere && action != Action::Repeat => return false,
        _ => toast(model, "wallboard-disabled-here", &[]),
    }
    true
}

fn step(model: &mut Model, by: i64) {
    let column = model.board.column;
    let total = model.board.len(column, &model.shared.directory, &model.shared.me);
    let here = i64::try_from(model.board.mark(column, total)).unwrap_or(0);
    let last = i64::try_from(total.saturating_sub(1)).unwrap_or(0);
    model.board.marks[column as usize] = usize::try_from(here.saturating_add(by).clamp(0, last)).unwrap_or(0);
}

/// Shows what is marked: a ticket, to come back from; or a queue's tickets.
fn open(model: &mut Model) {
    let column = model.board.column;
    let rows = model.board.rows(&model.shared.directory, &model.shared.me);
    let ticket = match column {
        Column::Queues => {
            if let Some(row) = rows.get(model.board.mark(column, rows.len())) {
                absorb(model, Owner::Board, vec![Effect::ShowTickets { view: View::Queue(row.queue), filter: String::new() }]);
            }
            return;
        }
        Column::Stream => {
            let events = model.board.stream.events();
            events.get(model.board.mark(column, events.len())).and_then(|event| event.ticket)
        }
        Column::Urgent => model.board.urgent.get(model.board.mark(column, model.board.urgent.len())).map(|ticket| ticket.number),
    };
    if let Some(number) = ticket {
        open_ticket(model, number);
        model.board.returning = true;
    }
}

/// What is marked in the stream stays marked when `fresh` events come in above it.
fn keep_mark(model: &mut Model, fresh: usize) {
    let mark = &mut model.board.marks[Column::Stream as usize];
    if *mark > 0 {
        *mark += fresh;
    }
}

/// Answers to what was read.
pub fn loaded(model: &mut Model, loaded: Loaded) {
    match loaded {
        Loaded::QueueHealth(health) => model.board.health = health,
        Loaded::Figures { queue, figures: Ok(figures), .. } => drop(model.board.figures.insert(queue, figures.overview)),
        Loaded::Tickets { query, window } => {
            let fresh = model.board.stream.tickets(&window.rows);
            keep_mark(model, fresh);
            if query.sort == Sort::Due {
                model.board.urgent = window.rows;
            }
        }
        Loaded::TicketsOf(tickets) => {
            let fresh = model.board.stream.tickets(&tickets);
            keep_mark(model, fresh);
            model.board.reading_changed = false;
            read_changed(model);
        }
        _ => {}
    }
}
