//! What `GET /api/v1/search` answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::search::SearchHit;

/// A page of what was found, the best of the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SearchPage {
    pub hits: Vec<SearchHit>,
    /// Pass as `before` to go on; absent after the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Everything was searched. `false` for a while after an update: older texts are still being taken in, newest first.
    pub complete: bool,
}
