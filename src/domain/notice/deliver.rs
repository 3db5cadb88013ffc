//! What becomes of an event for one person: whether it is listed, counted, and told aloud now.

use chrono_tz::Tz;

use super::settings::{Level, NoticeSettings, QuietHours};
use crate::domain::Timestamp;

/// Where an event is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub list: bool,
    pub badge: bool,
    pub terminal: bool,
    pub bell: bool,
}

/// Whether these hours hold at `now`. By the wall clock: an hour that comes twice is quiet twice.
#[must_use]
pub fn is_quiet(quiet: QuietHours, zone: Tz, now: Timestamp) -> bool {
    let time = now.with_timezone(&zone).time();
    if quiet.from < quiet.to { quiet.from <= time && time < quiet.to } else { quiet.from <= time || time < quiet.to }
}

/// Whether the event may make a sound at `now`.
#[must_use]
pub fn may_sound(event: &str, settings: &NoticeSettings, zone: Tz, now: Timestamp) -> bool {
    settings.level(event) != Level::None
        && (settings.urgent.contains(event) || !settings.quiet.is_some_and(|quiet| is_quiet(quiet, zone, now)))
}

/// What to do about `event` at `now`; `focused`: the person looks at the console.
#[must_use]
pub fn deliver(event: &str, settings: &NoticeSettings, zone: Tz, now: Timestamp, focused: bool) -> Told {
    let level = settings.level(event);
    let aloud = (!focused || settings.when_focused) && may_sound(event, settings, zone, now);
    Told {
        list: level >= Level::List,
        badge: level >= Level::Badge,
        terminal: aloud && level >= Level::Terminal,
        bell: aloud && level >= Level::Bell,
    }
}
