//! Makes a desk's files: a server in this process over a new database, filled over HTTP, left alone until its jobs are done with what
//! came in, closed; then a client syncs with it once, and its cache is kept.

#![expect(clippy::print_stdout, reason = "it takes minutes, and says so")]

use std::path::Path;
use std::time::{Duration, Instant};

use dutydesk::base::clock::{Clock, new_id};
use dutydesk::client::api::Api;
use dutydesk::client::desk::{DeskClient, DeskOptions, LinkTiming};
use dutydesk::client::view::Link;
use dutydesk::demo::{DemoLanguage, SampleDesk, driver};
use dutydesk::domain::command::{Command, Submission};
use dutydesk::domain::id::PersonId;
use dutydesk::server::files::FilesConfig;
use dutydesk::server::routes::sessions::{first_admin, issue};
use dutydesk::server::{AWAY_AFTER, RunningServer, ServerConfig, start};
use dutydesk::store::sqlite;
use futures::{StreamExt, TryStreamExt};

use super::tickets::tickets;
use super::{Keys, Mix, SEED};

/// Tickets of one call, and calls at once.
const CHUNK: usize = 500;
const AT_ONCE: usize = 2;
/// The jobs are done when the feed has stood still so long; at most so long is waited for it.
const STILL: Duration = Duration::from_secs(3);
const STILL_MOST: Duration = Duration::from_secs(600);

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Makes the three files of a desk; the keys come last, so that a desk that was begun and not finished is none.
pub fn make(mix: Mix, count: usize, database: &Path, cache: &Path, keys: &Path) {
    for old in [database, cache] {
        for end in ["", "-wal", "-shm"] {
            // Left by one that was not finished.
            let _ = std::fs::remove_file(format!("{}{end}", old.display()));
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if let Err(error) = runtime.block_on(fill(mix, count, database, cache, keys)) {
        panic!("the desk of {count} tickets cannot be made: {error}");
    }
}

async fn fill(mix: Mix, count: usize, database: &Path, cache: &Path, keys: &Path) -> Result<(), Failure> {
    let begun = Instant::now();
    let server = serve(database).await?;
    let now = Clock::System.now();
    let chinese = SampleDesk::generate(DemoLanguage::Chinese, SEED, count, now);
    let english = SampleDesk::generate(DemoLanguage::English, SEED, count, now);
    let zone = Some(chinese.language.time_zone().name().to_owned());
    let admin = first_admin(&server.desk, "bench".to_owned(), "Bench".to_owned(), zone, None).await.map_err(|problem| problem.detail)?;
    let admin_token = issue(&server.desk, admin.id, "bench").await.map_err(|problem| problem.detail)?;
    let api = Api::new(&server.url, Some(&admin_token))?;
    let token_for = async |person: PersonId| issue(&server.desk, person, "bench").await.ok();
    let empty = SampleDesk::generate(DemoLanguage::Chinese, SEED, 0, now);
    let colleagues = driver::fill(&api, &empty, token_for, |_| {}).await?;
    import(&api, tickets(mix, &chinese, &english), count).await?;
    let imported = begun.elapsed();
    still(&server).await?;
    let people = chinese.people.iter().filter_map(|person| Some((person.clone(), colleagues.token(person.id)?.to_owned()))).collect();
    server.shutdown().await;
    let quiet = begun.elapsed();
    let known = Keys { admin, admin_token, people };
    sync(database, cache, &known).await?;
    std::fs::write(keys, serde_json::to_vec(&known)?)?;
    println!(
        "data | {} {count} tickets | imported in {:.1} s ({:.0} a second) | jobs {:.1} s | synced to a cache in {:.1} s | {} MB",
        mix.word(),
        imported.as_secs_f64(),
        count as f64 / imported.as_secs_f64(),
        (quiet - imported).as_secs_f64(),
        (begun.elapsed() - quiet).as_secs_f64(),
        std::fs::metadata(database)?.len() / 1_000_000,
    );
    Ok(())
}

async fn serve(database: &Path) -> Result<RunningServer, Failure> {
    let store = sqlite::open(database, Clock::System).await?;
    let config = ServerConfig {
        listen: "127.0.0.1:0".to_owned(),
        backup_folder: None,
        away_after: AWAY_AFTER,
        public_url: None,
        files: FilesConfig::memory(),
    };
    Ok(start(config, store, Clock::System).await?)
}

/// The next chunk is made while the server works on the last.
async fn import(api: &Api, tickets: impl Iterator<Item = dutydesk::domain::command::ImportTicket>, count: usize) -> Result<(), Failure> {
    let mut tickets = tickets;
    let chunks = std::iter::from_fn(|| {
        let mut lines = Vec::new();
        for ticket in tickets.by_ref().take(CHUNK) {
            let command = Command::ImportTicket(Box::new(ticket));
            let submission = Submission { key: new_id().into(), base_version: None, expires_at: None, command };
            serde_json::to_writer(&mut lines, &submission).expect("a command is written");
            lines.push(b'\n');
        }
        (!lines.is_empty()).then_some(lines)
    });
    let mut answers = futures::stream::iter(chunks)
        .map(async |lines| {
            let answers = api.import(lines.into()).await?;
            match answers.answers.into_iter().find_map(|answer| answer.refusal) {
                Some(refusal) => Err(Failure::from(format!("a ticket was refused: {refusal:?}"))),
                None => Ok(()),
            }
        })
        .buffered(AT_ONCE);
    let mut done = 0;
    while answers.try_next().await?.is_some() {
        done += CHUNK;
        if done.is_multiple_of(50_000) {
            println!("data | {done} of {count} tickets");
        }
    }
    Ok(())
}

/// Waits until nothing is written any more.
async fn still(server: &RunningServer) -> Result<(), Failure> {
    let begun = Instant::now();
    let (mut head, mut since) = (server.desk.store.head().await?, Instant::now());
    while since.elapsed() < STILL && begun.elapsed() < STILL_MOST {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = server.desk.store.head().await?;
        if now != head {
            (head, since) = (now, Instant::now());
        }
    }
    Ok(())
}

/// Fills an empty cache from a real server, until the client has caught up with it.
async fn sync(database: &Path, cache: &Path, keys: &Keys) -> Result<(), Failure> {
    let server = serve(database).await?;
    let client = DeskClient::open(DeskOptions {
        api: Some(Api::new(&server.url, Some(&keys.admin_token))?),
        cache_path: cache.to_owned(),
        me: keys.admin.clone(),
        clock: Clock::System,
        timing: LinkTiming::default(),
    })
    .await?;
    client.start();
    let mut status = client.status();
    tokio::time::timeout(STILL_MOST, status.wait_for(|status| status.link == Link::Live)).await??;
    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}
