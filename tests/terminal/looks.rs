//! Looks in a real terminal: a theme that is saved is worn at once, a choice is written back beside the person's own remarks,
//! and keys typed while the terminal is asked what it is are not lost.

use super::desk::{Desk, console};

const THEME: &str = "inherits = \"dark\"\ngood = { fg = \"#123456\" }\n";

#[test]
fn a_saved_theme_is_worn_at_once_and_a_broken_one_leaves_the_old() {
    let desk = Desk::staffed("manual");
    let li = desk.machine("li.na");
    let config = li.home.path().join("config");
    std::fs::create_dir_all(config.join("themes")).expect("a folder");
    std::fs::write(config.join("themes/mine.toml"), "inherits = \"dark\"\n").expect("written");
    let settings = std::fs::read_to_string(config.join("config.toml")).unwrap_or_default();
    let settings = format!("theme = \"mine\" # my own\n{settings}\n[screen]\ncolours = \"true-colour\"\n");
    std::fs::write(config.join("config.toml"), settings).expect("written");
    let mut terminal = console(&li, &[], 120, 40);

    std::fs::write(config.join("themes/mine.toml"), THEME).expect("written");
    terminal.wait_raw("the new colour", b"38;2;18;52;86");

    // As editors save: another file in its place.
    std::fs::write(config.join("themes/mine.toml~"), "inherits = \"dark\"\ngod = { fg = \"red\" }\n").expect("written");
    std::fs::rename(config.join("themes/mine.toml~"), config.join("themes/mine.toml")).expect("renamed");
    terminal.wait_for("mine.toml line 2");

    // Control-T, then the first that is found.
    terminal.send("\x14");
    terminal.wait_for("Gruvbox");
    terminal.send("soft-dark");
    terminal.wait_for("/ soft-dark");
    terminal.send("\r");
    terminal.wait_gone("/ soft-dark");
    assert!(terminal.quit().success());
    let settings = std::fs::read_to_string(config.join("config.toml")).expect("settings");
    assert!(settings.contains("theme = \"soft-dark\" # my own"), "{settings}");
}

#[test]
fn without_colour_nothing_is_coloured() {
    let desk = Desk::staffed("manual");
    let li = desk.machine("li.na");
    let config = li.home.path().join("config/config.toml");
    let settings = std::fs::read_to_string(&config).unwrap_or_default();
    std::fs::write(&config, format!("{settings}\n[screen]\ncolours = \"none\"\n")).expect("written");
    let mut terminal = console(&li, &["--theme", "soft-dark"], 120, 40);
    terminal.send("4");
    terminal.wait_for("[4");
    // `38;67H` is a place on the screen: colours end with an m.
    let ends = |part: &[u8]| part.iter().find(|byte| byte.is_ascii_alphabetic()).copied();
    let coloured = |part: &[u8]| (part.starts_with(b"38;") || part.starts_with(b"48;")) && ends(part) == Some(b'm');
    let raw = terminal.raw();
    let sequences = raw.windows(2).enumerate().filter(|(_, bytes)| bytes == b"\x1b[").map(|(at, _)| &raw[at + 2..]);
    let coloured: Vec<_> =
        sequences.filter(|rest| coloured(rest)).map(|rest| String::from_utf8_lossy(&rest[..rest.len().min(40)])).collect();
    assert!(coloured.is_empty(), "{coloured:?}");
    assert!(terminal.quit().success());
}
