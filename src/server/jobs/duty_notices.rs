//! Tells people of the roster ahead, each thing once: their own shift, the last one leaving, too few people on duty.
//!
//! A notice's id is made of what it tells, so that telling again, after a restart too, changes nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;

use super::submissions;
use crate::base::stable_id::stable_id;
use crate::domain::Timestamp;
use crate::domain::assignment::owners;
use crate::domain::command::{Actor, Command};
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, RotaId};
use crate::domain::notice::NoticeKind;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::roster::{ahead, pattern};
use crate::server::execute::{Source, execute_all};
use crate::server::state::Desk;
use crate::store::StoreError;

const SHIFT_AHEAD: TimeDelta = TimeDelta::minutes(30);
const LEAVING_AHEAD: TimeDelta = TimeDelta::minutes(60);
const GAP_AHEAD: TimeDelta = TimeDelta::hours(24);
const PAUSE: Duration = Duration::from_secs(60);
/// Units handed to the writer at once.
const CHUNK: usize = 64;

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let directory = desk.directory();
    let now = desk.clock.now();
    let duty = desk.duty(&directory, now);
    for chunk in tellings(&directory, &duty, now).chunks(CHUNK) {
        execute_all(&desk, &Actor::Desk { job: "duty_notices" }, Source::Job, submissions(chunk.iter().cloned())).await?;
    }
    Ok(PAUSE)
}

/// All that is to be told at `now`.
fn tellings(directory: &Directory, duty: &DutyIndex, now: Timestamp) -> Vec<Command> {
    let mut told = Vec::new();
    for rota in directory.rotas.values() {
        for shift in pattern::shifts(directory, rota, now, now + SHIFT_AHEAD) {
            // Who is at work already needs no reminder of what follows.
            if shift.from > now && !duty.is_on_duty(shift.person) {
                let kind = NoticeKind::ShiftSoon { rota: rota.id, from: shift.from };
                told.push(telling("shift_soon", rota.id, shift.from, shift.person, kind));
            }
        }
    }
    for (rota, at) in ahead::last_leaving(directory, now, LEAVING_AHEAD) {
        let kind = NoticeKind::LastLeaving { rota, at };
        told.extend(owners_of(directory, rota).into_iter().map(|person| telling("last_leaving", rota, at, person, kind.clone())));
    }
    for gap in ahead::gaps_ahead(directory, now, GAP_AHEAD).into_iter().filter(|gap| gap.from > now) {
        let kind = NoticeKind::GapAhead { rota: gap.rota, from: gap.from, to: gap.to, required: gap.required, on_duty: gap.on_duty };
        told.extend(
            owners_of(directory, gap.rota).into_iter().map(|person| telling("gap_ahead", gap.rota, gap.from, person, kind.clone())),
        );
    }
    told
}

fn owners_of(directory: &Directory, rota: RotaId) -> BTreeSet<PersonId> {
    directory.rotas.get(&rota).map(|rota| owners::of_rota(directory, rota)).unwrap_or_default()
}

fn telling(what: &str, rota: RotaId, at: Timestamp, person: PersonId, kind: NoticeKind) -> Command {
    let notice = stable_id(&format!("{what} {rota} {} {person}", at.timestamp_millis())).into();
    Command::TellPerson { notice, person, kind }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roster::Requirement;
    use crate::domain::testing::{ADA, ANA, BEN, Desk, at, id, main_rota, shift_type};

    /// Ana by day until 16:00, Ben in the evening from 16:00 to 22:00, nobody at night; it is 10:00.
    fn desk() -> Desk {
        let mut desk = Desk::new();
        desk.directory.rotas.retain(|rota, _| *rota == main_rota());
        desk.directory.queues.values_mut().for_each(|queue| queue.lead = None);
        let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
        rota.shift_types = vec![shift_type("D", (8, 0), (16, 0)), shift_type("L", (16, 0), (22, 0))];
        rota.pattern = vec![Some("D".into()), Some("L".into())];
        rota.starts_on = desk.now.date_naive();
        rota.members[1].offset_days = 1;
        desk
    }

    fn told(desk: &Desk, time: &str) -> Vec<(PersonId, NoticeKind)> {
        let now = at(&format!("2026-03-02T{time}Z"));
        let told = tellings(&desk.directory, &DutyIndex::at(&desk.directory, now), now);
        told.into_iter()
            .map(|command| match command {
                Command::TellPerson { person, kind, .. } => (person, kind),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn ones_own_shift_half_an_hour_ahead() {
        let desk = desk();
        assert_eq!(told(&desk, "15:29:59"), []);
        let soon = NoticeKind::ShiftSoon { rota: main_rota(), from: at("2026-03-02T16:00:00Z") };
        assert_eq!(told(&desk, "15:30:00"), [], "the span's end is not within it");
        assert_eq!(told(&desk, "15:30:01"), [(id(BEN), soon)]);
        assert_eq!(told(&desk, "16:00:00"), []);
    }

    #[test]
    fn the_last_one_leaving_an_hour_ahead_to_whoever_leads() {
        let mut desk = desk();
        let leaving = NoticeKind::LastLeaving { rota: main_rota(), at: at("2026-03-02T22:00:00Z") };
        assert_eq!(told(&desk, "20:59:59"), []);
        assert_eq!(told(&desk, "21:00:00"), [(id(ADA), leaving.clone())], "no lead: the admins");
        desk.directory.rotas.get_mut(&main_rota()).unwrap().lead = Some(id(ANA));
        assert_eq!(told(&desk, "21:30:00"), [(id(ANA), leaving)]);
    }

    #[test]
    fn a_gap_a_day_ahead_and_always_under_the_same_id() {
        let mut desk = desk();
        let rota = desk.directory.rotas.get_mut(&main_rota()).unwrap();
        let time = |hour| chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        rota.required = vec![Requirement { weekdays: vec![chrono::Weekday::Mon], from: time(22), to: time(23), people: 1 }];
        let gap = |now: &str| {
            let now = at(now);
            let told = tellings(&desk.directory, &DutyIndex::at(&desk.directory, now), now);
            told.into_iter()
                .filter(|command| matches!(command, Command::TellPerson { kind: NoticeKind::GapAhead { .. }, .. }))
                .collect::<Vec<_>>()
        };
        let first = gap("2026-03-02T10:00:00Z");
        assert_eq!(first.len(), 1);
        assert_eq!(first, gap("2026-03-02T18:00:00Z"));
        assert_eq!(gap("2026-03-02T22:30:00Z"), [], "not ahead any more");
        assert_eq!(gap("2026-03-01T21:00:00Z"), [], "more than a day ahead");
    }
}
