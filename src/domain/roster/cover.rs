//! Who could stand in for somebody, or fill a gap: everybody who may, best first, with what speaks against each.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::limits::{added, of_pieces, reach};
use super::pattern::shifts;
use super::worked::{Piece, Span, piece, pieces, rotas_with, seconds_within, worked};
use super::{ChangeState, LimitBreach, RosterChangeKind, Rota};
use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::person::Person;
use crate::domain::{Timestamp, access};

/// Rest that leaves somebody rested where the rota sets no limit.
const RESTED: TimeDelta = TimeDelta::hours(11);
/// The days over which hours are compared.
const PERIOD: TimeDelta = TimeDelta::days(7);

/// Somebody who could take a span of duty, and what speaks for and against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoverCandidate {
    pub person: PersonId,
    /// Has the skills, and is neither on duty nor on leave in the span.
    pub eligible: bool,
    /// A member of the rota itself.
    pub member: bool,
    /// Minutes on duty, in all rotas, in the seven days around the span.
    pub minutes_in_period: i64,
    /// Between the end of the shift before and the span; absent when there is none within the days looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_before_minutes: Option<i64>,
    /// Between the span and the next shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest_after_minutes: Option<i64>,
    /// Both rests are as long as the rota asks, or 11 hours where it does not say.
    pub rested: bool,
    /// Limits of the rota that taking it would newly break.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaches: Vec<LimitBreach>,
    /// Skills of the rota's queues that they have not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks_skills: Vec<String>,
    /// On duty already within the span, in whichever rota.
    pub on_duty_elsewhere: bool,
    pub on_leave: bool,
}

/// Members of the rota and of others for the same queues; and who is of its tier and works in one of its queues.
fn pool<'a>(directory: &'a Directory, rota: &Rota) -> Vec<&'a Person> {
    let kin = rotas_with(directory, rota)
        .filter(|other| other.id == rota.id || (other.active && other.queues.iter().any(|queue| rota.queues.contains(queue))));
    let members: BTreeSet<PersonId> = kin.flat_map(|rota| &rota.members).map(|member| member.person).collect();
    let fits = |person: &Person| person.tier == rota.tier && person.queues.iter().any(|queue| rota.queues.contains(queue));
    directory.people.values().filter(|person| access::may_work(person) && (members.contains(&person.id) || fits(person))).collect()
}

fn lacks(directory: &Directory, rota: &Rota, person: &Person) -> Vec<String> {
    let queues = rota.queues.iter().filter_map(|queue| directory.queues.get(queue)).filter(|queue| queue.active);
    let wanted: BTreeSet<&String> = queues.flat_map(|queue| &queue.skills).collect();
    wanted.into_iter().filter(|skill| !person.skills.iter().any(|has| has.name == **skill)).cloned().collect()
}

/// On leave from any rota: who is away is away.
pub(super) fn on_leave(directory: &Directory, person: PersonId, (from, to): Span) -> bool {
    directory.roster_changes.values().any(|change| {
        let in_force = !change.cancelled && change.state == ChangeState::InForce;
        in_force && change.kind == RosterChangeKind::Leave && change.person == person && change.from < to && from < change.to
    })
}

/// What is to be taken: the duty of `instead_of` within the span, or all of the span.
fn wanted(directory: &Directory, rota: &Rota, zone: Tz, instead_of: Option<PersonId>, span: Span) -> Vec<Piece> {
    let Some(person) = instead_of else {
        return vec![Piece { rota: rota.id, from: span.0, to: span.1, night: false, origin: span }];
    };
    let theirs = shifts(directory, rota, span.0, span.1).into_iter().filter(|shift| shift.person == person);
    theirs.filter_map(|shift| piece(rota, zone, &shift).within(span)).collect()
}

struct Question<'a> {
    directory: &'a Directory,
    rota: &'a Rota,
    zone: Tz,
    span: Span,
    /// Spans of duty to be taken.
    wanted: Vec<Piece>,
    /// Where breaches are looked for.
    looked: Span,
    all: HashMap<PersonId, Vec<Piece>>,
}

impl Question<'_> {
    fn candidate(&self, person: &Person) -> CoverCandidate {
        let (from, to) = self.span;
        let now: &[Piece] = self.all.get(&person.id).map_or(&[], Vec::as_slice);
        let spans = worked(now);
        let middle = from + (to - from) / 2;
        let period = (from.min(middle - PERIOD / 2), to.max(middle + PERIOD / 2));
        let before = spans.iter().map(|span| span.1).filter(|end| *end <= from).max().map(|end| from - end);
        let after = spans.iter().map(|span| span.0).filter(|start| *start >= to).min().map(|start| start - to);
        let enough = self.rota.limits.min_rest_hours.map_or(RESTED, |hours| TimeDelta::hours(hours.into()));
        let mut then = now.to_vec();
        then.extend(self.wanted.iter().copied());
        then.sort_by_key(|piece| (piece.from, piece.to));
        let breaches = |pieces: &[Piece]| of_pieces(self.rota, self.zone, person.id, pieces, self.looked);
        let lacks_skills = lacks(self.directory, self.rota, person);
        let on_duty_elsewhere = seconds_within(&spans, self.span) > 0;
        let on_leave = on_leave(self.directory, person.id, self.span);
        CoverCandidate {
            person: person.id,
            eligible: lacks_skills.is_empty() && !on_duty_elsewhere && !on_leave,
            member: self.rota.members.iter().any(|member| member.person == person.id),
            minutes_in_period: seconds_within(&spans, period) / 60,
            rest_before_minutes: before.map(|rest| rest.num_minutes()),
            rest_after_minutes: after.map(|rest| rest.num_minutes()),
            // A shift that touches is one with it: what lies between is no rest cut short.
            rested: [before, after].into_iter().flatten().all(|rest| rest.is_zero() || rest >= enough),
            breaches: added(&breaches(now), breaches(&then), self.zone),
            lacks_skills,
            on_duty_elsewhere,
            on_leave,
        }
    }
}

/// Who could be on duty for `rota` in `[from, to)`: instead of somebody, or beside those who are. First those who can
/// (skilled, neither on duty nor on leave), then those whose limits hold, then the rested, then who has fewest hours.
/// Empty for a rota with an unknown time zone.
#[must_use]
pub fn candidates(directory: &Directory, rota: &Rota, instead_of: Option<PersonId>, from: Timestamp, to: Timestamp) -> Vec<CoverCandidate> {
    let Ok(zone) = rota.time_zone.parse::<Tz>() else { return Vec::new() };
    if from >= to {
        return Vec::new();
    }
    let span = (from, to);
    let looked = looked(rota, span);
    let (start, end) = reach(&rota.limits, looked.0, looked.1);
    let all = pieces(directory, rotas_with(directory, rota), start, end);
    let wanted = wanted(directory, rota, zone, instead_of, span);
    let question = Question { directory, rota, zone, span, wanted, looked, all };
    let people = pool(directory, rota).into_iter().filter(|person| Some(person.id) != instead_of);
    let mut found: Vec<CoverCandidate> = people.map(|person| question.candidate(person)).collect();
    found.sort_by_key(|one| (!one.eligible, one.breaches.len(), !one.rested, one.minutes_in_period, !one.member, one.person));
    found
}

/// Where duty in a span can break limits: its weeks, the rest after it, and the rows it lengthens.
pub(super) fn looked(rota: &Rota, (from, to): Span) -> Span {
    let limits = &rota.limits;
    let row = limits.max_nights_in_row.max(limits.max_days_in_row).unwrap_or(0);
    let rest = TimeDelta::hours(limits.min_rest_hours.unwrap_or(0).into());
    (from - TimeDelta::days(8), to + rest + TimeDelta::days(8 + i64::from(row)))
}
