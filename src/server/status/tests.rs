//! The page against hostile texts, and in both languages.

use super::*;
use crate::domain::conversation::Attachment;
use crate::domain::testing::{ANA, Desk, id};

const HOSTILE: &str = "</p><script>alert(1)</script>\" onload='x' &amp; \u{202e}evil\u{7}\u{1b}[2J <img src=x>";

fn shown(desk: &mut Desk, language: Tongue) -> String {
    let number = desk.create();
    let mut ticket = desk.ticket(number.0).clone();
    ticket.subject = HOSTILE.into();
    desk.directory.people.get_mut(&id(ANA)).unwrap().name = HOSTILE.into();
    let first = desk.messages[0].clone();
    let of = |author: Author, visibility: Visibility, text: &str| Message { author, visibility, text: text.into(), ..first.clone() };
    let attachment =
        Attachment { name: HOSTILE.into(), media_type: "text/html".into(), size: 1, url: "javascript:alert(1)".into(), file: None };
    let messages = [
        Message { attachments: vec![attachment], ..of(Author::Requester { id: id(1), name: HOSTILE.into() }, Visibility::Public, HOSTILE) },
        of(Author::Person { id: id(ANA) }, Visibility::Public, "line one\nline two <b>"),
        of(Author::Person { id: id(ANA) }, Visibility::Internal, "INTERNAL WORD"),
        of(Author::Person { id: id(ANA) }, Visibility::Tier2, "TIER WORD"),
        Message { withheld: true, ..of(Author::Person { id: id(ANA) }, Visibility::Public, "WITHHELD WORD") },
    ];
    let mut told = Page::new(&ticket, &messages, &desk.directory, desk.now);
    told.rating = Some(Rating { score: 2, words: HOSTILE.into(), at: desk.now, assignee: None });
    told.rates = true;
    page(&told, language)
}

#[test]
fn hostile_texts_stay_texts() {
    let html = shown(&mut Desk::new(), Tongue::English);
    for never in ["<script", "<img", "<b>", "onload='", "javascript:", "\u{202e}", "\u{7}", "\u{1b}"] {
        assert!(!html.contains(never), "{never:?} is in the page");
    }
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && html.contains("line one\nline two &lt;b&gt;"));
}

#[test]
fn only_public_words_and_names_are_told() {
    let desk = &mut Desk::new();
    let html = shown(desk, Tongue::Chinese);
    for never in ["INTERNAL WORD", "TIER WORD", "WITHHELD WORD", "ana", &id::<uuid::Uuid>(ANA).to_string()] {
        assert!(!html.contains(never), "{never} is in the page");
    }
    assert!(html.contains("lang=\"zh-CN\"") && html.contains("您对这次服务满意吗"));
}

#[test]
fn every_status_has_its_words_and_lateness_is_said() {
    let mut desk = Desk::new();
    let number = desk.create();
    let mut ticket = desk.ticket(number.0).clone();
    let open = page(&Page::new(&ticket, &[], &desk.directory, desk.now), Tongue::English);
    assert!(open.contains("Promised by") && !open.contains("<form") && open.contains("Received"));
    desk.pass(1_000_000);
    assert!(page(&Page::new(&ticket, &[], &desk.directory, desk.now), Tongue::English).contains("later than we promised"));
    ticket.status = Status::Solved;
    ticket.clocks.clear();
    let solved = page(&Page::new(&ticket, &[], &desk.directory, desk.now), Tongue::English);
    assert!(solved.contains("<form method=\"post\"") && !solved.contains("Promised by"));
}

#[test]
fn languages_are_chosen_by_tag() {
    assert_eq!(Tongue::accepted("fr-FR, zh-TW;q=0.9, en;q=0.8"), Some(Tongue::Chinese));
    assert_eq!(Tongue::accepted("fr"), None);
    assert_eq!(Tongue::parse("EN-gb"), Some(Tongue::English));
    assert_ne!(missing(Tongue::English), missing(Tongue::Chinese));
}
