//! The command line: one file per noun, and the composition root. Subcommands speak to a server over its HTTP API
//! like any other client; what they print is in [`output`], how they fail in [`error`].

pub mod admin;
pub mod calendar;
pub mod channel;
pub mod chat;
pub mod chosen;
pub mod config;
mod config_file;
pub mod console;
pub mod database;
pub mod demo;
pub mod desk_handle;
pub mod doctor;
pub mod embedded;
pub mod error;
pub mod file;
pub mod handover;
pub mod import;
pub mod incident;
pub mod keys;
pub mod login;
pub mod memory;
pub mod messages;
pub mod names;
pub mod notice;
mod notice_settings;
pub mod output;
pub mod person;
pub mod place;
mod policy;
pub mod process;
pub mod profile;
pub mod profiles;
pub mod queue;
pub mod remind;
pub mod requester;
pub mod rota;
pub mod sample;
pub mod search;
pub mod secret;
pub mod serve;
pub mod setup;
pub mod shell;
pub mod shift;
pub mod simulate;
pub mod site;
pub mod snippet;
pub mod spec;
pub mod stats;
pub mod submit;
pub mod ticket;
pub mod view;
pub mod wallboard;
pub mod watch;
pub mod webhook;
pub mod words;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use self::error::{CliError, EXIT_CODES, Kind};
use self::output::Output;
use self::profile::{Profile, Profiles};
use crate::client::api::Api;
use crate::console::board::WallboardStart;
use crate::console::locale::Language;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "dutydesk", version, about, after_help = EXIT_CODES, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every subcommand takes.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Options {
    /// The profile to use, as listed by `dutydesk profile list`.
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The server's address, instead of the profile's.
    #[arg(long, global = true, env = "DUTYDESK_SERVER", value_name = "URL")]
    pub server: Option<String>,
    /// The token to sign in with, instead of the profile's.
    #[arg(long, global = true, env = "DUTYDESK_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub token: Option<String>,
    /// Print the API's JSON; failures as JSON on stderr.
    #[arg(long, global = true)]
    pub json: bool,
    /// The console's language: en or zh-CN.
    #[arg(long, global = true, env = "DUTYDESK_LANGUAGE", value_name = "TAG", value_parser = language)]
    pub language: Option<Language>,
    /// The console's theme: auto, a built-in one, or one of your own.
    #[arg(long, global = true, env = "DUTYDESK_THEME", value_name = "NAME")]
    pub theme: Option<String>,
    /// Open the console without the view of the last time.
    #[arg(long)]
    pub fresh: bool,
    /// The console in lines, for screen readers and terminals that cannot place text.
    #[arg(long)]
    pub linear: bool,
}

/// One subcommand for each noun.
#[derive(Debug, Subcommand)]
pub enum Command {
    Admin(admin::Args),
    Ticket(ticket::Args),
    Demo(demo::Args),
    Import(import::Args),
    Incident(Box<incident::Args>),
    Profile(profiles::Args),
    Serve(serve::Args),
    Login(login::Args),
    Logout(login::LogoutArgs),
    Queue(queue::Args),
    Person(person::Args),
    Requester(requester::Args),
    Site(site::Args),
    Shift(shift::Args),
    Rota(rota::Args),
    Calendar(calendar::Args),
    Webhook(webhook::Args),
    Channel(channel::Args),
    Chat(chat::Args),
    Notice(notice::Args),
    Snippet(snippet::Args),
    View(view::Args),
    File(file::Args),
    Remind(remind::Args),
    Handover(handover::Args),
    Simulate(simulate::Args),
    Stats(stats::Args),
    Wallboard(wallboard::Args),
    Config(config::Args),
    Search(search::Args),
    /// Check terminal, files and server.
    Doctor,
    Keys(keys::Args),
    Completions(shell::CompletionsArgs),
    Man(shell::ManArgs),
}

impl Command {
    async fn run(self, global: &Global) -> Result<(), CliError> {
        match self {
            Self::Admin(args) => admin::run(args, global).await,
            Self::Ticket(args) => ticket::run(args, global).await,
            Self::Demo(args) => demo::run(args, global).await,
            Self::Import(args) => import::run(args, global).await,
            Self::Incident(args) => Box::pin(incident::run(*args, global)).await,
            Self::Profile(args) => profiles::run(args, global).await,
            Self::Serve(args) => serve::run(args, global).await,
            Self::Login(args) => login::run(args, global).await,
            Self::Logout(args) => login::logout(args, global).await,
            Self::Queue(args) => queue::run(args, global).await,
            Self::Person(args) => person::run(args, global).await,
            Self::Requester(args) => requester::run(args, global).await,
            Self::Site(args) => site::run(args, global).await,
            Self::Shift(args) => Box::pin(shift::run(args, global)).await,
            Self::Rota(args) => Box::pin(rota::run(args, global)).await,
            Self::Calendar(args) => calendar::run(args, global).await,
            Self::Webhook(args) => webhook::run(args, global).await,
            Self::Channel(args) => channel::run(args, global).await,
            Self::Chat(args) => chat::run(args, global).await,
            Self::Notice(args) => notice::run(args, global).await,
            Self::Snippet(args) => snippet::run(args, global).await,
            Self::View(args) => view::run(args, global).await,
            Self::File(args) => Box::pin(file::run(args, global)).await,
            Self::Remind(args) => remind::run(args, global).await,
            Self::Handover(args) => handover::run(args, global).await,
            Self::Simulate(args) => simulate::run(args, global).await,
            Self::Stats(args) => stats::run(args, global).await,
            Self::Wallboard(args) => Box::pin(wallboard::run(args, global)).await,
            Self::Config(args) => config::run(&args, global),
            Self::Search(args) => search::run(args, global).await,
            Self::Doctor => doctor::run(global).await,
            Self::Keys(args) => keys::run(&args, global),
            Self::Completions(args) => shell::completions(&args, global),
            Self::Man(args) => shell::man(&args, global),
        }
    }
}

fn language(tag: &str) -> Result<Language, String> {
    Language::parse(tag).ok_or_else(|| "the languages are en and zh-CN".to_owned())
}

/// What subcommands share.
#[derive(Clone, Debug)]
pub struct Global {
    pub options: Options,
    pub json: bool,
    pub out: Output,
    /// The console starts as a wallboard.
    pub wallboard: Option<WallboardStart>,
}

impl Global {
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { json: options.json, out: Output::new(options.json), wallboard: None, options }
    }

    /// The profile that was asked for, or the one in use, with its token.
    ///
    /// # Errors
    /// When there is none, or the files cannot be read.
    pub fn profile(&self) -> Result<(Profile, Option<String>), CliError> {
        let profiles = Profiles::load()?;
        let name = self.options.profile.as_deref();
        profiles.current(name).ok_or_else(|| match name {
            Some(name) => profiles.unknown(name),
            None if profiles.iter().next().is_some() => {
                CliError::new(Kind::NotSignedIn, "no_profile", "No profile is in use: choose one with `dutydesk profile use NAME`.")
            }
            None => CliError::new(Kind::NotSignedIn, "not_signed_in", "You are not signed in to a desk: run `dutydesk login URL`."),
        })
    }

    /// The server's address and the token to use: `--server` and `--token`, else the profile's.
    ///
    /// # Errors
    /// When neither names a server.
    pub fn target(&self) -> Result<(String, Option<String>), CliError> {
        let given = self.options.token.clone();
        if let Some(server) = &self.options.server {
            // A wrong profile file must not stop somebody who names server and token.
            let token = if given.is_some() { given } else { Profiles::load()?.token_for(server) };
            return Ok((server.clone(), token));
        }
        let (profile, token) = self.profile()?;
        if profile.is_embedded()
            && let Some((url, own)) = embedded::running(&console::own_folder(&profile.key)?)
        {
            return Ok((url, Some(given.unwrap_or(own))));
        }
        if profile.is_embedded() {
            let why = format!(
                "The desk of profile {:?} lives in the console: open it first with `dutydesk`, or choose another --profile.",
                profile.key
            );
            return Err(CliError::new(Kind::Unreachable, "embedded", why));
        }
        Ok((profile.server, given.or(token)))
    }

    /// The API, signed in.
    ///
    /// # Errors
    /// When no server or no token is known, or the address is wrong.
    pub fn api(&self) -> Result<Api, CliError> {
        let (server, token) = self.target()?;
        let Some(token) = token else {
            let why = format!("You are not signed in to {server}: run `dutydesk login {server}`.");
            return Err(CliError::new(Kind::NotSignedIn, "not_signed_in", why));
        };
        Ok(Api::new(&server, Some(&token))?)
    }
}

/// Parses, runs, and gives the process's exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing is left to tell somebody whose terminal is gone.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let global = Global::new(cli.options);
    let run = || -> Result<(), CliError> {
        let runtime =
            tokio::runtime::Runtime::new().map_err(|error| CliError::failed(format!("The program cannot start threads: {error}.")))?;
        runtime.block_on(Box::pin(async {
            match cli.command {
                Some(command) => command.run(&global).await,
                None => console::run(&global).await,
            }
        }))
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            global.out.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

#[cfg(test)]
mod tests;
