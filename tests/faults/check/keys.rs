//! Each key had exactly one effect when it was acknowledged, none when it was refused, one or none when nobody knows; and
//! nothing happened that nobody asked for.

use std::collections::HashMap;

use dutydesk::domain::audit::AuditActor;

use super::audit::Steps;
use super::desk::Desk;
use super::effects::Effect;
use super::{Evidence, Findings};
use crate::history::End;

const RULE: &str = "keys";

pub fn check(desk: &Desk, steps: &Steps, evidence: &Evidence, effects: &[Effect<'_>], findings: &mut Findings) {
    for history in &evidence.histories {
        let answers = history.operations.iter().map(|operation| operation.answers).sum::<usize>();
        *findings.compared.entry(RULE).or_default() += answers;
        findings.violations.extend(history.violations.iter().map(|sentence| format!("{RULE}: {sentence}")));
    }
    for effect in effects {
        findings.fact(RULE, stored(effect).err());
    }
    messages(desk, effects, findings);
    versions(steps, effects, findings);
    wanted(steps, effects, findings);
}

/// The answer under the key is the answer that was given.
fn stored(effect: &Effect<'_>) -> Result<(), String> {
    let words = effect.words();
    match (&effect.operation.end, effect.stored) {
        (End::Done(told), Some(Ok(stored))) if **told == *stored => Ok(()),
        (End::Done(told), Some(stored)) => Err(format!("{words} was answered {told:?}, but {stored:?} is stored")),
        (End::Done(_), None) => Err(format!("{words} was acknowledged, but its key is not stored: sent again it would be done again")),
        (End::Refused(told), Some(Err(stored))) if told.code == stored.code => Ok(()),
        (End::Refused(told), Some(stored)) => Err(format!("{words} was refused ({}), but {stored:?} is stored", told.code)),
        (End::Refused(_), None) | (End::Unknown, _) => Ok(()),
    }
}

/// Messages by id and by text: a text that names its own key is written once.
fn messages(desk: &Desk, effects: &[Effect<'_>], findings: &mut Findings) {
    let mut texts: HashMap<&str, usize> = HashMap::new();
    for message in desk.messages.values().filter(|message| message.copy_of.is_none()) {
        *texts.entry(&message.text).or_default() += 1;
    }
    for effect in effects {
        let Some((id, text)) = effect.message() else { continue };
        let there = desk.messages.contains_key(&id.to_string());
        let done = effect.result().is_some();
        // Where nobody knows, the stored answer tells: effect and answer are of one transaction.
        findings.holds(RULE, there == done, || {
            let found = if there { "is there" } else { "is not there" };
            format!("{} ended as {:?}, but its message {id} {found}", effect.words(), effect.operation.end)
        });
        if text.contains(&effect.submission().key.to_string()) {
            let times = texts.get(text).copied().unwrap_or(0);
            findings.holds(RULE, times <= 1, || format!("{} took effect {times} times: so many messages have its text", effect.words()));
        }
    }
}

/// No two commands made the same version of a ticket.
fn versions(steps: &Steps, effects: &[Effect<'_>], findings: &mut Findings) {
    let mut made: HashMap<(i64, i64), &Effect<'_>> = HashMap::new();
    for effect in effects {
        let Some(version) = effect.made().filter(|(number, _)| steps.contains_key(number)) else { continue };
        let earlier = made.insert(version, effect);
        findings.fact(
            RULE,
            earlier.map(|earlier| {
                format!("{} and {} both made version {} of ticket #{}", earlier.words(), effect.words(), version.1, version.0)
            }),
        );
    }
}

/// People's changes of a ticket are as many as were asked for: counted in the audit, by ticket and act.
fn wanted(steps: &Steps, effects: &[Effect<'_>], findings: &mut Findings) {
    if effects.is_empty() {
        return;
    }
    let mut asked: HashMap<(i64, &str), usize> = HashMap::new();
    for effect in effects {
        if let Some((number, _)) = effect.made() {
            *asked.entry((number, effect.command().name())).or_default() += 1;
        }
    }
    let mut done: HashMap<(i64, &str), usize> = HashMap::new();
    for (number, steps) in steps {
        for step in steps.iter().filter(|step| matches!(step.actor, AuditActor::Person { .. })) {
            *done.entry((*number, &step.action)).or_default() += 1;
        }
    }
    for (act, times) in &done {
        let wanted = asked.get(act).copied().unwrap_or(0);
        findings.holds(RULE, *times == wanted, || {
            let (number, action) = act;
            let asking = effects
                .iter()
                .filter(|effect| effect.command().name() == *action && effect.made().is_some_and(|(made, _)| made == *number));
            let asking: Vec<_> = asking.map(Effect::words).collect();
            format!("ticket #{number}: {action} took effect {times} times for {wanted} commands: {}", asking.join("; "))
        });
    }
}
