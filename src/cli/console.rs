//! `dutydesk` alone: opens the console on the current profile; the first time, on a desk of this machine's own.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::desk_handle::ClientDesk;
use super::embedded;
use super::error::{CliError, Kind};
use super::memory::FileMemory;
use super::profile::{DEFAULT_PROFILE, EMBEDDED, Profile, Profiles, config_dir, data_dir};
use super::setup::{Choices, Given};
use super::{Global, sample};
use super::{config_file, setup, watch};
use crate::base::clock::{Clock, new_id};
use crate::client::api::Api;
use crate::client::desk::{DeskClient, DeskOptions, LinkTiming};
use crate::console::config::Config;
use crate::console::first_run::FirstRun;
use crate::console::linear::run as run_linear;
use crate::console::locale::Language;
use crate::console::{ConsoleOptions, ExitReason, ask_first_run, run as run_console};
use crate::domain::person::Person;
use crate::server::tokens::sha256_hex;

/// # Errors
/// When there is no terminal, no server and no cache, or a setting is wrong.
pub async fn run(global: &Global) -> Result<(), CliError> {
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !terminal && !is_linear(global, &Config::load()?) {
        return Err(CliError::usage("The console needs a terminal; for scripts there are subcommands: see `dutydesk --help`."));
    }
    if global.options.server.is_some() {
        let api = global.api()?;
        let me: Person = api.get("/api/v1/people/me").await?;
        return open(global, Some(api), me, &data_dir()?.join("cache").join("given")).await;
    }
    match first_or_current(global).await? {
        Some((profile, _)) if profile.is_embedded() => on_own_desk(global, &profile).await,
        Some((profile, token)) => on_server(global, &profile, token).await,
        None => Ok(()),
    }
}

/// The profile in use; the first time, the one made from the first-run form. `None` when the person left it.
async fn first_or_current(global: &Global) -> Result<Option<(Profile, Option<String>)>, CliError> {
    let mut profiles = Profiles::load()?;
    if global.options.profile.is_some() || profiles.iter().next().is_some() {
        return global.profile().map(Some);
    }
    let language = global.options.language.or_else(system_language).unwrap_or_default();
    let config = Config::load()?;
    let asked = if is_linear(global, &config) {
        // A form is no line: a desk of one's own under the account's name, which settings change later.
        Some(FirstRun { name: system_name(), language, theme: "dark".to_owned(), sample_desk: false })
    } else {
        let colours = setup::colours(config.screen.colours);
        ask_first_run(&system_name(), language, colours).await.map_err(|error| CliError::failed(error.to_string()))?
    };
    let Some(chosen) = asked else { return Ok(None) };
    config_file::set(&config_dir()?, "language", Some(chosen.language.tag()))?;
    config_file::set(&config_dir()?, "theme", Some(&chosen.theme))?;
    let profile = Profile { key: DEFAULT_PROFILE.to_owned(), server: EMBEDDED.to_owned(), handle: None, name: Some(chosen.name.clone()) };
    profiles.save(profile.clone(), None)?;
    if chosen.sample_desk {
        load_sample(&chosen).await?;
    }
    Ok(Some((profile, None)))
}

async fn load_sample(chosen: &FirstRun) -> Result<(), CliError> {
    let own = embedded::open(&own_folder(DEFAULT_PROFILE)?, &chosen.name, &system_zone(), chosen.language.tag()).await?;
    let filled = sample::fill(&own, chosen.language).await;
    own.close().await;
    filled
}

/// Where the desk of a profile of this machine's own is kept.
///
/// # Errors
/// When the system names no home folder.
pub fn own_folder(profile: &str) -> Result<std::path::PathBuf, CliError> {
    Ok(data_dir()?.join("desks").join(profile))
}

async fn on_own_desk(global: &Global, profile: &Profile) -> Result<(), CliError> {
    let settings = Config::load()?;
    let language = global.options.language.or(settings.language).unwrap_or_default();
    let folder = own_folder(&profile.key)?;
    let own = embedded::open(&folder, profile.name.as_deref().unwrap_or("Me"), &system_zone(), language.tag()).await?;
    let shown = open(global, Some(own.api.clone()), own.me.clone(), &folder.join("cache")).await;
    own.close().await;
    shown
}

/// Whether the console is told in lines.
fn is_linear(global: &Global, settings: &Config) -> bool {
    global.options.linear || settings.screen.linear
}

/// Whose cache this is: another sign-in or another server does not see it.
#[derive(Serialize, Deserialize)]
struct Remembered {
    server: String,
    /// SHA-256 of the token.
    token: String,
    me: Person,
}

async fn on_server(global: &Global, profile: &Profile, token: Option<String>) -> Result<(), CliError> {
    let cache = data_dir()?.join("cache").join(&profile.key);
    let Some(token) = token else {
        let why = format!("You are signed out of {0}: run `dutydesk login {0}`.", profile.server);
        return Err(CliError::new(Kind::NotSignedIn, "not_signed_in", why));
    };
    let api = Api::new(&profile.server, Some(&token))?;
    embedded::make_private(&cache)?;
    // Whoever used this profile last starts at once, from what is cached; sync tells soon enough if that has changed.
    let remembered = cache.join("me.json");
    let known: Option<Remembered> = std::fs::read(&remembered).ok().and_then(|json| serde_json::from_slice(&json).ok());
    let same = |known: &Remembered| known.server == profile.server && known.token == sha256_hex(&token);
    let me = match known.filter(same) {
        Some(known) => known.me,
        None => {
            let me: Person = api.get("/api/v1/people/me").await?;
            let remember = Remembered { server: profile.server.clone(), token: sha256_hex(&token), me: me.clone() };
            if let Ok(json) = serde_json::to_vec(&remember) {
                // Only costs the start without a link, when it cannot be written.
                let _ = std::fs::write(&remembered, json);
            }
            me
        }
    };
    open(global, Some(api), me, &cache).await
}

/// Opens the console for `me`; `folder` holds their cache.
///
/// # Errors
/// When the cache cannot be opened, a setting is wrong, or there is no terminal.
pub async fn open(global: &Global, api: Option<Api>, me: Person, folder: &Path) -> Result<(), CliError> {
    let config = config_dir()?;
    let given = Given::shared(&global.options);
    let mut setup = setup::read(&config, &given)?;
    setup::show_colours(setup.screen.colours);
    setup.screen.linear |= global.options.linear;
    let linear = setup.screen.linear;
    let zone: Tz = me.time_zone.parse().unwrap_or(Tz::UTC);
    embedded::make_private(folder)?;
    let memory = Arc::new(FileMemory::new(folder, me.id, global.options.fresh, Choices::new(config.clone(), given.clone())));
    let cache_path = folder.join(format!("{}.sqlite", me.id));
    let timing = LinkTiming::default();
    let client = DeskClient::open(DeskOptions { api, cache_path, me, clock: Clock::System, timing }).await;
    let client = client.map_err(|error| CliError::failed(format!("{error}.")))?;
    client.start();
    let options = ConsoleOptions {
        setup,
        reloads: None,
        memory,
        zone,
        clock: Clock::System,
        new_id: Box::new(new_id),
        wallboard: global.wallboard.clone(),
        over_ssh: std::env::var_os("SSH_TTY").is_some(),
    };
    let (watcher, reloads) = watch::start(config, given);
    let options = ConsoleOptions { reloads, ..options };
    let desk = Arc::new(ClientDesk(client.clone()));
    let ended = if linear { run_linear(desk, options).await } else { run_console(desk, options).await };
    drop(watcher);
    client.shutdown().await;
    match ended.map_err(|error| CliError::failed(format!("{error}.")))? {
        ExitReason::Quit | ExitReason::Signal => Ok(()),
        ExitReason::SignedOut => {
            Err(CliError::new(Kind::NotSignedIn, "signed_out", "You were signed out: sign in again with `dutydesk login URL`."))
        }
    }
}

pub(super) fn system_language() -> Option<Language> {
    sys_locale::get_locale().as_deref().and_then(Language::parse)
}

/// The account's name, until the person writes their own.
fn system_name() -> String {
    std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_default()
}

/// The machine's time zone, by its IANA name; UTC where it has none.
fn system_zone() -> String {
    let set = std::env::var("TZ").ok().map(|zone| zone.trim_start_matches(':').to_owned());
    let written = || std::fs::read_to_string("/etc/timezone").ok().map(|zone| zone.trim().to_owned());
    let linked = || {
        let target = std::fs::read_link("/etc/localtime").ok()?;
        target.to_str()?.split_once("zoneinfo/").map(|(_, zone)| zone.to_owned())
    };
    let known = |zone: &String| zone.parse::<Tz>().is_ok();
    set.filter(known).or_else(|| written().filter(known)).or_else(|| linked().filter(known)).unwrap_or_else(|| "UTC".to_owned())
}
