//! Filters and saved views on whole screens.

use std::sync::Arc;

use crate::console::locale::Language;
use crate::console::testing::{FakeDesk, Screen, id};
use crate::domain::command::Command;
use crate::domain::saved_view::{SavedView, SharedWith, Sort};

fn view(number: u128, owner: u128, name: &str, filter: &str, shared: SharedWith) -> SavedView {
    let (name, filter) = (name.to_owned(), filter.to_owned());
    SavedView { id: id(number), version: 1, owner: id(owner), shared, name, filter, sort: Sort::Newest, position: 0, active: true }
}

fn desk() -> Arc<FakeDesk> {
    FakeDesk::made(6, |directory, _| {
        let shared = SharedWith::Queue { queue: id(10) };
        for one in [
            view(90, 1, "Hot ones", "priority:>=high", SharedWith::Nobody),
            view(91, 2, "夜班 Night", "is:late", SharedWith::Everybody),
            view(92, 1, "Pumps \x1b[2J", "#pump", shared),
        ] {
            directory.saved_views.insert(one.id, one);
        }
    })
}

fn sent(desk: &FakeDesk) -> Vec<SavedView> {
    let submitted = desk.submitted.lock().unwrap();
    let views =
        submitted.iter().filter_map(|(command, _)| if let Command::PutSavedView(view) = command { Some((**view).clone()) } else { None });
    views.collect()
}

/// Whether the list's title tells so many tickets of my own.
fn mine(screen: &Screen, count: usize) -> bool {
    screen.snapshot().contains(&format!("Mine {count} "))
}

#[tokio::test]
async fn a_filter_is_completed_and_explained_on_whole_screens() {
    for language in Language::ALL {
        for (width, height) in [(80, 24), (120, 40), (200, 60)] {
            let name = |what: &str| format!("filter-{what}-{}-{width}x{height}", language.tag());
            let mut screen = Screen::open(desk(), language, width, height).await;
            screen.press("/").await;
            screen.text(if language == Language::Chinese { "状态：" } else { "older:1h status:" }).await;
            screen.press("down down").await;
            insta::assert_snapshot!(name("completion"), screen.snapshot());
            screen.press("ctrl-u").await;
            screen.text(if language == Language::Chinese { "状太：处理中 pump" } else { "pump stauts:open" }).await;
            insta::assert_snapshot!(name("error"), screen.snapshot());
            screen.press("esc h j j j j j j").await;
            insta::assert_snapshot!(name("saved"), screen.snapshot());
            assert_eq!(screen.control_cells(), 0);
        }
    }
}

#[tokio::test]
async fn tab_takes_a_field_then_a_value_and_the_list_follows() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    screen.press("/").await;
    screen.text("prio").await;
    screen.press("tab").await;
    assert!(screen.snapshot().contains("/priority:") && screen.snapshot().contains("urgent"), "{}", screen.snapshot());
    screen.press("down enter").await;
    assert!(screen.snapshot().contains("/priority:urgent"), "{}", screen.snapshot());
    assert!(mine(&screen, 1), "of six only the fourth is urgent");
}

#[tokio::test]
async fn names_are_completed_by_their_pinyin() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    screen.press("/").await;
    screen.text("assignee:zhangw").await;
    screen.press("tab").await;
    assert!(screen.snapshot().contains("/assignee:@zhang.wei"), "{}", screen.snapshot());
}

#[tokio::test]
async fn from_one_saved_view_to_another_is_a_step_back() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    for name in ["hot", "night"] {
        screen.press("f v").await;
        screen.text(name).await;
        screen.press("enter").await;
    }
    screen.press("ctrl-o").await;
    assert!(screen.snapshot().contains("Hot ones 3"), "{}", screen.snapshot());
    screen.press("f d").await;
    assert!(!screen.snapshot().contains("Choose a saved view first"), "it is still the saved view: {}", screen.snapshot());
}

#[tokio::test]
async fn a_half_typed_term_never_empties_the_list() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    screen.press("/").await;
    screen.text("older:1h priority:").await;
    assert!(mine(&screen, 6));
    screen.text("urgnt").await;
    assert!(screen.snapshot().contains("Did you mean urgent?"), "{}", screen.snapshot());
    assert!(mine(&screen, 6), "the rest of the filter holds");
}

#[tokio::test]
async fn what_is_on_screen_is_saved_with_its_view() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("/").await;
    screen.text("older:1h").await;
    screen.press("enter f s").await;
    screen.text("Old").await;
    screen.press("enter enter").await;
    screen.text("every").await;
    screen.press("enter").await;
    let saved = sent(&desk);
    assert_eq!((saved[0].name.as_str(), saved[0].shared), ("Old", SharedWith::Everybody));
    assert_eq!(saved[0].filter, "assignee:@me is:unsolved older:1h");
}

#[tokio::test]
async fn a_saved_view_is_chosen_changed_and_deleted_by_those_who_may() {
    let desk = desk();
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("f d").await;
    assert!(screen.snapshot().contains("Choose a saved view first"), "{}", screen.snapshot());
    screen.press("f v").await;
    screen.text("hot").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("Hot ones 3"), "{}", screen.snapshot());
    screen.press("/ end").await;
    screen.text(" older:1h").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("Hot ones* 3"), "{}", screen.snapshot());
    screen.press("f e enter enter enter").await;
    let changed = sent(&desk);
    assert_eq!((changed[0].id, changed[0].filter.as_str()), (id(90), "priority:>=high older:1h"));
    screen.press("f d y").await;
    assert!(!sent(&desk)[1].active);
    assert!(!screen.snapshot().contains("/priority"), "{}", screen.snapshot());
}
