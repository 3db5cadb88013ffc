//! Whether an SLA policy can be kept: targets and steps within range, everything it names there.

use crate::domain::command::Given;
use crate::domain::conversation::ConversationKind;
use crate::domain::sla::clock::{BREACH, TARGET_MAX_SECS, WARNING};
use crate::domain::sla::policy::{SlaPolicy, SlaStep, SlaTargets, StepAct, StepAt};
use crate::domain::{Refusal, limits};

const RULES_MAX: usize = 200;
const STEPS_MAX: usize = 50;
const ACTS_MAX: usize = 20;

/// In a queue out of use, people who left and webhooks switched off may stay named.
///
/// # Errors
/// Names the first thing wrong.
pub fn check(given: Given<'_>, policy: &SlaPolicy, active: bool) -> Result<(), Refusal> {
    if !(1..=99).contains(&policy.warn_percent) {
        let message = format!("A warning at {} % makes no sense: use 1 to 99.", policy.warn_percent);
        return Err(Refusal::invalid("warn_percent_invalid", "sla.warn_percent", message));
    }
    for targets in policy.targets.values() {
        check_targets(targets, "sla.targets")?;
    }
    if policy.rules.len() > RULES_MAX {
        let message = format!("A policy has at most {RULES_MAX} rules: join some.");
        return Err(Refusal::invalid("too_many_rules", "sla.rules", message));
    }
    for (place, rule) in policy.rules.iter().enumerate() {
        let field = format!("sla.rules.{place}");
        check_targets(&rule.targets, &field)?;
        if let Some(class) = &rule.class {
            limits::length(class, "class", limits::NAME_MAX)?;
        }
    }
    if let Some(calendar) = policy.calendar.filter(|id| !given.directory().calendars.contains_key(id)) {
        let message = format!("There is no calendar {calendar}: choose one from the list of calendars, or none to count around the clock.");
        return Err(Refusal::invalid("unknown_calendar", "sla.calendar", message));
    }
    check_steps(given, &policy.steps, active)
}

fn check_targets(targets: &SlaTargets, field: &str) -> Result<(), Refusal> {
    let mut seconds = [targets.first_response_secs, targets.next_response_secs, targets.resolution_secs].into_iter().flatten();
    match seconds.find(|secs| !(1..=TARGET_MAX_SECS).contains(secs)) {
        Some(wrong) => {
            let message = format!("A target of {wrong} seconds is out of range: use 1 to {TARGET_MAX_SECS}, or none.");
            Err(Refusal::invalid("target_invalid", field, message))
        }
        None => Ok(()),
    }
}

fn check_steps(given: Given<'_>, steps: &[SlaStep], active: bool) -> Result<(), Refusal> {
    if steps.len() > STEPS_MAX {
        let message = format!("A policy has at most {STEPS_MAX} steps: join some.");
        return Err(Refusal::invalid("too_many_steps", "sla.steps", message));
    }
    for (place, step) in steps.iter().enumerate() {
        let field = format!("sla.steps.{place}");
        limits::key(&step.key, "key", "-").map_err(|refusal| Refusal { field: Some(format!("{field}.key")), ..refusal })?;
        if [WARNING, BREACH].contains(&step.key.as_str()) {
            let message = format!("Every clock has a step {:?} of its own: choose another key.", step.key);
            return Err(Refusal::invalid("step_key_reserved", &format!("{field}.key"), message));
        }
        if steps[..place].iter().any(|other| other.key == step.key) {
            let message = format!("Two steps have the key {:?}: a step that fired is known by it, choose another.", step.key);
            return Err(Refusal::invalid("step_key_taken", &format!("{field}.key"), message));
        }
        check_step(given, step, &field, active)?;
    }
    Ok(())
}

fn check_step(given: Given<'_>, step: &SlaStep, field: &str, active: bool) -> Result<(), Refusal> {
    match step.at {
        StepAt::Share { percent } if !(1..=99).contains(&percent) => {
            let message = format!("A step at {percent} % makes no sense: use 1 to 99, or a time after the breach.");
            return Err(Refusal::invalid("step_percent_invalid", &format!("{field}.at"), message));
        }
        StepAt::AfterBreach { secs } if !(0..=TARGET_MAX_SECS).contains(&secs) => {
            let message = format!("A step {secs} seconds after the breach is out of range: use 0 to {TARGET_MAX_SECS}.");
            return Err(Refusal::invalid("step_secs_invalid", &format!("{field}.at"), message));
        }
        _ => {}
    }
    if step.acts.is_empty() || step.acts.len() > ACTS_MAX {
        let message = format!("Step {:?} does {} things: give 1 to {ACTS_MAX}.", step.key, step.acts.len());
        return Err(Refusal::invalid("step_acts_invalid", &format!("{field}.acts"), message));
    }
    let field = format!("{field}.acts");
    for act in &step.acts {
        match act {
            StepAct::NotifyPerson { person } => {
                let known = given.directory().people.get(person);
                if known.is_none_or(|person| active && !person.active) {
                    let message = format!("Nobody here has the id {person}: name somebody from the directory.");
                    return Err(Refusal::invalid("unknown_person", &field, message));
                }
            }
            StepAct::PostChannel { channel } => {
                let known = given.facts.channels.get(channel);
                if known.is_none_or(|row| row.kind != ConversationKind::Channel) {
                    let message = format!("There is no channel {channel}: name a channel, not a direct conversation or a ticket's.");
                    return Err(Refusal::invalid("unknown_channel", &field, message));
                }
            }
            StepAct::CallWebhook { webhook } if !given.directory().webhooks.contains_key(webhook) => {
                let message = format!("There is no webhook {webhook}: make it first.");
                return Err(Refusal::invalid("unknown_webhook", &field, message));
            }
            _ => {}
        }
    }
    Ok(())
}
