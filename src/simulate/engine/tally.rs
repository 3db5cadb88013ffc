//! The report of a run that is over.

use super::super::report::{Load, Percentiles, Report, RotaLoad};
use super::super::scenario::VariantSpec;
use super::{Note, Staff, World};
use crate::domain::Timestamp;

#[expect(clippy::cast_precision_loss, reason = "counts and milliseconds of a run")]
fn ratio(part: i64, whole: i64) -> f64 {
    if whole <= 0 { 0.0 } else { (part as f64 / whole as f64 * 1_000.0).round() / 1_000.0 }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl World<'_> {
    /// People still at work at the end have worked until then.
    pub(super) fn close(&mut self) {
        if self.counts.open > 0 {
            self.now = self.stop;
        }
        let (now, end) = (self.now.min(self.end), self.end);
        for staff in self.staff.iter_mut().filter(|staff| staff.present) {
            staff.present_ms += (now - staff.present_since.min(end)).num_milliseconds();
        }
    }

    fn lengths(&self, when: impl Fn(&Note) -> Option<Timestamp>) -> Vec<i64> {
        self.notes.iter().map(|note| (when(note).unwrap_or(self.now) - note.arrival.at).num_milliseconds()).collect()
    }

    fn rota_load(&self, rota: usize) -> RotaLoad {
        let people: Vec<&Staff> = self.staff.iter().filter(|staff| staff.rota == rota).collect();
        let there = || people.iter().filter(|staff| staff.present_ms > 0);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a run")]
        let rates: Vec<f64> = there().map(|staff| f64::from(staff.given) / staff.present_ms as f64).collect();
        let mean = rates.iter().sum::<f64>() / f64::from(count(rates.len()).max(1));
        let most = rates.iter().copied().fold(0.0, f64::max);
        RotaLoad {
            rota: self.scenario.rota[rota].get_ref().key.clone(),
            people: count(people.len()),
            given: people.iter().map(|staff| staff.given).sum(),
            busy: ratio(there().map(|staff| staff.busy_ms).sum(), there().map(|staff| staff.present_ms).sum()),
            fairness: if mean > 0.0 { (most / mean * 100.0).round() / 100.0 } else { 0.0 },
        }
    }

    pub(super) fn report(self, variant: &VariantSpec) -> Report {
        let there: Vec<&Staff> = self.staff.iter().filter(|staff| staff.present_ms > 0).collect();
        let given: u32 = there.iter().map(|staff| staff.given).sum();
        let load = Load {
            given_mean: ratio(given.into(), i64::try_from(there.len()).unwrap_or(i64::MAX)),
            given_max: there.iter().map(|staff| staff.given).max().unwrap_or(0),
            busy: ratio(there.iter().map(|staff| staff.busy_ms).sum(), there.iter().map(|staff| staff.present_ms).sum()),
        };
        let rotas: Vec<RotaLoad> = (0..self.scenario.rota.len()).map(|rota| self.rota_load(rota)).collect();
        let mut by_queue = vec![Vec::new(); self.scenario.queue.len()];
        for note in &self.notes {
            by_queue[note.arrival.queue].push((note.first_reply.unwrap_or(self.now) - note.arrival.at).num_milliseconds());
        }
        let counts = &self.counts;
        Report {
            name: variant.name.clone(),
            name_zh: variant.name_zh.clone(),
            time_to_assign_s: Percentiles::of(self.lengths(|note| note.first_assigned)),
            first_response_s: Percentiles::of(self.lengths(|note| note.first_reply)),
            resolution_s: Percentiles::of(self.lengths(|note| note.solved)),
            breaches: counts.breaches.values().sum(),
            breaches_by_clock: counts.breaches.clone(),
            backlog_max: counts.backlog_max,
            backlog_end: counts.backlog_end,
            tickets: count(self.notes.len()),
            people: count(self.staff.len()),
            wall_ms: 0,
            solved: count(self.desk.tickets().filter(|ticket| !ticket.status.is_unsolved()).count()),
            open: counts.open,
            returned: counts.returned,
            reopened: counts.reopened,
            fairness: rotas.iter().max_by_key(|rota| rota.given).map_or(0.0, |rota| rota.fairness),
            load,
            rotas,
            commands: self.desk.counted.commands,
            refused: counts.refused,
            given_off_duty: counts.given_off_duty,
            backlog: self.samples,
            first_response_by_queue: by_queue,
        }
    }
}
