//! Which rows decide a command.

use super::{Command, MessageTarget, PostMessage};
use crate::domain::file::FILES_MAX;
use crate::domain::id::{
    BroadcastId, ConversationId, FileId, HandoverId, IntakeChannelId, MessageId, NoticeId, PersonId, ReminderId, TicketNumber,
};
use crate::domain::row::RowKind;

/// Messages read back from the newest when a reply is compared with those before it.
pub const SINCE_MAX: i64 = 50;

/// The rows to load into [`Facts`](super::Facts) before a command is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// The ticket, with its open assignment.
    pub ticket: Option<TicketNumber>,
    pub other: Option<TicketNumber>,
    /// The ticket of an intake thread, when it has one, instead of `ticket`. The store follows `merged_into`: a message for
    /// a merged ticket's thread is decided on the ticket it was merged into.
    pub thread: Option<(IntakeChannelId, String)>,
    /// The ticket with this external id, instead of `ticket`.
    pub ticket_external: Option<String>,
    pub next_number: bool,
    /// Agent states of these people (besides the ticket's assignee, who always comes along).
    pub agent_states: Vec<PersonId>,
    /// Agent states of everybody.
    pub all_agent_states: bool,
    /// Who was given one of the ticket's requester's other recent tickets last.
    pub last_served: bool,
    /// By id. When it is a ticket's, that ticket comes along as `ticket`, with its open assignment and assignee's state.
    pub conversation: Option<ConversationId>,
    /// The conversation row of the ticket's own conversation, when it has one; of the other ticket's as well, when one is asked for.
    pub ticket_conversation: bool,
    pub read_mark: Option<(PersonId, ConversationId)>,
    /// By external id.
    pub requester: Option<String>,
    /// All escalations of the ticket.
    pub escalations: bool,
    pub notice: Option<NoticeId>,
    /// Notices that nobody was eligible for tickets of this ticket's queue, unread ones.
    pub nobody_notices: bool,
    pub reminder: Option<ReminderId>,
    pub handover: Option<HandoverId>,
    pub intake_channel: Option<IntakeChannelId>,
    pub message: Option<MessageId>,
    /// A message to be changed, as a row.
    pub message_row: Option<MessageId>,
    /// The messages after `message_row` in its conversation.
    pub later: bool,
    /// What the ticket's merge changed; the ticket it went into comes along as `other`, with that one's escalations and its messages
    /// since as `later`.
    pub merge: bool,
    /// Messages of the ticket after this `seq`.
    pub since_seen: Option<i64>,
    /// By external id within a channel, instead of `message`.
    pub message_external: Option<(IntakeChannelId, String)>,
    /// Conversations besides the ticket's, by id.
    pub channels: Vec<ConversationId>,
    /// What the ticket's due SLA steps want by its queue's policy ([`wants`](crate::domain::sla::fire::wants)): channels, and
    /// for an expert to be called the ticket's conversation and escalations with everybody's state.
    pub sla_steps: bool,
    /// All open major incidents, at most [`MAJORS_MAX`](crate::domain::incident::MAJORS_MAX).
    pub majors: bool,
    /// The tickets tied to `ticket`.
    pub tied: bool,
    /// As `other`, the incident that `ticket` is tied to or looks like.
    pub own_incident: bool,
    /// Among the channels, that of the incident which `ticket` or the other ticket is.
    pub incident_channel: bool,
    /// A broadcast, with its target that `ticket` is.
    pub broadcast: Option<BroadcastId>,
    /// The version of the row that a `Put…` replaces: its kind and id, or for what is not synced the words
    /// `requester` and `intake_channel` with the id.
    pub replaces: Option<(Replaces, String)>,
    /// Files to be attached.
    pub files: Vec<FileId>,
}

impl Needs {
    /// The conversation a message stands in.
    fn place(&mut self, target: MessageTarget) {
        match target {
            MessageTarget::Ticket { .. } => self.ticket_conversation = true,
            MessageTarget::Conversation { id } => self.conversation = Some(id),
        }
    }
}

/// What a `Put…` command replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaces {
    Row(RowKind),
    Requester,
    IntakeChannel,
    Webhook,
}

/// Which rows decide `command` when `actor` (absent for the desk itself) wants it done.
#[must_use]
pub fn needs(command: &Command, actor: Option<PersonId>) -> Needs {
    let mut needs = Needs { ticket: command.ticket(), ..Needs::default() };
    needs.agent_states.extend(actor);
    match command {
        Command::CreateTicket(create) => {
            needs.next_number = true;
            needs.requester = Some(create.requester.external.clone());
            (needs.message, needs.majors) = (Some(create.message), true);
        }
        Command::PostMessage(post) => for_post(&mut needs, post),
        Command::SetStatus { status, .. } if !status.is_unsolved() => {
            needs.escalations = true;
            needs.ticket_conversation = true;
        }
        Command::AssignTicket { person, .. } => needs.agent_states.push(*person),
        // An escalated ticket's conversation bears its subject.
        Command::SetSubject { .. } => needs.ticket_conversation = true,
        Command::LinkTicket { link, .. } | Command::UnlinkTicket { link, .. } => needs.other = Some(link.number),
        Command::MergeTicket { into, .. } => {
            needs.other = Some(*into);
            needs.ticket_conversation = true;
            needs.escalations = true;
        }
        // Who declines is followed by the next expert; who accepts may take the ticket over.
        Command::Escalate(_) | Command::PassEscalation { .. } | Command::AnswerEscalation { .. } => {
            needs.escalations = true;
            needs.ticket_conversation = true;
            needs.all_agent_states = true;
        }
        Command::JoinEscalation { .. } | Command::LeaveEscalation { .. } | Command::WithdrawEscalation { .. } => {
            needs.escalations = true;
            needs.ticket_conversation = true;
        }
        Command::CreateConversation(body) => {
            needs.conversation = Some(body.id);
            needs.other = body.incident;
        }
        Command::UpdateConversation { conversation, .. }
        | Command::AddMember { conversation, .. }
        | Command::RemoveMember { conversation, .. } => needs.conversation = Some(*conversation),
        Command::EditMessage { target, message, .. }
        | Command::ReactToMessage { target, message, .. }
        | Command::PinMessage { target, message, .. } => {
            needs.message_row = Some(*message);
            needs.place(*target);
        }
        Command::PutSavedView(row) => needs.replaces = Some((Replaces::Row(RowKind::SavedView), row.id.to_string())),
        Command::PutSnippet(row) => needs.replaces = Some((Replaces::Row(RowKind::Snippet), row.id.to_string())),
        Command::MuteConversation { conversation, .. } | Command::MarkRead { conversation, .. } => {
            needs.conversation = Some(*conversation);
            needs.read_mark = actor.map(|person| (person, *conversation));
        }
        Command::DismissNotice { notice } => needs.notice = Some(*notice),
        Command::PutRosterChange(change) => needs.replaces = Some((Replaces::Row(RowKind::RosterChange), change.id.to_string())),
        Command::CancelRosterChange { id } => needs.replaces = Some((Replaces::Row(RowKind::RosterChange), id.to_string())),
        Command::AnswerRosterChange { id, .. } => needs.replaces = Some((Replaces::Row(RowKind::RosterChange), id.to_string())),
        Command::PutRosterPlan(row) => needs.replaces = Some((Replaces::Row(RowKind::RosterPlan), row.id.to_string())),
        Command::PutCalendar(row) => needs.replaces = Some((Replaces::Row(RowKind::Calendar), row.id.to_string())),
        Command::PutWebhook(row) => needs.replaces = Some((Replaces::Webhook, row.id.to_string())),
        Command::TellPerson { notice, .. } => needs.notice = Some(*notice),
        Command::TimeOutPresence { person } => needs.agent_states.push(*person),
        Command::PutPerson(row) => needs.replaces = Some((Replaces::Row(RowKind::Person), row.id.to_string())),
        Command::PutQueue(row) => {
            needs.replaces = Some((Replaces::Row(RowKind::Queue), row.id.to_string()));
            needs.channels = row.sla.channels();
        }
        Command::FireSlaSteps { .. } => needs.sla_steps = true,
        Command::PutSite(row) => needs.replaces = Some((Replaces::Row(RowKind::Site), row.id.to_string())),
        Command::PutRota(row) => needs.replaces = Some((Replaces::Row(RowKind::Rota), row.id.to_string())),
        Command::PutRequester(row) => needs.replaces = Some((Replaces::Requester, row.id.to_string())),
        Command::PutIntakeChannel(row) => needs.replaces = Some((Replaces::IntakeChannel, row.id.to_string())),
        Command::ReceiveMessage(receive) => {
            needs.thread = Some((receive.channel, receive.thread.clone()));
            needs.next_number = true;
            needs.requester = Some(receive.author.external.clone());
            needs.message_external = Some((receive.channel, receive.external.clone()));
            (needs.ticket_conversation, needs.majors) = (true, true);
            needs.files = receive.attachments.iter().filter_map(|one| one.file).take(FILES_MAX + 1).collect();
        }
        Command::ImportTicket(import) => {
            needs.ticket_external = Some(import.external.clone());
            needs.next_number = true;
            needs.requester = Some(import.requester.external.clone());
            // The assignee is named by handle; only an unsolved ticket counts as theirs to do.
            needs.all_agent_states = import.assignee.is_some() && import.status.is_unsolved();
        }
        Command::AutoAssign { .. } => {
            needs.nobody_notices = true;
            needs.all_agent_states = true;
            needs.last_served = true;
        }
        // A hand-over is written into the ticket's conversation.
        Command::ReturnTicket { reason, .. } => {
            needs.all_agent_states = true;
            needs.ticket_conversation = true;
            needs.last_served = *reason == crate::domain::assignment::EndReason::EndOfShift;
        }
        _ => {
            craft(command, &mut needs);
            of_incidents(command, &mut needs);
            personal(&mut needs, command);
        }
    }
    needs
}

/// What taking back a merge and splitting a message need.
fn craft(command: &Command, needs: &mut Needs) {
    match command {
        Command::UndoMerge { .. } => {
            needs.merge = true;
            needs.ticket_conversation = true;
        }
        Command::SplitTicket(body) => {
            needs.message_row = Some(body.message);
            needs.later = true;
            needs.next_number = true;
            needs.ticket_conversation = true;
        }
        _ => {}
    }
}

/// What commands about major incidents need.
fn of_incidents(command: &Command, needs: &mut Needs) {
    match command {
        Command::DeclareMajor { channel, .. } => {
            needs.channels = vec![*channel];
            needs.ticket_conversation = true;
        }
        Command::StandDown { .. } => {
            needs.incident_channel = true;
            needs.ticket_conversation = true;
        }
        Command::TieTicket { incident, .. } => {
            needs.other = Some(*incident);
            needs.incident_channel = true;
            needs.ticket_conversation = true;
        }
        Command::UntieTicket { .. } | Command::AnswerLikeness { .. } => {
            needs.own_incident = true;
            needs.incident_channel = true;
            needs.ticket_conversation = true;
        }
        Command::ForgetLikeness { .. } => needs.own_incident = true,
        Command::SendBroadcast(body) => {
            needs.tied = true;
            needs.incident_channel = true;
            needs.broadcast = Some(body.broadcast);
        }
        // It may solve the ticket, which ends the calls into it.
        Command::DeliverBroadcast { broadcast, .. } => {
            needs.own_incident = true;
            needs.escalations = true;
            needs.ticket_conversation = true;
            needs.broadcast = Some(*broadcast);
        }
        _ => {}
    }
}

/// Of the commands of being told, being reminded and handing over.
fn personal(needs: &mut Needs, command: &Command) {
    match command {
        Command::PutNoticeSettings(row) => needs.replaces = Some((Replaces::Row(RowKind::NoticeSettings), row.person.to_string())),
        Command::PutReminder(body) => {
            needs.reminder = Some(body.id);
            needs.conversation = body.conversation;
        }
        Command::CancelReminder { id } | Command::FireReminder { id } => needs.reminder = Some(*id),
        Command::PutHandover(row) => needs.handover = Some(row.id),
        Command::EditHandover { id, .. } | Command::SignHandover { id } => needs.handover = Some(*id),
        _ => {}
    }
}

/// Where a message goes, and what was said there since its author looked.
fn for_post(needs: &mut Needs, post: &PostMessage) {
    needs.message = Some(post.message);
    needs.since_seen = post.seen;
    needs.message_row = post.reply_to;
    needs.place(post.target);
    // One too many is enough to refuse them all.
    needs.files = post.files.iter().copied().take(FILES_MAX + 1).collect();
    // A finished ticket ends the calls into it.
    needs.escalations = post.status.is_some_and(|status| !status.is_unsolved());
}
