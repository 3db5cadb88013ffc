//! `cargo bench --bench server -- NAME`: the server's figures, measured over real HTTP on loopback against the server as a process
//! of its own. Without a name: all of them. `DUTYDESK_BENCH=full` adds the long sizes; `DUTYDESK_BENCH_BINARY` measures another
//! build with the same bench (docs/performance.md).

#![expect(clippy::print_stdout, reason = "figures are for reading")]

#[path = "../data/mod.rs"]
mod data;
#[path = "../figures/mod.rs"]
mod figures;

mod assignment;
mod catch_up;
mod consoles;
mod creations;
mod desk;
mod herd;
mod http;
mod list;
mod message;
mod seed;
mod steps;

use futures::FutureExt;
use futures::future::BoxFuture;

type Figure = (&'static str, fn() -> BoxFuture<'static, ()>);

/// One line a figure.
const FIGURES: &[Figure] = &[
    ("creations", || creations::run().boxed()),
    ("list", || list::lists().boxed()),
    ("message", || message::run().boxed()),
    ("catch_up", || catch_up::run().boxed()),
    ("assignment", || assignment::run().boxed()),
    ("sla", || steps::run().boxed()),
    ("consoles", || consoles::run().boxed()),
    ("herd", || herd::run().boxed()),
    ("search", || list::searches().boxed()),
    ("memory", || list::memory().boxed()),
];

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let known: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = asked.iter().find(|word| !known.contains(&word.as_str())) {
        println!("there is no figure `{unknown}`: there are {}", known.join(", "));
        std::process::exit(2);
    }
    figures::machine();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    for (name, run) in FIGURES.iter().filter(|(name, _)| asked.is_empty() || asked.iter().any(|word| word == name)) {
        println!("-- {name}");
        runtime.block_on(run());
    }
}
