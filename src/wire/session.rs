//! Sign-in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::person::Person;

/// `POST /api/v1/sessions`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(example = "li.na")]
    pub handle: String,
    pub password: String,
    /// Names this token in lists, such as the machine's name.
    #[schema(example = "ops-laptop")]
    pub device: String,
}

/// `POST /api/v1/setup`: the first administrator of an empty desk, with the code that `dutydesk serve` printed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    pub code: String,
    pub handle: String,
    pub name: String,
    /// At least 8 characters.
    pub password: String,
    pub device: String,
    #[serde(default)]
    pub time_zone: Option<String>,
    #[serde(default)]
    pub language: Option<String>,
}

/// A fresh token, shown once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Session {
    pub token: String,
    pub person: Person,
}

/// One of the person's tokens, as listed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TokenView {
    /// First 12 hexadecimal digits of the token's SHA-256: names it for revocation.
    pub id: String,
    pub device: String,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
    /// The one this request was made with.
    pub current: bool,
}

/// `PUT /api/v1/people/{id}/password`; one's own needs `current`, an admin sets any.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    #[serde(default)]
    pub current: Option<String>,
    /// At least 8 characters.
    pub new: String,
}
