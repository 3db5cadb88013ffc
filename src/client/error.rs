//! What can go wrong in the client below the screen.

use std::path::PathBuf;

use super::api::ApiError;
use super::files::FileError;

/// What can go wrong with the cache file. Rows are only a replica; the outbox is not, so nothing here is swept aside.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The folder or file cannot be made or opened.
    #[error("the cache {path} cannot be opened ({why}): check that the folder exists, is yours and has free space")]
    Open { path: PathBuf, why: String },
    /// A newer dutydesk wrote an outbox of another shape, and it still holds unsent commands.
    #[error(
        "the cache {path} was written by another dutydesk (schema {found}, this one knows {known}) and holds unsent commands: start that \
         version once to send them, then try again"
    )]
    UnsentElsewhere { path: PathBuf, found: i64, known: i64 },
    /// SQLite refused.
    #[error("the cache cannot be read or written ({0}): check free space, or delete the cache file when nothing waits to be sent")]
    Database(#[from] sqlx::Error),
    /// A row is not what this version knows.
    #[error("a row of the cache cannot be read ({0}): this dutydesk may be older than its server, update it")]
    Row(#[from] serde_json::Error),
}

/// Why a read or a fetch brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error(transparent)]
    Cache(#[from] CacheError),
    #[error(transparent)]
    Api(#[from] ApiError),
    #[error(transparent)]
    File(#[from] FileError),
    /// No server was given: cached data only.
    #[error("there is no link to a server: this needs one")]
    Offline,
    #[error("ticket #{0} does not exist, or you may not see it")]
    NoTicket(i64),
}

impl From<sqlx::Error> for ClientError {
    fn from(error: sqlx::Error) -> Self {
        Self::Cache(error.into())
    }
}
