//! A text of any size in a window: keys ask for pages, answers become what is shown. Only the rows on screen are here.

use std::path::PathBuf;

use super::load::FileLoad;
use crate::base::lines::{From, Line, Mark, Page};
use crate::console::key::{Key, KeyCode};
use crate::console::overlay::Prompt;

/// The window.
pub struct Pager {
    path: PathBuf,
    pub page: Page,
    mark: Mark,
    pub wraps: bool,
    pub numbers: bool,
    /// Cells that the text is moved to the left.
    pub left: usize,
    /// Being typed.
    pub typing: Option<Prompt>,
    pub needle: String,
    /// A search that found nothing, or a failure.
    pub note: Option<String>,
    /// A page is on its way.
    pub busy: bool,
}

/// What a key did.
pub enum Turn {
    Stay,
    Ask(FileLoad),
    Close,
}

impl Pager {
    #[must_use]
    pub fn new(path: PathBuf, page: Page, mark: Mark) -> Self {
        Self { path, page, mark, wraps: false, numbers: true, left: 0, typing: None, needle: String::new(), note: None, busy: false }
    }

    /// Takes an answer.
    pub fn loaded(&mut self, answer: Result<Option<(Page, Mark)>, String>, nothing: String) {
        self.busy = false;
        match answer {
            Ok(Some((page, mark))) => {
                // A file that shrank away leaves what was seen.
                if !page.lines.is_empty() || self.page.lines.is_empty() {
                    (self.page, self.mark) = (page, mark);
                }
            }
            Ok(None) => self.note = Some(nothing),
            Err(why) => self.note = Some(why),
        }
    }

    fn first(&self) -> u64 {
        self.page.lines.first().map_or(0, |line| line.offset)
    }

    /// How far into the file the window's end is, in percent.
    #[must_use]
    pub fn percent(&self) -> u64 {
        (self.page.next * 100).checked_div(self.page.size).unwrap_or(100)
    }

    fn ask(&mut self, from: From, rows: usize) -> Turn {
        self.note = None;
        self.busy = true;
        Turn::Ask(FileLoad::Page { path: self.path.clone(), from, rows, mark: self.mark })
    }

    fn search(&mut self, forward: bool, rows: usize) -> Turn {
        if self.needle.is_empty() {
            return Turn::Stay;
        }
        self.note = None;
        self.busy = true;
        let (path, needle, offset) = (self.path.clone(), self.needle.clone(), self.first());
        Turn::Ask(FileLoad::Find { path, offset, needle, forward, rows, mark: self.mark })
    }

    pub fn key(&mut self, key: Key, rows: usize) -> Turn {
        if let Some(typing) = &mut self.typing {
            match key.code {
                KeyCode::Escape => self.typing = None,
                KeyCode::Enter => {
                    typing.value().clone_into(&mut self.needle);
                    self.typing = None;
                    return self.search(true, rows);
                }
                _ => drop(typing.edit(key)),
            }
            return Turn::Stay;
        }
        let lines = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let first = self.first();
        match (key.ctrl, key.code) {
            (false, KeyCode::Escape | KeyCode::Char('q')) => return Turn::Close,
            (false, KeyCode::Char('j') | KeyCode::Down | KeyCode::Enter) => return self.ask(From::Lines(first, 1), rows),
            (false, KeyCode::Char('k') | KeyCode::Up) => return self.ask(From::Lines(first, -1), rows),
            (true, KeyCode::Char('d')) => return self.ask(From::Lines(first, lines(rows / 2)), rows),
            (true, KeyCode::Char('u')) => return self.ask(From::Lines(first, -lines(rows / 2)), rows),
            (false, KeyCode::PageDown | KeyCode::Char(' ')) => return self.ask(From::Lines(first, lines(rows)), rows),
            (false, KeyCode::PageUp | KeyCode::Char('b')) => return self.ask(From::Lines(first, -lines(rows)), rows),
            (false, KeyCode::Char('g') | KeyCode::Home) => return self.ask(From::At(0), rows),
            (false, KeyCode::Char('G') | KeyCode::End) => return self.ask(From::End, rows),
            (false, KeyCode::Char('n')) => return self.search(true, rows),
            (false, KeyCode::Char('N')) => return self.search(false, rows),
            (false, KeyCode::Char('/')) => self.typing = Some(Prompt::new(String::new())),
            (false, KeyCode::Char('w')) => (self.wraps, self.left) = (!self.wraps, 0),
            (false, KeyCode::Char('#')) => self.numbers = !self.numbers,
            (false, KeyCode::Char('l') | KeyCode::Right) if !self.wraps => self.left += 8,
            (false, KeyCode::Char('h') | KeyCode::Left) => self.left = self.left.saturating_sub(8),
            _ => {}
        }
        Turn::Stay
    }

    /// The window's size changed.
    pub fn resized(&mut self, rows: usize) -> FileLoad {
        FileLoad::Page { path: self.path.clone(), from: From::At(self.first()), rows, mark: self.mark }
    }

    /// Cells of the column of numbers.
    #[must_use]
    pub fn gutter(&self) -> usize {
        let last = self.page.lines.iter().filter_map(|line| line.number).max().unwrap_or(0);
        if self.numbers { last.to_string().len().max(4) + 1 } else { 0 }
    }

    /// A line's number as it stands in the gutter.
    #[must_use]
    pub fn number(&self, line: &Line) -> String {
        let cells = self.gutter().saturating_sub(1);
        if self.numbers { format!("{:>cells$} ", line.number.map(|number| number.to_string()).unwrap_or_default()) } else { String::new() }
    }
}
