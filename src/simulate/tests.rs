//! Scenarios played small: what always holds of a run, and what the embedded scenarios are there to show.

use super::arrivals::{Arrival, drawn, replayed, span};
use super::check::parse;
use super::engine::{self, play};
use super::forecast::forecast;
use super::scenario::VariantSpec;
use super::span::{Span, words as span_words};
use super::words::{CHINESE, ENGLISH};
use super::{Report, Scenario, draw, embedded, history, staffing};
use crate::domain::roster::pattern;

const SMALL: &str = include_str!("scenarios/small.toml.test");

fn small() -> Scenario {
    parse("small.toml", SMALL).unwrap()
}

fn variant<'a>(all: &'a [VariantSpec], name: &str) -> &'a VariantSpec {
    all.iter().find(|variant| variant.name == name).unwrap()
}

fn run_all(scenario: &Scenario) -> Vec<Report> {
    scenario.variants().iter().map(|variant| engine::run(scenario, variant, &drawn(scenario, variant))).collect()
}

#[test]
fn the_same_seed_gives_the_same_report_and_another_does_not() {
    let json = |seed: u64| {
        let mut scenario = small();
        scenario.scenario.seed = seed;
        serde_json::to_string(&run_all(&scenario)).unwrap()
    };
    assert_eq!(json(5), json(5));
    assert_ne!(json(5), json(6));
}

#[test]
fn nothing_is_lost_refused_or_given_to_somebody_off_duty() {
    let scenario = small();
    for variant in scenario.variants() {
        let arrivals = drawn(&scenario, &variant);
        let world = play(&scenario, &variant, &arrivals);
        let now = world.now;
        for (at, person) in world.given.iter().step_by(7) {
            assert!(pattern::is_on_duty(&world.desk.directory, *person, *at), "{person} at {at}");
        }
        let held = |person: &crate::domain::id::PersonId| {
            world.desk.tickets().filter(|ticket| ticket.assignee == Some(*person) && ticket.status.is_active()).count()
        };
        for (person, state) in world.desk.states.iter() {
            assert_eq!(state.open_tickets as usize, held(person), "{person} at {now}");
        }
        let report = engine::run(&scenario, &variant, &arrivals);
        assert_eq!(report.tickets as usize, arrivals.len());
        assert_eq!(report.tickets, report.solved + report.open, "{}", report.name);
        assert_eq!((report.refused, report.given_off_duty), (0, 0), "{}", report.name);
        assert!(report.solved > 0 && report.commands > u64::from(report.tickets));
    }
}

#[test]
fn a_dispatcher_is_slower_than_the_roster() {
    let scenario = small();
    let reports = run_all(&scenario);
    let of = |name: &str| reports.iter().find(|report| report.name == name).unwrap();
    let (roster, hand) = (of("roster"), of("hand"));
    assert_eq!(roster.tickets, hand.tickets, "both meet the same requests");
    assert!(hand.first_response_s.median > 3 * roster.first_response_s.median, "{hand:?} {roster:?}");
    assert!(hand.time_to_assign_s.median > roster.time_to_assign_s.p90);
    assert!(hand.breaches > roster.breaches);
}

#[test]
fn fewer_people_and_more_requests_wait_longer() {
    let scenario = small();
    let reports = run_all(&scenario);
    let of = |name: &str| reports.iter().find(|report| report.name == name).unwrap();
    assert!(of("half staff").people < of("roster").people);
    assert!(of("half staff").first_response_s.p90 > of("roster").first_response_s.p90);
    assert!(of("busy nights").tickets > of("roster").tickets);
    // Of all day: ten more requests in quiet nights do not raise a backlog that is highest at noon.
    let tripled = VariantSpec { volume: Some(3.0), ..VariantSpec::default() };
    let tripled = engine::run(&scenario, &tripled, &drawn(&scenario, &tripled));
    assert!(tripled.backlog_max > of("roster").backlog_max);
    assert!(tripled.first_response_s.p90 > of("roster").first_response_s.p90);
}

#[test]
fn variants_share_the_requests_of_the_hours_in_which_they_do_not_differ() {
    let scenario = small();
    let all = scenario.variants();
    let zone = super::arrivals::zone(&scenario);
    let by_day = |variant: &VariantSpec| {
        // Hours of the scenario's own zone: ten in the evening in Berlin is still nine for UTC.
        let day = |arrival: &Arrival| (6..22).contains(&chrono::Timelike::hour(&arrival.at.with_timezone(&zone)));
        drawn(&scenario, variant).into_iter().filter(day).collect::<Vec<_>>()
    };
    assert_eq!(by_day(variant(&all, "roster")), by_day(variant(&all, "busy nights")));
}

#[test]
fn the_embedded_scenarios_play_small() {
    for (name, text) in embedded::ALL {
        let mut scenario = parse(name, text).unwrap().scaled(0.06);
        assert_eq!(scenario.scenario.name, name);
        assert!(!scenario.scenario.title_zh.is_empty() && !scenario.scenario.story_zh.is_empty());
        scenario.scenario.days = scenario.scenario.days.min(2);
        scenario.scenario.run_out_days = 4;
        for report in run_all(&scenario) {
            assert!(report.tickets > 10, "{name}");
            assert_eq!(
                (report.tickets, report.refused, report.given_off_duty),
                (report.solved + report.open, 0, 0),
                "{name}: {}",
                report.name
            );
        }
    }
}

fn wrong(from: &str, to: &str) -> (usize, String) {
    assert!(SMALL.contains(from), "{from}");
    let text = SMALL.replacen(from, to, 1);
    let error = parse("x.toml", &text).unwrap_err();
    assert!(error.to_string().starts_with("x.toml, line "), "{error}");
    (error.line, error.message)
}

fn line_of(text: &str) -> usize {
    SMALL[..SMALL.find(text).unwrap()].matches('\n').count() + 1
}

#[test]
fn errors_name_the_line_and_what_to_do() {
    let (line, message) = wrong("capacity = 4", "capcity = 4");
    assert_eq!(line, line_of("capacity = 4"));
    assert!(message.contains("capcity") && message.contains("capacity"), "{message}");
    let (line, message) = wrong("queue = \"help\"\nper_day", "queue = \"hepl\"\nper_day");
    assert_eq!(line, line_of("[[arrivals]]"));
    assert!(message.contains("there is no queue \"hepl\"") && message.contains("Did you mean help?"), "{message}");
    for (from, to, says) in [
        ("Europe/Berlin", "Europe/Berlln", "IANA"),
        ("days = 2", "days = 0", "write 1 to"),
        ("\"N\", \"-\"", "\"X\", \"-\"", "names shift \"X\""),
        ("queues = [\"help\"]", "queues = [\"hlep\"]", "no rota of tier 1 serves"),
        ("waits = 0.2", "waits = 1.2", "write a share"),
        ("waits = 0.2", "waits = 0.95", "leave something below 1"),
        ("wait = { median = \"1h\"", "# wait = { median = \"1h\"", "but wait is not given"),
        ("median = \"4m\"", "median = \"4 minutes\"", "30m"),
        ("from = \"06:00\"", "from = \"6 am\"", "08:00"),
        ("curve = \"office\"", "curve = \"offise\"", "use one of flat, office"),
        ("name = \"hand\"", "name = \"roster\"", "a second variant"),
        ("count = 12", "count = 0", "write 1 to"),
    ] {
        let (_, message) = wrong(from, to);
        assert!(message.contains(says), "{to}: {message}");
    }
}

#[test]
fn spans_are_read_and_written() {
    assert_eq!(Span::parse("1h30m").unwrap().secs(), 5_400);
    assert_eq!(Span::parse("0.5d").unwrap().secs(), 43_200);
    for text in ["", "5", "m", "1x", "-5m", "1e9d", "99999d", "0s"] {
        assert!(Span::parse(text).is_err(), "{text}");
    }
    let words: Vec<String> = [59, 61, 3_599, 3_600, 5_400, 90_000, 172_800].into_iter().map(span_words).collect();
    assert_eq!(words, ["59s", "1m1s", "59m", "1h", "1h30m", "1d1h", "2d"]);
}

#[test]
fn tables_and_curves_fit_and_speak_both_languages() {
    let reports = run_all(&small());
    for words in [&ENGLISH, &CHINESE] {
        let table = draw::table(&reports, words);
        let wide = crate::base::text::width(&table[0]);
        assert!(table.iter().all(|line| crate::base::text::width(line) == wide), "{table:#?}");
        for cells in [40, 80, 200] {
            let curves = draw::curves(&reports, words, cells);
            assert!(curves.iter().all(|line| crate::base::text::width(line) <= cells), "{curves:#?}");
            assert!(curves.iter().any(|line| line.contains('█')));
        }
    }
    assert!(draw::table(&reports, &CHINESE)[0].contains("人工"));
}

#[test]
fn enough_people_are_found_for_a_target() {
    let scenario = small();
    let all = scenario.variants();
    let roster = variant(&all, "roster");
    let arrivals = drawn(&scenario, roster);
    let mut told = 0;
    let found = staffing::search(&scenario, roster, &arrivals, Span::parse("15m").unwrap(), None, &mut |_, _| told += 1);
    let [search] = found.as_slice() else { panic!("{found:?}") };
    let people = search.people.unwrap();
    assert_eq!(told, search.steps.len());
    let step = |people: u32| search.steps.iter().find(|step| step.people == people).unwrap();
    assert!(step(people).reached && (people == 1 || !step(people - 1).reached), "{search:?}");
    assert_eq!(search.per_shift[0].people, people);
    let none = staffing::search(&scenario, roster, &arrivals, Span::parse("1s").unwrap(), Some("help"), &mut |_, _| {});
    assert_eq!(none[0].people, None);
}

#[test]
fn a_history_is_read_replayed_and_compared_with_the_roster() {
    let mut scenario = small();
    let day = |day: u32, hour: u32| format!("2026-04-{day:02}T{hour:02}:30:00+02:00");
    let mut lines = String::from("created_at,queue,kind,priority\n");
    for date in 6..20 {
        for _ in 0..if date == 6 || date == 13 { 90 } else { 3 } {
            lines.push_str(&format!("{},help,incident,high\n", day(date, 10)));
        }
    }
    let past = history::parse("h.csv", &lines).unwrap();
    let forecast = forecast(&scenario, &past);
    assert_eq!((forecast.days, forecast.hours.len()), (14, 168));
    let monday = &forecast.hours[10];
    assert_eq!((monday.weekday, monday.hour, monday.p90), (0, 10, 90));
    assert!((monday.mean - 90.0).abs() < 1e-9 && monday.is_short(), "{monday:?}");
    assert!(!forecast.hours[24 + 10].is_short() && forecast.hours[24 + 10].on_duty > 0.0);
    for words in [&ENGLISH, &CHINESE] {
        for (cells, lines) in [(80, 2 + 2 * 8), (130, 2 + 8)] {
            let drawn = super::forecast::draw(&forecast, words, cells);
            assert!(drawn.iter().all(|line| crate::base::text::width(line) <= cells), "{drawn:#?}");
            assert_eq!(drawn.iter().position(String::is_empty), Some(lines), "{drawn:#?}");
        }
    }
    let drawn = super::forecast::draw(&forecast, &ENGLISH, 80);
    assert_eq!(drawn.iter().filter(|line| line.starts_with("short Mon 10:00–11:00")).count(), 1, "{drawn:#?}");

    let arrivals = replayed(&mut scenario, &past);
    assert_eq!((arrivals.len(), scenario.scenario.days), (past.len(), 14));
    assert!(arrivals.iter().all(|arrival| span(&scenario).0 <= arrival.at));
    let report = engine::run(&scenario, &VariantSpec::default(), &arrivals);
    assert_eq!(report.tickets, report.solved + report.open);

    let json = "{\"created_at\":\"2026-04-06T10:00:00Z\",\"queue\":\"help\",\"subject\":\"x\"}\n\n{\"created_at\":\"soon\"}\n";
    let error = history::parse("h.jsonl", json).unwrap_err();
    assert_eq!(error.line, 3, "{error}");
    assert!(history::parse("h.csv", "created_at,queue\n").is_err());
}

/// Prints the tables of a scenario file, or of the embedded ones, at full size:
/// `SCENARIO=my.toml cargo test --lib full_size -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes without optimisation"]
fn full_size() {
    let own = std::env::var("SCENARIO").ok().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap()));
    let all = embedded::ALL.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
    for (name, text) in own.map_or(all, |own| vec![own]) {
        let scenario = parse(&name, &text).unwrap();
        let run = |variant: &VariantSpec| {
            let arrivals = drawn(&scenario, variant);
            let started = std::time::Instant::now();
            let report = engine::run(&scenario, variant, &arrivals);
            Report { wall_ms: u64::try_from(started.elapsed().as_millis()).unwrap(), ..report }
        };
        let reports: Vec<Report> = scenario.variants().iter().map(run).collect();
        println!("{name}\n{}", draw::table(&reports, &ENGLISH).join("\n"));
        for report in &reports {
            println!(
                "{}: refused {}, off duty {}, {:?} {:?}",
                report.name, report.refused, report.given_off_duty, report.breaches_by_clock, report.rotas
            );
        }
        println!("{}", draw::curves(&reports, &ENGLISH, 120).join("\n"));
    }
}
