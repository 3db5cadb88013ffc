//! Sets people offline whose last console went [`AFTER_SECS`] ago, so that nothing is given to an empty chair.

use std::time::Duration;

use crate::base::clock::new_id;
use crate::domain::command::{Actor, Command, Submission};
use crate::domain::person::Presence;
use crate::server::execute::{Source, execute};
use crate::server::state::Desk;
use crate::store::StoreError;

const AFTER_SECS: i64 = 300;
const PAUSE: Duration = Duration::from_secs(20);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let directory = desk.directory();
    for person in desk.presences.gone(desk.clock.now() - chrono::Duration::seconds(AFTER_SECS)) {
        let Some(person) = directory.people.get(&person) else { continue };
        let command = Command::SetPresence { presence: Presence::Offline };
        let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command };
        execute(&desk, &Actor::Person(person.clone()), Source::Job, submission).await?;
    }
    Ok(PAUSE)
}
