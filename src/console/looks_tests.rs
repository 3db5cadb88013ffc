//! What screens look like: styles as well as symbols, one picture per class of theme; what can be read without colour; what is
//! left of our signs in ASCII; themes tried on, kept, and changed with the terminal.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex};

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::app::Msg;
use super::config::{Colours, Glyphs, ScreenConfig, Setup};
use super::locale::Language;
use super::memory::{Chosen, Memory, Session};
use super::panes::sample::clock;
use super::testing::{FakeDesk, Screen, now, ticket};
use super::theme::{AUTO, Gallery, Kind, Role, Theme, Wardrobe};
use crate::client::view::{Link, LinkStatus};
use crate::domain::sla::ClockKind;
use crate::domain::ticket::{Priority, Status};

fn frame(screen: &mut Screen, width: u16, height: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal
        .draw(|frame| {
            screen.app.draw(frame);
        })
        .unwrap();
    terminal.backend().buffer().clone()
}

/// What a cell looks like, in words; nothing when it is as the terminal draws by itself.
fn look(cell: &Cell) -> String {
    let colour = |name: &str, color: Color| (color != Color::Reset).then(|| format!("{name} {color}"));
    let modifiers = [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underline"),
        (Modifier::REVERSED, "reverse"),
    ];
    let modifiers = modifiers.into_iter().filter(|(modifier, _)| cell.modifier.contains(*modifier)).map(|(_, name)| name.to_owned());
    colour("on", cell.bg).into_iter().chain(colour("in", cell.fg)).chain(modifiers).collect::<Vec<_>>().join(" ")
}

/// Every row twice: its symbols, and under each a letter for how it looks; below, what the letters mean.
fn styled(buffer: &Buffer) -> String {
    let (mut out, mut letters) = (String::new(), BTreeMap::<String, char>::new());
    let mut order = Vec::new();
    for y in 0..buffer.area.height {
        let (mut symbols, mut looks, mut skip) = (String::new(), String::new(), 0);
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            if skip > 0 {
                skip -= 1;
                looks.push(' ');
                continue;
            }
            symbols.push_str(cell.symbol());
            skip = crate::base::text::width(cell.symbol()).saturating_sub(1);
            let look = look(cell);
            let letter = if look.is_empty() {
                ' '
            } else {
                *letters.entry(look.clone()).or_insert_with(|| {
                    order.push(look);
                    char::from(b'a' + u8::try_from(order.len() - 1).unwrap())
                })
            };
            looks.push(letter);
        }
        let _ = writeln!(out, "{}\n{}", symbols.trim_end(), looks.trim_end());
    }
    for look in order {
        let _ = writeln!(out, "{} = {look}", letters[&look]);
    }
    out
}

/// Puts a theme on, at a depth, with some signs.
fn dress(screen: &mut Screen, theme: &str, colours: Colours, glyphs: Glyphs) {
    screen.app.model.screen = ScreenConfig { colours, glyphs, ..ScreenConfig::default() };
    screen.app.model.shared.theme = Theme::built_in(theme).unwrap().at(colours);
}

/// A desk with one of everything that colours tell of.
fn desk() -> Arc<FakeDesk> {
    let desk = FakeDesk::new(6);
    desk.change(|tickets| {
        for (index, status) in [Status::New, Status::Open, Status::Pending, Status::OnHold].into_iter().enumerate() {
            let mut one = (*tickets[index]).clone();
            one.status = status;
            one.assignee = one.assignee.filter(|_| status != Status::New);
            tickets[index] = Arc::new(one);
        }
    });
    desk
}

#[tokio::test]
async fn every_class_of_theme_looks_as_agreed() {
    for (class, theme, colours, glyphs) in [
        ("dark", "dark", Colours::True, Glyphs::Unicode),
        ("light", "light", Colours::True, Glyphs::Unicode),
        ("high-contrast", "high-contrast-dark", Colours::True, Glyphs::Unicode),
        ("colour-blind", "colour-blind-light", Colours::True, Glyphs::Unicode),
        ("256", "warm-dark", Colours::Indexed, Glyphs::Unicode),
        ("16", "soft-light", Colours::Sixteen, Glyphs::Unicode),
        ("mono", "dark", Colours::None, Glyphs::Unicode),
        ("ascii", "dark", Colours::True, Glyphs::Ascii),
        ("nerd", "dark", Colours::True, Glyphs::NerdFont),
    ] {
        let mut screen = Screen::open(desk(), Language::English, 120, 30).await;
        screen.press("j enter").await;
        dress(&mut screen, theme, colours, glyphs);
        insta::assert_snapshot!(format!("looks-{class}"), styled(&frame(&mut screen, 120, 30)));
    }
}

/// The symbols alone.
fn symbols(buffer: &Buffer) -> String {
    let rows = (0..buffer.area.height).map(|y| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>());
    rows.collect::<Vec<_>>().join("\n")
}

/// A screen without colour and without a ticket's time, which differs by itself.
async fn read_without_colour(change: impl FnOnce(&mut crate::domain::ticket::Ticket)) -> String {
    let desk = FakeDesk::new(0);
    desk.change(|tickets| {
        let mut one = ticket(2, "The same");
        change(&mut one);
        tickets.push(Arc::new(one));
    });
    let mut screen = Screen::open(desk, Language::English, 120, 30).await;
    dress(&mut screen, "mono", Colours::None, Glyphs::Unicode);
    symbols(&frame(&mut screen, 120, 30))
}

fn all_differ(what: &str, shown: &[String]) {
    for (index, a) in shown.iter().enumerate() {
        for b in &shown[index + 1..] {
            assert_ne!(a, b, "{what}: two states read the same without colour");
        }
    }
}

#[tokio::test]
async fn every_state_of_a_ticket_reads_without_colour() {
    let mut shown = Vec::new();
    for priority in [Priority::Urgent, Priority::High, Priority::Normal, Priority::Low] {
        shown.push(read_without_colour(|ticket| ticket.priority = priority).await);
    }
    all_differ("priority", &shown);
    let mut shown = Vec::new();
    for status in [Status::New, Status::Open, Status::Pending, Status::OnHold, Status::Solved] {
        shown.push(read_without_colour(|ticket| ticket.status = status).await);
    }
    all_differ("status", &shown);
    let minutes = |minutes| chrono::Duration::minutes(minutes);
    let mut shown = Vec::new();
    for age in [10, 55, 75] {
        let run = |ticket: &mut crate::domain::ticket::Ticket| {
            ticket.clocks = vec![clock(ClockKind::NextResponse, 3600, now() - minutes(age))];
            ticket.due_at = Some(now() + minutes(60 - age));
        };
        shown.push(read_without_colour(run).await);
    }
    all_differ("clock", &shown);
    all_differ(
        "owner",
        &[
            read_without_colour(|ticket| ticket.assignee = None).await,
            read_without_colour(|_| {}).await,
            read_without_colour(|ticket| ticket.assignee = Some(super::testing::id(2))).await,
        ],
    );
    all_differ("asks for an answer", &[read_without_colour(|ticket| ticket.awaits_reply = false).await, read_without_colour(|_| {}).await]);
}

#[tokio::test]
async fn cursor_marks_focus_link_and_visibility_read_without_colour() {
    let mut screen = Screen::open(desk(), Language::English, 120, 30).await;
    dress(&mut screen, "mono", Colours::None, Glyphs::Unicode);
    let mut shown = vec![symbols(&frame(&mut screen, 120, 30))];
    screen.press("j").await;
    shown.push(symbols(&frame(&mut screen, 120, 30)));
    screen.press("space").await;
    shown.push(symbols(&frame(&mut screen, 120, 30)));
    all_differ("the cursor and marks", &shown);
    screen.press("enter").await;
    let ticket = symbols(&frame(&mut screen, 120, 30));
    assert!(ticket.contains("PUBLIC") && ticket.contains("INTERNAL"), "{ticket}");
    let mut shown = vec![ticket];
    screen.press("tab").await;
    shown.push(symbols(&frame(&mut screen, 120, 30)));
    all_differ("the focus", &shown);
    let mut shown = Vec::new();
    for link in [
        Link::Live,
        Link::Connecting,
        Link::Loading { rows: 3 },
        Link::Offline { since: now() - chrono::Duration::minutes(4), why: String::new() },
    ] {
        screen.app.handle(Msg::Link(LinkStatus { link, ..LinkStatus::default() }));
        shown.push(symbols(&frame(&mut screen, 120, 30)));
    }
    screen.app.handle(Msg::Link(LinkStatus { link: Link::Live, waiting: 2, ..LinkStatus::default() }));
    shown.push(symbols(&frame(&mut screen, 120, 30)));
    all_differ("the link", &shown);
}

#[tokio::test]
async fn ascii_leaves_no_sign_of_ours_beyond_it() {
    let mut screen = Screen::open(desk(), Language::English, 120, 40).await;
    for keys in ["1", "j enter", "esc r", "esc 3", "4", "w", "m", "5", "?", "esc ctrl-k", "esc 1 ctrl-t"] {
        screen.press(keys).await;
        dress(&mut screen, "dark", Colours::True, Glyphs::Ascii);
        let shown = symbols(&frame(&mut screen, 120, 40));
        // What is left was written by people: letters, and what stands in their own text.
        let ours = shown.chars().filter(|char| !char.is_ascii() && !char.is_alphabetic() && *char != '\n');
        let left: String = ours.filter(|char| crate::base::text::width(&char.to_string()) == 1).collect();
        assert_eq!(left, "", "after {keys}: {shown}");
    }
}

/// Remembers what was chosen.
#[derive(Default)]
struct Noted(Mutex<Vec<Chosen>>);

impl Memory for Noted {
    fn session(&self) -> Session {
        Session::default()
    }

    fn keep(&self, _session: &Session) {}

    fn choose(&self, chosen: Chosen) {
        self.0.lock().unwrap().push(chosen);
    }
}

fn worn(screen: &Screen) -> String {
    screen.app.model.shared.theme.name.clone()
}

#[tokio::test]
async fn themes_are_tried_on_and_escape_brings_back_what_was_worn() {
    let mut screen = Screen::open(FakeDesk::new(3), Language::English, 120, 40).await;
    let noted = Arc::new(Noted::default());
    screen.app.model.memory = Arc::clone(&noted) as Arc<dyn Memory>;
    screen.press("ctrl-t").await;
    assert_eq!(worn(&screen), "dark", "the cursor begins on what is worn");
    screen.press("down").await;
    assert_eq!(worn(&screen), "light");
    screen.text("gruvbox light").await;
    assert_eq!(worn(&screen), "warm-light", "what is found is tried on");
    screen.press("esc").await;
    assert_eq!(worn(&screen), "dark");
    assert!(noted.0.lock().unwrap().is_empty());
    screen.press("ctrl-t down enter").await;
    assert_eq!(worn(&screen), "light");
    screen.press("L").await;
    assert_eq!(*noted.0.lock().unwrap(), [Chosen::Theme("light".to_owned()), Chosen::Language(Language::Chinese)]);
}

fn auto(own: &[(&str, &str)]) -> Wardrobe {
    let gallery = Gallery::new(&own.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect());
    let get = |name: &str| Theme::built_in(name).unwrap();
    Wardrobe { chosen: AUTO.to_owned(), dark: get("soft-dark"), light: get("soft-light"), gallery }
}

fn setup(wardrobe: Wardrobe) -> Msg {
    Msg::Setup(Ok(Box::new(Setup { wardrobe, ..Setup::new(Language::English, Theme::built_in("dark").unwrap()) })))
}

#[tokio::test]
async fn auto_follows_the_terminal_and_a_chosen_theme_does_not() {
    let mut screen = Screen::open(FakeDesk::new(3), Language::English, 80, 24).await;
    screen.app.handle(Msg::Scheme(Kind::Light));
    assert_eq!(worn(&screen), "dark", "one that was chosen stays");
    screen.app.handle(setup(auto(&[])));
    assert_eq!(worn(&screen), "soft-light", "what the terminal said is remembered");
    screen.app.handle(Msg::Scheme(Kind::Dark));
    assert_eq!(worn(&screen), "soft-dark");
    screen.press("ctrl-t").await;
    screen.text("mono").await;
    assert_eq!(worn(&screen), "mono");
    screen.app.handle(Msg::Scheme(Kind::Light));
    assert_eq!(worn(&screen), "mono", "the one under the cursor is still tried on");
    screen.press("esc").await;
    assert_eq!(worn(&screen), "soft-light");
}

#[tokio::test]
async fn a_saved_theme_is_worn_and_told_once_and_a_broken_one_says_why() {
    let mut screen = Screen::open(FakeDesk::new(3), Language::English, 120, 40).await;
    let mine = |text: &str| Wardrobe { chosen: "mine".to_owned(), ..auto(&[("mine", text), ("bad", "inherits = \"drak\"\n")]) };
    screen.app.handle(setup(mine("inherits = \"dark\"\ngood = { fg = \"blue\" }\n")));
    screen.settle().await;
    assert!(screen.snapshot().contains("settings were read again"));
    assert_eq!(screen.app.model.shared.theme.style(Role::Good).fg, Some(Color::Blue));
    screen.app.model.toast = None;
    screen.app.handle(setup(mine("inherits = \"dark\"\ngood = { fg = \"blue\" }\n")));
    assert!(screen.app.model.toast.is_none(), "nothing new");
    screen.app.handle(Msg::Setup(Err("config.toml line 3: no".to_owned())));
    screen.settle().await;
    assert!(screen.snapshot().contains("config.toml line 3"));
    assert_eq!(worn(&screen), "mine", "the old setup stays");
    screen.press("ctrl-t").await;
    let shown = screen.snapshot();
    assert!(shown.contains("yours") && shown.contains("cannot be used"), "{shown}");
}
