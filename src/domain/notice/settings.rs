//! How one person wants to be told: by kind of event, with quiet hours. Theirs alone; the server and all their consoles follow it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::command::{Change, Given, Outcome, draft};
use crate::domain::id::PersonId;
use crate::domain::row::Row;
use crate::domain::{Refusal, suggest};

/// How loudly an event is told. Each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Not at all.
    None,
    /// In the list of notices.
    List,
    /// Counted on the top line as well.
    Badge,
    /// By the terminal's own notification as well.
    Terminal,
    /// With the bell.
    Bell,
}

impl Level {
    pub const ALL: [Self; 5] = [Self::None, Self::List, Self::Badge, Self::Terminal, Self::Bell];
}

/// By which sequence the terminal is asked to notify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TerminalWay {
    /// What the terminal is known to understand.
    #[default]
    Auto,
    /// iTerm2, `WezTerm`, Windows Terminal.
    Osc9,
    /// urxvt, foot, Ghostty, VTE.
    Osc777,
    /// Kitty.
    Osc99,
    /// The bell alone.
    Bell,
}

impl TerminalWay {
    pub const ALL: [Self; 5] = [Self::Auto, Self::Osc9, Self::Osc777, Self::Osc99, Self::Bell];
}

/// From when to when, in the person's time zone, only what may pass is told aloud; over midnight when `to` is earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuietHours {
    #[schema(value_type = String, example = "22:00:00")]
    pub from: NaiveTime,
    #[schema(value_type = String, example = "07:00:00")]
    pub to: NaiveTime,
}

/// How one person wants to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NoticeSettings {
    pub person: PersonId,
    #[serde(default)]
    pub version: i64,
    /// By event, as in [`EVENTS`]; the others have their usual level.
    #[serde(default)]
    pub levels: BTreeMap<String, Level>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
    /// Events that are told in quiet hours too.
    #[serde(default = "usual_urgent")]
    pub urgent: BTreeSet<String>,
    #[serde(default)]
    pub terminal: TerminalWay,
    /// Also while the terminal has the focus.
    #[serde(default)]
    pub when_focused: bool,
}

fn usual_urgent() -> BTreeSet<String> {
    ["escalation_asked", "sla_breached"].map(str::to_owned).into()
}

/// The events that a person is told of: the words of notices.
pub const EVENTS: [&str; 28] = [
    "assigned",
    "returned",
    "mentioned",
    "reminder",
    "follow_up_due",
    "escalation_asked",
    "escalation_answered",
    "escalation_unanswered",
    "escalation_withdrawn",
    "escalation_left",
    "expert_off_duty",
    "sla_warning",
    "sla_breached",
    "sla_step",
    "low_rating",
    "incident_declared",
    "incident_update_due",
    "nobody_eligible",
    "set_away",
    "shift_soon",
    "swap_asked",
    "swap_answered",
    "duty_changed",
    "gap_ahead",
    "last_leaving",
    "handover_drafted",
    "handover_signed",
    "handover_unsigned",
];

/// The level of an event that nobody set.
#[must_use]
pub fn usual(event: &str) -> Level {
    match event {
        "escalation_asked" | "reminder" => Level::Bell,
        "assigned" | "mentioned" | "sla_breached" | "shift_soon" | "last_leaving" | "swap_asked" | "follow_up_due" => Level::Terminal,
        // Whoever leads is the last one who could see to these.
        "escalation_unanswered" | "incident_declared" | "incident_update_due" => Level::Terminal,
        _ => Level::Badge,
    }
}

impl NoticeSettings {
    /// As they are before anything is set.
    #[must_use]
    pub fn usual(person: PersonId) -> Self {
        Self {
            person,
            version: 0,
            levels: BTreeMap::new(),
            quiet: None,
            urgent: usual_urgent(),
            terminal: TerminalWay::Auto,
            when_focused: false,
        }
    }

    #[must_use]
    pub fn level(&self, event: &str) -> Level {
        self.levels.get(event).copied().unwrap_or_else(|| usual(event))
    }
}

/// # Errors
/// When the settings are somebody else's, or name what does not exist.
pub fn put_notice_settings(given: Given<'_>, settings: &NoticeSettings) -> Result<Outcome, Refusal> {
    let person = given.person()?;
    if settings.person != person.id {
        return Err(Refusal::forbidden("How somebody is told is theirs alone to choose: change your own settings."));
    }
    for event in settings.levels.keys().chain(&settings.urgent) {
        if !EVENTS.contains(&event.as_str()) {
            let message = format!("There is no event {event:?}.{}", suggest::near_or_all(event, EVENTS.into_iter()));
            return Err(Refusal::invalid("event_unknown", "levels", message));
        }
    }
    if settings.quiet.is_some_and(|quiet| quiet.from == quiet.to) {
        let message = "Quiet hours end when they begin: give two different times, such as 22:00 and 07:00.";
        return Err(Refusal::invalid("quiet_empty", "quiet", message));
    }
    let old = given.directory().notice_settings.get(&person.id);
    let new = NoticeSettings { version: given.facts.replaced_version + 1, ..settings.clone() };
    Ok(draft::put_row(given, old, &new, Change::Put(Row::NoticeSettings(new.clone()))))
}
