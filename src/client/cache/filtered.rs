//! Lists that a filter narrows: found whole once (numbers only), and remembered until rows change, or the minute turns where that matters.
//! What can be told without a pass over the table is: words are looked for in memory, priorities in their index.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::client::error::CacheError;
use crate::client::sync::apply::rank;
use crate::client::view::{Anchor, TicketQuery, TicketWindow, View};
use crate::domain::filter::{Filter, Test};
use crate::domain::ticket::Priority;

use super::Cache;
use super::lists::{Asking, List, start};
use super::words::{self, Numbers};

const PRIORITIES: [Priority; 4] = [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low];

/// A filtered list, whole, as it was at one generation of the cache.
#[derive(Clone, Debug)]
pub(super) struct Filtered {
    /// The filter as it was understood: `prio:u` and `prio:urgent` are one list.
    query: TicketQuery,
    generation: u64,
    /// Of a list that moves with time: the minute it was made for.
    minute: i64,
    numbers: Arc<Vec<i64>>,
}

/// What a list was found for: another generation or minute is another list.
#[derive(Clone, Copy)]
struct Mark {
    generation: u64,
    minute: i64,
}

/// The minute that a list is good for; always the same for one that does not move with time.
fn minute(view: View, filter: &Filter, asking: &Asking) -> i64 {
    let moves = view == View::Breaching || filter.moves_with_time();
    if moves { asking.now.timestamp().div_euclid(60) } else { 0 }
}

/// Takes what is asked of priorities out of a filter: the ranks that it admits. Only where the list holds unsolved tickets alone, as the
/// index does.
fn take_ranks(view: View, filter: &mut Filter) -> Option<BTreeSet<i64>> {
    let unsolved = matches!(view, View::All | View::Queue(_) | View::Unassigned | View::Breaching | View::Mine);
    if !unsolved || filter.speaks_of_status() {
        return None;
    }
    let mut admitted: Option<BTreeSet<i64>> = None;
    filter.terms.retain(|term| {
        let Test::Priority(all) = &term.test else { return true };
        let every = admitted.take().unwrap_or_else(|| PRIORITIES.into_iter().map(rank).collect());
        let named: BTreeSet<i64> = all.iter().map(|one| rank(*one)).collect();
        admitted = Some(every.into_iter().filter(|rank| named.contains(rank) != term.negated).collect());
        false
    });
    admitted
}

impl Cache {
    pub(super) async fn filtered(
        &self,
        query: &TicketQuery,
        list: &List,
        filter: &Filter,
        (anchor, rows): (Anchor, usize),
        asking: &Asking,
    ) -> Result<TicketWindow, CacheError> {
        let query = TicketQuery { filter: filter.to_string(), ..query.clone() };
        let mark = Mark { generation: self.generation(), minute: minute(list.view, filter, asking) };
        let is = |kept: &Filtered| kept.query == query && kept.generation == mark.generation && kept.minute == mark.minute;
        let kept = self.kept_list().clone().filter(is);
        let numbers = if let Some(kept) = kept {
            kept.numbers
        } else {
            let numbers = Arc::new(self.numbers(&query, list, filter, asking).await?);
            let Mark { generation, minute } = mark;
            *self.kept_list() = Some(Filtered { query, generation, minute, numbers: Arc::clone(&numbers) });
            numbers
        };
        let place = match anchor {
            Anchor::Around(number, _) => numbers.iter().position(|found| *found == number.0),
            _ => None,
        };
        let total = numbers.len();
        let start = start(anchor, place, rows, total);
        let wanted = numbers.get(start..(start + rows).min(total)).unwrap_or_default();
        let rows = self.tickets_by_number(wanted).await?;
        Ok(TicketWindow { start, rows, total })
    }

    /// Numbers of all tickets that a filter admits, in order.
    async fn numbers(&self, query: &TicketQuery, list: &List, filter: &Filter, asking: &Asking) -> Result<Vec<i64>, CacheError> {
        let (wanted, mut rest) = words::split(filter);
        let ranks = take_ranks(list.view, &mut rest);
        let words = if wanted.is_empty() { None } else { self.words().await? };
        // Texts that cannot be held are the table's to look in.
        let ranked = match &ranks {
            Some(ranks) if wanted.is_empty() || words.is_some() => self.ranked(ranks).await?,
            _ => None,
        };
        let by_table =
            (words.is_none() && !wanted.is_empty()) || (ranks.is_some() && ranked.is_none()) || (words.is_none() && ranks.is_none());
        if by_table {
            let calls = self.calls(filter).await?;
            let mut connection = self.readers().acquire().await?;
            return list.search(&mut connection, filter, &self.env(asking, &calls)).await;
        }
        let base = self.base_of(query, list, &rest, asking).await?;
        let mut found = words.map_or_else(|| base.to_vec(), |words| words.narrow(&base, &wanted));
        if let Some(ranked) = ranked {
            found.retain(|number| ranked.has(*number));
        }
        Ok(found)
    }

    /// The list without what is looked for in memory, kept between two keys.
    async fn base_of(&self, query: &TicketQuery, list: &List, rest: &Filter, asking: &Asking) -> Result<Arc<Vec<i64>>, CacheError> {
        let before = TicketQuery { filter: rest.to_string(), ..query.clone() };
        let (generation, minute) = (self.generation(), minute(list.view, rest, asking));
        if let Some(base) = self.base(&before, generation, minute) {
            return Ok(base);
        }
        let calls = self.calls(rest).await?;
        let mut connection = self.readers().acquire().await?;
        let whole = rest.is_empty();
        let env = self.env(asking, &calls);
        let base = if whole { list.whole(&mut connection).await? } else { list.search(&mut connection, rest, &env).await? };
        let base = Arc::new(base);
        self.keep_base(before, generation, minute, Arc::clone(&base));
        Ok(base)
    }

    /// Reads what a filter over this list will look in, so that its first key need not wait for that.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub async fn warm_filter(&self, query: &TicketQuery, asking: &Asking) -> Result<(), CacheError> {
        self.words().await?;
        let list = List::new(query.view, query.sort, asking.now);
        let (_, mut rest) = words::split(&asking.read(&query.filter));
        take_ranks(list.view, &mut rest);
        self.base_of(query, &list, &rest, asking).await.map(drop)
    }

    /// Unsolved tickets of these priorities, from their index alone; `None` where their numbers lie too far apart.
    async fn ranked(&self, ranks: &BTreeSet<i64>) -> Result<Option<Numbers>, CacheError> {
        let wanted = serde_json::to_string(ranks)?;
        let sql = "SELECT json_group_array(number) FROM tickets INDEXED BY all_priority
                   WHERE unsolved = 1 AND rank IN (SELECT value FROM json_each(?))";
        let found: String = sqlx::query_scalar(sql).bind(wanted).fetch_one(self.readers()).await?;
        let found: Vec<i64> = serde_json::from_str(&found)?;
        Ok(Numbers::of(&found))
    }

    fn kept_list(&self) -> std::sync::MutexGuard<'_, Option<Filtered>> {
        self.inner.filtered.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
