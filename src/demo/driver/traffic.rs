//! The sample desk's traffic until it is asked to end. A refused act or a server that went away never ends it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::view::{Duty, Watcher};
use super::{Colleagues, DriveError, act};
use crate::base::clock::Clock;
use crate::demo::{SampleDesk, Traffic};
use crate::domain::command::Command;
use crate::domain::id::PersonId;
use crate::domain::person::{Presence, Role};

/// After this long without an answer the server is asked again.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Lets requesters write and colleagues work, in real time, until `stop`. `except` is left alone: somebody real works as them.
pub async fn run_traffic(desk: Arc<SampleDesk>, colleagues: Colleagues, except: Option<PersonId>, clock: Clock, stop: CancellationToken) {
    let Some(admin) = desk.people.iter().find(|person| person.role == Role::Admin).map(|person| person.id) else { return };
    let mut watcher = Watcher::new(&desk.people, admin, except);
    // The desk's own instant in the seed: another run of the same desk does not repeat the last one's threads.
    let seed = desk.seed ^ u64::try_from(clock.now().timestamp_millis()).unwrap_or_default();
    let mut traffic = Traffic::new(Arc::clone(&desk), seed);
    let mut at_work = HashSet::new();
    let turns = async {
        loop {
            let pause = match turn(&desk, &colleagues, &mut watcher, &mut traffic, &mut at_work, clock.now()).await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::debug!(%error, "the traffic looks again later");
                    PAUSE_AFTER_FAILURE
                }
            };
            tokio::time::sleep(pause).await;
        }
    };
    tokio::select! {
        () = turns => {}
        () = stop.cancelled() => {}
    }
}

/// Everybody on duty now is at their desk: for a desk without traffic.
///
/// # Errors
/// When the server does not answer.
pub async fn come_to_work(desk: &SampleDesk, colleagues: &Colleagues) -> Result<(), DriveError> {
    let Some(admin) = desk.people.iter().find(|person| person.role == Role::Admin).map(|person| person.id) else { return Ok(()) };
    let duty = Watcher::new(&desk.people, admin, None).duty(colleagues).await?;
    attend(colleagues, None, &duty, &mut HashSet::new()).await;
    Ok(())
}

/// Looks, draws and acts; returns how long to wait before the next turn.
async fn turn(
    desk: &SampleDesk,
    colleagues: &Colleagues,
    watcher: &mut Watcher,
    traffic: &mut Traffic,
    at_work: &mut HashSet<PersonId>,
    now: crate::domain::Timestamp,
) -> Result<Duration, DriveError> {
    let duty = watcher.duty(colleagues).await?;
    attend(colleagues, watcher.except, &duty, at_work).await;
    let view = watcher.look(colleagues, &duty, now).await?;
    let (pause, act) = traffic.next(&view);
    if let Err(error) = act::perform(act, desk, colleagues, watcher).await {
        // Somebody was faster, or the desk has moved on since the view.
        tracing::debug!(%error, "an act of the traffic was not done");
    }
    Ok(pause)
}

/// People come when their shift begins, and go when it ends.
async fn attend(colleagues: &Colleagues, except: Option<PersonId>, duty: &Duty, at_work: &mut HashSet<PersonId>) {
    let on_duty: HashSet<PersonId> = duty.0.iter().map(|(person, _)| *person).filter(|person| Some(*person) != except).collect();
    let coming = duty.0.iter().filter(|(person, presence)| *presence == Presence::Offline && Some(*person) != except);
    let coming = coming.map(|(person, _)| (*person, Presence::Available));
    let going = at_work.difference(&on_duty).map(|person| (*person, Presence::Offline));
    for (person, presence) in coming.chain(going).collect::<Vec<_>>() {
        if let Err(error) = colleagues.command(person, Command::SetPresence { presence }).await {
            tracing::debug!(%error, "a presence was not set");
        }
    }
    *at_work = on_duty;
}
