//! `dutydesk notice settings`: how one wants to be told.

use chrono::NaiveTime;
use clap::Subcommand;
use reqwest::Method;

use super::Global;
use super::error::CliError;
use super::words::{pair, word, word_of};
use crate::domain::command::CommandResult;
use crate::domain::notice::settings::{EVENTS, Level, NoticeSettings, QuietHours, TerminalWay};

const PATH: &str = "/api/v1/notices/settings";

/// How you want to be told.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show the level of each event, and quiet hours.
    Show,
    /// Change some; what is not given stays.
    Set {
        /// EVENT=LEVEL: none, list, badge, terminal or bell; several times for several.
        #[arg(long = "level", value_name = "EVENT=LEVEL", value_parser = pair)]
        levels: Vec<(String, String)>,
        /// Quiet hours in your time zone, such as 22:00-07:00; `off` for none.
        #[arg(long, value_name = "FROM-TO", value_parser = quiet)]
        quiet: Option<Quiet>,
        /// Events told in quiet hours too, instead of those so far; several times for several, `none` for none.
        #[arg(long = "urgent", value_name = "EVENT")]
        urgent: Vec<String>,
        /// How the terminal is asked to notify: auto, osc9, osc777, osc99 or bell.
        #[arg(long, value_name = "WAY", value_parser = word::<TerminalWay>)]
        terminal: Option<TerminalWay>,
        /// Whether to notify while the terminal has the focus too: yes or no.
        #[arg(long, value_name = "YES|NO", value_parser = yes)]
        when_focused: Option<bool>,
    },
}

#[derive(Clone, Copy, Debug)]
struct Quiet(Option<QuietHours>);

fn quiet(text: &str) -> Result<Quiet, String> {
    if text == "off" {
        return Ok(Quiet(None));
    }
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let hours = text.split_once('-').and_then(|(from, to)| Some(QuietHours { from: time(from)?, to: time(to)? }));
    hours.map(|hours| Quiet(Some(hours))).ok_or_else(|| "write 22:00-07:00, or off".to_owned())
}

fn yes(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("write yes or no".to_owned()),
    }
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let mut settings: NoticeSettings = api.get(PATH).await?;
    let Act::Set { levels, quiet, urgent, terminal, when_focused } = args.act else {
        return show(&settings, global);
    };
    if levels.is_empty() && quiet.is_none() && urgent.is_empty() && terminal.is_none() && when_focused.is_none() {
        let message = "Nothing would change: name what is to be different, such as --level assigned=bell or --quiet 22:00-07:00.";
        return Err(CliError::usage(message.to_owned()));
    }
    let event = |word: String| word.replace('-', "_");
    for (name, level) in levels {
        let level: Level = word(&level).map_err(|error| CliError::usage(format!("{level:?} is no level: {error}")))?;
        settings.levels.insert(event(name), level);
    }
    if let Some(Quiet(quiet)) = quiet {
        settings.quiet = quiet;
    }
    if !urgent.is_empty() {
        settings.urgent = urgent.into_iter().filter(|event| event != "none").map(event).collect();
    }
    settings.terminal = terminal.unwrap_or(settings.terminal);
    settings.when_focused = when_focused.unwrap_or(settings.when_focused);
    let result: CommandResult = api.call(Method::PUT, PATH, &settings).await?;
    global.out.done(&result, "You will be told so from now on.")
}

fn show(settings: &NoticeSettings, global: &Global) -> Result<(), CliError> {
    let mut lines: Vec<String> = EVENTS
        .into_iter()
        .map(|event| {
            let passes = if settings.urgent.contains(event) { "  also in quiet hours" } else { "" };
            format!("{event:<24} {:<10}{passes}", word_of(&settings.level(event))).trim_end().to_owned()
        })
        .collect();
    let quiet =
        settings.quiet.map_or_else(|| "none".to_owned(), |quiet| format!("{}-{}", quiet.from.format("%H:%M"), quiet.to.format("%H:%M")));
    lines.push(format!("Quiet hours: {quiet}"));
    lines.push(format!("Terminal: {}", word_of(&settings.terminal)));
    lines.push(format!("Also while focused: {}", if settings.when_focused { "yes" } else { "no" }));
    global.out.lines(settings, &lines)
}
