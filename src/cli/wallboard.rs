//! `dutydesk wallboard`: the console as a screen on the wall, from its start and without a key pressed.

use chrono::Duration;

use super::Global;
use super::console;
use super::error::CliError;
use crate::console::board::WallboardStart;

/// Longest time a page stays.
const ROTATE_MAX_SECS: i64 = 3_600;

/// Big numbers for a screen on the wall: unassigned, due soon, late, on duty, backlog, queues, calls for experts.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Of this queue alone, by its key; repeatable. All that one may see by default.
    #[arg(long, value_name = "KEY", value_delimiter = ',')]
    queue: Vec<String>,
    /// How long each page stays, such as 20s or 1m; 0 turns pages by key only.
    #[arg(long, value_name = "TIME", default_value = "20s", value_parser = rotate)]
    rotate: Duration,
}

/// Seconds with or without `s`, or minutes with `m`.
fn rotate(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time: write seconds such as 20s, or minutes such as 1m; at most an hour");
    let (number, unit) = match (text.strip_suffix('s'), text.strip_suffix('m')) {
        (Some(seconds), _) => (seconds, 1),
        (_, Some(minutes)) => (minutes, 60),
        (None, None) => (text, 1),
    };
    let seconds = number.parse::<u32>().map_err(|_| wrong())?;
    let seconds = i64::from(seconds) * unit;
    if seconds > ROTATE_MAX_SECS { Err(wrong()) } else { Ok(Duration::seconds(seconds)) }
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let wallboard = Some(WallboardStart { queues: args.queue, rotate: args.rotate });
    console::run(&Global { wallboard, ..global.clone() }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(rotate("20s"), Ok(Duration::seconds(20)));
        assert_eq!(rotate("2m"), Ok(Duration::minutes(2)));
        assert_eq!(rotate("0"), Ok(Duration::zero()));
        assert!(rotate("2h").is_err() && rotate("-1").is_err() && rotate("61m").is_err() && rotate("").is_err());
    }
}
