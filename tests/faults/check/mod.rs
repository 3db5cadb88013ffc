//! The checker: reads the server's database and every client's cache after a run, and tells each promise that was broken.
//! It trusts nothing that the server computes: it reads rows. One rule a file; each counts the facts that it compared.

mod acknowledged;
mod assignments;
mod audit;
mod clocks;
mod compare;
mod desk;
mod effects;
mod held;
mod keys;
mod replicas;
mod seen;
#[cfg(test)]
mod tests;
mod versions;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::history::{End, History};
use desk::Desk;

/// One console's cache at the end of a run, after it caught up.
#[derive(Clone, Debug)]
pub struct ConsoleEnd {
    pub client: String,
    pub cache: PathBuf,
}

/// What a run leaves. The server is stopped, so that the database can be read by itself.
///
/// A client is named after the handle of who uses it, alone or before a slash (`ann/2`): then the audit must name them, too.
/// Every command of a person must be in a history: what nobody asked for counts as a violation.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub database: PathBuf,
    pub histories: Vec<History>,
    pub consoles: Vec<ConsoleEnd>,
}

/// The rules, as violations begin.
pub const RULES: [&str; 9] = ["acknowledged", "keys", "compare", "versions", "assignments", "clocks", "audit", "replicas", "seen"];

/// What the checker found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    pub operations: usize,
    pub acknowledged: usize,
    pub refused: usize,
    pub unknown: usize,
    /// Facts compared, by rule: a checker that looked at nothing found nothing.
    pub compared: BTreeMap<&'static str, usize>,
    /// Sentences, each with its rule before a colon.
    pub violations: Vec<String>,
}

impl Findings {
    /// Counts a fact of a rule, which does not hold when `broken` tells why.
    fn fact(&mut self, rule: &'static str, broken: Option<String>) {
        *self.compared.entry(rule).or_default() += 1;
        self.violations.extend(broken.map(|sentence| format!("{rule}: {sentence}")));
    }

    /// A fact that holds or not.
    fn holds(&mut self, rule: &'static str, holds: bool, sentence: impl FnOnce() -> String) {
        self.fact(rule, (!holds).then(sentence));
    }

    /// The rules that found something, each once.
    pub fn broken_rules(&self) -> Vec<&str> {
        RULES.into_iter().filter(|rule| self.violations.iter().any(|sentence| sentence.starts_with(&format!("{rule}:")))).collect()
    }

    /// Panics with what was found, if anything was, and where a rule of `rules` compared nothing.
    #[track_caller]
    pub fn assert_clean(&self, rules: &[&'static str]) {
        let idle: Vec<_> = rules.iter().filter(|rule| self.compared.get(**rule).is_none_or(|facts| *facts == 0)).collect();
        assert!(idle.is_empty(), "nothing was compared for {idle:?}: {self}");
        assert!(self.violations.is_empty(), "{self}\n{}", self.violations.iter().take(40).cloned().collect::<Vec<_>>().join("\n"));
    }
}

/// Checks all rules.
///
/// # Panics
/// When the database or a cache cannot be read at all.
pub async fn run(evidence: &Evidence) -> Findings {
    let desk = Desk::read(&evidence.database).await;
    let mut findings = Findings::default();
    for operation in evidence.histories.iter().flat_map(|history| &history.operations) {
        findings.operations += 1;
        match operation.end {
            End::Done(_) => findings.acknowledged += 1,
            End::Refused(_) => findings.refused += 1,
            End::Unknown => findings.unknown += 1,
        }
    }
    let steps = audit::check(&desk, &evidence.database, &mut findings).await;
    let effects = effects::of(&desk, &evidence.histories);
    acknowledged::check(&desk, &steps, &effects, &mut findings);
    keys::check(&desk, &steps, evidence, &effects, &mut findings);
    compare::check(&effects, &mut findings);
    versions::check(&desk, &steps, &mut findings);
    assignments::check(&desk, &mut findings);
    clocks::check(&desk, &mut findings);
    for console in &evidence.consoles {
        replicas::check(&desk, console, &effects, &mut findings).await;
    }
    seen::check(&evidence.histories, &mut findings);
    findings
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} operations ({} acknowledged, {} refused, {} unknown), {} violations; facts compared:",
            self.operations,
            self.acknowledged,
            self.refused,
            self.unknown,
            self.violations.len()
        )?;
        self.compared.iter().try_for_each(|(rule, facts)| write!(f, " {rule} {facts}"))
    }
}
