//! `dutydesk ticket follow-up`: what was promised in a ticket.

use chrono_tz::Tz;

use crate::base::clock::{Clock, new_id};
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::submit::submit;
use crate::cli::words::{local, word_of};
use crate::domain::command::Command;
use crate::domain::id::{FollowUpId, PersonId, TicketNumber};
use crate::domain::reminder;
use crate::domain::ticket::FollowUp;
use crate::wire::handover::FollowUps;

/// List what was promised; with --at make a promise, with --done settle one.
#[derive(Debug, clap::Args)]
pub struct Args {
    number: TicketNumber,
    /// What is promised.
    #[arg(requires = "at")]
    text: Vec<String>,
    /// By when: 2h, 15:00, "tomorrow 9:00", friday, 明天9点.
    #[arg(long, value_name = "WHEN", requires = "text")]
    at: Option<String>,
    /// This promise is kept, or no longer wanted.
    #[arg(long, value_name = "ID", conflicts_with_all = ["at", "undone"])]
    done: Option<FollowUpId>,
    /// This promise is open again.
    #[arg(long, value_name = "ID", conflicts_with = "at")]
    undone: Option<FollowUpId>,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let number = args.number;
    if let Some((id, done)) = args.done.map(|id| (id, true)).or(args.undone.map(|id| (id, false))) {
        let result = submit(&api, None, Command::SettleFollowUp { number, id, done }).await?;
        return global.out.done(&result, if done { "The promise is settled." } else { "The promise is open again." });
    }
    if let Some(at) = args.at {
        let zone: Tz = names::me(&api).await?.time_zone.parse().unwrap_or_default();
        let (at, rest) = reminder::parse(&at, Clock::System.now(), zone).map_err(|error| CliError::usage(format!("{error}.")))?;
        if !rest.is_empty() {
            return Err(CliError::usage(format!("{rest:?} is no part of a time: write --at \"tomorrow 15:00\" and the text after it.")));
        }
        let (id, by) = (new_id().into(), PersonId::default());
        let follow_up = FollowUp { id, at, text: args.text.join(" "), by, message: None, done: false, told: false };
        let result = submit(&api, None, Command::PutFollowUp { number, follow_up }).await?;
        return global.out.done(&result, &format!("Promised for {}: {id}", local(at)));
    }
    let all: FollowUps = api.get(&format!("/api/v1/tickets/{number}/follow-ups")).await?;
    let mut lines = Vec::new();
    for one in &all.set {
        let state = if one.done { "done" } else { "open" };
        lines.push(format!("{} {state} {} {}", one.id, local(one.at), one.text));
    }
    for one in &all.found {
        lines.push(format!("found ({}) {} {}", word_of(&one.confidence), local(one.at), one.text));
    }
    if lines.is_empty() {
        lines.push("Nothing was promised.".to_owned());
    }
    global.out.lines(&all, &lines)
}
