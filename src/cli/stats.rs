//! `dutydesk stats`: the desk's figures for scripts and for people without the console.

use clap::ValueEnum;

use super::Global;
use super::error::CliError;
use super::names::with_query;
use super::words::local;
use crate::base::text::fit;
use crate::console::locale::{Language, Locale};
use crate::domain::person::Person;
use crate::domain::queue::Queue;
use crate::domain::stats::heat::cell;
use crate::domain::stats::{Overview, Range, Response};
use crate::wire::list::Items;

/// Figures: arrivals, backlog, waits, load, heat map, places, queues.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to show.
    #[arg(value_enum, default_value_t = What::Overview)]
    what: What,
    /// Over which span: today, 24h, 7d or 28d.
    #[arg(long, default_value_t = Range::Day, value_name = "SPAN")]
    range: Range,
    /// Of this queue alone, by its key.
    #[arg(long, value_name = "KEY")]
    queue: Option<String>,
    /// The IANA time zone that hours and days are counted in; one's own by default.
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// The figures in short.
    Overview,
    /// Arrived, solved and left, step by step.
    Series,
    /// Arrivals of 28 days by weekday and hour.
    Heat,
    /// Regions and sites, the hottest first.
    Places,
    /// Who carries how much.
    Load,
    /// How each queue stands, the worst first.
    Queues,
}

/// # Errors
/// See [`CliError`].
pub async fn run(args: Args, global: &Global) -> Result<(), CliError> {
    let api = global.api()?;
    let query = [("range", Some(args.range.to_string())), ("queue", args.queue.clone()), ("zone", args.zone.clone())];
    let overview: Overview = api.get(&with_query("/api/v1/stats/overview", &query)).await?;
    let out = global.out;
    match args.what {
        What::Overview if global.json => out.json(&overview),
        What::Overview => out.fields(&short(&overview)),
        What::Series => out.list(&overview.steps, &["FROM", "ARRIVED", "SOLVED", "LEFT", "FIRST RESPONSE P50"], |step| {
            let wait = step.first_response_secs.map(span).unwrap_or_default();
            vec![local(step.from), step.arrived.to_string(), step.solved.to_string(), step.backlog.to_string(), wait]
        }),
        What::Heat if global.json => out.json(&overview.heat),
        What::Heat => out.lines(&overview.heat, &heat_lines(&overview.heat)),
        What::Places => places(&overview, global),
        What::Load => {
            let people = api.get::<Items<Person>>("/api/v1/people").await?.items;
            out.list(&overview.people, &["PERSON", "ON DUTY", "OPEN", "CAPACITY", "LOAD"], |one| {
                let name = people
                    .iter()
                    .find(|person| person.id == one.person)
                    .map_or_else(|| one.person.to_string(), |person| person.name.clone());
                let duty = if one.on_duty { "yes" } else { "no" };
                vec![name, duty.to_owned(), one.open.to_string(), one.capacity.to_string(), format!("{}%", one.percent())]
            })
        }
        What::Queues => {
            let queues = api.get::<Items<Queue>>("/api/v1/queues").await?.items;
            let heads = ["QUEUE", "UNSOLVED", "WAITING", "BREACHING", "LATE", "OLDEST WAITING", "NEXT DUE", "ON DUTY"];
            out.list(&overview.queues, &heads, |one| {
                let key =
                    queues.iter().find(|queue| queue.id == one.queue).map_or_else(|| one.queue.to_string(), |queue| queue.key.clone());
                let since = |at: Option<crate::domain::Timestamp>| at.map(local).unwrap_or_default();
                let counts = [one.unsolved, one.waiting, one.breaching, one.late].map(|count| count.to_string());
                let mut row = vec![key];
                row.extend(counts);
                row.extend([since(one.oldest_waiting), since(one.next_due), one.on_duty.to_string()]);
                row
            })
        }
    }
}

fn span(seconds: i64) -> String {
    Locale::new(Language::English).span(seconds)
}

fn waits(response: &Response) -> String {
    let (Some(half), Some(most)) = (response.p50_secs, response.p90_secs) else { return "none".to_owned() };
    let within = response.percent().map(|percent| format!(", {percent}% of {} within the goal", response.with_goal)).unwrap_or_default();
    format!("half within {}, nine of ten within {}{within} ({} tickets)", span(half), span(most), response.count)
}

fn short(overview: &Overview) -> Vec<(&'static str, String)> {
    let sum = |of: fn(&crate::domain::stats::Step) -> u32| overview.steps.iter().map(of).map(u64::from).sum::<u64>();
    let queues = |of: fn(&crate::domain::stats::QueueHealth) -> u32| overview.queues.iter().map(of).sum::<u32>();
    let hot: Vec<&str> = overview.regions.iter().filter(|region| region.hot).map(|region| region.region.as_str()).collect();
    vec![
        ("Counted at", local(overview.at)),
        ("Range", format!("{} ({})", overview.range, overview.zone)),
        ("Arrived", sum(|step| step.arrived).to_string()),
        ("Solved", sum(|step| step.solved).to_string()),
        ("Unsolved now", queues(|queue| queue.unsolved).to_string()),
        ("Unassigned", queues(|queue| queue.waiting).to_string()),
        ("Breaching soon", queues(|queue| queue.breaching).to_string()),
        ("Late", queues(|queue| queue.late).to_string()),
        ("First response", waits(&overview.first_response)),
        ("Resolution", waits(&overview.resolution)),
        ("On duty", overview.people.iter().filter(|one| one.on_duty).count().to_string()),
        ("Hot regions", hot.join(", ")),
    ]
}

fn heat_lines(heat: &[u32]) -> Vec<String> {
    let cell_of = |day: usize, hour: usize| heat.get(cell(day, hour)).copied().unwrap_or(0);
    let wide = heat.iter().map(|count| count.to_string().len()).max().unwrap_or(1).max(2) + 1;
    let head = (0..24).fold(fit("", 4), |line, hour| line + &format!("{hour:>wide$}"));
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let row = |(day, name): (usize, &&str)| (0..24).fold(fit(name, 4), |line, hour| line + &format!("{:>wide$}", cell_of(day, hour)));
    std::iter::once(head).chain(days.iter().enumerate().map(row)).collect()
}

fn places(overview: &Overview, global: &Global) -> Result<(), CliError> {
    if global.json {
        return global.out.json(&serde_json::json!({ "regions": overview.regions, "places": overview.places }));
    }
    let hot = |hot: bool| if hot { "hot" } else { "" }.to_owned();
    let counts = |open: u32, late: u32, arrived: u32| [open, late, arrived].map(|count| count.to_string());
    global.out.list(&overview.regions, &["REGION", "SITES", "OPEN", "LATE", "ARRIVED 24H", ""], |one| {
        let mut row = vec![one.region.clone(), one.sites.to_string()];
        row.extend(counts(one.open, one.late, one.arrived));
        row.push(hot(one.hot));
        row
    })?;
    global.out.line("")?;
    global.out.list(&overview.places, &["SITE", "NAME", "REGION", "OPEN", "LATE", "ARRIVED 24H", ""], |one| {
        let mut row = vec![one.code.clone(), one.name.clone(), one.region.clone()];
        row.extend(counts(one.open, one.late, one.arrived));
        row.push(hot(one.hot));
        row
    })
}
