//! `dutydesk notice`: what the desk told you.

use clap::Subcommand;

use super::Global;
use super::error::CliError;
use super::submit::submit_all;
use super::words::{local, word_of};
use crate::domain::command::Command;
use crate::domain::id::NoticeId;
use crate::domain::notice::Notice;
use crate::wire::command::COMMANDS_MAX;
use crate::wire::list::Items;

/// What the desk told you.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List unread notices, oldest first.
    List,
    /// Mark notices as read.
    Dismiss {
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        notices: Vec<NoticeId>,
        /// All of them.
        #[arg(long)]
        all: bool,
    },
    /// How you want to be told: levels by event, quiet hours, the terminal's way.
    Settings(super::notice_settings::Args),
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Act::Settings(args) => super::notice_settings::run(args, global).await,
        Act::List => {
            let notices = api.get::<Items<Notice>>("/api/v1/notices").await?.items;
            global.out.list(&notices, &["ID", "AT", "WHAT", "TICKET"], |notice| {
                let ticket = notice.ticket.map_or_else(|| "-".to_owned(), |number| format!("#{number}"));
                vec![notice.id.to_string(), local(notice.at), word_of(&notice.kind), ticket]
            })
        }
        Act::Dismiss { mut notices, all } => {
            if all {
                notices = api.get::<Items<Notice>>("/api/v1/notices").await?.items.into_iter().map(|notice| notice.id).collect();
            }
            for some in notices.chunks(COMMANDS_MAX) {
                submit_all(&api, some.iter().map(|notice| (None, Command::DismissNotice { notice: *notice })).collect()).await?;
            }
            global.out.done(&serde_json::json!({ "dismissed": notices.len() }), &format!("Marked as read: {}.", notices.len()))
        }
    }
}
