//! Figures of the console: `cargo bench --bench console -- NAME...`, all of them without a name. The console is always a process of its
//! own in a pseudo-terminal, measured from outside. `DUTYDESK_BENCH_SIZES=1000,100000` sets the desks, made if they are not there
//! (`cargo bench --bench data`); `DUTYDESK_BENCH=full` is the long form; `DUTYDESK_BENCH_BINARY=PATH` measures another build;
//! `DUTYDESK_BENCH_PRIO=-15` keeps others off a shared machine.

#![expect(clippy::print_stdout, reason = "figures are for reading")]

#[path = "data/mod.rs"]
mod data;
#[path = "figures/mod.rs"]
mod figures;
#[path = "console/outside.rs"]
mod outside;
#[path = "console/painted.rs"]
mod painted;
#[path = "console/place.rs"]
mod place;
#[path = "console/replica.rs"]
mod replica;
#[path = "console/screen.rs"]
mod screen;

/// Each with the desks it is measured over.
type Bench = (&'static str, fn(&[usize]));

const BENCHES: [Bench; 10] = [
    ("start", screen::start),
    ("move", screen::moving),
    ("held", screen::held),
    ("filter", screen::filter),
    ("idle", screen::idle),
    ("load", screen::load),
    ("cache", replica::cache),
    ("catch-up", replica::catch_up),
    ("painted", painted::painted),
    ("peers", screen::peers),
];

fn main() {
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let Some(unknown) = named.iter().find(|name| BENCHES.iter().all(|(known, _)| known != name)) {
        println!("There is no figure {unknown:?}: {}.", BENCHES.map(|(name, _)| name).join(", "));
        return;
    }
    let set = std::env::var("DUTYDESK_BENCH_SIZES").unwrap_or_else(|_| "1000,10000,100000".to_owned());
    let sizes: Vec<usize> = set.split(',').filter_map(|size| size.trim().parse().ok()).collect();
    figures::machine();
    for (name, bench) in BENCHES {
        if named.is_empty() || named.iter().any(|wanted| wanted == name) {
            bench(&sizes);
        }
    }
}
