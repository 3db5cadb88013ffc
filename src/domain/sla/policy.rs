//! What a queue promises: targets, the calendar they count in, and what happens as they near and pass.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ClockKind;
use crate::domain::id::{CalendarId, ConversationId, PersonId, WebhookId};
use crate::domain::ticket::{Kind, Priority, Ticket};

/// Targets in seconds of the policy's calendar; `None` sets no target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlaTargets {
    #[serde(default)]
    pub first_response_secs: Option<i64>,
    #[serde(default)]
    pub next_response_secs: Option<i64>,
    #[serde(default)]
    pub resolution_secs: Option<i64>,
}

impl SlaTargets {
    /// The target of one kind of clock, in seconds.
    #[must_use]
    pub fn of(&self, kind: ClockKind) -> Option<i64> {
        match kind {
            ClockKind::FirstResponse => self.first_response_secs,
            ClockKind::NextResponse => self.next_response_secs,
            ClockKind::Resolution => self.resolution_secs,
        }
    }
}

/// Targets for some tickets; absent fields match any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlaRule {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The requester's class, such as `vip`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    pub targets: SlaTargets,
}

impl SlaRule {
    /// Whether all that it names is the ticket's.
    #[must_use]
    pub fn matches(&self, ticket: &Ticket) -> bool {
        self.priority.is_none_or(|priority| priority == ticket.priority)
            && self.kind.is_none_or(|kind| kind == ticket.kind)
            && self.class.as_ref().is_none_or(|class| ticket.requester.class.as_ref() == Some(class))
    }
}

/// When a step is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StepAt {
    /// When this share of the target has run, in percent (1 to 99).
    Share { percent: u8 },
    /// This long after the target has run out, in seconds of the policy's calendar; 0 is the breach itself.
    AfterBreach { secs: i64 },
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StepAct {
    NotifyAssignee,
    NotifyLead,
    NotifyPerson {
        person: PersonId,
    },
    /// A message by the desk in a channel.
    PostChannel {
        channel: ConversationId,
    },
    CallWebhook {
        webhook: WebhookId,
    },
    /// One higher, up to urgent; the clocks are planned again.
    RaisePriority,
    /// Calls an expert of the next tier, up to 3.
    EscalateTier,
}

/// An escalation step of a policy, beside the warning and the breach that every clock has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlaStep {
    /// Unique within the policy; a step that fired is known by it.
    pub key: String,
    /// Empty: every kind.
    #[serde(default)]
    pub clocks: Vec<ClockKind>,
    pub at: StepAt,
    pub acts: Vec<StepAct>,
}

/// SLA of a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SlaPolicy {
    /// Raised by the desk when anything here changes: open tickets are then planned again.
    #[serde(default)]
    pub revision: i64,
    /// Business hours; around the clock when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarId>,
    /// The first that matches a ticket gives its targets; else `targets` by priority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<SlaRule>,
    #[serde(default)]
    pub targets: BTreeMap<Priority, SlaTargets>,
    /// Warn when this share of a target has run, in percent (1 to 99).
    #[serde(default = "default_warn_percent")]
    pub warn_percent: u8,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<SlaStep>,
}

impl Default for SlaPolicy {
    fn default() -> Self {
        Self {
            revision: 0,
            calendar: None,
            rules: Vec::new(),
            targets: BTreeMap::new(),
            warn_percent: default_warn_percent(),
            steps: Vec::new(),
        }
    }
}

impl SlaPolicy {
    /// What is promised for a ticket: by the first rule that matches it, else by its priority.
    #[must_use]
    pub fn targets_for(&self, ticket: &Ticket) -> SlaTargets {
        let rule = self.rules.iter().find(|rule| rule.matches(ticket)).map(|rule| rule.targets);
        rule.or_else(|| self.targets.get(&ticket.priority).copied()).unwrap_or_default()
    }

    /// The steps of one kind of clock.
    pub fn steps_of(&self, kind: ClockKind) -> impl Iterator<Item = &SlaStep> {
        self.steps.iter().filter(move |step| step.clocks.is_empty() || step.clocks.contains(&kind))
    }

    /// The channels that steps post to.
    #[must_use]
    pub fn channels(&self) -> Vec<ConversationId> {
        let mut channels: Vec<_> = self
            .steps
            .iter()
            .flat_map(|step| &step.acts)
            .filter_map(|act| match act {
                StepAct::PostChannel { channel } => Some(*channel),
                _ => None,
            })
            .collect();
        channels.sort_unstable();
        channels.dedup();
        channels
    }

    /// Whether another policy promises the same, whatever its revision.
    #[must_use]
    pub fn promises_as(&self, other: &Self) -> bool {
        Self { revision: other.revision, ..self.clone() } == *other
    }
}

fn default_warn_percent() -> u8 {
    80
}
