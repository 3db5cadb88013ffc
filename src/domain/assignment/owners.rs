//! Who is told when work finds nobody, or a rota will lack people: never nobody, as long as the desk has an admin.

use std::collections::BTreeSet;

use crate::domain::directory::Directory;
use crate::domain::id::PersonId;
use crate::domain::person::Role;
use crate::domain::queue::Queue;
use crate::domain::roster::Rota;

fn works(directory: &Directory, person: PersonId) -> bool {
    directory.people.get(&person).is_some_and(|person| person.active)
}

fn admins(directory: &Directory) -> BTreeSet<PersonId> {
    directory.people.values().filter(|person| person.active && person.role == Role::Admin).map(|person| person.id).collect()
}

/// Of a queue's tier: the leads of its rotas, else the queue's, else every admin.
#[must_use]
pub fn of_queue(directory: &Directory, queue: &Queue, tier: u8) -> BTreeSet<PersonId> {
    let rotas = directory.rotas.values().filter(|rota| rota.active && rota.tier == tier && rota.queues.contains(&queue.id));
    let leads: BTreeSet<PersonId> = rotas.filter_map(|rota| rota.lead).filter(|lead| works(directory, *lead)).collect();
    if !leads.is_empty() {
        return leads;
    }
    match queue.lead.filter(|lead| works(directory, *lead)) {
        Some(lead) => BTreeSet::from([lead]),
        None => admins(directory),
    }
}

/// Of a rota: its lead, else the leads of its queues, else every admin.
#[must_use]
pub fn of_rota(directory: &Directory, rota: &Rota) -> BTreeSet<PersonId> {
    if let Some(lead) = rota.lead.filter(|lead| works(directory, *lead)) {
        return BTreeSet::from([lead]);
    }
    let queues = rota.queues.iter().filter_map(|queue| directory.queues.get(queue));
    let leads: BTreeSet<PersonId> = queues.filter_map(|queue| queue.lead).filter(|lead| works(directory, *lead)).collect();
    if leads.is_empty() { admins(directory) } else { leads }
}
