//! Wallboard and ops watch: what both show, and where the watcher is. How the queues stand and who is on duty come from the cache,
//! live and without a link too; only the backlog of the last 24 hours is the server's.

pub mod stream;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::Duration;

use self::stream::Stream;
use crate::domain::Timestamp;
use crate::domain::access::sees_all_queues;
use crate::domain::directory::Directory;
use crate::domain::id::{PersonId, QueueId, RotaId, TicketNumber};
use crate::domain::person::Person;
use crate::domain::roster::duty::DutyIndex;
use crate::domain::roster::pattern;
use crate::domain::stats::{Overview, QueueHealth, health};
use crate::domain::ticket::Ticket;

/// How long a page of the wallboard stays.
pub const ROTATE_SECS: i64 = 20;
/// With reduced motion pages stay this many times longer.
pub const CALMER: i32 = 3;
/// How far ahead shift changes are looked for.
const HORIZON_HOURS: i64 = 24;

/// The console as a wallboard from its start: for a screen nobody sits at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WallboardStart {
    /// Keys of the queues shown; all when empty.
    pub queues: Vec<String>,
    /// How long each page stays.
    pub rotate: Duration,
}

impl Default for WallboardStart {
    fn default() -> Self {
        Self { queues: Vec::new(), rotate: Duration::seconds(ROTATE_SECS) }
    }
}

/// What the wallboard shows at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Numbers,
    /// Numbers with the queues below.
    Whole,
    Queues,
    People,
}

/// A column of the watch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    Queues,
    Stream,
    #[default]
    Urgent,
}

impl Column {
    pub const ALL: [Self; 3] = [Self::Queues, Self::Stream, Self::Urgent];

    /// The column `by` places on, around.
    #[must_use]
    pub fn step(self, by: i64) -> Self {
        let here = Self::ALL.iter().position(|column| *column == self).unwrap_or(0);
        Self::ALL[usize::try_from((i64::try_from(here).unwrap_or(0) + by).rem_euclid(3)).unwrap_or(0)]
    }
}

/// Who is on duty, and when that changes: worked out once a minute and when the roster changes.
#[derive(Clone, Debug)]
pub struct Standing {
    pub duty: DutyIndex,
    /// Each rota's next start or end of a shift, soonest first.
    pub changes: Vec<(RotaId, Timestamp)>,
}

impl Standing {
    #[must_use]
    pub fn at(directory: &Directory, now: Timestamp) -> Self {
        let until = now + Duration::hours(HORIZON_HOURS);
        let next = |rota: &crate::domain::roster::Rota| {
            let shifts = pattern::shifts(directory, rota, now, until);
            let next = shifts.iter().flat_map(|shift| [shift.from, shift.to]).filter(|edge| *edge > now && *edge <= until).min();
            next.map(|at| (rota.id, at))
        };
        let mut changes: Vec<_> = directory.rotas.values().filter(|rota| rota.active).filter_map(next).collect();
        changes.sort_by_key(|(rota, at)| (*at, *rota));
        Self { duty: DutyIndex::at(directory, now), changes }
    }
}

/// See the module.
#[derive(Debug)]
pub struct Board {
    pub start: WallboardStart,
    /// Started as a wallboard: there is no desk behind it.
    pub kiosk: bool,
    /// The watch was looked at: from then on it notes what happens.
    pub watching: bool,
    /// Back from the open ticket leads to the watch.
    pub returning: bool,
    pub health: Vec<QueueHealth>,
    pub urgent: Vec<Arc<Ticket>>,
    /// Figures of the last 24 hours by queue; of all under `None`.
    pub figures: HashMap<Option<QueueId>, Arc<Overview>>,
    pub standing: Option<Standing>,
    pub page: usize,
    pub turns_at: Option<Timestamp>,
    pub refreshed_at: Option<Timestamp>,
    pub stream: Stream,
    /// Changed since they were read for the stream; whether such a read is under way.
    pub changed: BTreeSet<TicketNumber>,
    pub reading_changed: bool,
    /// The stream told last that the link is lost.
    pub link_lost: bool,
    pub column: Column,
    /// What is marked in each column.
    pub marks: [usize; 3],
}

impl Board {
    #[must_use]
    pub fn new(start: Option<WallboardStart>) -> Self {
        Self {
            kiosk: start.is_some(),
            start: start.unwrap_or_default(),
            watching: false,
            returning: false,
            health: Vec::new(),
            urgent: Vec::new(),
            figures: HashMap::new(),
            standing: None,
            page: 0,
            turns_at: None,
            refreshed_at: None,
            stream: Stream::default(),
            changed: BTreeSet::new(),
            reading_changed: false,
            link_lost: false,
            column: Column::default(),
            marks: [0; 3],
        }
    }

    /// The queues it is about, as far as `me` sees them; all when absent.
    #[must_use]
    pub fn queues(&self, directory: &Directory, me: &Person) -> Option<Vec<QueueId>> {
        let asked = &self.start.queues;
        if asked.is_empty() && sees_all_queues(me) {
            return None;
        }
        let wanted = |queue: &crate::domain::queue::Queue| {
            (asked.is_empty() || asked.contains(&queue.key)) && (sees_all_queues(me) || me.queues.contains(&queue.id))
        };
        let mut queues: Vec<QueueId> = directory.queues.values().filter(|queue| wanted(queue)).map(|queue| queue.id).collect();
        queues.sort_unstable();
        Some(queues)
    }

    /// How each of its queues stands, the worst first; those without tickets too.
    #[must_use]
    pub fn rows(&self, directory: &Directory, me: &Person) -> Vec<QueueHealth> {
        let queues = self.queues(directory, me);
        let mut rows: Vec<QueueHealth> =
            self.health.iter().filter(|row| queues.as_ref().is_none_or(|queues| queues.contains(&row.queue))).copied().collect();
        if let Some(standing) = &self.standing {
            health::complete(&mut rows, queues.as_deref(), directory, &standing.duty);
        }
        rows
    }

    /// Who is on duty for its queues, by name.
    #[must_use]
    pub fn on_duty(&self, directory: &Directory, me: &Person) -> Vec<PersonId> {
        let Some(standing) = &self.standing else { return Vec::new() };
        let queues = self.queues(directory, me);
        let serves =
            |rota: &&crate::domain::roster::Rota| queues.as_ref().is_none_or(|queues| rota.queues.iter().any(|one| queues.contains(one)));
        let rotas = directory.rotas.values().filter(|rota| rota.active).filter(serves);
        let mut people: Vec<PersonId> = rotas.flat_map(|rota| standing.duty.in_rota(rota.id)).copied().collect();
        people.sort_unstable();
        people.dedup();
        people.sort_by_key(|id| directory.people.get(id).map(|person| person.name.clone()));
        people
    }

    /// Unsolved tickets at the end of each hour of the last 24; empty until the server told.
    #[must_use]
    pub fn backlog(&self, directory: &Directory, me: &Person) -> Vec<u32> {
        let mut sum: Vec<u32> = Vec::new();
        for key in self.figures_wanted(directory, me) {
            let Some(figures) = self.figures.get(&key) else { return Vec::new() };
            sum.resize(sum.len().max(figures.steps.len()), 0);
            for (sum, step) in sum.iter_mut().zip(&figures.steps) {
                *sum = sum.saturating_add(step.backlog);
            }
        }
        sum
    }

    /// Which figures that takes.
    #[must_use]
    pub fn figures_wanted(&self, directory: &Directory, me: &Person) -> Vec<Option<QueueId>> {
        // Without a choice the server's "all" is what `me` may see.
        if self.start.queues.is_empty() {
            return vec![None];
        }
        self.queues(directory, me).unwrap_or_default().into_iter().map(Some).collect()
    }

    /// The pages of a screen this large.
    #[must_use]
    pub fn pages(size: (u16, u16)) -> &'static [Page] {
        if size.0 >= 110 && size.1 >= 38 { &[Page::Whole, Page::People] } else { &[Page::Numbers, Page::Queues, Page::People] }
    }

    #[must_use]
    pub fn shown(&self, size: (u16, u16)) -> Page {
        let pages = Self::pages(size);
        pages[self.page % pages.len()]
    }

    /// The number of rows in a column of the watch.
    #[must_use]
    pub fn len(&self, column: Column, directory: &Directory, me: &Person) -> usize {
        match column {
            Column::Queues => self.rows(directory, me).len(),
            Column::Stream => self.stream.events().len(),
            Column::Urgent => self.urgent.len(),
        }
    }

    /// What is marked in a column of `total` rows.
    #[must_use]
    pub fn mark(&self, column: Column, total: usize) -> usize {
        self.marks[column as usize].min(total.saturating_sub(1))
    }
}
