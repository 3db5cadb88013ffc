//! The checker: reads the server's database and every client's cache after a run, and tells each promise that was broken.
//! It trusts nothing that the server computes: it reads rows.

use std::fmt;
use std::path::PathBuf;

use crate::history::History;

/// One console's cache at the end of a run, after it caught up.
#[derive(Clone, Debug)]
pub struct ConsoleEnd {
    pub client: String,
    pub cache: PathBuf,
}

/// What a run leaves. The server is stopped, so that the database can be read by itself.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    pub database: PathBuf,
    pub histories: Vec<History>,
    pub consoles: Vec<ConsoleEnd>,
}

/// What the checker found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    pub operations: usize,
    pub acknowledged: usize,
    pub refused: usize,
    pub unknown: usize,
    /// Facts compared, over all rules: a checker that looked at nothing found nothing.
    pub compared: usize,
    pub violations: Vec<String>,
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} operations ({} acknowledged, {} refused, {} unknown), {} facts compared, {} violations",
            self.operations,
            self.acknowledged,
            self.refused,
            self.unknown,
            self.compared,
            self.violations.len()
        )
    }
}
