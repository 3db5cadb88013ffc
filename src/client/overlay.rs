//! What is shown before the server has said so: simple edits on their way, over the cached rows. Only for the eye: nothing here
//! decides, and a claim shows nothing, because it is not yet anybody's.

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::{Attachment, Author, Message};
use crate::domain::id::{ConversationId, FileId, PersonId, TicketNumber};
use crate::domain::ticket::Ticket;

use super::view::{ConversationItem, OutboxEntry, OutboxState};

/// Commands whose effect is still to come.
fn on_their_way(pending: &[OutboxEntry]) -> impl Iterator<Item = &OutboxEntry> {
    pending.iter().filter(|entry| !matches!(entry.state, OutboxState::Refused(_)))
}

/// A ticket as it will be when its pending edits are done; the same ticket when there are none.
#[must_use]
pub fn ticket(cached: &Arc<Ticket>, pending: &[OutboxEntry]) -> Arc<Ticket> {
    let mut shown = Arc::clone(cached);
    for entry in on_their_way(pending).filter(|entry| entry.command.ticket() == Some(cached.number)) {
        edit(&mut shown, &entry.command);
    }
    shown
}

fn edit(shown: &mut Arc<Ticket>, command: &Command) {
    match command {
        Command::SetStatus { status, .. } => Arc::make_mut(shown).status = *status,
        Command::PostMessage(post) => {
            if let Some(status) = post.status {
                Arc::make_mut(shown).status = status;
            }
        }
        Command::SetPriority { priority, .. } => Arc::make_mut(shown).priority = *priority,
        Command::SetSubject { subject, .. } => Arc::make_mut(shown).subject.clone_from(subject),
        Command::MoveTicket { queue, .. } => Arc::make_mut(shown).queue = *queue,
        Command::AddTag { tag, .. } if !shown.tags.contains(tag) => Arc::make_mut(shown).tags.push(tag.clone()),
        Command::RemoveTag { tag, .. } => Arc::make_mut(shown).tags.retain(|other| other != tag),
        Command::AddParticipant { person, .. } if !shown.participants.contains(person) => {
            Arc::make_mut(shown).participants.push(*person);
        }
        Command::RemoveParticipant { person, .. } => Arc::make_mut(shown).participants.retain(|other| other != person),
        Command::SetField { name, value, .. } => {
            let fields = &mut Arc::make_mut(shown).fields;
            if value.is_null() {
                fields.remove(name);
            } else {
                fields.insert(name.clone(), value.clone());
            }
        }
        _ => {}
    }
}

/// Appends this person's messages that are on their way, after the last one.
///
/// `chosen`: the files that this console has to send, by id.
pub fn messages(messages: &mut Vec<Arc<Message>>, pending: &[OutboxEntry], chosen: &HashMap<FileId, Attachment>, me: PersonId, at: Place) {
    let mut seq = messages.last().map_or(0, |last| last.seq);
    for entry in on_their_way(pending) {
        let Command::PostMessage(post) = &entry.command else { continue };
        if !at.is_target(post) || messages.iter().any(|there| there.id == post.message) {
            continue;
        }
        seq += 1;
        let author = Author::Person { id: me };
        messages.push(Arc::new(Message {
            version: 0,
            ticket: at.ticket,
            visibility: post.visibility,
            attachments: post.files.iter().filter_map(|file| chosen.get(file).cloned()).collect(),
            reply_to: post.reply_to,
            ..Message::new(post.message, at.conversation, seq, author, post.text.clone(), entry.made_at)
        }));
    }
}

/// Whether a conversation is muted once what is on its way is done.
#[must_use]
pub fn muted(cached: bool, id: ConversationId, pending: &[OutboxEntry]) -> bool {
    on_their_way(pending).fold(cached, |muted, entry| match entry.command {
        Command::MuteConversation { conversation, muted } if conversation == id => muted,
        _ => muted,
    })
}

/// Mutes on their way, over the list of Chats.
pub fn mutes(items: &mut [ConversationItem], pending: &[OutboxEntry]) {
    for item in items {
        item.muted = muted(item.muted, item.conversation.id, pending);
        if item.muted {
            item.unread = 0;
        }
    }
}

/// A conversation, and the ticket it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub conversation: ConversationId,
    pub ticket: Option<TicketNumber>,
}

impl Place {
    fn is_target(self, post: &PostMessage) -> bool {
        match post.target {
            MessageTarget::Ticket { number } => self.ticket == Some(number),
            MessageTarget::Conversation { id } => id == self.conversation,
        }
    }
}
