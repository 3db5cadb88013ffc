//! What changes the roster, from the keyboard: each act is a short run of questions that ends in a sentence of what will
//! happen, a yes, and one command. The rules themselves are the domain's; here they are only asked before anything is sent.

mod answer;
mod choices;
mod cover;
pub mod effects;
mod generate;
mod plans;
mod send;
mod span;
mod swap;

use chrono::NaiveDate;

use super::filter::Filter;
use super::state::{ShiftsPane, View};
use super::when;
use crate::console::action::Action;
use crate::console::effect::{Answer, Effect, Load, QuestionKind};
use crate::console::pane::Context;
use crate::console::panes::times;
use crate::domain::command::Command;
use crate::domain::id::{HandoverId, PersonId, RosterChangeId, RotaId};
use crate::domain::roster::{Gap, RosterChange, Shift};

/// What is done with a shift, or with a span of somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Leave,
    Cover,
    Extra,
    Cancel,
    Swap,
}

/// Whose span is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    pub act: Act,
    pub rota: RotaId,
    pub person: PersonId,
    /// The day meant when none is typed.
    pub on: NaiveDate,
}

/// What was asked, with all that the answer needs.
#[derive(Clone, Debug)]
pub enum Flow {
    GoTo,
    WhoAt,
    Filter,
    /// Which of these shifts.
    Shift {
        act: Act,
        shifts: Vec<Shift>,
    },
    /// Which span, and why.
    Span(Subject),
    /// Who takes this: a cover without its other.
    CoverBy(Box<RosterChange>),
    /// Who takes an extra shift in a gap.
    ExtraBy(Gap),
    /// Which shift of somebody else is wanted for mine.
    Theirs {
        mine: Box<Shift>,
        theirs: Vec<Shift>,
    },
    /// Why, of a swap that lacks only its reason.
    SwapWhy(Box<RosterChange>),
    AnswerWhich,
    AnswerHow(RosterChangeId),
    AnswerWhy {
        id: RosterChangeId,
        accept: bool,
    },
    WithdrawWhich,
    /// Whether to send this, and what to say then.
    Sure {
        command: Box<Command>,
        done: &'static str,
    },
    /// For which days a rota's roster is searched.
    Generate(RotaId),
    /// For which rota (by key) a handover is drafted.
    HandoverOf,
    HandoverNotes(HandoverId),
    /// Which ticket to keep an eye on, and why.
    HandoverWatch(HandoverId),
    /// Whether to leave a form with changes.
    LeaveForm,
}

impl ShiftsPane {
    /// Starts an act.
    pub(super) fn begin(&mut self, action: Action, context: &Context<'_>) -> Vec<Effect> {
        match action {
            Action::TakeLeave => self.begin_span(Act::Leave, context),
            Action::ExtraShift => self.begin_span(Act::Extra, context),
            Action::CoverShift => self.begin_cover(context),
            Action::CancelShift => self.begin_shift(Act::Cancel, context),
            Action::AskSwap => self.begin_swap(context),
            Action::AnswerChange => self.begin_answer(context),
            Action::WithdrawChange => self.begin_withdraw(context),
            Action::PublishPlan => self.publish_plan(context),
            Action::GenerateRoster => self.begin_generate(context),
            Action::NewRota => {
                self.open_form(None, context);
                Vec::new()
            }
            Action::EditRota => {
                self.open_form(self.rota_meant(), context);
                Vec::new()
            }
            other => self.begin_handover(other, context),
        }
    }

    /// Takes the answer to what was asked last.
    pub(super) fn answered(&mut self, answer: Answer, context: &Context<'_>) -> Vec<Effect> {
        let Some(flow) = self.flow.take() else { return Vec::new() };
        match (flow, answer) {
            (_, Answer::Dismissed(_)) => Vec::new(),
            (Flow::GoTo, Answer::Text(text)) => self.go_to(&text, context),
            (Flow::WhoAt, Answer::Text(text)) => self.who(&text, context),
            (Flow::Filter, Answer::Picked(value)) => {
                self.filter = Filter::read(&value).unwrap_or_default();
                self.plan = None;
                self.list(context);
                Vec::new()
            }
            (Flow::Shift { act, shifts }, Answer::Picked(value)) => match value.parse().ok().and_then(|index: usize| shifts.get(index)) {
                Some(shift) if act == Act::Swap => self.ask_theirs(shift.clone(), context),
                Some(shift) => self.ask_span(act, shift, context),
                None => Vec::new(),
            },
            (Flow::Span(subject), Answer::Text(text)) => self.span_typed(subject, &text, context),
            (Flow::CoverBy(change), Answer::Picked(value)) => {
                Self::other(*change, &value).map_or_else(Vec::new, |change| self.sure_change(change, context))
            }
            (Flow::ExtraBy(gap), Answer::Picked(value)) => self.extra_for(&gap, &value, context),
            (Flow::Theirs { mine, theirs }, Answer::Picked(value)) => {
                let theirs = value.parse().ok().and_then(|index: usize| theirs.get(index).cloned());
                theirs.map_or_else(Vec::new, |theirs| self.ask_swap_why(&mine, &theirs, context))
            }
            (Flow::SwapWhy(change), Answer::Text(reason)) => {
                self.sure_change(RosterChange { reason: reason.trim().to_owned(), ..*change }, context)
            }
            (Flow::AnswerWhich, Answer::Picked(value)) => value.parse().map_or_else(|_| Vec::new(), |id| self.ask_answer(id, context)),
            (Flow::AnswerHow(id), Answer::Picked(value)) => {
                let flow = Flow::AnswerWhy { id, accept: value == "accept" };
                self.ask(flow, "shifts-ask-answer-why", QuestionKind::Prompt { text: String::new() })
            }
            (Flow::AnswerWhy { id, accept }, Answer::Text(reason)) => self.send_answer(id, accept, &reason, context),
            (Flow::WithdrawWhich, Answer::Picked(value)) => value.parse().map_or_else(|_| Vec::new(), |id| self.sure_withdraw(id, context)),
            (Flow::Generate(rota), Answer::Text(text)) => self.generate(rota, &text, context),
            (Flow::Sure { command, done }, Answer::Confirmed) => self.send(command, done, context),
            (Flow::HandoverOf, Answer::Picked(rota)) => vec![Effect::Load(Load::DraftHandover(rota))],
            (Flow::HandoverNotes(id), Answer::Text(notes)) => self.notes_typed(id, notes),
            (Flow::HandoverWatch(id), Answer::Text(text)) => self.watch_typed(id, &text, context),
            (Flow::LeaveForm, Answer::Confirmed) => {
                self.form = None;
                self.open(View::Rotas, context);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn go_to(&mut self, text: &str, context: &Context<'_>) -> Vec<Effect> {
        match when::instant(text, context.now, context.zone) {
            Ok(at) => {
                self.note = None;
                self.show(at, context);
                Vec::new()
            }
            Err(wrong) => self.again(Flow::GoTo, "shifts-ask-date", text, wrong),
        }
    }

    fn who(&mut self, text: &str, context: &Context<'_>) -> Vec<Effect> {
        match when::instant(text, context.now, context.zone) {
            Ok(at) => {
                self.who_at = Some(at);
                self.open(View::Who, context);
                Vec::new()
            }
            Err(wrong) => self.again(Flow::WhoAt, "shifts-ask-who", text, wrong),
        }
    }

    /// Asks the same again with what was typed, and says which part is wrong.
    fn again(&mut self, flow: Flow, title: &'static str, text: &str, when::NotATime(part): when::NotATime) -> Vec<Effect> {
        let toast = Effect::Toast { key: "shifts-not-a-time", args: vec![("part", part)] };
        let mut effects = self.ask(flow, title, QuestionKind::Prompt { text: text.to_owned() });
        effects.push(toast);
        effects
    }

    /// Whom a span is for: the selected line for a lead, oneself for everybody else.
    fn subject(&self, context: &Context<'_>) -> Option<(RotaId, PersonId)> {
        let lead = crate::domain::access::may_lead(context.me);
        if let (View::Roster, true, Some(cursor)) = (self.view, lead, self.cursor) {
            return Some(cursor);
        }
        let me = context.me.id;
        if let (View::Roster, Some((rota, person))) = (self.view, self.cursor)
            && person == me
        {
            return Some((rota, person));
        }
        let rotas = crate::console::panes::duty::rotas(context.directory);
        rotas.into_iter().find(|rota| rota.members.iter().any(|member| member.person == me)).map(|rota| (rota.id, me))
    }

    /// The day that is meant when none is typed.
    fn on(&self, context: &Context<'_>) -> NaiveDate {
        use super::state::Scale;
        match (self.view, self.scale) {
            (View::Roster, Scale::Week | Scale::Month) => self.day(context),
            (View::Roster, Scale::Day) => {
                let (from, to) = self.span(context);
                let inside = (from..to).contains(&context.now);
                times::date_of(if inside { context.now } else { from + (to - from) / 2 }, context.zone)
            }
            _ => times::date_of(context.now, context.zone),
        }
    }
}
