//! What a roster costs, kept up to date move by move. Whole numbers only, so that the sum never drifts and every machine agrees.
//!
//! Points for an hour: 72,000 with one too few, 36,000 more with nobody at all, 43,200 without a skill, 720 for one too many.

use super::CostParts;
use super::problem::{OFF, Problem};
use super::row::{Tally, tally};

/// Points a second.
const SHORT: i64 = 20;
const NOBODY: i64 = 10;
const SKILL: i64 = 12;
/// Seconds a point.
const SURPLUS_SECS: i64 = 5;
/// Fairness: a squared hour costs 20 points, a squared night or weekend 400.
const HOUR_SQUARE: i64 = 3_600 / 20;
const COUNT_SQUARE: i64 = 10_000 / 400;
/// Nights and weekends in hundredths, so that shares of days away can be added.
const HUNDRED: i64 = 100;
/// What is left of the last period weighs at most this part of the mean.
const CARRY_PART: i64 = 4;

/// One change of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub person: usize,
    pub day: usize,
    pub code: u8,
}

/// A roster with its cost.
pub(super) struct State<'a> {
    pub problem: &'a Problem,
    /// By `person * days + day`.
    pub cells: Vec<u8>,
    /// People on duty by slice, and by `slice * groups + group` those with the skills.
    counts: Vec<i32>,
    skilled: Vec<i32>,
    tallies: Vec<Tally>,
    /// What each person has without the proposal: carried from the last period, and credited for days away.
    carried: Vec<[i64; 3]>,
    /// Of slices, of rows.
    slices: i64,
    rows: i64,
    sums: [i64; 3],
    squares: [i64; 3],
    touched: Vec<usize>,
}

impl<'a> State<'a> {
    pub(super) fn new(problem: &'a Problem) -> Self {
        let people = problem.people.len();
        let mut state = Self {
            problem,
            cells: vec![OFF; people * problem.days],
            counts: problem.list.iter().map(|slice| slice.fixed).collect(),
            skilled: vec![0; problem.list.len() * problem.groups.len()],
            tallies: vec![Tally::default(); people],
            carried: vec![[0; 3]; people],
            slices: 0,
            rows: 0,
            sums: [0; 3],
            squares: [0; 3],
            touched: Vec::new(),
        };
        state.slices = (0..problem.list.len()).map(|at| state.slice(at)).sum();
        for person in 0..people {
            state.renew(person);
        }
        state
    }

    pub(super) fn cell(&self, person: usize, day: usize) -> u8 {
        self.cells[person * self.problem.days + day]
    }

    pub(super) fn row(&self, person: usize) -> &[u8] {
        &self.cells[person * self.problem.days..(person + 1) * self.problem.days]
    }

    pub(super) fn count(&self, slice: usize) -> i32 {
        self.counts[slice]
    }

    pub(super) fn has_group(&self, slice: usize, group: usize) -> bool {
        self.skilled[slice * self.problem.groups.len() + group] > 0
    }

    /// Too few, nobody with a skill, too many.
    fn slice_parts(&self, at: usize) -> [i64; 3] {
        let slice = self.problem.list[at];
        let (secs, count) = (slice.to - slice.from, self.counts[at]);
        let missing = i64::from((slice.required - count).max(0));
        let nobody = if slice.required > 0 && count == 0 { NOBODY } else { 0 };
        let groups = self.problem.groups.len();
        let without = self.skilled[at * groups..(at + 1) * groups].iter().filter(|count| **count == 0).count();
        let without = if slice.required > 0 { i64::try_from(without).unwrap_or(i64::MAX) } else { 0 };
        let surplus = i64::from((count - slice.required).max(0));
        [secs * (SHORT * missing + nobody), secs * SKILL * without, secs / SURPLUS_SECS * surplus]
    }

    fn slice(&self, at: usize) -> i64 {
        self.slice_parts(at).iter().sum()
    }

    /// What one more person on duty would save at a slice, without skills.
    pub(super) fn wanted(&self, at: usize) -> i64 {
        let slice = self.problem.list[at];
        let secs = slice.to - slice.from;
        if self.counts[at] < slice.required { secs * SHORT } else { -secs / SURPLUS_SECS }
    }

    fn cover(&mut self, person: usize, day: usize, code: u8, by: i32) {
        let groups = self.problem.groups.len();
        for at in self.problem.slices(day, code) {
            let before = self.slice(at);
            self.counts[at] += by;
            for group in &self.problem.members[person].groups {
                self.skilled[at * groups + group] += by;
            }
            self.slices += self.slice(at) - before;
        }
    }

    /// Fairness reckons with what was carried and credited too.
    fn burden(&self, person: usize) -> [i64; 3] {
        let (tally, carried) = (self.tallies[person], self.carried[person]);
        [tally.minutes + carried[0], tally.nights * HUNDRED + carried[1], tally.weekends * HUNDRED + carried[2]]
    }

    fn weigh(&mut self, person: usize, by: i64) {
        let burden = self.burden(person);
        for (at, value) in burden.into_iter().enumerate() {
            self.sums[at] += by * value;
            self.squares[at] += by * value * value;
        }
        self.rows += by * (self.tallies[person].limits + self.tallies[person].wishes);
    }

    /// Reckons a row anew. Every row is in the sums once from the start: a blank one with nothing carried adds nothing.
    fn renew(&mut self, person: usize) {
        self.weigh(person, -1);
        self.tallies[person] = tally(self.problem, person, self.row(person));
        self.weigh(person, 1);
    }

    /// Squared distances from the mean, in points.
    fn fairness(&self) -> i64 {
        let people = i64::try_from(self.problem.people.len()).unwrap_or(1).max(1);
        let spread = |at: usize| self.squares[at] - self.sums[at] * self.sums[at] / people;
        spread(0) / HOUR_SQUARE + spread(1) / COUNT_SQUARE + spread(2) / COUNT_SQUARE
    }

    pub(super) fn total(&self) -> i64 {
        self.slices + self.rows + self.fairness()
    }

    /// The same, part by part.
    pub(super) fn parts(&self) -> CostParts {
        let mut parts = CostParts { fairness: self.fairness(), ..CostParts::default() };
        for at in 0..self.counts.len() {
            let [coverage, skills, surplus] = self.slice_parts(at);
            parts.coverage += coverage;
            parts.skills += skills;
            parts.surplus += surplus;
        }
        parts.limits = self.tallies.iter().map(|tally| tally.limits).sum();
        parts.wishes = self.tallies.iter().map(|tally| tally.wishes).sum();
        parts
    }

    /// Makes the edits, and leaves in their place those that undo them.
    pub(super) fn apply(&mut self, edits: &mut [Edit]) {
        self.touched.clear();
        for edit in edits.iter_mut() {
            let at = edit.person * self.problem.days + edit.day;
            let old = std::mem::replace(&mut self.cells[at], edit.code);
            if old != edit.code {
                self.cover(edit.person, edit.day, old, -1);
                self.cover(edit.person, edit.day, edit.code, 1);
            }
            edit.code = old;
            if !self.touched.contains(&edit.person) {
                self.touched.push(edit.person);
            }
        }
        edits.reverse();
        for at in 0..self.touched.len() {
            self.renew(self.touched[at]);
        }
    }

    /// Whether a cell may be `code`, given its neighbours: nobody is called from leave, or in two places at once.
    pub(super) fn legal(&self, Edit { person, day, code }: Edit) -> bool {
        if code == OFF {
            return true;
        }
        let problem = self.problem;
        problem.allows(person, day, code)
            && (day == 0 || !problem.clash(day - 1, self.cell(person, day - 1), code))
            && (day + 1 == problem.days || !problem.clash(day, code, self.cell(person, day + 1)))
    }

    /// Whether edits may be made together: cells next to each other may change at once.
    pub(super) fn all_legal(&mut self, edits: &[Edit]) -> bool {
        let days = self.problem.days;
        if !edits.iter().all(|edit| edit.code == OFF || self.problem.allows(edit.person, edit.day, edit.code)) {
            return false;
        }
        let at = |edit: &Edit| edit.person * days + edit.day;
        let old: Vec<u8> = edits.iter().map(|edit| std::mem::replace(&mut self.cells[at(edit)], edit.code)).collect();
        let legal = edits.iter().all(|edit| self.legal(*edit));
        for (edit, old) in edits.iter().zip(old).rev() {
            self.cells[at(edit)] = old;
        }
        legal
    }

    /// Puts a roster in this one's place.
    pub(super) fn restore(&mut self, cells: &[u8]) {
        let days = self.problem.days;
        let mut edits: Vec<Edit> = cells
            .iter()
            .enumerate()
            .filter(|(at, code)| self.cells[*at] != **code)
            .map(|(at, code)| Edit { person: at / days, day: at % days, code: *code })
            .collect();
        self.apply(&mut edits);
    }

    /// Counts what the last period left, and days away, from now on: who is away is credited the mean of a day present.
    pub(super) fn carry(&mut self) {
        let people = self.tallies.len();
        let count = i64::try_from(people).unwrap_or(1).max(1);
        let days = i64::try_from(self.problem.days).unwrap_or(1);
        let away = |person: usize| i64::from(self.problem.members[person].days_away);
        let present = (0..people).map(|person| days - away(person)).sum::<i64>().max(1);
        let worked = self.tallies.iter().fold([0; 3], |sum: [i64; 3], tally| {
            [sum[0] + tally.minutes, sum[1] + tally.nights * HUNDRED, sum[2] + tally.weekends * HUNDRED]
        });
        let unit = [1, HUNDRED, HUNDRED];
        let before = |at: usize| self.problem.members.iter().map(move |member| member.before[at] * unit[at]);
        let carried: Vec<[i64; 3]> = (0..people)
            .map(|person| {
                std::array::from_fn(|at| {
                    let most = worked[at] / count / CARRY_PART;
                    let left = self.problem.members[person].before[at] * unit[at] - before(at).sum::<i64>() / count;
                    left.clamp(-most, most) + away(person) * worked[at] / present
                })
            })
            .collect();
        for (person, carried) in carried.into_iter().enumerate() {
            self.weigh(person, -1);
            self.carried[person] = carried;
            self.weigh(person, 1);
        }
    }
}
