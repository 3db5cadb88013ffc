//! Local search by late acceptance: a move is kept when the roster is no worse than it is, or than it was some moves ago.
//!
//! Whole numbers and a named generator, so that a seed gives the same roster on every machine.

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::cost::{Edit, State};
use super::problem::OFF;

/// How many moves ago "some moves ago" is: a part of all moves, within bounds.
const LATE_PART: u32 = 400;
const LATE_MAX: u32 = 5_000;
/// The longest run of days that one move sets or exchanges.
const BLOCK_MAX: usize = 7;
/// How often a slice that lacks people is looked for, before any cell is taken.
const LOOKS: usize = 6;
const POLISH_PASSES: usize = 3;

/// How the search went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tried {
    pub moves: u32,
    pub kept: u32,
}

struct Search<'s, 'p> {
    state: &'s mut State<'p>,
    random: ChaCha8Rng,
    edits: Vec<Edit>,
    /// By slice: days and codes that cover it.
    options: Vec<Vec<(usize, u8)>>,
}

/// Days and codes that cover each slice.
pub(super) fn options(state: &State) -> Vec<Vec<(usize, u8)>> {
    let mut options = vec![Vec::new(); state.problem.list.len()];
    for day in 0..state.problem.days {
        for code in state.problem.codes() {
            for at in state.problem.slices(day, code) {
                options[at].push((day, code));
            }
        }
    }
    options
}

impl Search<'_, '_> {
    /// A number below `count`, which is not 0.
    fn below(&mut self, count: usize) -> usize {
        self.random.random_range(0..u32::try_from(count).unwrap_or(u32::MAX)) as usize
    }

    fn person(&mut self) -> usize {
        self.below(self.state.problem.people.len())
    }

    fn day(&mut self) -> usize {
        self.below(self.state.problem.days)
    }

    /// A run of days.
    fn block(&mut self) -> std::ops::Range<usize> {
        let from = self.day();
        let length = 2 + self.below(BLOCK_MAX - 1);
        from..(from + length).min(self.state.problem.days)
    }

    /// A code or a day off.
    fn code(&mut self) -> u8 {
        u8::try_from(self.below(self.state.problem.types + 1)).unwrap_or(OFF)
    }

    fn edit(&mut self, person: usize, day: usize, code: u8) {
        if self.state.cell(person, day) != code {
            self.edits.push(Edit { person, day, code });
        }
    }

    /// Exchanges two people's cells of a day.
    fn exchange(&mut self, one: usize, other: usize, day: usize) {
        let (a, b) = (self.state.cell(one, day), self.state.cell(other, day));
        self.edit(one, day, b);
        self.edit(other, day, a);
    }

    /// Somebody for a span that lacks people.
    fn mend(&mut self) {
        for _ in 0..LOOKS {
            let at = self.below(self.options.len());
            if self.state.wanted(at) <= 0 || self.options[at].is_empty() {
                continue;
            }
            let pick = self.below(self.options[at].len());
            let (day, code) = self.options[at][pick];
            let person = self.person();
            self.edit(person, day, code);
            return;
        }
    }

    /// One move; none when what it would do changes nothing.
    fn choose(&mut self) {
        self.edits.clear();
        let (one, other) = (self.person(), self.person());
        match self.below(100) {
            0..10 => self.mend(),
            10..30 => {
                let (day, code) = (self.day(), self.code());
                self.edit(one, day, code);
            }
            30..50 => {
                let day = self.day();
                self.exchange(one, other, day);
            }
            50..65 => self.block().for_each(|day| self.exchange(one, other, day)),
            65..85 => {
                let (first, second) = (self.day(), self.day());
                self.exchange(one, other, first);
                if second != first {
                    self.exchange(one, other, second);
                }
            }
            85..95 => {
                let (first, second) = (self.day(), self.day());
                let (a, b) = (self.state.cell(one, first), self.state.cell(one, second));
                self.edit(one, first, b);
                self.edit(one, second, a);
            }
            _ => {
                let (days, code) = (self.block(), self.code());
                days.for_each(|day| self.edit(one, day, code));
            }
        }
    }

    fn run(&mut self, rounds: u32) -> Tried {
        let mut tried = Tried { moves: rounds, kept: 0 };
        let mut current = self.state.total();
        let late = (rounds / LATE_PART).clamp(1, LATE_MAX) as usize;
        let mut past = vec![current; late];
        let (mut best, mut least) = (self.state.cells.clone(), current);
        for round in 0..rounds as usize {
            let then = &mut past[round % late];
            *then = (*then).min(current);
            let then = *then;
            self.choose();
            if self.edits.is_empty() || !self.state.all_legal(&self.edits) {
                continue;
            }
            self.state.apply(&mut self.edits);
            let total = self.state.total();
            if total > current && total > then {
                self.state.apply(&mut self.edits);
                continue;
            }
            tried.kept += 1;
            current = total;
            if total < least {
                least = total;
                best.copy_from_slice(&self.state.cells);
            }
        }
        self.state.restore(&best);
        tried
    }
}

/// Takes single cells that make the roster better, until none does or the passes are over.
fn polish(state: &mut State) {
    for _ in 0..POLISH_PASSES {
        let before = state.total();
        for person in 0..state.problem.people.len() {
            for day in 0..state.problem.days {
                for code in std::iter::once(OFF).chain(state.problem.codes()) {
                    let edit = Edit { person, day, code };
                    if state.cell(person, day) == code || !state.legal(edit) {
                        continue;
                    }
                    let total = state.total();
                    let mut edits = [edit];
                    state.apply(&mut edits);
                    if state.total() >= total {
                        state.apply(&mut edits);
                    }
                }
            }
        }
        if state.total() == before {
            return;
        }
    }
}

/// Betters the roster by `rounds` moves. Without moves it stays as it is.
pub(super) fn better(state: &mut State, seed: u64, rounds: u32) -> Tried {
    if rounds == 0 || state.problem.list.is_empty() {
        return Tried::default();
    }
    let options = options(state);
    let mut search = Search { state, random: ChaCha8Rng::seed_from_u64(seed), edits: Vec::new(), options };
    let tried = search.run(rounds);
    polish(state);
    tried
}
