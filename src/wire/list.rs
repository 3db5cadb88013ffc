//! Lists that come whole.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All items of a resource.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Items<T> {
    pub items: Vec<T>,
}

impl<T> From<Vec<T>> for Items<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items }
    }
}
