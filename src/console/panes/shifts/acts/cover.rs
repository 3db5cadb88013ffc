//! Somebody takes somebody else's shift or a part of it, or an extra shift in a gap: the best choices first.

use super::span::blank;
use super::{Act, Flow, Subject, choices};
use crate::console::effect::{Effect, QuestionKind};
use crate::console::pane::Context;
use crate::console::panes::shifts::state::ShiftsPane;
use crate::console::panes::times;
use crate::domain::roster::{Gap, RosterChange, RosterChangeKind, cover};

impl ShiftsPane {
    pub(super) fn begin_cover(&mut self, context: &Context<'_>) -> Vec<Effect> {
        match self.gap_meant() {
            Some(gap) => self.ask_extra_by(gap, context),
            None => self.begin_shift(Act::Cover, context),
        }
    }

    pub(super) fn ask_cover_by(&mut self, change: RosterChange, context: &Context<'_>) -> Vec<Effect> {
        let Some(rota) = context.directory.rotas.get(&change.rota) else { return Vec::new() };
        let found = cover::candidates(context.directory, rota, Some(change.person), change.from, change.to);
        if found.is_empty() {
            return vec![Effect::Toast { key: "shifts-nobody-could", args: Vec::new() }];
        }
        let choices = choices::candidates(&found, context);
        self.ask(Flow::CoverBy(Box::new(change)), "shifts-ask-cover", QuestionKind::Pick { choices })
    }

    pub(super) fn other(change: RosterChange, value: &str) -> Option<RosterChange> {
        value.parse().ok().map(|other| RosterChange { other: Some(other), ..change })
    }

    pub(super) fn ask_extra_by(&mut self, gap: Gap, context: &Context<'_>) -> Vec<Effect> {
        let Some(rota) = context.directory.rotas.get(&gap.rota) else { return Vec::new() };
        let found = cover::candidates(context.directory, rota, None, gap.from.max(context.now), gap.to);
        if found.is_empty() {
            return vec![Effect::Toast { key: "shifts-nobody-could", args: Vec::new() }];
        }
        let choices = choices::candidates(&found, context);
        self.ask(Flow::ExtraBy(gap), "shifts-ask-gap", QuestionKind::Pick { choices })
    }

    /// The whole gap is offered; a part of it may be typed instead.
    pub(super) fn extra_for(&mut self, gap: &Gap, value: &str, context: &Context<'_>) -> Vec<Effect> {
        let Ok(person) = value.parse() else { return Vec::new() };
        let on = times::date_of(gap.from, context.zone);
        let subject = Subject { act: Act::Extra, rota: gap.rota, person, on };
        if (gap.to - gap.from).num_hours() > 24 {
            let text =
                format!("{} ", crate::console::panes::shifts::when::typed(gap.from, gap.from + chrono::TimeDelta::hours(8), context.zone));
            return self.ask(Flow::Span(subject), "shifts-ask-extra", QuestionKind::Prompt { text });
        }
        let change = blank(RosterChangeKind::Extra, &subject, gap.from, gap.to, context);
        self.sure_change(RosterChange { reason: context.locale.text("shifts-reason-gap").into_owned(), ..change }, context)
    }
}
