//! `cargo bench --bench data -- 1000 100000`: makes the desks that the other benches work on, if they are not there yet.
//! 1,000,000 takes many minutes and gigabytes, and needs `DUTYDESK_BENCH=full`.

#![expect(clippy::print_stdout, reason = "figures are for reading")]

#[path = "data/mod.rs"]
mod data;

use data::{Mix, desk};

fn main() {
    let named: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let sizes = if named.is_empty() { vec![1_000, 10_000, 100_000] } else { named };
    for tickets in sizes {
        for mix in [Mix::Lived, Mix::Open] {
            match desk(mix, tickets) {
                Some(data) => println!(
                    "data | {} | cache {} | {} and {} people can sign in",
                    data.database.display(),
                    data.cache.display(),
                    data.keys.admin.handle,
                    data.keys.people.len()
                ),
                None => println!("data | {mix:?} {tickets} tickets: not made; ask for it with DUTYDESK_BENCH=full"),
            }
        }
    }
    // The other benches only name what they need.
    let _ = data::DeskData::copy_database;
}
