//! Notices in full words: what happened, to which rota, when in the reader's zone, who asks; and where each leads.

use super::locale::Locale;
use super::pane::Context;
use super::panes::times;
use super::words;
use crate::base::text::clean;
use crate::domain::Timestamp;
use crate::domain::assignment::EndReason;
use crate::domain::id::{HandoverId, QueueId, RosterChangeId, RotaId};
use crate::domain::notice::{Notice, NoticeKind};
use crate::domain::roster::{ChangeState, RosterChange, RosterChangeKind};
use crate::domain::ticket::WaitReason;

/// Whether the notice is told at once: soon it is too late to act on it.
#[must_use]
pub fn urgent(kind: &NoticeKind) -> bool {
    use NoticeKind as N;
    matches!(
        kind,
        N::Reminder { .. }
            | N::FollowUpDue { .. }
            | N::HandoverDrafted { .. }
            | N::ShiftSoon { .. }
            | N::SwapAsked { .. }
            | N::LastLeaving { .. }
            | N::GapAhead { .. }
            | N::SetAway
            | N::EscalationUnanswered
            | N::IncidentDeclared
            | N::IncidentUpdateDue { .. }
    )
}

/// The handover that the notice leads to.
#[must_use]
pub fn handover_of(kind: &NoticeKind) -> Option<HandoverId> {
    match kind {
        NoticeKind::HandoverDrafted { handover, .. }
        | NoticeKind::HandoverSigned { handover, .. }
        | NoticeKind::HandoverUnsigned { handover, .. } => Some(*handover),
        _ => None,
    }
}

/// When the duty is that the notice tells of; absent when it is not about duty.
#[must_use]
pub fn duty_at(kind: &NoticeKind, context: &Context<'_>) -> Option<Timestamp> {
    let change = |id: &RosterChangeId| context.directory.roster_changes.get(id).map(|change| change.from);
    match kind {
        NoticeKind::ShiftSoon { from, .. } | NoticeKind::GapAhead { from, .. } => Some(*from),
        NoticeKind::LastLeaving { at, .. } => Some(*at),
        NoticeKind::SwapAsked { change: id } | NoticeKind::SwapAnswered { change: id, .. } | NoticeKind::DutyChanged { change: id } => {
            change(id)
        }
        _ => None,
    }
}

/// One sentence, clean, without the ticket's number.
#[must_use]
pub fn sentence(notice: &Notice, context: &Context<'_>) -> String {
    let locale = context.locale;
    let plain = |key: &str| locale.text(key).into_owned();
    let moment = |at| times::moment(locale, at, context.now, context.zone);
    match &notice.kind {
        NoticeKind::Assigned => plain("notice-assigned"),
        NoticeKind::NobodyEligible { waits, queue, count } => nobody_eligible(*waits, *queue, *count, context),
        NoticeKind::Reminder { text } if text.is_empty() => plain("notice-reminder-bare"),
        NoticeKind::Reminder { text } => locale.with("notice-reminder", &[("text", &clean(text))]),
        NoticeKind::FollowUpDue { text } => locale.with("notice-follow-up-due", &[("text", &clean(text))]),
        NoticeKind::HandoverDrafted { rota, .. } => locale.with("notice-handover-drafted", &[("rota", &rota_name(*rota, context))]),
        NoticeKind::HandoverSigned { rota, .. } => locale.with("notice-handover-signed", &[("rota", &rota_name(*rota, context))]),
        NoticeKind::HandoverUnsigned { rota, .. } => locale.with("notice-handover-unsigned", &[("rota", &rota_name(*rota, context))]),
        NoticeKind::SlaWarning => plain("notice-sla-warning"),
        NoticeKind::SlaBreached => plain("notice-sla-breached"),
        NoticeKind::Mentioned => plain("notice-mentioned"),
        NoticeKind::EscalationAsked => plain("notice-escalation-asked"),
        NoticeKind::EscalationAnswered { accepted: true } => plain("notice-escalation-accepted"),
        NoticeKind::EscalationAnswered { accepted: false } => plain("notice-escalation-declined"),
        NoticeKind::EscalationUnanswered => plain("notice-escalation-unanswered"),
        NoticeKind::EscalationWithdrawn => plain("notice-escalation-withdrawn"),
        NoticeKind::EscalationLeft { result } => {
            locale.with("notice-escalation-left", &[("verdict", &locale.text(words::verdict(*result)))])
        }
        NoticeKind::ExpertOffDuty { expert } => {
            locale.with("notice-expert-off-duty", &[("name", &words::person(context.directory, *expert))])
        }
        NoticeKind::Returned { reason } => locale.with("notice-returned", &[("why", &locale.text(returned(*reason)))]),
        NoticeKind::LowRating { score } => locale.with("notice-low-rating", &[("score", &score.to_string())]),
        NoticeKind::SetAway => plain("notice-set-away"),
        NoticeKind::SlaStep { step, clock } => {
            locale.with("notice-sla-step", &[("step", &clean(step)), ("clock", &locale.text(words::clock(*clock)))])
        }
        NoticeKind::ShiftSoon { rota, from } => {
            locale.with("notice-shift-soon", &[("rota", &rota_name(*rota, context)), ("time", &moment(*from))])
        }
        NoticeKind::LastLeaving { rota, at } => {
            locale.with("notice-last-leaving", &[("rota", &rota_name(*rota, context)), ("time", &moment(*at))])
        }
        NoticeKind::GapAhead { rota, from, to, required, on_duty } => locale.with(
            "notice-gap-ahead",
            &[
                ("rota", &rota_name(*rota, context)),
                ("span", &span(*from, *to, context)),
                ("required", &required.to_string()),
                ("on", &on_duty.to_string()),
            ],
        ),
        NoticeKind::IncidentDeclared => plain("notice-incident-declared"),
        NoticeKind::IncidentUpdateDue { due_at, overdue } => {
            let key = if *overdue { "notice-incident-overdue" } else { "notice-incident-update" };
            locale.with(key, &[("time", &moment(*due_at))])
        }
        NoticeKind::SwapAsked { change } => about_change(*change, context, swap_asked),
        NoticeKind::SwapAnswered { change, accepted } => {
            let key = if *accepted { "notice-swap-accepted" } else { "notice-swap-declined" };
            about_change(*change, context, |change, context| swap_answered(key, change, context))
        }
        NoticeKind::DutyChanged { change } => about_change(*change, context, duty_changed),
    }
}

/// One ticket that waits, or how many of which queue.
fn nobody_eligible(waits: WaitReason, queue: Option<QueueId>, count: u32, context: &Context<'_>) -> String {
    let why = context.locale.text(waiting(waits));
    let queue = queue.and_then(|queue| context.directory.queues.get(&queue)).map(|queue| clean(&queue.name));
    match queue.filter(|_| count > 1) {
        Some(queue) => context.locale.with("notice-nobody-eligible-many", &[("n", &count.to_string()), ("queue", &queue), ("why", &why)]),
        None => context.locale.with("notice-nobody-eligible", &[("why", &why)]),
    }
}

/// Words for a change of the roster; one without data when this console does not hold it any more.
fn about_change(id: RosterChangeId, context: &Context<'_>, say: impl Fn(&RosterChange, &Context<'_>) -> String) -> String {
    let known = context.directory.roster_changes.get(&id);
    known.map_or_else(|| context.locale.text("notice-change-gone").into_owned(), |change| say(change, context))
}

fn swap_asked(change: &RosterChange, context: &Context<'_>) -> String {
    let name = words::person(context.directory, change.person);
    let other = change.other.map_or_else(String::new, |other| words::person(context.directory, other));
    let theirs = span(change.from, change.to, context);
    let mine = match (change.other_from, change.other_to) {
        (Some(from), Some(to)) => span(from, to, context),
        _ => String::new(),
    };
    let key = match () {
        () if change.other != Some(context.me.id) && change.state != ChangeState::Asked => "notice-swap-approve",
        () if mine.is_empty() => "notice-swap-take",
        () => "notice-swap-asked",
    };
    context.locale.with(key, &[("name", &name), ("other", &other), ("theirs", &theirs), ("mine", &mine)])
}

fn swap_answered(key: &str, change: &RosterChange, context: &Context<'_>) -> String {
    let who = change.answered_by.or(change.other).map_or_else(String::new, |who| words::person(context.directory, who));
    context.locale.with(key, &[("name", &who), ("span", &span(change.from, change.to, context))])
}

fn duty_changed(change: &RosterChange, context: &Context<'_>) -> String {
    let locale = context.locale;
    let kind = match (change.cancelled, change.kind) {
        (true, _) => "notice-duty-withdrawn",
        (_, RosterChangeKind::Leave) => "notice-duty-leave",
        (_, RosterChangeKind::Cover) if change.other == Some(context.me.id) => "notice-duty-cover",
        (_, RosterChangeKind::Cover) => "notice-duty-covered",
        (_, RosterChangeKind::Extra) => "notice-duty-extra",
        (_, RosterChangeKind::Swap) => "notice-duty-swap",
        (_, RosterChangeKind::Cancel) => "notice-duty-cancel",
    };
    let args = [
        ("rota", rota_name(change.rota, context)),
        ("span", span(change.from, change.to, context)),
        ("name", words::person(context.directory, change.person)),
        ("other", change.other.map_or_else(String::new, |other| words::person(context.directory, other))),
    ];
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    locale.with("notice-duty-changed", &[("what", &locale.with(kind, &args))])
}

fn rota_name(id: RotaId, context: &Context<'_>) -> String {
    context.directory.rotas.get(&id).map_or_else(|| id.to_string().chars().take(8).collect(), |rota| clean(&rota.name))
}

/// `15:00-23:00`, `tomorrow 23:00-07:00`.
fn span(from: Timestamp, to: Timestamp, context: &Context<'_>) -> String {
    format!("{}-{}", times::moment(context.locale, from, context.now, context.zone), times::clock(to, context.zone))
}

/// Message key of why nobody has a ticket, as part of a sentence.
fn waiting(waits: WaitReason) -> &'static str {
    match waits {
        WaitReason::Manual => "assignment-waits-manual",
        WaitReason::NobodyOnDuty => "assignment-waits-nobody-on-duty",
        WaitReason::NobodyPresent => "assignment-waits-nobody-present",
        WaitReason::AllAtCapacity => "assignment-waits-all-at-capacity",
        WaitReason::NobodySkilled => "assignment-waits-nobody-skilled",
    }
}

/// Message key of why a ticket left somebody, as part of a sentence.
fn returned(reason: EndReason) -> &'static str {
    match reason {
        EndReason::NotAccepted => "returned-not-accepted",
        EndReason::Away => "returned-away",
        EndReason::EndOfShift => "returned-end-of-shift",
        EndReason::OwnerOffDuty => "returned-off-duty",
        EndReason::Reassigned => "returned-reassigned",
        EndReason::MovedQueue => "returned-moved",
        EndReason::Released | EndReason::Solved | EndReason::Closed | EndReason::Merged => "returned-by-hand",
    }
}

/// A line of the list: read or not, what, which ticket.
#[must_use]
pub fn line(notice: &Notice, context: &Context<'_>) -> String {
    let mark = if notice.read { " " } else { "*" };
    let ticket = notice.ticket.map(|number| format!("#{number} ")).unwrap_or_default();
    format!("{mark} {ticket}{}", sentence(notice, context))
}

/// How many are unread, for the top line.
#[must_use]
pub fn badge(locale: &Locale, unread: usize) -> Option<String> {
    (unread > 0).then(|| locale.count("link-notices", unread))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::NoticeKind as N;
    use super::*;
    use crate::console::locale::Language;
    use crate::console::panes::sample::{Sample, now, person_id};
    use crate::domain::id::{NoticeId, TicketNumber};
    use crate::domain::sla::ClockKind;

    fn kinds(sample: &mut Sample) -> Vec<NoticeKind> {
        let rota = RotaId(Uuid::from_u128(201));
        let cover = RosterChangeId(Uuid::from_u128(300));
        let given = sample.directory.roster_changes[&cover].clone();
        let change = |n, kind, state| RosterChange {
            id: RosterChangeId(Uuid::from_u128(n)),
            kind,
            state,
            other: Some(person_id(1)),
            other_from: Some(now() + TimeDelta::hours(30)),
            other_to: Some(now() + TimeDelta::hours(38)),
            answered_by: Some(person_id(5)),
            ..given.clone()
        };
        let changes = [
            change(301, RosterChangeKind::Swap, ChangeState::Asked),
            change(302, RosterChangeKind::Swap, ChangeState::Accepted),
            change(303, RosterChangeKind::Extra, ChangeState::InForce),
            RosterChange { cancelled: true, ..change(304, RosterChangeKind::Leave, ChangeState::InForce) },
            RosterChange { other: Some(person_id(3)), ..change(305, RosterChangeKind::Swap, ChangeState::Accepted) },
        ];
        sample.directory.roster_changes.extend(changes.map(|change| (change.id, change)));
        let id = |n| RosterChangeId(Uuid::from_u128(n));
        vec![
            NoticeKind::ShiftSoon { rota, from: now() + TimeDelta::minutes(30) },
            NoticeKind::SwapAsked { change: id(301) },
            NoticeKind::SwapAsked { change: id(305) },
            NoticeKind::SwapAnswered { change: id(302), accepted: true },
            NoticeKind::SwapAnswered { change: id(302), accepted: false },
            NoticeKind::DutyChanged { change: cover },
            NoticeKind::DutyChanged { change: id(301) },
            NoticeKind::DutyChanged { change: id(303) },
            NoticeKind::DutyChanged { change: id(304) },
            NoticeKind::DutyChanged { change: id(999) },
            NoticeKind::GapAhead { rota, from: now() + TimeDelta::hours(24), to: now() + TimeDelta::hours(26), required: 2, on_duty: 1 },
            NoticeKind::LastLeaving { rota, at: now() + TimeDelta::hours(1) },
            NoticeKind::SlaStep { step: "call\u{1b}[2J the lead".into(), clock: ClockKind::Resolution },
            NoticeKind::Returned { reason: EndReason::EndOfShift },
            NoticeKind::Returned { reason: EndReason::NotAccepted },
            NoticeKind::NobodyEligible { waits: WaitReason::NobodyOnDuty, queue: None, count: 1 },
            NoticeKind::SetAway,
            NoticeKind::Assigned,
        ]
    }

    #[test]
    fn each_is_told_in_full_words() {
        for language in Language::ALL {
            let mut sample = Sample::new(language);
            let kinds = kinds(&mut sample);
            let lines = kinds.into_iter().enumerate().map(|(n, kind)| {
                let ticket = matches!(kind, NoticeKind::SlaStep { .. } | NoticeKind::Returned { .. }).then_some(TicketNumber(1042));
                let (id, person) = (NoticeId(Uuid::from_u128(n as u128)), person_id(1));
                let notice = Notice { id, version: 1, person, kind, ticket, conversation: None, at: now(), read: n % 5 == 4 };
                let line = line(&notice, &sample.context());
                assert!(!line.contains('\u{1b}'));
                format!("{line}\n")
            });
            insta::assert_snapshot!(format!("notices-{}", language.tag()), lines.collect::<String>());
        }
    }

    /// Each kind has its own sentence in each language, and its event a name in the settings.
    #[test]
    fn no_kind_is_without_words() {
        let mut told = std::collections::BTreeSet::new();
        for language in Language::ALL {
            let sample = Sample::new(language);
            let context = sample.context();
            for kind in crate::domain::notice::samples::one_of_each() {
                let event = format!("event-{}", kind.word().replace('_', "-"));
                assert!(context.locale.find(&event).is_some(), "{event} in {}", language.tag());
                let (id, person) = (NoticeId(Uuid::from_u128(1)), person_id(1));
                let notice = Notice { id, version: 1, person, kind, ticket: None, conversation: None, at: now(), read: false };
                let sentence = sentence(&notice, &context);
                assert!(!sentence.contains("notice-") && !sentence.contains('{'), "{sentence}");
                // The changes of the roster are none that this console holds.
                assert!(
                    told.insert(sentence.clone()) || matches!(notice.kind, N::SwapAnswered { .. } | N::DutyChanged { .. }),
                    "{sentence}"
                );
            }
        }
    }

    #[test]
    fn what_is_about_duty_leads_to_its_time() {
        let mut sample = Sample::new(Language::English);
        let kinds = kinds(&mut sample);
        let led: Vec<_> = kinds.iter().map(|kind| duty_at(kind, &sample.context()).is_some()).collect();
        assert_eq!(led, [[true; 9].as_slice(), &[false], &[true; 2], &[false; 6]].concat());
        assert_eq!(kinds.iter().filter(|kind| urgent(kind)).count(), 6);
    }
}
