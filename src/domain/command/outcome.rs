//! What a rule returns: everything to be written, in one transaction, or nothing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::assignment::{Assignment, Decision};
use crate::domain::audit::AuditEntry;
use crate::domain::conversation::MessageEdit;
use crate::domain::file::StoredFile;
use crate::domain::id::{IntakeChannelId, MessageId, TicketNumber};
use crate::domain::incident::{Broadcast, Target};
use crate::domain::queue::IntakeChannel;
use crate::domain::requester::Requester;
use crate::domain::roster::LimitBreach;
use crate::domain::row::Row;
use crate::domain::sla::ledger::ClockEvent;
use crate::domain::ticket::Ticket;
use crate::domain::ticket::merge::Merge;
use crate::domain::webhook::{Delivery, Webhook};

/// One row to write. Versions are already raised by the rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A synced row other than a ticket or a message: written, and told to its audience.
    Put(Row),
    /// A ticket, with the row it replaces, so that those who lose sight of it are told.
    PutTicket {
        before: Option<Box<Ticket>>,
        after: Box<Ticket>,
    },
    /// A message of `ticket` (which tells its audience), or of a conversation put in the same outcome or standing.
    PutMessage {
        message: Box<crate::domain::conversation::Message>,
        audience: crate::domain::access::Audience,
        /// The intake channel and the message's id there: unique together.
        external: Option<(IntakeChannelId, String)>,
    },
    /// A message's text before an edit: stored, not synced.
    PutMessageEdit(MessageEdit),
    /// A requester: stored, not synced.
    PutRequester(Requester),
    PutIntakeChannel(IntakeChannel),
    /// Opens or ends an assignment; the schema allows one open per ticket.
    PutAssignment(Assignment),
    PutDecision(Decision),
    /// An entry of a ticket's clock ledger.
    PutClockEvent(ClockEvent),
    PutWebhook(Webhook),
    /// A call to a webhook, to be made after this is committed.
    PutDelivery(Delivery),
    /// What a merge changed, so that it can be undone: stored, not synced.
    PutMerge(Box<Merge>),
    /// A file with the message it is attached to: stored, not synced.
    PutFile(StoredFile),
    /// A broadcast: stored, not synced.
    PutBroadcast(Broadcast),
    /// One ticket of a broadcast, and how far it is.
    PutTarget(Target),
    /// An intake thread from now on belongs to a ticket.
    MapThread {
        channel: IntakeChannelId,
        thread: String,
        ticket: TicketNumber,
    },
}

/// What the sender is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommandResult {
    /// The ticket made or changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNumber>,
    /// Its version afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// Nothing had to change: an import seen before, a tag already there.
    #[serde(default)]
    pub unchanged: bool,
    /// Limits of the roster that the change breaks, where the rota only warns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<LimitBreach>,
}

/// Everything a command writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    pub changes: Vec<Change>,
    pub audit: Vec<AuditEntry>,
    pub result: CommandResult,
}
