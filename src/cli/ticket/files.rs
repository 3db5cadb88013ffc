//! Files of a ticket: `dutydesk ticket files 42`, `dutydesk ticket attach 42 photo.png`.

use std::path::PathBuf;

use clap::Subcommand;

use crate::base::clock::new_id;
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::file::{bytes, put};
use crate::cli::names;
use crate::cli::submit::submit;
use crate::cli::words::{local, word_of};
use crate::domain::command::{Command, MessageTarget, PostMessage};
use crate::domain::conversation::{Author, Visibility};
use crate::domain::id::TicketNumber;
use crate::wire::file::AttachedFile;
use crate::wire::list::Items;

#[derive(Debug, Subcommand)]
pub enum Act {
    /// List the files attached in a ticket.
    Files { number: TicketNumber },
    /// Attach files, as an internal note unless --public.
    Attach {
        number: TicketNumber,
        #[arg(required = true, num_args = 1..=20)]
        files: Vec<PathBuf>,
        /// What to say with them; their names when absent.
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
        /// The requester sees them.
        #[arg(long)]
        public: bool,
    },
}

/// # Errors
/// See [`CliError`].
pub async fn run(act: Act, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match act {
        Act::Files { number } => {
            let found = api.get::<Items<AttachedFile>>(&format!("/api/v1/tickets/{number}/files")).await?;
            let people = if global.json { Vec::new() } else { names::people(&api).await? };
            let row = |one: &AttachedFile| {
                let who = match &one.author {
                    Author::Person { id } => names::handle_of(&people, *id),
                    Author::Requester { name, .. } => name.clone(),
                    Author::System => "-".to_owned(),
                };
                let lies = if one.file.lies { " (not what it says)" } else { "" };
                let kind = format!("{}{lies}", one.file.media_type);
                vec![
                    one.file.id.to_string(),
                    one.file.name.clone(),
                    kind,
                    bytes(one.file.size),
                    who,
                    word_of(&one.visibility),
                    local(one.at),
                ]
            };
            global.out.list(&found.items, &["ID", "NAME", "TYPE", "SIZE", "WHO", "FOR", "WHEN"], row)
        }
        Act::Attach { number, files, note, public } => {
            let mut ids = Vec::with_capacity(files.len());
            for path in &files {
                ids.push(put(&api, path, None, global).await?.id);
            }
            let visibility = if public { Visibility::Public } else { Visibility::Internal };
            let target = MessageTarget::Ticket { number };
            let count = ids.len();
            let post = PostMessage { files: ids, ..PostMessage::new(target, new_id().into(), visibility, note.unwrap_or_default()) };
            let result = submit(&api, None, Command::PostMessage(Box::new(post))).await?;
            let whom = if public { ", seen by the requester" } else { "" };
            global.out.done(&result, &format!("#{number} has {count} more file{}{whom}.", if count == 1 { "" } else { "s" }))
        }
    }
}
