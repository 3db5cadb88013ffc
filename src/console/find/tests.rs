//! Finding, from texts to whole screens.

use std::sync::Arc;

use proptest::prelude::*;

use super::matcher::{Haystack, Query, closeness, places};
use super::shortlist::{LARGE, Pool, Row, Shortlist};
use super::{Scope, stock};
use crate::client::view::ConversationItem;
use crate::console::action::Action;
use crate::console::effect::Choice;
use crate::console::keymap::Keymap;
use crate::console::locale::{Language, Locale};
use crate::console::panes::sample::Sample;
use crate::console::testing::{FakeDesk, Screen, id, now, person};
use crate::domain::command::Command;
use crate::domain::conversation::{Conversation, ConversationKind};
use crate::domain::id::ConversationId;
use crate::domain::requester::Site;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

/// The texts found, closest first.
fn found<'a>(texts: &[&'a str], typed: &str) -> Vec<&'a str> {
    let hay = Haystack::new(texts.iter().map(|text| (*text, "")));
    hay.rank(&Query::new(typed), None).best.into_iter().map(|(_, index)| texts[index as usize]).collect()
}

#[test]
fn what_stands_there_goes_before_what_spells_it_and_that_before_strewn_letters() {
    let texts = ["zoo of wild animals", "张伟", "amazwild", "zw", "the zw", "zwx"];
    assert_eq!(found(&texts, "zw"), ["zw", "zwx", "the zw", "amazwild", "张伟", "zoo of wild animals"]);
    assert_eq!(found(&["张伟 (zhang.wei)", "李娜 (li.na)"], "ZHANG.w"), ["张伟 (zhang.wei)"]);
    assert_eq!(found(&["重庆加油站", "上海加油站"], "cqjyz"), ["重庆加油站"]);
    assert_eq!(found(&["São Paulo depot"], "sao pau"), ["São Paulo depot"]);
    assert_eq!(found(&["refund 退款"], "ｔｕｉｋ refu"), ["refund 退款"], "every word counts, in any order and width");
    assert_eq!(found(&["abc"], "abd"), Vec::<&str>::new());
    assert_eq!(found(&["b", "a"], ""), ["b", "a"], "nothing typed keeps the order");
}

#[test]
fn other_words_find_it_after_its_own() {
    let rank = |shown: &str, also: &str| closeness(shown, also, &Query::new("claim")).unwrap();
    assert!(rank("claim", "") < rank("the claim", ""));
    assert!(rank("the claim", "") < rank("认领", "claim"));
    assert!(rank("认领", "claim") < rank("c l a i m", ""));
    assert_eq!(closeness("认领", "", &Query::new("claim")), None);
}

#[test]
fn places_are_characters_of_the_text_as_it_is_shown() {
    assert_eq!(places("The Pump", &Query::new("pump")), [4, 5, 6, 7]);
    assert_eq!(places("张伟 (zhang.wei)", &Query::new("zw")), [0, 1]);
    assert_eq!(places("上海张伟", &Query::new("zhangw")), [2, 3]);
    assert_eq!(places("Set priority", &Query::new("sprio")), [0, 4, 5, 6, 7]);
    assert_eq!(places("Ünal ünal", &Query::new("unal")), [0, 1, 2, 3]);
    assert_eq!(places("pump", &Query::new("tank")), Vec::<usize>::new());
}

fn rows(labels: &[String]) -> Arc<Pool> {
    let row = |label: &String| Row::new(Choice { value: label.clone(), label: label.clone(), ..Choice::default() });
    Pool::new(labels.iter().map(row).collect())
}

#[test]
fn thousands_are_ranked_elsewhere_and_only_the_newest_query_counts() {
    let labels: Vec<String> = (0..LARGE).map(|n| format!("站点 {n}")).collect();
    let mut list = Shortlist::new(vec![rows(&labels)]);
    assert_eq!(list.len(), super::matcher::BEST_MAX, "nothing typed needs no ranking");
    let job = list.narrow(Query::new("1"), Vec::new()).expect("so many rows are ranked elsewhere");
    assert!(list.is_busy());
    assert_eq!(list.narrow(Query::new("17"), Vec::new()), None, "one at a time");
    let next = list.ranked(job.run()).expect("more was typed meanwhile");
    assert_eq!(list.ranked(next.run()), None);
    assert_eq!(list.selected_row().unwrap().choice.label, "站点 17");
    assert!(!list.is_busy() && list.len() > 10);
}

#[test]
fn the_cursor_stays_on_its_row_when_others_come() {
    let texts = |texts: &[&str]| rows(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    let first = texts(&["b1", "b2"]);
    let mut list = Shortlist::new(vec![Arc::clone(&first)]);
    list.step(1);
    list.put(vec![texts(&["a1", "a2"]), first], Query::default(), Vec::new());
    assert_eq!(list.selected_row().unwrap().choice.value, "b2");
}

#[test]
fn actions_are_found_in_both_languages_by_name_and_by_what_others_call_them() {
    let keymap = Keymap::new(&[]).unwrap();
    for (language, typed) in [
        (Language::English, ["claim", "认领", "renling", "rl", "ticket.claim"]),
        (Language::Chinese, ["claim", "认领", "renling", "rl", "ticket.claim"]),
    ] {
        let rows = stock::actions(&Locale::new(language), &keymap, |_| None);
        for typed in typed {
            let mut list = Shortlist::new(vec![Pool::new(rows.clone())]);
            list.narrow(Query::new(typed), Vec::new());
            let best: Vec<_> = (0..3).filter_map(|index| list.row(index)).map(|row| row.choice.value.as_str()).collect();
            assert!(best.contains(&Action::Claim.spec().name), "{typed} in {language:?}: {best:?}");
        }
    }
}

proptest! {
    #[test]
    fn going_on_from_an_earlier_query_finds_the_same(texts in prop::collection::vec("[a-c张伟重庆 ]{0,8}", 0..40), typed in "[a-cwzhq张 ]{0,6}") {
        let hay = Haystack::new(texts.iter().map(|text| (text.as_str(), "")));
        let mut before = None;
        let mut so_far = String::new();
        for char in typed.chars() {
            so_far.push(char);
            let query = Query::new(&so_far);
            let fresh = hay.rank(&query, None);
            let kept = hay.rank(&query, before.as_ref());
            prop_assert_eq!(&fresh.best, &kept.best);
            prop_assert_eq!(fresh.total, kept.total);
            before = Some(kept);
        }
    }

    #[test]
    fn places_are_inside_and_in_order(text in "\\PC{0,20}", typed in "\\PC{0,6}") {
        let found = places(&text, &Query::new(&typed));
        prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(found.iter().all(|at| *at < text.chars().count()));
    }
}

fn desk() -> Arc<FakeDesk> {
    let desk = FakeDesk::made(12, |directory, _| {
        for (number, code, name, region) in
            [(30, "CN0421", "重庆江北站", "重庆"), (31, "CN0007", "上海虹桥站", "华东"), (32, "DE-11", "Köln Süd", "West")]
        {
            let site = Site {
                id: id(number),
                version: 1,
                code: code.into(),
                name: name.into(),
                region: region.into(),
                latitude: None,
                longitude: None,
            };
            directory.sites.insert(site.id, site);
        }
        for (number, handle, name) in [(4, "chongwei.shan", "单重威"), (5, "evil", "evil \u{1b}[2J\u{202e}name")] {
            directory.people.insert(id(number), person(number, handle, name));
        }
    });
    let channel = Conversation {
        id: ConversationId(uuid::Uuid::from_u128(50)),
        version: 1,
        kind: ConversationKind::Channel,
        title: "夜班交接".into(),
        topic: None,
        ticket: None,
        queue: None,
        incident: None,
        region: None,
        members: Vec::new(),
        last_seq: 0,
        last_message_at: None,
        created_at: now(),
    };
    let item = ConversationItem { conversation: Arc::new(channel), unread: 3, muted: false, mentioned: false, last: None };
    desk.conversations.lock().unwrap().push(item);
    desk
}

#[tokio::test]
async fn palette_and_jumps_look_as_agreed() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(desk(), language, width, height).await;
            screen.app.model.session.recent_actions = vec!["ticket.reply".into(), "theme".into()];
            let name = |what: &str| format!("find-{what}-{}-{width}x{height}", language.tag());
            screen.press("ctrl-k").await;
            insta::assert_snapshot!(name("palette"), screen.snapshot());
            screen.text(if language == Language::English { "rl" } else { "assign" }).await;
            insta::assert_snapshot!(name("finder-other-language"), screen.snapshot());
            screen.press("esc g a").await;
            screen.text("ch").await;
            insta::assert_snapshot!(name("anything"), screen.snapshot());
            screen.press("esc g p").await;
            screen.text("shan").await;
            insta::assert_snapshot!(name("person"), screen.snapshot());
            screen.press("enter").await;
            insta::assert_snapshot!(name("card"), screen.snapshot());
            screen.press("esc g t").await;
            screen.text("7").await;
            insta::assert_snapshot!(name("ticket"), screen.snapshot());
            assert_eq!(screen.control_cells(), 0);
        }
    }
}

#[tokio::test]
async fn every_jump_leads_where_it_says() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    for (keys, typed, expected) in [
        ("g t", "7", "#7 "),
        ("g t", "Checkout", "Checkout latency"),
        ("g i", "cqjb", "CN0421"),
        ("g q", "payment", "Payment"),
        ("g q", "solved", "Solved"),
        ("g c", "yeban", "#夜班交接"),
        ("g a", "jiaojie", "#夜班交接"),
        (":", "12", "#12 "),
        ("ctrl-k", ":12", "#12 "),
        ("ctrl-k", "!DE-11", "DE-11"),
        ("ctrl-k", "/breach", "Breaching soon"),
        ("g p", ">shifts", "[4 Shifts"),
    ] {
        screen.press("1 esc esc").await;
        screen.press(keys).await;
        screen.text(typed).await;
        screen.press("enter").await;
        let shown = screen.snapshot();
        assert!(shown.contains(expected) && screen.app.model.overlays.is_empty(), "{keys} {typed}: {shown}");
    }
    let recent = &screen.app.model.session.recent_places;
    assert_eq!(recent.len(), 9, "each place once: {recent:?}");
    assert_eq!(screen.app.model.session.recent_actions, ["pane.shifts"]);
}

#[tokio::test]
async fn a_persons_card_leads_to_a_conversation() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("g p").await;
    screen.text("zhangw").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("张伟 (zhang.wei)"), "{}", screen.snapshot());
    screen.press("enter").await;
    let submitted = desk.submitted.lock().unwrap();
    assert!(matches!(submitted.as_slice(), [(Command::CreateConversation(_), _)]), "{submitted:?}");
}

#[tokio::test]
async fn the_palette_runs_remembers_and_says_why_not() {
    let mut screen = Screen::open(FakeDesk::new(0), Language::English, 120, 40).await;
    screen.press("ctrl-k").await;
    screen.text("ticket.claim").await;
    screen.press("enter").await;
    let why = screen.app.model.shared.locale.text("disabled-no-ticket").into_owned();
    assert!(screen.snapshot().contains(&text_head(&why)), "a disabled action stays and says why: {}", screen.snapshot());
    assert_eq!(screen.app.model.overlays.last().and_then(crate::console::overlay::Overlay::scope), Some(Scope::Actions));
    screen.press("esc ctrl-k").await;
    screen.text("zhuti").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("mono"), "主题 is the theme: {}", screen.snapshot());
    assert_eq!(screen.app.model.session.recent_actions, ["theme"]);
    screen.press("esc ctrl-k enter").await;
    assert!(screen.snapshot().contains("mono"), "the last one stands first");
}

fn text_head(text: &str) -> String {
    text.chars().take(12).collect()
}

#[tokio::test]
async fn filters_are_brought_back() {
    let mut screen = Screen::open(FakeDesk::new(8), Language::English, 120, 40).await;
    for words in ["Checkout", "refund"] {
        screen.press("/ ctrl-u").await;
        screen.text(words).await;
        screen.press("enter esc").await;
    }
    assert_eq!(screen.app.model.session.history.of("filter"), ["Checkout", "refund"]);
    screen.press("/ up up").await;
    let shown = screen.snapshot();
    assert!(shown.contains("Checkout latency") && !shown.contains("refund"), "{shown}");
    screen.press("down").await;
    assert!(screen.snapshot().contains("refund"));
}

#[tokio::test]
async fn thousands_of_sites_are_ranked_beside_the_screen() {
    let desk = FakeDesk::made(1, |directory, _| {
        for number in 0..u128::try_from(LARGE).unwrap() {
            let code = format!("CN{number:05}");
            let site =
                Site {
                    id: id(number + 1000), version: 1, code, name: "站".into(), region: "华东".into(), latitude: None, longitude: None
                };
            directory.sites.insert(site.id, site);
        }
    });
    let mut screen = Screen::open(desk, Language::Chinese, 80, 24).await;
    screen.press("g i").await;
    screen.text("01234").await;
    assert!(screen.snapshot().contains("> CN01234"), "{}", screen.snapshot());
}

#[tokio::test]
async fn no_size_panics_with_a_finder_open() {
    let mut screen = Screen::open(desk(), Language::Chinese, 80, 24).await;
    for keys in ["ctrl-k", "z", "esc g a", "@ e", "esc g p enter", "enter"] {
        screen.press(keys).await;
        for (width, height) in [(1, 1), (2, 40), (40, 2), (79, 23), (80, 24), (81, 25), (99, 24), (160, 30), (300, 100), (80, 24)] {
            screen.resize(width, height).await;
            assert_eq!(screen.control_cells(), 0, "{keys} at {width}x{height}");
        }
    }
}

#[test]
fn rows_of_people_are_clean_and_whoever_is_on_duty_stands_first() {
    let sample = Sample::new(Language::English);
    let pool = stock::Stock::new(Vec::new(), Arc::default(), &sample.context()).people;
    let labels: Vec<&str> = pool.rows().iter().map(|row| row.choice.label.as_str()).collect();
    assert!(labels.iter().all(|label| !label.chars().any(char::is_control)), "{labels:?}");
    let duty: Vec<bool> = pool.rows().iter().map(|row| row.choice.hint.contains("on duty")).collect();
    assert!(duty.contains(&true) && duty.is_sorted_by(|a, b| a >= b), "{duty:?}");
}
