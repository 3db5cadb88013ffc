//! `dutydesk chat`: channels, direct messages and escalation conversations.

mod act;
mod find;

use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::messages;
use super::submit::{submit, text_or_stdin};
use super::words::{maybe_local, word_of};
use super::{names, place};
use crate::base::clock::new_id;
use crate::client::api::Api;
use crate::domain::command::{Command, CreateConversation, MessageTarget, PostMessage};
use crate::domain::conversation::{Conversation, ConversationKind, Visibility};
use crate::domain::id::{ConversationId, PersonId, TicketNumber};
use crate::domain::person::Person;

/// Channels, direct messages and escalations.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the conversations you take part in or may join.
    List,
    /// Read the last messages, and mark them as read.
    #[command(visible_alias = "show")]
    Read {
        /// A channel's title, @handle, or an id.
        conversation: String,
        /// At most this many.
        #[arg(long, default_value_t = 50, value_name = "N")]
        last: i64,
        /// Leave them unread.
        #[arg(long)]
        keep_unread: bool,
    },
    /// Say something; `@handle` mentions a person.
    Send {
        /// A channel's title, @handle, or an id.
        conversation: String,
        /// From stdin when absent or `-`.
        text: Option<String>,
        /// The message it answers: its number, as shown before each message, or its id.
        #[arg(long, value_name = "MESSAGE")]
        reply_to: Option<String>,
    },
    /// Find messages by what they say, newest first; also those of tickets.
    Search(find::Args),
    #[command(flatten)]
    On(act::Act),
    /// Start a channel, or a direct conversation with people.
    New {
        /// Handles of the members; a channel without any is open to the desk.
        members: Vec<String>,
        /// Make a channel of this title.
        #[arg(long, value_name = "TITLE", required_unless_present = "members")]
        channel: Option<String>,
        /// What the channel is for.
        #[arg(long, requires = "channel")]
        topic: Option<String>,
        /// Open to the people of this queue; members are guests.
        #[arg(long, value_name = "KEY", requires = "channel")]
        queue: Option<String>,
        /// About the sites of this region.
        #[arg(long, requires = "channel")]
        region: Option<String>,
        /// About this major incident.
        #[arg(long, value_name = "NUMBER", requires = "channel")]
        incident: Option<TicketNumber>,
    },
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::List => list(&api, global).await,
        Act::Read { conversation, last, keep_unread } => {
            let conversation = names::conversation(&api, &conversation).await?;
            let after = (conversation.last_seq - last.max(0)).max(0);
            let messages = messages::all(&api, &format!("/api/v1/conversations/{}/messages", conversation.id), after).await?;
            if let Some(newest) = messages.last().filter(|_| !keep_unread) {
                submit(&api, None, Command::MarkRead { conversation: conversation.id, seq: newest.seq }).await?;
            }
            if global.json {
                return global.out.items(&messages, None);
            }
            messages::print(global, &messages, &names::people(&api).await?)
        }
        Act::Search(args) => find::run(args, global).await,
        Act::On(act) => act::run(act, global).await,
        Act::Send { conversation, text, reply_to } => {
            let conversation = names::conversation(&api, &conversation).await?;
            let target = MessageTarget::Conversation { id: conversation.id };
            let text = text_or_stdin(text)?;
            let reply_to = match &reply_to {
                Some(typed) => Some(place::message(&api, target, typed).await?),
                None => None,
            };
            let post = PostMessage { reply_to, ..PostMessage::new(target, new_id().into(), Visibility::Internal, text) };
            let result = submit(&api, None, Command::PostMessage(Box::new(post))).await?;
            global.out.done(&result, "Sent.")
        }
        Act::New { members, channel, topic, queue, region, incident } => {
            create(&api, members, channel, About { topic, queue, region, incident }, global).await
        }
    }
}

async fn list(api: &Api, global: &Global) -> Result<(), CliError> {
    let conversations = names::conversations(api).await?;
    let (people, me) = if global.json { (Vec::new(), PersonId::default()) } else { (names::people(api).await?, names::me(api).await?.id) };
    global.out.list(&conversations, &["ID", "KIND", "TITLE", "TICKET", "MESSAGES", "LAST"], |one| {
        vec![
            one.id.to_string(),
            word_of(&one.kind),
            title(one, &people, me),
            one.ticket.map_or_else(|| "-".to_owned(), |number| format!("#{number}")),
            one.last_seq.to_string(),
            maybe_local(one.last_message_at),
        ]
    })
}

/// A direct conversation has no title: it is called by the others in it.
fn title(conversation: &Conversation, people: &[Person], me: PersonId) -> String {
    if !conversation.title.is_empty() {
        return conversation.title.clone();
    }
    let others = conversation.members.iter().filter(|id| **id != me);
    others.map(|id| format!("@{}", names::handle_of(people, *id))).collect::<Vec<_>>().join(" ")
}

/// What a new channel is about.
struct About {
    topic: Option<String>,
    queue: Option<String>,
    region: Option<String>,
    incident: Option<TicketNumber>,
}

async fn create(api: &Api, handles: Vec<String>, channel: Option<String>, about: About, global: &Global) -> Result<(), CliError> {
    let mut members = Vec::with_capacity(handles.len() + 1);
    for handle in &handles {
        members.push(names::person(api, handle).await?.id);
    }
    let me = names::me(api).await?.id;
    if about.queue.is_none() && !members.is_empty() && !members.contains(&me) {
        members.push(me);
    }
    let id: ConversationId = new_id().into();
    let (kind, title) = match channel {
        Some(title) => (ConversationKind::Channel, title.trim_start_matches('#').to_owned()),
        None => (ConversationKind::Direct, String::new()),
    };
    let queue = match &about.queue {
        Some(key) => Some(names::queue(api, key).await?.id),
        None => None,
    };
    let About { topic, region, incident, .. } = about;
    let body = CreateConversation { topic, queue, region, incident, ..CreateConversation::new(id, kind, title, members) };
    submit(api, None, Command::CreateConversation(Box::new(body))).await?;
    let made: Conversation = api.get(&format!("/api/v1/conversations/{id}")).await?;
    global.out.done(&made, &format!("The conversation {id} is open."))
}
