//! The requester's page: what it shows, and how it looks. Pure; the route is `routes/status.rs`.

mod html;
mod words;

pub use html::{missing, page};
pub use words::Tongue;

use crate::domain::Timestamp;
use crate::domain::conversation::{Author, Message, Visibility};
use crate::domain::directory::Directory;
use crate::domain::ticket::{Rating, Status, Ticket};

/// One public message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub author: String,
    /// It is the requester's own.
    pub own: bool,
    pub text: String,
    pub attachments: Vec<String>,
    pub edited: bool,
    pub at: Timestamp,
}

/// What the page tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub number: i64,
    pub subject: String,
    pub status: Status,
    /// When it is promised to be solved; absent when nothing is, or it is solved.
    pub promised: Option<Timestamp>,
    pub created_at: Timestamp,
    pub solved_at: Option<Timestamp>,
    pub messages: Vec<Said>,
    pub rating: Option<Rating>,
    /// It can be rated here.
    pub rates: bool,
    /// A rating was just taken.
    pub thanks: bool,
    pub now: Timestamp,
}

impl Page {
    /// What the requester may read of `ticket` and of `messages`, whoever may read more.
    #[must_use]
    pub fn new(ticket: &Ticket, messages: &[Message], directory: &Directory, now: Timestamp) -> Self {
        let resolution = |clock: &&crate::domain::sla::Clock| clock.kind == crate::domain::sla::ClockKind::Resolution;
        let running = ticket.clocks.iter().find(resolution).filter(|clock| clock.is_running());
        Self {
            number: ticket.number.0,
            subject: ticket.subject.clone(),
            status: ticket.status,
            promised: running.map(|clock| clock.due_at),
            created_at: ticket.created_at,
            solved_at: ticket.solved_at,
            messages: messages.iter().filter_map(|message| said(message, directory)).collect(),
            rating: ticket.rating.clone(),
            rates: !ticket.status.is_unsolved(),
            thanks: false,
            now,
        }
    }
}

fn said(message: &Message, directory: &Directory) -> Option<Said> {
    let public = message.visibility == Visibility::Public && !message.withheld;
    let (author, own) = match &message.author {
        // The name people are called by; nothing else about them.
        Author::Person { id } => (directory.people.get(id).map(|person| person.name.clone()).unwrap_or_default(), false),
        Author::Requester { name, .. } => (name.clone(), true),
        Author::System => (String::new(), false),
    };
    public.then(|| Said {
        author,
        own,
        text: message.text.clone(),
        attachments: message.attachments.iter().map(|one| one.name.clone()).collect(),
        edited: message.edited_at.is_some(),
        at: message.created_at,
    })
}

#[cfg(test)]
mod tests;
