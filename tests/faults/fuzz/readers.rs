//! Readers of files, parameters and settings.

use std::path::Path;

use chrono_tz::Tz;
use dutydesk::cli::import;
use dutydesk::console::keymap::{self, Keymap};
use dutydesk::console::theme::Theme;
use dutydesk::domain::directory::Directory;
use dutydesk::domain::filter::parse::parse;
use dutydesk::server::feed::cursor;
use dutydesk::wire::command::Submissions;
use dutydesk::wire::ical::read;
use dutydesk::wire::protocol::Spoken;
use dutydesk::wire::sync::SnapshotLine;

use super::fuzz;

#[test]
fn cursors_are_ours_or_refused() {
    fuzz("cursor", &["MS4wLjI", "MTc2MzY5MDQwMDAwMC4wLjQyMTc", "OTIyMzM3MjAzNjg1NDc3NTgwNy45LjE"], |input, _| {
        let text = String::from_utf8_lossy(input);
        if let Ok(position) = cursor::decode(&text) {
            assert_eq!(cursor::encode(position), text, "two texts for one place");
        }
    });
}

#[test]
fn files_to_import_give_rows_or_reasons() {
    const CSV: [&str; 3] = [
        "queue,subject,text,requester,priority\npumps,Pump 4,\"It, \"\"stands\"\"\nstill\",shop:1,high\nweb,Login,No,shop:2,\n",
        "工单队列;主题;内容\r\n泵;四号泵;无法启动\r\n",
        "\u{feff}subject\ttext\na\tb\n",
    ];
    const LINES: [&str; 2] = [
        "{\"queue\":\"pumps\",\"text\":\"Pump 4\",\"tags\":[\"a\",\"b\"]}\n\n{\"text\":null,\"n\":1e3}\n",
        "{\"handle\":\"ann\",\"name\":\"Ann\",\"skills\":{\"pumps\":3}}\n[1,2]\n\"text\"\n",
    ];
    for (name, file, samples) in [("csv", "in.csv", CSV.as_slice()), ("json lines", "in.jsonl", LINES.as_slice())] {
        fuzz(name, samples, |input, _| {
            if let Some((good, bad)) = import::readable(Path::new(file), input) {
                assert!(good + bad <= input.len() + 1, "{} rows out of {} bytes", good + bad, input.len());
            }
        });
    }
}

#[test]
fn calendars_give_events_or_reasons() {
    const CALENDARS: [&str; 2] = [
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@x\r\nDTSTART:20261224T080000Z\r\nDTEND:20261224T160000Z\r\nSUMMARY:Early\\, pumps\r\n folded\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\nSUMMARY:休息\nRRULE:FREQ=DAILY\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART;TZID=Asia/Shanghai:20260101T000000\nDURATION:P1DT2H\nEND:VEVENT\nEND:VCALENDAR",
    ];
    let zones: [Tz; 3] = [Tz::UTC, Tz::Asia__Shanghai, Tz::America__St_Johns];
    fuzz("icalendar", &CALENDARS, |input, dice| {
        let text = String::from_utf8_lossy(input);
        let Ok(events) = read::events(&text) else { return };
        assert!(events.len() <= text.len() / 6 + 1);
        let zone = zones[dice.place(zones.len())];
        for event in events.into_iter().flatten() {
            let _ = (event.from.instant(zone), event.to.instant(zone), event.from.date(zone), event.to.date(zone));
        }
    });
}

#[test]
fn filters_hold_as_far_as_they_can_be_read() {
    const FILTERS: [&str; 6] = [
        "queue:complaints status:open older:2h",
        "-tag:wet (assignee:me OR assignee:none) priority:>=high",
        "\"exact words\" subject:泵 due:<tomorrow created:2026-11-01..2026-11-21",
        "is:breached not is:solved rating:<3 messages:>10",
        "队列:泵 状态:打开 优先级:高",
        "number:12..40 site:S-17 field.model:\"X 1\"",
    ];
    let directory = Directory::default();
    fuzz("filter", &FILTERS, |input, _| {
        let text = String::from_utf8_lossy(input);
        let parsed = parse(&text, &directory);
        assert_eq!(parsed, parse(&text, &directory));
        assert!(parsed.errors.len() <= text.chars().count() + 1);
        for error in &parsed.errors {
            assert!(!error.to_string().is_empty());
        }
    });
}

#[test]
fn keys_and_themes_are_taken_or_explained() {
    fuzz("keys", &["g g", "ctrl+x s", "shift+F5", "alt+enter", "Ctrl+Space", "空格", "esc esc"], |input, _| {
        let text = String::from_utf8_lossy(input).into_owned();
        if let Ok(keys) = keymap::read(&text) {
            assert!(keys.len() <= text.chars().count());
        }
        if let Err(errors) = Keymap::new(&[("claim".to_owned(), vec![text.clone()]), (text, vec!["x".to_owned()])]) {
            assert!(!errors.0.is_empty());
        }
    });
    let themes: Vec<String> = Theme::built_in_names().into_iter().take(2).map(theme_text).collect();
    let samples: Vec<&str> = themes.iter().map(String::as_str).collect();
    fuzz("theme", &samples, |input, _| {
        if let Err(error) = Theme::parse("mine", &String::from_utf8_lossy(input)) {
            assert!(!error.to_string().is_empty());
        }
    });
}

fn theme_text(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("themes/{name}.toml"))).unwrap_or_default()
}

#[test]
fn what_travels_is_read_or_refused() {
    const BODIES: [&str; 2] = [
        r#"{"source":"console","commands":[{"key":"019aa1f2-c3d4-7e0f-8a9b-0c1d2e3f4a5b","base_version":3,"command":{"type":"claim_ticket","number":7}}]}"#,
        r#"{"commands":[{"key":"019aa1f2-c3d4-7e0f-8a9b-0c1d2e3f4a5b","command":{"type":"post_message","target":{"type":"ticket","number":7},"message":"019aa1f2-c3d4-7e0f-8a9b-0c1d2e3f4a5c","visibility":"internal","text":"Hm"}}]}"#,
    ];
    fuzz("commands", &BODIES, |input, _| {
        if let Ok(read) = serde_json::from_slice::<Submissions>(input) {
            let text = serde_json::to_vec(&read).unwrap();
            assert_eq!(serde_json::from_slice::<Submissions>(&text).unwrap().commands, read.commands);
        }
    });
    const LINES: [&str; 3] = [
        r#"{"type":"start","cursor":"MS4wLjI","now":"2026-11-21T03:00:00Z"}"#,
        r#"{"type":"row","kind":"ticket","id":"7","version":3,"row":{"number":7}}"#,
        r#"{"type":"end","rows":12}"#,
    ];
    fuzz("snapshot lines", &LINES, |input, _| drop(serde_json::from_slice::<SnapshotLine>(input)));
    fuzz("protocol", &["2;oldest=1", "3", "9; x=y; oldest=4"], |input, _| {
        let text = String::from_utf8_lossy(input);
        if let Some(spoken) = Spoken::parse(&text) {
            assert_eq!(Spoken::parse(&spoken.header()), Some(spoken));
        }
    });
}
