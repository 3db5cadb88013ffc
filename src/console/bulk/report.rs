//! What a bulk act will do and what it did, line by line. The first character of a line is its mark: `!` refused, `=` so already,
//! `~` waiting, `+` done; `#` heads a part.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::text::{clean, cut};
use crate::client::view::{OutboxEntry, OutboxState};
use crate::console::audit_words;
use crate::console::pane::Context;
use crate::console::words;
use crate::domain::bulk::{BulkAct, Fate, Planned, tally, undo};
use crate::domain::command::Command;
use crate::domain::id::{CommandKey, TicketNumber};
use crate::domain::ticket::Ticket;

/// Cells of a subject in a line.
const SUBJECT_CELLS: usize = 30;

/// How far one ticket is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    Done,
    Refused(String),
}

#[derive(Clone, Debug)]
struct Row {
    number: TicketNumber,
    subject: String,
    before: Arc<Ticket>,
    key: Option<CommandKey>,
    state: State,
}

/// A bulk act that was confirmed.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it is called in this console, so that it can be taken back.
    name: usize,
    act: BulkAct,
    rows: Vec<Row>,
    /// Not sent: so already, or refused by the preview.
    left: Vec<Planned>,
    /// It takes an earlier act back; these were changed since, and stay.
    back: Option<Vec<TicketNumber>>,
}

impl Run {
    #[must_use]
    pub fn new(name: usize, act: BulkAct, plan: &[Planned], tickets: &[Arc<Ticket>]) -> Self {
        let known: HashMap<_, _> = tickets.iter().map(|ticket| (ticket.number, ticket)).collect();
        let row = |planned: &Planned| {
            let before = Arc::clone(known.get(&planned.number)?);
            Some(Row { number: planned.number, subject: planned.subject.clone(), before, key: None, state: State::Waiting })
        };
        let rows = plan.iter().filter(|planned| planned.changes()).filter_map(row).collect();
        let left = plan.iter().filter(|planned| !planned.changes()).cloned().collect();
        Self { name, act, rows, left, back: None }
    }

    #[must_use]
    pub fn name(&self) -> usize {
        self.name
    }

    #[must_use]
    pub fn act(&self) -> &BulkAct {
        &self.act
    }

    #[must_use]
    pub fn taken_back(&self) -> bool {
        self.back.is_some()
    }

    /// The keys of its commands, in the order in which they were given.
    pub fn keyed(&mut self, keys: Vec<CommandKey>) {
        for (row, key) in self.rows.iter_mut().zip(keys) {
            row.key = Some(key);
        }
    }

    /// Tickets that were not refused.
    #[must_use]
    pub fn done(&self) -> Vec<TicketNumber> {
        self.rows.iter().filter(|row| !matches!(row.state, State::Refused(_))).map(|row| row.number).collect()
    }

    /// What is in the outbox is on its way or refused; what is not there any more is done.
    pub fn follow(&mut self, entries: &[OutboxEntry]) {
        let known: HashMap<_, _> = entries.iter().map(|entry| (entry.key, &entry.state)).collect();
        for row in &mut self.rows {
            let Some(key) = row.key else { continue };
            row.state = match (known.get(&key), &row.state) {
                (Some(OutboxState::Refused(refusal)), _) => State::Refused(refusal.message.clone()),
                (Some(OutboxState::Waiting), _) => State::Waiting,
                // A refused command that was dropped from the outbox is not done for that.
                (None, State::Refused(why)) => State::Refused(why.clone()),
                (Some(OutboxState::Taken) | None, _) => State::Done,
            };
        }
    }

    /// A run that takes this one back on tickets as they stand now, and its commands.
    #[must_use]
    pub fn take_back(&self, now: &[Arc<Ticket>]) -> (Self, Vec<(Command, Option<i64>)>) {
        let now: HashMap<_, _> = now.iter().map(|ticket| (ticket.number, ticket)).collect();
        let pairs = self.rows.iter().filter_map(|row| Some((row.before.as_ref(), now.get(&row.number)?.as_ref())));
        let (commands, _, changed) = undo::all(&self.act, pairs);
        let numbers: Vec<_> = commands.iter().filter_map(|(command, _)| command.ticket()).collect();
        let rows = self.rows.iter().filter(|row| numbers.contains(&row.number));
        let rows = rows.map(|row| Row { key: None, state: State::Waiting, ..row.clone() }).collect();
        let back = Self { name: self.name, act: self.act.clone(), rows, left: Vec::new(), back: Some(changed) };
        (back, commands.into_iter().map(|(command, version)| (command, Some(version))).collect())
    }

    /// The report, as far as it is: counts first, then what went wrong, then what waits and what is done.
    #[must_use]
    pub fn lines(&self, context: &Context<'_>) -> Vec<String> {
        let locale = context.locale;
        let count = |test: fn(&State) -> bool| self.rows.iter().filter(|row| test(&row.state)).count();
        let (done, waiting) = (count(|state| *state == State::Done), count(|state| *state == State::Waiting));
        let changed = self.back.as_deref().unwrap_or_default();
        let left = self.left.iter().filter(|planned| matches!(planned.fate, Fate::Refused { .. })).count();
        let refused = self.rows.len() - done - waiting + left;
        let same = self.left.len() - left + changed.len();
        let numbers = [("done", done), ("waiting", waiting), ("refused", refused), ("same", same)].map(|(name, n)| (name, n.to_string()));
        let numbers: Vec<_> = numbers.iter().map(|(name, n)| (*name, n.as_str())).collect();
        let mut lines =
            vec![format!("# {}", title(&self.act, self.taken_back(), context)), locale.with("bulk-report-counts", &numbers), String::new()];
        let head = |number: TicketNumber, subject: &str| format!("#{number} {}", cut(&clean(subject), SUBJECT_CELLS));
        for row in &self.rows {
            if let State::Refused(why) = &row.state {
                lines.push(format!("! {}: {}", head(row.number, &row.subject), clean(why)));
            }
        }
        lines.extend(self.left.iter().map(|planned| planned_line(planned, context)));
        lines.extend(changed.iter().map(|number| format!("= #{number} {}", locale.text("bulk-changed-since"))));
        for row in self.rows.iter().filter(|row| row.state == State::Waiting) {
            lines.push(format!("~ {}: {}", head(row.number, &row.subject), locale.text("outbox-waiting")));
        }
        for row in self.rows.iter().filter(|row| row.state == State::Done) {
            lines.push(format!("+ {}: {}", head(row.number, &row.subject), locale.text("bulk-done")));
        }
        lines
    }
}

/// What the act is, in words.
fn title(act: &BulkAct, back: bool, context: &Context<'_>) -> String {
    let locale = context.locale;
    let (name, to) = match act {
        BulkAct::Assign { person } => ("assign_ticket", words::person(context.directory, *person)),
        BulkAct::Status { status } => ("set_status", locale.text(words::status(*status)).into_owned()),
        BulkAct::Priority { priority } => ("set_priority", locale.text(words::priority(*priority)).into_owned()),
        BulkAct::Move { queue } => ("move_ticket", words::queue(context.directory, *queue)),
        BulkAct::AddTag { tag } => ("add_tag", clean(tag)),
        BulkAct::RemoveTag { tag } => ("remove_tag", clean(tag)),
        BulkAct::Tie { incident } => ("tie_ticket", format!("#{incident}")),
        BulkAct::Link { link } => ("link_ticket", format!("{} #{}", locale.text(words::link(link.kind)), link.number)),
        BulkAct::Post { text, .. } => ("post_message", cut(&clean(text), 40)),
    };
    let act = format!("{}: {to}", audit_words::command(context, name));
    if back { format!("{} - {act}", locale.text("bulk-last-undo")) } else { act }
}

fn planned_line(planned: &Planned, context: &Context<'_>) -> String {
    let head = format!("#{} {}", planned.number, cut(&clean(&planned.subject), SUBJECT_CELLS));
    match &planned.fate {
        Fate::Changes { changes } => {
            let words: Vec<_> = changes.iter().filter_map(|change| audit_words::change(context, change)).collect();
            format!("  {head}: {}", words.join("; "))
        }
        Fate::Nothing => format!("= {head}: {}", context.locale.text("bulk-same")),
        Fate::Refused { refusal } => format!("! {head}: {}", clean(&refusal.message)),
    }
}

/// The preview: counts, those that cannot and why, then each ticket before and after. `gone`: marked, but not in the cache any more.
#[must_use]
pub fn preview(act: &BulkAct, plan: &[Planned], gone: usize, context: &Context<'_>) -> Vec<String> {
    let (changes, same, refused) = tally(plan);
    let numbers = [("changes", changes), ("same", same), ("refused", refused)].map(|(name, n)| (name, n.to_string()));
    let numbers: Vec<_> = numbers.iter().map(|(name, n)| (*name, n.as_str())).collect();
    let mut lines = vec![format!("# {}", title(act, false, context)), context.locale.with("bulk-preview-counts", &numbers)];
    if gone > 0 {
        lines.push(format!("! {}", context.locale.count("bulk-gone", gone)));
    }
    lines.push(String::new());
    let part =
        |test: fn(&Fate) -> bool| plan.iter().filter(move |planned| test(&planned.fate)).map(|planned| planned_line(planned, context));
    lines.extend(part(|fate| matches!(fate, Fate::Refused { .. })));
    lines.extend(part(|fate| matches!(fate, Fate::Changes { .. })));
    lines.extend(part(|fate| matches!(fate, Fate::Nothing)));
    lines
}
