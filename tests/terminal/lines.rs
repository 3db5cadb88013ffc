//! The console told in lines, hostile texts in a real terminal, terminals that can little, and doctor in front of one.

use super::desk::{Desk, console, open, texts};
use super::pty::{Machine, Terminal};

#[test]
fn a_ticket_is_worked_on_in_lines() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Pump three is dark", "三号机显示屏黑屏。");
    let li = desk.machine("li.na");
    let mut terminal = Terminal::start(&li, &["--linear"], 120, 60);
    terminal.wait_for("Type help for the commands.");
    terminal.send(&format!("open {number}\n"));
    terminal.wait_for("三号机显示屏黑屏。");
    terminal.send("claim\n");
    terminal.wait_for("now yours");
    terminal.send("reply On my way. 马上到。\n");
    terminal.wait_for("Sent.");
    terminal.send("note\n");
    terminal.wait_for("single full stop");
    terminal.send("fuse blown\nsee runbook\n.\n");
    terminal.wait_for("Done.");
    desk.until("both messages", || {
        let shown = desk.show(&number);
        (texts(&shown, "马上到") == 1 && texts(&shown, "fuse blown\nsee runbook") == 1 && shown["assignee"].is_string()).then_some(())
    });
    // Somebody else's word is told by itself.
    desk.admin(&["ticket", "note", &number, "the spare is on its way"]);
    terminal.wait_for("the spare is on its way");
    // What a colleague wrote moved the ticket on: it is looked at again before it is solved.
    terminal.send(&format!("open {number}\n"));
    terminal.send("status\n");
    let asked = terminal.wait("numbered choices", |screen| screen.contains("Type a number, or cancel."));
    let solved = asked.lines().find(|line| line.contains("Solved")).and_then(|line| line.trim().split('.').next()).expect("a number");
    terminal.send(&format!("{solved}\n"));
    desk.until("a solved ticket", || (desk.show(&number)["status"] == "solved").then_some(()));
    assert!(terminal.leave("quit\n", "yes\n").success());
    assert!(!terminal.raw().contains(&0x1b), "lines place nothing and ask nothing of the terminal");
}

#[test]
fn hostile_texts_leave_a_real_terminal_as_it_is() {
    let desk = Desk::staffed("manual");
    let evil = "\u{1b}]0;owned\u{7} \u{1b}[2J\u{1b}[?1049l \u{9b}2J \u{1b}]52;c;b3duZWQ=\u{7} \u{202e}gnp.exe z\u{335}\u{334}\u{353} end";
    let number = desk.ticket(evil, &format!("{evil}\nlast line"));
    let li = desk.machine("li.na");
    let mut terminal = console(&li, &[], 120, 40);
    open(&mut terminal, &number, "last line");
    let raw = terminal.raw();
    for sequence in [&b"\x1b]0;owned"[..], b"\x1b]52;c;b3du", b"\xc2\x9b", "\u{202e}".as_bytes()] {
        assert!(!raw.windows(sequence.len()).any(|part| part == sequence), "{:?} reached the terminal", String::from_utf8_lossy(sequence));
    }
    assert!(!terminal.restored(), "the console still has its own screen");
    assert!(terminal.quit().success());
    assert!(terminal.restored());
}

#[test]
fn a_terminal_that_cannot_place_text_is_told_what_to_do() {
    let desk = Desk::staffed("manual");
    let li = desk.machine("li.na");
    for (term, advice) in [("dumb", "--linear"), ("linux", "")] {
        let mut terminal = Terminal::start_as(&li, &[], 100, 30, &[("TERM", term)]);
        if advice.is_empty() {
            terminal.wait_for("Mine");
            assert!(terminal.quit().success());
            let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
            assert!(!raw.contains("\x1b]") && !raw.contains("\x1b[22;2t"), "the Linux console takes titles for its palette");
        } else {
            terminal.wait_for(advice);
            assert!(!terminal.finish().success());
        }
    }
}

#[test]
fn a_console_that_was_stopped_and_goes_on_draws_anew() {
    let desk = Desk::staffed("manual");
    let li = desk.machine("li.na");
    let mut terminal = console(&li, &[], 100, 30);
    terminal.wait_for("Mine");
    terminal.signal("STOP");
    terminal.signal("CONT");
    // The screen is taken again, and keys are still heard.
    terminal.wait_raw_times("the screen taken a second time", b"\x1b[?1049h", 2);
    terminal.send("?");
    terminal.wait_for("Keys of this pane");
    terminal.send("\x1b");
    // Together with the next key it would be Alt and that key.
    terminal.wait_gone("Keys of this pane");
    for width in 80..130 {
        terminal.resize(width, 30);
    }
    assert!(terminal.quit().success());
    assert!(terminal.restored());
}

#[test]
fn doctor_asks_the_terminal_and_never_waits_for_one_that_is_silent() {
    let machine = Machine::new();
    // A pseudo-terminal without a terminal behind it answers nothing.
    let mut silent = Terminal::start(&machine, &["doctor"], 160, 60);
    silent.wait_for("answers");
    silent.finish();
    assert!(silent.restored());

    let mut kitty = Terminal::start(&machine, &["doctor", "--json"], 160, 100);
    kitty.wait_raw("the last question", b"\x1b[c");
    let widths = "\x1b[1;2R\x1b[1;2R\x1b[1;2R\x1b[1;2R\x1b[1;3R\x1b[1;3R\x1b[1;3R\x1b[1;3R\x1b[1;2R\x1b[1;3R";
    kitty.send(&format!("\x1bP>|kitty(0.40)\x1b\\\x1b[?2026;2$y\x1b[?2004;2$y\x1b[?1u{widths}\x1b[?62c"));
    kitty.wait_for("kitty(0.40)");
    kitty.finish();
    let raw = String::from_utf8_lossy(&kitty.raw()).into_owned();
    assert!(raw.contains("mode 2026 is known") && raw.contains("\"narrow: ") && raw.contains("\"state\""), "{raw}");
}
