//! The real rules under a virtual clock: what a volume, a roster or a policy would do. [`desk`] keeps the rows and lets
//! [`decide`](crate::domain::command::decide) change them, [`engine`] plays requesters and people.
//!
//! No files, no clock and no network here: scenarios come in as text, reports go out as data and lines. The same scenario and
//! seed give the same report.

pub mod arrivals;
pub mod build;
pub mod chance;
pub mod check;
pub mod desk;
pub mod draw;
pub mod embedded;
pub mod engine;
pub mod forecast;
pub mod history;
pub mod report;
pub mod scenario;
pub mod span;
pub mod staffing;
#[cfg(test)]
mod tests;
pub mod words;

pub use check::ScenarioError;
pub use engine::run;
pub use report::Report;
pub use scenario::Scenario;
