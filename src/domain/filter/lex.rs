//! A filter's text in terms: what stands before the colon, the values after it, and where each begins. Full-width signs count as
//! the ASCII ones.

use super::text::narrow;

/// The longest word before a colon that can be meant as a field.
const HEAD_MAX: usize = 20;

/// A value and where it begins, in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    pub at: usize,
}

/// One term as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    pub negated: bool,
    /// Before the colon; `#` and `@` for the short forms; absent for words.
    pub head: Option<Part>,
    pub parts: Vec<Part>,
    /// A quotation mark has no other.
    pub unclosed: bool,
    pub at: usize,
    /// Where it ends.
    pub end: usize,
}

struct Scan<'a> {
    chars: &'a [char],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).map(|char| narrow(*char))
    }

    fn after(&self) -> Option<char> {
        self.chars.get(self.at + 1).map(|char| narrow(*char))
    }

    /// Text up to where `ends` says, as typed.
    fn take(&mut self, ends: impl Fn(char) -> bool) -> Part {
        let at = self.at;
        while self.peek().is_some_and(|char| !ends(char)) {
            self.at += 1;
        }
        Part { text: self.chars[at..self.at].iter().collect(), at }
    }

    /// A quoted text, when one begins here; with whether it is closed.
    fn quoted(&mut self) -> Option<(Part, bool)> {
        let close = match self.peek()? {
            '"' => '"',
            '\u{201c}' => '\u{201d}',
            _ => return None,
        };
        self.at += 1;
        let part = self.take(|char| char == close);
        let closed = self.peek().is_some();
        self.at += usize::from(closed);
        Some((part, closed))
    }

    /// Values with commas between them.
    fn values(&mut self, raw: &mut Raw) {
        loop {
            if let Some((part, closed)) = self.quoted() {
                raw.unclosed |= !closed;
                raw.parts.push(part);
            } else {
                raw.parts.push(self.take(|char| char.is_whitespace() || char == ','));
            }
            if self.peek() != Some(',') {
                return;
            }
            self.at += 1;
        }
    }
}

/// Whether a text is written like a field's name.
pub(super) fn is_head(text: &str) -> bool {
    let count = text.chars().count();
    (1..=HEAD_MAX).contains(&count) && text.chars().all(|char| char.is_alphabetic() || matches!(narrow(char), '-' | '_'))
}

/// All terms of a text.
pub fn lex(text: &str) -> Vec<Raw> {
    let chars: Vec<char> = text.chars().collect();
    let mut scan = Scan { chars: &chars, at: 0 };
    let mut found = Vec::new();
    loop {
        scan.take(|char| !char.is_whitespace());
        if scan.peek().is_none() {
            return found;
        }
        found.push(term(&mut scan));
    }
}

fn term(scan: &mut Scan<'_>) -> Raw {
    let mut raw = Raw { negated: false, head: None, parts: Vec::new(), unclosed: false, at: scan.at, end: scan.at };
    if matches!(scan.peek(), Some('-' | '!')) && scan.after().is_some_and(|char| !char.is_whitespace()) {
        raw.negated = true;
        scan.at += 1;
    }
    if let Some((part, closed)) = scan.quoted() {
        (raw.unclosed, raw.parts) = (!closed, vec![part]);
    } else if let Some(sign @ ('#' | '@')) = scan.peek() {
        let digits = sign == '#' && scan.after().is_some_and(|char| char.is_ascii_digit());
        let at = scan.at;
        scan.at += 1;
        if digits {
            raw.parts.push(scan.take(char::is_whitespace));
        } else {
            raw.head = Some(Part { text: sign.to_string(), at });
            scan.values(&mut raw);
        }
    } else {
        let word = scan.take(|char| char.is_whitespace() || char == ':');
        let path = |scan: &Scan<'_>| scan.chars.get(scan.at + 1..scan.at + 3) == Some(&['/', '/'][..]);
        if scan.peek() == Some(':') && is_head(&word.text) && !path(scan) {
            scan.at += 1;
            raw.head = Some(word);
            scan.values(&mut raw);
        } else {
            let rest = scan.take(char::is_whitespace);
            raw.parts.push(Part { text: word.text + &rest.text, at: word.at });
        }
    }
    raw.end = scan.at;
    raw
}
