//! Bodies of saved views.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::saved_view::Sort;

/// `PUT /api/v1/views/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SavedViewInput {
    #[schema(example = "Old complaints")]
    pub name: String,
    /// In the filter language.
    #[schema(example = "queue:complaints status:open older:2h")]
    pub filter: String,
    #[serde(default)]
    pub sort: Sort,
    /// `everybody`, or a queue's key; one's own when absent.
    #[serde(default)]
    pub shared: Option<String>,
    /// Place in lists, ascending.
    #[serde(default)]
    pub position: i32,
}
