//! A roster that the server searches: for which days, then what came of it, then kept as a proposal.

use chrono::{Datelike, TimeDelta};

use super::Flow;
use crate::console::effect::{Effect, Load, QuestionKind};
use crate::console::pane::Context;
use crate::console::panes::shifts::state::ShiftsPane;
use crate::console::panes::shifts::{when, words};
use crate::console::panes::times;
use crate::domain::command::Command;
use crate::domain::id::RotaId;
use crate::domain::roster::RosterPlan;
use crate::domain::roster::generate::Proposal;

/// Weeks that can be asked for.
const WEEKS: std::ops::RangeInclusive<u8> = 1..=12;

impl ShiftsPane {
    /// Next Monday and four weeks are offered.
    pub(super) fn begin_generate(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let Some(rota) = self.rota_meant() else {
            return vec![Effect::Toast { key: "shifts-disabled-choose-rota", args: Vec::new() }];
        };
        let today = times::date_of(context.now, context.zone);
        let monday = today + TimeDelta::days(7 - i64::from(today.weekday().num_days_from_monday()));
        self.ask(Flow::Generate(rota), "shifts-ask-generate", QuestionKind::Prompt { text: format!("{monday} 4") })
    }

    pub(super) fn generate(&mut self, rota: RotaId, text: &str, context: &Context<'_>) -> Vec<Effect> {
        let mut parts = text.split_whitespace();
        let (day, weeks) = (parts.next().unwrap_or_default(), parts.next().unwrap_or("4"));
        let from = when::date(day, times::date_of(context.now, context.zone));
        let weeks_wanted = weeks.parse().ok().filter(|weeks| WEEKS.contains(weeks)).filter(|_| parts.next().is_none());
        let (Some(from), Some(found)) = (from, context.directory.rotas.get(&rota)) else {
            return self.again(Flow::Generate(rota), "shifts-ask-generate", text, when::NotATime(day.to_owned()));
        };
        let Some(weeks) = weeks_wanted else {
            return self.again(Flow::Generate(rota), "shifts-ask-generate", text, when::NotATime(weeks.to_owned()));
        };
        self.searching = true;
        let toast = Effect::Toast { key: "shifts-generating", args: Vec::new() };
        vec![Effect::Load(Load::Roster { rota: found.key.clone(), from, weeks }), toast]
    }

    /// What the search found: what it does not meet, and whether to keep it.
    pub(in crate::console::panes::shifts) fn generated(
        &mut self,
        found: Result<Box<Proposal>, String>,
        context: &Context<'_>,
    ) -> Vec<Effect> {
        self.searching = false;
        let proposal = match found {
            Ok(proposal) => proposal,
            Err(why) => return vec![Effect::Toast { key: "shifts-refused", args: vec![("why", why)] }],
        };
        let plan = RosterPlan { id: (context.new_id)().into(), ..proposal.plan };
        let args = [
            ("rota", words::rota_name(plan.rota, context)),
            ("days", words::plan_days(&plan, context)),
            ("people", plan.rows.len().to_string()),
            ("unmet", proposal.unmet.len().to_string()),
            ("breaches", proposal.breaches.len().to_string()),
            ("needed", proposal.people_needed.to_string()),
        ];
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let sentence = context.locale.with("shifts-generated", &args);
        let command = Box::new(Command::PutRosterPlan(Box::new(plan)));
        self.ask(Flow::Sure { command, done: "shifts-done-kept" }, "shifts-ask-sure", QuestionKind::Confirm { sentence })
    }
}
