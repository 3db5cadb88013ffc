//! Writing in a real terminal: what was begun outlives a killed console, and the person's own editor gets the terminal.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::desk::{Desk, console, open, texts};

/// Whether a file below `folder` holds these bytes.
fn holds(folder: &Path, wanted: &[u8]) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| {
        if path.is_dir() {
            return holds(&path, wanted);
        }
        std::fs::read(&path).is_ok_and(|bytes| bytes.windows(wanted.len()).any(|window| window == wanted))
    })
}

#[test]
fn a_killed_console_keeps_what_was_being_written() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Draft", "Who takes this?");
    let li = desk.machine("li.na");
    let mut first = console(&li, &[], 120, 40);
    open(&mut first, &number, "Who takes this?");
    first.send("r");
    first.wait_for("PUBLIC reply");
    first.send("half a thought");
    first.wait_for("half a thought");
    // Nothing is done to have it written down: it is, within the second.
    desk.until("the draft on the disk", || holds(li.home.path(), b"half a thought").then_some(()));
    first.signal("KILL");
    first.finish();

    let mut second = console(&li, &[], 120, 40);
    open(&mut second, &number, "Who takes this?");
    second.send("r");
    second.wait_for("half a thought");
    second.send(", finished\r");
    second.wait_gone("PUBLIC reply");
    desk.until("the whole reply", || (texts(&desk.show(&number), "half a thought, finished") == 1).then_some(()));
    second.send("r");
    second.wait_for("PUBLIC reply");
    assert!(!second.wait_for("PUBLIC reply").contains("│half a thought"), "what was sent is no draft");
}

#[test]
fn the_persons_own_editor_has_the_terminal_and_gives_it_back() {
    let desk = Desk::staffed("manual");
    let number = desk.ticket("Editor", "Who takes this?");
    let li = desk.machine("li.na");
    // It says whether it found the terminal as a program expects it: with lines, and its own input.
    let script = "#!/bin/sh\nif stty -a | tr ' ;' '\\n\\n' | grep -qx icanon; then printf ' and cooked' >> \"$1\"; fi\nprintf '\\nby editor' >> \"$1\"\n";
    let path = li.home.path().join("editor");
    std::fs::write(&path, script).expect("the script is written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("the script may run");
    let mut terminal = console(&li, &[], 120, 40);
    open(&mut terminal, &number, "Who takes this?");
    terminal.send("i");
    terminal.wait_for("INTERNAL note");
    terminal.send("typed");
    terminal.wait_for("typed");
    terminal.send("\x07");
    terminal.wait_for("by editor");
    terminal.send(" and more\r");
    terminal.wait_gone("INTERNAL note,");
    desk.until("the note", || (texts(&desk.show(&number), "typed and cooked\nby editor and more") == 1).then_some(()));
    assert!(terminal.quit().success() && terminal.restored());
}
