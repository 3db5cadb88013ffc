//! The list of tickets: a window, a selection by number, and changes by consent.

use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::Duration;

use crate::client::view::{Anchor, TicketQuery, TicketWindow, View};
use crate::console::effect::{Effect, Load};
use crate::domain::Timestamp;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::Ticket;

/// How long a changed row keeps its mark.
const MARK_SECS: i64 = 5;
/// Rows of the smallest window.
const ROWS_LEAST: usize = 60;

/// What an answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// To be shown: the person asked for the list as it stands.
    Show,
    /// To be shown: the person moved to rows that were not read. Given up where they move on to some that were.
    Rows,
    /// To see what changed: rows are updated in place, the order stays.
    Check,
}

/// Windows that are held beside the one on screen.
const HELD_MOST: usize = 3;
/// Answers from which on nothing is from before the last change: one may have been under way when it came.
const ANSWERS_FRESH: u8 = 2;

/// Other windows over the same list, read since it changed last: who goes back there, or from one end to the other, waits for no read.
#[derive(Default)]
struct Held {
    windows: Vec<TicketWindow>,
    /// Answers since the list changed.
    answers: u8,
    /// The window on screen was read since then.
    fresh: bool,
}

impl Held {
    /// The list changed, or is another one.
    fn outdate(&mut self) {
        *self = Self::default();
    }

    /// Another window came to the screen, with the last answer.
    fn took(&mut self, before: TicketWindow, now: &TicketWindow) {
        let within = now.start <= before.start && before.start + before.rows.len() <= now.start + now.rows.len();
        if self.fresh && !within {
            self.keep(before);
        }
        self.fresh = self.answers >= ANSWERS_FRESH;
    }

    fn keep(&mut self, window: TicketWindow) {
        self.windows.insert(0, window);
        self.windows.truncate(HELD_MOST);
    }
}

/// A window over the tickets of a query.
pub struct TicketList {
    page_wise: bool,
    query: TicketQuery,
    window: TicketWindow,
    held: Held,
    /// Index of the selection in the whole list; its number too, where that row was read.
    index: usize,
    selected: Option<TicketNumber>,
    top: usize,
    wanted: Wanted,
    /// The list has been answered once: an empty one is then empty, not loading.
    answered: bool,
    /// The order changed in what is on screen: tickets that would come in.
    news: Option<usize>,
    /// Rows that changed, and until when they are marked.
    marks: HashMap<TicketNumber, Timestamp>,
    /// Marked by hand, by number: sorting and news do not touch them.
    pub(super) marked: BTreeSet<TicketNumber>,
    /// Where a range of marks starts.
    pub(super) range: Option<usize>,
    /// Rows the screen had at the last draw.
    height: Cell<usize>,
}

impl TicketList {
    pub fn new(page_wise: bool) -> Self {
        Self {
            page_wise,
            query: TicketQuery::default(),
            window: TicketWindow::default(),
            held: Held::default(),
            index: 0,
            selected: None,
            top: 0,
            wanted: Wanted::Show,
            answered: false,
            news: None,
            marks: HashMap::new(),
            marked: BTreeSet::new(),
            range: None,
            height: Cell::new(20),
        }
    }

    pub fn query(&self) -> &TicketQuery {
        &self.query
    }

    pub fn height(&self) -> usize {
        self.height.get()
    }

    pub fn set_height(&self, height: usize) {
        self.height.set(height.max(1));
    }

    pub fn total(&self) -> usize {
        self.window.total
    }

    pub fn is_answered(&self) -> bool {
        self.answered
    }

    pub fn news(&self) -> Option<usize> {
        self.news
    }

    pub fn index(&self) -> usize {
        self.index
    }

    pub fn is_selected(&self, index: usize) -> bool {
        index == self.index
    }

    pub fn is_marked(&self, number: TicketNumber) -> bool {
        self.marks.contains_key(&number)
    }

    /// First index on screen: the selection is visible even when the screen has shrunk since the last key.
    pub fn first_shown(&self) -> usize {
        let height = self.height();
        if self.index >= self.top + height { self.index + 1 - height } else { self.top }
    }

    /// The row at an index, where it was read.
    pub fn row(&self, index: usize) -> Option<&Arc<Ticket>> {
        index.checked_sub(self.window.start).and_then(|offset| self.window.rows.get(offset))
    }

    pub fn selected(&self) -> Option<Arc<Ticket>> {
        self.row(self.index).filter(|ticket| Some(ticket.number) == self.selected).map(Arc::clone)
    }

    /// Another list: from its top.
    pub fn change(&mut self, change: impl FnOnce(&mut TicketQuery)) -> Vec<Effect> {
        change(&mut self.query);
        (self.index, self.top, self.selected, self.answered) = (0, 0, None, false);
        self.window = TicketWindow::default();
        self.held.outdate();
        self.range = None;
        self.marks.clear();
        self.show(Anchor::At(0))
    }

    /// The ticket that is to be selected once the list is read.
    pub fn sought(&self) -> Option<TicketNumber> {
        self.selected.filter(|_| !self.answered)
    }

    /// The list as it was, with this ticket under the cursor; it is read when it is shown.
    pub fn recall(&mut self, query: TicketQuery, selected: Option<TicketNumber>) {
        (self.query, self.selected) = (query, selected);
    }

    /// Moves the selection; reads more where the screen would show what was not read.
    pub fn step(&mut self, by: i64) -> Vec<Effect> {
        let last = i64::try_from(self.window.total.saturating_sub(1)).unwrap_or(i64::MAX);
        let index = i64::try_from(self.index).unwrap_or(0).saturating_add(by).clamp(0, last);
        self.index = usize::try_from(index).unwrap_or(0);
        let height = self.height();
        if self.index < self.top {
            self.top = if self.page_wise { (self.index + 1).saturating_sub(height) } else { self.index };
        } else if self.index >= self.top + height {
            self.top = if self.page_wise { self.index } else { self.index + 1 - height };
        }
        self.top = self.top.min(self.window.total.saturating_sub(height));
        self.selected = self.row(self.index).map(|ticket| ticket.number);
        let effects = self.fill();
        if !effects.is_empty() {
            return effects;
        }
        if self.wanted == Wanted::Rows {
            // What was asked for on the way is not where the screen is.
            self.wanted = Wanted::Check;
        }
        self.ahead()
    }

    /// Reads when the screen shows rows that were not read: no more than those, because somebody waits for them.
    pub fn fill(&mut self) -> Vec<Effect> {
        if !self.answered || self.covers(&self.window) {
            return Vec::new();
        }
        if let Some(place) = self.held.windows.iter().position(|window| self.covers(window)) {
            let window = self.held.windows.remove(place);
            self.held.keep(std::mem::replace(&mut self.window, window));
            self.selected = self.row(self.index).map(|ticket| ticket.number);
            return Vec::new();
        }
        if self.wanted == Wanted::Check {
            self.wanted = Wanted::Rows;
        }
        vec![self.load(Anchor::At(self.first_shown()))]
    }

    /// Reads around the screen before the next moves need it. The answer changes nothing but which rows are held.
    fn ahead(&self) -> Vec<Effect> {
        let (height, window) = (self.height(), &self.window);
        let (first, end) = (self.first_shown(), window.start + window.rows.len());
        let short_above = window.start > 0 && first < window.start + height;
        let short_below = end < window.total && first + 2 * height > end;
        // While news wait for consent, another window would not be taken.
        if !self.answered || self.news.is_some() || !(short_above || short_below) {
            return Vec::new();
        }
        let (anchor, rows) = (Anchor::At(first.saturating_sub(2 * height)), 5 * height);
        vec![Effect::Ahead(Load::Tickets { query: self.query.clone(), anchor, rows })]
    }

    /// Selects the ticket that was selected before; where it is gone, its line.
    pub fn return_to(&mut self, ticket: Option<TicketNumber>, index: usize) -> Vec<Effect> {
        (self.index, self.selected) = (index, ticket);
        self.held.outdate();
        self.show(ticket.map_or(Anchor::At(index), |number| Anchor::Around(number, index)))
    }

    /// The selected ticket and those after it, as far as they were read.
    pub fn following(&self, count: usize) -> Vec<TicketNumber> {
        (self.index..self.index.saturating_add(count)).map_while(|index| self.row(index)).map(|ticket| ticket.number).collect()
    }

    /// Shows the list as it stands now, the selection kept.
    pub fn load_new(&mut self) -> Vec<Effect> {
        self.held.outdate();
        let anchor = self.selected.map_or(Anchor::At(self.top), |number| Anchor::Around(number, self.index));
        self.show(anchor)
    }

    fn show(&mut self, anchor: Anchor) -> Vec<Effect> {
        self.wanted = Wanted::Show;
        vec![self.load(anchor)]
    }

    /// Reads the same rows again to see what changed.
    pub fn check(&mut self) -> Vec<Effect> {
        self.held.outdate();
        let rows = self.window.rows.len().max(self.screen());
        vec![Effect::Load(Load::Tickets { query: self.query.clone(), anchor: Anchor::At(self.window.start), rows })]
    }

    fn load(&self, anchor: Anchor) -> Effect {
        Effect::Load(Load::Tickets { query: self.query.clone(), anchor, rows: self.screen() })
    }

    /// Rows for one screen. Before the first one is drawn, its height is not known.
    fn screen(&self) -> usize {
        self.height().max(ROWS_LEAST)
    }

    /// Whether a window holds all rows on screen.
    fn covers(&self, window: &TicketWindow) -> bool {
        let first = self.first_shown().min(window.total.saturating_sub(self.height()));
        let end = (first + self.height()).min(window.total);
        window.start <= first && end <= window.start + window.rows.len()
    }

    /// Takes an answer; stale ones (of another query) are dropped.
    ///
    /// `settled` is false while the cache is being filled: rows then come in as they arrive.
    pub fn loaded(&mut self, query: &TicketQuery, window: TicketWindow, now: Timestamp, settled: bool) -> Vec<Effect> {
        if *query != self.query {
            return Vec::new();
        }
        self.held.answers = self.held.answers.saturating_add(1);
        if !self.answered {
            (self.answered, self.wanted) = (true, Wanted::Check);
            self.adopt(window);
            return self.fill();
        }
        self.mark(&window, now);
        if !settled || self.moves_nothing(&window) {
            self.adopt(window);
            return self.fill();
        }
        if self.wanted != Wanted::Check && (self.covers(&window) || self.holds_selection(&window)) {
            self.wanted = Wanted::Check;
            self.adopt(window);
            let effects = self.fill();
            return if effects.is_empty() { self.ahead() } else { effects };
        }
        if self.is_elsewhere(&window) {
            return Vec::new();
        }
        if self.same_on_screen(&window) {
            if self.covers(&window) {
                self.adopt(window);
            }
        } else {
            self.update_in_place(&window);
        }
        Vec::new()
    }

    /// Whether a window can be shown without asking: nothing was there, rows come in after the last one, or all tickets fit on
    /// the screen and the selected one is still among them. The cursor stays on its ticket in each case.
    fn moves_nothing(&self, window: &TicketWindow) -> bool {
        if self.window.rows.is_empty() {
            return true;
        }
        let whole = self.window.start == 0 && window.start == 0 && self.window.rows.len() < self.height() && self.covers(window);
        let numbers = |window: &TicketWindow| window.rows.iter().map(|ticket| ticket.number).collect::<Vec<_>>();
        whole && (self.holds_selection(window) || numbers(window).starts_with(&numbers(&self.window)))
    }

    /// Whether an answer was asked for where the screen was before: it says nothing of where it is now, or too little.
    fn is_elsewhere(&self, window: &TicketWindow) -> bool {
        let rows_are_there = self.covers(&self.window) || self.wanted == Wanted::Rows;
        rows_are_there && window.total == self.window.total && !self.covers(window)
    }

    fn holds_selection(&self, window: &TicketWindow) -> bool {
        self.selected.is_some_and(|number| window.rows.iter().any(|ticket| ticket.number == number))
    }

    /// Shows this window; the selected ticket keeps its line on the screen where it can. At the top of the list the top stays:
    /// what comes in above the selection is what was asked for.
    fn adopt(&mut self, window: TicketWindow) {
        let line = self.index.saturating_sub(self.top);
        let found = self.selected.and_then(|number| window.rows.iter().position(|ticket| ticket.number == number));
        self.index = found.map_or(self.index, |offset| window.start + offset).min(window.total.saturating_sub(1));
        let stays_at_top = self.top == 0 && self.index < self.height();
        let top = if stays_at_top { 0 } else { self.index.saturating_sub(line) };
        self.top = top.min(window.total.saturating_sub(self.height()));
        let before = std::mem::replace(&mut self.window, window);
        self.share_rows(&before);
        // What breaches moves with time: an older window would contradict a newer one.
        if self.query.view != View::Breaching {
            self.held.took(before, &self.window);
        }
        self.selected = self.row(self.index).map(|ticket| ticket.number);
        self.news = None;
    }

    /// Rows that are as they were stay what they were: what was drawn of them is known by that.
    fn share_rows(&mut self, before: &TicketWindow) {
        let held: HashMap<_, _> = before.rows.iter().map(|ticket| (ticket.number, ticket)).collect();
        for ticket in &mut self.window.rows {
            if let Some(same) = held.get(&ticket.number).filter(|same| ***same == *ticket) {
                *ticket = Arc::clone(same);
            }
        }
    }

    /// Whether the same tickets stand in the same lines of the screen.
    fn same_on_screen(&self, window: &TicketWindow) -> bool {
        let (first, last) = (self.first_shown(), self.first_shown() + self.height());
        let shown = |window: &TicketWindow| -> Vec<TicketNumber> {
            let rows = window.rows.iter().enumerate();
            rows.filter(|(offset, _)| (first..last).contains(&(window.start + offset))).map(|(_, ticket)| ticket.number).collect()
        };
        shown(window) == shown(&self.window)
    }

    /// Puts newer rows where their tickets stand, and counts those that would come in.
    fn update_in_place(&mut self, window: &TicketWindow) {
        self.held.outdate();
        let fresh: HashMap<_, _> = window.rows.iter().map(|ticket| (ticket.number, ticket)).collect();
        let shown: BTreeSet<_> = self.window.rows.iter().map(|ticket| ticket.number).collect();
        for ticket in &mut self.window.rows {
            if let Some(newer) = fresh.get(&ticket.number) {
                *ticket = Arc::clone(newer);
            }
        }
        self.news = Some(fresh.keys().filter(|number| !shown.contains(*number)).count());
    }

    /// Marks rows that are newer than the shown ones.
    fn mark(&mut self, window: &TicketWindow, now: Timestamp) {
        let shown: HashMap<_, _> = self.window.rows.iter().map(|ticket| (ticket.number, ticket.version)).collect();
        for ticket in &window.rows {
            if shown.get(&ticket.number).is_some_and(|version| *version < ticket.version) {
                self.marks.insert(ticket.number, now + Duration::seconds(MARK_SECS));
            }
        }
    }

    pub fn forget_marks(&mut self, now: Timestamp) {
        self.marks.retain(|_, until| *until > now);
    }

    pub fn next_mark_end(&self) -> Option<Timestamp> {
        self.marks.values().min().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::panes::sample::{now, ticket};
    use crate::domain::ticket::Priority;

    const TOTAL: usize = 10_000;
    const HEIGHT: usize = 40;

    fn window(start: usize, rows: usize) -> TicketWindow {
        let number = |index: usize| i64::try_from(index).unwrap() + 1;
        let rows = (start..(start + rows).min(TOTAL)).map(|index| ticket(number(index), 1, "row", Priority::Low, None)).collect();
        TicketWindow { start, rows, total: TOTAL }
    }

    /// Answers what was asked for; whether anybody waited for it.
    fn answer(list: &mut TicketList, effects: Vec<Effect>) -> Vec<bool> {
        let mut waited = Vec::new();
        let mut effects = std::collections::VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            let (Effect::Load(load) | Effect::Ahead(load)) = &effect else { panic!("{effect:?}") };
            waited.push(matches!(effect, Effect::Load(_)));
            let Load::Tickets { query, anchor: Anchor::At(at), rows } = load else { panic!("{load:?}") };
            effects.extend(list.loaded(query, window((*at).min(TOTAL - 1), *rows), now(), true));
        }
        waited
    }

    fn list() -> TicketList {
        let mut list = TicketList::new(false);
        list.set_height(HEIGHT);
        let effects = list.change(|_| {});
        assert_eq!(answer(&mut list, effects), [true]);
        list
    }

    #[test]
    fn who_moves_row_by_row_waits_for_no_read() {
        let mut list = list();
        for by in std::iter::repeat_n(1, 500).chain(std::iter::repeat_n(-1, 500)).chain(std::iter::repeat_n(20, 100)) {
            let effects = list.step(by);
            assert!(!answer(&mut list, effects).contains(&true), "at {}", list.index());
            assert_eq!(list.selected().unwrap().number.0, i64::try_from(list.index()).unwrap() + 1);
        }
    }

    #[test]
    fn a_jump_waits_for_one_screen_and_reads_around_it_afterwards() {
        let mut list = list();
        for by in [i64::MAX, i64::MIN, 5_000] {
            let effects = list.step(by);
            let [Effect::Load(Load::Tickets { rows, .. })] = &effects[..] else { panic!("{effects:?}") };
            assert!(*rows <= 60);
            assert_eq!(answer(&mut list, effects), [true, false]);
            let (first, shown) = (list.first_shown(), list.first_shown() + HEIGHT);
            assert!((first..shown.min(TOTAL)).all(|index| list.row(index).is_some()), "all of the screen is there");
        }
    }

    #[test]
    fn who_goes_back_waits_for_no_read_until_something_changed() {
        let mut list = list();
        for by in [i64::MAX, i64::MIN] {
            let effects = list.step(by);
            assert!(answer(&mut list, effects).contains(&true));
        }
        for by in [i64::MAX, i64::MIN, i64::MAX, i64::MIN] {
            let effects = list.step(by);
            assert!(!answer(&mut list, effects).contains(&true), "to {}", list.index());
            assert_eq!(list.selected().unwrap().number.0, i64::try_from(list.index()).unwrap() + 1);
        }
        // What was held is of another time now; an answer that was under way meanwhile proves nothing.
        let effects = list.check();
        answer(&mut list, effects);
        let effects = list.step(i64::MAX);
        assert!(matches!(effects[..], [Effect::Load(_)]), "{effects:?}");
    }

    #[test]
    fn an_answer_from_where_the_screen_was_is_no_news() {
        let mut list = list();
        for by in [i64::MAX, i64::MIN] {
            let effects = list.step(by);
            answer(&mut list, effects);
        }
        list.step(i64::MAX);
        assert_eq!(list.loaded(&TicketQuery::default(), window(0, 200), now(), true), []);
        assert_eq!((list.news(), list.index()), (None, TOTAL - 1));
        list.loaded(&TicketQuery::default(), window(TOTAL - 60, 30), now(), true);
        assert_eq!(list.news(), None, "half of the screen proves nothing either");
        let mut shorter = window(0, 30);
        shorter.total = 30;
        list.loaded(&TicketQuery::default(), shorter, now(), true);
        assert!(list.news().is_some(), "a list that became shorter is");
    }

    #[test]
    fn a_jump_that_was_taken_back_is_no_consent() {
        let mut list = list();
        assert!(matches!(list.step(i64::MAX)[..], [Effect::Load(_)]));
        list.step(i64::MIN);
        list.loaded(&TicketQuery::default(), window(TOTAL - 60, 60), now(), true);
        let (before, mut other) = (list.selected(), window(0, 200));
        other.rows.insert(0, ticket(77_777, 1, "new", Priority::Urgent, None));
        list.loaded(&TicketQuery::default(), other, now(), true);
        assert_eq!(list.selected(), before);
        assert!(list.news().is_some());
    }

    #[test]
    fn what_was_read_ahead_moves_nothing_under_the_cursor() {
        let mut list = list();
        let effects = list.step(30);
        let [Effect::Ahead(Load::Tickets { query, .. })] = &effects[..] else { panic!("{effects:?}") };
        let (before, mut other) = (list.selected(), window(0, 200));
        // Meanwhile somebody's ticket came in above.
        other.rows.insert(0, ticket(77_777, 1, "new", Priority::Urgent, None));
        assert_eq!(list.loaded(query, other, now(), true), []);
        assert_eq!((list.selected(), list.news()), (before, Some(1 + 200 - 60)), "it waits for consent");
        assert_eq!(list.step(1), [], "and nothing more is read ahead until then");
    }

    #[test]
    fn rows_that_did_not_change_stay_the_same_in_memory() {
        let mut list = list();
        let before = Arc::clone(list.row(5).unwrap());
        let effects = list.step(30);
        answer(&mut list, effects);
        assert!(Arc::ptr_eq(list.row(5).unwrap(), &before));
    }
}
