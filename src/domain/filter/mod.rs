//! The filter language for tickets: `queue:complaints status:open older:2h @me "pump 3"`. Words and terms, all of which must hold.
//!
//! Pure: [`parse`](parse::parse) reads a text with the names the directory knows, [`Filter::admits`] tells whether a ticket is meant,
//! with the time passed in. `Display` writes the one form in which every filter can be read again. The console's cache says the
//! same in SQL, held equal by a property test.

pub mod complete;
pub mod error;
pub mod evaluate;
mod lex;
pub mod parse;
mod show;
#[cfg(test)]
pub(crate) mod tests;
pub mod text;
pub mod time;
pub mod words;

use crate::domain::id::{PersonId, QueueId, TicketNumber};
use crate::domain::ticket::{Kind, Priority, Status};

pub use error::{Fault, FilterError};
pub use evaluate::Env;
pub use parse::{Parsed, parse};
use time::When;

/// Seconds before its due time at which a ticket counts as breaching soon.
pub const BREACHING_SECS: i64 = 30 * 60;
/// Characters of a filter.
pub const FILTER_MAX: usize = 500;
/// Terms of a filter.
pub const TERMS_MAX: usize = 24;

/// A filter that was read: every term must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub terms: Vec<Term>,
}

/// One condition, or its opposite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub negated: bool,
    pub test: Test,
}

/// A row of the directory by its id, with the word it is written by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T> {
    pub id: T,
    pub word: String,
}

/// Somebody, as the filter says it: `@me` is whoever looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Nobody,
    Me,
    Person(Named<PersonId>),
}

impl Who {
    /// Whom the word means when `me` looks; absent for nobody.
    #[must_use]
    pub fn person(&self, me: PersonId) -> Option<PersonId> {
        match self {
            Self::Nobody => None,
            Self::Me => Some(me),
            Self::Person(person) => Some(person.id),
        }
    }
}

/// A tie to a major incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    None,
    Any,
    To(TicketNumber),
}

/// Fields that hold text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextField {
    /// Part of the name.
    Requester,
    /// Part of the code or the name.
    Site,
    /// Whole.
    Region,
    /// Whole.
    Class,
    /// The tag or its first part: `zh` also means `zh-CN`.
    Language,
    /// Whole.
    Tag,
    /// How the tag begins, `#ref`.
    TagStart,
}

/// Fields that hold a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberField {
    Number,
    Messages,
    /// 1 to 5; tickets without a rating are never meant.
    Rating,
}

/// Fields that hold an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeField {
    Created,
    Updated,
    Assigned,
    Solved,
    Due,
    /// The earliest promise that is still to be kept.
    FollowUp,
}

impl TimeField {
    /// Spans count forward from now; those of the others count back.
    #[must_use]
    pub fn is_ahead(self) -> bool {
        matches!(self, Self::Due | Self::FollowUp)
    }
}

/// What a ticket is at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    Unassigned,
    Mine,
    /// New or open, and nobody's.
    Waiting,
    Unsolved,
    /// Pending or on hold.
    Paused,
    /// Due within half an hour, or past it.
    Breaching,
    /// Past its due time.
    Late,
    /// I was called in and have neither declined nor left.
    Escalated,
    /// Has an assignee who has not opened it.
    Unaccepted,
    /// The last word is the requester's.
    Unanswered,
    /// Something is promised and not kept.
    Promised,
    Major,
    Tied,
    /// Looks like a major incident.
    Alike,
    /// Merged into another one.
    Merged,
    Rated,
}

/// What a term asks. Of several values one must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Occurs in the number, subject, requester, site, tags or queue; as typed, compared folded.
    Words(String),
    Status(Vec<Status>),
    Priority(Vec<Priority>),
    Kind(Vec<Kind>),
    Queue(Vec<Named<QueueId>>),
    Tier(Vec<u8>),
    Assignee(Vec<Who>),
    /// Takes part beside the assignee.
    With(Vec<Who>),
    /// Was called in and has neither declined nor left; never nobody.
    Expert(Vec<Who>),
    Incident(Vec<Tie>),
    Text(TextField, Vec<String>),
    /// From and to, both included.
    Number(NumberField, Option<i64>, Option<i64>),
    Time(TimeField, When),
    Is(Vec<Flag>),
}

impl Filter {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it says itself which statuses it means: lists of unsolved tickets then leave that to it.
    #[must_use]
    pub fn speaks_of_status(&self) -> bool {
        self.terms.iter().any(|term| match &term.test {
            Test::Status(_) | Test::Time(TimeField::Solved, _) | Test::Number(NumberField::Rating, ..) => true,
            Test::Is(flags) => flags.iter().any(|flag| matches!(flag, Flag::Unsolved | Flag::Rated | Flag::Merged)),
            _ => false,
        })
    }

    /// Whether what it finds changes as time goes by, without any ticket changing.
    #[must_use]
    pub fn moves_with_time(&self) -> bool {
        self.terms.iter().any(|term| match &term.test {
            Test::Time(_, when) => when.moves(),
            Test::Is(flags) => flags.iter().any(|flag| matches!(flag, Flag::Breaching | Flag::Late)),
            _ => false,
        })
    }

    /// Whose calls it asks for: [`Env::calls`] must then hold all open ones of these people.
    #[must_use]
    pub fn experts(&self, me: PersonId) -> Vec<PersonId> {
        let mut found = Vec::new();
        for term in &self.terms {
            match &term.test {
                Test::Expert(all) => found.extend(all.iter().filter_map(|who| who.person(me))),
                Test::Is(flags) if flags.contains(&Flag::Escalated) => found.push(me),
                _ => {}
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
