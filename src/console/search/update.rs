//! Keys and answers in, effects out. Pure but for its own state.

use ratatui::layout::{Position, Rect};

use super::draw::rows_in;
use super::{Answered, SearchLayer, SearchLoad, SearchLoaded};
use crate::base::terms::Query;
use crate::console::effect::{Effect, Load};
use crate::console::key::{Key, KeyCode};
use crate::console::keymap::fold_full_width;
use crate::console::mouse::{Mouse, MouseKind};
use crate::console::overlay::Prompt;
use crate::console::widgets::list;
use crate::domain::search::SearchIn;

/// Rows that one notch of the wheel moves.
const NOTCH: isize = 3;
/// Rows from the end at which more is asked for.
const AHEAD: usize = 5;
/// Lines of the screen that are not rows of the list.
const AROUND: u16 = 7;

/// What Tab goes through.
const PARTS: [Option<SearchIn>; 4] = [None, Some(SearchIn::Tickets), Some(SearchIn::Messages), Some(SearchIn::Notes)];

impl SearchLayer {
    /// Comes over the panes, with the words and the place it was left at. `past`: words that led somewhere, oldest first.
    pub fn open(&mut self, past: Vec<String>) -> Vec<Effect> {
        self.past = past.into_iter().rev().collect();
        (self.open, self.typing, self.recalled) = (true, true, None);
        self.ask()
    }

    /// Takes every key while it is open. `size`: of the screen.
    pub fn key(&mut self, key: Key, size: (u16, u16)) -> Vec<Effect> {
        let page = isize::from(i16::try_from(size.1.saturating_sub(AROUND).max(1)).unwrap_or(i16::MAX));
        match (key.ctrl || key.alt, key.code) {
            (false, KeyCode::Escape) => {
                self.open = false;
                return Vec::new();
            }
            (false, KeyCode::Enter) => return self.go(),
            (false, KeyCode::Tab) => return self.part(if key.shift { PARTS.len() - 1 } else { 1 }),
            (false, KeyCode::Down) => return self.step(1),
            (false, KeyCode::Up) if self.selected == 0 => self.typing = true,
            (false, KeyCode::Up) => return self.step(-1),
            (false, KeyCode::PageDown) => return self.step(page),
            (false, KeyCode::PageUp) => return self.step(-page),
            _ if self.typing => return self.type_key(key),
            _ => {}
        }
        let folded = fold_full_width(key);
        match (folded.ctrl, folded.code) {
            (false, KeyCode::Char('q')) => self.open = false,
            (false, KeyCode::Char('j')) => return self.step(1),
            (false, KeyCode::Char('k')) => return self.step(-1),
            (true, KeyCode::Char('d')) => return self.step(page / 2),
            (true, KeyCode::Char('u')) => return self.step(-page / 2),
            (false, KeyCode::Char('g') | KeyCode::Home) => return self.step(isize::MIN / 2),
            (false, KeyCode::Char('G') | KeyCode::End) => return self.step(isize::MAX / 2),
            (false, KeyCode::Char('/' | 'i')) | (true, KeyCode::Char('f')) => self.typing = true,
            _ => {}
        }
        Vec::new()
    }

    /// What the mouse does on the page, which stands in `area`: the wheel moves in the list, a press selects, and goes to what is
    /// selected already.
    pub fn mouse(&mut self, mouse: Mouse, area: Rect) -> Vec<Effect> {
        let rows = rows_in(area);
        match mouse.kind {
            MouseKind::WheelUp => self.step(-NOTCH),
            MouseKind::WheelDown => self.step(NOTCH),
            MouseKind::Press if rows.contains(Position { x: mouse.column, y: mouse.row }) => {
                let shown = list::page(self.rows.len(), self.selected, usize::from(rows.height));
                match shown.clone().nth(usize::from(mouse.row - rows.y)) {
                    Some(at) if at == self.selected => self.go(),
                    Some(at) => self.step(at.cast_signed() - self.selected.cast_signed()),
                    None => Vec::new(),
                }
            }
            MouseKind::Press if mouse.row == area.y + 1 => {
                self.typing = true;
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn type_key(&mut self, key: Key) -> Vec<Effect> {
        match (key.ctrl, key.code) {
            (true, KeyCode::Char('p')) => return self.recall(1),
            (true, KeyCode::Char('n')) => return self.recall(-1),
            _ => {}
        }
        let before = self.input.value().to_owned();
        self.input.edit(key);
        if before == self.input.value() { Vec::new() } else { self.ask() }
    }

    pub fn paste(&mut self, pasted: &str) -> Vec<Effect> {
        self.typing = true;
        self.input.paste(pasted);
        self.ask()
    }

    /// Calls earlier words back: older ones, or newer.
    fn recall(&mut self, by: isize) -> Vec<Effect> {
        let next = self.recalled.map_or(if by > 0 { 0 } else { -1 }, |at| at.cast_signed() + by);
        self.recalled = usize::try_from(next).ok().map(|at| at.min(self.past.len().saturating_sub(1)));
        let words = self.recalled.and_then(|at| self.past.get(at)).cloned().unwrap_or_default();
        self.input = Prompt::new(words);
        self.ask()
    }

    /// Another part of the desk.
    fn part(&mut self, by: usize) -> Vec<Effect> {
        let at = PARTS.iter().position(|part| *part == self.within).unwrap_or(0);
        self.within = PARTS[(at + by) % PARTS.len()];
        self.ask()
    }

    /// Asks both places for the words as they stand. What is shown stays until one of them answers.
    fn ask(&mut self) -> Vec<Effect> {
        self.held = None;
        let words = self.input.value().trim_start().to_owned();
        if Query::parse(&words).is_empty() {
            (self.here, self.history, self.stale) = (Answered::default(), Answered::default(), false);
            self.lay();
            return Vec::new();
        }
        self.stale = true;
        [false, true]
            .map(|history| {
                Effect::Load(Load::Search(Box::new(SearchLoad { words: words.clone(), within: self.within, after: None, history })))
            })
            .into()
    }

    /// Takes an answer; one to other words is too late.
    pub fn loaded(&mut self, SearchLoaded { load, found }: SearchLoaded) {
        if load.words != self.input.value().trim_start() || load.within != self.within {
            return;
        }
        if std::mem::take(&mut self.stale) {
            (self.here, self.history) = (Answered::default(), Answered::default());
            self.history.asked = true;
        }
        let answered = if load.history { &mut self.history } else { &mut self.here };
        (answered.asked, answered.came) = (false, found.is_ok());
        match found {
            Ok(page) => {
                if load.after.is_none() {
                    answered.hits.clear();
                }
                answered.hits.extend(page.hits);
                (answered.next, answered.complete, answered.why_not) = (page.next, page.complete, None);
            }
            Err(why) => answered.why_not = Some(why),
        }
        self.lay();
    }

    /// Moves in the list, and asks for more near its end.
    fn step(&mut self, by: isize) -> Vec<Effect> {
        let Some(to) = list::step(Some(self.selected), by, self.rows.len()) else { return Vec::new() };
        self.typing = false;
        self.selected = to;
        self.held = self.rows.get(to).map(super::Row::id);
        if to + AHEAD < self.rows.len() || self.stale {
            return Vec::new();
        }
        let (history, answered) = if self.history.came { (true, &mut self.history) } else { (false, &mut self.here) };
        let Some(after) = answered.next.clone().filter(|_| !answered.asked) else { return Vec::new() };
        answered.asked = true;
        let words = self.input.value().trim_start().to_owned();
        vec![Effect::Load(Load::Search(Box::new(SearchLoad { words, within: self.within, after: Some(after), history })))]
    }

    /// Shows what is selected where it stands.
    fn go(&mut self) -> Vec<Effect> {
        let Some(row) = self.rows.get(self.selected) else { return Vec::new() };
        self.held = Some(row.id());
        let hit = &row.hit;
        let words = self.input.value().trim().to_owned();
        let effect = match (hit.ticket, row.head) {
            (Some(number), true) => Effect::OpenTicket(number),
            (None, true) => Effect::OpenConversation(hit.conversation),
            (ticket, false) => Effect::JumpTo { ticket, conversation: hit.conversation, seq: hit.seq, words: words.clone() },
        };
        self.open = false;
        vec![effect, Effect::Remember { what: "search", text: words }]
    }
}
