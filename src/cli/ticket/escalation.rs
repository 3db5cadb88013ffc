//! Calling a higher tier into a ticket, answering a call, joining, leaving with a verdict, and taking a call back.

use clap::{Subcommand, ValueEnum};

use crate::base::clock::new_id;
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::submit::{submit, submit_all};
use crate::cli::words::{local, maybe_local, word, word_of};
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::escalation::{Escalate, Escalation, EscalationReason, EscalationState, Verdict};
use crate::domain::id::{EscalationId, TicketNumber};
use crate::domain::person::Person;
use crate::wire::list::Items;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reply {
    Accept,
    Decline,
}

#[derive(Debug, Subcommand)]
pub enum Act {
    /// Call an expert of a higher tier into a ticket.
    Escalate(Box<EscalateArgs>),
    /// Answer a call for you.
    Answer {
        number: TicketNumber,
        answer: Reply,
        /// Why you decline.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Say that you are in the conversation, after accepting.
    Join { number: TicketNumber },
    /// Leave a ticket you were called into, with your verdict.
    Leave {
        number: TicketNumber,
        /// What came of it: solved, advice, not_ours, needs_vendor.
        #[arg(long, default_value = "advice", value_parser = word::<Verdict>)]
        result: Verdict,
        /// The verdict in words.
        note: String,
    },
    /// Take a call back: yours, or any as the assignee or a lead.
    Withdraw {
        number: TicketNumber,
        /// Whose call; all open ones when absent.
        #[arg(long, value_name = "HANDLE")]
        of: Option<String>,
        /// Why.
        #[arg(long)]
        reason: Option<String>,
    },
    /// List the calls of a ticket; without a number, the open ones for you.
    Calls {
        number: Option<TicketNumber>,
        /// Every open call that you may see.
        #[arg(long, conflicts_with = "number")]
        all: bool,
    },
}

#[derive(Debug, clap::Args)]
pub struct EscalateArgs {
    number: TicketNumber,
    /// 2 or 3.
    #[arg(long, default_value_t = 2)]
    tier: u8,
    /// The expert must have it; the best level of those on duty is called.
    #[arg(long)]
    skill: Option<String>,
    /// Whom to call; the roster finds somebody when absent.
    #[arg(long, value_name = "HANDLE")]
    to: Option<String>,
    /// Why: skill, authority, sla, requester, outage, safety, other.
    #[arg(long, default_value = "other", value_parser = word::<EscalationReason>)]
    code: EscalationReason,
    /// What was tried so far.
    #[arg(long, default_value = "")]
    tried: String,
    /// The ticket becomes the expert's when they accept.
    #[arg(long)]
    take_over: bool,
    /// What the expert should know.
    note: String,
}

/// # Errors
/// See [`CliError`].
pub async fn run(act: Act, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let (command, sentence) = match act {
        Act::Escalate(args) => return escalate(&api, *args, global).await,
        Act::Withdraw { number, of, reason } => return withdraw(&api, number, of, reason, global).await,
        Act::Calls { number, all } => return list(&api, number, all, global).await,
        Act::Answer { number, answer, reason } => {
            let escalation = mine(&api, number, &[EscalationState::Asked]).await?;
            let accept = answer == Reply::Accept;
            let sentence = format!("You {} the call into #{number}.", if accept { "accepted" } else { "declined" });
            (Command::AnswerEscalation { number, escalation, accept, reason }, sentence)
        }
        Act::Join { number } => {
            let escalation = mine(&api, number, &[EscalationState::Accepted, EscalationState::Joined]).await?;
            (Command::JoinEscalation { number, escalation }, format!("You are in #{number}: `dutydesk ticket brief {number}`."))
        }
        Act::Leave { number, result, note } => {
            let escalation = mine(&api, number, &[EscalationState::Accepted, EscalationState::Joined]).await?;
            let sentence = format!("You left #{number}: {}.", result.words());
            (Command::LeaveEscalation { number, escalation, result, note }, sentence)
        }
    };
    let result = submit(&api, None, command).await?;
    global.out.done(&result, &sentence)
}

async fn escalate(api: &Api, args: EscalateArgs, global: &Global) -> Result<(), CliError> {
    let person = match &args.to {
        Some(handle) => Some(names::person(api, handle).await?.id),
        None => None,
    };
    let (number, escalation) = (args.number, EscalationId::from(new_id()));
    let body = Escalate {
        skill: args.skill,
        person,
        reason: args.code,
        tried: args.tried,
        takes_over: args.take_over,
        ..Escalate::tier(number, escalation, args.tier, args.note)
    };
    let result = submit(api, None, Command::Escalate(Box::new(body))).await?;
    if global.json {
        return global.out.json(&result);
    }
    let calls = of_ticket(api, number).await?;
    let sentence = match calls.iter().find(|call| call.id == escalation) {
        Some(call) => {
            let people = names::people(api).await?;
            let until = call.accept_by.map(|by| format!(", until {}", local(by))).unwrap_or_default();
            format!("@{} is called into #{number}{until}.", names::handle_of(&people, call.expert))
        }
        None => format!("Tier {} is called into #{number}.", args.tier),
    };
    global.out.done(&result, &sentence)
}

async fn withdraw(api: &Api, number: TicketNumber, of: Option<String>, reason: Option<String>, global: &Global) -> Result<(), CliError> {
    let expert = match of {
        Some(handle) => Some(names::person(api, &handle).await?.id),
        None => None,
    };
    let mut calls = of_ticket(api, number).await?;
    calls.retain(|call| call.state.is_open() && expert.is_none_or(|expert| call.expert == expert));
    if calls.is_empty() {
        return Err(CliError::not_found(format!("No such call into #{number} is open: see `dutydesk ticket calls {number}`.")));
    }
    let command = |call: &Escalation| Command::WithdrawEscalation { number, escalation: call.id, reason: reason.clone() };
    let results = submit_all(api, calls.iter().map(|call| (None, command(call))).collect()).await?;
    let sentence = format!("Calls into #{number} taken back: {}.", results.len());
    global.out.done(&serde_json::json!({ "withdrawn": calls.iter().map(|call| call.id).collect::<Vec<_>>() }), &sentence)
}

async fn of_ticket(api: &Api, number: TicketNumber) -> Result<Vec<Escalation>, CliError> {
    Ok(api.get::<Items<Escalation>>(&format!("/api/v1/tickets/{number}/escalations")).await?.items)
}

async fn list(api: &Api, number: Option<TicketNumber>, all: bool, global: &Global) -> Result<(), CliError> {
    let calls = match number {
        Some(number) => of_ticket(api, number).await?,
        None => api.get::<Items<Escalation>>(&format!("/api/v1/escalations?all={all}")).await?.items,
    };
    let people = if global.json { Vec::new() } else { names::people(api).await? };
    global.out.list(&calls, &["TICKET", "ASKED", "EXPERT", "TIER", "STATE", "ANSWER BY", "BY", "WHY", "WORDS"], |call| row(call, &people))
}

fn row(call: &Escalation, people: &[Person]) -> Vec<String> {
    let skill = call.skill.as_deref().map(|skill| format!(" {skill}")).unwrap_or_default();
    let state = match call.result {
        Some(result) => format!("{} ({})", word_of(&call.state), result.words()),
        None => word_of(&call.state),
    };
    vec![
        format!("#{}", call.ticket),
        local(call.asked_at),
        names::handle_of(people, call.expert),
        format!("{}{skill}", call.tier),
        state,
        maybe_local(call.accept_by),
        names::handle_of(people, call.asked_by),
        word_of(&call.code),
        call.verdict.clone().unwrap_or_else(|| call.reason.clone()),
    ]
}

/// The call for oneself into a ticket.
async fn mine(api: &Api, number: TicketNumber, states: &[EscalationState]) -> Result<EscalationId, CliError> {
    let calls = api.get::<Items<Escalation>>("/api/v1/escalations").await?.items;
    let found = calls.iter().rfind(|call| call.ticket == number && states.contains(&call.state));
    found.map(|call| call.id).ok_or_else(|| {
        CliError::not_found(match states {
            [EscalationState::Asked] => format!("No call into #{number} waits for your answer: see `dutydesk ticket calls`."),
            _ => format!("You are not called into #{number}, or have not accepted yet: answer the call first."),
        })
    })
}
