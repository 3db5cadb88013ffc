//! What the requester thought of it. It comes by the ticket's own channel or the status page, never from the desk's people; the
//! latest word counts, earlier ones are in the audit. It does not reopen the ticket.

use super::Rating;
use crate::domain::Refusal;
use crate::domain::command::{Actor, Draft, Given, Outcome, draft};
use crate::domain::notice::NoticeKind;

pub const WORDS_MAX: usize = 2_000;
/// Scores up to this one are told to assignee and lead.
const LOW: u8 = 2;

/// # Errors
/// When a person or another channel rates, the ticket was never solved, or score or words are not acceptable.
pub fn rate(given: Given<'_>, score: u8, words: &str) -> Result<Outcome, Refusal> {
    let ticket = given.ticket()?;
    match given.context.actor {
        Actor::Desk { .. } => {}
        Actor::Intake(channel) if ticket.channel == Some(channel.id) => {}
        Actor::Intake(_) => return Err(Refusal::not_found("The ticket")),
        Actor::Person(_) => return Err(Refusal::forbidden("Only requesters rate: by their channel, or on the ticket's status page.")),
    }
    if !(1..=5).contains(&score) {
        return Err(Refusal::invalid("score_invalid", "score", "The score is 1 (bad) to 5 (good): send one of these."));
    }
    let words = words.trim();
    if words.chars().count() > WORDS_MAX {
        let message = format!("The words are too long: shorten them to at most {WORDS_MAX} characters.");
        return Err(Refusal::invalid("words_too_long", "words", message));
    }
    if let Some(into) = ticket.merged_into {
        return Err(Refusal::conflict("ticket_merged", format!("Ticket #{} was merged into #{into}: rate #{into}.", ticket.number)));
    }
    if ticket.status.is_unsolved() && ticket.rating_asked_at.is_none() {
        return Err(Refusal::conflict("not_solved", format!("Ticket #{} is not solved yet: rate it when it is.", ticket.number)));
    }
    if ticket.rating.as_ref().is_some_and(|old| old.score == score && old.words == words) {
        return Ok(draft::unchanged_ticket(ticket));
    }
    let mut draft = Draft::of(given, ticket);
    draft.ticket.rating = Some(Rating { score, words: words.to_owned(), at: given.now(), assignee: ticket.assignee });
    if score <= LOW {
        let lead = given.directory().queues.get(&ticket.queue).and_then(|queue| queue.lead);
        for person in ticket.assignee.into_iter().chain(lead) {
            draft.notify(person, NoticeKind::LowRating { score });
        }
    }
    draft.done()
}
