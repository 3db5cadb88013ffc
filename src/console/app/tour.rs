//! Runs the tour: each step waits for what the person really does. It can be left and taken up again, and clears away what it made.

use super::global::{ask, choice};
use super::model::{Model, Owner};
use super::update::{disabled, toast};
use crate::client::drafts::Draft;
use crate::console::action::Action;
use crate::console::effect::QuestionKind;
use crate::console::pane::{Pane, PaneId};
use crate::console::tour::{STEPS, Step};
use crate::console::undo::Entry;
use crate::domain::access;
use crate::domain::command::Command;
use crate::domain::conversation::Visibility;
use crate::domain::id::ConversationId;

/// How far the tour is.
#[derive(Clone, Debug, Default)]
pub struct TourState {
    pub step: usize,
    /// Actions since the step began.
    seen: Vec<Action>,
    /// Something was claimed since the step began.
    claimed: bool,
    /// Where a draft was begun for the tour, that was none before.
    draft: Option<ConversationId>,
}

impl TourState {
    /// The step; none when all are done.
    #[must_use]
    pub fn now(&self) -> Option<Step> {
        STEPS.get(self.step).copied()
    }
}

/// Says once, on a console that remembers and shows its panes, that there is a tour.
pub fn offer(model: &mut Model) {
    let panes = !model.board.kiosk && !model.screen.linear;
    if model.session.tour_offered || !model.memory.remembers() || !panes {
        return;
    }
    model.session.tour_offered = true;
    model.memory.keep(&model.session);
    let key = model.keymap.shown(Action::Tour, model.focused());
    toast(model, "toast-tour", &[("key", key)]);
    if let Some(toast) = &mut model.toast {
        toast.until = model.shared.now + chrono::Duration::seconds(60);
    }
}

/// The tour's key: starts it, or asks what to do with the one that runs or was left.
pub fn key(model: &mut Model) {
    let running = model.hands.tour.is_some();
    if !running && model.session.tour_step == 0 {
        return go_to(model, 0);
    }
    let locale = &model.shared.locale;
    let mut choices = vec![choice("resume", &locale.text("tour-resume"), "")];
    if running {
        choices.push(choice("skip", &locale.text("tour-skip"), ""));
        choices.push(choice("leave", &locale.text("tour-leave"), ""));
    }
    choices.push(choice("start", &locale.text("tour-start"), ""));
    choices.push(choice("end", &locale.text("tour-stop"), ""));
    ask(model, "tour", "ask-tour", QuestionKind::Pick { choices });
}

/// The answer to that.
pub fn chosen(model: &mut Model, value: &str) {
    let step = model.hands.tour.as_ref().map_or(model.session.tour_step, |tour| tour.step);
    match value {
        "start" => go_to(model, 0),
        "skip" => go_to(model, step + 1),
        "resume" if model.hands.tour.is_none() => go_to(model, step),
        "resume" => {}
        "leave" => {
            clear_away(model);
            model.hands.tour = None;
            remember(model, step);
        }
        _ => end(model),
    }
}

fn end(model: &mut Model) {
    clear_away(model);
    model.hands.tour = None;
    remember(model, 0);
}

fn remember(model: &mut Model, step: usize) {
    if model.session.tour_step != step {
        model.session.tour_step = step;
        model.memory.keep(&model.session);
    }
}

fn go_to(model: &mut Model, mut step: usize) {
    let works = access::may_work(&model.shared.me);
    while STEPS.get(step).is_some_and(|step| step.works() && !works) {
        step += 1;
    }
    if step >= STEPS.len() {
        return end(model);
    }
    // Its strip stands under the panes.
    super::board::leave(model);
    let draft = model.hands.tour.as_ref().and_then(|tour| tour.draft);
    model.hands.tour = Some(TourState { step, draft, ..TourState::default() });
    remember(model, step);
}

/// An action was asked for, whether or not it was possible.
pub fn seen(model: &mut Model, action: Action) {
    let Some(tour) = &mut model.hands.tour else { return };
    tour.seen.push(action);
    if tour.now() == Some(Step::Write) && matches!(action, Action::Reply) {
        // What was begun before the tour is not the tour's to clear away.
        let ticket = model.pane(model.focused()).and_then(Pane::selected_ticket);
        let fresh = ticket.map(|ticket| ticket.conversation).filter(|id| model.shared.drafts.get(*id, Visibility::Public).is_none());
        if let Some(tour) = &mut model.hands.tour {
            tour.draft = fresh;
        }
    }
}

/// Commands went into the outbox.
pub fn done(model: &mut Model, commands: &[Command]) {
    if let Some(tour) = &mut model.hands.tour {
        tour.claimed |= commands.iter().any(|command| matches!(command, Command::ClaimTicket { .. }));
    }
}

/// Looks whether the step was done; goes on as far as it was.
pub fn watch(model: &mut Model) {
    while let Some(step) = model.hands.tour.as_ref().and_then(TourState::now) {
        if !is_done(model, step) {
            return;
        }
        let at = model.hands.tour.as_ref().map_or(0, |tour| tour.step);
        if matches!(step, Step::LeaveDraft) {
            clear_away(model);
        }
        go_to(model, at + 1);
    }
}

fn is_done(model: &Model, step: Step) -> bool {
    let Some(tour) = &model.hands.tour else { return false };
    let did = |action: Action| tour.seen.contains(&action);
    let composing = model.overlays.last().is_some_and(|overlay| overlay.is_composer() && overlay.owner == Owner::TicketActions);
    let filtering = model.pane(PaneId::Queues).is_some_and(Pane::captures_text);
    match step {
        Step::Open => model.focused() == PaneId::Ticket,
        // Somebody's ticket, or one that is mine already: then there is nothing to claim.
        Step::Claim => tour.claimed || (did(Action::Claim) && disabled(model, Action::Claim).is_some()),
        Step::TakeBack => did(Action::Undo) || !claim_on_top(model),
        Step::Write => composing,
        Step::LeaveDraft => !composing,
        Step::Why => did(Action::Why),
        Step::Escalate => did(Action::Escalate),
        Step::LeaveCall | Step::LeavePalette => model.overlays.is_empty(),
        Step::Shifts => model.front == PaneId::Shifts,
        Step::Queues => model.focused() == PaneId::Queues,
        Step::Palette => did(Action::Palette),
        Step::Filter => filtering || did(Action::Filter),
        Step::LeaveFilter => !filtering,
        Step::Help => did(Action::Help),
        Step::End => model.overlays.is_empty() && !tour.seen.is_empty(),
    }
}

fn claim_on_top(model: &Model) -> bool {
    let claims =
        |entry: &Entry| matches!(entry, Entry::Acts(acts) if acts.iter().any(|act| matches!(act.command, Command::ClaimTicket { .. })));
    model.hands.undo.top().is_some_and(claims)
}

/// Forgets the draft that was begun for the tour.
fn clear_away(model: &mut Model) {
    let Some(conversation) = model.hands.tour.as_mut().and_then(|tour| tour.draft.take()) else { return };
    let (visibility, changed_at) = (Visibility::Public, model.shared.now);
    let empty = Draft { conversation, visibility, text: String::new(), written_as: visibility, reply_to: None, changed_at };
    model.shared.drafts.put(empty, model.shared.now);
}
