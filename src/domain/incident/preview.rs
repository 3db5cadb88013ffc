//! Who would get a broadcast, and what: the same rule for the preview and for what is sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Excluded, variables};
use crate::domain::directory::Directory;
use crate::domain::id::{IntakeChannelId, PersonId, QueueId, TicketNumber};
use crate::domain::ticket::{Status, Ticket};

/// What somebody wants to tell all requesters of an incident.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BroadcastText {
    /// With variables such as `{{requester.name}}`; may be empty when a status is set.
    #[serde(default)]
    #[schema(example = "Dear {{requester.name}}, we know of the fault and work on it.")]
    pub text: String,
    /// The text in other languages, by tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
    /// Set on each tied ticket that is not solved: pending or solved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Solves the incident and all that is tied to it.
    #[serde(default)]
    pub solves: bool,
    /// Tickets that get nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leave_out: Vec<TicketNumber>,
}

impl BroadcastText {
    /// The text for somebody's language: the tag itself, its first part, or the general text.
    #[must_use]
    pub fn chosen(&self, language: Option<&str>) -> &str {
        let tag = |tag: &str| self.texts.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag)).map(|(_, text)| text.as_str());
        let first = |tag: &str| tag.split('-').next().map(str::to_owned);
        let near = |language: &str| {
            let first = first(language);
            self.texts.iter().find(|(known, _)| known.split('-').next().map(str::to_owned) == first).map(|(_, text)| text.as_str())
        };
        language.and_then(|language| tag(language).or_else(|| near(language))).unwrap_or(&self.text)
    }

    /// The status that a ticket gets.
    #[must_use]
    pub fn status_for(&self, ticket: &Ticket, incident: TicketNumber) -> Option<Status> {
        let wanted = if self.solves { Some(Status::Solved) } else { self.status.filter(|_| ticket.number != incident) };
        wanted.filter(|to| ticket.status.is_unsolved() && ticket.status != *to)
    }
}

/// One ticket of a broadcast before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedTarget {
    pub ticket: TicketNumber,
    pub subject: String,
    pub status: Status,
    /// The status it gets, when it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_after: Option<Status>,
    pub queue: QueueId,
    pub requester: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The channel it came by: there the answer goes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<IntakeChannelId>,
    /// The text, filled in; empty when only the status is set.
    pub text: String,
    /// Why it gets nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Excluded>,
}

/// Who gets what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BroadcastPreview {
    /// How many get it.
    pub count: usize,
    pub excluded: usize,
    /// The tied tickets in order of number, the incident itself last.
    pub targets: Vec<PlannedTarget>,
}

/// Why a ticket gets nothing, if so.
#[must_use]
pub fn excluded(ticket: &Ticket, incident: TicketNumber, body: &BroadcastText, text: &str) -> Option<Excluded> {
    if ticket.status == Status::Closed {
        return Some(Excluded::Closed);
    }
    if ticket.merged_into.is_some() {
        return Some(Excluded::Merged);
    }
    if body.leave_out.contains(&ticket.number) {
        return Some(Excluded::LeftOut);
    }
    let silent = text.trim().is_empty() && body.status_for(ticket, incident).is_none();
    silent.then_some(Excluded::Solved)
}

/// Who would get `body` from `by`.
#[must_use]
pub fn plan(body: &BroadcastText, incident: &Ticket, tied: &[Ticket], by: PersonId, directory: &Directory) -> BroadcastPreview {
    let agent = directory.people.get(&by).map_or_else(String::new, |person| person.name.clone());
    let mut sorted: Vec<&Ticket> = tied.iter().collect();
    sorted.sort_by_key(|ticket| ticket.number);
    let targets: Vec<PlannedTarget> = sorted
        .into_iter()
        .chain([incident])
        .map(|ticket| {
            let text = variables::fill(body.chosen(ticket.language.as_deref()), ticket, incident, &agent);
            PlannedTarget {
                ticket: ticket.number,
                subject: ticket.subject.clone(),
                status: ticket.status,
                status_after: body.status_for(ticket, incident.number),
                queue: ticket.queue,
                requester: ticket.requester.name.clone(),
                language: ticket.language.clone(),
                channel: ticket.channel,
                excluded: excluded(ticket, incident.number, body, &text),
                text,
            }
        })
        .collect();
    let excluded = targets.iter().filter(|target| target.excluded.is_some()).count();
    BroadcastPreview { count: targets.len() - excluded, excluded, targets }
}
