//! One line of text, in the same editor as messages: words, selection, undo; up and down bring back what was typed before, where
//! that is kept.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::Outcome;
use crate::base::text;
use crate::console::effect::Answer;
use crate::console::find::history::Recall;
use crate::console::key::{Key, KeyCode};
use crate::console::widgets::editor::{Editor, Taken};

/// Cells that the keys of an editor go by; a single row has no end to wrap at.
const CELLS: usize = 4_096;

/// A one-line editor.
#[derive(Clone, Debug)]
pub struct Prompt {
    editor: Editor,
    recall: Recall,
}

impl Prompt {
    #[must_use]
    pub fn new(first: String) -> Self {
        Self { editor: Editor::new(&text::clean(&first)), recall: Recall::default() }
    }

    /// Up and down go through these, oldest first.
    pub fn remember(&mut self, entries: &[String]) {
        self.recall = Recall::new(entries);
    }

    #[must_use]
    pub fn value(&self) -> &str {
        self.editor.text()
    }

    /// What stands before the caret.
    fn before(&self) -> &str {
        self.editor.before()
    }

    /// Puts another text for all of it, which can be undone.
    pub fn set(&mut self, value: &str) {
        self.editor.replace_all(&text::clean(value));
    }

    /// Characters before the caret.
    #[must_use]
    pub fn caret(&self) -> usize {
        self.before().chars().count()
    }

    /// Another text, with the caret after so many of its characters: a completion, which can be undone.
    pub fn replace(&mut self, value: String, caret: usize) {
        self.set(&value);
        self.editor.go_to(caret);
    }

    pub fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            KeyCode::Escape => Outcome::Done(Answer::Dismissed(Some(self.value().to_owned()))),
            KeyCode::Enter => Outcome::Done(Answer::Text(self.value().to_owned())),
            _ => {
                self.edit(key);
                Outcome::Stay
            }
        }
    }

    /// Goes through what was typed before; false for other keys, and at the end of it.
    pub fn recall(&mut self, key: Key) -> bool {
        let older = match (key.ctrl || key.alt || key.shift, key.code) {
            (false, KeyCode::Up) => self.recall.back(self.editor.text()),
            (false, KeyCode::Down) => self.recall.forth(),
            _ => None,
        };
        let Some(older) = older else { return false };
        self.set(&older);
        true
    }

    /// Whether the key edited the text or moved in it.
    pub fn edit(&mut self, key: Key) -> bool {
        if self.recall(key) {
            return true;
        }
        let key = match (key.ctrl, key.alt, key.code) {
            // One line has no lines above or below, and makes none.
            (_, _, KeyCode::Enter | KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown)
            | (true, false, KeyCode::Char('j' | 'c' | 's' | 'g' | 'n' | 'p' | 't')) => return false,
            // As in a shell; all of it is selected by shift and home.
            (true, false, KeyCode::Char('a')) => Key { shift: key.shift, ..Key::plain(KeyCode::Home) },
            (true, false, KeyCode::Char('b')) => Key::plain(KeyCode::Left),
            (true, false, KeyCode::Char('f')) => Key::plain(KeyCode::Right),
            _ => key,
        };
        match self.editor.key(key, CELLS, 1) {
            Taken::No => false,
            Taken::Moved | Taken::Copied(_) => true,
            Taken::Edited | Taken::Cut(_) => {
                self.recall.rest();
                true
            }
        }
    }

    /// Pasted text, in one line and undone as one.
    pub fn paste(&mut self, pasted: &str) {
        self.recall.rest();
        self.editor.insert(&text::clean(pasted.trim_end_matches(['\r', '\n'])));
    }

    /// Draws in the first row of `area`; returns the caret's place.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect) -> Option<Position> {
        if area.width < 2 || area.height == 0 {
            return None;
        }
        let cells = usize::from(area.width);
        let caret = text::width(self.before());
        // The caret needs a cell of its own after the last character.
        let scroll = (caret + 1).saturating_sub(cells);
        let selected = self.editor.selection().unwrap_or(0..0);
        let (mut spans, mut at, mut used): (Vec<Span<'_>>, usize, usize) = (Vec::new(), 0, 0);
        let mut left_out = 0;
        for (start, grapheme) in self.value().grapheme_indices(true) {
            let wide = text::width(grapheme);
            at += wide;
            if at <= scroll || (at - wide < scroll) {
                left_out = at;
                continue;
            }
            if used + wide > cells {
                break;
            }
            used += wide;
            let style =
                if selected.contains(&start) { Style::new().add_modifier(ratatui::style::Modifier::REVERSED) } else { Style::new() };
            spans.push(Span::styled(grapheme, style));
        }
        frame.render_widget(Line::from(spans), Rect { height: 1, ..area });
        let column = caret.saturating_sub(left_out);
        Some(Position { x: area.x + u16::try_from(column).unwrap_or(0).min(area.width - 1), y: area.y })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    fn pressed(first: &str, keys: &str) -> Prompt {
        let mut prompt = Prompt::new(first.into());
        for key in keys.split(' ').filter(|key| !key.is_empty()) {
            prompt.key(key.parse().unwrap());
        }
        prompt
    }

    #[test]
    fn edits_by_graphemes_and_never_takes_control_characters() {
        let mut prompt = pressed("订单", "backspace 号 ctrl-a x end !");
        prompt.key(Key::char('\u{202e}'));
        prompt.paste("a\x1b[2Jb\nc\n");
        assert_eq!(prompt.value(), "x订号!a␛[2Jb c");
        assert_eq!(prompt.key("enter".parse().unwrap()), Outcome::Done(Answer::Text("x订号!a␛[2Jb c".into())));
    }

    #[test]
    fn words_selection_and_undo_work_as_in_messages() {
        assert_eq!(pressed("see 加油机，pump", "ctrl-w ctrl-w").value(), "see 加油机");
        assert_eq!(pressed("one two", "ctrl-left alt-d").value(), "one ");
        assert_eq!(pressed("one two", "shift-home x").value(), "x");
        assert_eq!(pressed("one two", "shift-home x alt-z").value(), "one two");
        assert_eq!(pressed("one two", "ctrl-left ctrl-k ctrl-u ctrl-_ ctrl-_ ctrl-y").value(), "one ");
        assert_eq!(pressed("ab", "ctrl-b ctrl-d ctrl-j enter").value(), "a", "no line breaks");
        let mut prompt = pressed("a", "");
        prompt.paste("many\nlines\nat once");
        prompt.key("alt-z".parse().unwrap());
        assert_eq!(prompt.value(), "a", "a paste is undone at once");
    }

    #[test]
    fn up_and_down_bring_back_what_was_typed_before() {
        let mut prompt = Prompt::new(String::new());
        prompt.remember(&["older".into(), "newer".into()]);
        let mut seen = Vec::new();
        for key in ["up", "up", "up", "down", "down", "down"] {
            prompt.key(key.parse().unwrap());
            seen.push(prompt.value().to_owned());
        }
        assert_eq!(seen, ["newer", "older", "older", "newer", "", ""]);
    }

    #[test]
    fn a_completion_puts_the_caret_where_it_is_told() {
        let mut prompt = Prompt::new("queue: old".into());
        prompt.replace("queue:支付 old".into(), 8);
        assert_eq!((prompt.caret(), prompt.key("x".parse().unwrap())), (8, Outcome::Stay));
        assert_eq!(prompt.value(), "queue:支付x old");
        prompt.replace("a\u{301}b".into(), 1);
        assert_eq!(prompt.caret(), 2, "never inside a character");
    }

    proptest! {
        #[test]
        fn the_caret_stays_inside_the_row(value in "[a中👩\u{301} ]{0,30}", left in 0usize..20, width in 2u16..20) {
            let mut prompt = Prompt::new(value);
            for _ in 0..left {
                prompt.key("left".parse().unwrap());
            }
            let mut terminal = Terminal::new(TestBackend::new(width, 1)).unwrap();
            let mut place = None;
            terminal.draw(|frame| place = prompt.draw(frame, frame.area())).unwrap();
            prop_assert!(place.unwrap().x < width);
        }
    }
}
