//! The console as a real process in a real pseudo-terminal, behind the proxy.

#[expect(dead_code, reason = "shared with the tests of the terminal")]
#[path = "../../terminal/desk.rs"]
mod desk;
#[expect(dead_code, reason = "shared with the tests of the terminal")]
#[path = "../../terminal/pty.rs"]
mod pty;
#[expect(dead_code, reason = "shared with the tests of the terminal")]
#[path = "../../terminal/server.rs"]
mod server;

use desk::{Desk, PASSWORD, console, ok, open, texts};
use pty::{Machine, Terminal};
use server::run;

use super::proxy::Proxy;
use super::proxy::fault::{Fault, HOSTILE, Page};

const CTRL_S: &str = "\x13";

/// A machine on which `handle` is signed in, by way of the proxy.
fn machine(proxy: &Proxy, handle: &str) -> Machine {
    let machine = Machine::new();
    ok(run(&machine, &["login", &proxy.url, "--handle", handle, "--password-stdin"], &format!("{PASSWORD}\n")));
    machine
}

fn header(terminal: &Terminal, what: &str, is: impl Fn(&str) -> bool) {
    terminal.wait(what, |screen| screen.lines().next().is_some_and(&is));
}

fn write(terminal: &mut Terminal, text: &str) {
    terminal.send("r");
    terminal.wait_for("PUBLIC reply");
    terminal.send(text);
    terminal.wait_for(text);
    terminal.send(CTRL_S);
    terminal.wait_gone("PUBLIC reply");
}

#[test]
fn a_cut_link_is_told_with_its_age_and_a_reply_waits_for_it() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Offline", "Are you there?");
    let proxy = Proxy::start(&desk.server.url, 1);
    let li = machine(&proxy, "li.na");
    let mut terminal = console(&li, &[], 120, 40);
    open(&mut terminal, &number, "Are you there?");
    for (n, fault) in [Fault::Reset { after: 0 }, Fault::Page(Page::BadGateway), Fault::CutBeforeReply].into_iter().enumerate() {
        proxy.set(fault);
        if fault.cuts() {
            // An age, not just a word.
            header(&terminal, "the age of the outage", |line| {
                line.split_once("offline ").is_some_and(|(_, age)| age.starts_with(|char: char| char == '<' || char.is_ascii_digit()))
            });
        }
        let text = format!("written in the dark {n}");
        write(&mut terminal, &text);
        terminal.wait_for("outbox 1");
        proxy.wait(fault, 2);
        proxy.set(Fault::Clear);
        header(&terminal, "the link live", |line| line.contains(" live ") && !line.contains("outbox"));
        desk.until("the reply", || (texts(&desk.show(&number), &text) > 0).then_some(()));
        assert_eq!(texts(&desk.show(&number), &text), 1);
    }
    assert!(terminal.quit().success());
    let raw = terminal.raw();
    // (Clearing its screen is the console's own.)
    for hostile in HOSTILE.split_inclusive(['\u{7}', 'J', 'm']).filter(|part| *part != "\u{1b}[2J") {
        assert!(!raw.windows(hostile.len()).any(|part| part == hostile.as_bytes()), "{hostile:?} reached the terminal");
    }
    assert!(!raw.windows(11).any(|part| part == b"AirportWiFi"), "a page's words reached the terminal");
}

#[test]
fn a_half_open_link_is_noticed_by_its_silence_and_keys_work_meanwhile() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Half open", "Are you there?");
    let proxy = Proxy::start(&desk.server.url, 2);
    let li = machine(&proxy, "li.na");
    let mut terminal = console(&li, &[], 120, 40);
    open(&mut terminal, &number, "Are you there?");
    proxy.set(Fault::BlackHole);
    write(&mut terminal, "into the hole");
    terminal.wait_for("outbox 1");
    proxy.wait(Fault::BlackHole, 1);
    // Nobody has said that the link is gone; the screen answers keys all the same.
    for _ in 0..3 {
        terminal.send("?");
        terminal.wait_for("Keys of this pane");
        terminal.send("\x1b");
        terminal.wait_gone("Keys of this pane");
    }
    proxy.wait(Fault::BlackHole, 2);
    header(&terminal, "the outage", |line| line.contains("offline "));
    terminal.send("?");
    terminal.wait_for("Keys of this pane");
    terminal.send("\x1b");
    proxy.set(Fault::Clear);
    header(&terminal, "the link live", |line| line.contains(" live ") && !line.contains("outbox"));
    desk.until("the reply", || (texts(&desk.show(&number), "into the hole") > 0).then_some(()));
    assert_eq!(texts(&desk.show(&number), "into the hole"), 1);
    assert!(terminal.quit().success());
}

#[test]
fn a_refused_reply_is_edited_in_the_tray_and_sent_once() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Tray", "Are you there?");
    let proxy = Proxy::start(&desk.server.url, 3);
    let li = machine(&proxy, "li.na");
    let mut terminal = console(&li, &[], 120, 40);
    open(&mut terminal, &number, "Are you there?");
    proxy.set(Fault::Reset { after: 0 });
    header(&terminal, "the outage", |line| line.contains("offline "));
    write(&mut terminal, "Please restart it.");
    terminal.wait_for("outbox 1");
    desk.admin(&["ticket", "reply", &number, "A colleague is on the way."]);
    proxy.set(Fault::Clear);
    // Asked at once; Escape decides nothing.
    terminal.wait_for("Somebody replied meanwhile");
    terminal.send("\x1b");
    terminal.wait_gone("Somebody replied meanwhile");
    header(&terminal, "what was refused", |line| line.contains("refused 1"));
    // The console dies; the text does not.
    terminal.signal("KILL");
    terminal.finish();
    let mut terminal = console(&li, &[], 120, 40);
    open(&mut terminal, &number, "Are you there?");
    terminal.send("go");
    terminal.wait_for("message #1: Please restart it.");
    terminal.send("\r");
    terminal.wait_for("Send mine anyway");
    terminal.send("j\r");
    terminal.wait_for("PUBLIC reply");
    terminal.send(" As he says.");
    terminal.wait_for("As he says.");
    terminal.send(CTRL_S);
    header(&terminal, "the tray empty", |line| !line.contains("refused") && !line.contains("outbox"));
    desk.until("the reply", || (texts(&desk.show(&number), "Please restart it. As he says.") == 1).then_some(()));
    assert_eq!(texts(&desk.show(&number), "Please restart it."), 1);
    assert!(terminal.quit().success());
}
