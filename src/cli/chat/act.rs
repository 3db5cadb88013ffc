//! Acts on messages and channels: answer, edit, react, pin; members, topic, mute.

use clap::Subcommand;

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::place::{message, place};
use crate::cli::submit::{submit, submit_all, text_or_stdin};
use crate::cli::{messages, names};
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::conversation::MessageEdit;
use crate::wire::list::Items;

#[derive(Debug, Subcommand)]
pub enum Act {
    /// Change a message of your own; what it said before is kept.
    Edit {
        /// A channel's title, @handle, an id, or ticket:42.
        conversation: String,
        /// Its number, as shown before each message, or its id.
        message: String,
        /// From stdin when absent or `-`.
        text: Option<String>,
    },
    /// Show what a message said before it was changed, oldest first.
    Edits { conversation: String, message: String },
    /// React to a message with an emoji or a short word.
    React {
        conversation: String,
        message: String,
        reaction: String,
        /// Take it back.
        #[arg(long)]
        off: bool,
    },
    /// Pin a message for those who come later.
    Pin {
        conversation: String,
        message: String,
        /// Let go of it.
        #[arg(long)]
        off: bool,
    },
    /// Count and tell no new messages of a conversation, mentions of you excepted.
    Mute {
        conversation: String,
        /// Hear it again.
        #[arg(long)]
        off: bool,
    },
    /// Set a channel's topic; an empty one removes it.
    Topic { conversation: String, topic: String },
    /// Give a channel another name.
    Rename { conversation: String, title: String },
    /// Bring people into a channel.
    Add {
        conversation: String,
        #[arg(required = true)]
        people: Vec<String>,
    },
    /// Take somebody out of a channel; `me` leaves it.
    Remove { conversation: String, person: String },
}

/// # Errors
/// See [`CliError`].
pub async fn run(act: Act, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let (command, sentence) = match act {
        Act::Edits { conversation, message: typed } => return edits(&api, &conversation, &typed, global).await,
        Act::Add { conversation, people } => return add(&api, &conversation, &people, global).await,
        Act::Edit { conversation, message: typed, text } => {
            let target = place(&api, &conversation).await?;
            let message = message(&api, target, &typed).await?;
            (Command::EditMessage { target, message, text: text_or_stdin(text)? }, "The message says it anew.".to_owned())
        }
        Act::React { conversation, message: typed, reaction, off } => {
            let target = place(&api, &conversation).await?;
            let message = message(&api, target, &typed).await?;
            let sentence = if off { "The reaction is taken back." } else { "Your reaction is there." };
            (Command::ReactToMessage { target, message, reaction, on: !off }, sentence.to_owned())
        }
        Act::Pin { conversation, message: typed, off } => {
            let target = place(&api, &conversation).await?;
            let message = message(&api, target, &typed).await?;
            let sentence = if off { "The message is no longer pinned." } else { "The message is pinned." };
            (Command::PinMessage { target, message, on: !off }, sentence.to_owned())
        }
        Act::Mute { conversation, off } => {
            let conversation = names::conversation(&api, &conversation).await?.id;
            let sentence = if off { "You hear of it again." } else { "Muted: only mentions of you are told." };
            (Command::MuteConversation { conversation, muted: !off }, sentence.to_owned())
        }
        Act::Topic { conversation, topic } => {
            let conversation = names::conversation(&api, &conversation).await?.id;
            (Command::UpdateConversation { conversation, title: None, topic: Some(topic) }, "The channel has its new topic.".to_owned())
        }
        Act::Rename { conversation, title } => {
            let conversation = names::conversation(&api, &conversation).await?.id;
            let title = title.trim_start_matches('#').to_owned();
            let sentence = format!("The channel is called {title:?} now.");
            (Command::UpdateConversation { conversation, title: Some(title), topic: None }, sentence)
        }
        Act::Remove { conversation, person } => {
            let conversation = names::conversation(&api, &conversation).await?.id;
            let person = names::person(&api, &person).await?;
            let sentence = format!("@{} no longer takes part.", person.handle);
            (Command::RemoveMember { conversation, person: person.id }, sentence)
        }
    };
    let result = submit(&api, None, command).await?;
    let sentence = if result.unchanged { "Nothing had to change.".to_owned() } else { sentence };
    global.out.done(&result, &sentence)
}

async fn add(api: &Api, conversation: &str, people: &[String], global: &Global) -> Result<(), CliError> {
    let conversation = names::conversation(api, conversation).await?.id;
    let mut commands = Vec::with_capacity(people.len());
    for handle in people {
        let person = names::person(api, handle).await?.id;
        commands.push((None, Command::AddMember { conversation, person }));
    }
    let results = submit_all(api, commands).await?;
    global.out.done(&results, &format!("They take part: {}.", people.join(", ")))
}

async fn edits(api: &Api, conversation: &str, typed: &str, global: &Global) -> Result<(), CliError> {
    let target = place(api, conversation).await?;
    let message = message(api, target, typed).await?;
    let edits = api.get::<Items<MessageEdit>>(&format!("/api/v1/messages/{message}/edits")).await?.items;
    if global.json {
        return global.out.items(&edits, None);
    }
    if edits.is_empty() {
        return global.out.line("It was never changed.");
    }
    messages::print_edits(global, &edits, &names::people(api).await?)
}
