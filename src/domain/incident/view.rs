//! A major incident as one page: what is tied to it, what is proposed, what was sent. Made from rows; decides nothing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::alike::{Likeness, compare};
use super::{Broadcast, Target};
use crate::domain::id::{PersonId, QueueId, TicketNumber};
use crate::domain::ticket::{Priority, Status, Ticket};

/// A ticket that is tied or proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TiedTicket {
    pub number: TicketNumber,
    pub version: i64,
    pub subject: String,
    pub status: Status,
    pub priority: Priority,
    pub queue: QueueId,
    pub requester: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<PersonId>,
    /// Why it is proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likeness: Option<Likeness>,
}

impl TiedTicket {
    #[must_use]
    pub fn of(ticket: &Ticket) -> Self {
        let site = ticket.requester.site.as_ref();
        Self {
            number: ticket.number,
            version: ticket.version,
            subject: ticket.subject.clone(),
            status: ticket.status,
            priority: ticket.priority,
            queue: ticket.queue,
            requester: ticket.requester.name.clone(),
            site: site.map(|site| site.name.clone()),
            region: site.map(|site| site.region.clone()),
            assignee: ticket.assignee,
            likeness: None,
        }
    }

    /// With what makes it look like `incident`, as far as its subject tells.
    #[must_use]
    pub fn proposed(ticket: &Ticket, incident: &Ticket) -> Self {
        Self { likeness: Some(compare(ticket, &ticket.subject, incident)), ..Self::of(ticket) }
    }
}

/// How far a broadcast is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BroadcastView {
    #[serde(flatten)]
    pub broadcast: Broadcast,
    pub sent: usize,
    pub left: usize,
    pub refused: usize,
    /// Those refused, with why; in a single broadcast all its tickets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
}

/// Tickets of one status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StatusCount {
    pub status: Status,
    pub count: usize,
}

/// Tickets of one region; those without a site have an empty one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegionCount {
    pub region: String,
    pub count: usize,
}

/// The page of a major incident.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IncidentView {
    pub incident: Box<Ticket>,
    pub by_status: Vec<StatusCount>,
    /// Most first.
    pub by_region: Vec<RegionCount>,
    /// Those the reader may see, in order of number; the counts are of all.
    pub tied: Vec<TiedTicket>,
    pub proposals: Vec<TiedTicket>,
    /// Newest first.
    pub broadcasts: Vec<BroadcastView>,
}

/// A line of the list of incidents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct IncidentLine {
    pub incident: Ticket,
    pub tied: usize,
    pub unsolved: usize,
    pub proposals: usize,
}

/// Counts of tied tickets by status, and by region.
#[must_use]
pub fn counts(tied: &[Ticket]) -> (Vec<StatusCount>, Vec<RegionCount>) {
    let statuses = [Status::New, Status::Open, Status::Pending, Status::OnHold, Status::Solved, Status::Closed];
    let of = |status: Status| tied.iter().filter(|ticket| ticket.status == status).count();
    let by_status = statuses.into_iter().map(|status| StatusCount { status, count: of(status) }).filter(|one| one.count > 0).collect();
    let mut regions = std::collections::BTreeMap::<String, usize>::new();
    for ticket in tied {
        *regions.entry(ticket.requester.site.as_ref().map(|site| site.region.clone()).unwrap_or_default()).or_default() += 1;
    }
    let mut by_region: Vec<RegionCount> = regions.into_iter().map(|(region, count)| RegionCount { region, count }).collect();
    by_region.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.region.cmp(&b.region)));
    (by_status, by_region)
}
