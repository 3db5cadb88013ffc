//! Bodies of a ticket's craft: one conversation out of merged ones, splitting, the timeline, ratings, the status page's link, and the
//! settings of intake channels.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::conversation::Message;
use crate::domain::id::{MessageId, QueueId};
use crate::domain::ticket::{Kind, Priority};

/// A ticket's conversation together with those of the tickets merged into it, in order of time. `ticket` of a message says which
/// ticket it was written in.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ConversationPage {
    pub messages: Vec<Message>,
    /// Pass as `cursor` to go on; absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// `POST /api/v1/tickets/{number}/split`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSplit {
    pub message: MessageId,
    /// The same author's later messages come along.
    #[serde(default)]
    pub following: bool,
    /// A queue's key; the ticket's own queue when absent.
    #[serde(default)]
    pub queue: Option<String>,
    /// When empty: of a public message its first line, else the ticket's own, for the requester reads it.
    #[serde(default)]
    pub subject: String,
    #[serde(default)]
    pub kind: Option<Kind>,
    #[serde(default)]
    pub priority: Option<Priority>,
}

/// `POST /api/v1/intake/{channel}/ratings`, with the channel's token.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntakeRating {
    /// The thread's id outside.
    pub thread: String,
    /// 1 (bad) to 5 (good).
    pub score: u8,
    /// Up to 2,000 characters.
    #[serde(default)]
    pub words: String,
}

/// `PUT /api/v1/intake-channels/{key}`: what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelSettings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// A webhook's key; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_webhook: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks_rating: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

/// `GET /api/v1/tickets/{number}/status-link`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatusLink {
    /// Below the server's address.
    pub path: String,
    /// The whole address: by `--public-url`, else by the address that was asked.
    pub url: String,
    /// The server was told its own address.
    #[serde(default)]
    pub known: bool,
}
