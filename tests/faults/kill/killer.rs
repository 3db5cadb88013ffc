//! Whoever kills and stops the server, in a thread of its own, by seeded chance.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::dice::Dice;
use crate::process::Server;

/// What was done to processes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Toll {
    /// Servers killed with -9, those killed while they started among them.
    pub server_kills: usize,
    pub client_kills: usize,
    pub stops: usize,
}

/// How rough the run is.
#[derive(Clone, Copy, Debug)]
pub struct Roughness {
    /// Between two blows at the server, in milliseconds.
    pub every: (u64, u64),
    /// How long it stands still, in milliseconds.
    pub stop: (u64, u64),
    /// The rare long stop, which outlasts the clients' patience; absent in short runs.
    pub long_stop: Option<(u64, u64)>,
}

/// Strikes until told to stop; leaves the server running.
pub fn strike(server: &Arc<Mutex<Server>>, stop: &AtomicBool, mut dice: Dice, roughness: Roughness) -> Toll {
    let mut toll = Toll::default();
    loop {
        if !wait(dice.millis(roughness.every.0, roughness.every.1), stop) {
            return toll;
        }
        let mut server = server.lock().unwrap_or_else(PoisonError::into_inner);
        if dice.percent(12) {
            let (from, to) = match roughness.long_stop {
                Some(long) if dice.percent(5) => long,
                _ => roughness.stop,
            };
            server.signal("STOP");
            wait(dice.millis(from, to), stop);
            // Some never go on: they are killed as they stand.
            if dice.percent(75) {
                server.signal("CONT");
            } else {
                server.kill();
                toll.server_kills += 1;
                server.start_again(&[]);
            }
            toll.stops += 1;
            continue;
        }
        server.kill();
        toll.server_kills += 1;
        while dice.percent(20) {
            server.start_in_vain(&[], dice.millis(1, 250));
            toll.server_kills += 1;
        }
        server.start_again(&[]);
    }
}

/// Whether the run goes on after that long.
pub fn wait(span: Duration, stop: &AtomicBool) -> bool {
    let slice = Duration::from_millis(20);
    let mut left = span;
    while !stop.load(Ordering::SeqCst) && !left.is_zero() {
        let now = left.min(slice);
        std::thread::sleep(now);
        left -= now;
    }
    !stop.load(Ordering::SeqCst)
}
