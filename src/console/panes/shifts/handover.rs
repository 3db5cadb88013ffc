//! Handovers in Shifts: the list, one on its page, and what both sides do with it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::acts::Flow;
use super::items::Item;
use super::state::{ShiftsPane, View};
use super::words as shift_words;
use crate::base::text::{clean, clean_lines, cut, wrap};
use crate::console::action::Action;
use crate::console::effect::{Choice, Effect, QuestionKind};
use crate::console::pane::Context;
use crate::console::theme::Role;
use crate::console::widgets::paint;
use crate::console::words;
use crate::domain::command::Command;
use crate::domain::follow_up::Confidence;
use crate::domain::handover::{Handover, HandoverItem, HandoverState, Side, Watch};
use crate::domain::id::{HandoverId, PersonId, TicketNumber};

/// Newest shift first.
pub fn listed(context: &Context<'_>) -> Vec<HandoverId> {
    let mut all: Vec<&Handover> = context.directory.handovers.values().collect();
    all.sort_by_key(|row| (std::cmp::Reverse(row.to), row.id));
    all.into_iter().map(|row| row.id).collect()
}

fn state_words(state: HandoverState) -> (&'static str, Role) {
    match state {
        HandoverState::Draft => ("handover-draft", Role::Warning),
        HandoverState::SignedOut => ("handover-signed-out", Role::Accent),
        HandoverState::Accepted => ("handover-accepted", Role::Good),
    }
}

fn people(list: &[PersonId], context: &Context<'_>) -> String {
    if list.is_empty() {
        return context.locale.text("handover-nobody").into_owned();
    }
    list.iter().map(|id| words::person(context.directory, *id)).collect::<Vec<_>>().join(", ")
}

fn shift(row: &Handover, context: &Context<'_>) -> String {
    shift_words::span(row.from, row.to, context)
}

/// A line of the list.
pub fn columns(id: HandoverId, context: &Context<'_>) -> Vec<(String, Role)> {
    let Some(row) = context.directory.handovers.get(&id) else { return Vec::new() };
    let (state, role) = state_words(row.state);
    vec![
        (shift_words::rota_name(row.rota, context), Role::Text),
        (shift(row, context), Role::Text),
        (context.locale.text(state).into_owned(), role),
        ((row.work.len() + row.more_work as usize).to_string(), Role::Text),
        (format!("{} > {}", people(&row.outgoing, context), people(&row.incoming, context)), Role::Dim),
    ]
}

pub fn draw(pane: &ShiftsPane, id: HandoverId, frame: &mut Frame<'_>, area: Rect, context: &Context<'_>) {
    pane.page.set(usize::from(area.height));
    let Some(row) = context.directory.handovers.get(&id) else {
        let text = context.locale.text("handover-gone").into_owned();
        paint::lines(frame, area, [Line::styled(text, context.theme.style(Role::Dim))]);
        return;
    };
    let lines = lines(row, usize::from(area.width), context);
    let top = pane.scroll.min(lines.len().saturating_sub(usize::from(area.height)));
    paint::lines(frame, area, lines.into_iter().skip(top));
}

/// The whole page.
fn lines(row: &Handover, cells: usize, context: &Context<'_>) -> Vec<Line<'static>> {
    let (locale, theme) = (context.locale, context.theme);
    let styled = |text: String, role: Role| Line::styled(cut(&text, cells), theme.style(role));
    let (state, role) = state_words(row.state);
    let head = format!("{} · {} · {}", shift_words::rota_name(row.rota, context), shift(row, context), locale.text(state));
    let mut lines = vec![styled(head, role)];
    lines.push(styled(locale.with("handover-out", &[("people", &people(&row.outgoing, context))]), Role::Text));
    lines.push(styled(locale.with("handover-in", &[("people", &people(&row.incoming, context))]), Role::Text));
    for signature in &row.signatures {
        let key = if signature.side == Side::Out { "handover-sign-out" } else { "handover-sign-in" };
        let at = context.instant(signature.at);
        lines.push(styled(locale.with(key, &[("name", &words::person(context.directory, signature.person)), ("time", &at)]), Role::Good));
    }
    let title = |lines: &mut Vec<Line<'static>>, key: &str, count: usize| {
        lines.push(Line::default());
        lines.push(styled(format!("{} ({count})", locale.text(key)), Role::Title));
    };
    if !row.notes.is_empty() {
        lines.push(Line::default());
        lines.push(styled(locale.text("handover-notes").into_owned(), Role::Title));
        lines.extend(
            wrap(&clean_lines(&row.notes), cells.saturating_sub(2)).into_iter().map(|line| styled(format!("  {line}"), Role::Text)),
        );
    }
    if !row.watch.is_empty() {
        title(&mut lines, "handover-watch", row.watch.len());
        lines.extend(row.watch.iter().map(|one| styled(format!("  #{} {}", one.ticket, clean(&one.note)), Role::Accent)));
    }
    title(&mut lines, "handover-promises", row.promises.len());
    for one in &row.promises {
        let found = match one.found {
            None => String::new(),
            Some(Confidence::High) => format!(" {}", locale.text("handover-found")),
            Some(_) => format!(" {}", locale.text("handover-maybe")),
        };
        let at = context.instant(one.at);
        let role = if one.at <= context.now { Role::Danger } else { Role::Text };
        lines.push(styled(format!("  {at}  #{}{found} {}", one.ticket, clean(&one.text)), role));
    }
    if !row.escalations.is_empty() {
        title(&mut lines, "handover-escalations", row.escalations.len());
        for one in &row.escalations {
            let (who, state) = (words::person(context.directory, one.expert), locale.text(words::escalation(one.state)));
            lines.push(styled(format!("  #{} {who}: {state}", one.ticket), Role::Text));
        }
    }
    title(&mut lines, "handover-work", row.work.len() + row.more_work as usize);
    lines.extend(row.work.iter().map(|item| {
        let role = if item.breaching { Role::Danger } else { Role::Text };
        styled(work_line(item, context), role)
    }));
    if row.more_work > 0 {
        lines.push(styled(locale.with("handover-more", &[("n", &row.more_work.to_string())]), Role::Dim));
    }
    lines
}

fn work_line(item: &HandoverItem, context: &Context<'_>) -> String {
    let locale = context.locale;
    let mark = if item.breaching { "!" } else { " " };
    let due = item.due_at.map(|due| format!(" · {}", words::due(locale, due, context.now).0)).unwrap_or_default();
    let who = item.assignee.map_or_else(|| locale.text("handover-nobody").into_owned(), |id| words::person(context.directory, id));
    let (priority, status) = (locale.text(words::priority(item.priority)), locale.text(words::status(item.status)));
    format!("{mark} #{} {priority} · {status} · {who}{due} · {}", item.ticket, clean(&item.subject))
}

impl ShiftsPane {
    fn handover_meant(&self) -> Option<HandoverId> {
        match (self.view, self.item()) {
            (View::Handover(id), _) | (_, Some(&Item::Handover(id))) => Some(id),
            _ => None,
        }
    }

    /// Starts what is done with handovers.
    pub(super) fn begin_handover(&mut self, action: Action, context: &Context<'_>) -> Vec<Effect> {
        if action == Action::DraftHandover {
            return self.ask_rota(context);
        }
        if !matches!(action, Action::SignHandover | Action::HandoverNotes | Action::HandoverWatch) {
            return Vec::new();
        }
        let Some(row) = self.handover_meant().and_then(|id| context.directory.handovers.get(&id)) else {
            return vec![Effect::Toast { key: "handover-choose", args: Vec::new() }];
        };
        let toast = |key| vec![Effect::Toast { key, args: Vec::new() }];
        match (action, row.state) {
            (Action::SignHandover, HandoverState::Accepted) => return toast("handover-signed-twice"),
            (Action::HandoverNotes | Action::HandoverWatch, HandoverState::SignedOut | HandoverState::Accepted) => {
                return toast("handover-is-signed");
            }
            _ => {}
        }
        match action {
            Action::SignHandover => {
                let sentence = context
                    .locale
                    .with("handover-sure", &[("rota", &shift_words::rota_name(row.rota, context)), ("shift", &shift(row, context))]);
                let command = Box::new(Command::SignHandover { id: row.id });
                self.ask(Flow::Sure { command, done: "handover-done-signed" }, "shifts-ask-sure", QuestionKind::Confirm { sentence })
            }
            Action::HandoverNotes => {
                self.ask(Flow::HandoverNotes(row.id), "handover-ask-notes", QuestionKind::Compose { text: row.notes.clone() })
            }
            _ => self.ask(Flow::HandoverWatch(row.id), "handover-ask-watch", QuestionKind::Prompt { text: String::new() }),
        }
    }

    /// Which rota's handover: those in which I am, else all.
    fn ask_rota(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let mine = |rota: &&crate::domain::roster::Rota| rota.members.iter().any(|member| member.person == context.me.id);
        let mut rotas: Vec<_> = context.directory.rotas.values().filter(|rota| rota.active).collect();
        if rotas.iter().any(mine) && !crate::domain::access::may_lead(context.me) {
            rotas.retain(mine);
        }
        rotas.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        let choice = |rota: &&crate::domain::roster::Rota| Choice {
            value: rota.key.clone(),
            label: clean(&rota.name),
            hint: clean(&rota.key),
            disabled: None,
        };
        let choices = rotas.iter().map(choice).collect();
        self.ask(Flow::HandoverOf, "handover-ask-rota", QuestionKind::Pick { choices })
    }

    pub(super) fn handover_drafted(&mut self, found: Result<HandoverId, String>, context: &Context<'_>) -> Vec<Effect> {
        match found {
            Ok(id) => {
                self.open(View::Handover(id), context);
                vec![Effect::Toast { key: "handover-done-drafted", args: Vec::new() }]
            }
            Err(why) => vec![Effect::Toast { key: "toast-failed", args: vec![("why", why)] }],
        }
    }

    pub(super) fn notes_typed(&mut self, id: HandoverId, notes: String) -> Vec<Effect> {
        vec![send(Command::EditHandover { id, notes: Some(notes), watch: None })]
    }

    /// `1042 calls again at six`: a ticket and why; the ticket alone takes it off the list when it is on it.
    pub(super) fn watch_typed(&mut self, id: HandoverId, text: &str, context: &Context<'_>) -> Vec<Effect> {
        let (number, note) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let Ok(ticket) = number.parse::<TicketNumber>() else {
            return vec![Effect::Toast { key: "toast-not-a-number", args: vec![("text", number.to_owned())] }];
        };
        let Some(row) = context.directory.handovers.get(&id) else { return Vec::new() };
        let mut watch = row.watch.clone();
        let known = watch.iter().any(|one| one.ticket == ticket);
        watch.retain(|one| one.ticket != ticket);
        if !(known && note.is_empty()) {
            watch.push(Watch { ticket, note: note.trim().to_owned() });
        }
        vec![send(Command::EditHandover { id, notes: None, watch: Some(watch) })]
    }
}

fn send(command: Command) -> Effect {
    Effect::Submit { command: Box::new(command), base_version: None }
}
