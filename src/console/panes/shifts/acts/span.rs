//! Leave, an extra shift, a shift cancelled: a span of somebody's, with a reason.

use super::{Act, Flow, Subject};
use crate::console::effect::{Effect, QuestionKind};
use crate::console::pane::Context;
use crate::console::panes::shifts::state::{Note, ShiftsPane};
use crate::console::panes::shifts::when;
use crate::console::panes::times;
use crate::domain::roster::{ChangeState, RosterChange, RosterChangeKind, Shift};

fn title(act: Act) -> &'static str {
    match act {
        Act::Leave => "shifts-ask-leave",
        Act::Cover | Act::Swap => "shifts-ask-cover-span",
        Act::Extra => "shifts-ask-extra",
        Act::Cancel => "shifts-ask-cancel",
    }
}

impl ShiftsPane {
    /// Leave or an extra shift: of the selected person for leads, of oneself else.
    pub(super) fn begin_span(&mut self, act: Act, context: &Context<'_>) -> Vec<Effect> {
        if let (Act::Extra, Some(gap)) = (act, self.gap_meant()) {
            return self.ask_extra_by(gap, context);
        }
        let Some((rota, person)) = self.subject(context) else {
            return vec![Effect::Toast { key: "shifts-disabled-not-rostered", args: Vec::new() }];
        };
        let on = self.on(context);
        let own = self.chosen(context).into_iter().find(|shift| shift.person == person && shift.to > context.now);
        let text = match (act, own) {
            (Act::Leave, Some(shift)) => format!("{} ", when::typed(shift.from, shift.to, context.zone)),
            _ => format!("{on} "),
        };
        self.ask(Flow::Span(Subject { act, rota, person, on }), title(act), QuestionKind::Prompt { text })
    }

    /// A shift under the cursor, or a choice among several.
    pub(super) fn begin_shift(&mut self, act: Act, context: &Context<'_>) -> Vec<Effect> {
        let shifts: Vec<Shift> = self.chosen(context).into_iter().filter(|shift| shift.to > context.now).collect();
        match &shifts[..] {
            [] => vec![Effect::Toast { key: "shifts-no-shift-here", args: Vec::new() }],
            [shift] => self.ask_span(act, &shift.clone(), context),
            _ => {
                let choices = super::choices::shifts(&shifts, context);
                self.ask(Flow::Shift { act, shifts }, "shifts-ask-which", QuestionKind::Pick { choices })
            }
        }
    }

    /// Which part of a shift: all of it is offered.
    pub(super) fn ask_span(&mut self, act: Act, shift: &Shift, context: &Context<'_>) -> Vec<Effect> {
        let on = times::date_of(shift.from, context.zone);
        let text = format!("{} ", when::typed(shift.from, shift.to, context.zone));
        self.ask(Flow::Span(Subject { act, rota: shift.rota, person: shift.person, on }), title(act), QuestionKind::Prompt { text })
    }

    pub(super) fn span_typed(&mut self, subject: Subject, text: &str, context: &Context<'_>) -> Vec<Effect> {
        let span = match when::span(text, subject.on, context.now, context.zone) {
            Ok(span) => span,
            Err(wrong) => {
                let act = subject.act;
                return self.again(Flow::Span(subject), title(act), text, wrong);
            }
        };
        let kind = match subject.act {
            Act::Leave => RosterChangeKind::Leave,
            Act::Extra => RosterChangeKind::Extra,
            Act::Cancel => RosterChangeKind::Cancel,
            Act::Cover | Act::Swap => RosterChangeKind::Cover,
        };
        let change = RosterChange { reason: span.rest, ..blank(kind, &subject, span.from, span.to, context) };
        if kind == RosterChangeKind::Cover { self.ask_cover_by(change, context) } else { self.sure_change(change, context) }
    }

    /// The gap under the cursor.
    pub(super) fn gap_meant(&self) -> Option<crate::domain::roster::Gap> {
        use crate::console::panes::shifts::items::Item;
        use crate::console::panes::shifts::state::View;
        match (self.view, self.item(), &self.note) {
            (View::Gaps, Some(Item::Gap(gap)), _) | (View::Roster, _, Some(Note::Gap(gap))) => Some(gap.clone()),
            _ => None,
        }
    }
}

/// A change that has only its kind, subject and span.
pub(super) fn blank(
    kind: RosterChangeKind,
    subject: &Subject,
    from: crate::domain::Timestamp,
    to: crate::domain::Timestamp,
    context: &Context<'_>,
) -> RosterChange {
    RosterChange {
        id: (context.new_id)().into(),
        version: 0,
        rota: subject.rota,
        kind,
        person: subject.person,
        other: None,
        from,
        to,
        other_from: None,
        other_to: None,
        state: ChangeState::InForce,
        reason: String::new(),
        asked_by: context.me.id,
        answered_by: None,
        answer: String::new(),
        cancelled: false,
        created_at: context.now,
    }
}
