//! What people work: the pieces of duty of each person over all rotas, and the stretches they make. Limits, fairness and
//! cover all reckon with these; nothing here knows a limit.
//!
//! A piece is a shift or what changes left of it. Pieces of one planned shift are one stretch, also with a hole between
//! them: who gives away two hours in the middle does not start a second shift. Pieces that touch or overlap are one as well.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::pattern::{EXTRA_CODE, instant, shifts, span};
use super::{Rota, Shift};
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, RotaId};

/// From an instant to an instant.
pub(super) type Span = (Timestamp, Timestamp);

/// A shift of one person, or what is left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub rota: RotaId,
    pub from: Timestamp,
    pub to: Timestamp,
    pub night: bool,
    /// The planned shift it is of; the piece itself for an extra shift.
    pub origin: Span,
}

impl Piece {
    /// The part within a span.
    pub fn within(self, (from, to): Span) -> Option<Self> {
        let part = Self { from: self.from.max(from), to: self.to.min(to), ..self };
        (part.from < part.to).then_some(part)
    }
}

/// The planned shift that a piece of it belongs to, and whether it is night work.
fn origin(rota: &Rota, zone: Tz, shift: &Shift) -> (Span, bool) {
    let whole = (shift.from, shift.to);
    if shift.code == EXTRA_CODE {
        return (whole, false);
    }
    let Some(shift_type) = rota.shift_types.iter().find(|shift_type| shift_type.code == shift.code) else { return (whole, false) };
    let date = shift.from.with_timezone(&zone).date_naive();
    let planned = (0..3).filter_map(|back| span(zone, shift_type, date.checked_sub_days(Days::new(back))?));
    let mut holding = planned.filter(|(from, to)| *from <= shift.from && shift.to <= *to);
    (holding.next().unwrap_or(whole), shift_type.night)
}

/// The piece that a shift of `rota` is.
pub(super) fn piece(rota: &Rota, zone: Tz, shift: &Shift) -> Piece {
    let (origin, night) = origin(rota, zone, shift);
    Piece { rota: rota.id, from: shift.from, to: shift.to, night, origin }
}

/// Everybody's pieces that touch the span, in order of time, in the given rotas.
pub(super) fn pieces<'a>(
    directory: &Directory,
    rotas: impl Iterator<Item = &'a Rota>,
    from: Timestamp,
    to: Timestamp,
) -> HashMap<PersonId, Vec<Piece>> {
    let mut by_person: HashMap<PersonId, Vec<Piece>> = HashMap::new();
    for rota in rotas {
        let Ok(zone) = rota.time_zone.parse::<Tz>() else { continue };
        for shift in shifts(directory, rota, from, to) {
            by_person.entry(shift.person).or_default().push(piece(rota, zone, &shift));
        }
    }
    for pieces in by_person.values_mut() {
        pieces.sort_by_key(|piece| (piece.from, piece.to, piece.rota));
    }
    by_person
}

/// Whether a rota can hold duty of any of `people`.
fn concerns(directory: &Directory, rota: &Rota, people: &[PersonId]) -> bool {
    rota.members.iter().any(|member| people.contains(&member.person))
        || directory.roster_plans.values().any(|plan| plan.rota == rota.id && plan.rows.iter().any(|row| people.contains(&row.person)))
        || directory.roster_changes.values().any(|change| {
            change.rota == rota.id && (people.contains(&change.person) || change.other.is_some_and(|other| people.contains(&other)))
        })
}

/// The pieces of a few people in all rotas that touch the span.
pub(super) fn pieces_of(directory: &Directory, people: &[PersonId], from: Timestamp, to: Timestamp) -> HashMap<PersonId, Vec<Piece>> {
    let rotas = directory.rotas.values().filter(|rota| concerns(directory, rota, people));
    let mut found = pieces(directory, rotas, from, to);
    found.retain(|person, _| people.contains(person));
    found
}

/// All rotas of the directory, with `draft` in the place of its older edition.
pub(super) fn rotas_with<'a>(directory: &'a Directory, draft: &'a Rota) -> impl Iterator<Item = &'a Rota> {
    directory.rotas.values().filter(|rota| rota.id != draft.id).chain(std::iter::once(draft))
}

/// Spans joined where they touch or overlap, in order.
pub(super) fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// The time actually worked: overlapping pieces count once.
pub(super) fn worked(pieces: &[Piece]) -> Vec<Span> {
    joined(pieces.iter().map(|piece| (piece.from, piece.to)).collect())
}

/// Each shift as one, from its first piece to its last.
pub(super) fn whole_shifts(pieces: &[Piece]) -> Vec<Piece> {
    let mut wholes: BTreeMap<(RotaId, Span), Piece> = BTreeMap::new();
    for piece in pieces {
        let whole = wholes.entry((piece.rota, piece.origin)).or_insert(*piece);
        *whole = Piece { from: whole.from.min(piece.from), to: whole.to.max(piece.to), ..*whole };
    }
    wholes.into_values().collect()
}

/// The stretches between which somebody rests.
pub(super) fn stretches(pieces: &[Piece]) -> Vec<Span> {
    joined(whole_shifts(pieces).into_iter().map(|piece| (piece.from, piece.to)).collect())
}

/// The local days for which a shift counts, each with the instant at which it begins to: the day on which it starts, and
/// one more for each further 24 hours of wall clock begun.
pub(super) fn days_of((from, to): Span, zone: Tz) -> impl Iterator<Item = (NaiveDate, Timestamp)> {
    let (start, end) = (from.with_timezone(&zone).naive_local(), to.with_timezone(&zone).naive_local());
    (0..).map_while(move |day| {
        let begins = start.checked_add_days(Days::new(day)).filter(|begins| day == 0 || *begins < end)?;
        Some((begins.date(), if day == 0 { from } else { instant(zone, begins) }))
    })
}

/// Seconds of `spans` within a span.
pub(super) fn seconds_within(spans: &[Span], (from, to): Span) -> i64 {
    let parts = spans.iter().map(|span| (span.1.min(to) - span.0.max(from)).max(TimeDelta::zero()));
    parts.map(|part| part.num_seconds()).sum()
}
