//! Drafts the handover of a shift that ends soon, and tells the lead of one that both sides did not sign.

use std::time::Duration;

use chrono::TimeDelta;

use super::submissions;
use crate::base::stable_id::stable_id;
use crate::domain::assignment::owners;
use crate::domain::command::{Actor, Command};
use crate::domain::handover::HandoverState;
use crate::domain::handover::draft::changes;
use crate::domain::notice::NoticeKind;
use crate::server::execute::{Source, execute_all};
use crate::server::handover::{id_of, latest, make};
use crate::server::state::Desk;
use crate::store::StoreError;

/// So long before the shift ends.
const AHEAD: TimeDelta = TimeDelta::minutes(15);
/// So long after its end both must have signed.
const GRACE: TimeDelta = TimeDelta::minutes(15);
/// How far back an end is looked for that passed while no server ran.
const BACK: TimeDelta = TimeDelta::hours(1);
/// What ended longer ago is history: nobody is told any more.
const LATE: TimeDelta = TimeDelta::hours(12);
const LOOKED_AT: i64 = 200;
const PAUSE: Duration = Duration::from_secs(30);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let (directory, now) = (desk.directory(), desk.clock.now());
    let mut commands = Vec::new();
    let latest = latest(&desk, LOOKED_AT).await?;
    // A desk that drafted before may have slept through an end; a new one hands over nothing of the time before it.
    let back = if latest.is_empty() { TimeDelta::zero() } else { BACK };
    for rota in directory.rotas.values().filter(|rota| rota.active && !rota.queues.is_empty()) {
        for change in changes(&directory, rota, now - back, now + AHEAD) {
            if desk.store.handover(id_of(rota, &change)).await?.is_none() {
                commands.push(Command::PutHandover(Box::new(make(&desk, rota, &change, now).await?)));
            }
        }
    }
    for handover in latest {
        let late = now - handover.to;
        if handover.state == HandoverState::Accepted || late < GRACE || late > LATE {
            continue;
        }
        let Some(rota) = directory.rotas.get(&handover.rota) else { continue };
        for person in owners::of_rota(&directory, rota) {
            let notice = stable_id(&format!("handover_unsigned {} {person}", handover.id)).into();
            let kind = NoticeKind::HandoverUnsigned { rota: rota.id, handover: handover.id };
            commands.push(Command::TellPerson { notice, person, kind });
        }
    }
    if !commands.is_empty() {
        execute_all(&desk, &Actor::Desk { job: "handovers" }, Source::Job, submissions(commands)).await?;
    }
    Ok(PAUSE)
}
