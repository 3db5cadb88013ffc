//! Why a subcommand failed, and the exit code that says so to scripts.

use crate::client::api::{ApiError, Old};
use crate::domain::refusal::{Refusal, RefusalKind};
use crate::wire::problem::Problem;

/// The exit codes, as shown below `--help`.
pub const EXIT_CODES: &str = "Exit codes:
  0  done
  1  failed
  2  the command line is wrong
  3  refused: not allowed, or not valid
  4  not found
  5  conflict: somebody was faster
  6  the server does not answer
  7  not signed in";

/// What kind of failure; each has one exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Failed,
    Usage,
    Refused,
    NotFound,
    Conflict,
    Unreachable,
    NotSignedIn,
}

impl Kind {
    /// As a process's exit code; see [`EXIT_CODES`].
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::NotFound => 4,
            Self::Conflict => 5,
            Self::Unreachable => 6,
            Self::NotSignedIn => 7,
        }
    }

    fn status(self) -> u16 {
        match self {
            Self::Failed => 500,
            Self::Usage => 400,
            Self::Refused => 422,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Unreachable => 503,
            Self::NotSignedIn => 401,
        }
    }

    fn of_status(status: u16) -> Self {
        match status {
            401 => Self::NotSignedIn,
            403 | 400 | 413 | 422 => Self::Refused,
            404 => Self::NotFound,
            409 | 412 => Self::Conflict,
            502..=504 => Self::Unreachable,
            _ => Self::Failed,
        }
    }
}

/// A failure, worded for a person and for programs alike.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problem.detail)]
pub struct CliError {
    pub kind: Kind,
    /// What `--json` prints on stderr.
    pub problem: Box<Problem>,
}

impl CliError {
    /// `message`: one sentence, what was wrong and what to do.
    #[must_use]
    pub fn new(kind: Kind, code: &str, message: impl Into<String>) -> Self {
        let problem = Problem {
            kind: format!("about:blank#{code}"),
            title: code.replace('_', " "),
            status: kind.status(),
            detail: message.into(),
            code: code.to_owned(),
            field: None,
            request_id: None,
        };
        Self { kind, problem: Box::new(problem) }
    }

    #[must_use]
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(Kind::Failed, "failed", message)
    }

    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, "usage", message)
    }

    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, "not_found", message)
    }

    #[must_use]
    pub fn exit_code(&self) -> u8 {
        self.kind.exit_code()
    }
}

impl From<ApiError> for CliError {
    fn from(error: ApiError) -> Self {
        let message = error.to_string();
        match error {
            ApiError::Address(_) => Self::new(Kind::Usage, "address", message),
            ApiError::Unreachable { .. } => Self::new(Kind::Unreachable, "unreachable", message),
            ApiError::Outdated { old: Old::Client, .. } => Self::new(Kind::Failed, "client_too_old", message),
            ApiError::Outdated { old: Old::Server, .. } => Self::new(Kind::Failed, "server_too_old", message),
            ApiError::Foreign { status: 502..=504, .. } => Self::new(Kind::Unreachable, "unreachable", message),
            ApiError::Foreign { .. } => Self::new(Kind::Failed, "foreign_answer", message),
            ApiError::Problem(problem, _) => Self { kind: Kind::of_status(problem.status), problem },
        }
    }
}

impl From<Refusal> for CliError {
    fn from(refusal: Refusal) -> Self {
        let (kind, status) = match refusal.kind {
            RefusalKind::Invalid => (Kind::Refused, 422),
            RefusalKind::Forbidden => (Kind::Refused, 403),
            RefusalKind::NotFound => (Kind::NotFound, 404),
            RefusalKind::Conflict => (Kind::Conflict, 409),
        };
        let mut error = Self::new(kind, &refusal.code, refusal.message);
        (error.problem.status, error.problem.field) = (status, refusal.field);
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_code_and_help_lists_it() {
        let kinds = [Kind::Failed, Kind::Usage, Kind::Refused, Kind::NotFound, Kind::Conflict, Kind::Unreachable, Kind::NotSignedIn];
        for (index, kind) in kinds.into_iter().enumerate() {
            assert_eq!(usize::from(kind.exit_code()), index + 1);
            assert!(EXIT_CODES.contains(&format!("\n  {}  ", kind.exit_code())));
        }
    }

    #[test]
    fn refusals_and_problems_exit_alike() {
        for (kind, status) in
            [(RefusalKind::Invalid, 422), (RefusalKind::Forbidden, 403), (RefusalKind::NotFound, 404), (RefusalKind::Conflict, 409)]
        {
            let refused = CliError::from(Refusal::new(kind, "some_code", "Some reason."));
            let mut problem = refused.problem.clone();
            problem.status = status;
            let answered = CliError::from(ApiError::Problem(problem, None));
            assert_eq!(refused, answered);
        }
    }

    #[test]
    fn a_gateway_without_a_server_is_unreachable() {
        let error = CliError::from(ApiError::Foreign { url: "http://x".to_owned(), status: 502 });
        assert_eq!(error.exit_code(), 6);
    }
}
