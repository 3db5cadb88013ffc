//! Names, types and what may be attached.

use proptest::prelude::*;

use super::attach::{attach, received, text_or_names};
use super::sniff::{contradicts, is_text, matches, media_type, refused_by_default, tidy};
use super::*;
use crate::domain::command::{Change, Facts};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn id<T: From<uuid::Uuid>>(number: u128) -> T {
    uuid::Uuid::from_u128(number).into()
}

fn file(number: u128) -> StoredFile {
    StoredFile {
        id: id(number),
        name: "a.log".into(),
        media_type: "text/plain".into(),
        claimed_type: "text/plain".into(),
        size: 3,
        received: 3,
        sha256: None,
        owner: FileOwner::Person { id: id(1) },
        place: None,
        state: FileState::Complete,
        created_at: DateTime::UNIX_EPOCH,
    }
}

fn place(message: u128) -> FilePlace {
    FilePlace { message: id(message), conversation: id(8), ticket: None }
}

#[test]
fn names_lose_paths_controls_and_directions() {
    for (given, kept) in [
        ("a.png", "a.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\log.txt", "log.txt"),
        ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
        ("x\x1b[2J\n.txt", "x[2J.txt"),
        ("..", "file"),
        (".bashrc", "bashrc"),
        ("  ", "file"),
        ("报告 2026.pdf", "报告 2026.pdf"),
        ("a:b?.txt", "a_b_.txt"),
    ] {
        assert_eq!(name::clean(given), kept, "{given:?}");
    }
    let long = name::clean(&format!("{}.tar.gz", "长".repeat(500)));
    assert!(long.ends_with(".gz") && long.chars().count() == name::NAME_MAX);
}

#[test]
fn bytes_say_what_a_file_is() {
    for (head, claimed, found) in [
        (PNG, "image/jpeg", "image/png"),
        (PNG, "text/plain", "image/png"),
        (b"hello".as_slice(), "image/png", "text/plain"),
        (b"a,b\n1,2\n", "text/csv", "text/csv"),
        (b"<html><script>".as_slice(), "image/svg+xml", "text/html"),
        (b"\0\x01\x02\x03\x04", "image/png", "application/octet-stream"),
        (b"\0\x01\x02\x03\x04", "application/x-dump", "application/x-dump"),
        (b"PK\x03\x04rest", "application/vnd.ms-something", "application/vnd.ms-something"),
        (b"MZ\x90\0rest of a program", "image/png", "application/vnd.microsoft.portable-executable"),
        (b"MZ means something else here", "", "text/plain"),
        (b"BM 2026-11-21 a log", "text/csv", "text/csv"),
        ("订单".as_bytes(), "", "text/plain"),
        (&"订单".as_bytes()[..4], "", "text/plain"),
    ] {
        assert_eq!(media_type(head, claimed), found, "{claimed} {head:?}");
    }
    assert!(contradicts("image/jpeg", "image/png") && contradicts("image/png", "text/plain"));
    assert!(!contradicts("text/csv", "text/plain") && !contradicts("application/octet-stream", "image/png"));
    assert!(is_text(b"") && !is_text(b"a\0b"));
}

#[test]
fn claims_are_tidied_and_lists_match_families() {
    assert_eq!(tidy("Text/HTML; charset=utf-8"), "text/html");
    for wrong in ["", "text", "a/b/c", "text/\x1b[2J", "/", "a/"] {
        assert_eq!(tidy(wrong), "application/octet-stream", "{wrong:?}");
    }
    let refused = refused_by_default();
    assert!(matches(&refused, &media_type(&[b"\x7fELF\x02\x01\x01".as_slice(), &[0; 60]].concat(), "image/png")));
    assert!(!matches(&refused, "text/plain") && matches(&["image/*".into()], "image/webp"));
}

#[test]
fn a_lie_is_known_once_the_bytes_are_here() {
    let lie = StoredFile { claimed_type: "image/png".into(), ..file(1) };
    assert!(lie.lies() && !file(1).lies());
    assert!(!StoredFile { state: FileState::Uploading, ..lie }.lies());
}

#[test]
fn only_ones_own_complete_free_files_are_attached() {
    let owner = FileOwner::Person { id: id(1) };
    let with = |file: StoredFile| Facts { files: vec![file], ..Facts::default() };
    let code = |facts: &Facts| attach(facts, &[id(5)], owner, place(9)).map(|_| ()).map_err(|refusal| refusal.code);
    assert_eq!(code(&with(file(5))), Ok(()));
    assert_eq!(code(&Facts::default()), Err("unknown_file".into()));
    let others = StoredFile { owner: FileOwner::Intake { channel: id(1) }, ..file(5) };
    assert_eq!(code(&with(others)), Err("unknown_file".into()));
    assert_eq!(code(&with(StoredFile { state: FileState::Uploading, ..file(5) })), Err("file_incomplete".into()));
    assert_eq!(code(&with(StoredFile { state: FileState::Dropped, ..file(5) })), Err("unknown_file".into()));
    assert_eq!(code(&with(StoredFile { place: Some(place(3)), ..file(5) })), Err("file_attached".into()));
    assert_eq!(code(&with(StoredFile { place: Some(place(9)), ..file(5) })), Ok(()), "the same message again");
    let many: Vec<FileId> = (0..21).map(id).collect();
    assert_eq!(attach(&Facts::default(), &many, owner, place(9)).unwrap_err().code, "too_many_files");
}

#[test]
fn a_file_named_twice_is_attached_once_and_marked() {
    let facts = Facts { files: vec![file(5), file(6)], ..Facts::default() };
    let attached = attach(&facts, &[id(5), id(6), id(5)], FileOwner::Person { id: id(1) }, place(9)).unwrap();
    assert_eq!(attached.attachments.len(), 2);
    assert!(attached.changes.iter().all(|change| matches!(change, Change::PutFile(file) if file.place == Some(place(9)))));
    assert_eq!(text_or_names(" ", &attached.attachments), "a.log, a.log");
    assert_eq!(text_or_names("hi", &attached.attachments), "hi");
}

#[test]
fn what_a_channel_names_is_taken_from_the_desks_rows() {
    let owner = FileOwner::Intake { channel: id(4) };
    let facts = Facts { files: vec![StoredFile { owner, ..file(5) }], ..Facts::default() };
    let forged = Attachment { name: "../x".into(), media_type: "image/png".into(), size: 9, url: String::new(), file: Some(id(5)) };
    let foreign = Attachment { url: "https://files.example.org/1".into(), file: None, ..forged.clone() };
    let taken = received(&facts, &[forged.clone(), foreign], owner, place(9)).unwrap().attachments;
    assert_eq!((taken[0].name.as_str(), taken[0].media_type.as_str(), taken[0].size), ("a.log", "text/plain", 3));
    assert_eq!((taken[1].name.as_str(), taken[1].file), ("x", None));
    let other = FileOwner::Intake { channel: id(3) };
    assert_eq!(received(&facts, &[forged], other, place(9)).unwrap_err().code, "unknown_file");
}

proptest! {
    #[test]
    fn a_clean_name_is_its_own_clean_form_and_names_one_file(given in any::<String>()) {
        let once = name::clean(&given);
        prop_assert!(!once.is_empty() && !once.contains(['/', '\\']) && !once.chars().any(char::is_control));
        prop_assert!(once != "." && once != "..");
        prop_assert_eq!(name::clean(&once), once);
    }
}
