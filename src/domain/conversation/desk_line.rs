//! What the desk itself says in a conversation, as data: every reader's screen says it in their own language, and the text of
//! the message holds it in English for everything else (search, webhooks, exports).

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::domain::escalation::Verdict;
use crate::domain::id::TicketNumber;
use crate::domain::sla::ClockKind;

/// One line. People are named by their handle, without the `@`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum DeskLine {
    /// In a channel: of this ticket.
    IncidentDeclared {
        number: TicketNumber,
        subject: String,
    },
    IncidentStoodDown {
        number: TicketNumber,
    },
    /// In the ticket itself.
    MajorDeclared,
    MajorStoodDown,
    Tied {
        incident: TicketNumber,
    },
    Untied {
        incident: TicketNumber,
    },
    /// In the incident's channel.
    TicketTied {
        person: String,
        number: TicketNumber,
        subject: String,
    },
    TicketUntied {
        person: String,
        number: TicketNumber,
    },
    Broadcast {
        person: String,
        solves: bool,
        tickets: u64,
        text: String,
    },
    /// `to`: nobody is the pool. `gone`: they no longer work here; otherwise their shift is over.
    HandedOver {
        from: String,
        to: Option<String>,
        gone: bool,
    },
    Merged {
        number: TicketNumber,
    },
    MergeUndone {
        number: TicketNumber,
    },
    ExpertCalled {
        expert: String,
        reason: String,
    },
    ExpertAccepted {
        expert: String,
        note: Option<String>,
    },
    ExpertDeclined {
        expert: String,
        note: Option<String>,
    },
    ExpertJoined {
        expert: String,
    },
    /// The ticket is theirs now.
    ExpertTookOver {
        expert: String,
    },
    ExpertLeft {
        expert: String,
        verdict: Verdict,
        note: String,
    },
    ExpertSolved {
        expert: String,
    },
    CallEnded {
        expert: String,
    },
    CallWithdrawn {
        expert: String,
        reason: Option<String>,
    },
    NoAnswer {
        expert: String,
    },
    WentOffDuty {
        expert: String,
    },
    ExpertGone {
        expert: String,
    },
    ShiftOver {
        expert: String,
    },
    /// `told`: who leads.
    NobodyLeft {
        tier: u8,
        skill: Option<String>,
        told: Vec<String>,
    },
    StepDue {
        number: TicketNumber,
        subject: String,
        step: String,
        clock: ClockKind,
        at: DateTime<Utc>,
    },
}

/// Reads a line; one that a later version says is none, and its English text is shown.
///
/// # Errors
/// When it is no JSON.
pub(super) fn or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DeskLine>, D::Error> {
    let value = Option::<serde_json::Value>::deserialize(from)?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

impl fmt::Display for DeskLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = |text: &Option<String>| text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
        match self {
            Self::IncidentDeclared { number, subject } => write!(f, "incident #{number} declared: {subject}"),
            Self::IncidentStoodDown { number } => write!(f, "incident #{number} stood down"),
            Self::MajorDeclared => f.write_str("declared a major incident"),
            Self::MajorStoodDown => f.write_str("stood down: no major incident any more"),
            Self::Tied { incident } => write!(f, "tied to incident #{incident}"),
            Self::Untied { incident } => write!(f, "no longer tied to incident #{incident}"),
            Self::TicketTied { person, number, subject } => write!(f, "@{person} tied #{number}: {subject}"),
            Self::TicketUntied { person, number } => write!(f, "@{person} untied #{number}"),
            Self::Broadcast { person, solves, tickets, text } => {
                write!(f, "@{person} {} {tickets} tickets: {text}", if *solves { "solves" } else { "answers" })
            }
            Self::HandedOver { from, to, gone } => {
                let why = if *gone { "no longer works here" } else { "the shift is over" };
                let to = to.as_ref().map_or_else(|| "the pool".to_owned(), |to| format!("@{to}"));
                write!(f, "handed over from @{from} to {to}: {why}")
            }
            Self::Merged { number } => write!(f, "ticket #{number} merged into this one"),
            Self::MergeUndone { number } => write!(f, "merge of ticket #{number} undone"),
            Self::ExpertCalled { expert, reason } => write!(f, "@{expert} called into the ticket: {reason}"),
            Self::ExpertAccepted { expert, note } => write!(f, "@{expert} came into the ticket{}", after(note)),
            Self::ExpertDeclined { expert, note } => write!(f, "@{expert} declined the call{}", after(note)),
            Self::ExpertJoined { expert } => write!(f, "@{expert} joined"),
            Self::ExpertTookOver { expert } => write!(f, "the ticket is @{expert}'s now"),
            Self::ExpertLeft { expert, verdict, note } => write!(f, "@{expert} left ({}): {note}", verdict.words()),
            Self::ExpertSolved { expert } => write!(f, "@{expert} left (solved): solved the ticket"),
            Self::CallEnded { expert } => write!(f, "the call of @{expert} ended: the ticket is finished"),
            Self::CallWithdrawn { expert, reason } => write!(f, "the call of @{expert} was taken back{}", after(reason)),
            Self::NoAnswer { expert } => write!(f, "@{expert} did not answer in time"),
            Self::WentOffDuty { expert } => write!(f, "@{expert} went off duty before answering"),
            Self::ExpertGone { expert } => write!(f, "@{expert} no longer works here"),
            Self::ShiftOver { expert } => write!(f, "@{expert}'s shift is over: still in the ticket until they leave it"),
            Self::NobodyLeft { tier, skill, told } => {
                let skill = skill.as_ref().map(|skill| format!(" who knows {skill}")).unwrap_or_default();
                let told: Vec<_> = told.iter().map(|handle| format!("@{handle}")).collect();
                let who = if told.is_empty() { "nobody leads".to_owned() } else { format!("told {}", told.join(", ")) };
                write!(f, "nobody of tier {tier}{skill} is left to call: {who}")
            }
            Self::StepDue { number, subject, step, clock, at } => {
                let clock = match clock {
                    ClockKind::FirstResponse => "first response",
                    ClockKind::NextResponse => "next response",
                    ClockKind::Resolution => "resolution",
                };
                write!(f, "ticket #{number} ({subject}): step {step} of its {clock} was due at {}", at.format("%Y-%m-%d %H:%M UTC"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_later_version_is_none() {
        #[derive(Deserialize)]
        struct Holder {
            #[serde(default, deserialize_with = "or_none")]
            line: Option<DeskLine>,
        }
        let read = |json: &str| serde_json::from_str::<Holder>(json).unwrap().line;
        assert_eq!(
            read(r#"{"line": {"line": "expert_joined", "expert": "zhao.min"}}"#),
            Some(DeskLine::ExpertJoined { expert: "zhao.min".into() })
        );
        assert_eq!(read(r#"{"line": {"line": "of_tomorrow", "x": 1}}"#), None);
        assert_eq!(read("{}"), None);
    }
}
