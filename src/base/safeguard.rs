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
    /// An acknowledged command stays in the outbox until sync has brought its effect.
    OutboxUntilSeen,
    /// A snapshot of a restored desk replaces rows of the same version, and asks again about what was taken.
    Restored,
    /// What waited when the program started may have been sent: it cannot be taken back.
    HandedBefore,
}

impl Safeguard {
    /// Those of the design's invariants: every way of looking must notice.
    pub const COMMON: [Self; 5] = [Self::Idempotency, Self::OneAssignee, Self::BaseVersion, Self::RowVersion, Self::Chaining];
    /// The server's own: they show where processes die.
    pub const SERVER: [Self; 1] = [Self::CommitFirst];
    /// The client's own: they show in simulated worlds.
    pub const CLIENT: [Self; 3] = [Self::OutboxUntilSeen, Self::Restored, Self::HandedBefore];

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
            Self::OutboxUntilSeen => "outbox_until_seen",
            Self::Restored => "restored",
            Self::HandedBefore => "handed_before",
        }
    }

    /// Whether it holds in this process: always, but for a test that does without it.
    #[must_use]
    pub fn holds(self) -> bool {
        static WITHOUT: LazyLock<Option<String>> = LazyLock::new(|| std::env::var(VARIABLE).ok());
        !cfg!(debug_assertions) || WITHOUT.as_deref() != Some(self.name())
    }
}
