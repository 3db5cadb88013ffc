//! Writes down when tokens were last in use, apart from the requests that use them. What a kill forgets is noted at their next use.

use std::time::Duration;

use futures::future::join_all;

use crate::server::state::Desk;
use crate::store::StoreError;

/// Written together; others get their turn in between.
const CHUNK: usize = 64;
const PAUSE: Duration = Duration::from_secs(2);

pub async fn run(desk: Desk) -> Result<Duration, StoreError> {
    for chunk in desk.tokens.take_used().chunks(CHUNK) {
        for noted in join_all(chunk.iter().map(|(sha256, at)| desk.store.touch_token(sha256, *at))).await {
            // A token revoked meanwhile stays so.
            noted?;
        }
    }
    Ok(PAUSE)
}
