//! The signs that frames, marks, bars and tabs are made of, in one table: as they are written (Unicode), for terminals and fonts
//! that have nothing beyond ASCII, and with the icons of a Nerd Font.
//!
//! Panes draw Unicode. The last pass over a frame puts what the person asked for in its place, cell for cell: nothing moves.
//! Letters of any language are left alone; of signs, those in what people wrote are replaced as well, since a font that lacks
//! them lacks them there too.

use ratatui::buffer::Buffer;

use super::config::Glyphs;
use crate::base::text;

/// A sign, its like in ASCII, and its icon in a Nerd Font.
const SIGNS: &[(char, char, Option<char>)] = &[
    ('·', '.', None),
    ('…', '~', None),
    ('–', '-', None),
    ('—', '-', None),
    ('‘', '\'', None),
    ('’', '\'', None),
    ('“', '"', None),
    ('”', '"', None),
    ('‹', '<', None),
    ('›', '>', None),
    ('«', '<', None),
    ('»', '>', None),
    ('•', '*', None),
    ('×', 'x', None),
    ('±', '+', None),
    ('°', 'o', None),
    ('↑', '^', None),
    ('↓', 'v', None),
    ('←', '<', None),
    ('→', '>', None),
    ('↵', '<', None),
    ('⏎', '<', None),
    ('●', '*', Some('\u{f111}')),
    ('○', 'o', Some('\u{f10c}')),
    ('◐', 'o', Some('\u{f042}')),
    ('◆', '*', None),
    ('◇', 'o', None),
    ('■', '#', None),
    ('□', 'o', None),
    ('▲', '^', Some('\u{f0d8}')),
    ('▼', 'v', Some('\u{f0d7}')),
    ('▶', '>', Some('\u{f0da}')),
    ('▸', '>', Some('\u{f0da}')),
    ('►', '>', Some('\u{f0da}')),
    ('◀', '<', Some('\u{f0d9}')),
    ('◂', '<', Some('\u{f0d9}')),
    ('✎', '*', Some('\u{f040}')),
    ('✓', 'v', Some('\u{f00c}')),
    ('✔', 'v', Some('\u{f00c}')),
    ('✗', 'x', Some('\u{f00d}')),
    ('✘', 'x', Some('\u{f00d}')),
    ('★', '*', Some('\u{f005}')),
    ('☆', '*', Some('\u{f006}')),
    ('⚠', '!', Some('\u{f071}')),
    // Bars by height, and by length.
    ('▁', '_', None),
    ('▂', '.', None),
    ('▃', ':', None),
    ('▄', '-', None),
    ('▅', '=', None),
    ('▆', '+', None),
    ('▇', '*', None),
    ('█', '#', None),
    ('▉', '#', None),
    ('▊', '#', None),
    ('▋', '=', None),
    ('▌', '=', None),
    ('▍', '-', None),
    ('▎', '|', None),
    ('▏', '|', None),
    ('▐', '=', None),
    ('▀', '"', None),
    ('░', '.', None),
    ('▒', ':', None),
    ('▓', '%', None),
];

/// Icons before words, by the words' message key.
const ICONS: &[(&str, char)] = &[
    ("pane-queues", '\u{f03a}'),
    ("pane-ticket", '\u{f145}'),
    ("pane-assignment", '\u{f074}'),
    ("pane-shifts", '\u{f073}'),
    ("pane-chats", '\u{f086}'),
];

impl Glyphs {
    /// The icon that goes before the words of a message; only of a Nerd Font.
    #[must_use]
    pub fn icon(self, message: &str) -> Option<char> {
        let icon = ICONS.iter().find(|(key, _)| *key == message).map(|(_, icon)| *icon);
        icon.filter(|_| self == Self::NerdFont)
    }

    /// What is shown for a sign; none when it stays as it is.
    #[must_use]
    pub fn shown(self, sign: char) -> Option<char> {
        let row = || SIGNS.iter().find(|(unicode, ..)| *unicode == sign);
        match self {
            Self::Unicode => None,
            Self::NerdFont => row().and_then(|(.., icon)| *icon),
            Self::Ascii => row().map(|(_, ascii, _)| *ascii).or_else(|| plain(sign)),
        }
    }
}

/// Families of signs: lines, dots of a canvas, arrows, and whatever else is no letter.
fn plain(sign: char) -> Option<char> {
    Some(match sign {
        '─' | '━' | '┄' | '┅' | '┈' | '┉' | '╌' | '╍' | '╴' | '╶' | '╸' | '╺' | '╼' | '╾' => '-',
        '═' => '=',
        '│' | '┃' | '┆' | '┇' | '┊' | '┋' | '╎' | '╏' | '║' | '╵' | '╷' | '╹' | '╻' | '╽' | '╿' => '|',
        '╱' => '/',
        '╲' => '\\',
        '╳' => 'X',
        '\u{2500}'..='\u{257f}' => '+',
        '\u{2580}'..='\u{259f}' => '#',
        '\u{2800}'..='\u{28ff}' => match (u32::from(sign) - 0x2800).count_ones() {
            0 => ' ',
            1 | 2 => '.',
            3..=5 => ':',
            _ => '#',
        },
        '\u{2190}'..='\u{21ff}' => '>',
        // Numbers in circles.
        '\u{2460}'..='\u{2468}' => char::from_digit(u32::from(sign) - 0x2460 + 1, 10)?,
        '\u{2400}'..='\u{2426}' => '?',
        '\u{2010}'..='\u{2015}' => '-',
        '\u{2016}'..='\u{205e}' | '\u{2200}'..='\u{2bff}' | '\u{a1}'..='\u{bf}' | '÷' => '*',
        _ => return None,
    })
}

/// Puts the signs that were asked for in place of those that were drawn.
pub fn apply(buffer: &mut Buffer, glyphs: Glyphs) {
    if glyphs == Glyphs::Unicode {
        return;
    }
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        let mut chars = symbol.chars();
        let (Some(sign), None) = (chars.next(), chars.next()) else { continue };
        if !sign.is_ascii()
            && text::width(symbol) == 1
            && let Some(shown) = glyphs.shown(sign)
        {
            cell.set_char(shown);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn every_sign_takes_one_cell_in_every_form() {
        for (unicode, ascii, icon) in SIGNS {
            assert!(ascii.is_ascii_graphic(), "{unicode}");
            for sign in [Some(*unicode), *icon].into_iter().flatten() {
                assert_eq!(text::width(&sign.to_string()), 1, "{sign:?}");
            }
        }
        assert!(ICONS.iter().all(|(_, icon)| text::width(&icon.to_string()) == 1));
    }

    #[test]
    fn ascii_leaves_letters_alone_and_no_sign() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 24, 1));
        buffer.set_string(0, 0, "┌─│╰ ▸ é李娜 ⣿⠁ ▃█ “…”", Style::new());
        apply(&mut buffer, Glyphs::Ascii);
        let row: String = (0..24).map(|x| buffer[(x, 0)].symbol()).collect();
        assert_eq!(row.replace("李 ", "李").replace("娜 ", "娜").trim_end(), "+-|+ > é李娜 #. :# \"~\"");
    }

    #[test]
    fn icons_come_only_when_asked_for() {
        assert_eq!(Glyphs::Unicode.icon("pane-queues"), None);
        assert_eq!(Glyphs::Ascii.icon("pane-queues"), None);
        assert_eq!(Glyphs::NerdFont.icon("pane-queues"), Some('\u{f03a}'));
        assert_eq!(Glyphs::NerdFont.shown('─'), None, "a Nerd Font has lines of its own");
    }
}
