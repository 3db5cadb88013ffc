//! Search over the panes: one line of words on top, what was found under it, by ticket and conversation. What this console
//! holds is shown at once, the server's history joins it as it comes. A layer that takes every key while it is open; what was
//! looked for stays when it is closed.

mod draw;
#[cfg(test)]
mod tests;
mod update;

use crate::client::search::FoundHits;
use crate::console::overlay::Prompt;
use crate::domain::id::{ConversationId, MessageId, TicketNumber};
use crate::domain::search::{HitKind, SearchHit, SearchIn};

/// Hits of one page.
pub const PAGE: usize = 50;

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchLoad {
    pub words: String,
    /// Absent: tickets, messages and notes.
    pub within: Option<SearchIn>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// In all history, by the server; otherwise in the cache.
    pub history: bool,
}

/// Its answer; an error says in one sentence why the server has none.
#[derive(Clone, Debug)]
pub struct SearchLoaded {
    pub load: SearchLoad,
    pub found: Result<FoundHits, String>,
}

/// What one place answered so far.
#[derive(Default)]
struct Answered {
    hits: Vec<SearchHit>,
    next: Option<String>,
    complete: bool,
    /// On its way: the first page, or one more.
    asked: bool,
    /// It has answered these words.
    came: bool,
    why_not: Option<String>,
}

/// What a row is, across answers.
type RowId = (Option<TicketNumber>, ConversationId, Option<MessageId>);

/// One line of the list: the head of a group, or something found in it.
struct Row {
    hit: SearchHit,
    head: bool,
}

impl Row {
    fn id(&self) -> RowId {
        (self.hit.ticket, self.hit.conversation, if self.head { None } else { self.hit.message })
    }
}

/// The layer.
pub struct SearchLayer {
    open: bool,
    input: Prompt,
    /// Keys are text; otherwise they move in the list.
    typing: bool,
    within: Option<SearchIn>,
    here: Answered,
    history: Answered,
    /// What is shown answers earlier words: it stays until something answers these.
    stale: bool,
    rows: Vec<Row>,
    selected: usize,
    /// The row that the person went to, which stays under the cursor whatever comes; none: the first.
    held: Option<RowId>,
    /// Words that led somewhere, last first: what the session keeps of them.
    past: Vec<String>,
    /// Which of them was called back.
    recalled: Option<usize>,
}

impl Default for SearchLayer {
    fn default() -> Self {
        Self {
            open: false,
            input: Prompt::new(String::new()),
            typing: true,
            within: None,
            here: Answered::default(),
            history: Answered::default(),
            stale: false,
            rows: Vec::new(),
            selected: 0,
            held: None,
            past: Vec::new(),
            recalled: None,
        }
    }
}

impl SearchLayer {
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Everything found, the server's order first: what only the cache has comes behind until all history is here.
    fn found(&self) -> Vec<&SearchHit> {
        let known = |hit: &SearchHit| {
            self.history.hits.iter().any(|one| (one.message, one.ticket, one.kind) == (hit.message, hit.ticket, hit.kind))
        };
        let whole = self.history.came && self.history.next.is_none() && self.history.complete;
        let only_here = self.here.hits.iter().filter(|hit| !whole && !known(hit));
        self.history.hits.iter().chain(only_here).collect()
    }

    /// Lays what was found out in groups, each where its best hit stands, and finds the held row again.
    fn lay(&mut self) {
        type Place = (Option<TicketNumber>, ConversationId);
        let mut groups: Vec<(Place, Vec<&SearchHit>)> = Vec::new();
        for hit in self.found() {
            let key = (hit.ticket, hit.conversation);
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, hits)) => hits.push(hit),
                None => groups.push((key, vec![hit])),
            }
        }
        let mut rows = Vec::new();
        for (_, hits) in groups {
            let ticket = hits.iter().find(|hit| hit.kind == HitKind::Ticket);
            let Some(head) = ticket.or(hits.first()) else { continue };
            rows.push(Row { hit: SearchHit::clone(head), head: true });
            rows.extend(hits.iter().filter(|hit| hit.kind != HitKind::Ticket).map(|hit| Row { hit: SearchHit::clone(hit), head: false }));
        }
        self.rows = rows;
        let held = self.held.and_then(|id| self.rows.iter().position(|row| row.id() == id));
        self.selected = held.unwrap_or(if self.held.is_some() { self.selected } else { 0 }).min(self.rows.len().saturating_sub(1));
    }
}
