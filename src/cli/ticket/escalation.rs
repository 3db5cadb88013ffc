//! Calling a higher tier into a ticket, answering a call, leaving with a verdict.

use clap::{Subcommand, ValueEnum};

use crate::base::clock::new_id;
use crate::cli::Global;
use crate::cli::error::CliError;
use crate::cli::names;
use crate::cli::submit::submit;
use crate::client::api::Api;
use crate::domain::command::Command;
use crate::domain::escalation::{Escalate, Escalation, EscalationState, Verdict};
use crate::domain::id::{EscalationId, TicketNumber};
use crate::wire::list::Items;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Reply {
    Accept,
    Decline,
}

#[derive(Debug, Subcommand)]
pub enum Act {
    /// Call an expert of a higher tier into a ticket.
    Escalate {
        number: TicketNumber,
        /// 2 or 3.
        #[arg(long, default_value_t = 2)]
        tier: u8,
        /// Whom to call; the roster finds somebody when absent.
        #[arg(long, value_name = "HANDLE")]
        to: Option<String>,
        /// What the expert should know.
        reason: String,
    },
    /// Answer a call for you.
    Answer {
        number: TicketNumber,
        answer: Reply,
        /// Why you decline.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Leave a ticket you were called into, with your verdict.
    Leave { number: TicketNumber, verdict: String },
}

/// # Errors
/// See [`CliError`].
pub async fn run(act: Act, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let (command, sentence) = match act {
        Act::Escalate { number, tier, to, reason } => {
            let person = match to {
                Some(handle) => Some(names::person(&api, &handle).await?.id),
                None => None,
            };
            let escalation = new_id().into();
            let body = Escalate { person, ..Escalate::tier(number, escalation, tier, reason) };
            (Command::Escalate(Box::new(body)), format!("Tier {tier} is called into #{number}."))
        }
        Act::Answer { number, answer, reason } => {
            let escalation = mine(&api, number, EscalationState::Asked).await?;
            let accept = answer == Reply::Accept;
            let sentence = format!("You {} the call into #{number}.", if accept { "accepted" } else { "declined" });
            (Command::AnswerEscalation { number, escalation, accept, reason }, sentence)
        }
        Act::Leave { number, verdict } => {
            let escalation = mine(&api, number, EscalationState::Accepted).await?;
            (Command::LeaveEscalation { number, escalation, result: Verdict::Advice, note: verdict }, format!("You left #{number}."))
        }
    };
    let result = submit(&api, None, command).await?;
    global.out.done(&result, &sentence)
}

/// The call for oneself into a ticket.
async fn mine(api: &Api, number: TicketNumber, state: EscalationState) -> Result<EscalationId, CliError> {
    let calls = api.get::<Items<Escalation>>("/api/v1/escalations").await?.items;
    let found = calls.iter().rfind(|call| call.ticket == number && call.state == state);
    found.map(|call| call.id).ok_or_else(|| {
        CliError::not_found(match state {
            EscalationState::Asked => format!("No call into #{number} waits for your answer."),
            _ => format!("You are not called into #{number}, or have not accepted yet: answer the call first."),
        })
    })
}
