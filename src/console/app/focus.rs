//! One ticket after another: asks what there is, takes the most urgent one for this person, and says why it is that one. A ticket that
//! nobody has is claimed with the version that was seen, when work on it begins; who comes second reads who was faster.

use chrono::Duration;
use ratatui::text::{Line, Span};

use super::model::{Model, Owner};
use super::update::{open_ticket, toast};
use crate::base::text;
use crate::client::view::{Anchor, BREACHING_SECS, Counts, OutboxEntry, OutboxState, Sort, TicketQuery, TicketWindow, View};
use crate::console::action::Action;
use crate::console::effect::{Effect, Load, Loaded};
use crate::console::layout::{Mode, WIDE};
use crate::console::pane::{Context, PaneId};
use crate::console::theme::Role;
use crate::console::undo::Act;
use crate::console::{refusal_words, words};
use crate::domain::Timestamp;
use crate::domain::access;
use crate::domain::assignment::next::{Asking, Next, NextReason, next as most_urgent, reason};
use crate::domain::command::Command;
use crate::domain::id::{CommandKey, TicketNumber};
use crate::domain::person::AgentState;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::ticket::Ticket;

/// Tickets that nobody has, and solved ones, read at once.
const ROWS: usize = 200;

/// What is to happen once all is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Then {
    /// The numbers are told anew.
    #[default]
    Count,
    /// The next ticket is opened.
    Open,
    /// The same, and nothing else is on the screen from then on.
    Focus,
}

/// How far the person is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Numbers {
    done: usize,
    left: usize,
    breaching: usize,
}

/// A ticket that was passed over, and how it was then.
#[derive(Clone, Copy, Debug)]
struct Skipped {
    number: TicketNumber,
    awaited: bool,
    late: bool,
}

impl Skipped {
    /// Its requester wrote since, or its time ran out: it has its place among the others again.
    fn is_work_again(&self, work: &[&Ticket], now: Timestamp) -> bool {
        let ticket = work.iter().find(|ticket| ticket.number == self.number);
        ticket.is_some_and(|ticket| (ticket.awaits_reply && !self.awaited) || (is_late(ticket, now) && !self.late))
    }
}

fn is_late(ticket: &Ticket, now: Timestamp) -> bool {
    ticket.due_at.is_some_and(|due| due <= now)
}

/// What is known and under way.
#[derive(Clone, Debug, Default)]
pub struct FocusWork {
    then: Then,
    held: Option<TicketWindow>,
    pool: Option<TicketWindow>,
    solved: Option<TicketWindow>,
    counts: Option<Counts>,
    /// First to last, each once.
    skipped: Vec<Skipped>,
    current: Option<Next>,
    /// Asked for and not yet answered.
    claiming: Option<TicketNumber>,
    /// That claim in the outbox, once it is there.
    key: Option<CommandKey>,
    /// The next ticket, where nobody has it: it is claimed when work on it begins.
    free: Option<TicketNumber>,
    numbers: Numbers,
    /// What waits elsewhere, when nothing is left here.
    nothing: Option<String>,
}

/// Does one of these acts; false when it is none of them.
pub fn act(model: &mut Model, action: Action) -> bool {
    match action {
        Action::FocusMode if model.layout.mode == Mode::Focus => leave(model),
        Action::FocusMode => begin(model, Then::Focus),
        Action::NextTicket => {
            pass_over(model);
            let then = if model.layout.mode == Mode::Focus { Then::Focus } else { Then::Open };
            begin(model, then);
        }
        _ => return false,
    }
    true
}

/// Back to the panes; the ticket stays open.
pub fn leave(model: &mut Model) {
    model.layout.mode = Mode::Desk;
    model.ticket_open = model.front != PaneId::Ticket;
}

/// The ticket that has the keys is left as it is: it comes back when nothing else is left, or when it is work again.
fn pass_over(model: &mut Model) {
    if model.focused() == PaneId::Ticket
        && let Some(ticket) = model.pane(PaneId::Ticket).and_then(crate::console::Pane::selected_ticket)
    {
        let late = is_late(&ticket, model.shared.now);
        skip(model, Skipped { number: ticket.number, awaited: ticket.awaits_reply, late });
    }
}

fn skip(model: &mut Model, one: Skipped) {
    model.focus.skipped.retain(|old| old.number != one.number);
    model.focus.skipped.push(one);
}

fn begin(model: &mut Model, then: Then) {
    if !access::may_work(&model.shared.me) {
        toast(model, "disabled-viewer", &[]);
        return;
    }
    ask(model, then);
}

/// Reads what there is.
fn ask(model: &mut Model, then: Then) {
    let focus = &mut model.focus;
    focus.then = then;
    (focus.held, focus.pool, focus.solved, focus.counts) = (None, None, None, None);
    let query = TicketQuery { view: View::Solved, sort: Sort::Updated, filter: String::new() };
    let loads = [
        Load::Holding(model.shared.me.id),
        Load::Pool { queue: None, rows: ROWS },
        Load::Tickets { query, anchor: Anchor::At(0), rows: ROWS },
        Load::Counts,
    ];
    model.effects.extend(loads.map(|load| (Owner::Focus, Effect::Load(load))));
}

/// The desk changed: the numbers may be others, and the claim may be answered.
pub fn changed(model: &mut Model) {
    refused(model);
    if model.layout.mode == Mode::Focus && model.focus.then == Then::Count {
        ask(model, Then::Count);
    }
}

/// Something was refused: perhaps the claim.
pub fn refused(model: &mut Model) {
    if model.focus.key.is_some() {
        model.effects.push((Owner::Focus, Effect::Load(Load::Outbox)));
    }
}

/// Whether what went into the outbox is the claim of the next ticket. It is known by its key from then on: the person may claim
/// the same one again.
pub fn claimed(model: &mut Model, acts: &[Act]) -> bool {
    let claiming = model.focus.claiming.filter(|_| model.focus.key.is_none());
    let claim = |act: &&Act| matches!(act.command, Command::ClaimTicket { number } if claiming == Some(number));
    let Some(act) = acts.iter().find(claim) else { return false };
    model.focus.key = Some(act.key);
    refused(model);
    true
}

/// What became of the claim: it waits, is taken, or somebody was faster.
fn answered(model: &mut Model, entries: &[OutboxEntry]) {
    let (Some(number), Some(key)) = (model.focus.claiming, model.focus.key) else { return };
    let refusal = match entries.iter().find(|entry| entry.key == key).map(|entry| &entry.state) {
        Some(OutboxState::Waiting | OutboxState::Taken) => return,
        Some(OutboxState::Refused(refusal)) => Some(refusal),
        None => None,
    };
    (model.focus.claiming, model.focus.key) = (None, None);
    let Some(refusal) = refusal else { return };
    model.focus.current = None;
    skip(model, Skipped { number, awaited: true, late: true });
    let why = refusal_words::sentence(refusal, &model.shared.context());
    toast(model, "toast-next-lost", &[("number", number.to_string()), ("why", why)]);
    model.effects.push((Owner::Focus, Effect::Drop(key)));
    // It may be long ago: the next one is not opened under other work.
    let free = model.overlays.is_empty() && !model.search.is_open() && !model.files.is_open();
    let there = model.focused() == PaneId::Ticket && model.shown_ticket == Some(number);
    if free && there && !model.pane(PaneId::Ticket).is_some_and(crate::console::Pane::captures_text) {
        let then = if model.layout.mode == Mode::Focus { Then::Focus } else { Then::Open };
        ask(model, then);
    }
}

/// Takes an answer.
pub fn loaded(model: &mut Model, loaded: Loaded) {
    let focus = &mut model.focus;
    match loaded {
        Loaded::Holding { window, .. } => focus.held = Some(window),
        Loaded::Pool { window, .. } => focus.pool = Some(window),
        Loaded::Tickets { window, .. } => focus.solved = Some(window),
        Loaded::Counts(counts) => focus.counts = Some(counts),
        Loaded::Outbox(entries) => return answered(model, &entries),
        _ => return,
    }
    if focus.held.is_some() && focus.pool.is_some() && focus.solved.is_some() && focus.counts.is_some() {
        decide(model);
    }
}

/// All is read: counts, and goes on when that was asked for.
fn decide(model: &mut Model) {
    let then = std::mem::take(&mut model.focus.then);
    let found = {
        let context = model.shared.context();
        let focus = &model.focus;
        let (held, pool) = (rows(focus.held.as_ref()), rows(focus.pool.as_ref()));
        let unseen = AgentState::unseen(context.me.id, context.now);
        let state = context.agent_states.get(&context.me.id).unwrap_or(&unseen);
        let duty = DutyIndex::at(context.directory, context.now);
        let asking = Asking { me: context.me, state, directory: context.directory, duty: &duty, now: context.now };
        let work: Vec<&Ticket> = held.iter().chain(pool).map(AsRef::as_ref).filter(|ticket| reason(ticket, &asking).is_some()).collect();
        let soon = context.now + Duration::seconds(BREACHING_SECS);
        let breaching = work.iter().filter(|ticket| ticket.due_at.is_some_and(|due| due <= soon)).count();
        let today = |at: Timestamp| at.with_timezone(&context.zone).date_naive();
        let mine = |ticket: &&std::sync::Arc<Ticket>| {
            ticket.assignee == Some(context.me.id) && ticket.solved_at.is_some_and(|at| today(at) == today(context.now))
        };
        let done = rows(focus.solved.as_ref()).iter().filter(mine).count();
        let numbers = Numbers { done, left: work.len(), breaching };
        let skipped = focus.skipped.iter().filter(|one| !one.is_work_again(&work, context.now));
        let skipped: Vec<_> = skipped.map(|one| one.number).collect();
        let next = most_urgent(work.iter().copied(), &asking, &skipped);
        let mine_now = focus.claiming.is_some_and(|number| held.iter().any(|ticket| ticket.number == number));
        (numbers, next, mine_now)
    };
    let (numbers, next, mine_now) = found;
    model.focus.numbers = numbers;
    if mine_now {
        (model.focus.claiming, model.focus.key) = (None, None);
    }
    match (then, next) {
        (Then::Count, _) => {}
        (_, Some(next)) => take(model, next, then),
        (_, None) => nothing(model),
    }
}

fn rows(window: Option<&TicketWindow>) -> &[std::sync::Arc<Ticket>] {
    window.map_or(&[], |window| &window.rows)
}

/// What work on a ticket begins with; whoever only looks at what is next keeps nothing from others.
const BEGINS: [Action; 7] =
    [Action::Reply, Action::Note, Action::SetStatus, Action::SetPriority, Action::Tags, Action::EditField, Action::Escalate];

/// An act on the next ticket, before it is done: what is nobody's becomes mine, or is refused to the slower one.
pub fn begins(model: &mut Model, action: Action) {
    let Some(number) = model.focus.free.filter(|_| BEGINS.contains(&action) && model.focused() == PaneId::Ticket) else { return };
    let shown = model.pane(PaneId::Ticket).and_then(crate::console::Pane::selected_ticket);
    let Some(ticket) = shown.filter(|ticket| ticket.number == number) else { return };
    model.focus.free = None;
    if ticket.assignee.is_none() {
        (model.focus.claiming, model.focus.key) = (Some(number), None);
        let command = Box::new(Command::ClaimTicket { number });
        model.effects.push((Owner::Focus, Effect::Submit { command, base_version: Some(ticket.version) }));
    }
}

/// Opens it.
fn take(model: &mut Model, next: Next, then: Then) {
    model.focus.free = (next.why == NextReason::Free).then_some(next.number);
    (model.focus.current, model.focus.nothing) = (Some(next), None);
    if then == Then::Focus {
        model.layout.mode = Mode::Focus;
    } else {
        let why = sentence(&next, &model.shared.context());
        toast(model, "toast-next", &[("number", next.number.to_string()), ("why", why)]);
    }
    open_ticket(model, next.number);
}

/// Nothing is left: told kindly, with what waits elsewhere.
fn nothing(model: &mut Model) {
    let counts = model.focus.counts.clone().unwrap_or_default();
    let args = [("unassigned", counts.unassigned.to_string()), ("breaching", counts.breaching.to_string())];
    model.focus.current = None;
    model.focus.skipped.clear();
    let shown: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    model.focus.nothing = Some(model.shared.locale.with("next-nothing", &shown));
    toast(model, "next-nothing", &args);
}

/// Why it is the next one, in one line: `yours, first response due in 4m`.
fn sentence(next: &Next, context: &Context<'_>) -> String {
    let locale = context.locale;
    let who = match next.why {
        NextReason::Late | NextReason::Mine => "next-mine",
        NextReason::AwaitsReply => "next-awaits",
        NextReason::Free => "next-free",
    };
    let mut parts = vec![locale.text(who).into_owned()];
    if let Some((clock, due)) = next.due {
        let left = (due - context.now).num_seconds();
        let key = if left < 0 { "next-overdue" } else { "next-due" };
        let span = if left.abs() < 60 { "<1m".to_owned() } else { locale.span(left.abs()) };
        parts.push(locale.with(key, &[("clock", &locale.text(words::clock(clock))), ("span", &span)]));
    }
    if next.again {
        parts.push(locale.text("next-again").into_owned());
    }
    parts.join(&locale.text("next-comma"))
}

/// Whether the ticket on screen is done with: answered, waiting for others, solved, or somebody else's.
#[must_use]
pub fn finished(model: &Model) -> bool {
    let Some(ticket) = model.pane(PaneId::Ticket).and_then(crate::console::Pane::selected_ticket) else { return false };
    let mine = match ticket.assignee {
        Some(person) => person == model.shared.me.id,
        None => [model.focus.claiming, model.focus.free].contains(&Some(ticket.number)),
    };
    let answered = model.focus.current.is_some_and(|next| next.number == ticket.number && next.why == NextReason::AwaitsReply);
    !mine || !ticket.status.is_active() || (answered && !ticket.awaits_reply)
}

/// How far one is, and why this ticket; one line where it is wide enough, otherwise two.
#[must_use]
pub fn progress(model: &Model, width: u16) -> Vec<Line<'static>> {
    let (context, focus) = (model.shared.context(), &model.focus);
    let (locale, theme) = (context.locale, context.theme);
    let Numbers { done, left, breaching } = focus.numbers;
    let counted = locale.with("focus-progress", &[("done", &done.to_string()), ("left", &left.to_string())]);
    let late = locale.with("focus-breaching", &[("n", &breaching.to_string())]);
    let mut first = vec![
        Span::styled(format!("{} ", locale.text("focus-title")), theme.style(Role::Title)),
        Span::raw(format!("{counted} ")),
        Span::styled(late, theme.style(if breaching > 0 { Role::Warning } else { Role::Dim })),
    ];
    let key = model.keymap.shown(Action::NextTicket, PaneId::Ticket);
    let (said, role) = match (&focus.nothing, &focus.current) {
        (Some(nothing), _) => (nothing.clone(), Role::Good),
        (None, _) if finished(model) => (locale.with("focus-finished", &[("key", &key)]), Role::Accent),
        (None, Some(next)) if model.shown_ticket == Some(next.number) => {
            (locale.with("focus-next", &[("why", &sentence(next, &context))]), Role::Text)
        }
        (None, _) => (String::new(), Role::Text),
    };
    if width >= WIDE {
        let used: usize = first.iter().map(|span| text::width(&span.content)).sum();
        first.push(Span::styled(text::cut(&format!("   {said}"), usize::from(width).saturating_sub(used)), theme.style(role)));
        return vec![Line::from(first)];
    }
    vec![Line::from(first), Line::styled(text::cut(&said, usize::from(width)), theme.style(role))]
}
