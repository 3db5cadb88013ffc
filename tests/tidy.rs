//! Style that a machine holds: who may import whom, how long a file may be, and that docs name files which exist.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A room and the rooms whose paths (`crate::<room>`) may occur in it. The table stands in `src/lib.rs` too.
const ROOMS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("domain", &[]),
    ("wire", &["domain"]),
    ("store", &["domain", "base"]),
    ("server", &["store", "wire", "domain", "base"]),
    ("client", &["wire", "domain", "base"]),
    ("console", &["client", "domain", "base"]),
    ("demo", &["client", "wire", "domain", "base"]),
    ("simulate", &["domain", "base"]),
    ("cli", &["base", "domain", "wire", "store", "server", "client", "console", "demo", "simulate"]),
];

/// Lines of a file without its inline tests.
const FILE_LINES_MAX: usize = 600;

/// Files that are longer, with their length: the list may only shrink.
const LONGER_FILES: &[(&str, usize)] = &[];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a source folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).expect("files lie below the root").display().to_string()
}

/// The rooms a source text names: `crate::room`, also in groups (`crate::{a, b::c}`).
fn rooms_named(text: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            if let Some(group) = rest.strip_prefix('{') {
                rooms.extend(group.split(',').filter_map(first_word));
            } else {
                rooms.extend(first_word(rest));
            }
        }
    }
    rooms
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

#[test]
fn rooms_import_only_what_the_map_allows() {
    let known: BTreeMap<_, _> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (room, allowed) in ROOMS {
        let folder = root().join("src").join(room);
        if !folder.is_dir() {
            continue;
        }
        for file in rust_files(&folder) {
            let text = fs::read_to_string(&file).expect("sources are UTF-8");
            for named in rooms_named(&text) {
                if named != *room && known.contains_key(named.as_str()) && !allowed.contains(&named.as_str()) {
                    wrong.push(format!("{} names crate::{named}; {room} may import {allowed:?}", relative(&file)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_stands_in_the_table() {
    let mut folders: Vec<String> = fs::read_dir(root().join("src"))
        .expect("src can be read")
        .filter_map(|entry| {
            let entry = entry.expect("an entry can be read");
            entry.path().is_dir().then(|| entry.file_name().to_string_lossy().into_owned())
        })
        .collect();
    folders.sort();
    let mut rooms: Vec<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    rooms.sort();
    assert_eq!(folders, rooms);
}

#[test]
fn files_stay_small() {
    let longer: BTreeMap<_, _> = LONGER_FILES.iter().copied().collect();
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&file).expect("sources are UTF-8");
        let body = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(&text);
        let lines = body.lines().count();
        let name = relative(&file);
        if name.ends_with("/tests.rs") {
            continue;
        }
        let limit = longer.get(name.as_str()).copied().unwrap_or(FILE_LINES_MAX);
        if lines > limit {
            wrong.push(format!("{name} has {lines} lines, at most {limit}: what is the second thing in it?"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&file).expect("sources are UTF-8");
        if !text.starts_with("//!") {
            wrong.push(relative(&file));
        }
    }
    assert!(wrong.is_empty(), "these files do not open with `//!`:\n{}", wrong.join("\n"));
}

/// Paths in backquotes in README and docs that look like files of ours must exist.
#[test]
fn docs_name_files_that_exist() {
    let mut pages = vec![root().join("README.md"), root().join("CHANGELOG.md")];
    if let Ok(entries) = fs::read_dir(root().join("docs")) {
        pages.extend(
            entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|path| path.extension().is_some_and(|e| e == "md")),
        );
    }
    let mut wrong = Vec::new();
    for page in pages.into_iter().filter(|page| page.is_file()) {
        let text = fs::read_to_string(&page).expect("docs are UTF-8");
        for quoted in text.split('`').skip(1).step_by(2) {
            let ours =
                ["src/", "tests/", "docs/", "benches/", "themes/", "locales/", ".ci/"].iter().any(|folder| quoted.starts_with(folder));
            let plain = !quoted.contains([' ', '*', '<', '{', '\n']);
            if ours && plain && !root().join(quoted).exists() {
                wrong.push(format!("{} names `{quoted}`, which does not exist", relative(&page)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_import_check_sees_groups_and_inline_paths() {
    assert_eq!(rooms_named("use crate::{store::Store, wire};"), ["store", "wire"]);
    assert_eq!(rooms_named("    let x = crate::server::start();\n// crate::cli::x"), ["server"]);
}
