//! The roster's rules as the panes ask them: over the whole directory, in a fixed order.

use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::{Gap, Rota, Shift, gap, pattern};

/// Active rotas by tier and name.
#[must_use]
pub fn rotas(directory: &Directory) -> Vec<&Rota> {
    let mut rotas: Vec<_> = directory.rotas.values().filter(|rota| rota.active).collect();
    rotas.sort_by(|a, b| (a.tier, &a.name, a.id).cmp(&(b.tier, &b.name, b.id)));
    rotas
}

/// Who is on duty at an instant.
#[must_use]
pub fn on_duty(directory: &Directory, at: Timestamp) -> Vec<Shift> {
    pattern::on_duty(directory, at)
}

/// A rota's shifts that touch a span, by start.
#[must_use]
pub fn shifts(directory: &Directory, rota: &Rota, from: Timestamp, to: Timestamp) -> Vec<Shift> {
    pattern::shifts(directory, rota, from, to)
}

/// A rota's gaps that touch a span, by start.
#[must_use]
pub fn gaps(directory: &Directory, rota: &Rota, from: Timestamp, to: Timestamp) -> Vec<Gap> {
    gap::gaps(directory, rota, from, to)
}

/// Gaps of all active rotas, by start.
#[must_use]
pub fn all_gaps(directory: &Directory, from: Timestamp, to: Timestamp) -> Vec<Gap> {
    let mut gaps: Vec<_> = rotas(directory).into_iter().flat_map(|rota| gaps(directory, rota, from, to)).collect();
    gaps.sort_by_key(|gap| gap.from);
    gaps
}

/// A person's first shift that starts after `now`.
#[must_use]
pub fn next_shift(directory: &Directory, person: PersonId, now: Timestamp) -> Option<Shift> {
    pattern::next_shift(directory, person, now)
}
