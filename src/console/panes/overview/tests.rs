//! The pane on whole screens, and what its keys do.

use std::sync::Arc;

use chrono::Duration;

use crate::client::stats::Figures;
use crate::console::locale::Language;
use crate::console::testing::{FakeDesk, Screen, id, now};
use crate::domain::person::Presence;
use crate::domain::stats::{Overview, PersonLoad, Place, QueueHealth, Range, Region, Response, Step};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// A busy day, with names that try to do harm.
pub fn sample() -> Overview {
    let step = |n: i64| Step {
        from: now() - Duration::minutes(10) - Duration::hours(23 - n),
        arrived: u32::try_from(n * 7 % 11).unwrap(),
        solved: u32::try_from(n * 5 % 9).unwrap(),
        backlog: u32::try_from(80 + n * 13 % 40).unwrap(),
        first_response_secs: (n % 5 != 0).then_some(60 * n),
    };
    let region = |name: &str, at: Option<(f64, f64)>, open, late, arrived, hot| Region {
        region: name.into(),
        latitude: at.map(|(latitude, _)| latitude),
        longitude: at.map(|(_, longitude)| longitude),
        sites: 10,
        open,
        late,
        arrived,
        hot,
    };
    let place = |n: u128, region: &str, (latitude, longitude): (f64, f64), open, late, arrived| Place {
        site: id(n),
        code: format!("ST-{n:03}"),
        name: format!("加油站 {n} evil\u{1b}[2J"),
        region: region.into(),
        latitude: Some(latitude),
        longitude: Some(longitude),
        open,
        late,
        arrived,
        hot: late > 2,
    };
    let person =
        |n: u128, on_duty, load, open| PersonLoad { person: id(n), on_duty, presence: Presence::Available, open, capacity: 8, load };
    let queue = |n: u128, late, breaching, waiting| QueueHealth {
        queue: id(n),
        unsolved: 40,
        waiting,
        breaching,
        late,
        oldest_waiting: Some(now() - Duration::minutes(95)),
        next_due: Some(now() + Duration::minutes(12)),
        on_duty: 2,
    };
    Overview {
        at: now() - Duration::seconds(20),
        range: Range::Day,
        zone: "Asia/Shanghai".into(),
        queue: None,
        steps: (0..24).map(step).collect(),
        first_response: Response { count: 210, p50_secs: Some(240), p90_secs: Some(1_500), with_goal: 200, within: 170 },
        resolution: Response { count: 190, p50_secs: Some(5_400), p90_secs: Some(90_000), with_goal: 190, within: 185 },
        heat: (0..168_u32).map(|cell| cell * 37 % 113).collect(),
        regions: vec![
            region("华东", Some((31.2, 121.4)), 42, 5, 30, true),
            region("Nord\u{202e}", Some((53.5, 10.0)), 12, 0, 9, false),
            region("华南", Some((23.1, 113.3)), 7, 0, 2, false),
            region("nowhere", None, 0, 0, 0, false),
        ],
        places: vec![
            place(1, "华东", (31.1, 121.5), 12, 3, 14),
            place(2, "华东", (31.4, 120.9), 9, 2, 6),
            place(3, "Nord", (53.6, 9.9), 4, 0, 3),
        ],
        people: vec![person(1, true, 825, 9), person(2, false, 300, 3), person(3, true, 100, 1)],
        queues: vec![queue(10, 5, 2, 7), queue(11, 0, 0, 1)],
    }
}

pub fn fresh() -> Figures {
    Figures { overview: Arc::new(sample()), stale: None }
}

fn desk() -> Arc<FakeDesk> {
    let desk = FakeDesk::new(30);
    *desk.figures.lock().unwrap() = Some(fresh());
    desk
}

#[tokio::test]
async fn it_looks_as_agreed() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(desk(), language, width, height).await;
            screen.press("6").await;
            insta::assert_snapshot!(format!("overview-{}-{width}x{height}", language.tag()), screen.snapshot());
            assert_eq!(screen.control_cells(), 0);
        }
    }
}

#[tokio::test]
async fn a_narrow_screen_shows_one_chart_after_the_other() {
    for language in Language::ALL {
        let mut screen = Screen::open(desk(), language, 80, 24).await;
        screen.press("6").await;
        for chart in ["backlog", "response", "load", "heat", "places"] {
            screen.press("tab").await;
            insta::assert_snapshot!(format!("overview-{chart}-{}-80x24", language.tag()), screen.snapshot());
        }
        screen.press("tab").await;
        assert!(screen.snapshot().contains("(1/6)"), "around");
    }
}

#[tokio::test]
async fn the_marked_step_is_told_in_words() {
    let mut screen = Screen::open(desk(), Language::English, 80, 24).await;
    screen.press("6").await;
    assert!(screen.snapshot().contains("10:00: 7 arrived, 7 solved, 99 left"), "{}", screen.snapshot());
    screen.press("h h").await;
    assert!(screen.snapshot().contains("08:00: 4 arrived, 6 solved, 113 left"), "{}", screen.snapshot());
    screen.press("g g").await;
    assert!(screen.snapshot().contains("11:00: 0 arrived"), "{}", screen.snapshot());
    screen.press("tab tab tab tab l j").await;
    assert!(screen.snapshot().contains("Tue 01:00-02:00: 21 in 28 days"), "{}", screen.snapshot());
}

#[tokio::test]
async fn another_range_asks_anew_and_old_figures_tell_their_age() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("6 ]").await;
    let shown = screen.snapshot();
    assert!(shown.contains("[7 days]") && shown.contains("counted 10:09"), "{shown}");
    *desk.figures.lock().unwrap() =
        Some(Figures { stale: Some("no link".into()), overview: Arc::new(Overview { at: now() - Duration::hours(3), ..sample() }) });
    screen.press("]").await;
    assert!(screen.snapshot().contains("of 07:10, 3h00 ago: no answer"), "{}", screen.snapshot());
    *desk.figures.lock().unwrap() = None;
    screen.press("[").await;
    assert!(screen.snapshot().contains("No figures: no server"), "{}", screen.snapshot());
}

#[tokio::test]
async fn enter_shows_the_tickets_behind_a_mark() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    screen.press("6 tab tab tab tab tab").await;
    // The regions first, then the sites.
    screen.press("j j j enter").await;
    let shown = screen.snapshot();
    assert!(shown.contains("[1 Queues") && shown.contains("ST-001"), "{shown}");
}

#[tokio::test]
async fn a_queue_is_chosen_by_its_name() {
    let mut screen = Screen::open(desk(), Language::English, 80, 24).await;
    screen.press("6 o").await;
    assert!(screen.snapshot().contains("Figures of which queue?"));
    screen.text("pay").await;
    screen.press("enter").await;
    assert!(screen.snapshot().lines().nth(1).unwrap().contains("Payment"), "{}", screen.snapshot());
}

#[tokio::test]
async fn nothing_is_too_small_or_too_empty_to_be_drawn() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::Chinese, 200, 60).await;
    screen.press("6").await;
    for (width, height) in [(80, 24), (81, 25), (109, 29), (110, 30), (110, 200), (300, 30)] {
        screen.resize(width, height).await;
    }
    let blank = Overview {
        steps: Vec::new(),
        heat: Vec::new(),
        regions: Vec::new(),
        places: Vec::new(),
        people: Vec::new(),
        queues: Vec::new(),
        ..sample()
    };
    *desk.figures.lock().unwrap() = Some(Figures { overview: Arc::new(blank), stale: None });
    screen.press("]").await;
    for _ in 0..6 {
        screen.press("tab j k h l G enter 6").await;
    }
}
