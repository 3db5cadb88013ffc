//! The variables of a broadcast's text, filled for each ticket.

use crate::domain::Refusal;
use crate::domain::ticket::Ticket;

/// The variables that a text may name.
pub const NAMES: [&str; 8] =
    ["requester.name", "ticket.number", "ticket.subject", "incident.number", "incident.subject", "site.name", "site.code", "agent.name"];

/// Parts of a text: plain, or the name of a variable.
enum Part<'a> {
    Plain(&'a str),
    Variable(&'a str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        parts.push(Part::Plain(before));
        parts.push(Part::Variable(name.trim()));
        rest = behind;
    }
    parts.push(Part::Plain(rest));
    parts
}

/// # Errors
/// `unknown_variable` names the first that nobody can fill.
pub fn check(text: &str) -> Result<(), Refusal> {
    let unknown = parts(text).into_iter().find_map(|part| match part {
        Part::Variable(name) if !NAMES.contains(&name) => Some(name.to_owned()),
        _ => None,
    });
    match unknown {
        Some(name) => {
            let message = format!("There is no variable {{{{{name}}}}}: use {}.", NAMES.join(", "));
            Err(Refusal::invalid("unknown_variable", "text", message))
        }
        None => Ok(()),
    }
}

/// The text for one ticket. What is not known is left empty; what a requester wrote is never read as a variable again.
#[must_use]
pub fn fill(text: &str, ticket: &Ticket, incident: &Ticket, agent: &str) -> String {
    let site = ticket.requester.site.as_ref();
    let value = |name: &str| match name {
        "requester.name" => ticket.requester.name.clone(),
        "ticket.number" => ticket.number.to_string(),
        "ticket.subject" => ticket.subject.clone(),
        "incident.number" => incident.number.to_string(),
        "incident.subject" => incident.subject.clone(),
        "site.name" => site.map(|site| site.name.clone()).unwrap_or_default(),
        "site.code" => site.map(|site| site.code.clone()).unwrap_or_default(),
        "agent.name" => agent.to_owned(),
        _ => String::new(),
    };
    parts(text)
        .into_iter()
        .map(|part| match part {
            Part::Plain(plain) => plain.to_owned(),
            Part::Variable(name) => value(name),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::incident::tests::{declared, desk};

    #[test]
    fn variables_are_filled_once_and_unknown_ones_told() {
        let mut desk = desk();
        let number = declared(&mut desk, "Pay {{agent.name}}");
        let ticket = desk.ticket(number.0);
        let filled = fill("Dear {{requester.name}}, #{{ ticket.number }} {{ticket.subject}} {{site.name}}. {{open", ticket, ticket, "Ana");
        assert_eq!(filled, format!("Dear Shop 1, #{number} Pay {{{{agent.name}}}} . {{{{open"));
        assert!(check("{{requester.name}} 你好 {{").is_ok());
        assert_eq!(check("{{requester.nam}}").unwrap_err().code, "unknown_variable");
    }
}
