//! The terminal tells when nobody looks at it, and not in quiet hours.

use super::desk::{Desk, console, open};

/// Whether the terminal was told `bytes`.
fn rang(terminal: &super::pty::Terminal, bytes: &[u8]) -> bool {
    terminal.raw().windows(bytes.len()).any(|part| part == bytes)
}

/// A ticket that the desk has looked at: nobody but us changes it any more.
fn ticket(desk: &Desk, subject: &str, text: &str) -> String {
    let number = desk.ticket(subject, text);
    desk.until("that it waits", || {
        let (_, ticket) = desk.http("GET", &format!("/api/v1/tickets/{number}"), None);
        (!ticket["waits"].is_null()).then_some(())
    });
    number
}

#[test]
fn a_notification_is_told_only_out_of_focus_and_not_in_quiet_hours() {
    let desk = Desk::staffed("manual");
    let li = desk.machine("li.na");
    let set = |args: &[&str]| {
        let args: Vec<&str> = ["notice", "settings", "set"].into_iter().chain(args.iter().copied()).collect();
        super::desk::ok(super::server::run(&li, &args, ""))
    };
    set(&["--terminal", "osc9", "--level", "assigned=bell"]);
    let seen = ticket(&desk, "Looked at", "First.");
    let mut terminal = console(&li, &[], 120, 40);
    open(&mut terminal, &seen, "First.");
    // In focus: the badge alone.
    desk.admin(&["ticket", "assign", &seen, "li.na"]);
    terminal.wait_for("-> 李娜");
    terminal.wait_for("1 notice");
    assert!(!rang(&terminal, b"\x1b]9;"), "who looks is not rung up");
    terminal.send("\x1b[O");
    let unseen = ticket(&desk, "Away", "\x1b]9;evil\x07 Second.");
    desk.admin(&["ticket", "assign", &unseen, "li.na"]);
    terminal.wait_for("2 notices");
    terminal.wait_raw("the notification", format!("\x1b]9;dutydesk: #{unseen} ").as_bytes());
    terminal.wait_raw("the bell", b"\x1b\\\x07");
    assert!(rang(&terminal, b"\x1b]2;(2!) dutydesk"), "the title counts");
    // Quiet all day but for one minute: the list alone.
    set(&["--quiet", "00:00-23:59"]);
    let before = terminal.raw().len();
    let third = ticket(&desk, "Quiet", "Third.");
    desk.admin(&["ticket", "assign", &third, "li.na"]);
    terminal.wait_for("3 notices");
    let since = terminal.raw()[before..].to_vec();
    assert!(!since.windows(4).any(|part| part == b"\x1b]9;"), "not in quiet hours");
    assert!(terminal.quit().success());
}
