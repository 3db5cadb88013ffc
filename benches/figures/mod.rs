//! How a figure is told: what was measured, the goal of design.md section 10, and the machine.

#![expect(clippy::print_stdout, reason = "figures are for reading")]

use std::time::Duration;

/// Which side of the goal is good.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    AtMost(f64),
    AtLeast(f64),
    /// Shown for comparison only.
    None,
}

/// Prints the machine once, above the figures.
pub fn machine() {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo").lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1).map(str::to_owned));
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory =
        read("/proc/meminfo").lines().find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse::<u64>().ok());
    let load = read("/proc/loadavg");
    println!(
        "machine | {} | {cores} cores | {} GiB | load before {}",
        cpu.unwrap_or_else(|| "unknown".to_owned()),
        memory.unwrap_or(0) / 1_048_576,
        load.split_whitespace().next().unwrap_or("?"),
    );
}

/// Prints one figure: `figure | what | value unit | goal | verdict`.
pub fn figure(what: &str, value: f64, unit: &str, goal: Goal) {
    let (goal, verdict) = match goal {
        Goal::AtMost(most) => (format!("<= {most} {unit}"), if value <= most { "met" } else { "MISSED" }),
        Goal::AtLeast(least) => (format!(">= {least} {unit}"), if value >= least { "met" } else { "MISSED" }),
        Goal::None => ("-".to_owned(), "-"),
    };
    println!("figure | {what} | {value:.3} {unit} | {goal} | {verdict}");
}

/// Milliseconds of a share (0 to 1) of the samples.
pub fn percentile(samples: &mut [Duration], share: f64) -> f64 {
    samples.sort_unstable();
    let place = ((samples.len() as f64 * share).ceil() as usize).clamp(1, samples.len().max(1)) - 1;
    samples.get(place).map_or(f64::NAN, |sample| sample.as_secs_f64() * 1_000.0)
}
