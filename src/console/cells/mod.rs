//! The last pass over a frame before it is written: every cell holds what the terminal will show in exactly that many cells.
//!
//! Terminals disagree about grapheme clusters (emoji with joiners, skin tones, presentation selectors) and about characters of
//! ambiguous width; one of them drawn wider than it was laid out pushes a border aside. Here such a symbol gives way to one on
//! which all agree, in the same room. What it cannot do: a letter of ambiguous width (Greek, Cyrillic, `é`) beside another one
//! becomes its plain neighbour in ASCII where the terminal makes it two cells wide.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use unicode_width::UnicodeWidthChar;

use super::config::AmbiguousWidth;
use crate::base::text::width;

/// CJK Unified Ideographs: two cells each on every terminal, and no sign among them.
const COMMON: std::ops::RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

/// How the terminal counts cells, and which signs it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    /// It draws a grapheme cluster as one: emoji with joiners, `⚠️` in two cells.
    pub clusters: bool,
    /// Characters of ambiguous width take two cells.
    pub ambiguous_wide: bool,
    /// Its font has letters and lines, but few signs (the Linux console).
    pub few_signs: bool,
}

impl Default for Cells {
    fn default() -> Self {
        Self { clusters: true, ambiguous_wide: false, few_signs: false }
    }
}

impl Cells {
    /// What the environment says of the terminal. Multiplexers count by themselves and by code points, so they speak for none.
    #[must_use]
    pub fn of(var: impl Fn(&str) -> Option<String>, ambiguous: AmbiguousWidth) -> Self {
        let term = var("TERM").unwrap_or_default();
        let program = var("TERM_PROGRAM").unwrap_or_default();
        let between = ["TMUX", "STY", "ZELLIJ", "MOSH_CONNECTION"].iter().any(|name| var(name).is_some());
        let known = ["kitty", "ghostty", "foot", "wezterm", "contour"].iter().any(|name| term.contains(name))
            || ["iTerm.app", "WezTerm", "ghostty"].contains(&program.as_str());
        Self {
            clusters: known && !between && !term.starts_with("tmux") && !term.starts_with("screen"),
            ambiguous_wide: ambiguous == AmbiguousWidth::Wide,
            few_signs: term == "linux",
        }
    }
}

/// Puts every cell of `buffer` right.
pub fn settle(buffer: &mut Buffer, cells: Cells) {
    let area = buffer.area;
    if area.width == 0 {
        return;
    }
    for y in area.top()..area.bottom() {
        let row = usize::from(y - area.top()) * usize::from(area.width);
        let mut x = area.left();
        while x < area.right() {
            let at = row + usize::from(x - area.left());
            let rest = &buffer.content[at..row + usize::from(area.width)];
            x += plain(rest).unwrap_or_else(|| one(buffer, x, y, area.right(), cells));
        }
    }
}

/// How many cells the first of these takes, where it is what nearly all are, on which all terminals agree: a character of one byte, or a
/// common Chinese one with both its cells. The pass goes over thousands of them in every frame.
fn plain(cells: &[Cell]) -> Option<u16> {
    let first = cells.first()?;
    let symbol = first.symbol();
    if symbol.len() == 1 {
        return Some(1);
    }
    let char = symbol.chars().next().filter(|char| symbol.len() == 3 && COMMON.contains(char))?;
    let both = cells.get(1).is_some_and(|after| matches!(after.symbol(), " " | ""));
    (both && char.width() == Some(2) && first.diff_option == CellDiffOption::None).then_some(2)
}

/// Settles the symbol at a place; how many cells it takes.
fn one(buffer: &mut Buffer, x: u16, y: u16, end: u16, cells: Cells) -> u16 {
    let symbol = buffer[(x, y)].symbol();
    // Pictures are escape sequences over cells of their own; text never holds a control character.
    if symbol.len() == 1 || symbol.starts_with('\x1b') || buffer[(x, y)].diff_option != CellDiffOption::None {
        return 1;
    }
    if symbol.starts_with(['\u{ff9e}', '\u{ff9f}']) && symbol.chars().count() == 1 {
        // The renderer counts the voicing marks of half-width kana twice, and would leave the next cell as it was.
        buffer[(x, y)].set_diff_option(CellDiffOption::ForcedWidth(NonZeroU16::MIN));
        return 1;
    }
    // A mark without a base would go to whatever stands before.
    let based = symbol.trim_start_matches(|char: char| cells_of(char) == 0);
    if based.len() < symbol.len() {
        let based = if based.is_empty() { " ".to_owned() } else { based.to_owned() };
        buffer[(x, y)].set_symbol(&based);
        return one(buffer, x, y, end, cells);
    }
    let wide = width(symbol);
    if let Some(pieces) = pieces(symbol, wide).filter(|_| usize::from(x) + wide <= usize::from(end)) {
        let mut at = x;
        for piece in pieces {
            let style = buffer[(x, y)].style();
            buffer[(at, y)].set_symbol(&piece).set_style(style);
            at += u16::try_from(width(&piece)).unwrap_or(1);
        }
        // Each piece is settled by itself.
        return one(buffer, x, y, end, cells);
    }
    if let Some(other) = agreed(symbol, wide, cells) {
        let rest = wide.saturating_sub(width(&other));
        buffer[(x, y)].set_symbol(&other);
        for after in (x + 1..end).take(rest) {
            let style = buffer[(x, y)].style();
            buffer[(after, y)].set_symbol(" ").set_style(style);
        }
        return if width(&other) == wide { one_wide(buffer, x, y, end, wide) } else { 1 };
    }
    if cells.ambiguous_wide && is_ambiguous(buffer[(x, y)].symbol()) {
        return ambiguous(buffer, x, y, end);
    }
    one_wide(buffer, x, y, end, wide)
}

/// A character of two cells has both, or gives way: something drawn over one half took the other too.
fn one_wide(buffer: &mut Buffer, x: u16, y: u16, end: u16, wide: usize) -> u16 {
    let wide = u16::try_from(wide).unwrap_or(1);
    if wide < 2 {
        if wide == 0 {
            buffer[(x, y)].set_symbol(" ");
        }
        return 1;
    }
    let whole = u32::from(x) + u32::from(wide) <= u32::from(end);
    if whole && (x + 1..x + wide).all(|after| matches!(buffer[(after, y)].symbol(), " " | "")) {
        return wide;
    }
    buffer[(x, y)].set_symbol(" ");
    1
}

/// Cells of a character alone.
fn cells_of(char: char) -> usize {
    char.width().unwrap_or(0)
}

/// A cluster of several characters that take cells, as one for each, where all count it so; `None`: it is one.
fn pieces(symbol: &str, wide: usize) -> Option<Vec<String>> {
    let spacing = |char: char| cells_of(char) > 0;
    if symbol.chars().filter(|char| spacing(*char)).count() < 2 || symbol.contains('\u{200d}') {
        return None;
    }
    let mut pieces: Vec<String> = Vec::new();
    for char in symbol.chars() {
        match pieces.last_mut() {
            Some(last) if !spacing(char) => last.push(char),
            _ => pieces.push(char.to_string()),
        }
    }
    let alike = pieces.iter().map(|piece| width(piece)).sum::<usize>() == wide && pieces.iter().all(|piece| width(piece) > 0);
    alike.then_some(pieces)
}

/// What is shown in place of a symbol that terminals count differently, at most as wide; `None`: it stays.
fn agreed(symbol: &str, wide: usize, cells: Cells) -> Option<String> {
    if cells.few_signs {
        let mut chars = symbol.chars();
        if let (Some(char), None) = (chars.next(), chars.next())
            && let Some(sign) = plain_sign(char)
        {
            return Some(sign.to_string());
        }
    }
    if cells.clusters {
        return None;
    }
    let by_char: usize = symbol.chars().map(cells_of).sum();
    let selected = symbol.contains(['\u{fe0e}', '\u{fe0f}', '\u{200d}', '\u{20e3}']);
    if by_char == wide && !selected {
        return None;
    }
    let mut chars = symbol.chars();
    let first = chars.next()?;
    let marks = chars.take_while(|char| cells_of(*char) == 0 && !matches!(char, '\u{fe00}'..='\u{fe0f}' | '\u{200d}' | '\u{20e3}'));
    let head: String = std::iter::once(first).chain(marks).collect();
    let head_wide = cells_of(first);
    Some(if (1..=wide).contains(&head_wide) { head } else { "?".to_owned() })
}

fn is_ambiguous(symbol: &str) -> bool {
    symbol.chars().next().is_some_and(|char| char.width() == Some(1) && char.width_cjk() == Some(2))
}

/// A character that the terminal draws over two cells: a sign becomes a plain one; another takes the blank after it, or gives way.
fn ambiguous(buffer: &mut Buffer, x: u16, y: u16, end: u16) -> u16 {
    let char = buffer[(x, y)].symbol().chars().next().unwrap_or(' ');
    let free = x + 1 < end && buffer[(x + 1, y)].symbol() == " ";
    match plain_sign(char) {
        Some(sign) => {
            buffer[(x, y)].set_char(sign);
            1
        }
        // The blank is not written: the character covers it.
        None if free => {
            buffer[(x + 1, y)].set_diff_option(CellDiffOption::Skip);
            2
        }
        None => {
            buffer[(x, y)].set_char('?');
            1
        }
    }
}

/// A sign in ASCII.
fn plain_sign(char: char) -> Option<char> {
    Some(match char {
        '─' | '━' | '┄' | '┅' | '┈' | '╌' | '═' | '–' | '—' | '‐' | '―' => '-',
        '│' | '┃' | '┆' | '┊' | '╎' | '║' | '▏' | '▎' | '▕' => '|',
        '┌'..='╋' | '╒'..='╳' => '+',
        '█' | '▉' | '▊' | '▋' | '▓' | '■' | '▇' | '▆' => '#',
        '▌' | '▐' | '▀' | '▄' | '▅' | '▒' | '▍' => '=',
        '░' | '▁' | '▂' | '▃' | '·' | '•' | '…' | '‥' | '∙' => '.',
        '●' | '★' | '☆' | '◆' | '◇' | '※' | '✱' | '◎' => '*',
        '○' | '°' | '□' | '◯' | '◌' => 'o',
        '→' | '▶' | '▷' | '›' | '»' | '≫' => '>',
        '←' | '◀' | '◁' | '‹' | '«' | '≪' => '<',
        '↑' | '▲' | '△' => '^',
        '↓' | '▼' | '▽' => 'v',
        '“' | '”' | '„' | '″' => '"',
        '‘' | '’' | '‚' | '′' => '\'',
        '×' | '✗' | '✕' | '✘' => 'x',
        '÷' => '/',
        '±' => '+',
        '§' | '¶' => 'S',
        '✓' | '✔' | '√' => 'v',
        '⚠' => '!',
        '①'..='⑨' => char::from_digit(char as u32 - 0x245f, 10)?,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
