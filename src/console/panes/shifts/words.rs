//! Shifts, gaps, changes and proposals in words. Everything from outside is cleaned here.

use crate::base::text::clean;
use crate::console::pane::Context;
use crate::console::panes::times;
use crate::domain::Timestamp;
use crate::domain::id::RotaId;
use crate::domain::roster::pattern::EXTRA_CODE;
use crate::domain::roster::{ChangeState, Gap, PlanState, RosterChange, RosterChangeKind, RosterPlan, Shift, ShiftType};

#[must_use]
pub fn rota_name(rota: RotaId, context: &Context<'_>) -> String {
    context.directory.rotas.get(&rota).map_or_else(String::new, |rota| clean(&rota.name))
}

#[must_use]
pub fn shift_type<'a>(rota: RotaId, code: &str, context: &Context<'a>) -> Option<&'a ShiftType> {
    context.directory.rotas.get(&rota)?.shift_types.iter().find(|kind| kind.code == code)
}

/// The name of a shift's type.
#[must_use]
pub fn kind(shift: &Shift, context: &Context<'_>) -> String {
    shift_type(shift.rota, &shift.code, context).map_or_else(
        || if shift.code == EXTRA_CODE { context.locale.text("shifts-extra").into_owned() } else { clean(&shift.code) },
        |kind| clean(&kind.name),
    )
}

/// `today`, `Tue 24 Nov`.
#[must_use]
pub fn day_of(at: Timestamp, context: &Context<'_>) -> String {
    times::day(context.locale, times::date_of(at, context.zone), times::date_of(context.now, context.zone))
}

/// `tomorrow 07:00-15:00 Early, Payments rota`.
#[must_use]
pub fn shift(shift: &Shift, context: &Context<'_>) -> String {
    let (day, span) = (day_of(shift.from, context), times::span(shift.from, shift.to, context.zone));
    let (kind, rota) = (kind(shift, context), rota_name(shift.rota, context));
    context.locale.with("shifts-shift", &[("day", &day), ("span", &span), ("kind", &kind), ("rota", &rota)])
}

/// The same within a known rota: `tomorrow 07:00-15:00 Early`.
#[must_use]
pub fn shift_in(shift: &Shift, context: &Context<'_>) -> String {
    format!("{} {} {}", day_of(shift.from, context), times::span(shift.from, shift.to, context.zone), kind(shift, context))
}

/// `Tue 24 Nov 07:00 - 15:00`, `Tue 24 Nov 23:00 - Wed 07:00` where the second day is another.
#[must_use]
pub fn span(from: Timestamp, to: Timestamp, context: &Context<'_>) -> String {
    let zone = context.zone;
    let midnight = |at| times::midnight(times::date_of(at, zone), zone) == at;
    let last = times::date_of(to - chrono::TimeDelta::seconds(1), zone);
    if midnight(from) && midnight(to) {
        let first = times::date_of(from, zone);
        let today = times::date_of(context.now, zone);
        let first_words = times::day(context.locale, first, today);
        return if first == last { first_words } else { format!("{first_words} - {}", times::day(context.locale, last, today)) };
    }
    let (first, ends) = (times::date_of(from, zone), times::date_of(to, zone));
    let until = if first == last || first == ends {
        times::clock(to, zone)
    } else if (ends - times::date_of(context.now, zone)).num_days().abs() > 1 && (ends - first).num_days() < 7 {
        // Within a week of the first day its weekday says which.
        format!("{} {}", times::weekday(context.locale, ends), times::clock(to, zone))
    } else {
        format!("{} {}", day_of(to, context), times::clock(to, zone))
    };
    format!("{} {} - {until}", day_of(from, context), times::clock(from, zone))
}

/// `gap: Front desk tomorrow 07:00 - 15:00, 0 of 1 on duty`.
#[must_use]
pub fn gap(gap: &Gap, context: &Context<'_>) -> String {
    let (on_duty, required) = (gap.on_duty.to_string(), gap.required.to_string());
    let (name, span) = (rota_name(gap.rota, context), span(gap.from, gap.to, context));
    context.locale.with("shifts-gap-detail", &[("rota", &name), ("span", &span), ("on", &on_duty), ("required", &required)])
}

/// `李娜 covers Maria Silva, tomorrow 07:00 - 11:00, Front desk (dentist)`.
#[must_use]
pub fn change(change: &RosterChange, context: &Context<'_>) -> String {
    let name = |id| clean(&context.directory.person_name(id));
    let person = name(change.person);
    let other = change.other.map(name).unwrap_or_default();
    let (when, rota) = (span(change.from, change.to, context), rota_name(change.rota, context));
    let theirs = change.other_from.zip(change.other_to).map(|(from, to)| span(from, to, context)).unwrap_or_default();
    let key = match change.kind {
        RosterChangeKind::Leave => "shifts-change-leave",
        RosterChangeKind::Cover => "shifts-change-cover",
        RosterChangeKind::Extra => "shifts-change-extra",
        RosterChangeKind::Cancel => "shifts-change-cancel",
        RosterChangeKind::Swap => "shifts-change-swap",
    };
    let args = [("person", person.as_str()), ("other", &other), ("when", &when), ("theirs", &theirs), ("rota", &rota)];
    let words = context.locale.with(key, &args);
    let reason = clean(&change.reason);
    let key = if reason.is_empty() { "shifts-change-plain" } else { "shifts-change-because" };
    context.locale.with(key, &[("change", &words), ("reason", &reason)])
}

/// How far a change has come: `waits for 李娜`.
#[must_use]
pub fn change_state(change: &RosterChange, context: &Context<'_>) -> String {
    if change.cancelled {
        return context.locale.text("shifts-state-withdrawn").into_owned();
    }
    let locale = context.locale;
    let me = context.me.id;
    match change.state {
        ChangeState::InForce => locale.text("shifts-state-in-force").into_owned(),
        ChangeState::Asked if change.other == Some(me) => locale.text("shifts-state-waits-for-you").into_owned(),
        ChangeState::Asked => {
            let name = change.other.map_or_else(String::new, |other| clean(&context.directory.person_name(other)));
            locale.with("shifts-state-waits", &[("name", &name)])
        }
        ChangeState::Accepted if crate::domain::access::may_lead(context.me) => locale.text("shifts-state-approve").into_owned(),
        ChangeState::Accepted => locale.text("shifts-state-waits-lead").into_owned(),
        ChangeState::Declined => {
            let answer = clean(&change.answer);
            let word = locale.text("shifts-state-declined").into_owned();
            if answer.is_empty() { word } else { format!("{word}: {answer}") }
        }
    }
}

/// Why a shift is not what the pattern says: `for Maria Silva: dentist`, `swap with …`, `extra`.
#[must_use]
pub fn behind(shift: &Shift, context: &Context<'_>) -> String {
    let Some(change) = shift.change.and_then(|id| context.directory.roster_changes.get(&id)) else { return String::new() };
    let whose = if shift.person == change.person { change.other } else { Some(change.person) };
    let name = whose.map_or_else(String::new, |person| clean(&context.directory.person_name(person)));
    let words = match change.kind {
        RosterChangeKind::Cover => context.locale.with("shifts-behind-cover", &[("name", &name)]),
        RosterChangeKind::Swap => context.locale.with("shifts-behind-swap", &[("name", &name)]),
        RosterChangeKind::Extra => context.locale.text("shifts-extra").into_owned(),
        RosterChangeKind::Leave | RosterChangeKind::Cancel => String::new(),
    };
    let reason = clean(&change.reason);
    if reason.is_empty() { words } else { format!("{words}: {reason}") }
}

/// `1 Dec - 31 Dec`, both included.
#[must_use]
pub fn plan_days(plan: &RosterPlan, context: &Context<'_>) -> String {
    let last = plan.to.pred_opt().unwrap_or(plan.to);
    format!("{} - {}", times::date(context.locale, plan.from), times::date(context.locale, last))
}

/// Message key of a plan's state.
#[must_use]
pub fn plan_state(state: PlanState) -> &'static str {
    match state {
        PlanState::Proposed => "shifts-plan-proposed",
        PlanState::Published => "shifts-plan-published",
        PlanState::Withdrawn => "shifts-plan-withdrawn",
    }
}

/// `8h`, `7h30`, `50m`.
#[must_use]
pub fn hours(minutes: i64) -> String {
    let (hours, rest) = (minutes / 60, (minutes % 60).abs());
    if hours == 0 && rest > 0 {
        return format!("{rest}m");
    }
    if rest == 0 { format!("{hours}h") } else { format!("{hours}h{rest:02}") }
}
