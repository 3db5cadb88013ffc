//! A console that ended somehow is found again as it was; the mouse is asked for, and given back.

use std::path::Path;

use super::desk::{Desk, console, open};
use super::pty::Machine;

/// Whether a session that says `words` was written anywhere on the machine.
fn kept(machine: &Machine, words: &str) -> bool {
    fn within(folder: &Path, words: &str) -> bool {
        std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
            let path = entry.path();
            if path.is_dir() {
                return within(&path, words);
            }
            path.to_string_lossy().ends_with(".session.json") && std::fs::read_to_string(&path).is_ok_and(|text| text.contains(words))
        })
    }
    within(&machine.home.path().join("data"), words)
}

#[test]
fn killed_or_hung_up_the_next_start_shows_the_same() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Pump three is dark", "三号机显示屏黑屏。");
    desk.ticket("Card reader beeps", "It does not stop.");
    for ending in ["KILL", "HUP", "TERM"] {
        let li = desk.machine("li.na");
        let mut terminal = console(&li, &[], 160, 40);
        // Unassigned, narrowed to one, which is open.
        terminal.send("hjl/Pump\r");
        terminal.wait_gone("Card reader");
        open(&mut terminal, &number, "三号机显示屏黑屏");
        terminal.wait_for(">Ticket");
        terminal.send("\x17<");
        if ending == "KILL" {
            desk.until("the session written", || kept(&li, "\"list-share\":50").then_some(()));
        }
        terminal.signal(ending);
        terminal.finish();
        let mut again = console(&li, &[], 160, 40);
        again.wait_for("三号机显示屏黑屏");
        let shown = again.wait("the filter", |screen| screen.contains("/Pump"));
        assert!(!shown.contains("Card reader") && shown.contains(">Ticket"), "after {ending}: {shown}");
        assert!(again.quit().success());
        let mut fresh = console(&li, &["--fresh"], 160, 40);
        let shown = fresh.wait_for("Mine");
        assert!(!shown.contains("/Pump"), "{shown}");
        assert!(fresh.quit().success());
    }
}

#[test]
fn the_mouse_shows_a_pane_and_is_given_back() {
    let desk = Desk::staffed("manual");
    desk.ticket("Pump three is dark", "三号机显示屏黑屏。");
    let li = desk.machine("li.na");
    let mut terminal = console(&li, &[], 160, 40);
    terminal.wait_raw("the mouse asked for", b"\x1b[?1002h\x1b[?1006h");
    // A name in the top line, in one piece and in two.
    terminal.send("\x1b[<0;30;1M\x1b[<0;30;1m");
    terminal.wait_for("[3 Assignment");
    terminal.send("\x1b[<0;5;");
    terminal.send("1M\x1b[<0;5;1m");
    terminal.wait_for("[1 Queues");
    terminal.send("\x17m");
    terminal.wait_for("The mouse is the terminal's");
    terminal.wait_raw("the mouse given back", b"\x1b[?1006l\x1b[?1002l");
    assert!(terminal.quit().success());
    assert!(terminal.restored());
    let raw = terminal.raw();
    assert!(!raw.windows(8).any(|part| part == b"\x1b[?1003h"), "mere movement is never asked for");
}
