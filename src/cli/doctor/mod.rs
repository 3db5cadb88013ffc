//! `dutydesk doctor`: whether terminal, files and server are as the console needs them, and what to do if not.

mod terminal;

use std::time::Instant;

use serde::Serialize;

use super::Global;
use super::error::CliError;
use super::profile::{Profiles, config_dir, data_dir};
use crate::base::clock::Clock;
use crate::client::api::Api;
use crate::console::layout::SMALLEST;
use crate::wire::PROTOCOL;
use crate::wire::desk::DeskInfo;

/// More than this far apart, due times and shifts look wrong.
const SKEW_MAX_MS: i64 = 2_000;
/// More than this, and `Esc` feels slow in tmux.
const ESCAPE_MAX_MS: u64 = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Ok,
    /// Works, but not as well as it could.
    Warn,
    Fail,
}

#[derive(Debug, Serialize)]
struct Check {
    check: &'static str,
    state: State,
    /// What was seen.
    detail: String,
    /// What to set, where it could be better.
    #[serde(skip_serializing_if = "Option::is_none")]
    set: Option<String>,
}

fn advise(check: &'static str, state: State, detail: impl Into<String>, set: impl Into<String>) -> Check {
    Check { check, state, detail: detail.into(), set: Some(set.into()) }
}

fn check(check: &'static str, state: State, detail: impl Into<String>) -> Check {
    Check { check, state, detail: detail.into(), set: None }
}

/// # Errors
/// When a check fails.
pub async fn run(global: &Global) -> Result<(), CliError> {
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let mut checks = vec![
        term(env("TERM").as_deref()),
        size(crossterm::terminal::size().ok()),
        locale(env("LC_ALL").or_else(|| env("LC_CTYPE")).or_else(|| env("LANG")).as_deref()),
    ];
    // Before anything else could read what the terminal answers.
    let answers = terminal::asked(&env);
    checks.extend(terminal::checks(answers.as_ref(), &env));
    checks.extend(terminal::tmux(&env, tmux_option));
    checks.extend(files());
    checks.extend(server(global).await);
    global.out.list(&checks, &["CHECK", "STATE", "DETAIL"], |one| {
        let set = one.set.as_ref().map(|set| format!(": {set}")).unwrap_or_default();
        vec![one.check.to_owned(), super::words::word_of(&one.state), format!("{}{set}", one.detail)]
    })?;
    match checks.iter().filter(|one| one.state == State::Fail).count() {
        0 => Ok(()),
        failed => Err(CliError::failed(format!("{failed} of {} checks failed: do what their lines say.", checks.len()))),
    }
}

fn term(term: Option<&str>) -> Check {
    match term {
        None => check("terminal", State::Warn, "TERM is not set: the console needs a terminal, such as TERM=xterm-256color"),
        Some("dumb") => check("terminal", State::Warn, "TERM=dumb cannot place text: the console needs another terminal"),
        Some(term) => check("terminal", State::Ok, format!("TERM={term}")),
    }
}

fn size(size: Option<(u16, u16)>) -> Check {
    let (columns, rows) = SMALLEST;
    match size {
        None => check("size", State::Warn, "there is no terminal here; subcommands work, the console does not"),
        Some((wide, high)) if wide < columns || high < rows => {
            check("size", State::Warn, format!("{wide}x{high}: the console needs {columns}x{rows}; make the window larger"))
        }
        Some((wide, high)) => check("size", State::Ok, format!("{wide}x{high}")),
    }
}

fn locale(locale: Option<&str>) -> Check {
    let Some(locale) = locale else {
        return check("locale", State::Warn, "LANG is not set: set it to a UTF-8 locale, such as C.UTF-8");
    };
    let plain = locale.to_ascii_lowercase().replace('-', "");
    if plain.contains("utf8") {
        return check("locale", State::Ok, locale);
    }
    check("locale", State::Warn, format!("{locale} is not UTF-8: Chinese may not show; set LANG to a UTF-8 locale, such as C.UTF-8"))
}

/// An option of the tmux that is around, whichever table holds it.
fn tmux_option(name: &str) -> Option<String> {
    let asked = std::process::Command::new("tmux").args(["show-options", "-Agv", name]).output().ok()?;
    let own = String::from_utf8(asked.stdout).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    own.or_else(|| {
        let asked = std::process::Command::new("tmux").args(["show-options", "-sv", name]).output().ok()?;
        String::from_utf8(asked.stdout).ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    })
}

fn files() -> Vec<Check> {
    let folder = |name, path: Result<std::path::PathBuf, CliError>| match path {
        Ok(path) => check(name, State::Ok, path.display().to_string()),
        Err(error) => check(name, State::Fail, error.to_string()),
    };
    let settings = match config_dir().map(|folder| super::config::check::problems(&folder)) {
        Err(error) => check("settings", State::Fail, error.to_string()),
        Ok(problems) if problems.is_empty() => check("settings", State::Ok, "config.toml, keys.toml and themes are as they should be"),
        Ok(problems) => check("settings", State::Fail, format!("{}; see `dutydesk config check`", problems[0].sentence())),
    };
    let profiles = match Profiles::load() {
        Ok(profiles) => check("profiles", State::Ok, format!("{} known; tokens are readable by you alone", profiles.iter().count())),
        Err(error) => check("profiles", State::Fail, error.to_string()),
    };
    vec![folder("config folder", config_dir()), folder("data folder", data_dir()), settings, profiles]
}

async fn server(global: &Global) -> Vec<Check> {
    let asked = match global.target() {
        Ok((server, token)) => Api::new(&server, token.as_deref()).map_err(CliError::from),
        Err(error) => return vec![check("server", State::Warn, error.to_string())],
    };
    let api = match asked {
        Ok(api) => api,
        Err(error) => return vec![check("server", State::Fail, error.to_string())],
    };
    // The first request opens the connection; the second is the trip.
    let opened = api.get::<DeskInfo>("/api/v1/desk").await;
    let (before, started) = (Clock::System.now(), Instant::now());
    let asked = match opened {
        Ok(_) => api.get::<DeskInfo>("/api/v1/desk").await,
        failed => failed,
    };
    let desk = match asked {
        Ok(desk) => desk,
        Err(error) => return vec![check("server", State::Fail, error.to_string())],
    };
    let trip = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
    let skew = (desk.now - before).num_milliseconds() - trip / 2;
    // One that is too far away was told above already: its answers are errors.
    let fits = if desk.protocol == PROTOCOL { State::Ok } else { State::Warn };
    let signed_in = match super::names::me(&api).await {
        Ok(me) => check("signed in", State::Ok, me.handle),
        Err(error) => check("signed in", State::Warn, error.to_string()),
    };
    vec![
        check(
            "server",
            fits,
            format!(
                "{} is dutydesk {}, protocol {} to {} (ours {PROTOCOL}), round trip {trip} ms",
                api.base(),
                desk.version,
                desk.protocol_oldest,
                desk.protocol
            ),
        ),
        clock(skew),
        signed_in,
    ]
}

fn clock(skew: i64) -> Check {
    if skew.abs() <= SKEW_MAX_MS {
        return check("clock", State::Ok, format!("{skew} ms from the server's"));
    }
    let which = if skew > 0 { "behind" } else { "ahead of" };
    check("clock", State::Warn, format!("{} ms {which} the server's: turn on time synchronisation", skew.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_console_cannot_use_is_named() {
        assert_eq!(term(Some("dumb")).state, State::Warn);
        assert_eq!(size(Some((59, 20))).state, State::Warn);
        assert_eq!(size(Some((60, 20))).state, State::Ok);
        assert_eq!(locale(Some("zh_CN.GB18030")).state, State::Warn);
        assert_eq!(locale(Some("zh_CN.utf8")).state, State::Ok);
        assert_eq!(clock(-5_000).detail, "5000 ms ahead of the server's: turn on time synchronisation");
    }
}
