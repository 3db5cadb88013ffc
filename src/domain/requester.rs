//! Who asks, and from where.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{RequesterId, SiteId};

/// A station, shop or warehouse.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Site {
    pub id: SiteId,
    pub version: i64,
    /// Unique code, as printed on the site's papers.
    pub code: String,
    pub name: String,
    pub region: String,
    /// Degrees north, -90 to 90.
    #[serde(default)]
    pub latitude: Option<f64>,
    /// Degrees east, -180 to 180.
    #[serde(default)]
    pub longitude: Option<f64>,
}

/// A customer, supplier, site or employee who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Requester {
    pub id: RequesterId,
    pub version: i64,
    /// Unique id in the system they come from (`shop:8841`, an e-mail address, a phone number).
    pub external: String,
    pub name: String,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    /// `customer`, `supplier`, `site`, `employee`, or a desk's own word.
    pub class: String,
    #[serde(default)]
    pub site: Option<SiteId>,
    /// Language tag they write in.
    #[serde(default)]
    pub language: Option<String>,
    pub created_at: DateTime<Utc>,
}
