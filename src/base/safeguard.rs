//! Safeguards that the fault suite switches off, one at a time, to prove that it would notice.
//!
//! Only in a debug build, by `DUTYDESK_TEST_WITHOUT=name` in the environment; in a release build every safeguard holds.
//! Nothing else may ask here: this is no way to configure a desk.

use std::sync::LazyLock;

/// The variable that names the one safeguard to do without.
pub const VARIABLE: &str = "DUTYDESK_TEST_WITHOUT";

/// What keeps an invariant of the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safeguard {
    /// A key seen before is answered as it was then, and nothing is done.
    Idempotency,
    /// The schema refuses a second open assignment of a ticket.
    OneAssignee,
    /// A command made from an older version of a ticket is refused.
    BaseVersion,
    /// A cache takes only newer versions of a row.
    RowVersion,
    /// A cache takes only a batch that starts where it stands.
    Chaining,
    /// Nobody is answered before the commit.
    CommitFirst,
}

impl Safeguard {
    pub const ALL: [Self; 6] =
        [Self::Idempotency, Self::OneAssignee, Self::BaseVersion, Self::RowVersion, Self::Chaining, Self::CommitFirst];

    /// The word in [`VARIABLE`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Idempotency => "idempotency",
            Self::OneAssignee => "one_assignee",
            Self::BaseVersion => "base_version",
            Self::RowVersion => "row_version",
            Self::Chaining => "chaining",
            Self::CommitFirst => "commit_first",
        }
    }

    /// Whether it holds in this process: always, but for a test that does without it.
    #[must_use]
    pub fn holds(self) -> bool {
        static WITHOUT: LazyLock<Option<String>> = LazyLock::new(|| std::env::var(VARIABLE).ok());
        !cfg!(debug_assertions) || WITHOUT.as_deref() != Some(self.name())
    }
}
