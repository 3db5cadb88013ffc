//! The start of the search: day by day, the shift that is wanted most goes to whom it costs least.

use super::cost::{Edit, State};
use super::problem::OFF;

/// Fills a blank roster until one more shift would not help.
pub(super) fn fill(state: &mut State) {
    for day in 0..state.problem.days {
        let mut codes: Vec<u8> = state.problem.codes().collect();
        loop {
            let wanted = |code: u8| state.problem.slices(day, code).map(|at| state.wanted(at)).sum::<i64>();
            let Some((worth, code)) = codes.iter().map(|code| (wanted(*code), *code)).max_by_key(|(worth, code)| (*worth, u8::MAX - code))
            else {
                break;
            };
            if worth <= 0 {
                break;
            }
            if !give(state, day, code) {
                codes.retain(|other| *other != code);
            }
        }
    }
}

/// Gives a shift to somebody who is off that day, if that makes the roster better.
fn give(state: &mut State, day: usize, code: u8) -> bool {
    let before = state.total();
    let mut best: Option<(i64, usize)> = None;
    for person in 0..state.problem.people.len() {
        let edit = Edit { person, day, code };
        if state.cell(person, day) != OFF || !state.legal(edit) {
            continue;
        }
        let mut edits = [edit];
        state.apply(&mut edits);
        let total = state.total();
        state.apply(&mut edits);
        if total < before && best.is_none_or(|(least, _)| total < least) {
            best = Some((total, person));
        }
    }
    let Some((_, person)) = best else { return false };
    state.apply(&mut [Edit { person, day, code }]);
    true
}
