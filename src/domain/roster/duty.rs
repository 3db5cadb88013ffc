//! Who is on duty at an instant, reckoned once for many questions: assignment asks for each ticket, and the answer only
//! changes when a shift starts or ends or the directory does.
//!
//! An index says nothing of another edition of the directory: keep it beside the one it was made from.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::TimeDelta;

use super::Shift;
use super::pattern::shifts;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId, RotaId};

/// An index is made again after this long at the latest.
const VALID: TimeDelta = TimeDelta::days(1);

#[derive(Clone, Debug, Default)]
struct Desk {
    on_duty: Vec<PersonId>,
    members: Vec<PersonId>,
}

/// Who is on duty from an instant until the next shift starts or ends.
#[derive(Clone, Debug)]
pub struct DutyIndex {
    at: Timestamp,
    valid_until: Timestamp,
    rotas: HashMap<RotaId, Vec<PersonId>>,
    desks: HashMap<(QueueId, u8), Desk>,
    everybody: HashSet<PersonId>,
}

impl DutyIndex {
    /// Everybody on duty at `now`: as [`on_duty`](super::pattern::on_duty) says, of people who still work here.
    #[must_use]
    pub fn at(directory: &Directory, now: Timestamp) -> Self {
        let mut index = Self { at: now, valid_until: now + VALID, rotas: HashMap::new(), desks: HashMap::new(), everybody: HashSet::new() };
        let mut desks: BTreeMap<(QueueId, u8), (BTreeSet<PersonId>, BTreeSet<PersonId>)> = BTreeMap::new();
        for rota in directory.rotas.values().filter(|rota| rota.active) {
            let found = shifts(directory, rota, now, now + VALID);
            index.note_edges(&found);
            let active = |person: &PersonId| directory.people.get(person).is_some_and(|person| person.active);
            let people: BTreeSet<PersonId> =
                found.iter().filter(|shift| shift.from <= now && now < shift.to).map(|shift| shift.person).filter(active).collect();
            for queue in &rota.queues {
                let (on_duty, members) = desks.entry((*queue, rota.tier)).or_default();
                on_duty.extend(&people);
                members.extend(rota.members.iter().map(|member| member.person));
                members.extend(&people);
            }
            index.everybody.extend(&people);
            index.rotas.insert(rota.id, people.into_iter().collect());
        }
        let listed = |(on_duty, members): (BTreeSet<PersonId>, BTreeSet<PersonId>)| Desk {
            on_duty: on_duty.into_iter().collect(),
            members: members.into_iter().collect(),
        };
        index.desks = desks.into_iter().map(|(key, sets)| (key, listed(sets))).collect();
        index
    }

    fn note_edges(&mut self, shifts: &[Shift]) {
        let next = shifts.iter().flat_map(|shift| [shift.from, shift.to]).filter(|edge| *edge > self.at).min();
        self.valid_until = next.map_or(self.valid_until, |next| next.min(self.valid_until));
    }

    /// The instant at which the index stops being true: the next start or end of any shift.
    #[must_use]
    pub fn valid_until(&self) -> Timestamp {
        self.valid_until
    }

    /// Whether the index tells who is on duty at `now`, the directory being the same.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.at <= now && now < self.valid_until
    }

    /// Who is on duty for a queue at a tier, in any rota that serves it, by id.
    #[must_use]
    pub fn on_duty(&self, queue: QueueId, tier: u8) -> &[PersonId] {
        self.desks.get(&(queue, tier)).map_or(&[], |desk| &desk.on_duty)
    }

    /// Members of the rotas that serve a queue at a tier, whoever has left among them, and who stands in there now, by id.
    #[must_use]
    pub fn members(&self, queue: QueueId, tier: u8) -> &[PersonId] {
        self.desks.get(&(queue, tier)).map_or(&[], |desk| &desk.members)
    }

    /// Who is on duty in one rota, by id.
    #[must_use]
    pub fn in_rota(&self, rota: RotaId) -> &[PersonId] {
        self.rotas.get(&rota).map_or(&[], Vec::as_slice)
    }

    /// Whether somebody is on duty in any rota.
    #[must_use]
    pub fn is_on_duty(&self, person: PersonId) -> bool {
        self.everybody.contains(&person)
    }
}
