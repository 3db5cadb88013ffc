//! Start, keys, filters, idle and memory of the console, each over desks of growing size.

use serde_json::json;

use super::outside::{Outside, number};
use super::place::{Given, Place};
use crate::data::{DeskData, Mix, desk};
use crate::figures::{Goal, figure};

/// Warm and alone, or with its server.
const AWAY: Given = Given { server: false, cache: true };
const LIVE: Given = Given { server: true, cache: true };
/// Letters of a filter, typed one by one; the last word is on no ticket.
const TYPED: [&str; 5] = ["pump", "refund order", "加油", "terminal", "zzqx"];

/// Only the largest desk must reach a goal; the smaller ones show the growth.
fn goal(size: usize, sizes: &[usize], most: f64) -> Goal {
    if sizes.last() == Some(&size) { Goal::AtMost(most) } else { Goal::None }
}

fn each(sizes: &[usize], mut measure: impl FnMut(usize, &DeskData)) {
    for size in sizes {
        if let Some(data) = desk(Mix::Open, *size) {
            measure(*size, &data);
        }
    }
}

/// Start to the first screen with tickets on it, from a warm cache.
pub fn start(sizes: &[usize]) {
    for (given, word) in [(AWAY, "server away"), (LIVE, "server running")] {
        let mut first = f64::NAN;
        each(sizes, |size, data| {
            let place = Place::new(data, given);
            let before = Some(place.begin_with(&json!({})));
            let report = Outside { before, runs: 12, ..Outside::listed() }.console(&place);
            let ready = number(&report, "/startup/ready_ms/median");
            let of = format!("start to tickets on screen, {size} open, {word}");
            figure(&format!("{of}: p50 of 12"), ready, "ms", goal(size, sizes, 40.0));
            figure(&format!("{of}: processor time"), number(&report, "/startup/startup_cpu_ms/median"), "ms", Goal::None);
            if first.is_nan() {
                first = ready;
            }
            figure(&format!("{of}: against {} open", sizes[0]), ready / first, "times", goal(size, sizes, 1.2));
        });
    }
}

/// Moving through the list, each key waited for until the screen stands still.
pub fn moving(sizes: &[usize]) {
    for (hidden, word) in [(true, "list alone"), (false, "ticket beside the list")] {
        each(sizes, |size, data| {
            let place = Place::new(data, AWAY);
            let before = Some(place.begin_with(&json!({ "preview-hidden": hidden })));
            // Each key pooled under one name as well as by itself; G and gg by turns, so that both move.
            let ends = "G:G,gg:gg,".repeat(25);
            let keys = format!("_:j,j:j*150,k:k*100,half:<C-d>*60,{ends}settle(),gg,inside:j*12,back:k*12");
            let report = Outside { before, keys, warm: 0.5, ..Outside::listed() }.console(&place);
            for key in ["j", "k", "half", "G", "gg"] {
                let of = |what: &str| number(&report, &format!("/keys/{key}/paint_ms/{what}"));
                figure(&format!("key {key} to settled screen, {size} open, {word}: p50"), of("median"), "ms", goal(size, sizes, 0.8));
                figure(&format!("key {key} to settled screen, {size} open, {word}: p99"), of("p99"), "ms", goal(size, sizes, 2.0));
            }
            let bytes = number(&report, "/keys/inside/bytes/median");
            let most = if hidden { goal(size, sizes, 150.0) } else { Goal::None };
            figure(&format!("bytes of one cursor move inside the page, {size} open, {word}"), bytes, "bytes", most);
            let busy = number(&report, "/keys_foreign_cpu_pct");
            figure(&format!("others on the machine meanwhile, {size} open, {word}"), busy, "% of a core", Goal::None);
        });
    }
}

/// A held key: 300 moves without waiting; and whether the cursor is where 300 moves lead.
pub fn held(sizes: &[usize]) {
    each(sizes, |size, data| {
        let place = Place::new(data, AWAY);
        let moves = 300.min(size - 1);
        let before = Some(place.begin_with(&json!({ "preview-hidden": true })));
        let dump = |name: &str| Some(place.path(name));
        let held =
            Outside { before: before.clone(), keys: format!("burst(j,{moves})"), warm: 0.5, dump: dump("held"), ..Outside::listed() };
        let report = held.console(&place);
        figure(
            &format!("held key, {moves} moves, {size} open"),
            number(&report, "/keys/burst/paint_ms/median"),
            "ms",
            goal(size, sizes, 60.0),
        );
        let one = Outside { keys: format!("j*{moves}"), dump: dump("one"), ..held };
        one.console(&place);
        // The header tells the time and how long the server has been away.
        let read = |name: &str| {
            let screen = std::fs::read_to_string(place.path(name)).unwrap_or_default();
            screen.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
        };
        let same = f64::from(u8::from(read("held") == read("one") && !read("one").is_empty()));
        figure(&format!("the same screen as after {moves} keys one by one, {size} open"), same, "(1: yes)", Goal::AtLeast(1.0));
    });
}

/// A filter while it is typed: each letter until the screen stands still.
pub fn filter(sizes: &[usize]) {
    each(sizes, |size, data| {
        let place = Place::new(data, AWAY);
        let before = Some(place.begin_with(&json!({ "preview-hidden": true })));
        let typed: Vec<String> = TYPED.iter().map(|text| format!("_:/,sleep(0.4),letter:type('{text}'),_:<Esc>,sleep(0.2)")).collect();
        let keys = [typed.join(","), typed.join(",")].join(",");
        let report = Outside { before, keys, warm: 0.5, ..Outside::listed() }.console(&place);
        let of = |what: &str| number(&report, &format!("/keys/letter/paint_ms/{what}"));
        figure(&format!("filter as you type, {size} open: p50 a letter"), of("median"), "ms", Goal::None);
        figure(&format!("filter as you type, {size} open: p99 a letter"), of("p99"), "ms", goal(size, sizes, 20.0));
        figure(
            &format!("filter as you type, {size} open: letters without an answer"),
            number(&report, "/keys/letter/no_output"),
            "letters",
            Goal::None,
        );
    });
}

/// Nothing happens; then what the process holds, after it was worked with.
pub fn idle(sizes: &[usize]) {
    each(sizes, |size, data| {
        let place = Place::new(data, LIVE);
        let before = Some(place.begin_with(&json!({})));
        let seconds = if std::env::var("DUTYDESK_BENCH").as_deref() == Ok("full") { 65.0 } else { 10.0 };
        let keys = "j*30,<C-d>*20,G,gg,sleep(3)".to_owned();
        let report = Outside { before, keys, warm: 2.0, idle: seconds, ..Outside::listed() }.console(&place);
        let goal_of = |most| goal(size, sizes, most);
        figure(
            &format!("idle for {seconds} s, {size} open: processor"),
            number(&report, "/idle/cpu_pct_of_core"),
            "% of a core",
            goal_of(0.05),
        );
        figure(&format!("idle for {seconds} s, {size} open: written"), number(&report, "/idle/bytes"), "bytes", Goal::None);
        figure(&format!("idle for {seconds} s, {size} open: wake-ups"), number(&report, "/idle/wakeups_per_s"), "a second", Goal::None);
        figure(&format!("memory, {size} open: held now"), number(&report, "/mem/rss_tree_kb") / 1024.0, "MB", goal_of(60.0));
        figure(&format!("memory, {size} open: at most so far"), number(&report, "/mem/hwm_tree_kb") / 1024.0, "MB", Goal::None);
        // The clocks of a desk of fourteen days go on: a ticket changes every few seconds. With the server held still nothing comes in.
        let before = Some(format!("{}; {}", place.begin_with(&json!({})), place.holds_still(6, 20)));
        let report = Outside { before, warm: 8.0, idle: 10.0, ..Outside::listed() }.console(&place);
        let of = |what: &str| format!("idle for 10 s while nothing comes in, {size} open: {what}");
        figure(&of("processor"), number(&report, "/idle/cpu_pct_of_core"), "% of a core", goal_of(0.05));
        figure(&of("written"), number(&report, "/idle/bytes"), "bytes", Goal::None);
        figure(&of("wake-ups"), number(&report, "/idle/wakeups_per_s"), "a second", Goal::None);
    });
}

/// The first load: a snapshot into an empty cache, until the console says that it is live.
pub fn load(sizes: &[usize]) {
    each(sizes, |size, data| {
        let place = Place::new(data, Given { server: true, cache: false });
        let before = Some(place.begin_with(&json!({})));
        let ready = vec![" live ".to_owned()];
        let report = Outside { before, ready, runs: 1, idle: 0.1, ..Outside::default() }.console(&place);
        let took = number(&report, "/startup/ready_ms/median") / 1000.0;
        figure(&format!("first load, {size} open"), took, "s", Goal::None);
        figure(&format!("first load, {size} open: tickets"), size as f64 / took, "a second", Goal::None);
        figure(&format!("first load, {size} open: processor"), number(&report, "/startup/startup_cpu_ms/median") / 1000.0, "s", Goal::None);
        figure(&format!("first load, {size} open: memory at most"), number(&report, "/mem/hwm_tree_kb") / 1024.0, "MB", Goal::None);
    });
}

/// What others take for moving through so many lines, and what the measuring itself takes.
pub fn peers(sizes: &[usize]) {
    let lines = sizes.last().copied().unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lines");
    let text: String = (1..=lines).map(|n| format!("line {n} of {lines}: pump {} shows no price\n", n % 16)).collect();
    std::fs::write(&file, text).expect("a file is written");
    let there = |name: &str| std::process::Command::new("which").arg(name).output().is_ok_and(|found| found.status.success());
    let file = file.display().to_string();
    for (name, program) in [("less", vec!["less".to_owned(), "-S".to_owned(), file.clone()]), ("tig", vec!["tig".to_owned()])] {
        if !there(name) {
            continue;
        }
        let ready = vec![if name == "less" { "^line 1 of" } else { "." }.to_owned()];
        let keys = format!("j*150,{}", "G:G,g:g,".repeat(25)).trim_end_matches(',').to_owned();
        let report = Outside { ready, keys, runs: 5, ..Outside::default() }.measure(&[], &program);
        figure(&format!("{name}, {lines} lines: start"), number(&report, "/startup/ready_ms/median"), "ms", Goal::None);
        figure(&format!("{name}, {lines} lines: key j p50"), number(&report, "/keys/j/paint_ms/median"), "ms", Goal::None);
        figure(&format!("{name}, {lines} lines: key j p99"), number(&report, "/keys/j/paint_ms/p99"), "ms", Goal::None);
    }
    let floor =
        "import os,tty\ntty.setraw(0)\nos.write(1,b'READY')\nwhile os.read(0,64): os.write(1,b'\\x1b[2;1Hxxxxxxxxxxxxxxxxxxxx')".to_owned();
    let program = ["python3".to_owned(), "-c".to_owned(), floor];
    let report = Outside { ready: vec!["READY".to_owned()], keys: "x*200".to_owned(), ..Outside::default() }.measure(&[], &program);
    figure("the measuring itself: key p50", number(&report, "/keys/x/paint_ms/median"), "ms", Goal::None);
    figure("the measuring itself: key p99", number(&report, "/keys/x/paint_ms/p99"), "ms", Goal::None);
}
