//! The dialog of the palette and the jumps: one line, and under it what is closest to it. Signs choose what is searched (`@li`
//! in the palette finds people); tickets come from the cache while one types, rows by the thousand are ranked beside the screen.

use std::sync::Arc;

use super::matcher::Query;
use super::scope::{self, Scope};
use super::shortlist::{Pool, Row, Shortlist};
use super::stock::{self, ALIASES, Stock};
use crate::base::letters::letters;
use crate::client::view::{Anchor, Sort, TicketQuery, View};
use crate::console::effect::{Answer, Choice, Effect, Load, Loaded};
use crate::console::key::{Key, KeyCode};
use crate::console::overlay::{Outcome, Prompt};
use crate::console::pane::Context;
use crate::domain::ticket::Ticket;

/// Tickets that changed last: what is found by pinyin and by strewn letters.
const RECENT: usize = 500;
/// Tickets that hold the words, read at once.
const HITS: usize = 100;
/// Rows that were chosen before, in front of the others.
const FRONT_MAX: usize = 6;

/// See the module.
pub struct Finder {
    home: Scope,
    scope: Scope,
    pub(super) input: Prompt,
    pub(super) list: Shortlist,
    stock: Stock,
    chats: Arc<Pool>,
    tickets: Arc<Pool>,
    /// Tickets that changed last; absent until they came.
    recent: Option<Vec<Arc<Ticket>>>,
    /// Tickets that hold the words asked for, unsolved before solved.
    hits: Vec<Arc<Ticket>>,
    /// What was asked of the cache last.
    asked: Option<TicketQuery>,
    asked_recent: bool,
    asked_chats: bool,
    /// Values chosen before, last first.
    before: Vec<String>,
}

impl Finder {
    /// `before`: values of actions and places chosen before, last first.
    #[must_use]
    pub fn new(home: Scope, stock: Stock, before: Vec<String>) -> Self {
        let mut finder = Self {
            home,
            scope: home,
            input: Prompt::new(String::new()),
            list: Shortlist::default(),
            stock,
            chats: Arc::default(),
            tickets: Arc::default(),
            recent: None,
            hits: Vec::new(),
            asked: None,
            asked_recent: false,
            asked_chats: false,
            before,
        };
        let pools = finder.pools();
        finder.list = Shortlist::new(pools);
        finder
    }

    /// The first rows, and what is to be read for them.
    pub fn start(&mut self, context: &Context<'_>) -> Vec<Effect> {
        self.search(true, context)
    }

    /// What is found now, in its order.
    pub fn listed(&self) -> impl Iterator<Item = &Choice> {
        self.list.choices()
    }

    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Whether rows say what they are.
    #[must_use]
    pub fn mixes_kinds(&self) -> bool {
        matches!(self.scope, Scope::Anything | Scope::Queues | Scope::Chats)
    }

    pub fn key(&mut self, key: Key, context: &Context<'_>) -> Outcome {
        match (key.ctrl, key.code) {
            (_, KeyCode::Escape) => return Outcome::Done(Answer::Dismissed(None)),
            (_, KeyCode::Enter) => return self.choose(),
            (_, KeyCode::Down) | (true, KeyCode::Char('n' | 'j')) => self.list.step(1),
            (_, KeyCode::Up) | (true, KeyCode::Char('p' | 'k')) => self.list.step(-1),
            (_, KeyCode::PageDown) => self.list.step(10),
            (_, KeyCode::PageUp) => self.list.step(-10),
            _ => {
                let old = self.input.value().to_owned();
                if self.input.edit(key) && self.input.value() != old {
                    return Outcome::Wants { effects: self.search(false, context), closes: false };
                }
            }
        }
        Outcome::Stay
    }

    fn choose(&self) -> Outcome {
        let row = self.list.selected_row().filter(|row| row.choice.disabled.is_none());
        row.map_or(Outcome::Stay, |row| Outcome::Done(Answer::Picked(row.choice.value.clone())))
    }

    /// A press into the line `row` of an area of so many: what stands there is chosen.
    pub fn press(&mut self, row: usize, height: usize) -> Outcome {
        if self.list.press(row, height) { self.choose() } else { Outcome::Stay }
    }

    /// Moves by so many rows.
    pub fn wheel(&mut self, by: isize) {
        self.list.step(by);
    }

    pub fn paste(&mut self, pasted: &str, context: &Context<'_>) -> Vec<Effect> {
        self.input.paste(pasted);
        self.search(false, context)
    }

    /// Whether an answer is for this dialog.
    #[must_use]
    pub fn wants(&self, loaded: &Loaded) -> bool {
        match loaded {
            Loaded::Tickets { query, .. } => self.asked.as_ref() == Some(query) || *query == recent_query(),
            Loaded::Conversations(_) => self.asked_chats,
            Loaded::Ranked(_) => true,
            _ => false,
        }
    }

    /// See [`Finder::wants`].
    pub fn loaded(&mut self, loaded: Loaded, context: &Context<'_>) -> Vec<Effect> {
        match loaded {
            Loaded::Ranked(ranked) => return self.list.ranked(ranked).map(Effect::Rank).into_iter().collect(),
            Loaded::Conversations(items) => self.chats = Pool::new(stock::chats(&items, context)),
            Loaded::Tickets { query, window } if query == recent_query() => self.recent = Some(window.rows),
            Loaded::Tickets { query, window } => {
                // The unsolved ones are here; what was solved already comes after them.
                let more = query.view == View::All && window.total < HITS;
                if query.view == View::All {
                    self.hits = window.rows;
                } else {
                    self.hits.extend(window.rows);
                }
                let mut effects = self.put_tickets(context);
                if more {
                    effects.extend(self.ask_tickets(TicketQuery { view: View::Solved, ..query }));
                }
                return effects;
            }
            _ => {}
        }
        self.put_tickets(context)
    }

    fn put_tickets(&mut self, context: &Context<'_>) -> Vec<Effect> {
        let mut known = std::collections::HashSet::new();
        let all = self.hits.iter().chain(self.recent.iter().flatten()).filter(|ticket| known.insert(ticket.number));
        self.tickets = Pool::new(all.map(|one| stock::ticket(one, context)).collect());
        let (query, front) = self.wanted(context);
        let pools = self.pools();
        self.list.put(pools, query, front).map(Effect::Rank).into_iter().collect()
    }

    fn words(&self) -> &str {
        scope::read(self.home, self.input.value()).1
    }

    /// After the line changed: what it searches, in which rows, and what must be read for it.
    fn search(&mut self, first: bool, context: &Context<'_>) -> Vec<Effect> {
        let (scope, words) = scope::read(self.home, self.input.value());
        let words = words.to_owned();
        let other = first || scope != self.scope;
        self.scope = scope;
        let (query, front) = self.wanted(context);
        let job = if other {
            let pools = self.pools();
            self.list.select(0);
            self.list.put(pools, query, front)
        } else {
            self.list.narrow(query, front)
        };
        let mut effects: Vec<Effect> = job.map(Effect::Rank).into_iter().collect();
        if scope.has_chats() && !std::mem::replace(&mut self.asked_chats, true) {
            effects.push(Effect::Load(Load::Conversations));
        }
        if scope.has_tickets() {
            if !std::mem::replace(&mut self.asked_recent, true) {
                effects.push(Effect::Load(Load::Tickets { query: recent_query(), anchor: Anchor::At(0), rows: RECENT }));
            }
            if !words.trim().is_empty() {
                let wanted = TicketQuery { view: View::All, sort: Sort::Updated, filter: words.trim().to_owned() };
                effects.extend(self.ask_tickets(wanted));
            }
        }
        effects
    }

    fn ask_tickets(&mut self, query: TicketQuery) -> Option<Effect> {
        if self.asked.as_ref() == Some(&query) {
            return None;
        }
        self.asked = Some(query.clone());
        Some(Effect::Load(Load::Tickets { query, anchor: Anchor::At(0), rows: HITS }))
    }

    /// What is looked for, and the rows that stand first: a ticket by its number, an alias, what was chosen before.
    fn wanted(&self, context: &Context<'_>) -> (Query, Vec<Row>) {
        let words = self.words();
        let mut front = Vec::new();
        if matches!(self.scope, Scope::Actions | Scope::Tickets | Scope::Anything) {
            front.extend(stock::number(words, context));
        }
        let typed = letters(words.trim());
        if self.scope == Scope::Actions {
            let alias = ALIASES.iter().find(|(alias, _)| *alias == typed).map(|(_, name)| *name);
            front.extend(alias.and_then(|name| row_of(&self.stock.actions, name)));
        }
        if typed.is_empty() {
            let pools = self.pools();
            let known = self.before.iter().filter_map(|value| pools.iter().find_map(|pool| row_of(pool, value)));
            front.extend(known.take(FRONT_MAX));
        }
        (Query::new(words), front)
    }

    fn pools(&self) -> Vec<Arc<Pool>> {
        let Stock { actions, panes, people, queues, sites } = &self.stock;
        let pools: &[&Arc<Pool>] = match self.scope {
            Scope::Actions => &[actions],
            Scope::Tickets => &[&self.tickets],
            Scope::People => &[people],
            Scope::Queues => &[queues],
            Scope::Sites => &[sites],
            Scope::Chats => &[&self.chats],
            Scope::Anything => &[queues, people, &self.chats, &self.tickets, sites, panes],
        };
        pools.iter().map(|pool| Arc::clone(pool)).collect()
    }
}

fn row_of(pool: &Arc<Pool>, value: &str) -> Option<Row> {
    pool.rows().iter().find(|row| row.choice.value == value).cloned()
}

/// Tickets that changed last.
fn recent_query() -> TicketQuery {
    TicketQuery { view: View::All, sort: Sort::Updated, ..TicketQuery::default() }
}
