//! Rosters from the shell, against a real server: made from files, proposed, published, exported, imported.

use serde_json::Value;

use crate::desk::{Desk, parse};
use crate::server::run;

const ROTA: &str = r#"
key = "first"
name = "First line 一线"
time_zone = "UTC"
queues = ["support"]
starts_on = 2026-11-02
pattern = "E L - -"
lead = "ada"

[limits]
min_rest_hours = 11

[[shift]]
code = "E"
name = "Early 早"
start = "07:00"
end = "15:00"

[[shift]]
code = "L"
name = "Late 晚"
start = "15:00"
end = "23:00"

[[member]]
person = "li.na"

[[member]]
person = "bo"
offset = 2

[[required]]
days = "daily"
from = "07:00"
to = "15:00"
people = 1
"#;

/// A desk with li.na and bo in the rota `first`.
fn rostered() -> Desk {
    let desk = Desk::staffed("manual");
    let file = desk.file("first.toml", ROTA);
    assert!(desk.admin(&["rota", "apply", &file]).contains("first is made"));
    desk
}

/// Runs as the administrator and expects a failure: its exit code and what it says.
#[track_caller]
fn fails(desk: &Desk, args: &[&str], code: i32, says: &[&str]) {
    let (exit, _, error) = run(&desk.admin, args, "");
    assert_eq!(exit, code, "{args:?}: {error}");
    for words in says {
        assert!(error.contains(words), "{args:?} said: {error}");
    }
}

fn ics(events: &[(&str, &str)]) -> String {
    let one = |(summary, lines): &(&str, &str)| format!("BEGIN:VEVENT\r\nUID:{summary}\r\nSUMMARY:{summary}\r\n{lines}\r\nEND:VEVENT\r\n");
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{}END:VCALENDAR\r\n", events.iter().map(one).collect::<String>())
}

#[test]
fn a_rota_comes_from_a_file_and_goes_back_into_one() {
    let desk = rostered();
    let shown = desk.admin(&["rota", "show", "first"]);
    assert!(shown.contains("pattern = \"E L - -\"") && shown.contains("days = \"daily\""), "{shown}");
    let again = desk.file("again.toml", &shown);
    assert!(desk.admin(&["rota", "apply", &again]).contains("nothing was changed"));
    let wrong = desk.file("wrong.toml", &ROTA.replace("\"E L - -\"", "\"E X - -\"").replace("person = \"bo\"", "person = \"bob\""));
    let says = ["line 7, pattern: day 2 is \"X\"", "member 2: there is no person \"bob\"", "2 mistakes: nothing was changed"];
    fails(&desk, &["rota", "apply", &wrong], 2, &says);
    let unread = desk.file("unread.toml", &ROTA.replace("start = \"07:00\"", "start = \"7 am\""));
    fails(&desk, &["rota", "apply", &unread], 2, &["unread.toml:16: ", "\"7 am\" is no time of day"]);
    fails(&desk, &["rota", "show", "frist"], 4, &["Did you mean first?"]);
}

#[test]
fn a_roster_is_proposed_shown_and_published() {
    let desk = rostered();
    let ask = ["rota", "generate", "first", "--from", "2026-11-23", "--weeks", "1", "--seed", "7", "--rounds", "2000"];
    let shown = desk.admin(&ask);
    assert!(shown.contains("Mo Tu We Th Fr Sa Su") && shown.contains("li.na") && shown.contains("not stored"), "{shown}");
    assert_eq!(desk.json(&["rota", "plans", "first"])["items"].as_array().map(Vec::len), Some(0));
    let stored = desk.json(&[&ask[..], &["--apply"]].concat());
    let id = stored["plan"]["id"].as_str().expect("an id").to_owned();
    let listed = desk.admin(&["rota", "plans", "first"]);
    assert!(listed.contains(&id) && listed.contains("proposed"), "{listed}");
    assert!(desk.admin(&["rota", "publish", &id]).contains("is published"));
    assert_eq!(desk.json(&["rota", "plans", "first"])["items"][0]["state"], "published");
    assert!(desk.admin(&["rota", "fairness", "first", "--from", "2026-11-23", "--to", "2026-11-30"]).contains("Mean: "));
    desk.admin(&["rota", "limits", "first", "--from", "2026-11-23", "--to", "2026-11-30"]);
    desk.admin(&["rota", "gaps", "first", "--days", "7"]);
    let cover = ["rota", "cover", "first", "--from", "2026-11-24 07:00", "--to", "2026-11-24 15:00", "--person", "bo"];
    assert!(desk.admin(&cover).contains("li.na"));
    assert!(desk.admin(&["rota", "withdraw", &id]).contains("withdrawn"));
}

#[test]
fn leave_and_holidays_come_from_calendar_files_once() {
    let desk = rostered();
    let leave = desk.file("leave.ics", &ics(&[("Sea", "DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261227")]));
    let import = ["shift", "import", &leave, "--rota", "first", "--person", "li.na", "--as", "leave"];
    assert!(desk.admin(&[&import[..], &["--dry-run"]].concat()).contains("1 would be changed"));
    assert!(desk.admin(&import).contains("1 changed, 0 unchanged"));
    assert!(desk.admin(&import).contains("0 changed, 1 unchanged"));
    let changes = desk.json(&["shift", "changes", "--person", "li.na", "--from", "2026-01-01"]);
    // Dates are days of the person: li.na lives in Shanghai.
    assert_eq!(changes["items"][0]["from"], "2026-12-23T16:00:00Z");
    assert_eq!(changes["items"].as_array().map(Vec::len), Some(1));
    let file = "key = \"cn\"\nname = \"China\"\ntime_zone = \"Asia/Shanghai\"\n\n[[hours]]\ndays = \"Mon-Fri\"\nfrom = \"09:00\"\nto = \"18:00\"\n";
    let calendar = desk.file("cn.toml", file);
    desk.admin(&["calendar", "apply", &calendar]);
    let days = desk.file("days.ics", &ics(&[("国庆节", "DTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261004")]));
    assert!(desk.admin(&["calendar", "import-holidays", "cn", &days]).contains("3 holidays added"));
    assert!(desk.admin(&["calendar", "import-holidays", "cn", &days]).contains("0 holidays added to cn, 3 known"));
    let shown = desk.admin(&["calendar", "show", "cn"]);
    assert!(shown.contains("国庆节") && shown.contains("2026-10-03"), "{shown}");
    assert!(desk.admin(&["calendar", "apply", &desk.file("cn2.toml", &shown)]).contains("nothing was changed"));
    let yearly = desk.file("yearly.ics", &ics(&[("Yearly", "DTSTART;VALUE=DATE:20261001\r\nRRULE:FREQ=YEARLY"), ("Bad", "X:1")]));
    let says = ["event 1 (Yearly): It repeats (RRULE)", "event 2 (Bad): It has no DTSTART", "2 mistakes: nothing was changed"];
    fails(&desk, &["calendar", "import-holidays", "cn", &yearly], 2, &says);
}

#[test]
fn swaps_are_asked_and_answered_from_the_shell() {
    let desk = rostered();
    let (na, bo) = (desk.machine("li.na"), desk.machine("bo"));
    // By the pattern li.na is on duty early on the 26th, and bo on the 28th.
    let ask = "shift swap --with bo --from 2026-11-26T07:00:00Z --to 2026-11-26T15:00:00Z --other-from 2026-11-28T07:00:00Z \
               --other-to 2026-11-28T15:00:00Z --json";
    let (exit, out, error) = run(&na, &ask.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>(), "");
    assert_eq!(exit, 0, "{error}");
    let id = parse(&out)["id"].as_str().expect("an id").to_owned();
    let (_, listed, _) = run(&bo, &["shift", "changes", "--state", "asked", "--person", "me", "--from", "2026-01-01"], "");
    assert!(listed.contains(&id) && listed.contains("swap"), "{listed}");
    assert_eq!(run(&na, &["shift", "answer", &id, "accept"], "").0, 3);
    let (exit, out, error) = run(&bo, &["shift", "answer", &id, "accept"], "");
    assert_eq!((exit, out.as_str()), (0, "You accepted the swap.\n"), "{error}");
    let then = desk.admin(&["shift", "on-duty", "--at", "2026-11-26T08:00:00Z"]);
    assert!(then.contains(" bo") && !then.contains("li.na"), "{then}");
    let (exit, mine, error) = run(&bo, &["shift", "mine", "--days", "62"], "");
    assert!(exit == 0 && mine.contains("first") && !mine.contains("li.na"), "{mine}{error}");
}

#[test]
fn a_calendar_address_and_a_webhooks_secret_are_shown_once() {
    let desk = rostered();
    let url = desk.admin(&["shift", "calendar", "--rota", "first"]).trim().to_owned();
    let api = dutydesk::client::api::Api::new(&desk.server.url, None).expect("an address");
    let path = url.strip_prefix(&desk.server.url).expect("the server's address").to_owned();
    let status = || {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let sent = runtime.block_on(async { api.request(reqwest::Method::GET, &path).send().await });
        sent.expect("the server answers").status().as_u16()
    };
    assert_eq!(status(), 200);
    assert!(desk.admin(&["shift", "calendar", "--rota", "first", "--revoke"]).contains("The address is withdrawn."));
    assert_eq!(status(), 404);
    let added = desk.json(&["webhook", "add", "ops", "--url", "https://chat.example.org/hook"]);
    let secret = added["secret"].as_str().expect("a secret").to_owned();
    let listed = desk.admin(&["webhook", "list"]);
    assert!(listed.contains("ops") && !listed.contains(&secret));
    fails(&desk, &["webhook", "add", "ops", "--url", "https://chat.example.org/hook"], 5, &["taken"]);
    assert!(desk.admin(&["webhook", "remove", "ops"]).contains("called no more"));
    assert_eq!(desk.json(&["webhook", "list"])["items"][0]["active"], Value::Bool(false));
    assert_eq!(desk.json(&["webhook", "deliveries", "ops"])["items"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_roster_goes_out_as_a_spreadsheet_and_comes_back() {
    let desk = rostered();
    let path = desk.folder.path().join("roster.csv").display().to_string();
    let export = ["rota", "export", "first", "--from", "2026-11-23", "--weeks", "1", "--language", "zh-CN", "--out", &path];
    desk.admin(&export);
    let text = std::fs::read_to_string(&path).expect("written");
    assert!(text.starts_with("\u{feff}姓名,账号,2026-11-23") && text.contains("李娜,li.na,"), "{text}");
    let rows = text.lines().count();
    // What comes back unchanged is the pattern: a plan of the same shifts.
    assert!(desk.admin(&["rota", "import", "first", &path, "--dry-run"]).contains("can be stored"));
    assert!(desk.admin(&["rota", "import", "first", &path, "--publish"]).contains("is published"));
    assert!(desk.admin(&["rota", "import", "first", &path, "--publish"]).contains("nothing was changed"));
    desk.admin(&export);
    assert_eq!(std::fs::read_to_string(&path).expect("written"), text, "the same sheet again");
    // Li Na's Monday is changed in the sheet.
    let day = ["shift", "list", "--from", "2026-11-23", "--to", "2026-11-24", "--rota", "first"];
    let before = desk.json(&day)["items"].as_array().map(Vec::len);
    let line = text.lines().find(|line| line.contains("li.na")).expect("a row").to_owned();
    let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
    cells[2] = if cells[2].is_empty() { "E".to_owned() } else { "休".to_owned() };
    let edited = desk.file("edited.csv", &text.replace(&line, &cells.join(",")));
    desk.admin(&["rota", "import", "first", &edited, "--publish"]);
    assert_ne!(desk.json(&day)["items"].as_array().map(Vec::len), before);
    // Mistakes are told with their cells, and nothing is changed.
    let wrong = desk.file("wrong.csv", "person,handle,2026-11-23,2026-11-24\nBo Berg,bo,E,X\n,nobody,E,E\n");
    let says =
        ["D2, row 2, column 4: \"X\" is no shift of first", "B3, row 3, column 2: There is nobody", "2 mistakes: nothing was changed"];
    fails(&desk, &["rota", "import", "first", &wrong, "--publish"], 2, &says);
    assert_eq!(desk.json(&["rota", "plans", "first"])["items"].as_array().map(Vec::len), Some(2));
    let calendar = desk.admin(&["rota", "export", "first", "--from", "2026-11-23", "--weeks", "1", "--format", "ics"]);
    assert!(calendar.starts_with("BEGIN:VCALENDAR") && calendar.contains("· First line"), "{calendar}");
    assert!(rows > 3);
}

#[test]
fn a_policy_is_written_with_names_and_goes_back_into_a_file() {
    let desk = rostered();
    let calendar =
        "key = \"office\"\nname = \"Office\"\ntime_zone = \"UTC\"\n[[hours]]\ndays = \"Mon-Fri\"\nfrom = \"09:00\"\nto = \"18:00\"\n";
    desk.admin(&["calendar", "apply", &desk.file("office.toml", calendar)]);
    let policy = "calendar = \"office\"\nwarn_percent = 75\n[targets.urgent]\nfirst_response_secs = 300\n\
                  [[steps]]\nkey = \"late\"\nat = { type = \"after_breach\", secs = 600 }\nacts = [{ type = \"notify_person\", person = \"li.na\" }]\n";
    let file = desk.file("policy.toml", policy);
    assert!(desk.admin(&["queue", "policy", "support", "--file", &file]).contains("is saved"));
    let shown = desk.admin(&["queue", "policy", "support"]);
    for words in ["calendar = \"office\"", "person = \"li.na\"", "first_response_secs = 300"] {
        assert!(shown.contains(words), "{shown}");
    }
    assert!(desk.admin(&["queue", "policy", "support", "--file", &desk.file("again.toml", &shown)]).contains("nothing was changed"));
    let slip = desk.file("slip.toml", &policy.replace("warn_percent", "warn_precent"));
    fails(&desk, &["queue", "policy", "support", "--file", &slip], 2, &["warn_precent", "warn_percent"]);
    let nobody = desk.file("nobody.toml", &policy.replace("li.na", "li.no"));
    fails(&desk, &["queue", "policy", "support", "--file", &nobody], 2, &["person \"li.no\"", "li.na"]);
}
