//! The tickets of a desk: the sample desk's own, with every other one in English, and all of them unsolved where that is asked for.

use dutydesk::demo::SampleDesk;
use dutydesk::domain::command::ImportTicket;
use dutydesk::domain::ticket::Status;

use super::Mix;

/// What a solved ticket is instead, by its place.
const UNSOLVED: [Status; 5] = [Status::Open, Status::Open, Status::Pending, Status::New, Status::OnHold];

/// The tickets of `chinese`, oldest first; texts of every other one are those of the same place in `english`.
pub fn tickets(mix: Mix, chinese: &SampleDesk, english: &SampleDesk) -> impl Iterator<Item = ImportTicket> {
    chinese.tickets().zip(english.tickets()).enumerate().map(move |(place, (mut ticket, other))| {
        if place % 2 == 1 {
            ticket.subject = other.subject;
            // As many lines as both have: the rest stays Chinese, as on a desk of two languages.
            for (line, said) in ticket.messages.iter_mut().zip(other.messages) {
                line.text = said.text;
            }
        }
        if mix == Mix::Open && !ticket.status.is_unsolved() {
            ticket.status = UNSOLVED[place / 2 % UNSOLVED.len()];
            ticket.solved_at = None;
            if ticket.status == Status::New {
                ticket.assignee = None;
            }
        }
        ticket
    })
}
