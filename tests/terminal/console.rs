//! The console in a real terminal against a real server.

use super::desk::{Desk, console, open, texts};
use super::pty::{Machine, Terminal};
use super::server::Server;

const CTRL_S: &str = "\x13";

#[test]
fn a_ticket_is_seen_claimed_answered_and_solved() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Pump three is dark", "三号机显示屏黑屏。");
    let li = desk.machine("li.na");
    let mut terminal = console(&li, &[], 170, 45);
    terminal.wait_for("Unassigned");
    terminal.wait_for("Support 客服");
    open(&mut terminal, &number, "三号机显示屏黑屏");
    terminal.send("A");
    terminal.wait_for("-> 李娜");
    terminal.send("r");
    terminal.wait_for("PUBLIC reply");
    terminal.send("We look into it. 马上到。");
    terminal.wait_for("马上到。");
    terminal.send(CTRL_S);
    terminal.wait_gone("PUBLIC reply");
    terminal.wait_for("PUBLIC");
    terminal.send("i");
    terminal.wait_for("INTERNAL note");
    terminal.send("fuse blown, see runbook");
    terminal.wait_for("runbook");
    terminal.send(CTRL_S);
    terminal.wait_gone("INTERNAL note");
    terminal.wait_for("INTERNAL");
    terminal.send("s");
    terminal.wait_for("Solved");
    terminal.send("solved");
    terminal.wait_for("/ solved");
    terminal.send("\r");
    let shown = desk.until("a solved ticket with both messages", || {
        let shown = desk.show(&number);
        (shown["status"] == "solved" && texts(&shown, "runbook") == 1).then_some(shown)
    });
    assert_eq!(texts(&shown, "马上到"), 1);
    let message = |text: &str| {
        let messages = shown["messages"].as_array().expect("messages");
        messages.iter().find(|message| message["text"].as_str().is_some_and(|said| said.contains(text))).expect("the message").clone()
    };
    assert_eq!(message("马上到")["visibility"], "public");
    assert_eq!(message("runbook")["visibility"], "internal");
    assert!(shown["assignee"].is_string() && shown["solved_at"].is_string(), "{shown}");
    assert!(terminal.quit().success());
}

#[test]
fn what_one_console_does_the_other_shows() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Shared", "Who takes this?");
    let (li, bo) = (desk.machine("li.na"), desk.machine("bo"));
    let (mut first, mut second) = (console(&li, &[], 120, 40), console(&bo, &[], 120, 40));
    open(&mut first, &number, "Who takes this?");
    open(&mut second, &number, "Who takes this?");
    first.send("A");
    second.wait_for("-> 李娜");
    first.send("r");
    first.wait_for("PUBLIC reply");
    first.send("I have it in hand");
    first.wait_for("I have it in hand");
    first.send(CTRL_S);
    second.wait_for("I have it in hand");
    second.send("i");
    second.wait_for("INTERNAL note");
    second.send("shout if you need me");
    second.wait_for("shout if you need me");
    second.send(CTRL_S);
    first.wait_for("shout if you need me");
}

#[test]
fn a_reply_written_while_the_server_is_dead_arrives_once() {
    let mut desk = Desk::staffed("manual");
    let number = desk.ticket("Offline", "Are you there?");
    let li = desk.machine("li.na");
    let mut terminal = console(&li, &[], 120, 40);
    open(&mut terminal, &number, "Are you there?");
    let address = desk.server.address().to_owned();
    desk.server.kill();
    terminal.wait_for("offline ");
    terminal.send("r");
    terminal.wait_for("PUBLIC reply");
    terminal.send("written in the dark");
    terminal.wait_for("written in the dark");
    terminal.send(CTRL_S);
    terminal.wait_for("outbox 1");
    desk.server = Server::start_at(desk.folder.path(), &address);
    terminal.wait("the link live again", |screen| screen.lines().next().is_some_and(|line| line.contains(" live ")));
    terminal.wait_gone("outbox 1");
    desk.until("the reply", || (texts(&desk.show(&number), "written in the dark") > 0).then_some(()));
    assert!(terminal.quit().success());
    assert_eq!(texts(&desk.show(&number), "written in the dark"), 1);
}

#[test]
fn what_a_terminal_answers_late_is_no_key() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Replies", "Late replies of terminals.");
    let li = desk.machine("li.na");
    let mut terminal = console(&li, &[], 120, 40);
    open(&mut terminal, &number, "Late replies of terminals.");
    for reply in ["\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", "\x1b]11;rgb:1c/1c/1c\x07", "\x1b[?997;1n", "\x1b[?2026;2$y", "\x1b[?62;22c"] {
        terminal.send(reply);
        let middle = reply.len() / 2;
        // In two writes: the reader may get them apart.
        terminal.send(&reply[..middle]);
        terminal.send(&reply[middle..]);
    }
    terminal.send("i");
    terminal.wait_for("INTERNAL note");
    for reply in ["\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", "\x1b[?62;22c"] {
        terminal.send(reply);
    }
    terminal.send("only this");
    terminal.wait_for("only this");
    terminal.send(CTRL_S);
    let shown = desk.until("the note", || {
        let shown = desk.show(&number);
        (texts(&shown, "only this") > 0).then_some(shown)
    });
    let messages = shown["messages"].as_array().expect("messages").clone();
    assert!(messages.iter().any(|message| message["text"] == "only this"), "{messages:?}");
    assert!(shown["assignee"].is_null() && shown["status"] == "new", "a reply was taken for a key: {shown}");
}

#[test]
fn quitting_and_signals_put_the_terminal_back() {
    let desk = Desk::staffed("manual");
    let li = desk.machine("li.na");
    for ending in ["Q", "TERM", "HUP"] {
        let mut terminal = console(&li, &[], 100, 30);
        assert!(!terminal.restored());
        match ending {
            "Q" => terminal.send("Q"),
            signal => terminal.signal(signal),
        }
        let status = terminal.finish();
        assert!(terminal.restored(), "after {ending}");
        assert!(status.success(), "{ending}: {status:?}");
    }
}

#[test]
fn a_window_too_small_says_so_until_it_is_larger() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Small", "A small window.");
    let li = desk.machine("li.na");
    let mut terminal = console(&li, &[], 100, 30);
    open(&mut terminal, &number, "A small window.");
    terminal.resize(60, 15);
    terminal.wait_for("This window is 60x15");
    terminal.resize(100, 30);
    terminal.wait_for("A small window.");
    terminal.wait_gone("This window is");
    assert!(terminal.quit().success());
}

#[test]
fn escape_sequences_in_a_ticket_never_reach_the_terminal() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("evil \u{1b}]0;pwned\u{7} subject", "before \u{1b}[2J\u{1b}]52;c;cHduZWQ=\u{7} after\u{9b}2J");
    let li = desk.machine("li.na");
    let mut terminal = console(&li, &[], 170, 45);
    open(&mut terminal, &number, "after");
    terminal.send("1");
    assert!(terminal.quit().success());
    let raw = terminal.raw();
    let has = |bytes: &[u8]| raw.windows(bytes.len()).any(|window| window == bytes);
    assert!(has(b"pwned"), "the subject was shown");
    assert!(!has(b"\x1b]0;pwned") && !has(b"\x1b]52;c;cHduZWQ=") && !has("\u{9b}2J".as_bytes()));
    assert!(!has(b"before \x1b[2J"));
}

#[test]
fn the_first_start_asks_for_a_name_and_the_second_does_not() {
    let machine = Machine::new();
    let mut terminal = Terminal::start(&machine, &["--language", "zh-CN"], 100, 30);
    terminal.wait_for("dutydesk");
    terminal.send("王小明");
    terminal.wait("the typed name", |screen| screen.contains("王小明"));
    // Name, language, theme, sample desk, Start.
    terminal.send("\r\r\r\r\r");
    terminal.wait_for("在线");
    terminal.wait_for("王小明");
    assert!(terminal.quit().success());
    assert!(terminal.restored());
    let mut again = console(&machine, &[], 100, 30);
    again.wait_for("王小明");
    assert!(again.quit().success());
}

#[test]
fn chinese_chrome_on_demand() {
    let desk = Desk::staffed("manual");
    let li = desk.machine("li.na");
    let mut terminal = console(&li, &["--language", "zh-CN"], 120, 40);
    for word in ["队列", "工单", "分配", "排班", "会话"] {
        terminal.wait_for(word);
    }
    assert!(terminal.quit().success());
}
