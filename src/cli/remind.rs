//! `dutydesk remind`: reminders of one's own.

use chrono_tz::Tz;
use clap::Subcommand;
use reqwest::Method;

use super::Global;
use super::error::CliError;
use super::names;
use super::submit::submit;
use super::words::local;
use crate::base::clock::{Clock, new_id};
use crate::domain::command::Command;
use crate::domain::id::{ReminderId, TicketNumber};
use crate::domain::reminder::{self, PutReminder, Reminder};
use crate::wire::list::Items;

/// Be reminded: `dutydesk remind 2h call Shop 1 back`, `remind tomorrow 9:00 …`, `remind 明天9点 …`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    act: Option<Act>,
    /// When, then of what: 30m, 2h, 15:00, "tomorrow 9:00", friday, 明天9点, 2小时后.
    #[arg(required = true, value_name = "WHEN TEXT")]
    words: Vec<String>,
    /// About this ticket.
    #[arg(long, value_name = "NUMBER")]
    ticket: Option<TicketNumber>,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List the reminders that wait, soonest first.
    List,
    /// Cancel a reminder.
    Cancel {
        #[arg(value_parser = reminder_id)]
        id: ReminderId,
    },
}

fn reminder_id(text: &str) -> Result<ReminderId, String> {
    text.parse().map_err(|_| "give an id as `dutydesk remind list` shows it".to_owned())
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match args.act {
        Some(Act::List) => {
            let reminders = api.get::<Items<Reminder>>("/api/v1/reminders").await?.items;
            global.out.list(&reminders, &["ID", "AT", "TICKET", "TEXT"], |row| {
                let ticket = row.ticket.map_or_else(|| "-".to_owned(), |number| format!("#{number}"));
                vec![row.id.to_string(), local(row.at), ticket, row.text.clone()]
            })
        }
        Some(Act::Cancel { id }) => {
            let result: crate::domain::command::CommandResult = api.call(Method::DELETE, &format!("/api/v1/reminders/{id}"), &()).await?;
            global.out.done(&result, "The reminder is cancelled.")
        }
        None => {
            let zone: Tz = names::me(&api).await?.time_zone.parse().unwrap_or_default();
            let (at, text) =
                reminder::parse(&args.words.join(" "), Clock::System.now(), zone).map_err(|error| CliError::usage(format!("{error}.")))?;
            let id: ReminderId = new_id().into();
            let body = PutReminder { id, at, text, ticket: args.ticket, conversation: None };
            submit(&api, None, Command::PutReminder(Box::new(body.clone()))).await?;
            global.out.done(&body, &format!("You will be reminded at {}.", local(at)))
        }
    }
}
