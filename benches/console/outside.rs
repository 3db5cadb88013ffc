//! Measures a program from outside through a pseudo-terminal of 120 by 40, by `benches/ptybench.py`, which says how it does that.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::place::{Place, binary};

/// A list of tickets stands on the screen: its name with a count, and a row.
pub const LISTED: [&str; 2] = ["All unsolved [1-9]", "[0-9]+ +!{0,2} +(Open|New|Pending|On hold)"];

/// What is asked of the tool.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    pub ready: Vec<String>,
    pub keys: String,
    pub runs: u32,
    pub warm: f64,
    pub idle: f64,
    pub before: Option<String>,
    pub dump: Option<PathBuf>,
}

impl Outside {
    pub fn listed() -> Self {
        Self { ready: LISTED.map(str::to_owned).to_vec(), runs: 1, ..Self::default() }
    }

    /// Measures the console at `place`, which starts with the session that `before` puts there.
    pub fn console(&self, place: &Place) -> Value {
        let environment: Vec<String> = place.environment().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.measure(&environment, &[binary().display().to_string()])
    }

    /// Measures any program.
    ///
    /// # Panics
    /// When the tool does not run, or the program never got ready.
    pub fn measure(&self, environment: &[String], program: &[String]) -> Value {
        let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/ptybench.py");
        let mut command = Command::new("python3");
        command.arg(tool).args(["--size", "120x40", "--ready-timeout", "120", "--timeout", "170", "--key-timeout", "1"]);
        command.arg("--runs").arg(self.runs.max(1).to_string());
        for regex in &self.ready {
            command.arg("--ready").arg(regex);
        }
        for variable in environment {
            command.arg("--env").arg(variable);
        }
        if let Some(before) = &self.before {
            command.arg("--pre-run").arg(before);
        }
        if !self.keys.is_empty() {
            command.arg("--keys").arg(&self.keys);
        }
        if let Some(dump) = &self.dump {
            command.arg("--dump-screen").arg(dump);
        }
        command.arg("--warm").arg(self.warm.to_string()).arg("--idle").arg(self.idle.to_string());
        if let Ok(priority) = std::env::var("DUTYDESK_BENCH_PRIO") {
            command.arg("--prio").arg(priority);
        }
        let told = command.arg("--").args(program).stderr(Stdio::inherit()).output().expect("python3 is there");
        let report: Value = serde_json::from_slice(&told.stdout).expect("the tool answers in JSON");
        let runs = usize::try_from(self.runs.max(1)).expect("a few");
        let missed = report["errors"].as_array().map_or(runs, Vec::len);
        assert!(missed < runs, "{} never got ready: {}", program.join(" "), report["errors"]);
        if missed > 0 {
            // Told, and left out of the figures: one start in some twenty is not seen by the tool when it makes many in a row.
            println!("note | {missed} of {runs} starts were not seen to get ready: {}", report["errors"]);
        }
        report
    }
}

/// A number somewhere in a report; not a number where there is none.
pub fn number(report: &Value, path: &str) -> f64 {
    report.pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN)
}
