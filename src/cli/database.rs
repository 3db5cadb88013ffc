//! Where a desk is kept, as written on the command line, and what to say when it cannot be used.

use std::error::Error;
use std::path::PathBuf;

use super::error::{CliError, Kind};
use crate::server::ServeError;
use crate::store::StoreError;

/// Reads `sqlite:PATH`; for clap.
///
/// # Errors
/// When it is anything else.
pub fn parse(text: &str) -> Result<PathBuf, String> {
    let Some(path) = text.strip_prefix("sqlite:") else {
        return Err("write sqlite:PATH, such as sqlite:desk.db".to_owned());
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() {
        return Err("the path is missing: write sqlite:PATH, such as sqlite:desk.db".to_owned());
    }
    Ok(path.into())
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let because = error.source().map(|source| format!(": {source}")).unwrap_or_default();
        Self::new(Kind::Failed, "database", format!("{error}{because}"))
    }
}

impl From<ServeError> for CliError {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Store(error) => error.into(),
            error => Self::new(Kind::Failed, "listen", error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sqlite_paths_are_read() {
        assert_eq!(parse("sqlite:desk.db"), Ok(PathBuf::from("desk.db")));
        assert_eq!(parse("sqlite:/var/lib/desk.db"), Ok(PathBuf::from("/var/lib/desk.db")));
        assert_eq!(parse("sqlite:///var/lib/desk.db"), Ok(PathBuf::from("/var/lib/desk.db")));
        for wrong in ["sqlite:", "desk.db", "postgres://x", ""] {
            assert!(parse(wrong).is_err_and(|why| why.contains("sqlite:PATH")), "{wrong}");
        }
    }
}
