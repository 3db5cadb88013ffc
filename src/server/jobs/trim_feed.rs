//! Forgets feed entries and stored answers older than [`KEEP_DAYS`].

use std::time::Duration;

use crate::server::state::Desk;
use crate::store::StoreError;

const KEEP_DAYS: i64 = 7;
const PAUSE: Duration = Duration::from_secs(3600);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    desk.store.trim(desk.clock.now() - chrono::Duration::days(KEEP_DAYS)).await?;
    Ok(PAUSE)
}
