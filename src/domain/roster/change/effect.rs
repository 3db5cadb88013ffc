//! What a change would do to the roster, found by making it in a copy: whether it moves any duty, whom it would book twice
//! or while on leave, and which limits it would break.

use std::collections::HashMap;

use chrono_tz::Tz;

use super::in_force;
use crate::domain::Refusal;
use crate::domain::command::Given;
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::roster::cover::{looked, on_leave};
use crate::domain::roster::limits::{added, of_pieces, reach, refuse};
use crate::domain::roster::worked::{Piece, Span, pieces_of, seconds_within, worked};
use crate::domain::roster::{ChangeState, LimitBreach, PlanState, RosterChange, RosterChangeKind, Rota, pattern};

/// Who is given duty by a change, and in which span.
fn takers(change: &RosterChange) -> Vec<(PersonId, Span)> {
    let span = (change.from, change.to);
    match (change.kind, change.other, change.other_from.zip(change.other_to)) {
        (RosterChangeKind::Extra, _, _) => vec![(change.person, span)],
        (RosterChangeKind::Cover, Some(other), _) => vec![(other, span)],
        (RosterChangeKind::Swap, Some(other), Some(theirs)) => vec![(other, span), (change.person, theirs)],
        _ => Vec::new(),
    }
}

/// From the first instant a change touches to the last.
fn extent(change: &RosterChange) -> Span {
    let (from, to) = (change.other_from.unwrap_or(change.from), change.other_to.unwrap_or(change.to));
    (from.min(change.from), to.max(change.to))
}

/// The directory as far as it makes the roster, without one change.
pub(in crate::domain::roster) fn without(directory: &Directory, change: Option<&RosterChange>) -> Directory {
    let published = directory.roster_plans.iter().filter(|(_, plan)| plan.state == PlanState::Published);
    let changes = directory.roster_changes.iter().filter(|(id, row)| in_force(row) && change.is_none_or(|change| change.id != **id));
    Directory {
        rotas: directory.rotas.clone(),
        roster_plans: published.map(|(id, plan)| (*id, plan.clone())).collect(),
        roster_changes: changes.map(|(id, row)| (*id, row.clone())).collect(),
        ..Directory::default()
    }
}

/// The roster before and after, as some people see it.
struct Effect<'a> {
    given: Given<'a>,
    rota: &'a Rota,
    zone: Tz,
    looked: Span,
    before: HashMap<PersonId, Vec<Piece>>,
    after: HashMap<PersonId, Vec<Piece>>,
}

impl<'a> Effect<'a> {
    fn of(given: Given<'a>, rota: &'a Rota, extent: Span, people: &[PersonId], after: &Directory) -> Option<Self> {
        let zone: Tz = rota.time_zone.parse().ok()?;
        let looked = looked(rota, extent);
        let (from, to) = reach(&rota.limits, looked.0, looked.1);
        let before = pieces_of(given.directory(), people, from, to);
        Some(Self { given, rota, zone, looked, before, after: pieces_of(after, people, from, to) })
    }

    /// What somebody has before and after.
    fn pieces(&self, person: PersonId) -> (&[Piece], &[Piece]) {
        (self.before.get(&person).map_or(&[], Vec::as_slice), self.after.get(&person).map_or(&[], Vec::as_slice))
    }

    fn refuse_double_booking(&self, person: PersonId, span: Span) -> Result<(), Refusal> {
        let doubled = |pieces: &[Piece]| {
            let sum: i64 = pieces.iter().map(|piece| seconds_within(&[(piece.from, piece.to)], span)).sum();
            sum - seconds_within(&worked(pieces), span)
        };
        let (before, after) = self.pieces(person);
        if doubled(after) <= doubled(before) {
            return Ok(());
        }
        let directory = self.given.directory();
        let stays = after.iter().find(|piece| before.contains(piece) && piece.within(span).is_some());
        let rota = stays.and_then(|piece| directory.rotas.get(&piece.rota)).unwrap_or(self.rota);
        let (from, to) = stays.map_or(span, |piece| (piece.from, piece.to));
        let time = |at: crate::domain::Timestamp| at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string();
        let message = format!(
            "{} is on duty in {} from {} to {} ({}) already: choose somebody else or another span.",
            directory.person_name(person),
            rota.key,
            time(from),
            time(to),
            self.zone
        );
        Err(Refusal::conflict("double_booked", message))
    }

    /// The limits newly broken by `people`.
    fn breaches(&self, people: &[PersonId]) -> Vec<LimitBreach> {
        if !self.rota.limits.any() {
            return Vec::new();
        }
        let of = |person: PersonId, pieces: &[Piece]| of_pieces(self.rota, self.zone, person, pieces, self.looked);
        let found = people.iter().flat_map(|person| {
            let (before, after) = self.pieces(*person);
            added(&of(*person, before), of(*person, after), self.zone)
        });
        let mut found: Vec<LimitBreach> = found.collect();
        found.sort_by_key(|breach| (breach.at, breach.person, breach.rule));
        found
    }
}

/// A cover or swap moves duty of both that there is.
fn refuse_no_duty(given: Given<'_>, after: &Directory, rota: &Rota, change: &RosterChange) -> Result<(), Refusal> {
    for (taker, (from, to)) in takers(change) {
        let giver = if taker == change.person { change.other.unwrap_or(taker) } else { change.person };
        let moved = pattern::shifts(after, rota, from, to);
        if !moved.iter().any(|shift| shift.change == Some(change.id) && shift.person == taker) {
            let field = if taker == change.person { "other_from" } else { "from" };
            let (name, key) = (given.directory().person_name(giver), &rota.key);
            let message = format!("{name} has no duty in {key} in that span: choose a span of one of their shifts.");
            return Err(Refusal::invalid("no_duty", field, message));
        }
    }
    Ok(())
}

/// The limits that a change would newly break, when it can be made. It is looked at as in force, whatever its state.
///
/// # Errors
/// `no_duty`, `on_leave`, `double_booked`, or `limit_broken` where the rota forbids to break its limits.
pub(super) fn check(given: Given<'_>, rota: &Rota, change: &RosterChange) -> Result<Vec<LimitBreach>, Refusal> {
    let takers = takers(change);
    if takers.is_empty() {
        return Ok(Vec::new());
    }
    let directory = given.directory();
    let mut after = without(directory, Some(change));
    for (person, span) in &takers {
        if on_leave(&after, *person, *span) {
            let name = directory.person_name(*person);
            let message = format!("{name} is on leave in that span: choose somebody else, or withdraw the leave first.");
            return Err(Refusal::conflict("on_leave", message));
        }
    }
    after.roster_changes.insert(change.id, RosterChange { state: ChangeState::InForce, cancelled: false, ..change.clone() });
    if change.kind != RosterChangeKind::Extra {
        refuse_no_duty(given, &after, rota, change)?;
    }
    let people: Vec<PersonId> = takers.iter().map(|(person, _)| *person).collect();
    let Some(effect) = Effect::of(given, rota, extent(change), &people, &after) else { return Ok(Vec::new()) };
    for (person, span) in &takers {
        effect.refuse_double_booking(*person, *span)?;
    }
    let breaches = effect.breaches(&people);
    if rota.limits.forbid {
        refuse(directory, rota, &breaches)?;
    }
    Ok(breaches)
}

/// The limits that the roster would newly break without a change in force.
pub(super) fn warnings_without(given: Given<'_>, change: &RosterChange) -> Vec<LimitBreach> {
    let Some(rota) = given.directory().rotas.get(&change.rota).filter(|rota| rota.limits.any()) else { return Vec::new() };
    let people: Vec<PersonId> = super::parties(change).collect();
    let after = without(given.directory(), Some(change));
    Effect::of(given, rota, extent(change), &people, &after).map_or_else(Vec::new, |effect| effect.breaches(&people))
}
