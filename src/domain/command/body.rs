//! The commands themselves: plain data that can be stored, sent, replayed and printed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::assignment::EndReason;
use crate::domain::calendar::Calendar;
use crate::domain::conversation::{Attachment, ConversationKind, Visibility};
use crate::domain::escalation::{Escalate, Verdict};
use crate::domain::id::{
    CommandKey, ConversationId, EscalationId, FileId, IntakeChannelId, MessageId, NoticeId, PersonId, QueueId, RosterChangeId, TicketNumber,
};
use crate::domain::notice::NoticeKind;
use crate::domain::person::{Person, Presence};
use crate::domain::queue::{IntakeChannel, Queue};
use crate::domain::requester::{Requester, Site};
use crate::domain::roster::{RosterChange, RosterPlan, Rota};
use crate::domain::snippet::Snippet;
use crate::domain::ticket::{Kind, Link, Priority, Status};
use crate::domain::webhook::Webhook;

/// A command with what makes it safe to send twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Submission {
    /// The same key takes effect once; with other content it is refused.
    pub key: CommandKey,
    /// The version of the row the person looked at. Assign, release and status are refused when it has
    /// moved on; the others ignore it (a claim compares the assignee, so that the loser is told who won).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_version: Option<i64>,
    /// Not done after this instant: a claim made offline does not surprise anybody the next morning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    pub command: Command,
}

/// Who a new ticket is from: somebody known, or somebody described.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequesterInput {
    /// Unique id in the system they come from; found or created by it.
    pub external: String,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub class: Option<String>,
    /// A site's code.
    #[serde(default)]
    pub site: Option<String>,
    #[serde(default)]
    pub language: Option<String>,
}

/// A new ticket with its first message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CreateTicket {
    pub queue: QueueId,
    /// 1 to 300 characters; taken from the text's first line when empty.
    #[serde(default)]
    pub subject: String,
    pub text: String,
    /// Made by the author's client.
    pub message: MessageId,
    pub requester: RequesterInput,
    #[serde(default)]
    pub kind: Kind,
    #[serde(default)]
    pub priority: Priority,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// A message from outside, through an intake channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReceiveMessage {
    pub channel: IntakeChannelId,
    /// The thread's id outside: the first message opens a ticket, later ones join it.
    pub thread: String,
    /// The message's id outside; a second message with it is taken for the first sent again.
    pub external: String,
    pub author: RequesterInput,
    pub text: String,
    #[serde(default)]
    pub subject: Option<String>,
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    #[serde(default)]
    pub kind: Option<Kind>,
    #[serde(default)]
    pub priority: Option<Priority>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MessageTarget {
    Ticket { number: TicketNumber },
    Conversation { id: ConversationId },
}

impl MessageTarget {
    #[must_use]
    pub fn ticket(self) -> Option<TicketNumber> {
        match self {
            Self::Ticket { number } => Some(number),
            Self::Conversation { .. } => None,
        }
    }
}

/// A message by a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PostMessage {
    pub target: MessageTarget,
    pub message: MessageId,
    /// In a ticket: whether the requester sees it. Elsewhere always `internal`.
    pub visibility: Visibility,
    /// 1 to 65,536 characters. `@handle` mentions a person.
    pub text: String,
    /// The message it answers, of the same conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<MessageId>,
    /// Files uploaded before, to be attached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// `seq` of the last message its author had seen: a public reply is refused (`answered_meanwhile`) when somebody else
    /// replied publicly after it. Absent: not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<i64>,
    /// Sets the ticket's status with the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

impl PostMessage {
    /// Text alone, answering nothing.
    #[must_use]
    pub fn new(target: MessageTarget, message: MessageId, visibility: Visibility, text: String) -> Self {
        Self { target, message, visibility, text, reply_to: None, files: Vec::new(), seen: None, status: None }
    }
}

/// A new channel or direct conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CreateConversation {
    pub id: ConversationId,
    pub kind: ConversationKind,
    /// A channel's name.
    #[serde(default)]
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// A channel with none is open to the desk, or to `queue`'s people.
    #[serde(default)]
    pub members: Vec<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// Sites of this region are its subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The major incident it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<TicketNumber>,
}

impl CreateConversation {
    /// Open to the desk without members, to them alone with some; about nothing in particular.
    #[must_use]
    pub fn new(id: ConversationId, kind: ConversationKind, title: String, members: Vec<PersonId>) -> Self {
        Self { id, kind, title, topic: None, members, queue: None, region: None, incident: None }
    }
}

/// A message of an imported ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportMessage {
    /// A person's handle, or absent for the requester.
    #[serde(default)]
    pub person: Option<String>,
    pub text: String,
    #[serde(default)]
    pub internal: bool,
    pub at: DateTime<Utc>,
}

/// A ticket with its history, from a file or another desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImportTicket {
    /// Id where it comes from; the same id again changes nothing.
    pub external: String,
    /// A queue's key.
    pub queue: String,
    pub subject: String,
    pub requester: RequesterInput,
    #[serde(default)]
    pub kind: Kind,
    #[serde(default)]
    pub priority: Priority,
    #[serde(default)]
    pub status: Status,
    /// A person's handle.
    #[serde(default)]
    pub assignee: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    #[schema(value_type = Object)]
    pub fields: BTreeMap<String, serde_json::Value>,
    /// At least one; the first is the requester's.
    pub messages: Vec<ImportMessage>,
    pub created_at: DateTime<Utc>,
    #[serde(default)]
    pub solved_at: Option<DateTime<Utc>>,
}

/// What somebody wants done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Command {
    // Tickets.
    CreateTicket(Box<CreateTicket>),
    PostMessage(Box<PostMessage>),
    /// Compare-and-set; refused with who has it.
    ClaimTicket {
        number: TicketNumber,
    },
    /// Compare-and-set.
    AssignTicket {
        number: TicketNumber,
        person: PersonId,
    },
    /// Compare-and-set; back to the pool.
    ReleaseTicket {
        number: TicketNumber,
        reason: Option<String>,
    },
    /// The assignee has it on screen.
    AcceptTicket {
        number: TicketNumber,
    },
    /// Compare-and-set.
    SetStatus {
        number: TicketNumber,
        status: Status,
    },
    SetPriority {
        number: TicketNumber,
        priority: Priority,
    },
    SetSubject {
        number: TicketNumber,
        subject: String,
    },
    /// `null` removes the field.
    SetField {
        number: TicketNumber,
        name: String,
        #[schema(value_type = Value)]
        value: serde_json::Value,
    },
    MoveTicket {
        number: TicketNumber,
        queue: QueueId,
    },
    AddTag {
        number: TicketNumber,
        tag: String,
    },
    RemoveTag {
        number: TicketNumber,
        tag: String,
    },
    AddParticipant {
        number: TicketNumber,
        person: PersonId,
    },
    RemoveParticipant {
        number: TicketNumber,
        person: PersonId,
    },
    LinkTicket {
        number: TicketNumber,
        link: Link,
    },
    UnlinkTicket {
        number: TicketNumber,
        link: Link,
    },
    /// `number` is solved into `into`; its conversation stays readable, the other's tells of it.
    MergeTicket {
        number: TicketNumber,
        into: TicketNumber,
    },

    // Escalation.
    /// Calls a named person, or else the roster finds an expert on duty.
    Escalate(Box<Escalate>),
    /// By the expert who was called.
    AnswerEscalation {
        number: TicketNumber,
        escalation: EscalationId,
        accept: bool,
        reason: Option<String>,
    },
    /// The expert who accepted has the conversation open.
    JoinEscalation {
        number: TicketNumber,
        escalation: EscalationId,
    },
    LeaveEscalation {
        number: TicketNumber,
        escalation: EscalationId,
        result: Verdict,
        /// The verdict in words; 1 to 2,000 characters.
        note: String,
    },
    /// Taken back by who asked, the assignee or a lead.
    WithdrawEscalation {
        number: TicketNumber,
        escalation: EscalationId,
        reason: Option<String>,
    },

    // Conversations.
    CreateConversation(Box<CreateConversation>),
    /// Absent fields stay.
    UpdateConversation {
        conversation: ConversationId,
        title: Option<String>,
        topic: Option<String>,
    },
    /// Brings somebody into a channel with members.
    AddMember {
        conversation: ConversationId,
        person: PersonId,
    },
    /// Takes somebody out; also oneself.
    RemoveMember {
        conversation: ConversationId,
        person: PersonId,
    },
    MuteConversation {
        conversation: ConversationId,
        muted: bool,
    },
    /// By its author; earlier texts are kept.
    EditMessage {
        target: MessageTarget,
        message: MessageId,
        text: String,
    },
    /// Adds or takes back one's own reaction.
    ReactToMessage {
        target: MessageTarget,
        message: MessageId,
        /// One emoji or a short word, up to 16 characters.
        reaction: String,
        on: bool,
    },
    PinMessage {
        target: MessageTarget,
        message: MessageId,
        on: bool,
    },
    MarkRead {
        conversation: ConversationId,
        seq: i64,
    },
    DismissNotice {
        notice: NoticeId,
    },

    // Duty.
    SetPresence {
        presence: Presence,
    },
    PutRosterChange(RosterChange),
    CancelRosterChange {
        id: RosterChangeId,
    },
    /// The other's answer to a swap, or a lead's approval.
    AnswerRosterChange {
        id: RosterChangeId,
        accept: bool,
        reason: Option<String>,
    },
    /// Proposes, publishes or withdraws a written-out roster.
    PutRosterPlan(Box<RosterPlan>),

    // Directory: creates the row, or replaces it. `version` is ignored.
    PutPerson(Box<Person>),
    PutQueue(Box<Queue>),
    PutSite(Site),
    PutRequester(Box<Requester>),
    PutRota(Box<Rota>),
    PutIntakeChannel(IntakeChannel),
    PutCalendar(Box<Calendar>),
    PutWebhook(Box<Webhook>),
    /// One's own, or the desk's by a lead.
    PutSnippet(Box<Snippet>),

    // The desk's own: refused to people.
    ReceiveMessage(Box<ReceiveMessage>),
    /// Also by admins.
    ImportTicket(Box<ImportTicket>),
    /// Runs the assignment rule for a ticket in the pool.
    AutoAssign {
        number: TicketNumber,
    },
    /// Fires the due warn and breach steps of a ticket's clocks.
    FireSlaSteps {
        number: TicketNumber,
    },
    /// A call whose accept clock ran out, or whose expert went off duty: goes to the next expert or to the lead, or a relief
    /// is asked beside who is in.
    PassEscalation {
        number: TicketNumber,
        escalation: EscalationId,
    },
    /// Takes a ticket from its assignee: not accepted in time, away without a first reply, or off duty.
    ReturnTicket {
        number: TicketNumber,
        reason: EndReason,
    },
    /// Plans a ticket's clocks again after its queue's policy or calendar changed.
    ReplanClocks {
        number: TicketNumber,
    },
    /// Sets somebody away whose console is gone.
    TimeOutPresence {
        person: PersonId,
    },
    /// Tells one person something of the roster, once: `notice` is made from what is told.
    TellPerson {
        notice: NoticeId,
        person: PersonId,
        kind: NoticeKind,
    },
    /// Closes a ticket solved long ago.
    CloseTicket {
        number: TicketNumber,
    },
}

impl Command {
    /// The `type` word, as in JSON and in the audit.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::CreateTicket(_) => "create_ticket",
            Self::PostMessage(_) => "post_message",
            Self::ClaimTicket { .. } => "claim_ticket",
            Self::AssignTicket { .. } => "assign_ticket",
            Self::ReleaseTicket { .. } => "release_ticket",
            Self::AcceptTicket { .. } => "accept_ticket",
            Self::SetStatus { .. } => "set_status",
            Self::SetPriority { .. } => "set_priority",
            Self::SetSubject { .. } => "set_subject",
            Self::SetField { .. } => "set_field",
            Self::MoveTicket { .. } => "move_ticket",
            Self::AddTag { .. } => "add_tag",
            Self::RemoveTag { .. } => "remove_tag",
            Self::AddParticipant { .. } => "add_participant",
            Self::RemoveParticipant { .. } => "remove_participant",
            Self::LinkTicket { .. } => "link_ticket",
            Self::UnlinkTicket { .. } => "unlink_ticket",
            Self::MergeTicket { .. } => "merge_ticket",
            Self::Escalate(_) => "escalate",
            Self::AnswerEscalation { .. } => "answer_escalation",
            Self::JoinEscalation { .. } => "join_escalation",
            Self::LeaveEscalation { .. } => "leave_escalation",
            Self::WithdrawEscalation { .. } => "withdraw_escalation",
            Self::PassEscalation { .. } => "pass_escalation",
            Self::CreateConversation(_) => "create_conversation",
            Self::UpdateConversation { .. } => "update_conversation",
            Self::AddMember { .. } => "add_member",
            Self::RemoveMember { .. } => "remove_member",
            Self::MuteConversation { .. } => "mute_conversation",
            Self::EditMessage { .. } => "edit_message",
            Self::ReactToMessage { .. } => "react_to_message",
            Self::PinMessage { .. } => "pin_message",
            Self::MarkRead { .. } => "mark_read",
            Self::DismissNotice { .. } => "dismiss_notice",
            Self::SetPresence { .. } => "set_presence",
            Self::PutRosterChange(_) => "put_roster_change",
            Self::CancelRosterChange { .. } => "cancel_roster_change",
            Self::AnswerRosterChange { .. } => "answer_roster_change",
            Self::PutRosterPlan(_) => "put_roster_plan",
            Self::PutPerson(_) => "put_person",
            Self::PutQueue(_) => "put_queue",
            Self::PutSite(_) => "put_site",
            Self::PutRequester(_) => "put_requester",
            Self::PutRota(_) => "put_rota",
            Self::PutIntakeChannel(_) => "put_intake_channel",
            Self::PutCalendar(_) => "put_calendar",
            Self::PutWebhook(_) => "put_webhook",
            Self::PutSnippet(_) => "put_snippet",
            Self::ReceiveMessage(_) => "receive_message",
            Self::ImportTicket(_) => "import_ticket",
            Self::AutoAssign { .. } => "auto_assign",
            Self::FireSlaSteps { .. } => "fire_sla_steps",
            Self::ReturnTicket { .. } => "return_ticket",
            Self::ReplanClocks { .. } => "replan_clocks",
            Self::TimeOutPresence { .. } => "time_out_presence",
            Self::TellPerson { .. } => "tell_person",
            Self::CloseTicket { .. } => "close_ticket",
        }
    }

    /// The ticket it is about, when it is about one that exists.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketNumber> {
        match self {
            Self::PostMessage(post) => post.target.ticket(),
            Self::EditMessage { target, .. } | Self::ReactToMessage { target, .. } | Self::PinMessage { target, .. } => target.ticket(),
            Self::Escalate(body) => Some(body.number),
            Self::ClaimTicket { number }
            | Self::AssignTicket { number, .. }
            | Self::ReleaseTicket { number, .. }
            | Self::AcceptTicket { number }
            | Self::SetStatus { number, .. }
            | Self::SetPriority { number, .. }
            | Self::SetSubject { number, .. }
            | Self::SetField { number, .. }
            | Self::MoveTicket { number, .. }
            | Self::AddTag { number, .. }
            | Self::RemoveTag { number, .. }
            | Self::AddParticipant { number, .. }
            | Self::RemoveParticipant { number, .. }
            | Self::LinkTicket { number, .. }
            | Self::UnlinkTicket { number, .. }
            | Self::MergeTicket { number, .. }
            | Self::AnswerEscalation { number, .. }
            | Self::JoinEscalation { number, .. }
            | Self::LeaveEscalation { number, .. }
            | Self::WithdrawEscalation { number, .. }
            | Self::PassEscalation { number, .. }
            | Self::AutoAssign { number }
            | Self::FireSlaSteps { number }
            | Self::ReturnTicket { number, .. }
            | Self::ReplanClocks { number }
            | Self::CloseTicket { number } => Some(*number),
            _ => None,
        }
    }
}
