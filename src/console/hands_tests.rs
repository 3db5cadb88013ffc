//! Keys, counts, undo, repeat, jumps, help and the tour, on whole screens.

use std::sync::{Arc, Mutex};

use super::app::Msg;
use super::config::Setup;
use super::key::Key;
use super::locale::Language;
use super::memory::{Chosen, Memory, Session};
use super::pane::PaneId;
use super::testing::{FakeDesk, Screen, id, ticket};
use super::theme::Theme;
use crate::client::view::Link;
use crate::domain::command::Command;
use crate::domain::conversation::Visibility;
use crate::domain::id::TicketNumber;
use crate::domain::ticket::{Priority, Ticket};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn submitted(desk: &FakeDesk) -> Vec<(Command, Option<i64>)> {
    desk.submitted.lock().unwrap().clone()
}

fn alter(desk: &FakeDesk, number: i64, change: impl FnOnce(&mut Ticket)) {
    desk.change(|tickets| {
        let one = tickets.iter_mut().find(|ticket| ticket.number == TicketNumber(number)).unwrap();
        let mut changed = Ticket::clone(one);
        changed.version += 1;
        change(&mut changed);
        *one = Arc::new(changed);
    });
}

fn priority(number: i64, priority: Priority) -> Command {
    Command::SetPriority { number: TicketNumber(number), priority }
}

async fn low(screen: &mut Screen) {
    screen.press("p").await;
    screen.text("low").await;
    screen.press("enter").await;
}

#[tokio::test]
async fn an_act_is_told_with_its_undo_and_undone_by_its_inverse() {
    let desk = FakeDesk::new(5);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("z").await;
    assert!(screen.snapshot().contains("There is nothing to undo"), "{}", screen.snapshot());
    low(&mut screen).await;
    assert!(screen.snapshot().contains("#1 Priority -> Low · z undoes"), "{}", screen.snapshot());
    alter(&desk, 1, |ticket| ticket.priority = Priority::Low);
    screen.settle().await;
    screen.press("z").await;
    assert_eq!(submitted(&desk).last(), Some(&(priority(1, Priority::High), Some(2))));
    assert!(screen.snapshot().contains("Undone: #1 Priority -> Low"), "{}", screen.snapshot());
    screen.press("z").await;
    assert_eq!(submitted(&desk).len(), 2, "an undo is no act to be undone");
}

#[tokio::test]
async fn what_somebody_changed_since_stays_and_that_is_told() {
    let desk = FakeDesk::new(5);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    low(&mut screen).await;
    alter(&desk, 1, |ticket| ticket.priority = Priority::Urgent);
    screen.settle().await;
    screen.press("z").await;
    assert_eq!(submitted(&desk).len(), 1, "nothing was written over");
    assert!(screen.snapshot().contains("was changed since"), "{}", screen.snapshot());
}

#[tokio::test]
async fn what_was_never_sent_is_taken_out_of_the_outbox_and_a_message_is_a_draft_again() {
    let desk = FakeDesk::new(5);
    desk.link.send_modify(|status| status.link = Link::Offline { since: super::testing::now(), why: "no server".into() });
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    low(&mut screen).await;
    screen.press("r h i enter").await;
    assert_eq!(submitted(&desk).len(), 2, "{}", screen.snapshot());
    assert!(screen.snapshot().contains("waits in the outbox · z takes it back"), "{}", screen.snapshot());
    *desk.unsent.lock().unwrap() = vec![id(5_000), id(5_001)];
    screen.press("z").await;
    assert!(screen.snapshot().contains("is a draft again"), "{}", screen.snapshot());
    let draft = screen.app.model.shared.drafts.get(crate::domain::id::ConversationId::default(), Visibility::Public).cloned();
    assert_eq!(draft.map(|draft| draft.text), Some("hi".to_owned()));
    screen.press("z").await;
    assert!(desk.unsent.lock().unwrap().is_empty());
    assert_eq!(submitted(&desk).len(), 2, "no inverse is needed for what never left");
}

#[tokio::test]
async fn a_message_that_was_sent_is_not_unsent() {
    let desk = FakeDesk::new(5);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    low(&mut screen).await;
    alter(&desk, 1, |ticket| ticket.priority = Priority::Low);
    screen.press("i x ctrl-s").await;
    screen.press("z").await;
    assert!(screen.snapshot().contains("cannot be unsent"), "{}", screen.snapshot());
    screen.press("z").await;
    assert_eq!(submitted(&desk).last().unwrap().0, priority(1, Priority::High), "the act before it still can be");
}

#[tokio::test]
async fn an_edit_of_tags_is_undone_as_one() {
    let desk = FakeDesk::new(5);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    screen.press("t ctrl-u").await;
    screen.text("a, b").await;
    screen.press("enter").await;
    assert_eq!(submitted(&desk).len(), 3, "{:?}", submitted(&desk));
    alter(&desk, 1, |ticket| ticket.tags = vec!["a".into(), "b".into()]);
    screen.settle().await;
    screen.press("z").await;
    let names: Vec<_> = submitted(&desk)[3..].iter().map(|(command, _)| command.name()).collect();
    assert_eq!(names, ["remove_tag", "remove_tag", "add_tag"]);
}

#[tokio::test]
async fn acts_on_many_are_on_the_same_stack() {
    let desk = FakeDesk::new(5);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    low(&mut screen).await;
    alter(&desk, 1, |ticket| ticket.priority = Priority::Low);
    screen.press("j space space p").await;
    screen.text("low").await;
    screen.press("enter y esc U").await;
    let done = submitted(&desk).len();
    for number in [2, 3] {
        alter(&desk, number, |ticket| ticket.priority = Priority::Low);
    }
    screen.settle().await;
    screen.press("z").await;
    assert!(screen.snapshot().contains("Take back what was done to 2 tickets"), "{}", screen.snapshot());
    screen.press("n z y esc").await;
    assert_eq!(submitted(&desk).len(), done + 2, "left once, then done");
    screen.press("z").await;
    assert_eq!(submitted(&desk).last().unwrap().0, priority(1, Priority::High), "{}", screen.snapshot());
}

#[tokio::test]
async fn the_last_act_is_done_again_here_on_marks_and_on_the_next_rows() {
    let desk = FakeDesk::new(8);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 200, 60).await;
    screen.press(";").await;
    assert!(screen.snapshot().contains("nothing to repeat"), "{}", screen.snapshot());
    low(&mut screen).await;
    assert!(screen.snapshot().contains("; Repeat: Priority -> Low"), "the footer says what it would do: {}", screen.snapshot());
    screen.press("j ;").await;
    assert_eq!(submitted(&desk).last().unwrap().0, priority(2, Priority::Low));
    screen.press("j 0 3 ;").await;
    assert!(screen.snapshot().contains("3 change"), "many are previewed: {}", screen.snapshot());
    screen.press("y esc").await;
    let numbers: Vec<_> = submitted(&desk)[2..].iter().filter_map(|(command, _)| command.ticket()).map(|number| number.0).collect();
    assert_eq!(numbers, [3, 4, 5]);
    screen.press("G space ;").await;
    assert!(screen.snapshot().contains("1 change"), "{}", screen.snapshot());
}

#[tokio::test]
async fn a_message_is_written_again_but_never_sent_again() {
    let desk = FakeDesk::new(5);
    let mut screen = Screen::open(Arc::clone(&desk), Language::English, 120, 40).await;
    desk.change(|tickets| {
        let mut other = ticket(9, "other");
        other.conversation = id(900);
        tickets.push(Arc::new(other));
    });
    screen.settle().await;
    screen.press("r h i ctrl-s G ;").await;
    assert_eq!(submitted(&desk).len(), 1);
    assert!(screen.snapshot().contains("PUBLIC reply") && screen.snapshot().contains("hi"), "{}", screen.snapshot());
}

#[tokio::test]
async fn counts_begin_with_zero_or_alt_and_what_takes_none_says_so() {
    let mut screen = Screen::open(FakeDesk::new(60), Language::English, 120, 40).await;
    screen.press("0 1 2 j").await;
    assert!(screen.snapshot().contains("> 13 "), "{}", screen.snapshot());
    screen.press("alt-3 k").await;
    assert!(screen.snapshot().contains("> 10 "), "{}", screen.snapshot());
    screen.press("0 4 0 G").await;
    assert!(screen.snapshot().contains("> 40 "), "{}", screen.snapshot());
    screen.press("0 3 space").await;
    assert_eq!(screen.app.model.pane(PaneId::Queues).unwrap().marked().len(), 3);
    screen.press("U 0 5 |").await;
    assert!(screen.snapshot().contains("takes no count: 5 is ignored"), "{}", screen.snapshot());
    screen.press("0 3 esc j").await;
    assert!(screen.snapshot().contains("> 44 "), "escape forgets a count: {}", screen.snapshot());
}

#[tokio::test]
async fn back_and_forward_go_through_the_places_with_their_selection() {
    let mut screen = Screen::open(FakeDesk::new(60), Language::English, 80, 24).await;
    screen.press("0 9 j enter 4 5 ctrl-o").await;
    assert_eq!(screen.app.model.focused(), PaneId::Shifts);
    screen.press("alt-left").await;
    assert_eq!((screen.app.model.focused(), screen.app.model.shown_ticket), (PaneId::Ticket, Some(TicketNumber(10))));
    screen.press("ctrl-o").await;
    assert!(screen.app.model.focused() == PaneId::Queues && screen.snapshot().contains("> 10 "), "{}", screen.snapshot());
    screen.press("ctrl-o").await;
    assert!(screen.snapshot().contains("This is where you started"), "{}", screen.snapshot());
    screen.press("0 3 alt-right").await;
    assert_eq!(screen.app.model.focused(), PaneId::Chats);
}

#[tokio::test]
async fn going_back_to_another_view_shows_that_list_again() {
    let mut screen = Screen::open(FakeDesk::new(60), Language::English, 120, 40).await;
    screen.press("0 5 j h j j enter").await;
    let list = |screen: &Screen| screen.app.model.pane(PaneId::Queues).unwrap().spot().unwrap();
    let there = list(&screen);
    screen.press("ctrl-o").await;
    assert_ne!(list(&screen).query, there.query);
    assert_eq!(list(&screen).ticket, Some(TicketNumber(6)), "{}", screen.snapshot());
    screen.press("alt-right").await;
    assert_eq!(list(&screen).query, there.query);
}

#[tokio::test]
async fn help_tells_what_the_pane_is_for_and_runs_its_keys() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(FakeDesk::new(20), language, width, height).await;
            screen.app.handle(Msg::Key(Key::char('\u{ff1f}')));
            screen.settle().await;
            insta::assert_snapshot!(format!("help-queues-{}-{width}x{height}", language.tag()), screen.snapshot());
            screen.press("esc g k").await;
            insta::assert_snapshot!(format!("keys-here-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
    }
    let mut screen = Screen::open(FakeDesk::new(20), Language::English, 120, 40).await;
    for pane in ["2", "3", "4", "5"] {
        screen.press(&format!("{pane} f1")).await;
        assert!(screen.snapshot().contains("Three things done here"), "{}", screen.snapshot());
        screen.press("esc").await;
    }
    let mut own = Setup::new(Language::English, Theme::built_in("dark").unwrap());
    own.keys = vec![("ticket.claim".into(), vec!["ctrl-y".into()])];
    screen.app.handle(Msg::Setup(Ok(Box::new(own))));
    screen.press("1 ?").await;
    assert!(screen.snapshot().contains("take one (ctrl-y)"), "keys as they are: {}", screen.snapshot());
    screen.press("esc ?").await;
    screen.text("ticket.new").await;
    screen.press("enter").await;
    assert!(screen.snapshot().contains("New ticket: queue"), "{}", screen.snapshot());
}

#[tokio::test]
async fn what_may_follow_a_prefix_or_a_count_is_shown_after_a_moment() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(FakeDesk::new(20), language, width, height).await;
            for (name, keys) in [("prefix", "g"), ("count", "0 3")] {
                screen.press(keys).await;
                assert!(!screen.snapshot().contains("… ─"), "not at once: {}", screen.snapshot());
                screen.clock.advance(chrono::Duration::milliseconds(301));
                screen.app.handle(Msg::Tick);
                screen.settle().await;
                insta::assert_snapshot!(format!("which-key-{name}-{}-{width}x{height}", language.tag()), screen.snapshot());
                screen.press("esc").await;
            }
        }
    }
}

#[tokio::test]
async fn the_footer_shows_keys_that_work_where_the_person_is() {
    let mut screen = Screen::open(FakeDesk::new(20), Language::English, 80, 24).await;
    let footer = |screen: &Screen| screen.snapshot().lines().last().unwrap().to_owned();
    screen.press("a").await;
    assert!(footer(&screen).contains("type to narrow") && !footer(&screen).contains("Claim"), "{}", footer(&screen));
    screen.press("esc /").await;
    assert!(footer(&screen).contains("Keys are text now"), "{}", footer(&screen));
    screen.press("esc F").await;
    assert!(footer(&screen).contains("Esc goes back"), "{}", footer(&screen));
    screen.press("esc").await;
    assert!(footer(&screen).contains("Help"), "{}", footer(&screen));
}

#[tokio::test]
async fn keys_that_cannot_be_used_leave_the_default_ones_and_say_so() {
    let broken = |options: &mut super::ConsoleOptions| options.setup.keys = vec![("quit".to_owned(), vec!["ctrl-nokey".to_owned()])];
    let mut screen = Screen::with(FakeDesk::new(5), Language::English, (200, 60), broken).await;
    assert!(screen.snapshot().contains("the default ones are") && screen.snapshot().contains("ctrl-nokey"), "{}", screen.snapshot());
    let own = |keys: &[&str], wrong: Option<&str>| {
        let mut setup = Setup::new(Language::English, Theme::built_in("dark").unwrap());
        setup.keys = vec![("quit".to_owned(), keys.iter().map(|key| (*key).to_owned()).collect())];
        setup.keys_wrong = wrong.map(str::to_owned);
        Box::new(setup)
    };
    screen.app.handle(Msg::Setup(Ok(own(&["X"], None))));
    screen.app.handle(Msg::Setup(Ok(own(&[], Some("keys.toml line 1: no")))));
    screen.settle().await;
    assert!(screen.snapshot().contains("keys.toml line 1: no"), "{}", screen.snapshot());
    screen.press("X").await;
    assert!(screen.app.model.exit.is_some(), "the keys in use stay in use");
}

#[derive(Default)]
struct Kept(Mutex<Session>);

impl Memory for Kept {
    fn session(&self) -> Session {
        self.0.lock().unwrap().clone()
    }

    fn keep(&self, session: &Session) {
        *self.0.lock().unwrap() = session.clone();
    }

    fn choose(&self, _chosen: Chosen) {}
}

async fn remembering(desk: &Arc<FakeDesk>, memory: &Arc<Kept>, language: Language, size: (u16, u16)) -> Screen {
    let memory = Arc::clone(memory);
    Screen::with(Arc::clone(desk) as Arc<dyn super::DeskHandle>, language, size, move |options| options.memory = memory).await
}

#[tokio::test]
async fn the_tour_is_not_offered_where_it_cannot_be_taken() {
    let (desk, memory) = (FakeDesk::new(5), Arc::new(Kept::default()));
    for linear in [false, true] {
        let memory = Arc::clone(&memory);
        let desk = Arc::clone(&desk) as Arc<dyn super::DeskHandle>;
        let change = move |options: &mut super::app::ConsoleOptions| {
            options.memory = memory;
            options.wallboard = (!linear).then(Default::default);
            options.setup.screen.linear = linear;
        };
        Screen::with(desk, Language::English, (120, 40), change).await;
    }
    assert!(!memory.session().tour_offered);
    let screen = remembering(&desk, &memory, Language::English, (120, 40)).await;
    assert!(screen.snapshot().contains("starts a tour"), "{}", screen.snapshot());
}

#[tokio::test]
async fn the_tour_is_offered_once_taken_step_by_step_and_leaves_nothing_behind() {
    let (desk, memory) = (FakeDesk::new(5), Arc::new(Kept::default()));
    alter(&desk, 1, |ticket| ticket.assignee = None);
    let mut screen = remembering(&desk, &memory, Language::English, (120, 40)).await;
    assert!(screen.snapshot().contains("g ? starts a tour"), "{}", screen.snapshot());
    screen.press("g ? j k").await;
    assert!(screen.snapshot().contains("Tour 1/16"), "moving is not opening: {}", screen.snapshot());
    screen.press("enter").await;
    assert!(screen.snapshot().contains("Tour 2/16"), "{}", screen.snapshot());
    screen.press("A").await;
    assert!(screen.snapshot().contains("Tour 3/16"), "{}", screen.snapshot());
    alter(&desk, 1, |ticket| ticket.assignee = Some(id(1)));
    screen.settle().await;
    screen.press("z").await;
    assert_eq!(submitted(&desk).last().unwrap().0.name(), "release_ticket", "the claim is given back");
    screen.press("r h i").await;
    assert!(screen.snapshot().contains("Tour 5/16"), "{}", screen.snapshot());
    screen.press("esc").await;
    assert!(screen.snapshot().contains("Tour 6/16"), "{}", screen.snapshot());
    let drafts = &screen.app.model.shared.drafts;
    assert!(!drafts.any(crate::domain::id::ConversationId::default()), "the draft is cleared away");
    // Left, and taken up again by another run.
    screen.press("g ?").await;
    screen.text("later").await;
    screen.press("enter").await;
    assert!(!screen.snapshot().contains("Tour 6/16"), "{}", screen.snapshot());
    let mut screen = remembering(&desk, &memory, Language::English, (120, 40)).await;
    assert!(!screen.snapshot().contains("starts a tour"), "offered once");
    screen.press("enter g ? enter").await;
    assert!(screen.snapshot().contains("Tour 6/16"), "{}", screen.snapshot());
    screen.press("w e esc 4 1 : esc / x esc ? esc").await;
    assert!(screen.snapshot().contains("Tour 16/16"), "{}", screen.snapshot());
    screen.press("j").await;
    assert!(!screen.snapshot().contains("Tour"), "{}", screen.snapshot());
    assert_eq!(submitted(&desk).iter().map(|(command, _)| command.name()).collect::<Vec<_>>(), ["claim_ticket", "release_ticket"]);
    assert_eq!(memory.session().tour_step, 0);
}

#[tokio::test]
async fn the_tour_is_read_whole_at_every_size() {
    for language in Language::ALL {
        for (width, height) in SIZES {
            let mut screen = Screen::open(FakeDesk::new(20), language, width, height).await;
            screen.press("g ? enter").await;
            insta::assert_snapshot!(format!("tour-{}-{width}x{height}", language.tag()), screen.snapshot());
        }
        let mut screen = Screen::open(FakeDesk::new(20), language, 80, 24).await;
        let locale = &screen.app.model.shared.locale;
        for step in super::tour::STEPS {
            let said = locale.with(step.says(), &[("key", "ctrl-k")]);
            assert!(crate::base::text::wrap(&said, 80).len() <= 3, "{said}");
        }
        screen.settle().await;
    }
}
