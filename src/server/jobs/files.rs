//! Collects files that nobody finished uploading or attached within [`ABANDONED_HOURS`], and what was left of dropped ones.

use std::time::Duration;

use crate::domain::file::ABANDONED_HOURS;
use crate::server::files::finish::discard;
use crate::server::state::Desk;
use crate::store::StoreError;

const AT_ONCE: i64 = 100;
/// Files are begun at any time: looked at again after this long at the latest.
const PAUSE: Duration = Duration::from_secs(600);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    let before = desk.clock.now() - chrono::Duration::hours(ABANDONED_HOURS);
    let loose = desk.store.loose_files(before, AT_ONCE).await?;
    let more = i64::try_from(loose.len()).unwrap_or_default() == AT_ONCE;
    for file in loose {
        // Nobody is writing to it meanwhile.
        let _turn = desk.files.lock(file.id).await;
        if let Err(problem) = discard(&desk, &file).await {
            tracing::warn!(file = %file.id, why = problem.detail, "an abandoned file stays for now");
        }
    }
    Ok(if more { Duration::from_secs(1) } else { PAUSE })
}
