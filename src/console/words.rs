//! Desk words as people read them: status, priority, presence, times. Marks and words come first, colour only repeats them.

use super::locale::Locale;
use super::theme::Role;
use crate::base::text;
use crate::domain::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::escalation::{EscalationState, Verdict};
use crate::domain::id::PersonId;
use crate::domain::person::Presence;
use crate::domain::sla::{Clock, ClockKind};
use crate::domain::ticket::{Kind, LinkKind, Priority, Status, WaitReason};

/// Message key of a status.
#[must_use]
pub fn status(status: Status) -> &'static str {
    match status {
        Status::New => "status-new",
        Status::Open => "status-open",
        Status::Pending => "status-pending",
        Status::OnHold => "status-on-hold",
        Status::Solved => "status-solved",
        Status::Closed => "status-closed",
    }
}

/// Message key of a priority.
#[must_use]
pub fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Urgent => "priority-urgent",
        Priority::High => "priority-high",
        Priority::Normal => "priority-normal",
        Priority::Low => "priority-low",
    }
}

/// The mark of a priority in lists, one to two cells.
#[must_use]
pub fn priority_mark(priority: Priority) -> &'static str {
    match priority {
        Priority::Urgent => "!!",
        Priority::High => "!",
        Priority::Normal => "",
        Priority::Low => "-",
    }
}

#[must_use]
pub fn priority_role(priority: Priority) -> Role {
    match priority {
        Priority::Urgent => Role::PriorityUrgent,
        Priority::High => Role::PriorityHigh,
        Priority::Normal => Role::Text,
        Priority::Low => Role::Dim,
    }
}

/// Message key of a kind.
#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Question => "kind-question",
        Kind::Complaint => "kind-complaint",
        Kind::Exception => "kind-exception",
        Kind::Incident => "kind-incident",
        Kind::Feedback => "kind-feedback",
    }
}

/// Message key of a presence.
#[must_use]
pub fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "presence-available",
        Presence::Busy => "presence-busy",
        Presence::Away => "presence-away",
        Presence::Offline => "presence-offline",
    }
}

/// Message key of why a ticket waits.
#[must_use]
pub fn waits(waits: WaitReason) -> &'static str {
    match waits {
        WaitReason::Manual => "waits-manual",
        WaitReason::NobodyOnDuty => "waits-nobody-on-duty",
        WaitReason::NobodyPresent => "waits-nobody-present",
        WaitReason::AllAtCapacity => "waits-all-at-capacity",
        WaitReason::NobodySkilled => "waits-nobody-skilled",
    }
}

/// Message key of why a ticket waits, for a narrow column.
#[must_use]
pub fn waits_short(waits: WaitReason) -> &'static str {
    match waits {
        WaitReason::Manual => "waits-short-manual",
        WaitReason::NobodyOnDuty => "waits-short-nobody-on-duty",
        WaitReason::NobodyPresent => "waits-short-nobody-present",
        WaitReason::AllAtCapacity => "waits-short-all-at-capacity",
        WaitReason::NobodySkilled => "waits-short-nobody-skilled",
    }
}

/// Message key of a link.
#[must_use]
pub fn link(link: LinkKind) -> &'static str {
    match link {
        LinkKind::RelatesTo => "link-relates-to",
        LinkKind::DuplicateOf => "link-duplicate-of",
        LinkKind::Blocks => "link-blocks",
        LinkKind::BlockedBy => "link-blocked-by",
    }
}

/// Message key of a clock.
#[must_use]
pub fn clock(kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::FirstResponse => "clock-first-response",
        ClockKind::NextResponse => "clock-next-response",
        ClockKind::Resolution => "clock-resolution",
    }
}

/// Message key of an escalation's state.
#[must_use]
pub fn escalation(state: EscalationState) -> &'static str {
    match state {
        EscalationState::Asked => "escalation-asked",
        EscalationState::Accepted => "escalation-accepted",
        EscalationState::Declined => "escalation-declined",
        EscalationState::Joined => "escalation-joined",
        EscalationState::Unanswered => "escalation-unanswered",
        EscalationState::Withdrawn => "escalation-withdrawn",
        EscalationState::Left => "escalation-left",
    }
}

/// Message key of an expert's verdict, as part of a sentence.
#[must_use]
pub fn verdict(result: Verdict) -> &'static str {
    match result {
        Verdict::Solved => "call-verdict-solved",
        Verdict::Advice => "call-verdict-advice",
        Verdict::NotOurs => "call-verdict-not-ours",
        Verdict::NeedsVendor => "call-verdict-needs-vendor",
    }
}

/// A person's clean name; their id's head while the directory does not know them.
#[must_use]
pub fn person(directory: &Directory, id: PersonId) -> String {
    directory.people.get(&id).map_or_else(|| id.to_string().chars().take(8).collect(), |person| text::clean(&person.name))
}

/// A queue's clean name.
#[must_use]
pub fn queue(directory: &Directory, id: crate::domain::id::QueueId) -> String {
    directory.queues.get(&id).map_or_else(|| id.to_string().chars().take(8).collect(), |queue| text::clean(&queue.name))
}

/// Seconds until `due`, worded, with the role that says how near it is.
#[must_use]
pub fn countdown(locale: &Locale, due: Timestamp, now: Timestamp) -> (String, Role) {
    let left = (due - now).num_seconds();
    let role = match left {
        ..0 => Role::Danger,
        0..crate::client::view::BREACHING_SECS => Role::Warning,
        _ => Role::Text,
    };
    // Seconds under a minute would repaint every second for nothing anybody can act on: the minute is enough.
    let shown =
        if left.abs() < 60 { locale.text(if left < 0 { "span-just-late" } else { "span-soon" }).into_owned() } else { locale.span(left) };
    (shown, role)
}

/// A due time in a list, nine cells at most: late ones say so in a word, near ones by a mark.
#[must_use]
pub fn due(locale: &Locale, due: Timestamp, now: Timestamp) -> (String, Role) {
    let (shown, role) = countdown(locale, due, now);
    let late = (now - due).num_seconds();
    match role {
        // From ten hours on the minutes tell nobody anything.
        Role::Danger if (36_000..86_400).contains(&late) => (locale.with("due-late", &[("span", &locale.hours(late / 3600))]), role),
        Role::Danger => (locale.with("due-late", &[("span", shown.trim_start_matches('-'))]), role),
        Role::Warning => (format!("! {shown}"), role),
        _ => (shown, role),
    }
}

/// A clock in words: its countdown, or that it is paused or met.
#[must_use]
pub fn clock_state(locale: &Locale, clock: &Clock, now: Timestamp) -> (String, Role) {
    if let Some(stopped) = clock.stopped_at {
        return if stopped > clock.due_at {
            (locale.text("clock-missed").into_owned(), Role::Danger)
        } else {
            (locale.text("clock-met").into_owned(), Role::Good)
        };
    }
    if clock.paused_at.is_some() {
        return (locale.text("clock-paused").into_owned(), Role::Dim);
    }
    due(locale, clock.due_at, now)
}
