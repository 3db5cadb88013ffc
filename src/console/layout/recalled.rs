//! What one run leaves, the next one shows.

use std::sync::{Arc, Mutex};

use crate::client::view::{Sort, View};
use crate::console::locale::Language;
use crate::console::memory::{Chosen, Memory, Session};
use crate::console::pane::PaneId;
use crate::console::testing::{FakeDesk, Screen, id};
use crate::domain::id::TicketNumber;

/// Remembers in memory, and counts how often it was asked to.
#[derive(Default)]
struct Kept {
    session: Mutex<Session>,
    times: Mutex<usize>,
}

impl Memory for Kept {
    fn session(&self) -> Session {
        self.session.lock().unwrap().clone()
    }

    fn keep(&self, session: &Session) {
        session.clone_into(&mut self.session.lock().unwrap());
        *self.times.lock().unwrap() += 1;
    }

    fn choose(&self, _chosen: Chosen) {}
}

async fn open(memory: &Arc<Kept>, width: u16) -> Screen {
    Screen::open_with(FakeDesk::new(60), Language::English, (width, 40), Arc::clone(memory) as Arc<dyn Memory>).await
}

#[tokio::test]
async fn pane_view_filter_selection_ticket_tab_and_layout_come_back() {
    let memory = Arc::new(Kept::default());
    let mut screen = open(&memory, 160).await;
    screen.press("h j j j j l o / C h e c k o u t enter j j enter ] ctrl-w < ctrl-w r").await;
    let shown = screen.snapshot();
    drop(screen);
    let mut again = open(&memory, 160).await;
    assert_eq!(again.app.model.focused(), PaneId::Ticket);
    let toast = "Views and queues are hidden; h brings them up.";
    assert_eq!(again.snapshot(), shown.replace(toast, ""), "the same screen, to the cell");
    again.press("esc ctrl-w r ctrl-w =").await;
    assert!(again.snapshot().contains("All unsolved"), "{}", again.snapshot());
}

#[tokio::test]
async fn it_is_written_once_things_settled_and_at_the_end() {
    let memory = Arc::new(Kept::default());
    let mut screen = open(&memory, 120).await;
    let first = *memory.times.lock().unwrap();
    screen.press("j j j").await;
    assert_eq!(*memory.times.lock().unwrap(), first, "moving is not written key by key");
    screen.clock.advance(chrono::Duration::seconds(3));
    screen.app.handle(crate::console::app::Msg::Tick);
    assert_eq!(*memory.times.lock().unwrap(), first + 1);
    assert_eq!(memory.session().selected, Some(TicketNumber(4)));
    screen.press("j").await;
    drop(screen);
    assert_eq!(memory.session().selected, Some(TicketNumber(5)), "however it ends");
    let times = *memory.times.lock().unwrap();
    drop(open(&memory, 120).await);
    assert_eq!(*memory.times.lock().unwrap(), times, "what is the same is not written again");
}

#[tokio::test]
async fn what_is_gone_is_left_out() {
    let memory = Arc::new(Kept::default());
    *memory.session.lock().unwrap() = Session {
        pane: "cellar".into(),
        ticket: Some(TicketNumber(9_999)),
        ticket_open: true,
        tab: "nothing".into(),
        view: Some(View::Queue(id(4_711))),
        sort: Sort::Newest,
        filter: "what".into(),
        selected: Some(TicketNumber(8_888)),
        conversation: Some(id(5)),
        list_share: Some(1_000),
        ..Session::default()
    };
    let screen = open(&memory, 120).await;
    let shown = screen.snapshot();
    assert_eq!(screen.app.model.focused(), PaneId::Queues);
    assert!(shown.contains("> 1 ") && shown.contains("[conversation]"), "{shown}");
}

#[tokio::test]
async fn the_conversation_of_chats_comes_back_or_the_first() {
    let memory = Arc::new(Kept::default());
    *memory.session.lock().unwrap() = Session { pane: "chats".into(), conversation: Some(id(5)), ..Session::default() };
    let screen = open(&memory, 120).await;
    assert_eq!(screen.app.model.front, PaneId::Chats);
    assert_eq!(screen.app.model.session.conversation, None, "it is not there any more");
}
