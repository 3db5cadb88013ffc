//! Words, for moving and deleting: a run of letters and digits, of Chinese characters, of kana, or of signs. Chinese has no
//! spaces, so that a run between punctuation marks counts as one word, as editors do.

use super::Editor;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Han,
    Kana,
    Sign,
}

fn class(char: char) -> Class {
    match char {
        _ if char.is_whitespace() => Class::Space,
        '\u{3040}'..='\u{30ff}' => Class::Kana,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々' | '〇' => {
            Class::Han
        }
        '_' => Class::Letter,
        _ if char.is_alphanumeric() => Class::Letter,
        _ => Class::Sign,
    }
}

impl Editor {
    /// Start of the word before the caret.
    pub(super) fn word_before(&self) -> usize {
        let mut at = self.caret;
        let mut run = None;
        while at > 0 {
            let start = self.previous(at);
            let this = self.class_at(start);
            match run {
                None if this == Class::Space => {}
                None => run = Some(this),
                Some(class) if class == this => {}
                Some(_) => break,
            }
            at = start;
        }
        at
    }

    /// End of the word after the caret.
    pub(super) fn word_after(&self) -> usize {
        let mut at = self.caret;
        let mut run = None;
        while at < self.text.len() {
            let this = self.class_at(at);
            match run {
                None if this == Class::Space => {}
                None => run = Some(this),
                Some(class) if class == this => {}
                Some(_) => break,
            }
            at = self.next(at);
        }
        at
    }

    /// A grapheme is what its first character is.
    fn class_at(&self, at: usize) -> Class {
        self.text[at..].chars().next().map_or(Class::Space, class)
    }

    pub(super) fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |at| at + 1)
    }

    pub(super) fn line_end(&self) -> usize {
        self.text[self.caret..].find('\n').map_or(self.text.len(), |at| self.caret + at)
    }
}
