//! The commands themselves: plain data that can be stored, sent, replayed and printed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bodies::{CreateConversation, CreateTicket, ImportTicket, MessageTarget, PostMessage, ReceiveMessage, SendBroadcast};
use crate::domain::assignment::EndReason;
use crate::domain::calendar::Calendar;
use crate::domain::escalation::{Escalate, Verdict};
use crate::domain::handover::{Handover, Watch};
use crate::domain::id::{
    BroadcastId, CommandKey, ConversationId, EscalationId, FollowUpId, HandoverId, MessageId, NoticeId, PersonId, QueueId, ReminderId,
    RosterChangeId, TicketNumber,
};
use crate::domain::notice::NoticeKind;
use crate::domain::notice::settings::NoticeSettings;
use crate::domain::person::{Person, Presence};
use crate::domain::queue::{IntakeChannel, Queue};
use crate::domain::reminder::PutReminder;
use crate::domain::requester::{Requester, Site};
use crate::domain::roster::{RosterChange, RosterPlan, Rota};
use crate::domain::saved_view::SavedView;
use crate::domain::snippet::Snippet;
use crate::domain::ticket::split::SplitTicket;
use crate::domain::ticket::{FollowUp, Link, Priority, Status};
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
    /// Takes a merge back, within ten minutes: `number` is the ticket that was merged.
    UndoMerge {
        number: TicketNumber,
    },
    /// Makes a new ticket of a message, which stays where it is.
    SplitTicket(Box<SplitTicket>),
    /// What the requester thought of it: told by their channel or the status page; refused to people.
    RateTicket {
        number: TicketNumber,
        /// 1 (bad) to 5 (good).
        score: u8,
        /// Up to 2,000 characters.
        #[serde(default)]
        words: String,
    },

    // Major incidents.
    /// Declared again, it changes the schedule of updates.
    DeclareMajor {
        number: TicketNumber,
        /// 60 to 86,400; absent for no schedule.
        update_every_secs: Option<u32>,
        /// The channel to be made for it.
        channel: ConversationId,
    },
    StandDown {
        number: TicketNumber,
    },
    TieTicket {
        number: TicketNumber,
        incident: TicketNumber,
    },
    UntieTicket {
        number: TicketNumber,
    },
    /// Ties the ticket to the incident it looks like, or says that it is something else.
    AnswerLikeness {
        number: TicketNumber,
        accept: bool,
    },
    SendBroadcast(Box<SendBroadcast>),

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
    /// Writes the message of a broadcast into one of its tickets.
    DeliverBroadcast {
        number: TicketNumber,
        broadcast: BroadcastId,
    },
    /// Tells who runs an incident that its requesters wait for an update.
    TellUpdateDue {
        number: TicketNumber,
    },
    /// Takes back a proposal whose incident is over.
    ForgetLikeness {
        number: TicketNumber,
    },
    /// Closes a ticket solved long ago.
    CloseTicket {
        number: TicketNumber,
    },

    // Being told, being reminded, handing over.
    /// One's own.
    PutNoticeSettings(Box<NoticeSettings>),
    /// One's own: told once at its time.
    PutReminder(Box<PutReminder>),
    CancelReminder {
        id: ReminderId,
    },
    /// The desk's own: tells of a reminder whose time has come.
    FireReminder {
        id: ReminderId,
    },
    /// Makes or changes something promised to the requester; `by`, `done` and `told` are the desk's to set.
    PutFollowUp {
        number: TicketNumber,
        follow_up: FollowUp,
    },
    SettleFollowUp {
        number: TicketNumber,
        id: FollowUpId,
        done: bool,
    },
    /// The desk's own: tells of promises that are due.
    TellFollowUps {
        number: TicketNumber,
    },
    /// Keeps a drafted handover; while it is unsigned a new draft takes its place, with its notes and watch list.
    PutHandover(Box<Handover>),
    /// Absent parts stay.
    EditHandover {
        id: HandoverId,
        notes: Option<String>,
        watch: Option<Vec<Watch>>,
    },
    /// By somebody of either side, or a lead.
    SignHandover {
        id: HandoverId,
    },
    /// Saves, shares, changes or (with `active` false) deletes a view: one's own, or a shared one by its owner or a lead.
    PutSavedView(Box<SavedView>),
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
            Self::UndoMerge { .. } => "undo_merge",
            Self::SplitTicket(_) => "split_ticket",
            Self::RateTicket { .. } => "rate_ticket",
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
            Self::PutSavedView(_) => "put_saved_view",
            Self::ReceiveMessage(_) => "receive_message",
            Self::ImportTicket(_) => "import_ticket",
            Self::AutoAssign { .. } => "auto_assign",
            Self::FireSlaSteps { .. } => "fire_sla_steps",
            Self::ReturnTicket { .. } => "return_ticket",
            Self::ReplanClocks { .. } => "replan_clocks",
            Self::TimeOutPresence { .. } => "time_out_presence",
            Self::TellPerson { .. } => "tell_person",
            Self::CloseTicket { .. } => "close_ticket",
            Self::DeclareMajor { .. } => "declare_major",
            Self::StandDown { .. } => "stand_down",
            Self::TieTicket { .. } => "tie_ticket",
            Self::UntieTicket { .. } => "untie_ticket",
            Self::AnswerLikeness { .. } => "answer_likeness",
            Self::SendBroadcast(_) => "send_broadcast",
            Self::DeliverBroadcast { .. } => "deliver_broadcast",
            Self::TellUpdateDue { .. } => "tell_update_due",
            Self::ForgetLikeness { .. } => "forget_likeness",
            Self::PutNoticeSettings(_) => "put_notice_settings",
            Self::PutReminder(_) => "put_reminder",
            Self::CancelReminder { .. } => "cancel_reminder",
            Self::FireReminder { .. } => "fire_reminder",
            Self::PutFollowUp { .. } => "put_follow_up",
            Self::SettleFollowUp { .. } => "settle_follow_up",
            Self::TellFollowUps { .. } => "tell_follow_ups",
            Self::PutHandover(_) => "put_handover",
            Self::EditHandover { .. } => "edit_handover",
            Self::SignHandover { .. } => "sign_handover",
        }
    }

    /// The ticket it is about, when it is about one that exists.
    #[must_use]
    pub fn ticket(&self) -> Option<TicketNumber> {
        match self {
            Self::PostMessage(post) => post.target.ticket(),
            Self::EditMessage { target, .. } | Self::ReactToMessage { target, .. } | Self::PinMessage { target, .. } => target.ticket(),
            Self::Escalate(body) => Some(body.number),
            Self::SplitTicket(body) => Some(body.number),
            Self::SendBroadcast(body) => Some(body.number),
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
            | Self::UndoMerge { number }
            | Self::RateTicket { number, .. }
            | Self::AnswerEscalation { number, .. }
            | Self::JoinEscalation { number, .. }
            | Self::LeaveEscalation { number, .. }
            | Self::WithdrawEscalation { number, .. }
            | Self::PassEscalation { number, .. }
            | Self::AutoAssign { number }
            | Self::FireSlaSteps { number }
            | Self::ReturnTicket { number, .. }
            | Self::ReplanClocks { number }
            | Self::DeclareMajor { number, .. }
            | Self::StandDown { number }
            | Self::TieTicket { number, .. }
            | Self::UntieTicket { number }
            | Self::AnswerLikeness { number, .. }
            | Self::DeliverBroadcast { number, .. }
            | Self::TellUpdateDue { number }
            | Self::ForgetLikeness { number }
            | Self::CloseTicket { number }
            | Self::PutFollowUp { number, .. }
            | Self::SettleFollowUp { number, .. }
            | Self::TellFollowUps { number } => Some(*number),
            Self::PutReminder(body) => body.ticket,
            _ => None,
        }
    }
}
