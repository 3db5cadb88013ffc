//! Opening, filling and leaving the form of a rota.

use chrono::Datelike;

use super::form::{Progress, RotaForm, blank};
use crate::console::effect::{Effect, QuestionKind};
use crate::console::key::Key;
use crate::console::pane::Context;
use crate::console::panes::shifts::acts::Flow;
use crate::console::panes::shifts::items::Item;
use crate::console::panes::shifts::state::{ShiftsPane, View};
use crate::console::panes::times;
use crate::domain::command::Command;
use crate::domain::id::RotaId;

impl ShiftsPane {
    /// The rota on screen or under the cursor.
    pub(in crate::console::panes::shifts) fn rota_meant(&self) -> Option<RotaId> {
        match (self.view, self.item()) {
            (View::Rota(rota), _) => Some(rota),
            (View::Rotas, Some(Item::Rota(rota))) => Some(*rota),
            (View::Roster, _) => self.cursor.map(|(rota, _)| rota),
            _ => None,
        }
    }

    /// A form for a rota, or for a new one.
    pub(in crate::console::panes::shifts) fn open_form(&mut self, rota: Option<RotaId>, context: &Context<'_>) {
        let base = rota.and_then(|id| context.directory.rotas.get(&id)).cloned().unwrap_or_else(|| {
            let today = times::date_of(context.now, context.zone);
            let monday = today - chrono::TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
            blank((context.new_id)().into(), context.zone, monday, context.locale.language)
        });
        self.form = Some(RotaForm::new(base, context.directory, context.locale.language));
        self.open(View::Form, context);
    }

    /// A key of the form.
    pub(in crate::console::panes::shifts) fn form_key(&mut self, key: Key, context: &Context<'_>) -> Vec<Effect> {
        let Some(form) = &mut self.form else { return Vec::new() };
        match form.key(key) {
            Progress::Going => Vec::new(),
            Progress::Leave if form.changed() => {
                let sentence = context.locale.text("shifts-leave-form").into_owned();
                self.ask(Flow::LeaveForm, "shifts-ask-leave-form", QuestionKind::Confirm { sentence })
            }
            Progress::Leave => {
                self.form = None;
                self.open(View::Rotas, context);
                Vec::new()
            }
            Progress::Save => match form.rota(context.directory) {
                Ok(rota) => self.sure(Command::PutRota(Box::new(rota)), "shifts-done-rota", context),
                Err((field, wrong)) => {
                    form.field = super::form::Field::ALL.iter().position(|one| *one == field).unwrap_or(0);
                    let why = context.locale.with(wrong.why, &[("part", &wrong.part)]);
                    vec![Effect::Toast { key: "shifts-refused", args: vec![("why", why)] }]
                }
            },
        }
    }
}
