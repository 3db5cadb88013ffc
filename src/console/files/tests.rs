//! The layer over a desk in memory: list, picture, text, bytes, attaching.

use std::path::PathBuf;
use std::sync::Arc;

use crate::client::files::{FileItem, Transfer};
use crate::console::locale::Language;
use crate::console::testing::{FakeDesk, Screen, id, now};
use crate::domain::command::Command;
use crate::domain::conversation::{Author, Visibility};
use crate::domain::id::{FileId, RequesterId};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn item(number: u128, name: &str, kind: &str, size: i64) -> FileItem {
    FileItem {
        file: Some(id(number)),
        url: String::new(),
        name: name.into(),
        media_type: kind.into(),
        size,
        lies: false,
        author: Author::Person { id: id(1) },
        visibility: Visibility::Public,
        at: now(),
    }
}

/// A picture of four coloured quarters.
fn picture(folder: &std::path::Path) -> PathBuf {
    let path = folder.join("screen.png");
    let colour = |x: u32, y: u32| match (x < 16, y < 16) {
        (true, true) => image::Rgb([220, 40, 40]),
        (false, true) => image::Rgb([40, 200, 60]),
        (true, false) => image::Rgb([40, 60, 220]),
        (false, false) => image::Rgb([230, 220, 40]),
    };
    image::RgbImage::from_fn(32, 32, colour).save(&path).unwrap();
    path
}

fn desk(folder: &std::path::Path) -> Arc<FakeDesk> {
    let log: String = (1..=5_000)
        .map(|n| format!("2026-11-21T02:{:02}:00Z pump {n} says \x1b[31mno\x1b[0m {}\n", n % 60, "加油".repeat(n % 40)))
        .collect();
    let (text, bytes) = (folder.join("pump.log"), folder.join("core.dump"));
    std::fs::write(&text, log).unwrap();
    std::fs::write(&bytes, [0_u8, 1, 2, 3, 0x1b, b'[', b'2', b'J', 0xff].repeat(40)).unwrap();
    let desk = FakeDesk::new(3);
    let requester = Author::Requester { id: RequesterId::default(), name: "客户 Chen".into() };
    let lie = FileItem { lies: true, author: requester.clone(), ..item(1, "screen.jpg", "image/png", 4_812) };
    let internal = FileItem { visibility: Visibility::Internal, ..item(2, "pump.log", "text/plain", 312_000) };
    let dump = item(3, "三号机 core \u{202e}\x1b[2Jdump 加油机无法启动加油机无法启动加油机无法启动.bin", "application/x-dump", 360);
    let elsewhere =
        FileItem { file: None, url: "https://files.example.org/1".into(), author: requester, ..item(4, "voice.ogg", "audio/ogg", 0) };
    *desk.files.lock().unwrap() = vec![(lie, picture(folder)), (internal, text), (dump, bytes), (elsewhere, PathBuf::new())];
    *desk.transfers.lock().unwrap() =
        vec![Transfer { file: FileId::default(), name: "big.log".into(), done: 3_000_000, size: 12_000_000, up: true, failed: None }];
    desk
}

#[tokio::test]
async fn the_list_and_every_viewer_look_right() {
    let folder = tempfile::tempdir().unwrap();
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(desk(folder.path()), language, width, height).await;
            let name = |what: &str| format!("files-{what}-{}-{width}x{height}", language.tag());
            screen.press("F").await;
            insta::assert_snapshot!(name("list"), screen.snapshot());
            screen.press("enter").await;
            insta::assert_snapshot!(name("picture"), screen.snapshot());
            screen.press("esc j enter").await;
            insta::assert_snapshot!(name("text"), screen.snapshot());
            screen.press("esc j enter").await;
            insta::assert_snapshot!(name("bytes"), screen.snapshot());
            assert_eq!(screen.control_cells(), 0);
            screen.press("esc esc").await;
            assert!(!screen.app.model.files.is_open());
        }
    }
}

#[tokio::test]
async fn a_text_is_paged_searched_and_wrapped() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::open(desk(folder.path()), Language::English, 80, 24).await;
    screen.press("F j enter").await;
    assert!(screen.snapshot().contains("   1 2026-11-21T02:01:00Z pump 1 says ␛[31mno"), "{}", screen.snapshot());
    screen.press("G").await;
    assert!(screen.snapshot().contains("5000 2026") && screen.snapshot().contains("100%"), "{}", screen.snapshot());
    screen.press("/").await;
    screen.text("PUMP 777 ").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("Not found"), "{}", screen.snapshot());
    screen.press("N").await;
    assert!(screen.snapshot().contains(" 777 2026"), "{}", screen.snapshot());
    screen.press("g n").await;
    let shown = screen.snapshot();
    assert!(shown.lines().nth(2).unwrap().contains("777 2026"), "{shown}");
    screen.press("j k pagedown ctrl-u w").await;
    assert!(!screen.snapshot().contains('…'), "wrapped lines are not cut: {}", screen.snapshot());
    screen.press("w #").await;
    assert!(!screen.snapshot().contains(" 777 2026"), "{}", screen.snapshot());
    screen.resize(120, 40).await;
    assert!(screen.snapshot().contains("pump"), "{}", screen.snapshot());
}

#[tokio::test]
async fn attaching_asks_for_a_path_words_and_who_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 80, 24).await;
    screen.press("F a ctrl-u").await;
    screen.text(&format!("{}/pu", folder.path().display())).await;
    screen.press("tab").await;
    assert!(screen.snapshot().contains("pump.log"), "{}", screen.snapshot());
    screen.press("enter").await;
    let shown = screen.snapshot();
    assert!(shown.contains("+ pump.log") && shown.contains("only the desk sees"), "{shown}");
    screen.text("from pump 4").await;
    screen.press("tab").await;
    assert!(screen.snapshot().contains("PUBLIC"), "{}", screen.snapshot());
    screen.press("enter").await;
    let submitted = desk.submitted.lock().unwrap();
    let [(Command::PostMessage(post), None)] = submitted.as_slice() else { panic!("{submitted:?}") };
    assert_eq!((post.text.as_str(), post.visibility, post.files.as_slice()), ("from pump 4", Visibility::Public, [id(500)].as_slice()));
}

#[tokio::test]
async fn a_path_that_is_no_file_is_told_and_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::open(desk(folder.path()), Language::English, 80, 24).await;
    screen.press("F a ctrl-u").await;
    screen.text("/nowhere/at/all").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("cannot be read"), "{}", screen.snapshot());
    screen.press("esc").await;
    assert!(screen.snapshot().contains("screen.jpg"), "{}", screen.snapshot());
}

#[tokio::test]
async fn paths_are_copied_and_what_is_elsewhere_is_only_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::open(desk(folder.path()), Language::English, 120, 40).await;
    screen.press("F j y").await;
    assert_eq!(screen.app.copies, [folder.path().join("pump.log").display().to_string()]);
    screen.press("G enter").await;
    assert_eq!(screen.app.copies.last().unwrap(), "https://files.example.org/1");
    assert!(screen.snapshot().contains("Kept by the channel"));
}

#[tokio::test]
async fn a_damaged_or_huge_picture_is_shown_as_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let desk = desk(folder.path());
    // A header that promises a picture of 60,000 by 60,000.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0".to_vec();
    bomb.extend([0; 64]);
    std::fs::write(folder.path().join("screen.png"), bomb).unwrap();
    let mut screen = Screen::open(desk, Language::English, 80, 24).await;
    screen.press("F enter").await;
    assert!(screen.snapshot().contains("00000000  89 50 4e 47"), "{}", screen.snapshot());
    assert!(screen.snapshot().contains("Cannot be shown"), "{}", screen.snapshot());
}

#[tokio::test]
async fn no_size_panics_in_any_viewer() {
    let folder = tempfile::tempdir().unwrap();
    let mut screen = Screen::open(desk(folder.path()), Language::Chinese, 80, 24).await;
    for keys in ["F", "enter", "esc j enter", "w", "/", "esc esc j enter", "esc a", "esc s"] {
        screen.press(keys).await;
        for (width, height) in [(1, 1), (4, 40), (80, 24), (81, 25), (300, 100), (80, 24)] {
            screen.resize(width, height).await;
            assert_eq!(screen.control_cells(), 0, "{keys} at {width}x{height}");
        }
    }
}
