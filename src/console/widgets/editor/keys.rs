//! Which key does what in an editor. Sending, leaving and completing are not its business.

use super::Editor;
use crate::base::text;
use crate::console::key::{Key, KeyCode};

/// What an editor made of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Not its key.
    No,
    /// The caret or the selection moved.
    Moved,
    /// The text changed.
    Edited,
    /// This was copied.
    Copied(String),
    /// This was cut: copied and taken out.
    Cut(String),
}

impl Editor {
    /// Takes a key; `cells` and `rows` are those of its last drawing.
    pub fn key(&mut self, key: Key, cells: usize, rows: usize) -> Taken {
        let length = self.text.len();
        let page = isize::try_from(rows.max(2) - 1).unwrap_or(1);
        match (key.ctrl, key.alt, key.code) {
            // Control with a sign comes as one of several characters, by terminal.
            (true, _, KeyCode::Char('_' | '7' | '/')) | (false, true, KeyCode::Char('z')) => return changed(self.undo()),
            (true, _, KeyCode::Char('y')) | (false, true, KeyCode::Char('Z')) => return changed(self.redo()),
            (true, false, KeyCode::Char('a')) => {
                self.go(0, false);
                self.go(length, true);
            }
            (true, false, KeyCode::Char('c')) => return self.copy(),
            (true, false, KeyCode::Char('x')) => return self.cut(),
            (true, false, KeyCode::Char('v')) => {
                let clip = self.clip.clone();
                self.insert(&clip);
                return Taken::Edited;
            }
            (true, _, KeyCode::Left) | (false, true, KeyCode::Left | KeyCode::Char('b')) => self.go(self.word_before(), key.shift),
            (true, _, KeyCode::Right) | (false, true, KeyCode::Right | KeyCode::Char('f')) => self.go(self.word_after(), key.shift),
            (true, _, KeyCode::Home) => self.go(0, key.shift),
            (true, _, KeyCode::End) => self.go(length, key.shift),
            (_, false, KeyCode::Home) => self.go(self.line_start(), key.shift),
            (_, false, KeyCode::End) | (true, false, KeyCode::Char('e')) => self.go(self.line_end(), key.shift),
            (false, false, KeyCode::Left) => self.go(self.previous(self.caret), key.shift),
            (false, false, KeyCode::Right) => self.go(self.next(self.caret), key.shift),
            (_, _, KeyCode::Up) => self.go_rows(-1, cells, key.shift),
            (_, _, KeyCode::Down) => self.go_rows(1, cells, key.shift),
            (_, _, KeyCode::PageUp) => self.go_rows(-page, cells, key.shift),
            (_, _, KeyCode::PageDown) => self.go_rows(page, cells, key.shift),
            _ => return self.edit_key(key),
        }
        Taken::Moved
    }

    fn edit_key(&mut self, key: Key) -> Taken {
        let caret = self.caret;
        match (key.ctrl, key.alt, key.code) {
            (true, false, KeyCode::Char('w')) | (true, _, KeyCode::Backspace) | (false, true, KeyCode::Backspace) => {
                self.delete(self.word_before()..caret);
            }
            (true, _, KeyCode::Delete) | (false, true, KeyCode::Delete | KeyCode::Char('d')) => self.delete(caret..self.word_after()),
            (true, false, KeyCode::Char('u')) => self.delete(self.line_start()..caret),
            (true, false, KeyCode::Char('k')) => {
                let end = self.line_end();
                // At the end of a line it is the line break that goes.
                self.delete(caret..if end == caret { self.next(caret) } else { end });
            }
            (false, false, KeyCode::Backspace) | (true, false, KeyCode::Char('h')) => self.delete(self.previous(caret)..caret),
            (false, false, KeyCode::Delete) | (true, false, KeyCode::Char('d')) => self.delete(caret..self.next(caret)),
            (true, false, KeyCode::Char('j')) | (_, _, KeyCode::Enter) => self.type_char('\n'),
            (false, false, KeyCode::Char(char)) if text::clean_lines(&char.to_string()).chars().eq([char]) => self.type_char(char),
            _ => return Taken::No,
        }
        Taken::Edited
    }

    fn copy(&mut self) -> Taken {
        match self.selection() {
            Some(range) => {
                self.clip = self.text[range].to_owned();
                Taken::Copied(self.clip.clone())
            }
            None => Taken::No,
        }
    }

    fn cut(&mut self) -> Taken {
        match self.copy() {
            Taken::Copied(text) => {
                self.delete(0..0);
                Taken::Cut(text)
            }
            _ => Taken::No,
        }
    }
}

fn changed(whether: bool) -> Taken {
    if whether { Taken::Edited } else { Taken::Moved }
}
