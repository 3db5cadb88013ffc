//! The lists that acts choose from: shifts, people who could take one, changes, yes and no.

use chrono::TimeDelta;

use super::effects::breach_short;
use crate::base::text::clean;
use crate::console::effect::Choice;
use crate::console::pane::Context;
use crate::console::panes::duty;
use crate::console::panes::shifts::words;
use crate::domain::id::RosterChangeId;
use crate::domain::roster::{ChangeState, RosterChange, RosterChangeKind, Shift, cover::CoverCandidate};

fn choice(value: String, label: String, hint: String) -> Choice {
    Choice { value, label, hint, disabled: None }
}

/// Shifts by their place in the list.
#[must_use]
pub fn shifts(shifts: &[Shift], context: &Context<'_>) -> Vec<Choice> {
    let label = |shift: &Shift| format!("{} · {}", clean(&context.directory.person_name(shift.person)), words::shift(shift, context));
    shifts.iter().enumerate().map(|(place, shift)| choice(place.to_string(), label(shift), String::new())).collect()
}

/// Shifts of others for mine: one that overlaps what I work anyway cannot be chosen, nor one whose owner works in mine, nor
/// one within the leave of who would work it.
#[must_use]
pub fn swaps(mine: &Shift, theirs: &[Shift], context: &Context<'_>) -> Vec<Choice> {
    let from = theirs.iter().map(|shift| shift.from).min().unwrap_or(mine.from).min(mine.from) - TimeDelta::days(1);
    let to = theirs.iter().map(|shift| shift.to).max().unwrap_or(mine.to).max(mine.to) + TimeDelta::days(1);
    let all: Vec<Shift> =
        duty::rotas(context.directory).into_iter().flat_map(|rota| duty::shifts(context.directory, rota, from, to)).collect();
    let works = |person, span: &Shift, but: &Shift| {
        all.iter().any(|shift| shift.person == person && shift != but && shift.from < span.to && span.from < shift.to)
    };
    let away = |person, span: &Shift| {
        context.directory.roster_changes.values().any(|change| {
            let leave = change.kind == RosterChangeKind::Leave && change.state == ChangeState::InForce && !change.cancelled;
            leave && change.person == person && change.from < span.to && span.from < change.to
        })
    };
    let one = |(place, shift): (usize, &Shift)| {
        let name = clean(&context.directory.person_name(shift.person));
        let disabled = if works(mine.person, shift, mine) {
            Some(context.locale.text("shifts-swap-you-work").into_owned())
        } else if works(shift.person, mine, shift) {
            Some(context.locale.with("shifts-swap-they-work", &[("name", &name)]))
        } else if away(mine.person, shift) {
            Some(context.locale.text("shifts-swap-you-leave").into_owned())
        } else if away(shift.person, mine) {
            Some(context.locale.with("shifts-swap-they-leave", &[("name", &name)]))
        } else {
            None
        };
        Choice { disabled, ..choice(place.to_string(), format!("{name} · {}", words::shift_in(shift, context)), String::new()) }
    };
    let mut choices: Vec<Choice> = theirs.iter().enumerate().map(one).collect();
    // What can be chosen first.
    choices.sort_by_key(|choice| choice.disabled.is_some());
    choices
}

/// Who could take a span, best first, with hours, rest and what speaks against them.
#[must_use]
pub fn candidates(found: &[CoverCandidate], context: &Context<'_>) -> Vec<Choice> {
    let locale = context.locale;
    let one = |candidate: &CoverCandidate| {
        let name = clean(&context.directory.person_name(candidate.person));
        let handle = context.directory.people.get(&candidate.person).map_or_else(String::new, |person| clean(&person.handle));
        let mut against = Vec::new();
        if candidate.on_duty_elsewhere {
            against.push(locale.text("shifts-cover-on-duty").into_owned());
        }
        if !candidate.lacks_skills.is_empty() {
            against.push(locale.with("assignment-excluded-lacks-skill", &[("skill", &clean(&candidate.lacks_skills.join(", ")))]));
        }
        against.extend(candidate.breaches.first().map(|breach| breach_short(breach, context)));
        if !candidate.rested && candidate.breaches.is_empty() {
            against.push(locale.text("shifts-cover-short-rest").into_owned());
        }
        let rest = [candidate.rest_before_minutes, candidate.rest_after_minutes].into_iter().flatten().min();
        // What speaks against somebody comes first: the end of a hint is what a narrow screen cuts.
        let mut hint = against;
        hint.push(locale.with("shifts-cover-hours", &[("hours", &words::hours(candidate.minutes_in_period))]));
        hint.extend(rest.map(|rest| match rest {
            0 => locale.text("shifts-cover-adjacent").into_owned(),
            rest => locale.with("shifts-cover-rest", &[("hours", &words::hours(rest))]),
        }));
        Choice {
            disabled: candidate.on_leave.then(|| locale.text("shifts-cover-on-leave").into_owned()),
            ..choice(candidate.person.to_string(), format!("{name} ({handle})"), hint.join(" · "))
        }
    };
    found.iter().map(one).collect()
}

/// Changes by id.
#[must_use]
pub fn changes(ids: &[RosterChangeId], context: &Context<'_>) -> Vec<Choice> {
    let known = ids.iter().filter_map(|id| context.directory.roster_changes.get(id));
    known.map(|change| choice(change.id.to_string(), words::change(change, context), words::change_state(change, context))).collect()
}

/// Accept and decline, in words for who answers.
#[must_use]
pub fn answers(change: &RosterChange, context: &Context<'_>) -> Vec<Choice> {
    // What the answer is about stands behind the dialog; here is what a yes comes to.
    let when = words::span(change.from, change.to, context);
    let takes = change.state == ChangeState::Asked && change.other == Some(context.me.id);
    let comes = if takes { context.locale.with("shifts-answer-takes", &[("when", &when)]) } else { String::new() };
    let (yes, no) = match change.state {
        ChangeState::Accepted => ("shifts-approve", "shifts-refuse"),
        _ => ("shifts-accept", "shifts-decline"),
    };
    [("accept", yes, comes), ("decline", no, String::new())]
        .map(|(value, key, hint)| choice(value.to_owned(), context.locale.text(key).into_owned(), hint))
        .to_vec()
}
