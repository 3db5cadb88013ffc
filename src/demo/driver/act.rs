//! One act of the traffic, carried out over HTTP by who does it.

use super::view::Watcher;
use super::{Colleagues, DriveError};
use crate::base::clock::new_id;
use crate::demo::{Act, SampleDesk};
use crate::domain::command::{Command, MessageTarget, PostMessage, RequesterInput};
use crate::domain::conversation::Visibility;
use crate::domain::escalation::{Escalate, Verdict};
use crate::domain::ticket::Priority;
use crate::domain::ticket::Status;
use crate::wire::conversation::IntakeMessage;

/// # Errors
/// When it is refused, or the server does not answer.
pub(super) async fn perform(act: Act, desk: &SampleDesk, colleagues: &Colleagues, watcher: &mut Watcher) -> Result<(), DriveError> {
    let (person, command) = match act {
        Act::NewRequest { channel, thread, author, subject, text, priority } => {
            let message = message(thread, author, text, Some(subject), Some(priority));
            return intake(channel, message, desk, colleagues, watcher).await;
        }
        Act::RequesterReply { channel, thread, author, text } => {
            return intake(channel, message(thread, author, text, None, None), desk, colleagues, watcher).await;
        }
        Act::AgentReply { person, number, text, internal, status } => {
            let visibility = if internal { Visibility::Internal } else { Visibility::Public };
            (person, post(MessageTarget::Ticket { number }, visibility, text, status))
        }
        Act::ChatLine { conversation, person, text } => {
            (person, post(MessageTarget::Conversation { id: conversation }, Visibility::Internal, text, None))
        }
        Act::Escalate { person, number, tier, reason } => {
            (person, Command::Escalate(Box::new(Escalate::tier(number, new_id().into(), tier, reason))))
        }
        Act::AnswerEscalation { person, number, escalation, accept, reason } => {
            (person, Command::AnswerEscalation { number, escalation, accept, reason })
        }
        Act::LeaveEscalation { person, number, escalation, verdict } => {
            (person, Command::LeaveEscalation { number, escalation, result: Verdict::Advice, note: verdict })
        }
        Act::PresenceChange { person, presence } => (person, Command::SetPresence { presence }),
    };
    // A direct conversation's member may be the one who is left alone.
    match colleagues.by_handle(&person).filter(|person| Some(*person) != watcher.except) {
        Some(person) => colleagues.command(person, command).await,
        None => Ok(()),
    }
}

fn post(target: MessageTarget, visibility: Visibility, text: String, status: Option<Status>) -> Command {
    Command::PostMessage(Box::new(PostMessage { status, ..PostMessage::new(target, new_id().into(), visibility, text) }))
}

fn message(thread: String, author: RequesterInput, text: String, subject: Option<String>, priority: Option<Priority>) -> IntakeMessage {
    let external = format!("{thread}-{}", new_id());
    let (attachments, kind, fields) = Default::default();
    IntakeMessage { thread, external, author, text, subject, attachments, kind, priority, fields }
}

async fn intake(
    channel: usize,
    message: IntakeMessage,
    desk: &SampleDesk,
    colleagues: &Colleagues,
    watcher: &mut Watcher,
) -> Result<(), DriveError> {
    let Some((channel, token)) = desk.intake.get(channel) else { return Ok(()) };
    let result = colleagues.intake(&channel.key, token, &message).await?;
    if let Some(number) = result.ticket {
        watcher.opened(number, message.thread);
    }
    Ok(())
}
