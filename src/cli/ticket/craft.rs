//! Taking a merge back, splitting a message off, the timeline, the requester's status link.

use clap::Subcommand;

use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names::{self, with_query};
use crate::cli::submit::submit;
use crate::cli::words::{local, word, word_of};
use crate::client::api::Api;
use crate::domain::command::{Command, SplitTicket};
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::ticket::{Kind, Priority};
use crate::domain::timeline::{Show, TimelineEntry, What, Who};
use crate::wire::craft::StatusLink;
use crate::wire::list::Items;
use crate::wire::ticket::MessageList;

#[derive(Debug, Subcommand)]
pub enum Act {
    /// Take back that a ticket was merged, within ten minutes.
    Unmerge { number: TicketNumber },
    /// Make a new ticket of a message, which stays where it is.
    Split {
        number: TicketNumber,
        /// The message's number in its conversation.
        #[arg(long, value_name = "SEQ")]
        message: i64,
        /// The same author's later messages come along.
        #[arg(long)]
        following: bool,
        /// A queue's key; the ticket's own when absent.
        #[arg(long)]
        queue: Option<String>,
        /// Taken from the message when absent.
        #[arg(long)]
        subject: Option<String>,
        #[arg(long, value_parser = word::<Kind>)]
        kind: Option<Kind>,
        #[arg(long, value_parser = word::<Priority>)]
        priority: Option<Priority>,
    },
    /// The ticket's whole life as one list: messages, status, who had it and why, calls, clocks, merges, ratings.
    Timeline {
        number: TicketNumber,
        /// Which part: all, people, desk or public.
        #[arg(long, value_parser = word::<Show>, default_value = "all")]
        show: Show,
    },
    /// Where the requester follows the ticket.
    StatusLink { number: TicketNumber },
}

/// # Errors
/// See [`CliError`].
pub async fn run(act: Act, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    match act {
        Act::Unmerge { number } => {
            let result = submit(&api, None, Command::UndoMerge { number }).await?;
            global.out.done(&result, &format!("#{number} is a ticket of its own again."))
        }
        Act::Split { number, message, following, queue, subject, kind, priority } => {
            let page: MessageList = api.get(&format!("/api/v1/tickets/{number}/messages?after={}&limit=1", message - 1)).await?;
            let found = page.messages.into_iter().find(|one| one.seq == message);
            let missing =
                || CliError::not_found(format!("#{number} has no message {message}: see `dutydesk ticket show {number} --json`."));
            let message = found.ok_or_else(missing)?.id;
            let queue = match queue {
                Some(key) => names::queue(&api, &key).await?.id,
                None => names::ticket(&api, number).await?.queue,
            };
            let subject = subject.unwrap_or_default();
            let body = SplitTicket { number, message, following, queue, subject, kind, priority };
            let result = submit(&api, None, Command::SplitTicket(Box::new(body))).await?;
            let new = result.ticket.map(|number| number.to_string()).unwrap_or_default();
            global.out.done(&result, &format!("#{new} is made of it, and linked to #{number}."))
        }
        Act::Timeline { number, show } => timeline(&api, number, show, global).await,
        Act::StatusLink { number } => {
            let mut link: StatusLink = api.get(&format!("/api/v1/tickets/{number}/status-link")).await?;
            if !link.known {
                link.url = format!("{}{}", api.base().trim_end_matches('/'), link.path);
            }
            global.out.done(&link, &link.url)
        }
    }
}

async fn timeline(api: &Api, number: TicketNumber, show: Show, global: &Global) -> Result<(), CliError> {
    let path = with_query(&format!("/api/v1/tickets/{number}/timeline"), &[("show", Some(word_of(&show)))]);
    let entries = api.get::<Items<TimelineEntry>>(&path).await?.items;
    if global.json {
        return global.out.json(&Items { items: entries });
    }
    let (people, queues) = (names::people(api).await?, names::queues(api).await?);
    for entry in &entries {
        let from = entry.from.map(|number| format!(" (from #{number})")).unwrap_or_default();
        let who = match &entry.who {
            Who::Person { name, .. } | Who::Requester { name } => name.clone(),
            Who::Intake { channel } => format!("intake {channel}"),
            Who::Desk { .. } => "the desk".to_owned(),
        };
        global.out.line(&format!("{} {who} {}{from}", local(entry.at), sentence(&entry.what, &people, &queues)))?;
        for text in texts(&entry.what, &people, &queues) {
            global.out.paragraph(&text)?;
        }
    }
    if entries.is_empty() { global.out.line("Nothing of this part has happened.") } else { Ok(()) }
}

/// What happened, without its subject.
fn sentence(what: &What, people: &[Person], queues: &[Queue]) -> String {
    let handle = |id| format!("@{}", names::handle_of(people, id));
    match what {
        What::Opened { queue: Some(queue) } => format!("opened the ticket in {}", names::key_of(queues, *queue)),
        What::Opened { queue: None } => "opened the ticket".to_owned(),
        What::Message { seq, visibility, edited_at, .. } => {
            let kind = match visibility {
                Visibility::Public => "wrote".to_owned(),
                Visibility::Internal => "noted internally".to_owned(),
                tier => format!("noted for tier {}", tier.tier()),
            };
            format!("{kind} [{seq}]{}", if edited_at.is_some() { " (edited)" } else { "" })
        }
        What::Status { from, to } => format!("status: {} -> {}", word_of(from), word_of(to)),
        What::Assigned { person, reason } => format!("gave it to {} ({})", handle(*person), word_of(reason)),
        What::Unassigned { person, reason } => format!("{} no longer has it ({})", handle(*person), word_of(reason)),
        What::Clock { clock, step, due_at } => format!("{}: {step}, due {}", word_of(clock), local(*due_at)),
        What::Called { expert, tier, code, .. } => format!("called {} (tier {tier}, {})", handle(*expert), word_of(code)),
        What::Answered { expert, state, .. } => format!("call for {}: {}", handle(*expert), word_of(state)),
        What::Left { result: Some(result), .. } => format!("left with the verdict {}", word_of(result)),
        What::Left { .. } => "left the conversation".to_owned(),
        What::Merged { into } => format!("merged it into #{into}"),
        What::MergeUndone { from } => format!("took back the merge into #{from}"),
        What::TookIn { number } => format!("merged #{number} into this one"),
        What::GaveBack { number } => format!("took back the merge of #{number}"),
        What::Split { into } => format!("made ticket #{into} of a message"),
        What::Rated { score, .. } => format!("rated it {score} of 5"),
        What::RatingAsked => "asked the requester for a rating".to_owned(),
        What::Changed { action, .. } => action.replace('_', " "),
    }
}

/// What was written, changed, and why.
fn texts(what: &What, people: &[Person], queues: &[Queue]) -> Vec<String> {
    match what {
        What::Message { text, attachments, split_into, copy_of, .. } => {
            let mut all = vec![text.clone()];
            all.extend(attachments.iter().map(|name| format!("[{name}]")));
            all.extend(split_into.map(|number| format!("(became #{number})")));
            all.extend(copy_of.as_ref().map(|from| format!("(copy of message {} of #{})", from.seq, from.ticket)));
            all
        }
        What::Called { reason, tried, .. } => {
            let tried = (!tried.is_empty()).then(|| format!("tried: {tried}"));
            std::iter::once(reason.clone()).chain(tried).collect()
        }
        What::Answered { reason: Some(text), .. } | What::Left { note: Some(text), .. } => vec![text.clone()],
        What::Rated { words, .. } if !words.is_empty() => vec![words.clone()],
        What::Changed { changes, reason, .. } => {
            changes.iter().map(|one| super::record::change(one, people, queues)).chain(reason.clone()).collect()
        }
        _ => Vec::new(),
    }
}
