//! `dutydesk demo`: a living sample desk on a throw-away server. Everything in it goes over real HTTP.

use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::Global;
use super::error::CliError;
use super::process::{Ending, LogFormat, log};
use crate::base::clock::Clock;
use crate::client::api::Api;
use crate::console::locale::Language;
use crate::demo::driver::{self, Colleagues, DriveError};
use crate::demo::{DemoLanguage, SampleDesk};
use crate::domain::id::PersonId;
use crate::domain::person::{Person, Role};
use crate::domain::roster::pattern;
use crate::server::error::ApiProblem;
use crate::server::files::FilesConfig;
use crate::server::routes::sessions::{first_admin, issue};
use crate::server::{AWAY_AFTER, RunningServer, ServerConfig, start};
use crate::store::sqlite;

/// Open a living sample desk; nothing of it stays.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The same seed makes the same desk.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many tickets it has at first.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    tickets: usize,
    /// No traffic: nothing moves but what you do.
    #[arg(long)]
    quiet: bool,
    /// Do not open the console: print the address and a token for each role, and wait for a signal.
    #[arg(long)]
    serve_only: bool,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:0")]
    listen: String,
}

impl From<DriveError> for CliError {
    fn from(error: DriveError) -> Self {
        match error {
            DriveError::Api(error) => error.into(),
            error => Self::failed(error.to_string()),
        }
    }
}

fn problem(problem: ApiProblem) -> CliError {
    CliError::failed(problem.detail)
}

/// # Errors
/// When the address or a temporary folder cannot be had.
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    if args.serve_only {
        log(LogFormat::Text, "warn");
    }
    let mut ending = Ending::new()?;
    let folder = tempfile::Builder::new().prefix("dutydesk-demo-").tempdir();
    let folder = folder.map_err(|error| CliError::failed(format!("No temporary folder can be made: {error}.")))?;
    let store = sqlite::open(&folder.path().join("desk.db"), Clock::System).await?;
    let server = start(
        ServerConfig {
            listen: args.listen.clone(),
            backup_folder: None,
            away_after: AWAY_AFTER,
            public_url: None,
            files: FilesConfig::memory(),
        },
        store,
        Clock::System,
    )
    .await?;
    let ended = tokio::select! {
        ended = live(&args, &server, global) => ended,
        () = ending.asked() => Ok(()),
    };
    server.shutdown().await;
    ended
}

/// Fills the desk and keeps it alive until the console closes.
async fn live(args: &Args, server: &RunningServer, global: &Global) -> Result<(), CliError> {
    let language = match global.options.language {
        Some(Language::Chinese) => DemoLanguage::Chinese,
        _ => DemoLanguage::English,
    };
    let sample = Arc::new(SampleDesk::generate(language, args.seed, args.tickets, Clock::System.now()));
    let colleagues = fill(server, &sample).await?;
    driver::come_to_work(&sample, &colleagues).await?;
    let you = you(server, &sample).ok_or_else(|| CliError::failed("Nobody of the sample desk can be signed in."))?;
    driver::ask_to_swap(&sample, &colleagues, you.id).await?;
    let stop = CancellationToken::new();
    let _ends_with_this = stop.clone().drop_guard();
    tokio::spawn(driver::run_acceptance(Arc::clone(&sample), colleagues.clone(), Some(you.id), stop.clone()));
    if !args.quiet {
        let traffic = driver::run_traffic(Arc::clone(&sample), colleagues.clone(), Some(you.id), Clock::System, stop);
        tokio::spawn(traffic);
    }
    if args.serve_only {
        print_tokens(server, &sample, &colleagues, you.id, global)?;
        return std::future::pending().await;
    }
    open_console(server, &colleagues, you.id, global).await
}

/// As the desk's people see it there was never anybody else: who filled it is gone afterwards.
async fn fill(server: &RunningServer, sample: &SampleDesk) -> Result<Colleagues, CliError> {
    let zone = sample.language.time_zone().name().to_owned();
    let mover = first_admin(&server.desk, "demo".to_owned(), "Demo".to_owned(), Some(zone), None).await.map_err(problem)?;
    let token = issue(&server.desk, mover.id, "demo").await.map_err(problem)?;
    let api = Api::new(&server.url, Some(&token))?;
    let bar = tickets_bar(sample.ticket_count);
    let token_for = async |person: PersonId| issue(&server.desk, person, "demo").await.ok();
    let colleagues = driver::fill(&api, sample, token_for, |done| bar.set_position(done)).await?;
    bar.finish_and_clear();
    let gone = Person { active: false, ..mover };
    let _: serde_json::Value = api.call(reqwest::Method::PUT, &format!("/api/v1/people/{}", gone.id), &gone).await?;
    Ok(colleagues)
}

/// A progress bar on stderr for `tickets` tickets.
pub fn tickets_bar(tickets: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {human_pos} / {human_len} tickets, {eta} left");
    ProgressBar::new(u64::try_from(tickets).unwrap_or(u64::MAX)).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// An agent who is on duty now, else any.
fn you(server: &RunningServer, sample: &SampleDesk) -> Option<Person> {
    let on_duty = pattern::on_duty(&server.desk.directory(), Clock::System.now());
    let agents = sample.people.iter().filter(|person| person.role == Role::Agent);
    agents.max_by_key(|person| (on_duty.iter().any(|shift| shift.person == person.id), person.queues.len(), &person.handle)).cloned()
}

fn print_tokens(
    server: &RunningServer,
    sample: &SampleDesk,
    colleagues: &Colleagues,
    you: PersonId,
    global: &Global,
) -> Result<(), CliError> {
    let first = |role: Role| sample.people.iter().find(|person| person.role == role);
    let roles = [Role::Admin, Role::Lead, Role::Expert, Role::Agent, Role::Viewer];
    let people = roles.into_iter().filter_map(|role| match role {
        Role::Agent => sample.people.iter().find(|person| person.id == you),
        role => first(role),
    });
    let rows: Vec<_> = people
        .filter_map(|person| Some(json!({ "role": person.role, "handle": person.handle, "token": colleagues.token(person.id)? })))
        .collect();
    if global.json {
        return global.out.json(&json!({ "url": server.url, "people": rows }));
    }
    global.out.line(&format!("dutydesk: listening on {}", server.url))?;
    for row in rows {
        let word = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        global.out.line(&format!("{} {} {}", word("role"), word("handle"), word("token")))?;
    }
    Ok(())
}

/// Opens the console as `person`; returns when it is closed.
async fn open_console(server: &RunningServer, colleagues: &Colleagues, person: PersonId, global: &Global) -> Result<(), CliError> {
    let token = colleagues.token(person).unwrap_or_default();
    let api = Api::new(&server.url, Some(token))?;
    let me: Person = api.get("/api/v1/people/me").await?;
    let cache = tempfile::tempdir().map_err(|error| CliError::failed(format!("No temporary folder can be made: {error}.")))?;
    super::console::open(global, Some(api), me, cache.path()).await
}
