//! `dutydesk keys`: the keys of the console as they are, what is wrong with one's own, and a file to start from.

use std::path::Path;

use clap::Subcommand;
use serde_json::json;

use super::Global;
use super::error::{CliError, Kind};
use super::profile::keys::{path, text};
use crate::console::keymap::{Displaced, Keymap};
use crate::console::keys::doc::{markdown, rows};
use crate::console::keys::file::{Keys, Problem, parse, template};
use crate::console::locale::Language;

/// The keys of the console: list them, check your own, write a file to start from.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// The default keys as a page of Markdown, in both languages.
    #[arg(long)]
    markdown: bool,
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// List every action with its keys, yours where you chose some.
    List,
    /// Say what is wrong with keys.toml, and which default keys yours took.
    Check,
    /// Write keys.toml with every action and its default keys as comments.
    Init,
}

/// # Errors
/// See [`CliError`].
pub fn run(args: &Args, global: &Global) -> Result<(), CliError> {
    match args.act {
        _ if args.markdown => global.out.raw(&markdown(&keymap(&Vec::new())?)),
        None | Some(Act::List) => list(global),
        Some(Act::Check) => check(global),
        Some(Act::Init) => init(global),
    }
}

fn keymap(keys: &Keys) -> Result<Keymap, CliError> {
    Keymap::new(keys).map_err(|error| CliError::failed(error.to_string()))
}

/// The person's keys, or everything that is wrong with them.
fn own() -> Result<Keys, CliError> {
    let path = path()?;
    let Some(text) = text(&path)? else { return Ok(Vec::new()) };
    parse(&text).map_err(|problems| {
        let line = |problem: &Problem| format!("{} line {}: {}", path.display(), problem.line, problem.text);
        CliError::new(Kind::Failed, "keys_wrong", problems.iter().map(line).collect::<Vec<_>>().join(" "))
    })
}

fn list(global: &Global) -> Result<(), CliError> {
    let rows = rows(&keymap(&own()?)?);
    let chinese = global.options.language == Some(Language::Chinese);
    let items: Vec<_> = rows
        .iter()
        .map(|row| json!({ "action": row.name, "keys": row.keys, "where": row.place, "en": row.english, "zh-CN": row.chinese }))
        .collect();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let label = if chinese { "zh-CN" } else { "en" };
    global.out.list(&items, &["ACTION", "KEYS", "WHERE", "DOES"], |row| {
        vec![text(&row["action"]), text(&row["keys"]), text(&row["where"]), text(&row[label])]
    })
}

fn check(global: &Global) -> Result<(), CliError> {
    let path = path()?;
    let keys = match parse(&text(&path)?.unwrap_or_default()) {
        Ok(keys) => keys,
        Err(problems) => return broken(&path, &problems, global),
    };
    let displaced = keymap(&keys)?.displaced();
    let told = |one: &Displaced| {
        let left = if one.last { ", which has no key now: give it one, or [] to say so" } else { "" };
        format!("`{}` is `{}` by your choice, and was `{}`{left}.", one.keys, one.by, one.action)
    };
    let mut lines = vec![match keys.len() {
        0 => format!("{} changes nothing: all keys are the default ones.", path.display()),
        1 => format!("{} is right: it sets the keys of 1 action.", path.display()),
        n => format!("{} is right: it sets the keys of {n} actions.", path.display()),
    }];
    lines.extend(displaced.iter().map(told));
    let displaced: Vec<_> =
        displaced.iter().map(|one| json!({ "keys": one.keys, "action": one.action, "by": one.by, "last": one.last })).collect();
    let value = json!({ "path": path.display().to_string(), "actions": keys.len(), "displaced": displaced });
    global.out.lines(&value, &lines)
}

/// All that is wrong, a line each.
fn broken(path: &Path, problems: &[Problem], global: &Global) -> Result<(), CliError> {
    let found: Vec<_> = problems.iter().map(|problem| json!({ "line": problem.line, "what": problem.text })).collect();
    let lines: Vec<_> = problems.iter().map(|problem| format!("{} line {}: {}", path.display(), problem.line, problem.text)).collect();
    global.out.lines(&json!({ "path": path.display().to_string(), "problems": found }), &lines)?;
    let why = "The console uses the default keys until this is put right.";
    Err(CliError::new(Kind::Failed, "keys_wrong", why))
}

fn init(global: &Global) -> Result<(), CliError> {
    let path = path()?;
    let failed = |error: std::io::Error| CliError::failed(format!("{} cannot be written: {error}.", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
    let mut file = made.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            CliError::usage(format!("{} is there already: change it, or move it away first.", path.display()))
        }
        _ => failed(error),
    })?;
    std::io::Write::write_all(&mut file, template().as_bytes()).map_err(failed)?;
    let path = path.display().to_string();
    global.out.done(&json!({ "path": path }), &format!("{path} is written: take the # away from the lines you want to change."))
}
