//! Identifiers. Each is a newtype, so that a queue's id never stands where a person's belongs.
//!
//! Ids are `UUIDv7` made by whoever creates the row (a console included), so that a command sent twice names
//! the same row. Tickets alone are known by a number that the server gives, because people say it aloud.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = "uuid")]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// A [`Person`](super::person::Person).
    PersonId,
    /// A [`Queue`](super::queue::Queue).
    QueueId,
    /// A [`Requester`](super::requester::Requester).
    RequesterId,
    /// A [`Site`](super::requester::Site).
    SiteId,
    /// An [`IntakeChannel`](super::queue::IntakeChannel).
    IntakeChannelId,
    /// A [`Conversation`](super::conversation::Conversation); also a ticket's own.
    ConversationId,
    /// A [`Message`](super::conversation::Message), made by its author's client.
    MessageId,
    /// An [`Assignment`](super::assignment::Assignment).
    AssignmentId,
    /// A [`Decision`](super::assignment::Decision).
    DecisionId,
    /// An [`Escalation`](super::escalation::Escalation).
    EscalationId,
    /// A [`Rota`](super::roster::Rota).
    RotaId,
    /// A [`RosterChange`](super::roster::RosterChange).
    RosterChangeId,
    /// A [`RosterPlan`](super::roster::RosterPlan).
    RosterPlanId,
    /// A [`Calendar`](super::calendar::Calendar).
    CalendarId,
    /// A [`Webhook`](super::webhook::Webhook).
    WebhookId,
    /// A [`Notice`](super::notice::Notice).
    NoticeId,
    /// A [`Snippet`](super::snippet::Snippet).
    SnippetId,
    /// A [`FollowUp`](super::ticket::FollowUp).
    FollowUpId,
    /// A [`Reminder`](super::reminder::Reminder).
    ReminderId,
    /// A [`SavedView`](super::saved_view::SavedView).
    SavedViewId,
    /// A [`Handover`](super::handover::Handover).
    HandoverId,
    /// A file that the desk keeps, named by an [`Attachment`](super::conversation::Attachment).
    FileId,
    /// A [`Broadcast`](super::incident::Broadcast) to the requesters of an incident's tickets.
    BroadcastId,
    /// The idempotency key of a command, made where the command is made.
    CommandKey,
}

/// A ticket's number, given by the server in order of creation, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct TicketNumber(pub i64);

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for TicketNumber {
    type Err = std::num::ParseIntError;
    /// Reads `1042` or `#1042`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim().trim_start_matches('#').parse().map(Self)
    }
}
